"""The one path language for data: JSONPath (RFC 9535), without its two functions that run regular expressions.

Those take patterns from a policy and could run for ever; a filter by comparison does the job of a mapping.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

Keys = tuple[str | int, ...]
_QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
_LONGEST = 1000
# What a path may hold of each, beyond which the time that it takes is a power of the size of the file.
_MOST = (("..", 1), ("?", 1), ("$", 1), (",", 4))


class FieldPathError(ValueError):
    """A path that can't be read; ``offset`` is where in the path."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


@lru_cache(maxsize=1)
def _environment() -> Any:
    from jsonpath import JSONPathEnvironment

    environment = JSONPathEnvironment(strict=True)
    for name in ("match", "search"):
        environment.function_extensions.pop(name, None)
    return environment


@lru_cache(maxsize=256)
def _compiled(path: str) -> Any:
    from jsonpath.exceptions import JSONPathError

    if len(path) > _LONGEST:
        raise FieldPathError(f"it is longer than {_LONGEST} characters", _LONGEST)
    try:
        found = _environment().compile(path)
    except JSONPathError as error:
        at = getattr(getattr(error, "token", None), "index", 0)
        reason = str(error.args[0]) if error.args else "it is no JSONPath"
        if not path.startswith("$"):
            reason = "a path begins with '$', the whole file"
        elif "TOKEN_" in reason:
            reason = "this is no JSONPath (RFC 9535)"
        raise FieldPathError(reason, len(path) if at < 0 else at) from None
    except RecursionError:
        raise FieldPathError("it is nested too deeply", 0) from None
    _bounded(path)
    return found


def _bounded(path: str) -> None:
    """Raise FieldPathError for a path that could take for ever."""
    plain = _QUOTED.sub(lambda found: "_" * len(found[0]), path)
    for mark, most in _MOST:
        at = -1
        for _ in range(most + 1):
            at = plain.find(mark, at + 1)
            if at < 0:
                break
        else:
            times = "once" if most == 1 else f"{most} times"
            raise FieldPathError(f"'{mark}' may stand {times} in a path, or it could take for ever", at)


def check(path: str) -> None:
    """Raise FieldPathError for what is no path."""
    _compiled(path)


def find(path: str, value: Any) -> Iterator[tuple[Keys, Any]]:
    """What a path leads to in a value, each with the keys and indices on the way, in order."""
    for match in _compiled(path).finditer(value):
        yield tuple(match.parts), match.obj


def chosen(path: str) -> frozenset[int]:
    """The steps of a path, by their numbers, that take everything there (``*``); none where they can't be counted."""
    segments = _compiled(path).segments
    if any("RecursiveDescent" in type(one).__name__ for one in segments):
        return frozenset()
    return frozenset(number for number, one in enumerate(segments) if str(one) == "[*]")


def shared(path: str, other: str) -> int | None:
    """How many steps two paths have in common at their beginning; None where one of them has a step of any depth
    there (``..``), so that the steps can't be counted.
    """
    count = 0
    mine, others = _compiled(path).segments, _compiled(other).segments
    for one, two in zip(mine, others, strict=False):
        if "RecursiveDescent" in type(one).__name__ or "RecursiveDescent" in type(two).__name__:
            return None
        if str(one) != str(two):
            break
        count += 1
    return count
