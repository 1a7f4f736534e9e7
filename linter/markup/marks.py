"""Markdown and WhatsApp marks."""

from __future__ import annotations

import re

from ..expressions import expression
from .traced import Edit, gone

_LINK = expression(
    r"(!?)\[([^\[\]\n]{0,500})\]"
    r"\(\s?<?([^()\s<>]{0,2000}(?:\([^()\s]{0,200}\)[^()\s<>]{0,200})?)>?"
    r"(?:[ \t]+[\"'][^\"\n]{0,200}[\"'])?\s?\)"
)
_BBCODE = expression(
    r"\[/?(?:b|i|u|s|code|quote|url|img|list|color|size|center|email|youtube)(?:=[^\]\n]{0,200})?\]", re.IGNORECASE
)
_COMMENT = expression(r"^[ \t]{0,3}\[[^\[\]\n]{1,60}\]:[ \t]*(?:#|<>)[ \t]+[(\"'].{0,2000}$", re.MULTILINE)
_LITERALLY = "<![CDATA["
_LITERAL = expression(rf"{re.escape(_LITERALLY)}|\]\]>")
_LINE_START = expression(
    r"(?P<prefix>(?:[ \t]{0,8}(?:#{1,6}[ \t]+|>[ \t]?))*)[ \t]*(?P<bullet>[*+•·‣▪▫◦●○■□➢➤►–—][ \t]+)?"
)
_LINE_MARK = expression("[#>*+•·‣▪▫◦●○■□➢➤►–—]")
_FENCE = expression(r"^[ \t]{0,3}(?:```+|~~~+)[ \t]*[\w+-]{0,30}[ \t]*$", re.MULTILINE)
_MARK = expression("[*_~`]")
_RUN = expression(r"\*+|_+|~+|`+")
_ESCAPE = expression(
    r"\\(u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[nrt]|[\\`*_{}\[\]()#+.!~>|-])"
)
# A hyphen at the end of a line, within a word; what is "in- and outside" goes on with a short word.
_HYPHENATED = expression(r"(?<=[^\W\d_A-Z]{2})-\r?\n[ \t]*(?=[^\W\d_A-Z]{4})")
_WORD = expression(r"[^\W\d_]{2,}")
_STRUCK = expression(r"(?<![~\w])(~{1,2})(?![\s~])([^~\n]{1,500})(?<!\s)\1(?![~\w])")
TICK, CROSS = "☑", "☒"
"""What plain text has for the mark of a list's item that is done or wanted, and of one that is not."""
_TICKS, _CROSSES, _OPEN = "✅✔☑✓🗸🟢", "❌✖✗✘☒🚫⛔🔴", "☐⬜◻🔲⏳⌛🟡🟠"
_MARKED = expression(
    r"^(?P<bullet>[ \t]*(?:[-*+•][ \t]+|[0-9]{1,2}[.)][ \t]+)?)"
    rf"(?:\[(?P<box>[ xX✓✔✅]?)\]|(?P<head>[{_TICKS}{_CROSSES}{_OPEN}]))(?=[ \t]*\w)"
    rf"|(?P<tail>[{_TICKS}{_CROSSES}{_OPEN}])[ \t]*$",
    re.MULTILINE,
)
_MAY_BE_MARKED = expression(rf"[{_TICKS}{_CROSSES}]|\[[ xX✓✔✅]?\]")
_IN_A_LINE = expression(rf"[{_TICKS}{_CROSSES}]")
_BETWEEN_NAMES = " \t,;·|–-"
_SENTENCE = 3  # words
_NAME = 4  # words
_ENDS_SENTENCE = expression("[.!?:,]")
_CLOSES = {'"': '"', "“": "”", "„": '“”"', "«": "»", "»": "«", "”": "”", "‘": "’"}
"""Quotation marks by what they are opened with."""
_CLOSING = frozenset("".join(_CLOSES.values()))
_LONGEST = 3
_ESCAPED = {"n": "\n", "r": "", "t": "\t"}


def has_word(text: str) -> bool:
    """Whether there is anything to be read."""
    return _WORD.search(text) is not None


def has_sentence(text: str) -> bool:
    """Whether there are words enough that they are said to somebody; fewer name a thing."""
    return len(_WORD.findall(text)) >= _SENTENCE


def escape_edits(text: str, markdown: bool) -> list[Edit]:
    r"""A written ``\n`` is a new line, ``\u00e9`` an "é" (JSON in JSON); Markdown's backslash before a mark goes."""
    if "\\" not in text:
        return []
    edits: list[Edit] = []
    for found in _ESCAPE.finditer(text):
        character = found[1]
        if character in _ESCAPED:
            # A drive letter comes before a path, not before a new line.
            if found.start() and text[found.start() - 1] == ":" and text[max(0, found.start() - 2)].isalpha():
                continue
            edits.append(Edit(found.start(), found.end(), _ESCAPED[character]))
        elif character[0] == "u":
            edits.append(Edit(found.start(), found.end(), _encoded(character)))
        elif markdown:
            edits.append(Edit(found.start(), found.end(), character))
    return edits


def _encoded(digits: str) -> str:
    """The character of one or two units of UTF-16, as JSON escapes it; half a one is none that can be read."""
    units = [int(unit, 16) for unit in digits[1:].split("\\u")]
    return b"".join(unit.to_bytes(2, "little") for unit in units).decode("utf-16-le", "replace")


def quotation(text: str) -> tuple[int, int] | None:
    """Where the inside of a text stands that is one quotation from end to end; None if it is none.

    An export may have its texts in quotation marks; what is sent is no quotation for that.
    """
    closing = text.rstrip()
    if not closing or closing[-1] not in _CLOSING:
        return None
    start, end = len(text) - len(text.lstrip()), len(closing) - 1
    inside = text[start + 1 : end]
    closers = _CLOSES.get(text[start], "")
    if closing[-1] not in closers or text[start] in inside or closing[-1] in inside:
        return None
    return (start + 1, end) if has_sentence(inside) else None


def quotation_edits(text: str) -> list[Edit]:
    """The quotation marks around all of a text go."""
    inside = quotation(text)
    return [Edit(inside[0] - 1, inside[0], ""), Edit(inside[1], inside[1] + 1, "")] if inside else []


def hyphen_edits(text: str) -> list[Edit]:
    """A word that was cut at the end of a line is one word again."""
    return gone(_HYPHENATED, text) if "-\n" in text or "-\r\n" in text else []


def link_edits(text: str, links: list[tuple[int, int, str]]) -> list[Edit]:
    """Links and images keep their text; appends to ``links`` the range of each link's text and its address.

    What an image says stands by itself, as in HTML: nothing is opened by it, and no sentence goes on in it.
    """
    edits: list[Edit] = []
    if "](" not in text:
        return edits
    for found in _LINK.finditer(text):
        apart = "\n" if found[1] and has_sentence(found[2]) else ""
        if not found[1]:
            links.append((found.start(2), found.end(2), found[3]))
        edits += (Edit(found.start(), found.start(2), apart), Edit(found.end(2), found.end(), apart))
    return edits


def bbcode_edits(text: str) -> list[Edit]:
    """Tags in square brackets go, where one of them is closed."""
    return gone(_BBCODE, text) if "[/" in text else []


def literal_edits(text: str) -> list[Edit]:
    """What stands around a literal text of XML (``<![CDATA[...]]>``) goes; the text is shown, or stands for one."""
    return gone(_LITERAL, text) if _LITERALLY in text else []


def comment_edits(text: str) -> list[Edit]:
    """``[comment]: # (...)`` is how Markdown is annotated: nobody is shown it."""
    return gone(_COMMENT, text) if "]:" in text else []


def line_edits(text: str) -> list[Edit]:
    """Marks of headings and quotes go, every bullet is a hyphen, fences of code go."""
    fences = gone(_FENCE, text) if "```" in text or "~~~" in text else []
    if not _LINE_MARK.search(text):
        return fences
    edits: list[Edit] = []
    at = 0
    while at >= 0:
        found = _LINE_START.match(text, at)
        assert found is not None
        at = text.find("\n", at) + 1 or -1
        if found["prefix"]:
            edits.append(Edit(found.start(), found.end("prefix"), ""))
        if found["bullet"]:
            edits.append(Edit(found.start("bullet"), found.end("bullet"), "- "))
    return sorted([*edits, *fences]) if fences else edits  # a fence has no other mark on its line


def struck_edits(text: str) -> list[Edit]:
    """What is struck through goes, where other words are left: nobody obeys it. As Markdown and WhatsApp write it."""
    edits = gone(_STRUCK, text) if "~" in text else []
    return edits if edits and has_word(_STRUCK.sub(" ", text)) else []


def marked(text: str) -> list[re.Match[str]]:
    """The marks before and behind the items of a list, none where no tick, cross or box is among them."""
    return list(_MARKED.finditer(text)) if _MAY_BE_MARKED.search(text) else []


def ticks_say(found: list[re.Match[str]]) -> bool:
    """Whether a tick says that something is done: beside an item that is not, and in a box. Else it is a bullet."""
    kinds = {_kind(one) for one in found}
    return "box" in kinds or (TICK in kinds and not kinds.isdisjoint((CROSS, "")))


def mark_edits(text: str, marks: list[re.Match[str]], ticks: bool) -> list[Edit]:
    """The marks of a text by ``TICK``, where ticks say something, and ``CROSS``."""
    edits = _series_edits(text)
    behind_names = {edit.start for edit in edits}
    for found in marks:
        kind = _kind(found)
        if found.start("tail") in behind_names:
            continue
        if found["box"] is not None and not kind:
            edits.append(Edit(found.end("bullet"), found.end(), "" if found["bullet"].strip() else "-"))
        elif kind == CROSS or kind == "box" or (kind == TICK and (ticks or _is_behind_a_name(found))):
            edits.append(_marked(found, CROSS if kind == CROSS else TICK))
        elif TICK in (found["head"], found["tail"]):
            at = text.index(TICK, found.start())
            edits.append(Edit(at, at + 1, "✅"))  # which says no more than other bullets
    return sorted(edit for edit in edits if text[edit.start : edit.end] != edit.new)


def _series_edits(text: str) -> list[Edit]:
    """The marks behind names that follow each other in a line: "name ✔ card number ✔ and now the CVC"."""
    edits: list[Edit] = []
    at = 0
    for line in text.splitlines(keepends=True):
        series: list[Edit] = []
        labels: set[bool] = set()
        begin = 0
        for mark in _IN_A_LINE.finditer(line):
            before = line[begin : mark.start()].rstrip()
            labels.add(before.endswith(":"))  # "Please upload: ✔ passport ✔ payslip": there it stands before them
            name = before.rstrip(":").rpartition(":")[2].strip(_BETWEEN_NAMES)
            if not 0 < len(name.split()) <= _NAME or _ENDS_SENTENCE.search(name):
                break
            series.append(Edit(at + mark.start(), at + mark.end(), CROSS if mark.group() in _CROSSES else TICK))
            begin = mark.end()
        if len(series) > 1 and len(labels) == 1:
            edits += series
        at += len(line)
    return edits


def _is_behind_a_name(found: re.Match[str]) -> bool:
    """Whether a mark ends a line of a few words: "IBAN ✅" is done, while before the words it may be a bullet."""
    if not found["tail"]:
        return False
    line = found.string[found.string.rfind("\n", 0, found.start()) + 1 : found.start()]
    return 0 < len(line.split()) <= _NAME and _ENDS_SENTENCE.search(line) is None


def _marked(found: re.Match[str], mark: str) -> Edit:
    """The item with this mark, behind a bullet if it stands before the words."""
    if found["tail"]:
        return Edit(found.start("tail"), found.end("tail"), mark)
    bullet = "" if found["bullet"].strip() else "- "
    return Edit(found.end("bullet"), found.end(), bullet + mark)


def _kind(found: re.Match[str]) -> str:
    """``TICK``, ``CROSS``, "box" for a box that is ticked, "" for what is open."""
    if found["box"] is not None:
        return "box" if found["box"].strip() else ""
    mark = found["head"] or found["tail"]
    return TICK if mark in _TICKS else CROSS if mark in _CROSSES else ""


def emphasis_edits(text: str) -> list[Edit]:
    """Pairs of ``*``, ``_``, ``~`` and back-ticks that put words in bold, italics, strike-through or code."""
    if not _MARK.search(text):
        return []
    removed: list[tuple[int, int]] = []
    waiting: dict[str, list[tuple[int, int]]] = {}
    at = 0
    for found in _RUN.finditer(text):
        start, end = found.span()
        if "\n\n" in text[at:start]:
            waiting.clear()
        at = end
        mark = found[0]
        before = text[start - 1] if start else "\n"
        after = text[end] if end < len(text) else "\n"
        if len(mark) > (2 if mark[0] == "_" else _LONGEST) or (before.isdigit() and after.isdigit()):
            continue
        opens, closes = _flanks(mark[0], before, after)
        opened = waiting.setdefault(mark, [])
        if closes and opened:
            removed += (opened.pop(), (start, end))
        elif opens:
            opened.append((start, end))
    return [Edit(start, end, "") for start, end in sorted(removed)]


def _flanks(mark: str, before: str, after: str) -> tuple[bool, bool]:
    """Whether a run of marks between two characters can begin and can end a marked part."""
    opens, closes = not after.isspace(), not before.isspace()
    if mark == "_":
        opens = opens and not before.isalnum()
        closes = closes and not after.isalnum()
    return opens, closes
