"""The repository around the current folder: its revisions, its index, what is committed, and by whom."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import datetime, timezone

from .day import day
from .git import IN_INDEX, IN_REVISION, ask, commit_told, parsed, path_told
from .gittrees import MODULE, Blob, GitTree
from .source import SourceError

_BRANCH = re.compile(r"\w[\w./-]*")


def revision(name: str) -> GitTree:
    """The tree of a revision of the repository around the current folder. Raises SourceError."""
    top = _top()
    entries = parsed(ask(["-C", top, "ls-tree", "-r", "-z", commit_of(name)]), IN_REVISION)
    return GitTree(top, {os.fsdecode(path): Blob(mode.decode(), name.decode()) for mode, name, path in entries})


def resolved(name: str) -> str | None:
    """The commit that a revision names, or a day: the last one by its end. None if it names none.

    Raises SourceError where git is not understood.
    """
    if name.startswith("^"):
        return None  # all commits but those of one
    for asked in (_named, _by_day):
        try:
            found = asked(name)
        except SourceError:
            continue
        if found.strip():
            return commit_told(found)
    return None


def is_day(name: str) -> bool:
    """Whether a revision is named by a day."""
    try:
        day(name)
    except ValueError:
        return False
    return True


def _named(revision: str) -> bytes:
    return ask(["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"])


def _by_day(said: str) -> bytes:
    """The last commit of the current branch by the end of a day in UTC; nothing where there is none, or for no day.

    What another branch had by then and was merged later counts from its merge on. Raises SourceError.
    """
    if not is_day(said):
        return b""
    return ask(["rev-list", "-1", "--first-parent", f"--before={said}T23:59:59Z", "HEAD", "--"])


def described(commit: str) -> str:
    """A commit with its day, in UTC."""
    seconds = ask(["show", "--no-patch", "--no-show-signature", "--format=%ct", commit, "--"]).decode(
        "ascii", "replace"
    )
    return f"{commit} ({_day(seconds.strip())})"


def commit_of(name: str) -> str:
    """The commit that a revision or a day names. Raises SourceError where it names none."""
    commit = resolved(name)
    if commit is None:
        _top()  # where git refuses to answer at all, that is why
        none = "nothing was committed by then" if is_day(name) else "there is no such revision in this repository"
        raise SourceError(name, f"{none}{_way_to(name)}")
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
        return [name for name in os.fsdecode(ask(["remote"])).split() if _BRANCH.fullmatch(name)]
    except SourceError:
        return []


def _is_shallow() -> bool:
    try:
        return ask(["rev-parse", "--is-shallow-repository"]).strip() == b"true"
    except SourceError:
        return False


def fork_point(one: str, other: str) -> str:
    """The newest commit from which both revisions come. Raises SourceError."""
    commits = [commit_of(name) for name in (one, other)]
    try:
        told = ask(["merge-base", *commits])
    except SourceError:
        raise SourceError(f"{one}...{other}", "these have no commit in common (a shallow clone?)") from None
    return commit_told(told)


def index() -> GitTree:
    """What will be committed. Raises SourceError."""
    top = _top()
    files: dict[str, Blob] = {}
    for mode, name, stage, path in parsed(ask(["-C", top, "ls-files", "--stage", "-z"]), IN_INDEX):
        # Of a conflict that is not resolved yet our side counts.
        if stage in (b"0", b"2") and name.strip(b"0"):
            files[os.fsdecode(path)] = Blob(mode.decode(), name.decode())
    return GitTree(top, files)


def unmerged() -> list[str]:
    """The absolute paths of files whose merge is not resolved, in order. Raises SourceError."""
    top = _top()
    entries = parsed(ask(["-C", top, "ls-files", "--unmerged", "-z"]), IN_INDEX)
    return [os.path.join(top, *name.split("/")) for name in sorted({os.fsdecode(path) for *_, path in entries})]


def not_checked_out(tree: GitTree) -> list[str]:
    """The files of a tree that the repository has, but not on disk: a sparse checkout leaves them out."""
    listed = ask(["-C", tree.top, "ls-files", "-t", "-z"]).split(b"\0")
    names = [os.fsdecode(entry[len(_SKIPPED) :]) for entry in listed if entry.startswith(_SKIPPED)]
    return [name for name in names if name in tree.files and not os.path.lexists(os.path.join(tree.top, name))]


_SKIPPED = b"S "


def filters(top: str, names: Iterable[str]) -> dict[str, str]:
    """Through which filters git keeps files, by their names in the repository, those of Git LFS aside."""
    asked = b"".join(os.fsencode(name) + b"\0" for name in names)
    if not asked:
        return {}
    told = os.fsdecode(ask(["-C", top, "check-attr", "-z", "--stdin", "filter"], asked)).split("\0")
    pairs = zip(told[::3], told[2::3], strict=False)
    return {name: by for name, by in pairs if by not in _NO_FILTERS}


_NO_FILTERS = ("unspecified", "unset", "set", "", "lfs")


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
        if any(blob is not None and blob.mode == MODULE for blob in pair):
            none = GitTree(path, {})
            found |= changed(before.module(name) or none, after.module(name) or none)
    return found


def blamed(path: str, commit: str = "") -> list[tuple[str, str, str]]:
    """The lines of a file as they were committed last, without blanks around them, with who did that and on which day.

    With a ``commit`` as they stood then. Raises SourceError outside a repository and for a file that was never
    committed.
    """
    folder, name = os.path.split(os.path.abspath(path))
    if commit:  # by then there may have been a folder that is gone
        folder = _top()
        name = os.path.relpath(os.path.realpath(path), folder)
    told = ask(["-C", folder, "blame", "--no-textconv", "--line-porcelain", commit or "HEAD", "--", name])
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
    return os.path.normpath(os.path.join(folder, path_told(ask(["-C", folder, "rev-parse", "--git-path", "hooks"]))))


def _top() -> str:
    found = path_told(ask(["rev-parse", "--show-toplevel"]))
    if not found:
        raise SourceError(".", "this repository has no work tree")
    return os.path.realpath(found)
