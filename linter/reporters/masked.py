"""Reports go to others: the values that findings are about are shown in them by their ends alone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..finding import Finding
from ..masking import mask
from ..source import Source, Span


def masked(findings: Sequence[Finding], hidden: Iterable[Finding] = ()) -> list[Finding]:
    """The findings without the values in their texts. Places and fingerprints stay what they were.

    ``hidden`` are those that the report leaves out: what they are about may stand in the text of another.
    """
    about = [finding for finding in (*findings, *hidden) if finding.value[1]]
    if not about:
        return list(findings)
    as_told = _Masked(about)
    return [
        replace(
            finding,
            source=as_told.source(finding.source),
            text=as_told.texts.get(finding.text, finding.text),
            entry=as_told.entries.get(finding.entry, finding.entry),
        )
        for finding in findings
    ]


class _Masked:
    """Sources, texts and names of entries that hold values, as reports show them."""

    def __init__(self, about: Sequence[Finding]) -> None:
        values: dict[str, set[tuple[int, int]]] = {}
        places: dict[tuple[str, str], set[Span]] = {}
        self.entries: dict[str, str] = {}
        for finding in about:
            (start, end), ends, span = finding.value, finding.ends, finding.span
            values.setdefault(finding.text, set()).add((start + ends, end - ends))
            inner = finding.source.in_file(Span(span.start + ends, span.end - ends))
            places.setdefault(_known_by(finding.source), set()).add(inner)
            value = finding.text[start:end]
            entry = self.entries.get(finding.entry, finding.entry)
            self.entries[finding.entry] = entry.replace(value, mask(value, [(ends, len(value) - ends)]))
        self.texts = {text: mask(text, inner) for text, inner in values.items()}
        self._places = {key: sorted(spans) for key, spans in places.items()}
        self._sources: dict[int, Source] = {}

    def source(self, source: Source) -> Source:
        if id(source) not in self._sources:
            spans = self._places.get(_known_by(source))
            self._sources[id(source)] = _without(source, spans) if spans else source
        return self._sources[id(source)]


def _known_by(source: Source) -> tuple[str, str]:
    """Parts of a file share their places in it; otherwise a file may have been read as several texts."""
    return source.path, "" if source.part else source.text


def _without(source: Source, spans: Sequence[Span]) -> Source:
    """A source with what stands in some spans of the file masked."""
    part = source.part
    if part is not None:
        first, shift = part.offset, part.at - part.offset
        near = spans[max(0, bisect_left(spans, (first,)) - 1) : bisect_left(spans, (part.end - shift,))]
        spans = [Span(max(part.at, start + shift), min(part.end, end + shift)) for start, end in near]
    return Source(source.path, mask(source.text, spans), source.cells, source.members, part)
