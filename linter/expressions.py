"""Regular expressions that are compiled when somebody first uses them.

neverask has hundreds, and compiling all of those that its modules name would take a fifth of the time that a hook has
for a file that was changed; a run needs few of them.
"""

from __future__ import annotations

import re
from typing import Any, cast

_USED = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split", "flags", "groups")


class _Expression:
    """Stands for a ``re.Pattern`` and has all that it has; once it is compiled, without a detour."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self.pattern, self._flags)
        self.__dict__.update({each: getattr(compiled, each) for each in _USED})
        return getattr(compiled, name)


def expression(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """An expression to be compiled when it is first used. It can't be handed to the functions of ``re``.

    A mistake in it is raised (re.error) by its first use.
    """
    return cast("re.Pattern[str]", _Expression(pattern, flags))


FILLED = r"\$\{(?:[^`{}]|`(?:[^`\\]|\\.){0,600}`|\{[^{}`]*\}){1,400}\}"
"""What is filled into a template literal of JavaScript; another one may stand in it."""
IN_TEMPLATE = rf"(?:[^`\\$]|\\.|{FILLED}|\$(?!{FILLED[2:]}))"
"""A character in a template literal, or what is filled in there."""
