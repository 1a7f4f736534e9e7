"""Regular expressions that an earlier run has compiled: to compile some hundreds takes longer than a small file.

What is kept is the code that Python's own compiler made of an expression, for the same build of Python only, in the
cache, whose entries are checked for damage. While it is in force, what was compiled before is made from its code, and
all else by the compiler. Where Python's modules are not as expected nothing is kept and nothing changes.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from . import cache

_MOST = 2_000  # expressions; more are begun anew, since a policy's own come and go


@contextmanager
def kept() -> Iterator[None]:
    """Let expressions be compiled once, until the block ends."""
    compiler: Any = sys.modules.get("re._compiler") or sys.modules.get("sre_compile")
    plain = getattr(compiler, "compile", None)
    store = _store(compiler)
    if store is not None:
        compiler.compile = store.compile
    try:
        yield
    finally:
        if store is not None:
            compiler.compile = plain
            store.save()


def _store(compiler: Any) -> _Store | None:
    parser: Any = sys.modules.get("re._parser") or sys.modules.get("sre_parse")
    try:
        own = compiler._sre
        build = [sys.version, str(own.MAGIC), str(own.CODESIZE)]
        name = f"expressions-{cache.key(build)}"
        return _Store(name, parser.parse, compiler._code, compiler.compile, own.compile)
    except AttributeError:
        return None


class _Store:
    """Expressions by their text and flags: the flags that they say themselves too, code, groups and their names."""

    def __init__(self, name: str, parse: Any, code: Any, plain: Any, make: Any) -> None:
        self._name = name
        self._parse, self._code, self._plain, self._make = parse, code, plain, make
        found = cache.get(name)
        self._known: dict[tuple[str, int], tuple[Any, ...]] = found if isinstance(found, dict) else {}
        self._new: dict[tuple[str, int], tuple[Any, ...]] = {}

    def compile(self, pattern: Any, flags: int = 0) -> Any:
        """In place of Python's own function of this name."""
        flags = int(flags)
        if not isinstance(pattern, str) or flags & re.DEBUG:
            return self._plain(pattern, flags)
        known = self._known.get((pattern, flags))
        if known is None:
            known = self._known[pattern, flags] = self._new[pattern, flags] = self._compiled(pattern, flags)
        in_full, code, groups, names = known
        indexes: list[str | None] = [None] * (groups + 1)
        for name, number in names.items():
            indexes[number] = name
        try:
            return self._make(pattern, in_full, array("I", code).tolist(), groups, dict(names), tuple(indexes))
        except (RuntimeError, ValueError, TypeError):
            return self._plain(pattern, flags)

    def _compiled(self, pattern: str, flags: int) -> tuple[Any, ...]:
        parsed = self._parse(pattern, flags)
        code = array("I", self._code(parsed, flags))
        state = parsed.state
        return int(flags | state.flags), code.tobytes(), state.groups - 1, dict(state.groupdict)

    def save(self) -> None:
        """Keep what was new."""
        if self._new:
            cache.put(self._name, self._known if len(self._known) <= _MOST else self._new)
