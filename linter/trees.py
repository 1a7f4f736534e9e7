"""Where files are read from: the work tree, git's index, or a revision. One of them is in force at a time.

Of a repository only objects are read, by git's plumbing: nothing is written, no hook, filter or textconv runs, and
nothing is fetched.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from fnmatch import fnmatchcase
from glob import has_magic
from io import BytesIO
from stat import S_ISDIR, S_ISLNK, S_ISREG
from typing import IO, TYPE_CHECKING, BinaryIO, NamedTuple

from .source import SourceError

if TYPE_CHECKING:
    import subprocess

LARGEST = 1 << 30  # bytes; a larger file is not read as a whole, and never in part
_LONGEST = 1 << 34  # bytes; nor is a longer one piece by piece
_UNTOLD = 1 << 20  # bytes that are read of a file that says that it holds none, as those in /proc do
READING = "can't read the file: "
_WITHOUT_WAITING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""What was a file a moment ago may be a pipe by now: opening it would wait for who writes into it."""
_MOST_LINKS = 40
NOT_CHECKED = (
    ".git", ".hg", "node_modules", "__pycache__", ".venv", ".tox", ".mypy_cache", ".pytest_cache", ".ruff_cache",
)  # fmt: skip
"""Folders of programs, not of texts."""
_LINK, _MODULE = "120000", "160000"
POINTS_TO_LFS = b"version https://git-lfs.github.com/spec/"
"""With what a file begins that only says which content Git LFS keeps for it."""
POINTER = "Git LFS pointer; git holds only a pointer to this file here, its content is in Git LFS"
_OBJECT = rb"[0-9a-f]{40,64}"
_COMMIT = re.compile(_OBJECT + rb"\n?")
_BRANCH = re.compile(r"\w[\w./-]*")
_IN_REVISION = re.compile(rb"(\d{6}) \w+ (" + _OBJECT + rb")\t(.+)", re.DOTALL)
_IN_INDEX = re.compile(rb"(\d{6}) (" + _OBJECT + rb") ([0-3])\t(.+)", re.DOTALL)
_SIZE = re.compile(rb"(" + _OBJECT + rb") (\d{1,18})")
_HEAD = re.compile(rb"(" + _OBJECT + rb") blob (\d{1,18})\n")
_UNCLEAR = "git answers in a way that can't be understood"

Listed = dict[str, list[tuple[str, bool]]]
"""What stands in a folder: names, and whether each is a folder."""


class Blob(NamedTuple):
    """A file of a revision or of the index: its mode and the name of its content."""

    mode: str
    name: str


class WorkTree:
    """Files as they stand on disk. ``name`` tells trees apart, whose results are kept apart."""

    name = ""

    def isfile(self, path: str) -> bool:
        return os.path.isfile(path)

    def isdir(self, path: str) -> bool:
        return os.path.isdir(path)

    def exists(self, path: str) -> bool:
        """Whether there is anything at the path, be it a link that leads nowhere."""
        return os.path.lexists(path)

    def real(self, path: str) -> str:
        """The absolute path, without links."""
        return os.path.realpath(path)

    def size(self, path: str) -> int:
        """How large a file is, 0 if that can't be told."""
        try:
            return os.stat(path).st_size
        except OSError:
            return 0

    def below(self, path: str, closed: list[tuple[str, str]]) -> list[tuple[str, bool]]:
        """The files in and below a folder, as git sees them, and whether each is a link: one to a folder is listed too.

        What can't be looked into goes to ``closed``. A folder that is a repository of its own is not looked into: its
        name ends with a slash.
        """
        if _in_git(path):
            asked = ["-C", path, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
            try:
                run = _run(asked, env=_environment(_OF_ANOTHER))
            except SourceError:
                return _below(path, closed)
            if run.stderr:  # git goes on past a folder that it can't look into
                closed += _closed(path)
            names = [os.path.join(path, os.fsdecode(name)) for name in run.stdout.split(b"\0") if name]
            # A link that leads nowhere stays in, to be reported; a file deleted but not committed is simply gone.
            there = [own for name in names if (own := _as_it_is(name))[0]]
            gone = {name for name in names if not os.path.lexists(name)} if len(there) < len(names) else set()
            return there if not gone or gone <= _committed(path) else _below(path, closed)
        return _below(path, closed)

    def unfetched(self, path: str) -> str:
        """The empty folder in which a file is missing, as of a submodule that was not fetched; "" for none."""
        at = os.path.dirname(os.path.abspath(path))
        while not os.path.isdir(at):
            at = os.path.dirname(at)
        try:
            return "" if os.listdir(at) else at
        except OSError:
            return ""

    def match(self, folder: str, pattern: str, listed: Listed | None = None) -> list[str]:
        """What fits a glob, relative to the folder, names joined by slashes.

        ``listed`` keeps what stands in folders for one who asks often.
        """
        return sorted(set(_matching(folder or ".", "", pattern.split("/"), {} if listed is None else listed)))

    def read(self, path: str) -> bytes:
        """The bytes of a regular file. Raises SourceError for anything else (a pipe) and what can't be read."""
        handle, size = _opened(path, LARGEST)
        most = max(size, _UNTOLD)
        try:
            data = _read(handle, size, most)
        except OSError as error:
            raise SourceError(path, f"{READING}{error.strerror or error}") from None
        finally:
            os.close(handle)
        if len(data) > most:
            raise SourceError(path, f"{READING}it grew while it was read")
        return data

    def open(self, path: str) -> BinaryIO:
        """A regular file to read from, piece by piece. Raises SourceError as ``read`` does."""
        return os.fdopen(_opened(path, _LONGEST)[0], "rb")


def _opened(path: str, most: int) -> tuple[int, int]:
    """The handle of a regular file, and its size, which is ``most`` bytes at most.

    Raises SourceError for anything else and what can't be opened.
    """
    try:
        if not S_ISREG(os.stat(path).st_mode):
            raise SourceError(path, "this is not a regular file")
        handle = os.open(path, _WITHOUT_WAITING)
    except OSError as error:
        is_dead = isinstance(error, FileNotFoundError) and os.path.islink(path)
        why = "it is a link that leads nowhere" if is_dead else error.strerror or error
        raise SourceError(path, f"{READING}{why}") from None
    except ValueError:
        raise SourceError(path, "there is no such name of a file") from None
    status = os.fstat(handle)
    reason = "" if S_ISREG(status.st_mode) else "this is not a regular file"
    if status.st_size > most:
        reason = f"this file is larger than {most >> 20} MiB"
    if reason:
        os.close(handle)
        raise SourceError(path, reason)
    return handle, status.st_size


def _read(handle: int, size: int, most: int) -> bytes:
    """All of a file, which says how large it is; of one that is larger no more than a byte over ``most``.

    A small file costs one look at it: very many of them are read, and room for what isn't there costs too.
    """
    data = os.read(handle, size + 1)
    if len(data) == size > 0:
        return data
    parts = [data]
    left = most + 1 - len(data)
    while left > 0 and parts[-1]:
        parts.append(os.read(handle, min(left, _UNTOLD)))
        left -= len(parts[-1])
    return b"".join(parts)


class GitTree(WorkTree):
    """The files of a revision or of the index of the repository at ``top``; outside it the disk.

    A file of a submodule, such as the policy of a group of firms, is read as the tree has it: of the commit that it
    names, if that is here. ``without`` are variables that are not for the git of this repository.
    """

    name = "git"

    def __init__(self, top: str, files: dict[str, Blob], without: Sequence[str] = ()) -> None:
        self.top = top
        self.files = files
        self._without = without
        self._modules: dict[str, GitTree] = {}
        self._folders: dict[str, set[str]] = {"": set()}
        for path in files:
            self._enter(path)
        self._sizes: dict[str, int] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def _enter(self, path: str) -> None:
        while path:
            folder, _, name = path.rpartition("/")
            known = self._folders.setdefault(folder, set())
            if name in known:
                return
            known.add(name)
            path = folder

    def without(self, names: Iterable[str]) -> GitTree:
        """The same tree without some of its files."""
        left_out = set(names)
        return GitTree(self.top, {name: blob for name, blob in self.files.items() if name not in left_out})

    def inside(self, path: str) -> str | None:
        """The path within the repository, links followed; None outside it."""
        for made in (os.path.abspath, os.path.realpath):
            whole = made(path)
            if whole == self.top or whole.startswith(self.top + os.sep):
                return self._resolved(os.path.relpath(whole, self.top).replace(os.sep, "/"), _MOST_LINKS)
        return None

    def _resolved(self, path: str, left: int) -> str | None:
        at = ""
        parts = [part for part in path.split("/") if part not in ("", ".")]
        for number, part in enumerate(parts):
            if part == "..":
                if not at:
                    return None
                at = at.rpartition("/")[0]
                continue
            at = f"{at}/{part}" if at else part
            blob = self.files.get(at)
            if blob is not None and blob.mode == _LINK:
                target = os.fsdecode(self._content(blob.name, at))
                if os.path.isabs(target) or not left:
                    return None
                rest = "/".join([at.rpartition("/")[0], target, *parts[number + 1 :]])
                return self._resolved(rest, left - 1)
        return at

    def module(self, inner: str) -> GitTree | None:
        """The submodule in which a path within the repository lies, None where it lies in none that can be read."""
        at = inner
        while at and at not in self.files:
            at = at.rpartition("/")[0]
        blob = self.files.get(at)
        if blob is None or blob.mode != _MODULE:
            return None
        if at not in self._modules:
            self._modules[at] = _submodule(os.path.join(self.top, *at.split("/")), blob.name)
        return self._modules[at]

    def isfile(self, path: str) -> bool:
        inner = self.inside(path)
        if inner is None:
            return self._elsewhere(path) and os.path.isfile(path)
        if inner in self.files:
            return self.files[inner].mode != _MODULE
        module = self.module(inner)
        return module is not None and module.isfile(os.path.join(self.top, inner))

    def isdir(self, path: str) -> bool:
        inner = self.inside(path)
        if inner is None:
            return self._elsewhere(path) and os.path.isdir(path)
        return inner in self._folders

    def unfetched(self, path: str) -> str:
        inner = self.inside(path)
        module = self.module(inner) if inner is not None else None
        return module.top if module is not None and not module.files else ""

    def exists(self, path: str) -> bool:
        whole = os.path.abspath(path)
        if whole == os.path.join(self.top, ".git"):
            return True
        if not whole.startswith(self.top + os.sep):
            return os.path.lexists(path)
        folder = self.inside(os.path.dirname(whole))
        return folder is not None and os.path.basename(whole) in self._folders.get(folder, ())

    def _elsewhere(self, path: str) -> bool:
        """Whether a path lies outside the repository: one whose link leads out of it does not."""
        return not os.path.abspath(path).startswith(self.top + os.sep)

    def real(self, path: str) -> str:
        inner = self.inside(path)
        return os.path.realpath(path) if inner is None else os.path.normpath(os.path.join(self.top, inner))

    def size(self, path: str) -> int:
        if self._sizes is None:
            names = sorted({blob.name for blob in self.files.values() if blob.mode != _MODULE})
            asked = "".join(f"{name}\n" for name in names).encode()
            told = _git(["-C", self.top, "cat-file", "--batch-check=%(objectname) %(objectsize)"], asked)
            known = filter(None, map(_SIZE.fullmatch, told.splitlines()))
            self._sizes = {found[1].decode(): int(found[2]) for found in known}
        inner = self.inside(path)
        return self._sizes.get(self.files[inner].name, 0) if inner in self.files and inner is not None else 0

    def below(self, path: str, closed: list[tuple[str, str]]) -> list[tuple[str, bool]]:
        inner = self.inside(path)
        if inner is None:
            return super().below(path, closed) if self._elsewhere(path) else []
        start = f"{inner}/" if inner else ""
        found = []
        for name, blob in self.files.items():
            if not name.startswith(start):
                continue
            end = [""] if blob.mode == _MODULE else []
            own = os.path.join(path, *name[len(start) :].split("/"), *end)
            found.append((own, os.path.islink(own)))
        return found

    def match(self, folder: str, pattern: str, listed: Listed | None = None) -> list[str]:
        inner = self.inside(folder or ".")
        if inner is None:
            return super().match(folder, pattern, listed) if self._elsewhere(folder) else []
        return sorted(dict.fromkeys(self._fitting(inner, "", pattern.split("/"))))

    def _fitting(self, folder: str | None, so_far: str, parts: list[str]) -> Iterator[str]:
        if folder is None or folder not in self._folders:
            return
        part, rest = parts[0], parts[1:]
        if part in ("", ".", ".."):
            above = folder if part != ".." else (folder.rpartition("/")[0] if folder else None)
            if rest:
                yield from self._fitting(above, f"{so_far}{part}/", rest)
            return
        if part == "**":
            yield from self._fitting(folder, so_far, rest or ["*"])
        names = sorted(self._folders[folder]) if has_magic(part) else [part] * (part in self._folders[folder])
        for name in names:
            if has_magic(part) and not (fnmatchcase(name, part) and (name[:1] != "." or part[:1] == ".")):
                continue
            below = self._resolved(f"{folder}/{name}", _MOST_LINKS)
            if part == "**":
                yield from self._fitting(below, f"{so_far}{name}/", parts)
            elif rest:
                yield from self._fitting(below, f"{so_far}{name}/", rest)
            else:
                yield f"{so_far}{name}"

    def read(self, path: str) -> bytes:
        inner = self.inside(path)
        if inner is None and self._elsewhere(path):
            return super().read(path)
        if inner is not None and inner not in self.files and (module := self.module(inner)) is not None:
            return module.read(os.path.join(self.top, inner))
        if inner is None or inner not in self.files or self.files[inner].mode == _MODULE:
            raise SourceError(path, READING + "it is a link that leads nowhere, or out of the repository")
        data = self._content(self.files[inner].name, path)
        if data.startswith(POINTS_TO_LFS):
            raise SourceError(path, POINTER)
        return data

    def open(self, path: str) -> BinaryIO:
        inside = self.inside(path) is not None or not self._elsewhere(path)
        return BytesIO(self.read(path)) if inside else super().open(path)

    def _content(self, name: str, path: str) -> bytes:
        """The bytes of an object, from one ``git cat-file`` a process: a fork must not share its pipes."""
        import subprocess

        if self._process is None or self._owner != os.getpid():
            self._owner = os.getpid()
            self._process = subprocess.Popen(
                [*_COMMAND, "-C", self.top, "cat-file", "--batch"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(self._without),
            )
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(f"{name}\n".encode())
            process.stdin.flush()
            if not _answers(process.stdout):
                process.kill()
                self.close()
                raise SourceError(path, _NO_ANSWER.format(_PATIENCE))
            head = _HEAD.fullmatch(process.stdout.readline())
        except OSError:
            head = None
        if head is None or head[1] != name.encode():
            self.close()
            raise SourceError(path, "git does not have the content of this file here (a partial clone?)")
        size = int(head[2])
        if size > LARGEST:
            self.close()
            raise SourceError(path, f"this file is larger than {LARGEST >> 20} MiB")
        data = process.stdout.read(size + 1)
        if len(data) <= size:
            self.close()
            raise SourceError(path, _UNCLEAR)
        return data[:size]

    def close(self) -> None:
        """End the gits that read."""
        for module in self._modules.values():
            module.close()
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):  # what it did not take any more
                        pipe.close()
            process.wait()


def _submodule(top: str, commit: str) -> GitTree:
    """The tree of a submodule at the commit that the repository around it names; an empty one where it is not here."""
    found: list[tuple[bytes, ...]] = []
    if os.path.lexists(os.path.join(top, ".git")):  # else git takes the repository around it
        with suppress(SourceError):
            listed = _git(["-C", top, "ls-tree", "-r", "-z", "--full-tree", commit], env=_environment(_OF_ANOTHER))
            found = _parsed(listed, _IN_REVISION)
    files = {os.fsdecode(path): Blob(mode.decode(), name.decode()) for mode, name, path in found}
    return GitTree(top, files, _OF_ANOTHER)


def revision(name: str) -> GitTree:
    """The tree of a revision of the repository around the current folder. Raises SourceError."""
    top = _top()
    entries = _parsed(_git(["-C", top, "ls-tree", "-r", "-z", _commit(name)]), _IN_REVISION)
    return GitTree(top, {os.fsdecode(path): Blob(mode.decode(), name.decode()) for mode, name, path in entries})


def resolved(name: str) -> str | None:
    """The commit that a revision names, None if it names none. Raises SourceError where git is not understood."""
    try:
        found = _git(["rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"])
    except SourceError:
        return None
    return _named(found) if found.strip() else None


def _named(told: bytes) -> str:
    """The commit that git tells. Raises SourceError."""
    if _COMMIT.fullmatch(told) is None:
        raise SourceError(".", _UNCLEAR)
    return told.strip().decode()


def _commit(name: str) -> str:
    commit = resolved(name)
    if commit is None:
        raise SourceError(name, f"there is no such revision in this repository{_way_to(name)}")
    return commit


def _way_to(name: str) -> str:
    """How a revision that is not here may be had. A clone of one branch gets no other one, also when it is deepened."""
    for remote in _remotes() if _BRANCH.fullmatch(name) else ():
        branch = name.removeprefix(f"{remote}/")
        if branch != name:
            return f"; 'git fetch {remote} {branch}:refs/remotes/{name}' fetches it"
        if resolved(f"{remote}/{name}") is not None:
            return f"; did you mean '{remote}/{name}'?"
    return "; it is a shallow clone: 'git fetch --unshallow' fetches older commits" if _is_shallow() else ""


def _remotes() -> list[str]:
    try:
        return [name for name in os.fsdecode(_git(["remote"])).split() if _BRANCH.fullmatch(name)]
    except SourceError:
        return []


def _is_shallow() -> bool:
    try:
        return _git(["rev-parse", "--is-shallow-repository"]).strip() == b"true"
    except SourceError:
        return False


def fork_point(one: str, other: str) -> str:
    """The newest commit from which both revisions come. Raises SourceError."""
    commits = [_commit(name) for name in (one, other)]
    try:
        told = _git(["merge-base", *commits])
    except SourceError:
        raise SourceError(f"{one}...{other}", "these have no commit in common (a shallow clone?)") from None
    return _named(told)


def index() -> GitTree:
    """What will be committed. Raises SourceError."""
    top = _top()
    files: dict[str, Blob] = {}
    for mode, name, stage, path in _parsed(_git(["-C", top, "ls-files", "--stage", "-z"]), _IN_INDEX):
        # Of a conflict that is not resolved yet our side counts.
        if stage in (b"0", b"2") and name.strip(b"0"):
            files[os.fsdecode(path)] = Blob(mode.decode(), name.decode())
    return GitTree(top, files)


def unmerged() -> list[str]:
    """The absolute paths of files whose merge is not resolved, in order. Raises SourceError."""
    top = _top()
    entries = _parsed(_git(["-C", top, "ls-files", "--unmerged", "-z"]), _IN_INDEX)
    return [os.path.join(top, *name.split("/")) for name in sorted({os.fsdecode(path) for *_, path in entries})]


def not_checked_out(tree: GitTree) -> list[str]:
    """The files of a tree that the repository has, but not on disk: a sparse checkout leaves them out."""
    listed = _git(["-C", tree.top, "ls-files", "-t", "-z"]).split(b"\0")
    names = [os.fsdecode(entry[len(_SKIPPED) :]) for entry in listed if entry.startswith(_SKIPPED)]
    return [name for name in names if name in tree.files and not os.path.lexists(os.path.join(tree.top, name))]


_SKIPPED = b"S "


def committed() -> GitTree:
    """The tree of HEAD, an empty one before the first commit. Raises SourceError."""
    return revision("HEAD") if resolved("HEAD") else GitTree(_top(), {})


def changed(before: GitTree, after: GitTree) -> set[str]:
    """The absolute paths of files that are not the same in two trees, and in their submodules."""
    names = before.files.keys() | after.files.keys()
    found: set[str] = set()
    for name in names:
        pair = before.files.get(name), after.files.get(name)
        if pair[0] == pair[1]:
            continue
        path = os.path.join(after.top, *name.split("/"))
        found.add(path)
        if any(blob is not None and blob.mode == _MODULE for blob in pair):
            none = GitTree(path, {})
            found |= changed(before.module(name) or none, after.module(name) or none)
    return found


def blamed(path: str) -> list[tuple[str, str, str]]:
    """The lines of a file as they were committed last, without blanks around them, with who did that and on which day.

    Raises SourceError outside a repository and for a file that was never committed.
    """
    folder, name = os.path.split(os.path.abspath(path))
    told = _git(["-C", folder, "blame", "--no-textconv", "--line-porcelain", "HEAD", "--", name])
    found: list[tuple[str, str, str]] = []
    author = day = ""
    for line in told.decode("utf-8", "replace").split("\n"):
        if line.startswith("author "):
            author = line[7:]
        elif line.startswith("author-time "):
            day = _day(line[12:])
        elif line.startswith("\t"):
            found.append((line.strip(), author, day))
    return found


def _day(seconds: str) -> str:
    """The day of a time as git tells it, "" for what is none (git takes years that the calendar does not have)."""
    try:
        return datetime.fromtimestamp(int(seconds), timezone.utc).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def hooks(folder: str) -> str:
    """Where the repository around a folder keeps its hooks. Raises SourceError."""
    return os.path.normpath(os.path.join(folder, _path(_git(["-C", folder, "rev-parse", "--git-path", "hooks"]))))


def _parsed(listing: bytes, form: re.Pattern[bytes]) -> list[tuple[bytes, ...]]:
    """The parts of the entries that git lists. Raises SourceError for any other: a file would be passed over."""
    *entries, rest = listing.split(b"\0")
    found = [parts.groups() for parts in map(form.fullmatch, entries) if parts is not None]
    if rest or len(found) < len(entries):
        raise SourceError(".", _UNCLEAR)
    return found


def _top() -> str:
    found = _path(_git(["rev-parse", "--show-toplevel"]))
    if not found:
        raise SourceError(".", "this repository has no work tree")
    return os.path.realpath(found)


def _path(told: bytes) -> str:
    """The path that git tells. Raises SourceError."""
    if b"\0" in told:
        raise SourceError(".", _UNCLEAR)
    return os.fsdecode(told).rstrip("\n")


_COMMAND = ["git", "-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit", "--no-replace-objects"]
"""How git is asked. A folder that merely looks like a repository is content: what it has git ignore is not heard."""
_PATIENCE = 60
"""Seconds for one answer of git: a .gitignore or an object that is a pipe, or a pattern of very many stars, has it wait
for ever."""
_NO_ANSWER = "git did not answer within {} seconds"


def _answers(pipe: IO[bytes]) -> bool:
    """Whether git begins to say something in time; nothing of what it said before is left in the pipe."""
    import select

    if not hasattr(select, "poll"):  # there nothing but sockets can be waited for
        return True
    waiting = select.poll()
    waiting.register(pipe, select.POLLIN)
    return bool(waiting.poll(_PATIENCE * 1000))


_OF_ANOTHER = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")
"""What a hook of one repository is told would hold for any other, too: which files a folder has is its own to say."""


_NOTHING_BUT_READING = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # older gits fetch what is missing, by a command that the repository names
    "GIT_TERMINAL_PROMPT": "0",
}


def _environment(without: Iterable[str] = ()) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in without}
    return {**kept, **_NOTHING_BUT_READING}


def _git(arguments: Iterable[str], given: bytes = b"", env: dict[str, str] | None = None) -> bytes:
    return _run(arguments, given, env).stdout


def _run(
    arguments: Iterable[str], given: bytes = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    import subprocess

    whole = [*_COMMAND, *arguments]
    try:
        return subprocess.run(
            whole, input=given, capture_output=True, check=True, env=env or _environment(), timeout=_PATIENCE
        )
    except FileNotFoundError:
        raise SourceError(".", "there is no git here") from None
    except subprocess.TimeoutExpired:
        raise SourceError(".", _NO_ANSWER.format(_PATIENCE)) from None
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", None) or str(error).encode()
        raise SourceError(".", "git: " + said.decode("utf-8", "replace").strip().partition("\n")[0]) from None


def _committed(path: str) -> set[str]:
    """The files below a folder that git knows, be they there or not; none of another name was ever there."""
    try:
        listed = _git(["-C", path, "ls-files", "-z", "--stage"], env=_environment(_OF_ANOTHER))
        return {os.path.join(path, os.fsdecode(entry[-1])) for entry in _parsed(listed, _IN_INDEX)}
    except SourceError:
        return set()


def _closed(path: str) -> list[tuple[str, str]]:
    """The folders below one that can't be looked into, those that git ignores left out."""
    closed: list[tuple[str, str]] = []
    _below(path, closed)
    names = [os.fsencode(os.path.relpath(folder, path)) for folder, _ in closed]
    asked = b"".join(name + b"\0" for name in names)
    try:
        ignored = _git(["-C", path, "check-ignore", "-z", "--stdin"], asked, _environment(_OF_ANOTHER)).split(b"\0")
    except SourceError:  # it ignores none of them
        return closed
    return [folder for folder, name in zip(closed, names, strict=True) if name not in ignored]


def _matching(base: str, start: str, parts: Sequence[str], listed: Listed) -> Iterator[str]:
    """The files below ``base`` that fit a glob. Unlike glob it goes through no link to a folder, which may be a loop.

    A plain name or ".." is taken as it is: whether it leads out of the tree is for the caller to say.
    """
    part, rest = parts[0], parts[1:]
    if part == "**":
        if rest:
            yield from _matching(base, start, rest, listed)
        for name, is_folder in _entries(os.path.join(base, start), listed):
            if is_folder:
                yield from _matching(base, f"{start}{name}/", parts, listed)
            elif not rest:
                yield start + name
    elif not has_magic(part):
        if rest:
            yield from _matching(base, f"{start}{part}/" if part else start, rest, listed)
        elif os.path.lexists(os.path.join(base, start, part)):
            yield start + part
    else:
        for name, is_folder in _entries(os.path.join(base, start), listed):
            if fnmatchcase(name, part):
                if not rest:
                    yield start + name
                elif is_folder:
                    yield from _matching(base, f"{start}{name}/", rest, listed)


def _entries(folder: str, listed: Listed) -> list[tuple[str, bool]]:
    """Names in a folder, hidden ones left out, and whether each is a folder itself."""
    if folder not in listed:
        try:
            with os.scandir(folder) as entries:
                listed[folder] = sorted(
                    (entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries if entry.name[:1] != "."
                )
        except OSError:
            listed[folder] = []
    return listed[folder]


def _in_git(path: str) -> bool:
    """Whether git is worth asking. (A .git is a file that says where it is, or a folder with a HEAD.)"""
    at = os.path.realpath(path)
    while True:
        own = os.path.join(at, ".git")
        if os.path.isfile(own) or os.path.lexists(os.path.join(own, "HEAD")):
            return True
        above = os.path.dirname(at)
        if above == at:
            return False
        at = above


def _below(path: str, closed: list[tuple[str, str]]) -> list[tuple[str, bool]]:
    """The same without git. (``os.walk`` of some Pythons calls itself for each folder in a folder.)"""
    found: list[tuple[str, bool]] = []
    waiting = [path]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as listed:
                entries = [(entry.name, _is_folder(entry), entry.is_symlink()) for entry in listed]
        except OSError as error:
            closed.append((folder, str(error.strerror)))
            continue
        found += [(os.path.join(folder, name), link) for name, is_folder, link in entries if link or not is_folder]
        inner = sorted(name for name, is_folder, link in entries if is_folder and not link)
        waiting += [os.path.join(folder, name) for name in reversed(inner) if name not in NOT_CHECKED]
    return found


def _as_it_is(path: str) -> tuple[str, bool]:
    """A path that git names, and whether it is a link.

    It has a slash behind it where it is a repository, and is "" where there is nothing, or some other folder. What
    can't be looked at is a file that can't be read.
    """
    try:
        mode = os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return "", False
    except OSError:
        return path, False
    if S_ISDIR(mode):
        return os.path.join(path, "") if os.path.lexists(os.path.join(path, ".git")) else "", False
    return path, S_ISLNK(mode)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link in a circle


_in_force: list[WorkTree] = [WorkTree()]


def current() -> WorkTree:
    """The tree that files are read from."""
    return _in_force[-1]


@contextmanager
def reading(tree: WorkTree) -> Iterator[None]:
    """Read from a tree until the block ends."""
    _in_force.append(tree)
    try:
        yield
    finally:
        _in_force.pop()
        if isinstance(tree, GitTree):
            tree.close()
