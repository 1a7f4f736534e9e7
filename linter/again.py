"""A run over what has not changed: its report is that of the last time, word for word.

One entry in the cache a command line. It counts only while there are the same files with the same content (each is
read and its digest compared), the same policies above them, the same names around them, the same day and the same
neverask; what can't be told for sure is not kept.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from . import cache
from .files import CHECKOUTS, Nearest, Walked, folder_of, walk
from .source import SourceError
from .state import with_libraries
from .surroundings import Around, digest_of, read_bytes, text_of, top
from .trees import current

if TYPE_CHECKING:
    from .outcome import Outcome

_LARGE = 8_000_000  # characters; a longer report is made again, and a longer file is not read in one go


class Said(NamedTuple):
    """What a run said: the report, what stood beside it before and after, and the exit status."""

    report: str
    before: list[str]
    after: list[str]
    status: int


class Basis:
    """What a report rests on: the files, their sizes and digests, what was asked of the folders around, the policies.

    A size is -1 where it isn't known. ``above`` are the policy files above folders, ``policies`` the texts of all that
    were used and are files. ``sure`` is False where something of it isn't known.
    """

    def __init__(self, walked: Walked) -> None:
        self.sure = True
        self.walked = walked
        self.contents: dict[str, tuple[int, str]] = {}
        self.above: dict[str, str | None] = {}
        self.policies: dict[str, str] = {}
        self.looked: dict[str, dict[tuple[str, str], tuple[str, ...]]] = {}
        self.opened: dict[str, dict[str, str]] = {}

    def add(self, path: str, outcome: Outcome | None) -> None:
        """Take in a file and what became of it; None: it was read with another one before."""
        size, digest = outcome.content if outcome is not None else (-1, self._opened(path))
        self.contents[path] = size, digest
        if not digest or (outcome is not None and any(unread.error for unread in outcome.unread)):
            self.sure = False
        if outcome is None:
            return
        folder = os.path.dirname(outcome.path)
        self._agree(self.looked.setdefault(folder, {}), outcome.looked)
        self._agree(self.opened.setdefault(folder, {}), outcome.opened)

    def _opened(self, path: str) -> str:
        return next((opened[path] for opened in self.opened.values() if path in opened), "")

    def _agree(self, known: dict[Any, Any], found: dict[Any, Any]) -> None:
        for key, value in found.items():
            if known.setdefault(key, value) != value:
                self.sure = False


class Memory:
    """What was said the last time that neverask was asked the same.

    ``asked`` are the options on which the report depends, ``policy`` the file or the name of one that was chosen.
    """

    def __init__(self, paths: Sequence[str], day: str, policy: str | None, asked: Sequence[str]) -> None:
        self._paths = paths
        self._day = day
        self._roots = [current().real(path) for path in paths if current().isdir(path)]
        state = with_libraries()
        kind = "file" if policy and current().isfile(policy) else "name"
        tops = [os.environ.get(name, "") for name in CHECKOUTS]  # from which some reports name files
        words = [state, os.getcwd(), current().name, kind, repr(policy), *tops, *asked, "", *paths, "", *self._roots]
        self._name = f"run-{cache.key(words)}" if state else ""

    def recall(self) -> Said | None:
        """What was said, if all that it rests on is what it was."""
        entry = cache.get(self._name) if self._name else None
        if entry is None:
            return None
        try:
            return self._held(*entry)
        except (SourceError, LookupError, ValueError, TypeError, AttributeError):
            return None  # a file can't be read any more, or what was kept is not what is kept today

    def _held(self, day: Any, walked: Any, contents: Any, above: Any, *others: Any) -> Said | None:
        policies, looked, opened, said = others
        if day != self._day or walked != _plain(walk(self._paths)):
            return None
        nearest = Nearest()
        if any(nearest.above(folder) != path for folder, path in above.items()):
            return None
        if any((text_of(path), _top(path)) != was for path, was in policies.items()):
            return None
        if not all(_is(path, *was) for path, was in contents.items()):
            return None
        around = Around(self._roots, {path: digest for path, (_, digest) in contents.items()})
        holds = all(around.holds(folder, looked[folder], opened[folder]) for folder in looked)
        return Said(*said) if holds else None

    def keep(self, basis: Basis, said: Said) -> None:
        """Remember what was said."""
        if not self._name or not basis.sure or said.status > 1 or len(said.report) > _LARGE:
            return
        policies = {path: (text, _top(path)) for path, text in basis.policies.items()}
        rests = (_plain(basis.walked), basis.contents, basis.above, policies, basis.looked, basis.opened)
        cache.put(self._name, (self._day, *rests, tuple(said)), private=True)


def _plain(walked: Walked) -> tuple[Any, ...]:
    return walked.files, [tuple(missing) for missing in walked.missing], walked.links


def _is(path: str, size: int, digest: str) -> bool:
    if size > _LARGE:
        return current().size(path) == size and digest_of(path) == digest
    data = read_bytes(path)
    return size in (-1, len(data)) and cache.digest(data) == digest


def _top(path: str) -> str:
    return top(folder_of(path))
