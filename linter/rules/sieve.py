"""Which texts of a library any rule of the policy may speak of; the others need no markup parsed and no word tagged.

The look at a text is cheap and errs on one side only: what it calls quiet gives no finding, however it is disguised
(a test compares the findings with and without it). Only plain letters, the commonest tags and the commonest
placeholders are looked at as they stand; any other text is seen through first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..language import analysis, disguise, lexicon, names, pack, segments, statements, traces
from ..language.pack import Pack
from ..language.sentences import Part
from ..language.tracewords import (
    ALL,
    ASK,
    AVOID,
    ELSE,
    GIVE,
    HEALTH,
    IDENTITY,
    LOGIN,
    MONEY,
    NAMES,
    NOT,
    PAIR,
    PRIVATE,
    SAFE,
    WHICH,
    YOUR,
)
from ..markup import OBJECT, is_unchanged, variants
from ..policy.model import Policy, Rule
from ..policy.vocabulary import UNKNOWN
from .captured import plain_name
from .packs import policy_pack


class Look(NamedTuple):
    """What a look at a text tells.

    ``quiet``: no rule about asking, sending or claiming can find anything; ``language``: its language where its words
    leave no doubt, else ""; ``elements``: of the elements of a disclaimer that can be told so, those that it may have;
    ``names``: it may name data that a disclaimer warns of.
    """

    quiet: bool
    language: str
    elements: frozenset[str]
    names: bool

    def may_hold(self, elements: tuple[str, ...]) -> bool:
        """Whether the text may have all of some elements."""
        return all(element in self.elements or element not in TOLD for element in elements)


TOLD = frozenset({"no-sensitive-data", "examples", "safe-alternative"})
"""The elements of a disclaimer that a text can be told not to have."""
LOUD = Look(False, "", TOLD, True)
_HOLE = "\x01"
_BLANKS = " \t\n\r\x0b\x0c"
_NOT_PLAIN = re.compile("[^\n\r\t -~\xa0-\xac\xae-\xb1\xb4-\xb8\xbb\xbf-\u024f–—‘’“”„…•€]")
# Each begins with a set of characters, which the engine looks for at C speed.
_PLACEHOLDER = re.compile(
    r"[{%](?:(?<=\{)(?:\{\s?([\w.]{1,80})\s?\}\}|(?<!\{\{)([A-Za-z_]\w{0,60})\}(?!\}))|(?<=%)(?<!\d%)([A-Z_]{2,60})%)"
)
_GROUPS = _PLACEHOLDER.groups + 1
_OTHER_PLACEHOLDER = re.compile(
    r"[{\[\\<$#@%](?:(?<=[{\[\\])|(?<=<)(?=[A-Za-z?])|(?<=[$#])(?=[{|$A-Za-z_])|(?<![\w.-]@)(?<=@)(?=[A-Za-z(@{])"
    r"|(?<=%)(?=[A-Za-z_(|{%\d]))"
)
_BREAK = re.compile(r"</?(?:p|br|div|li|ul|ol|tr|td|table|h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ITEM = re.compile(r"<li(?:\s[^<>]*)?>", re.IGNORECASE)
_INLINE = re.compile(r"</?(?:a|b|i|u|em|strong|span|font|small)(?:\s[^<>]*)?>", re.IGNORECASE)
_ODD_ENTITY = re.compile(r"&(?![A-Za-z]{2,8};|\s)")
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
_NUMBERS = bytes(0x30 if 0x30 <= code <= 0x39 else 0x41 if 0x41 <= code <= 0x5A else 0x78 for code in range(256))
_BETWEEN = b" -\n\r\t\xc2\xa0" + _MARKS
_CARD = b"0" * 13
_LABELS = (
    "bsn", "burgerservicenummer", "cpf", "dni", "nie", "fiscale", "ssn", "nir", "sociale", "steuer", "steuerid",
)  # fmt: skip
_DISCLAIMER = PRIVATE | AVOID | ELSE | NAMES | IDENTITY | MONEY
_GROUPED = IDENTITY | MONEY | HEALTH | LOGIN
_CUT = "\x00"
_REACHES = re.compile(r"[<>\[\]{}%\u202a-\u202e\u2066-\u2069]|f\(|F\(|@unless")
"""What may reach out of a stretch: tags, conditions, a change of direction."""
_RARE = re.compile(r"\d[\d.,]\d\d|\d{3}")  # numbers of orders, amounts: the same text seldom comes again
_LAST_WORD = re.compile(r"\w*\Z")
_LONG_WORD = 20  # letters; no abbreviation is longer
_NEAR = 6  # characters in which a single letter may stand at an end
_LONE_END = re.compile(r"(?<![^\W_])[^\W_][\W_]{0,3}\Z")
_LONE_START = re.compile(r"[\W_]{0,3}[^\W_](?![^\W_])")
_ASKED = ALL + 1  # beside the traces: what a placeholder stands for may be asked for
_FORBIDDEN = _ASKED << 1  # a word against private data stands in the same stretch as a word for such data
_SETTLED = _FORBIDDEN << 1  # whether the stretch forbids was told by a reading
_ANY = ALL | _ASKED | _FORBIDDEN
_MARGIN = " \t\r\n-"
_CLEARLY_NOT = -1.5  # a score so far below 0 that what the stretches say otherwise than the text can't turn it
_SENTENCE, _LETTER = 1, 2  # what may go on from one stretch into the next
_MOST_GLANCES = 12_000  # of about 0.4 KB each
_MOST_STRETCHES = 8_000  # as they are written, beside those that are made alike
_FIRST_WORDS = 120  # which tell the language
_FEW_WORDS = 5
_REACH = 14  # words before a placeholder among which a "your" may belong to it


class Glance:
    """What a stretch of text may hold, wherever it stands.

    ``mask`` are the traces of its words, ``score`` what they say of the language, ``count`` how many they are.
    ``leaves`` and ``meets`` say what might go on from it into the next stretch, and into it from the one before: where
    both do, the two have to be looked at as one.
    """

    __slots__ = ("_bits", "_code", "count", "leaves", "mask", "meets", "names", "plain", "score")

    def __init__(self, plain: str, mask: int, score: int, count: int, names: frozenset[str]) -> None:
        self.plain = plain
        self.mask = mask
        self.score = score
        self.count = count
        self.names = names
        self.leaves = self.meets = 0
        self._code = ""
        self._bits = 0

    def known(self, code: str) -> int | None:
        """The traces in a language, if they are worked out; they are kept for one, as a text is seldom in two."""
        return self._bits if self._code == code else None

    def keep(self, code: str, bits: int) -> None:
        self._code, self._bits = code, bits


class Sieve:
    """The cheap look at texts, for one policy."""

    def __init__(self, policy: Policy, known: traces.Traces, asked: frozenset[str], sent: frozenset[str]) -> None:
        verbs = {rule.sentence.verb for rule in policy.rules if rule.level != "off"}
        claims = "claiming" in verbs
        self._by_score = "redirecting" not in verbs  # else more than requests counts
        self._policy = policy
        self._asked = asked
        self._sent = sent
        self._unknown = UNKNOWN in asked
        self._among = policy.languages
        self._loud = ASK | _ASKED | SAFE if claims else ASK | _ASKED
        self._traces = known
        self._names: dict[str, bool] = {"else": True}
        self._looks: dict[tuple[bool, str, int], Look] = {}
        self._glances: dict[bool, dict[str, Glance | None]] = {True: {}, False: {}}
        self._written: dict[bool, dict[str, Glance | None]] = {True: {}, False: {}}
        self._own_words(policy, asked | sent)

    def _own_words(self, policy: Policy, categories: frozenset[str]) -> None:
        """The policy's own terms, labels of identity numbers, and accepted texts of disclaimers."""
        empty = lexicon.Lexicon({}, [], [])
        for language in self._traces.languages:
            own = {category: words.get(language, ()) for category, words in policy.terms.items()}
            extended = empty.extended(own).extra
            for path, meaning in extended.entries() if extended is not None else ():
                kind = PRIVATE if categories.isdisjoint(meaning.data) else PRIVATE | ASK
                self._traces.add(path, kind << self._traces.shift(language))
        for place in policy.safe.own:
            self._own_place(place.names)
        for disclaimer in policy.disclaimers.values():
            for text in disclaimer.texts.values():
                words = re.findall(r"[^\W_]+", text.lower())
                for language in self._traces.languages if words else ():
                    self._traces.add([max(words, key=len)], _DISCLAIMER << self._traces.shift(language))
        if self._sent:
            for label in _LABELS:
                self._traces.add([label], self._traces.label)

    def _own_place(self, names: Iterable[str]) -> None:
        """A place of the policy's own is an alternative in every language."""
        own = lexicon.Lexicon({}, [], []).extended({}, tuple(names)).extra
        for path, _ in own.entries() if own is not None else ():
            for language in self._traces.languages:
                self._traces.add(path, ELSE << self._traces.shift(language))

    def look(self, value: str, markup: str, echoes: frozenset[str] = frozenset()) -> Look:
        """What a text may hold. ``echoes`` are the names of what was taken, which a placeholder may repeat."""
        is_plain = markup == "plain"
        known = self._written[is_plain]
        glances = [
            known[stretch] if stretch in known else self._glance(stretch, markup, is_plain)
            for stretch in _cut(value, is_plain)
        ]
        leaves = mask = score = count = 0
        for glance in glances:
            if glance is None or glance.meets & leaves:
                return self._at_once(value, markup, echoes)
            leaves = glance.leaves
            mask |= glance.mask
            if count < _FIRST_WORDS:
                score += glance.score
                count += glance.count
        return self._judged(glances, mask, score, count, echoes)  # type: ignore[arg-type]

    def _at_once(self, value: str, markup: str, echoes: frozenset[str]) -> Look:
        """The look at a text that can't be cut."""
        glance = self._made(value, markup) or self._through(value, markup)
        if glance is None:
            return LOUD
        return self._judged([glance], glance.mask, glance.score, glance.count, echoes)

    def _glance(self, stretch: str, markup: str, is_plain: bool) -> Glance | None:
        """What is known of a stretch, or is from now on; None if it can't be looked at by itself.

        Numbers and names read alike, so that a sentence with a new one need not be looked at anew.
        """
        same = self._traces.alike(stretch)
        known = self._glances[is_plain]
        if same not in known:
            if len(known) > _MOST_GLANCES:
                known.clear()
                self._traces.forget()
            glance = self._made(same, markup)
            if glance is None and not _REACHES.search(same):
                glance = self._through(same, markup)
            if glance is not None:
                self._see_ends(glance)
            known[same] = glance
        found = known[same]
        if not _RARE.search(stretch):
            written = self._written[is_plain]
            if len(written) > _MOST_STRETCHES:
                written.clear()
            written[stretch] = found
        return found

    def _see_ends(self, glance: Glance) -> None:
        plain = glance.plain.strip(_MARGIN)
        if not plain:
            return
        before = plain.rstrip(".!?…")
        if len(before) < len(plain) and not self._traces.ends_sentence(_LAST_WORD.search(before[-_LONG_WORD:])[0]):  # type: ignore[index]
            glance.leaves |= _SENTENCE
        if not plain[0].isupper():
            glance.meets |= _SENTENCE
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
                text = f" {_HOLE} ".join(parts[::_GROUPS])  # type: ignore[arg-type]
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
                text = _INLINE.sub("", _BREAK.sub(" ", text))
                if "<" in text or ">" in text:
                    return None
        if "f(" in text or "F(" in text or _OTHER_PLACEHOLDER.search(text):
            return None
        if not text.isascii() and _NOT_PLAIN.search(text.replace(_HOLE, "")):
            return None
        return self._seen(text, frozenset(name for name in found if name))

    def _through(self, value: str, markup: str) -> Glance | None:
        """The glance at a text whose markup or disguise has to be seen through first; None if it may hold anything."""
        texts = variants(value, markup)
        if len(texts) != 1:
            return None
        plain = texts[0]
        if not plain.text.isascii() and disguise.PIECES.search(plain.text):
            return None
        names = frozenset(placeholder.name for placeholder in plain.placeholders if placeholder.name)
        return self._seen(plain.text.replace(OBJECT, f" {_HOLE} "), names)

    def _seen(self, text: str, names: frozenset[str]) -> Glance | None:
        """The glance at a text without markup, a mark where each placeholder stood; None if it may hold anything."""
        known = self._traces
        data = text.encode("utf-8", "surrogatepass")
        if b" A A A" in b" " + data.translate(_SINGLE):
            return None
        if b"A A A" in data.translate(_CAPITALS, b"\xc2\xc3" + _MARKS):
            return None
        words = _words(text)
        known.learn(set(words).difference(known.masks))
        mask = 0
        for of in map(known.masks.__getitem__, words):
            mask |= of
        if self._sent:
            numbers = data.translate(_NUMBERS, _BETWEEN)
            if b"AA00" in numbers or _CARD in numbers or any(self._is_loud(name) for name in names):
                return None
            if b"0" in numbers:
                mask |= known.digits
        return Glance(text, mask, sum(map(known.scores.__getitem__, words)), len(words), names)

    def _judged(self, glances: list[Glance], mask: int, score: int, count: int, echoes: frozenset[str]) -> Look:
        known = self._traces
        if self._sent and (
            (mask & known.label and mask & known.digits)
            or (echoes and any(self._is_echo(name, echoes) for glance in glances for name in glance.names))
        ):
            return LOUD
        language = known.tell(score, self._among) if count > _FEW_WORDS else ""
        told = 0
        loud = False
        for code in () if not mask else (language,) if language else known.languages:
            bits = 0
            for glance in glances:
                if glance.mask:
                    of = glance.known(code) if language else self._rough(glance, code)
                    bits |= self._bits(glance, code) if of is None else of
            loud = loud or bool(bits & self._loud)
            of_code = _told(bits)
            if language and (of_code & NAMES or of_code & _ALL_TOLD == _ALL_TOLD):
                of_code = _told(self._settled(glances, code))
            told |= of_code
            if self._by_score and language and bits & self._loud == ASK:
                loud = self._may_ask(glances, language)
        key = (not loud, language, told)
        look = self._looks.get(key)
        if look is None:
            elements = frozenset(element for bit, element in _ELEMENTS.items() if told & bit)
            look = self._looks[key] = Look(not loud, language, elements, bool(told & NAMES))
        return look

    def _bits(self, glance: Glance, code: str) -> int:
        """The traces of a stretch in a language; those of asking and claiming only if a reading of it finds them."""
        bits = self._rough(glance, code)
        if bits & (ASK | SAFE):
            bits &= self._read(glance, code)
        glance.keep(code, bits)
        return bits

    def _rough(self, glance: Glance, code: str) -> int:
        known = self._traces
        if glance.mask & known.odd:
            return (ALL | _FORBIDDEN) & ~PAIR
        bits = glance.mask >> known.shift(code) & ALL
        words: list[bytes] = []
        if bits & PAIR:
            words = _words(glance.plain)
            bits = known.paired(words, code, bits)
        if self._unknown and bits & YOUR and bits & (GIVE | WHICH) and _HOLE in glance.plain:  # noqa: SIM102
            if self._asks_unknown(words or _words(glance.plain), code):
                bits |= _ASKED
        return bits | _FORBIDDEN if bits & PRIVATE and bits & (AVOID | NOT) else bits

    def _may_ask(self, glances: list[Glance], code: str) -> bool:
        """Whether a reading of the stretches leaves a doubt that the text asks for data that a rule is about."""
        of = policy_pack(self._policy, code)
        lines: list[tuple[str, bool]] = []
        for glance in glances:
            plain = glance.plain.replace(f" {_HOLE} ", OBJECT)
            begins = plain.startswith("\n") or not lines
            if len(glances) > 1:
                lines.append((plain.strip(), begins))
            else:
                lines += [(plain[start:end], fresh) for start, end, fresh in segments.cut(plain, of.abbreviations)]
        return analysis.may_ask(lines, of, self._asked, _CLEARLY_NOT)

    def _read(self, glance: Glance, code: str) -> int:
        """Traces that a reading leaves: ASK for data that a rule is about, also in disguise, SAFE for a word of it."""
        of = policy_pack(self._policy, code)
        read = self._segments(glance, of)
        if read is None:
            return _ANY
        left = _ANY & ~(ASK | SAFE)
        for part in _parts(read):
            for unit in part.units:
                if unit.tag in "DdPQ" and not self._asked.isdisjoint(unit.data):
                    left |= ASK
                elif unit.tag == "Z":
                    left |= SAFE
        return left

    def _segments(self, glance: Glance, of: Pack) -> list[segments.Segment] | None:
        """The stretch as it is read by itself; None if that tells nothing of it within a text."""
        plain = glance.plain.replace(f" {_HOLE} ", OBJECT)
        if "\n" in plain.strip() or not is_unchanged(plain.replace(OBJECT, "")):
            return None
        read = segments.reader(of)
        return [read(plain[start:end], fresh) for start, end, fresh in segments.cut(plain, of.abbreviations)]

    def _settled(self, glances: list[Glance], code: str) -> int:
        """The traces of a text's stretches; those of forbidding and of places only where a reading finds them."""
        found = 0
        for glance in glances:
            bits = glance.known(code) or 0
            if bits & (_FORBIDDEN | ELSE) and not bits & _SETTLED:
                bits = bits & self._said(glance, code) | _SETTLED
                glance.keep(code, bits)
            found |= bits
        return found

    def _said(self, glance: Glance, code: str) -> int:
        """Traces that a reading leaves: _FORBIDDEN where it tells what not to send, ELSE where it names a place."""
        of = policy_pack(self._policy, code)
        read = self._segments(glance, of)
        if read is None:
            return _ANY
        left = _ANY & ~(_FORBIDDEN | ELSE)
        for part in _parts(read):
            left |= _FORBIDDEN if statements.forbids(part, of) else 0
            left |= ELSE if statements.names_place(part, of, self._policy.safe.kinds) else 0
        return left

    def _is_echo(self, name: str, echoes: frozenset[str]) -> bool:
        return not echoes.isdisjoint((plain_name(name), plain_name(name.rpartition(".")[2])))

    def _is_loud(self, name: str) -> bool:
        """Whether the name of a placeholder may stand for data."""
        loud = self._names.get(name)
        if loud is None:
            known = self._traces
            spelt = names.split(name).encode("utf-8", "surrogatepass").split()
            spelt += [*reversed(spelt), b"".join(spelt)]  # a name may have its words in another order, or as one
            words = set(spelt)
            known.learn(words.difference(known.scores))
            mask = 0
            for word in words:
                mask |= known.masks[word]
            loud = bool(mask & known.odd)
            for code in () if loud else known.languages:
                if mask >> known.shift(code) & ASK or known.paired(spelt, code) & ASK:
                    loud = loud or not self._sent.isdisjoint(names.categories(name, [pack.load(code)]))
            self._names[name] = loud
        return loud

    def _asks_unknown(self, words: list[bytes], code: str) -> bool:
        """Whether a placeholder may stand for what is asked for: "send us your {{x}}"."""
        shift, masks, stop = self._traces.shift(code), self._traces.masks, self._traces.stop
        at = -1
        for _ in range(words.count(b"\x01")):
            at = words.index(b"\x01", at + 1)
            bits = 0
            for back, word in enumerate(reversed(words[:at])):
                mask = masks.get(word, 0)
                if mask & stop:
                    break
                bits |= mask >> shift if back < _REACH else mask >> shift & ~YOUR
                if bits & YOUR and bits & (GIVE | WHICH):
                    return True
                if back == _REACH and not bits & YOUR:
                    break
        return False


def _cut(value: str, is_plain: bool) -> list[str]:
    """The stretches of a text: its lines, which begin with a line end, cut behind every stop.

    They may have to be put together again.
    """
    if _CUT in value:
        return [value]
    text = value.replace(". ", f".{_CUT}").replace("? ", f"?{_CUT}").replace("! ", f"!{_CUT}")
    if is_plain or "<" not in text:
        return text.replace("\n", f"{_CUT}\n").split(_CUT)
    return _BREAK.sub(f"{_CUT}\n", _ITEM.sub(f"{_CUT}\n- ", text)).split(_CUT)


def _parts(read: list[segments.Segment]) -> Iterator[Part]:
    """The sentences, also with disguised words put right."""
    return (part for segment in read for part in (*segment.parts, *segment.seen_through()))


def _words(text: str) -> list[bytes]:
    return text.lower().encode("utf-8", "surrogatepass").translate(_WORDS).split()


_ELEMENTS = {AVOID: "no-sensitive-data", HEALTH: "examples", ELSE: "safe-alternative"}
"""Elements of a disclaimer by one of their traces, which stands for them once they are told."""


_ALL_TOLD = AVOID | HEALTH | ELSE


def _told(bits: int) -> int:
    """The elements of a disclaimer for which there are words, and NAMES."""
    told = bits & (ELSE | NAMES)
    if bits & _FORBIDDEN:
        told |= AVOID
    grouped = bits & _GROUPED
    return told | HEALTH if grouped & (grouped - 1) else told


def _categories(rules: list[Rule], *verbs: str) -> frozenset[str]:
    return frozenset(category for rule in rules if rule.sentence.verb in verbs for category in rule.sentence.data)


_FEW = 100  # texts; reading these takes as long as to load what to look for
_WORTHWHILE = 5_000  # texts; to read these takes about as long as to work out what to look for
_MOST_KEPT = 4  # sieves, of 50 MB each: an editor or a server goes on for days, with policies made anew


class Sieves:
    """The sieves of the policies of a run, each made when it is worth it."""

    def __init__(self) -> None:
        self._sieves: dict[tuple[int, bool], tuple[Policy, Sieve | None]] = {}
        self._texts = 0

    def of(self, policy: Policy, with_flows: bool, texts: int) -> Sieve | None:
        """The sieve for some more texts; None where these are few and what to look for is not in the cache."""
        self._texts += texts
        key = (id(policy), with_flows)
        kept, sieve = self._sieves.pop(key, (None, None))
        if kept is None:
            sieve = _made(policy, with_flows, self._texts)
        if sieve is not None or self._texts >= _WORTHWHILE:
            self._sieves[key] = policy, sieve
            if len(self._sieves) > _MOST_KEPT:
                del self._sieves[next(iter(self._sieves))]
        return sieve


def _made(policy: Policy, with_flows: bool, texts: int) -> Sieve | None:
    if texts < _FEW:
        return None
    rules = [rule for rule in policy.rules if rule.level != "off"]
    asked = _categories(rules, "asking", "redirecting")
    if with_flows:
        asked |= _categories(rules, "disclaimer", "collecting", "sending")  # what is asked for is what is taken
    sent = _categories(rules, "sending")
    known = traces.traces(asked | sent, policy.languages, wait=texts >= _WORTHWHILE)
    return Sieve(policy, known, asked, sent) if known is not None else None
