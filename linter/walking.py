"""The files in and below a folder, as git sees them, and those below it that fit a glob."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from glob import has_magic
from stat import S_ISDIR, S_ISLNK

from .source import SourceError

NOT_CHECKED = (
    ".git", ".hg", "node_modules", "__pycache__", ".venv", ".tox", ".mypy_cache", ".pytest_cache", ".ruff_cache",
)  # fmt: skip
"""Folders of programs, not of texts."""

Listed = dict[str, list[tuple[str, bool]]]
"""What stands in a folder: names, and whether each is a folder."""


def below(path: str, closed: list[tuple[str, str]]) -> list[tuple[str, bool]]:
    """The files in and below a folder, as git sees them, and whether each is a link: one to a folder is listed too.

    What can't be looked into goes to ``closed``. A folder that is a repository of its own is not looked into: its
    name ends with a slash.
    """
    if not _in_git(path):
        return _without_git(path, closed)
    from .git import OF_ANOTHER, environment, run

    asked = ["-C", path, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        git = run(asked, env=environment(OF_ANOTHER))
    except SourceError:
        return _without_git(path, closed)
    if git.stderr:  # git goes on past a folder that it can't look into
        closed += _closed(path)
    names = [os.path.join(path, os.fsdecode(name)) for name in git.stdout.split(b"\0") if name]
    # A link that leads nowhere stays in, to be reported; a file deleted but not committed is simply gone.
    there = [own for name in names if (own := _as_it_is(name))[0]]
    gone = {name for name in names if not os.path.lexists(name)} if len(there) < len(names) else set()
    return there if not gone or gone <= _known(path) else _without_git(path, closed)


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


def left_out(path: str) -> int:
    """How many files in and below a folder a sparse checkout leaves out, which git has all the same."""
    if not _is_sparse(path):
        return 0
    from .git import OF_ANOTHER, ask, environment

    try:
        listed = ask(["-C", path, "ls-files", "-t", "-z"], env=environment(OF_ANOTHER)).split(b"\0")
    except SourceError:
        return 0
    names = (os.fsdecode(entry[2:]) for entry in listed if entry.startswith(b"S "))
    return sum(not os.path.lexists(os.path.join(path, name)) for name in names)


def _is_sparse(path: str) -> bool:
    """Whether git has been told which files to check out here. (Most have not, and git need not be asked.)"""
    at = os.path.realpath(path)
    while not os.path.lexists(own := os.path.join(at, ".git")):
        at, below_ = os.path.dirname(at), at
        if at == below_:
            return False
    if os.path.isfile(own):
        try:
            with open(own, encoding="utf-8", errors="surrogateescape") as file:
                own = os.path.join(at, file.read(_LONGEST_NAME).removeprefix("gitdir:").strip())
        except OSError:
            return False
    return os.path.isfile(os.path.join(own, "info", "sparse-checkout"))


_LONGEST_NAME = 1 << 14  # characters


def _known(path: str) -> set[str]:
    """The files below a folder that git knows, be they there or not; none of another name was ever there."""
    from .git import IN_INDEX, OF_ANOTHER, ask, environment, parsed

    try:
        listed = ask(["-C", path, "ls-files", "-z", "--stage"], env=environment(OF_ANOTHER))
        return {os.path.join(path, os.fsdecode(entry[-1])) for entry in parsed(listed, IN_INDEX)}
    except SourceError:
        return set()


def _closed(path: str) -> list[tuple[str, str]]:
    """The folders below one that can't be looked into, those that git ignores left out."""
    from .git import OF_ANOTHER, ask, environment

    closed: list[tuple[str, str]] = []
    _without_git(path, closed)
    names = [os.fsencode(os.path.relpath(folder, path)) for folder, _ in closed]
    asked = b"".join(name + b"\0" for name in names)
    try:
        ignored = ask(["-C", path, "check-ignore", "-z", "--stdin"], asked, environment(OF_ANOTHER)).split(b"\0")
    except SourceError:  # it ignores none of them
        return closed
    return [folder for folder, name in zip(closed, names, strict=True) if name not in ignored]


def _without_git(path: str, closed: list[tuple[str, str]]) -> list[tuple[str, bool]]:
    """The same where git is not asked. (``os.walk`` of some Pythons calls itself for each folder in a folder.)"""
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

    It has a slash behind it where it is a repository, or the empty folder of one that was not fetched, and is "" where
    there is nothing, or some other folder. What can't be looked at is a file that can't be read.
    """
    try:
        mode = os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return "", False
    except OSError:
        return path, False
    if S_ISDIR(mode):
        return os.path.join(path, "") if os.path.lexists(os.path.join(path, ".git")) or is_empty(path) else "", False
    return path, S_ISLNK(mode)


def is_empty(folder: str) -> bool:
    """Whether nothing stands in a folder; not so where that can't be told."""
    try:
        return not os.listdir(folder)
    except OSError:
        return False


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link in a circle


def matching(base: str, start: str, parts: Sequence[str], listed: Listed) -> Iterator[str]:
    """The files below ``base`` that fit a glob. Unlike glob it goes through no link to a folder, which may be a loop.

    A plain name or ".." is taken as it is: whether it leads out of the tree is for the caller to say.
    """
    part, rest = parts[0], parts[1:]
    if part == "**":
        if rest:
            yield from matching(base, start, rest, listed)
        for name, is_folder in _entries(os.path.join(base, start), listed):
            if is_folder:
                yield from matching(base, f"{start}{name}/", parts, listed)
            elif not rest:
                yield start + name
    elif not has_magic(part):
        if rest:
            yield from matching(base, f"{start}{part}/" if part else start, rest, listed)
        elif os.path.lexists(os.path.join(base, start, part)):
            yield start + part
    else:
        for name, is_folder in _entries(os.path.join(base, start), listed):
            if fnmatchcase(name, part):
                if not rest:
                    yield start + name
                elif is_folder:
                    yield from matching(base, f"{start}{name}/", rest, listed)


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
