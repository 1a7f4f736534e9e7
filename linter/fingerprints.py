"""Names by which a finding is known again, in another run and in other files."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from .cache import blake2b, digest
from .finding import Finding

_AROUND = 120  # characters on each side of the words: all that is compared of a line that is a whole file
_LONG_TEXT = 4096  # characters; a text may be longer than all that is said of the findings in it


def named(finding: Finding) -> Finding:
    """The finding with its fingerprints."""
    return replace(finding, fingerprint=_in_text(finding), local_fingerprint=_in_entry(finding))


def _in_text(finding: Finding) -> str:
    """What survives moves, reordering and new ids: rule, categories, the words in their text."""
    about = finding.text or (finding.entry if finding.pointed else _around(finding))
    return _hashed(finding.rule, *finding.data, _words(finding), _known_by(about))


def _in_entry(finding: Finding) -> str:
    """What survives other words around: rule, categories, the words, the name of the reply or node they stand in.

    Words that only show where something is lacking say nothing of it, nor does the place of what a whole library lacks.
    """
    if finding.of_library:
        return _hashed(finding.rule, finding.of_library)
    words = "" if finding.lacks else _words(finding)
    entry = finding.entry or " ".join(_around(finding).split())
    return _hashed(finding.rule, *finding.data, words, "" if entry == finding.source.path else entry)


def _hashed(*parts: str) -> str:
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def _words(finding: Finding) -> str:
    if finding.pointed:
        return ""
    return " ".join(finding.source.text[slice(*finding.span)].split())


@lru_cache(maxsize=1)  # a text may have very many findings, one after the other
def _known_by(text: str) -> str:
    """A text without regard to its line ends and indentation; a long one is known by its digest."""
    words = " ".join(text.split())
    return words if len(words) <= _LONG_TEXT else digest(words.encode("utf-8", "surrogatepass"))


def _around(finding: Finding) -> str:
    """The line of a place, cut around it: a line may be a whole file."""
    text = finding.source.text
    place = finding.source.position(finding.span.start)
    first = finding.span.start - place.column + 1
    left, right = max(first, finding.span.start - _AROUND), finding.span.start + _AROUND
    end = text.find("\n", left, right)
    return text[left : end if end >= 0 else right].rstrip("\r\n")
