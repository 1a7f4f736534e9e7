"""What the stretches of texts may hold: each is looked at once, wherever it stands, however often it comes.

Only plain letters, the commonest tags and the commonest placeholders are looked at as they stand; any other stretch is
seen through first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from ..expressions import expression
from ..language import disguise, traces
from ..markup import ACCENTED, OBJECT, variants
from ..markup.characters import REVERSERS
from ..markup.unshown import BEGINS_UNSEEN, STYLED, is_odd
from ..remembering import LONGEST

HOLE = "\x01"
"""Stands for a placeholder in the plain text of a glance, between blanks."""
_BLANKS = " \t\n\r\x0b\x0c"
_NOT_PLAIN = expression(f"[^\n\r\t -~\xa0-\xac\xae-\xb1\xb4-\xb8\xbb\xbf×÷{ACCENTED}–—‘’“”„…•€]")
# Each begins with a set of characters, which the engine looks for at C speed.
_PLACEHOLDER = expression(
    r"[{%](?:(?<=\{)(?:\{\s?([\w.]{1,80})\s?\}\}|(?<!\{\{)([A-Za-z_]\w{0,60})\}(?!\}))|(?<=%)(?<!\d%)([A-Z_]{2,60})%)"
)
_GROUPS = _PLACEHOLDER.groups + 1
_OTHER_PLACEHOLDER = expression(
    r"[{\[\\<$#@%](?:(?<=[{\[\\])|(?<=<)(?=[A-Za-z?])|(?<=[$#])(?=[{|$A-Za-z_])|(?<=\$)(?=\.[A-Za-z]|\[['\"])|(?<![\w.-]@)(?<=@)(?=[A-Za-z(@{])"
    r"|(?<=%)(?=[A-Za-z_(|{%\d]))"
)
_BREAK = expression(r"</?(?:p|br|div|li|ul|ol|tr|td|table|h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ITEM = expression(r"<li(?:\s[^<>]*)?>", re.IGNORECASE)
_INLINE = expression(r"</?(?:a|b|i|u|em|strong|span|font|small)(?:\s[^<>]*)?>", re.IGNORECASE)
_ODD_ENTITY = expression(r"&(?![A-Za-z]{2,8};|\s)")
_MARKS = b"*_~`"
_WORDS = bytes(0x20 if chr(code) in _BLANKS + ',":=+' else code for code in range(256))
_CAPITALS = bytes(
    0x41 if 0x41 <= code <= 0x5A or 0x80 <= code <= 0x9E else 0x20 if code in b" .-_/|\n\r\t\xa0\xb7" else 0x78
    for code in range(256)
)
_SINGLE = bytes(
    0x20 if code < 0x30 or 0x3A <= code < 0x41 or 0x5B <= code < 0x61 or 0x7B <= code < 0x80 else 0x41
    for code in range(256)
)
_NO_LETTER = expression("[\xa1-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf–—‘’“”„…•€]")
_ENDS = expression(rf"(?<=[.!?…]) (?!{HOLE} )|[\r\n]")
"""Where a sentence or a line ends in a text that is not seen through: see ``passages.END``."""
_AROUND_A_HOLE = expression(
    rf"([^\W\d_]{{3,30}})[^\w\s.,!?]{{0,2}}(?: {HOLE} )+(?=[^\w\s.,!?]{{0,2}}([^\W\d_]{{3,30}}))"
)
"""Two parts of a word with a placeholder between them, perhaps."""
_NUMBERS = bytes(0x30 if 0x30 <= code <= 0x39 else 0x41 if 0x41 <= code <= 0x5A else 0x78 for code in range(256))
_BETWEEN = b" -\n\r\t\xc2\xa0" + _MARKS
_CARD = b"0" * 13
_CUT = "\x00"
_REACHES = expression(r"[<>\[\]{}%\u202a-\u202e\u2066-\u2069]|f\(|F\(|@unless")
"""What may reach out of a stretch: tags, conditions, a change of direction."""
_RARE = expression(r"\d(?:[\d.,]\d\d|\d\d)")  # numbers of orders, amounts: the same text seldom comes again
_LAST_WORD = expression(r"\w*\Z")
_LONG_WORD = 20  # letters; no abbreviation is longer
_NEAR = 6  # characters in which a single letter may stand at an end
_LONE_END = expression(r"(?<![^\W_])[^\W_][\W_]{0,3}\Z")
_LONE_START = expression(r"[\W_]{0,3}[^\W_](?![^\W_])")
_MARGIN = " \t\r\n-"
_SENTENCE, _LETTER, _WORD, _NAME = 1, 2, 4, 8  # what may go on from one stretch into the next
_MOST_GLANCES = 12_000  # of about 0.4 KB each
_MOST_STRETCHES = 8_000  # as they are written, beside those that are made alike


class Glance:
    """What a stretch of text may hold, wherever it stands.

    ``mask`` are the traces of its words, ``score`` what they say of the language, ``count`` how many they are,
    ``strange`` to which languages they are strange.
    ``leaves`` and ``meets`` say what might go on from it into the next stretch, and into it from the one before: where
    both do, the two have to be looked at as one.
    """

    __slots__ = ("_bits", "_code", "count", "leaves", "mask", "meets", "names", "plain", "score", "strange")

    def __init__(self, plain: str, mask: int, score: int, count: int, strange: int, names: frozenset[str]) -> None:
        self.plain = plain
        self.mask = mask
        self.score = score
        self.count = count
        self.strange = strange
        self.names = names
        self.leaves = self.meets = 0
        self._code = ""
        self._bits = 0

    def known(self, code: str) -> int | None:
        """The traces in a language, if they are worked out; they are kept for one, as a text is seldom in two."""
        return self._bits if self._code == code else None

    def keep(self, code: str, bits: int) -> None:
        self._code, self._bits = code, bits


APART = Glance("", 0, 0, 0, 0, frozenset())
"""Stands for a stretch that can't be looked at by itself."""


class Glances:
    """The glances at the stretches of texts, for one policy."""

    def __init__(self, known: traces.Traces, values: bool, is_loud: Callable[[str], bool]) -> None:
        """``values``: a number or placeholder that may be somebody's data may be anything; ``is_loud``: whether the
        name of a placeholder may stand for such data.
        """
        self._traces = known
        self._values = values
        self._is_loud = is_loud
        self._known: dict[str, _Known] = {}
        self._written: dict[str, dict[str, Glance]] = {}

    def of(self, value: str, markup: str) -> list[Glance]:
        """The glances at a text's stretches; APART for one that can't be looked at by itself."""
        if len(self._known.get(markup, ())) > _MOST_GLANCES or self._traces.is_full:
            self._forget()
        stretches = _cut(value, markup == "plain")
        written = self._written.setdefault(markup, {})
        found = list(map(written.get, stretches))
        if None in found:
            new = [number for number, glance in enumerate(found) if glance is None]
            for number, glance in zip(new, self._new([stretches[number] for number in new], markup), strict=True):
                found[number] = glance
                if len(stretches[number]) <= LONGEST and not _RARE.search(stretches[number]):
                    written[stretches[number]] = glance
            if len(written) > _MOST_STRETCHES:
                written.clear()
        return found  # type: ignore[return-value]

    def _new(self, stretches: list[str], markup: str) -> Iterable[Glance]:
        """The glances at stretches that did not come as they are written.

        Numbers and names read alike, so that a sentence with a new one need not be looked at anew.
        """
        known = self._known.get(markup)
        if known is None:
            known = self._known[markup] = _Known(lambda stretch: self._at(stretch, markup))
        return map(known.__getitem__, self._traces.alike.of_each(stretches))

    def _forget(self) -> None:
        """Drop all glances, never in the middle of a text: words that are forgotten must stand in none."""
        self._known.clear()
        self._written.clear()
        self._traces.forget()

    def whole(self, value: str, markup: str) -> Glance | None:
        """The glance at a text that can't be cut; None if it may hold anything."""
        return self._made(value, markup) or self._through(value, markup)

    def _at(self, stretch: str, markup: str) -> Glance:
        """The glance at a stretch, APART if it can't be looked at by itself."""
        glance = self._made(stretch, markup)
        if glance is None and not _REACHES.search(stretch) and not BEGINS_UNSEEN.search(stretch):
            glance = self._through(stretch, markup)
        if glance is None:
            return APART
        self._see_ends(glance)
        return glance

    def _see_ends(self, glance: Glance) -> None:
        plain = glance.plain.strip(_MARGIN)
        if not plain:
            return
        before = plain.rstrip(".!?…")
        word = _LAST_WORD.search(before[-_LONG_WORD:])[0]  # type: ignore[index]
        if len(before) < len(plain) and not self._traces.ends_sentence(word):
            glance.leaves |= _NAME if len(word) == 1 and word.isupper() else _SENTENCE
        glance.meets |= _NAME  # "form T. The form": whatever follows; a small letter may be a pronoun: "voor u. Wij"
        if not plain[0].isupper():
            glance.meets |= _SENTENCE | _WORD
        if glance.plain.rstrip(_BLANKS).endswith("-"):
            glance.leaves |= _WORD
        if _LONE_END.search(plain[-_NEAR:]):
            glance.leaves |= _LETTER
        if _LONE_START.match(plain):
            glance.meets |= _LETTER

    def _made(self, value: str, markup: str) -> Glance | None:
        """The glance at a text with nothing but plain letters, usual tags and usual placeholders, else None."""
        text = value
        found: list[str | None] = []
        if "{" in text or "%" in text:
            parts: list[str | None] = _PLACEHOLDER.split(text)
            if len(parts) > 1:
                text = f" {HOLE} ".join(parts[::_GROUPS])  # type: ignore[arg-type]
                del parts[::_GROUPS]
                found = parts
        if markup != "plain":
            if "&" in text:
                if _ODD_ENTITY.search(text):
                    return None
                from html import unescape

                text = unescape(text)
                if "&" in text and _ODD_ENTITY.search(text.replace("& ", "")):
                    return None
            if "<" in text:
                if BEGINS_UNSEEN.search(text) or is_odd(text):
                    return None
                text = _INLINE.sub("", _BREAK.sub("\n", text))
                if "<" in text or ">" in text:
                    return None
        if "f(" in text or "F(" in text or "-\n" in text or "-\r" in text or _OTHER_PLACEHOLDER.search(text):
            return None
        if not text.isascii() and _NOT_PLAIN.search(text.replace(HOLE, "")):
            return None
        return self._seen(text.replace("\xa0", " "), frozenset(name for name in found if name))

    def _through(self, value: str, markup: str) -> Glance | None:
        """The glance at a text whose markup or disguise has to be seen through first; None if it may hold anything."""
        texts = variants(value, markup)
        if len(texts) != 1:
            return None
        plain = texts[0]
        if not plain.text.isascii() and disguise.PIECES.search(plain.text):
            return None
        names = frozenset(placeholder.name for placeholder in plain.placeholders if placeholder.name)
        return self._seen(plain.text.replace(OBJECT, f" {HOLE} "), names)

    def _seen(self, text: str, names: frozenset[str]) -> Glance | None:
        """The glance at a text without markup, a mark where each placeholder stood; None if it may hold anything."""
        known = self._traces
        if HOLE in text and any(known.is_one(*parts.groups()) for parts in _AROUND_A_HOLE.finditer(text)):
            return None
        data = text.encode("utf-8", "surrogatepass")
        apart = data if text.isascii() else _NO_LETTER.sub("-", text).encode("utf-8", "surrogatepass")
        single = b" " + apart.translate(_SINGLE)
        if b" A A A" in single or b" A  A  A" in single or b" A   A   A" in single:
            return None
        if b"A A A" in data.translate(_CAPITALS, b"\xc2\xc3" + _MARKS):
            return None
        said = words(text)
        known.learn(set(said).difference(known.masks))
        mask = 0
        for of in map(known.masks.__getitem__, said):
            mask |= of
        if self._values:
            numbers = data.translate(_NUMBERS, _BETWEEN)
            if b"AA00" in numbers or _CARD in numbers or any(self._is_loud(name) for name in names):
                return None
            if b"0" in numbers:
                mask |= known.digits
        score = sum(map(known.scores.__getitem__, said))
        return Glance(text, mask, score, len(said), self._strange(text, score), names)

    def _strange(self, text: str, score: int) -> int:
        """To which languages a sentence of a stretch is strange."""
        known = self._traces
        text = text.strip()
        if _ENDS.search(text) is None:
            return known.strange(score)
        found = 0
        for sentence in map(words, _ENDS.split(text)):
            found |= known.strange(sum(map(known.scores.__getitem__, sentence)))
        return found


class _Known(dict[str, Glance]):
    """The glances at stretches, each made when it first comes by."""

    def __init__(self, make: Callable[[str], Glance]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, stretch: str) -> Glance:
        glance = self._make(stretch)
        if len(stretch) <= LONGEST:
            self[stretch] = glance
        return glance


def _cut(value: str, is_plain: bool) -> list[str]:
    """The stretches of a text: its lines, which begin with a line end, cut behind every stop.

    They may have to be put together again.
    """
    if _CUT in value:
        return [value]
    text = value.replace(". ", f".{_CUT}").replace("? ", f"?{_CUT}").replace("! ", f"!{_CUT}")
    if is_plain or "<" not in text:
        return text.replace("\n", f"{_CUT}\n").split(_CUT)
    if STYLED.search(text) or any(reverser in text for reverser in REVERSERS):
        return [value]  # what it says of an element holds wherever that stands, and what is turned is so as a whole
    return _BREAK.sub(f"{_CUT}\n", _ITEM.sub(f"{_CUT}\n- ", text)).split(_CUT)


def words(text: str) -> list[bytes]:
    """The words of a glance's text as traces know them."""
    return text.lower().encode("utf-8", "surrogatepass").translate(_WORDS).split()
