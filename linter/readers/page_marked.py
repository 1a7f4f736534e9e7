"""What marks replies on a page: fences, quotes and labels."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from .common import is_text
from .fields import Role, is_bare_text, is_for_staff, role
from .markdown_parts import Page, Part
from .page_outside import loose_in
from .page_sections import (
    Piece,
    end_of_opening,
    part_of,
    titled,
    trimmed,
)
from .page_speech import is_plain, is_spoken

_TEXT_FENCES = frozenset(["", "text", "txt", "markdown", "md", "html", "plaintext", "whatsapp", "email", "plain"])
_LETTER = re.compile(r"[ \t>#*_-]{0,12}([A-Z])\d{0,3}[*_]{0,2}:")


def in_fences(page: Page, hinted: bool) -> Iterator[Piece]:
    """Fences, if enough of them are said to somebody; of documentation those that are called the text."""
    fences = [part for part in page.parts if part.kind == "fence"]
    spoken = [part for part in fences if part.name in _TEXT_FENCES and is_spoken(page.inside(part))]
    enough = spoken and len(spoken) >= (0.4 if hinted else 0.8) * len(fences)
    if enough and (hinted or len(spoken) > 2):
        plain = {part for part in fences if part.name in _TEXT_FENCES and hinted and is_plain(page, part)}
        chosen = set(spoken) | plain
    elif hinted:  # documentation of which a part is the text itself
        chosen = _called_text(page).intersection(spoken)
    else:
        return
    for title, part in titled(page):
        if part in chosen:
            yield trimmed(page, Piece(title or "fence", part.start, part.end))


def subjects(page: Page) -> Iterator[Piece]:
    """The subjects that stand beside replies; they alone don't make a page one of replies."""
    for number, (title, part) in enumerate(titled(page)):
        if part.kind == "label" and role(part.name).kind == "subject":
            end = part.end
            if part.start == part.end:  # it stands below, to its first blank line
                end = next(loose_in(replace(page, parts=page.parts[number + 1 :])), (0, part.end))[1]
            yield trimmed(page, Piece(f"{title}.{part.name}", part.start, end, "subject"))


def _called_text(page: Page) -> set[Part]:
    """The fences right behind a heading, a line in bold or a label that says that it is the text ("### Body")."""
    names = ("heading", "bold", "label")
    behind = ((before, part) for before, part in pairwise(page.parts) if part.kind == "fence" and before.kind in names)
    return {part for before, part in behind if role(before.name).kind == "text"}


def behind_labels(page: Page, hinted: bool) -> list[Piece]:
    """What follows a label such as ``**Answer:**``, up to the next one, a heading or a rule.

    A label that isn't in bold counts only in a page that says it holds replies: headers of mails look the same.
    """
    labels = _Labels(page, hinted)
    for title, part in titled(page):
        labels.take(title, part)
    replies = [piece for piece in labels.replies() if is_text(page.said(piece.start, piece.end))]
    return [*replies, *labels.questions] if len(replies) > 1 else []


class _Labels:
    """Goes through the parts of a page, and gathers what follows its labels.

    ``_asked`` are the customer's words before a reply that is not there yet, ``_open`` is a reply that may go on.
    """

    def __init__(self, page: Page, hinted: bool) -> None:
        self.questions: list[Piece] = []
        self._page = page
        self._hinted = hinted
        self._letters = _of_letters(page) if hinted else {}
        bold = [part.name for part in page.parts if part.kind == "bold"] if hinted else []
        self._bold = {name for name in bold if is_bare_text(name)}
        self._also = _names_of_parts(page) if hinted else set()
        if sum(name in self._bold for name in bold) > 1:  # "**Body:**", "**Macro text:**"
            self._also |= self._bold.union(filter(is_for_staff, bold))
        self._heading = self._asked = ""
        self._open: Piece | None = None
        self._closed: list[Piece] = []

    def replies(self) -> list[Piece]:
        self._close()
        return [trimmed(self._page, piece) for piece in self._closed]

    def take(self, title: str, part: Part) -> None:
        """Take in the next part, which stands under a title."""
        role_ = self._role(part)
        self._heading = part.name if part.kind == "heading" else self._heading
        if part.kind in ("heading", "rule", "bold", "fence") or (role_ is not None and role_.kind):
            self._close()
        if part.kind in ("heading", "bold"):
            self._asked = ""
        elif role_ is not None and role_.kind == "customer":
            self._asked = self._page.inside(part).strip("*_ \t")
            question = Piece(self._asked, part.start, part.end, left="a customer's words")
            self.questions.append(trimmed(self._page, question))
        if role_ is not None and role_.kind == "text" and role_.rank <= self._is_bold(part):
            name = self._asked or self._called(title, part) or part.name
            self._open = Piece(name, part.start if part.kind == "label" else part.end, part.end)
            self._asked = ""
        elif self._open is not None:
            self._open = self._open._replace(end=part.end)

    def _close(self) -> None:
        if self._open is not None:
            self._closed.append(self._open)
        self._open = None

    def _role(self, part: Part) -> Role | None:
        """What a label says that it stands before; None for what is no label."""
        is_label = self._hinted or part.level if part.kind == "label" else part.name in self._also
        return (self._letters.get(part.name) or role(part.name)) if is_label else None

    def _is_bold(self, part: Part) -> bool:
        """Whether a label is in bold, so that a word counts that may mean something else."""
        return (
            part.name in self._bold if part.kind == "bold" else self._hinted and part.kind == "label" and part.level > 0
        )

    def _called(self, title: str, part: Part) -> str:
        if part.name in self._bold and self._heading:
            return self._heading
        return _LETTER.sub("", title, 1).strip() if self._letters else title


def _names_of_parts(page: Page) -> set[str]:
    """The headings that stand several times, and are called as the parts of a reply are."""
    titles = Counter(part.name for part in page.parts if part.kind in ("heading", "bold"))
    return {name for name, count in titles.items() if count > 1 and part_of(name)}


def _of_letters(page: Page) -> dict[str, Role]:
    """What one letter before what is said stands for, in a page of questions and answers: "Q: …", "A: …"."""
    found = Counter(
        begins[1] for part in page.parts if (begins := _LETTER.match(page.text, part.begins, part.end)) is not None
    )
    for question, answer in ("QA", "VA", "FA", "QR", "PR", "DR"):
        if min(found[question], found[answer]) > 1:
            return {question: Role("customer"), answer: Role("text")}
    return {}


def in_quotes(page: Page, fewest: int = 2) -> list[Piece]:
    """Quotes, if most of them are said to somebody; then the others are as well."""
    opening = end_of_opening(page)
    quotes = [(title, part) for title, part in titled(page) if part.kind == "quote"]
    spoken = [part for _, part in quotes if is_spoken(page.inside(part))]
    # What is quoted under the page's title, and said to nobody, is on the page.
    quotes = [(title, part) for title, part in quotes if part.start >= opening or part in spoken]
    if len(quotes) < fewest or len(spoken) < 0.5 * len(quotes):
        return []
    return [Piece(title or "quote", part.start, part.end) for title, part in quotes if is_text(page.inside(part))]


def in_quotes_beside(page: Page, known: Sequence[Piece]) -> list[Piece]:
    """Quotes that are said to somebody, in sections without a reply that is known: there the quote is the reply."""
    starts = [part.start for part in page.parts if part.kind == "heading"]
    filled = {bisect_right(starts, piece.start) for piece in known}
    return [
        Piece(title or "quote", part.start, part.end)
        for title, part in titled(page)
        if part.kind == "quote"
        and bisect_right(starts, part.start) not in filled
        and is_spoken(page.inside(part))
        and is_text(page.inside(part))
    ]
