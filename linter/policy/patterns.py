"""File patterns of a policy: which files they take, and which of them take all that another one does."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from ..expressions import expression

EVERY = "**"
"""What takes every file."""
_LONGEST = 400  # characters of two patterns of which it is told whether one takes all of the other
_MOST_NAMES = 1000  # among which one is looked for that is like a misspelt one
_FEW = 6  # alternatives that are told
_CHOICE = re.compile(r"\{([^{}]*,[^{}]*)\}")
_SIGNS = re.compile(r"^!|\\|\{(?=[^{}]*,[^{}]*\})")
"""What ``mistake`` takes for something else than a part of a name."""
_MAGIC = expression(r"[*?\[\]]")
_TOKEN = re.compile(r"\*+|\[!?\]?[^\]]*\]|.", re.DOTALL)


def matches(path: str, patterns: tuple[str, ...], root: str) -> bool:
    """Whether a path fits one of the patterns (``*`` within a folder name or across, ``**`` across) below
    ``root``.
    """
    return bool(patterns) and _fits(_relative(path, root, os.getcwd()), patterns)


class Files:
    """Files against which very many patterns are held, one after the other."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = list(paths)
        self._below: dict[str, tuple[list[str], dict[str, list[int]]]] = {}

    def fitting(self, patterns: tuple[str, ...], root: str) -> list[int]:
        """The numbers of those that fit one of the patterns below ``root``."""
        if root not in self._below:
            of_root = [_relative(path, root, os.getcwd()) for path in self._paths]
            called: dict[str, list[int]] = {}
            for number, relative in enumerate(of_root):
                for name in dict.fromkeys((relative, relative.rpartition("/")[2])):
                    called.setdefault(name, []).append(number)
            self._below[root] = of_root, called
        of_root, called = self._below[root]
        found = {number for pattern in patterns for number in called.get(pattern, ())}
        if wild := tuple(pattern for pattern in patterns if _MAGIC.search(pattern)):
            found.update(number for number, relative in enumerate(of_root) if _fits(relative, wild))
        return sorted(found)


@lru_cache(maxsize=64)
def _relative(path: str, root: str, here: str) -> str:
    """A path below ``root``; ``here`` is the folder from which it counts. One is held against many patterns."""
    relative = os.path.relpath(os.path.abspath(path), root) if root else path
    return relative.replace(os.sep, "/")


@lru_cache(maxsize=4096)
def _parts(pattern: str) -> tuple[str, list[str]]:
    """The pattern as it is held against a whole path, and what stands between its wildcards."""
    wanted = _across(pattern)
    return wanted, _MAGIC.split(wanted)


def _fits(relative: str, patterns: tuple[str, ...]) -> bool:
    name = relative.rpartition("/")[2]
    for pattern in patterns:
        wanted, plain = _parts(pattern)  # a policy may have very many patterns, and to compile each takes its time
        begins = relative.startswith(plain[0]) or name.startswith(plain[0])
        if not (begins and relative.endswith(plain[-1]) and ("[" in wanted or all(part in relative for part in plain))):
            continue
        # A folder may be called "old [2025]": brackets are those of a name as well.
        ways = ((wanted, pattern), (_named(wanted), _named(pattern))) if "[" in wanted else ((wanted, pattern),)
        if any(
            fnmatch.fnmatchcase(relative, across)
            or fnmatch.fnmatchcase(relative, within)
            or fnmatch.fnmatchcase(name, within)
            for across, within in ways
        ):
            return True
    return False


def _named(pattern: str) -> str:
    """A pattern whose brackets are those of a name."""
    return pattern.replace("[", "[[]")


def taking(path: str) -> str:
    """A pattern that takes the files of a path or a pattern as it stands, whatever signs are in it."""
    return _SIGNS.sub("?", path)


def _across(pattern: str) -> str:
    """The pattern as it is held against a whole path, of which ``**/`` need not be there."""
    return pattern.replace("**/", "*").replace("**", "*") if "**" in pattern else pattern


_OF_A_DISK = re.compile(r"(?:[A-Za-z]:|file:|~)[\\/]")


def mistake(pattern: str) -> tuple[str, str]:
    """Why a pattern can fit no file, though it was meant to, and what to write; ("", "") where it can."""
    if pattern.startswith("!"):
        wrong = "takes no files away: a pattern says which there are"
        return wrong, "name the others, or put an entry of their own above"
    if _OF_A_DISK.match(pattern):
        return "fits no file: a pattern counts from the folder of the policy", "leave out what leads to that folder"
    if "\\" in pattern:
        return "fits no file: folders are parted by '/'", f"write {pattern.replace(chr(92), '/')}"
    if pattern.startswith(("/", "./")):
        plain = re.sub(r"^(?:\.?/)+", "", pattern)
        return "fits no file: a pattern counts from the folder of the policy", f"write {plain}" if plain else ""
    if pattern.endswith("/"):
        return "fits no file: it ends as a folder does", f"write {pattern}** for all that is in it"
    choice = _CHOICE.search(pattern)
    if choice is not None:
        each = [pattern[: choice.start()] + one.strip() + pattern[choice.end() :] for one in choice[1].split(",")]
        return "fits no file: braces hold no alternatives here", f"write each by itself: {', '.join(each[:_FEW])}"
    return "", ""


def covers(wide: str, narrow: str) -> bool:
    """Whether ``wide`` surely takes every file that ``narrow`` takes; False where that can't be told.

    A pattern takes whole paths and, having no slash, names in any folder: all of both has to be taken.
    """
    if wide == narrow or _across(wide) == "*":
        return True
    if "[" in narrow and "**" in narrow:
        return False  # the stars may stand inside the brackets
    paths, whole = _across(narrow), _across(wide)
    begins = paths.startswith(_MAGIC.split(whole, 1)[0])  # most patterns are told apart by this
    if len(wide) + len(narrow) > _LONGEST:
        return False
    names, taken = _tokens(narrow), _tokens(whole)
    if not (begins and _holds(taken, _tokens(paths))) and not _is_name(paths.rpartition("/")[2], wide):
        return False
    return "/" in names or _holds(_tokens(wide), names) or _holds(taken, ("*", "/", *names))


def _is_name(name: str, pattern: str) -> bool:
    """Whether a name without any wildcard is taken by a pattern in every folder."""
    return not _MAGIC.search(name) and fnmatch.fnmatchcase(name, pattern)


@lru_cache(maxsize=4096)
def _tokens(pattern: str) -> tuple[str, ...]:
    """A pattern in pieces: letters, ``?``, ``[...]``, and ``*`` for any number of stars."""
    return tuple("*" if token[0] == "*" else token for token in _TOKEN.findall(pattern))


def _holds(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    """Whether one pattern, read from its beginning to its end, takes all that another one does.

    What is open in the other one is taken by nothing narrower: a ``*`` by a ``*`` only.
    """
    reached = _past_stars(wide, {0})
    for token in narrow:
        after = set()
        for at in reached:
            if at < len(wide) and (wide[at] == token or (wide[at] == "?" and len(token) == 1 and token != "*")):
                after.add(at + 1)
            if at < len(wide) and wide[at] == "*":
                after.add(at)
        reached = _past_stars(wide, after)
        if not reached:
            return False
    return len(wide) in reached


def _past_stars(wide: tuple[str, ...], reached: set[int]) -> set[int]:
    """The places reached, and those behind a star at one: it may take nothing."""
    for at in list(reached):
        while at < len(wide) and wide[at] == "*":
            at += 1
            reached.add(at)
    return reached


def near(pattern: str, root: str, paths: Iterable[str]) -> list[str]:
    """Files that may be meant by a name in a policy, as it would name them: of the same folder, or of the same name.

    Only what has no wildcards is one misspelt file; of a folder all is meant that is in it.
    """
    if _MAGIC.search(pattern):
        return []
    folder, name = os.path.split(pattern)
    of_root = [os.path.relpath(path, root or None).replace(os.sep, "/") for path in paths]
    if any(path.startswith(f"{pattern}/") for path in of_root):
        return [f"{pattern}/**"]
    small = pattern.casefold()
    if small in map(str.casefold, of_root):
        return [path for path in of_root if path.casefold() == small]
    alike = (path for path in of_root if folder == os.path.dirname(path) or path.endswith(name))
    return list(islice(alike, _MOST_NAMES))
