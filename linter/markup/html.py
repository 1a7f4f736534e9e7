"""HTML: tags become nothing or a new line, entities the characters they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ..expressions import expression
from .marks import has_sentence, has_word
from .traced import Edit, gone
from .unshown import ESCAPED, character, of_css

_BLOCK_NAMES = """
address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption figure
footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol optgroup option p pre section select summary
table tbody td tfoot th thead tr ul
"""
_OTHER_NAMES = """
a abbr acronym area audio b base bdi bdo big button canvas cite code col colgroup data datalist del dfn em
embed font i iframe img input ins kbd label link map mark meta meter noscript object output param picture
progress q rp rt ruby s samp small source span strike strong sub sup svg textarea time title track tt u var
video wbr
speak say-as prosody emphasis break voice sentence paragraph lang desc phoneme
"""
BLOCKS = frozenset(_BLOCK_NAMES.split())
"""Names of the elements that begin a new line."""
_DROPPED = frozenset(["script", "style", "head", "template", "xml"])
TAGS = BLOCKS | _DROPPED | frozenset(_OTHER_NAMES.split())
"""Names of HTML and SSML elements; anything else in angle brackets may be a placeholder."""

_TAG = expression(
    r"""<(?:(?P<comment>!--)|(?P<other>[!?])|(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:_-]*)"""
    r"""(?P<rest>(?:[^<>"']|"[^"<]*"|'[^'<]*'|(?<=\bsrcdoc=)(?:"[^"]*"|'[^']*'))*)>"""
    r"""|(?P<loose_close>/?)(?P<loose>[A-Za-z][A-Za-z0-9:_-]*)[^<>]*>)"""
)
_ADDRESS = expression(r"<((?:https?://|mailto:|tel:)[^\s<>|]+|[\w.+-]+@[\w-]+\.[\w.-]+)(?:\|([^<>\n]{1,500}))?>")
_HREF = expression(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_INSTEAD = frozenset(["img", "input", "textarea", "area"])
_INSTEAD_OF = expression(r"""\b(?:alt|placeholder|value)\s*=\s*(?:"([^"]+)"|'([^']+)')""", re.IGNORECASE)
HIDDEN = expression(r"""\btype\s*=\s*["']?hidden\b""", re.IGNORECASE)
"""A field that nobody sees."""
_STRING = r"""(?:"(?:[^"<>\n\\]|\\[^\n]){0,2000}"|'(?:[^'<>\n\\]|\\[^\n]){0,2000}')"""
_CONTENT = expression(rf"(?<![\w-])content\s{{0,9}}:\s{{0,9}}({_STRING}(?:\s{{0,9}}{_STRING}){{0,9}})", re.IGNORECASE)
_STRINGS = expression(_STRING)
_SHOWN_TEMPLATE = expression(r"\sshadowrootmode\s?=", re.IGNORECASE)
_SAID = expression(r"[^\W\d_][\w'’]*,?(?:[ \n]+[\w'’.,!?;:-]+){2,200}[ \n]?")
"""A sentence that somebody put between angle brackets."""
_FOR_OUTLOOK = expression(r"\[if [^\[\]<>]{1,200}\]\s*>(?:<!-{2,4}>|-->)?", re.IGNORECASE)
_END_FOR_OUTLOOK = expression(r"\[(?:endif|if [^\[\]<>]{1,200})\]\s*(?:--)?>", re.IGNORECASE)
"""What some mail programs show, is written in a comment for the others; it is shown to somebody."""
_EMPTY_COMMENT = expression("-?>")
"""What stands behind the mark that begins a comment and ends it at once: "<!-->"."""
_STRUCK = expression(
    r"<(s|strike|del)(?:\s[^<>]{0,200})?>(?:[^<]|<(?!/?(?:s|strike|del)\b)){1,1000}</\1\s?>"
    r"|<([a-z][a-z0-9]{0,20})\s[^<>]{0,300}\bline-through\b[^<>]{0,300}>(?:[^<]|<(?!/?\2\b)){1,1000}</\2\s?>",
    re.IGNORECASE,
)
_STRUCTURE = expression(r"</?(?:p|div|ul|ol|li|table|tr|td|h[1-6])\b", re.IGNORECASE)
_LONE_BREAK = expression(r"\n[ \t]*(?!\n)")
_ENTITY = expression(r"&(?:amp;)*(?:#0{0,99}[0-9]{1,7}|#[xX]0{0,99}[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?")


def break_edits(text: str, html: bool) -> list[Edit]:
    """In HTML a line break in the source is a blank; what has paragraphs or the like is HTML."""
    if "\n" not in text or "<pre" in text or not (html or _STRUCTURE.search(text)):
        return []
    edits: list[Edit] = []
    last = 0
    for found in _LONE_BREAK.finditer(text):
        start, end = found.span()
        while start > last and text[start - 1] in " \t":
            start -= 1
        if not start or text[start - 1] != "\n":
            edits.append(Edit(start, end, " "))
        last = end
    return edits


_LINE_BEGINS = expression(
    rf"</?(?:{'|'.join(sorted(BLOCKS, key=len, reverse=True))})\b[^<>]{{0,300}}>"
    r"(?:[\s*_~`\[\\\xad\u200b-\u200f\u2060\ufeff]|<[^<>]{1,300}>){0,20}(?=[^\W\d_]|&[#\w])",
    re.IGNORECASE,
)
_SENTENCE_ENDED = expression(r"[.!?:;…][*_~`\s]*(?:<[^<>]{1,300}>\s*)*\Z")
_NEAR = 400


def may_go_on(text: str) -> bool:
    """Whether a sentence may go on, in small letters or in capitals, from one line that HTML writes into the next."""
    for found in _LINE_BEGINS.finditer(text):
        first = text[found.end() : found.end() + 2]
        if first[0].islower() or first[0] == "&" or first.isupper():
            start = found.start()
            if _SENTENCE_ENDED.search(text, max(0, start - _NEAR), start) is None:
                return True
    return False


class _Elements:
    """Ends of dropped elements and comments; a closing tag that is missing is looked for once only."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lower = ""
        self._missing: set[str] = set()

    def end(self, closing: str, at: int) -> int:
        """The end of what ends with ``closing``: past its ``>``, or ``at`` when it never ends."""
        if closing in self._missing:
            return at
        if not self._lower:
            lower = self._text.lower()
            self._lower = lower if len(lower) == len(self._text) else self._text
        found = self._lower.find(closing, at)
        end = self._text.find(">", found) if found >= 0 else -1
        if end < 0:
            self._missing.add(closing)
            return at
        return end + 1


def struck_edits(text: str) -> list[Edit]:
    """What is struck through goes, where other words are left: nobody obeys it."""
    edits = gone(_STRUCK, text)
    return edits if edits and has_word(_TAG.sub(" ", _STRUCK.sub(" ", text))) else []


def tag_edits(text: str, links: list[tuple[int, int, str]]) -> list[Edit]:
    """Tags by new lines, bullets or nothing; ``links`` gets the range of each link's text and its address."""
    edits: list[Edit] = []
    ends = _Elements(text)
    open_link: tuple[int, str] | None = None
    at = 0
    fresh = True  # nothing but blanks since the last new line
    while True:
        found = _TAG.search(text, at)
        if found is None:
            return edits
        start, end = found.span()
        if found["name"] == "br":  # the commonest tag, of which there may be very many
            edits.append(Edit(start, end, "\n"))
            at, fresh = end, True
            continue
        fresh = (fresh and not text[at:start].strip(" \t")) or text[max(at, start - 1) : start] == "\n"
        at = end
        if found["comment"] or found["other"]:
            at = _past(text, found, ends)
            if at == end:
                at = start + 1
                continue
        name = (found["name"] or found["loose"] or "").lower()
        closing = bool(found["close"] or found["loose_close"])
        new = ""
        if name == "a":
            if open_link and text[open_link[0] : start].strip():
                links.append((open_link[0], start, open_link[1]))
            address = _HREF.search(found["rest"] or "") if not closing else None
            open_link = (end, address[1] or address[2] or address[3] or "") if address else None
        elif name in _DROPPED and not closing and not _SHOWN_TEMPLATE.search(found["rest"] or ""):
            at = ends.end("</" + name, end)
        elif name == "li" and not closing:
            new, fresh = ("- " if fresh and _starts_line(text, start, edits) else "\n- "), True
        elif name == "br" or (name in BLOCKS and not fresh):
            new, fresh = "\n", True
        elif name == "rt":  # stands above the word, which does not go on in it
            new = " "
        if name not in TAGS and _SAID.fullmatch(text, start + 1, end - 1):
            edits += (Edit(start, start + 1, ""), Edit(end - 1, end, ""))
            fresh = False
            continue
        shown = shown_instead(found) if name in _INSTEAD and not closing else None
        if name == "style" and not closing and (said := _said_in_style(text, end, at)):
            edits += (Edit(start, said[0].end, "\n"), *said[1:-1], Edit(said[-1].start, at, "\n"))
            fresh = True
        elif shown:
            edits += (Edit(start, shown[0], "\n"), Edit(shown[1], at, "\n"))
            fresh = True
        else:
            edits.append(Edit(start, at, new))


def _said_in_style(text: str, start: int, end: int) -> list[Edit]:
    """What is to be done to rules of how elements look for the sentence that they put before or behind one.

    Of the first such; the edits begin before it and end behind it. It may stand in several strings, with escapes.
    """
    for found in _CONTENT.finditer(text, start, end):
        strings = [one.span() for one in _STRINGS.finditer(text, *found.span(1))]
        if not has_sentence("".join(of_css(text[begin + 1 : close - 1]) for begin, close in strings)):
            continue
        edits: list[Edit] = []
        before = start
        for begin, close in strings:
            edits.append(Edit(before, begin + 1, ""))
            edits += (Edit(*one.span(), character(one)) for one in ESCAPED.finditer(text, begin + 1, close - 1))
            before = close - 1
        return [*edits, Edit(before, end, "")]
    return []


def _past(text: str, found: re.Match[str], ends: _Elements) -> int:
    """The end of a comment, of a declaration or of a condition for Outlook; where it is none of these, of its mark."""
    end = found.end()
    condition = (_FOR_OUTLOOK if found["comment"] else _END_FOR_OUTLOOK).match(text, end)
    if condition is not None:
        return condition.end()
    if found["comment"]:
        if (empty := _EMPTY_COMMENT.match(text, end)) is not None:
            return empty.end()
        close = ends.end("-->", end)
        sooner = text.find("--!>", end, close)
        return close if sooner < 0 else sooner + len("--!>")
    close = text.find(">", end, end + 200) if text[end : end + 1].isalpha() else -1
    return close + 1 if close >= 0 else end


def elements(text: str) -> Iterator[tuple[str, int, re.Match[str]]]:
    """The opening tags of a text: name, where what follows it begins, and the tag with its parts."""
    ends = _Elements(text)
    at = 0
    while (found := _TAG.search(text, at)) is not None:
        at = _past(text, found, ends) if found["comment"] else found.end()
        if found["name"] and not found["close"] and found["name"].lower() in TAGS:
            yield found["name"].lower(), found.start("rest"), found


class Tag(NamedTuple):
    """A tag: the name of its element, whether it closes it, and where it stands."""

    name: str
    closing: bool
    start: int
    end: int


def block_tags(text: str) -> Iterator[Tag]:
    """The tags that begin a new line. One that is dropped with all in it (a script, a comment) is a tag as a whole."""
    ends = _Elements(text)
    at = 0
    while (found := _TAG.search(text, at)) is not None:
        at = _past(text, found, ends) if found["comment"] or found["other"] else found.end()
        name = (found["name"] or "").lower()
        if name in _DROPPED and not found["close"] and not _SHOWN_TEMPLATE.search(found["rest"]):
            at = ends.end("</" + name, at)
        if name in BLOCKS or name in _DROPPED or found["comment"] or found["other"]:
            yield Tag(name, bool(found["close"]), found.start(), at)


def shown_instead(found: re.Match[str]) -> tuple[int, int] | None:
    """Where a text stands that is shown in the place of a picture, or in a field; None where that is no sentence."""
    if (found["name"] or "").lower() not in _INSTEAD:
        return None
    rest = found["rest"] or ""
    text = _INSTEAD_OF.search(rest)
    if text is None or HIDDEN.search(rest):
        return None
    group = 1 if text[1] is not None else 2
    if not has_sentence(text[group]):
        return None
    start, end = text.span(group)
    return found.start("rest") + start, found.start("rest") + end


def _starts_line(text: str, start: int, edits: list[Edit]) -> bool:
    """Whether what an element at ``start`` writes comes first on its line."""
    last = edits[-1] if edits else Edit(0, 0, "")
    between = text[last.end : start]
    if not between.strip(" \t") and (start == 0 or last.new.endswith("\n")):
        return True
    return between.rstrip(" \t").endswith("\n")


def address_edits(text: str, links: list[tuple[int, int, str]]) -> list[Edit]:
    """``<https://example.com>``: the brackets go, the address is text; in ``<https://example.com|here>`` it is not."""
    edits: list[Edit] = []
    for found in _ADDRESS.finditer(text):
        if found[2]:
            links.append((found.start(2), found.end(2), found[1]))
            edits += (Edit(found.start(), found.start(2), ""), Edit(found.end() - 1, found.end(), ""))
            continue
        links.append((found.start(1), found.end(1), found[1]))
        edits += (Edit(found.start(), found.start() + 1, ""), Edit(found.end() - 1, found.end(), ""))
    return edits


def entity_edits(text: str) -> list[Edit]:
    """Named and numeric entities, also those encoded twice and the common ones without a semicolon."""
    edits: list[Edit] = []
    for found in _ENTITY.finditer(text):
        if found[0][-1] != ";" and text[found.end() : found.end() + 1] == "=":
            continue  # a parameter in an address
        new = _entity(found[0])
        if new != found[0]:
            edits.append(Edit(found.start(), found.end(), new))
    return edits


@lru_cache(maxsize=1024)
def _entity(written: str) -> str:
    from html import unescape
    from html.entities import html5

    inner = written[1:]
    while inner.startswith("amp;") and len(inner) > 4:
        inner = inner[4:]
    if inner[0] != "#" and inner not in html5:
        name = inner.rstrip(";")
        if name.lower() not in ("nbsp", "amp", "lt", "gt", "quot") and written.count("amp;") == 0:
            return written
        if inner.lower() in html5:
            inner = inner.lower()
    return unescape("&" + inner)
