"""Elements that are not shown, by their own attributes or by the rules of the text: what they say forbids nothing."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import lru_cache

from ..expressions import expression
from .computed import WORKED_OUT, settled
from .marks import has_word

_EMPTY = frozenset(["br", "hr", "img", "input", "meta", "link", "source", "track", "wbr", "col", "area", "embed"])
"""Elements that hold nothing."""
_TAG = expression(r"<[^<>]{1,2000}>")
_UNSEEN_STYLE = (
    r"""(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}(?:hidden|collapse)|mso-hide\s{0,9}:\s{0,9}all"""
    r"""|(?:text-indent|left|top)\s{0,9}:\s{0,9}-[0-9]{3}|clip\s{0,9}:\s{0,9}rect\((?:\s{0,9}0(?:px)?[\s,]{0,9}){4}\)"""
    r"""|clip-path\s{0,9}:\s{0,9}(?:inset\(\s{0,9}(?:50|100)%|circle\(\s{0,9}0|polygon\((?:\s{0,9}0(?:px|%)?[\s,]{1,9}){3,20}0(?:px|%)?\s{0,9}\))|font\s{0,9}:\s{0,9}0(?![.\d])"""
    r"""|(?<![\w-])color\s{0,9}:\s{0,9}(?:(?:(?:rgb|hsl)a?\((?:[^(),/<>]{1,12},){3}|[a-z]{3,5}\([^(),/<>]{1,40}/)"""
    r"""\s{0,9}0{0,2}\.?0{1,4}%?\s{0,9}\)|\#(?:[0-9a-f]{3}0|[0-9a-f]{6}00)\b)"""
    r"""|transform\s{0,9}:[^;:<>]{0,40}(?:scale[xy]?\(\s{0,9}0\s{0,9}[,)]|translate[xy]?\(\s{0,9}-[0-9]{3})"""
    r"""|(?<![\w-])(?:scale|zoom)\s{0,9}:\s{0,9}0(?![.\d])|filter\s{0,9}:[^;:<>]{0,40}opacity\(\s{0,9}0(?![.\d])"""
    r"""|-text-fill-color\s{0,9}:\s{0,9}transparent|content-visibility\s{0,9}:\s{0,9}hidden"""
    r"""|(?:display|visibility)\s{0,9}:\s{0,9}var\("""
    r"""|font-size\s{0,9}:\s{0,9}(?:0?\.[0-9]{1,4}|1(?:\.[0-9]{1,4})?)(?:px|pt)\b"""
    r"""|(?<![\w-])(?:width|height)\s{0,9}:\s{0,9}0(?:px|pt|r?em)?(?![\w.%])(?=[^<>]{0,200}\boverflow(?:-[xy])?\s{0,9}:\s{0,9}(?:hidden|clip))"""
    r"""|\boverflow(?:-[xy])?\s{0,9}:\s{0,9}(?:hidden|clip)(?=[^<>]{0,200}[\s;"'](?:width|height)\s{0,9}:\s{0,9}0(?:px|pt|r?em)?(?![\w.%]))"""
    r"""|(?:opacity|font-size|max-(?:height|width))\s{0,9}:\s{0,9}(?:\.0|0(?:%|(?:px|pt|r?em|ex)\b|\b)(?!\.0{0,9}[1-9]))"""
    r"""|(?<![\w-])color\s{0,9}:\s{0,9}transparent)"""
)
_TAG_NAME, _TAG_END = r"<([a-z][a-z0-9-]{0,20})\b", r"[^<>]{0,400}>"
_LIGHT = (
    r"(?:white(?:smoke)?|snow|ivory|\#f(?:[c-f]f[c-f])?f[c-f]?\b|\#f[a-f]f[a-f]f[a-f]\b"
    r"|rgba?\(\s?(?:25[0-5]|24[5-9])(?:[\s,]{1,3}(?:25[0-5]|24[5-9])){2}\s?(?:,\s?1\s?)?\)|hsla?\([^()<>]{1,20}\b(?:9[89]|100)%\s?\))"
)
"""Colours that nobody sees on white."""
_PALE = rf"(?<![\w-])color\s{{0,9}}[:=]\s{{0,9}}[\"']?{_LIGHT}"
_SAME = (
    r"(?<![\w-])color\s{0,9}:\s{0,9}(?P<ink>[\w\#(),.% -]{3,40}?)\s{0,9};[^<>]{0,200}?"
    r"\bbackground(?:-color)?\s{0,9}:\s{0,9}(?P=ink)(?![\w,.%])"
    r"|\bbackground(?:-color)?\s{0,9}:\s{0,9}(?P<paper>[\w\#(),.% -]{3,40}?)\s{0,9};[^<>]{0,200}?"
    r"(?<![\w-])color\s{0,9}:\s{0,9}(?P=paper)(?![\w,.%])"
)
"""A text in the colour that it stands on."""
_NEVER_SHOWN = """
noscript noframes noembed title desc metadata defs symbol datalist audio video canvas object iframe annotation
"""
"""Elements with what stands in their place where they can't be shown, or with what is said of them."""
_BY_NAME = "|".join(f"(?<=<{name})" for name in _NEVER_SHOWN.split())
_ITSELF_UNSEEN = (
    rf"""(?:(?=[^<>]{{0,400}}(?:{_UNSEEN_STYLE}|\bsize\s?=\s?["']?0\b|\s(?:hidden|popover)(?=[\s>=/])|{_SAME}))"""
    rf"""|{_BY_NAME}|(?<=<dialog)(?![^<>]{{0,400}}\sopen\b)|(?=[^<>]{{0,400}}(?P<pale>{_PALE})))"""
)
BEGINS_UNSEEN = expression(_TAG_NAME + _ITSELF_UNSEEN + _TAG_END, re.IGNORECASE)
"""An element that is not shown, or may not be."""
STYLED = expression(r"<style\b[^<>]{0,300}>((?:[^<]|<!--){1,20000})</style", re.IGNORECASE)
"""Rules of how elements look, which may hide some."""
_BRACE = re.compile(r"([{}])")
_FOR_ALL = expression(r"@(?:media (?:all|(?:only )?screen)|(?:supports|layer)\b[^;]*)", re.IGNORECASE)
"""Other such rules are for paper or for small screens: what they hide is shown to others."""
_IDENTIFIER = r"(?:[\w-]|\\[^\n])"
_SELECTED = expression(
    rf"(?P<name>[a-z][a-z0-9]{{0,20}})?\*?"
    rf"(?P<rest>(?:[.#]{_IDENTIFIER}{{1,60}}|\[{_IDENTIFIER}{{1,60}}(?:=(?:\"[^\"\[\]]{{0,60}}\"|[\w-]{{1,60}}))?\]){{0,9}})",
    re.IGNORECASE,
)
"""An element by its name, by classes, an id or attributes of it."""
_PART = expression(rf"([.#])({_IDENTIFIER}+)|\[({_IDENTIFIER}+)(?:=\"?([^\"\]]*))?", re.IGNORECASE)
_INSIDE = expression(r"[\s>+~]+")
"""What stands in a selector between the elements that are around or before the one that it picks."""
ESCAPED = expression(r"\\(?:([0-9a-f]{1,6})\s?|([^\n]))", re.IGNORECASE)
_SPACED = expression(r"\\([0-9a-f]{1,5})\s", re.IGNORECASE)
_COMMENT = expression(r"/\*(?:[^*]|\*(?!/)){0,20000}(?:\*/|\Z)")
_MARKS_OF_HTML = expression(r"<!--|-->")
_ODD_STYLE = expression(r"""\sstyle\s?=\s?("[^"<>]{0,400}"|'[^'<>]{0,400}')""", re.IGNORECASE)
_HIDES = expression(f"{_UNSEEN_STYLE}|{_SAME}", re.IGNORECASE)
_IS_PALE = expression(_PALE, re.IGNORECASE)
_STANDS_ON = expression(
    rf"\b(?:background(?:-color|-image)?\s{{0,9}}[:=]|bgcolor\s{{0,9}}=)\s{{0,9}}[\"']?(?!{_LIGHT})", re.IGNORECASE
)
"""Something that is seen behind a light text."""
_OWN_CLASS = expression(r"\sclass\s?=", re.IGNORECASE)
_FOR_NOBODY = expression(r"<!--\[if [^\[\]<>]{1,200}\]\s{0,9}>(?!<!-{2,4}>|-->)|<!\[CDATA\[|</[ \t\n]", re.IGNORECASE)
_ENDS = {"<!--": "<![endif]", "<![C": "]]>", "<![c": "]]>"}
"""What only Outlook shows, and what browsers take for a comment though it is written otherwise."""


def is_odd(text: str) -> bool:
    """Whether the tags of a text may hide or turn what they hold in a way that ``BEGINS_UNSEEN`` does not know."""
    return any(
        "\\" in one[1] or "/*" in one[1] or "override" in one[1].lower() or WORKED_OUT.search(one[1]) is not None
        for one in _ODD_STYLE.finditer(text)
    )


def _begins_unseen(text: str) -> re.Pattern[str]:
    """What a tag looks like whose element is not shown, by its own attributes or by the rules of the text."""
    chosen = (one for styled in STYLED.finditer(text) for each in _hiding(styled[1]) for one in each.split(","))
    parts = [one for each in dict.fromkeys(chosen) if (one := _picked(each))]
    ways = {_way(*one) for one in parts if not _is_named(one)}
    for sign in ".#[":  # of these there may be very many: they are looked for in one go
        if named := sorted({one[1][0][1] for one in parts if _is_named(one) and one[1][0][0] == sign}):
            ways.add(_named(sign, "|".join(map(re.escape, named))))
    if "\\" in text or "/*" in text or "&" in text or WORKED_OUT.search(text):
        written = {found[1] for found in _ODD_STYLE.finditer(text)}
        ways |= {rf"(?=[^<>]{{0,400}}{re.escape(one)})" for one in written if _hides_oddly(one)}
    return _hidden(tuple(sorted(ways))) if ways else BEGINS_UNSEEN


def _hides_oddly(style: str) -> bool:
    """Whether a style hides its element otherwise than it is looked for: in escapes, comments, entities, sums."""
    return _HIDES.search(style) is None and _HIDES.search(settled(of_css(unescape(style)))) is not None


def unescape(text: str) -> str:
    """A text with the characters that its entities stand for."""
    from html import unescape as without_entities

    return without_entities(text) if "&" in text else text


def of_css(style: str) -> str:
    """What is said in CSS without its comments, with the characters that its escapes stand for."""
    return ESCAPED.sub(character, _COMMENT.sub("", style))


def character(escape: re.Match[str]) -> str:
    """The character that an escape of CSS stands for."""
    number = int(escape[1], 16) if escape[1] else 0
    return escape[2] or (chr(number) if 0 < number <= sys.maxunicode else "�")


def _hiding(style: str) -> Iterator[str]:
    """The selectors of the rules that hide what they pick."""
    style = _MARKS_OF_HTML.sub(" ", _COMMENT.sub("", style))
    open_: list[str] = []
    said = ""
    for piece in _BRACE.split(style):
        if piece == "{":
            open_.append(said.rpartition(";")[2].strip())
            said = ""
        elif piece == "}":
            is_for_all = all(_FOR_ALL.fullmatch(one) for one in open_ if one.startswith("@"))
            is_hidden = is_for_all and _hides(settled(of_css(said)), style)
            if open_ and (chosen := open_.pop()) and is_hidden and not chosen.startswith("@"):
                yield chosen
            said = ""
        else:
            said = piece


def _hides(said: str, style: str) -> bool:
    """Whether one of the rules of a style hides what it picks. White is seen on anything but white."""
    return _HIDES.search(said) is not None or (_IS_PALE.search(said) is not None and not _STANDS_ON.search(style))


_Picked = tuple[str, list[tuple[str, str, str]]]
"""What a selector picks: the name of an element, and ("." or "#" or "[", name, value) of what it has."""


def _picked(selector: str) -> _Picked | None:
    """What a selector picks, whatever it is in; None for one that goes by more than names."""
    selector = _SPACED.sub(lambda escape: f"\\{escape[1].zfill(6)}", selector.strip())
    found = _SELECTED.fullmatch(_INSIDE.split(selector)[-1])
    if found is None or not found[0]:
        return None
    parts = _PART.findall(found["rest"])
    return found["name"] or "", [(sign or "[", of_css(name or key), value) for sign, name, key, value in parts]


def _is_named(picked: _Picked) -> bool:
    """Whether it is whatever has one class, one id or one attribute."""
    return not picked[0] and len(picked[1]) == 1 and not picked[1][0][2]


def _way(name: str, parts: list[tuple[str, str, str]]) -> str:
    """What a tag looks like that a selector picks."""
    ways = [rf"(?<=<{name})"] if name else []
    for sign, called, value in parts:
        way = _named(sign, re.escape(called))
        if value:
            way = rf"(?=[^<>]{{0,400}}\s{re.escape(called)}\s?=\s?[\"']?{re.escape(value)}(?=[\"'\s>]))"
        ways.append(way)
    return "".join(ways)


def _named(sign: str, names: str) -> str:
    """What a tag looks like that has one of these as a class, as its id or as an attribute."""
    if sign == "[":
        return rf"(?=[^<>]{{0,400}}\s(?:{names})(?=[\s>=/]))"
    key = "class" if sign == "." else "id"
    return rf"(?=[^<>]{{0,400}}\s{key}\s?=\s?[\"']?(?:[^\s\"'<>]{{1,60}}\s){{0,9}}(?:{names})(?=[\"'\s>]))"


@lru_cache(maxsize=32)
def _hidden(ways: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"{_TAG_NAME}(?:{'|'.join((_ITSELF_UNSEEN, *ways))}){_TAG_END}", re.IGNORECASE)


def unseen(text: str) -> list[tuple[int, int]]:
    """Where elements stand that are not shown, with all in them; one that is never closed goes on to the end."""
    found: list[tuple[int, int]] = []
    last = 0
    for start, end in sorted((*_elements(text), *_like_comments(text))):
        if end > last:
            found.append((max(start, last), end))
            last = end
    return found


def _elements(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    pattern = _begins_unseen(text)
    paper = _STANDS_ON.search(text)
    while (begins := pattern.search(text, at)) is not None:
        at = begins.end()
        if begins[1].lower() in _EMPTY or (begins["pale"] and (_is_on(paper, at) or _OWN_CLASS.search(begins[0]))):
            continue
        depth, at = 1, len(text)
        for tag in re.compile(rf"<(/?){begins[1]}\b[^<>]*>", re.IGNORECASE).finditer(text, begins.end()):
            depth += -1 if tag[1] else 1
            if not depth:
                at = tag.end()
                break
        yield begins.start(), at


def _like_comments(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    missing: set[str] = set()
    while (begins := _FOR_NOBODY.search(text, at)) is not None:
        at = begins.end()
        closing = _ENDS.get(begins[0][:4], ">")
        end = text.find(closing, at) if closing not in missing else -1
        if end < 0:
            missing.add(closing)
            continue
        at = end + len(closing)
        yield begins.start(), at


def _is_on(paper: re.Match[str] | None, end: int) -> bool:
    """Whether what ends here may stand on something."""
    return paper is not None and paper.start() < end


def seen_parts(text: str) -> list[tuple[int, int, str]]:
    """The parts of a text around elements with letters that are not shown; none without such, or with nothing else."""
    parts: list[tuple[int, int, str]] = []
    at = 0
    for start, end in unseen(text):
        if any(map(str.isalnum, _content(text[start:end]))):
            parts.append((at, start, ""))
            at = end
    parts.append((at, len(text), ""))
    is_cut = len(parts) > 1 and has_word(_content("".join(text[start:end] for start, end, _ in parts)))
    return parts if is_cut else []


def _content(text: str) -> str:
    """A text without its tags, but with what is no tag, only like one."""
    return _TAG.sub(" ", text) if not _FOR_NOBODY.match(text) else text
