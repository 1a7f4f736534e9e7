"""Results of earlier runs: what became of a file whose content, neighbours, policy and linter are what they were.

The outcomes of the files of a folder are kept together, one entry in the cache a folder, so that a run over very
many files opens few. An entry counts only for the content (by its digest), the policy (by the texts of its files and
the exceptions that do not hold today) and the state of neverask's own files and of the libraries beside them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from . import cache
from .files import folder_of
from .outcome import Outcome, from_plain, to_plain
from .policy.model import Policy
from .source import SourceError
from .state import with_libraries
from .surroundings import Around, read_bytes
from .trees import current

_LARGE = 4_000_000  # characters of sources kept with an outcome; a larger one is worked out again


def reader(path: str, content: str, data: bytes | None = None) -> Callable[[str, str], str]:
    """Reads the texts that an outcome of ``path`` speaks of, and raises SourceError where one has changed since.

    ``content`` is the digest of ``data``, where that has been read.
    """

    def text_of(name: str, digest: str) -> str:
        from .documents.decoding import decode

        own = name == path
        if own and data is not None:
            return decode(name, data)[0]
        found = read_bytes(name)
        if cache.digest(found) != (content if own else digest):
            raise SourceError(name, "the file changed while it was read")
        return decode(name, found)[0]

    return text_of


class Results:
    """The outcomes of earlier runs, and those of this one on their way into the cache."""

    def __init__(self, roots: Sequence[str], today: date, around: Around) -> None:
        self._roots = roots
        self._today = today
        self._around = around
        self._state = with_libraries()
        self._folders: dict[str, dict[str, tuple[str, Any]]] = {}
        self._changed: set[str] = set()
        self._policies: dict[int, str] = {}

    def get(self, path: str, policy: Policy, data: bytes | None, content: str) -> Outcome | None:
        """What became of a file with this content under this policy; None if that isn't known."""
        if not self._state:
            return None
        entry = self._folder(path).get(os.path.basename(path))
        if entry is None or entry[0] != self._key(path, policy, content):
            return None
        try:
            outcome = from_plain(entry[1], policy.files, reader(path, content, data))
            today = self._today.isoformat()
            if (outcome.holds and outcome.holds < today) or (outcome.expired and outcome.expired >= today):
                return None
            outcome.content = current().size(path) if data is None else len(data), content
            return outcome if self._around.still_hold(outcome) else None
        except (SourceError, ValueError, TypeError, IndexError):
            return None

    def put(self, outcome: Outcome, policy: Policy, content: str) -> None:
        """Keep what became of a file. Files that could not be read are looked at anew each time."""
        if not self._state or any(unread.error for unread in outcome.unread):
            return
        plain = to_plain(outcome, policy.files)
        if sum(len(source[1]) for source in plain[2] if len(source) > 2) > _LARGE:
            return
        self._folder(outcome.path)[os.path.basename(outcome.path)] = (self._key(outcome.path, policy, content), plain)
        self._changed.add(folder_of(outcome.path))

    def save(self) -> None:
        """Write what is new, and leave out what is of files that are gone."""
        for folder in sorted(self._changed):
            known = self._folders[folder]
            kept = {name: entry for name, entry in known.items() if current().exists(os.path.join(folder, name))}
            cache.put(_name(folder), kept, private=True)
        if self._changed:
            cache.prune()
        self._changed.clear()

    def _folder(self, path: str) -> dict[str, tuple[str, Any]]:
        folder = folder_of(path)
        if folder not in self._folders:
            found = cache.get(_name(folder))
            self._folders[folder] = found if isinstance(found, dict) else {}
        return self._folders[folder]

    def _key(self, path: str, policy: Policy, content: str) -> str:
        name = self._policies.get(id(policy))
        if name is None:
            parts = [
                part for source in policy.files for part in (os.path.abspath(source.path), source.path, source.text)
            ]
            ended = ["" if exemption.holds(self._today) else "ended" for exemption in policy.exemptions]
            name = self._policies[id(policy)] = cache.key([self._state, *self._roots, *parts, *ended])
        return f"{name} {content} {path}"


def _name(folder: str) -> str:
    return "results-" + cache.key([folder, current().name])
