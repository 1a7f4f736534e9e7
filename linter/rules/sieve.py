"""Which texts of a library any rule of the policy may speak of; the others need no markup parsed and no word tagged.

The look at a text is cheap and errs on one side only: what it calls quiet gives no finding, however it is disguised
(a test compares the findings with and without it).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ..language import (
    alternatives,
    analysis,
    claims,
    forbidding,
    groups,
    implying,
    lexicon,
    names,
    segments,
    traces,
)
from ..language.pack import Pack
from ..language.sentences import Part
from ..language.telling import NUMBERED, SECRETS
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
from ..language.wrapping import unwrapped
from ..markup import OBJECT, goes_on, is_unchanged, plain, shortened, variants, without_breaks, without_quotation
from ..markup.misread import reread
from ..policy.model import Policy, Rule
from ..policy.vocabulary import UNKNOWN, plain_name
from .glances import APART, HOLE, Glance, Glances
from .glances import words as words_of
from .packs import naming_pack, policy_pack


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
_LABELS = (
    "bsn", "burgerservicenummer", "cpf", "dni", "nie", "fiscale", "ssn", "nir", "sociale", "steuer", "steuerid",
)  # fmt: skip
_DISCLAIMER = PRIVATE | AVOID | ELSE | NAMES | IDENTITY | MONEY
_GROUPED = IDENTITY | MONEY | HEALTH | LOGIN
_ASKED = ALL + 1  # beside the traces: what a placeholder stands for may be asked for
_FORBIDDEN = _ASKED << 1  # a word against private data stands in the same stretch as a word for such data
_SETTLED = _FORBIDDEN << 1  # whether the stretch forbids or names a place was told by a reading
_SECRET = _SETTLED << 1  # a reading finds a name whose value may stand beside it
_DENIES = _SECRET << 1  # a reading finds that what another stretch names is forbidden
_HEARD = _DENIES << 1  # whether the stretch denies was told by a reading
_OF_DISCLAIMERS = _FORBIDDEN | ELSE | NAMES
_ANY = ALL | _ASKED | _FORBIDDEN | _SECRET | _DENIES
_CLEARLY_NOT = -1.5  # a score so far below 0 that what the stretches say otherwise than the text can't turn it
_FIRST_WORDS = 120  # which tell the language
_FEW_WORDS = 5
_BEHIND = 60  # characters behind a stretch with a name, and the stretch that they end in, where its value may stand
_REACH = 14  # words before a placeholder among which a "your" may belong to it


def _with_whole_sentences(value: str, markup: str) -> str | None:
    """The text without line ends inside of sentences; None where these are known once its markup is seen through."""
    if is_unchanged(value):
        return unwrapped(value)
    plains = variants(value, markup)
    return value if len(plains) == 1 and unwrapped(plains[0].text) == plains[0].text else None


class Sieve:
    """The cheap look at texts, for one policy."""

    def __init__(self, policy: Policy, known: traces.Traces, asked: frozenset[str], sent: frozenset[str]) -> None:
        verbs = {rule.sentence.verb for rule in policy.in_force}
        claims = "claiming" in verbs
        self._by_score = "redirecting" not in verbs  # else more than requests counts
        self._policy = policy
        self._asked = asked
        self._sent = sent
        self._told = (SECRETS | NUMBERED) & sent
        self._unknown = UNKNOWN in asked
        self._among = policy.languages
        self._loud = ASK | _ASKED | SAFE if claims else ASK | _ASKED
        self._traces = known
        self._names: dict[str, bool] = {"else": True}
        self._accepted: list[str] = []  # of each accepted text of a disclaimer the longest word
        self._looks: dict[tuple[bool, str, int], Look] = {}
        self._glances = Glances(known, bool(sent), self._is_loud)
        self._own_words(policy, asked | sent)

    def _own_words(self, policy: Policy, categories: frozenset[str]) -> None:
        """The policy's own terms, labels of identity numbers, and accepted texts of disclaimers."""
        for language in self._traces.languages:
            named = any(words.get(language) for words in policy.terms.values())
            extended = policy_pack(policy, language).lexicon.extra if named else None
            for path, meaning in extended.entries(lambda one: one.tag in lexicon.DATA) if extended is not None else ():
                kind = PRIVATE if categories.isdisjoint(meaning.data) else PRIVATE | ASK
                self._traces.add(path, kind << self._traces.shift(language))
        for place in policy.safe.own:
            self._own_place(place.names)
        for disclaimer in policy.disclaimers.values():
            for text in disclaimer.texts.values():
                self._own_text(re.findall(r"[^\W_]+", plain(text).text.lower()))
        if self._sent:
            for label in _LABELS:
                self._traces.add([label], self._traces.label)

    def _own_text(self, words: list[str]) -> None:
        """A text that holds the longest word of an accepted one may be that."""
        if words:
            self._accepted.append(max(words, key=len))
            for language in self._traces.languages:
                self._traces.add(self._accepted[-1:], _DISCLAIMER << self._traces.shift(language))

    def _own_place(self, names: Iterable[str]) -> None:
        """A place of the policy's own is an alternative in every language."""
        own = lexicon.Lexicon({}, [], []).extended({}, tuple(names)).extra
        for path, _ in own.entries() if own is not None else ():
            for language in self._traces.languages:
                self._traces.add(path, ELSE << self._traces.shift(language))

    def look(self, value: str, markup: str, echoes: frozenset[str] = frozenset()) -> Look:
        """What a text may hold. ``echoes`` are the names of what was taken, which a placeholder may repeat."""
        value = reread(without_breaks(shortened(without_quotation(value)), markup))
        if goes_on(value, markup):
            settled = _with_whole_sentences(value.replace("\r\n", "\n"), markup)
            if settled is None:
                return LOUD
            value = settled
        glances = self._glances.of(value, markup)
        leaves = mask = score = count = 0
        for glance in glances:
            if glance is APART or glance.meets & leaves:
                return self._at_once(value, markup, echoes)
            leaves = glance.leaves
            mask |= glance.mask
            if count < _FIRST_WORDS:
                score += glance.score
                count += glance.count
        return self._judged(glances, mask, score, count, echoes)

    def _at_once(self, value: str, markup: str, echoes: frozenset[str]) -> Look:
        """The look at a text that can't be cut."""
        glance = self._glances.whole(value, markup)
        if glance is None:
            return LOUD
        return self._judged([glance], glance.mask, glance.score, glance.count, echoes)

    def _judged(self, glances: list[Glance], mask: int, score: int, count: int, echoes: frozenset[str]) -> Look:
        language = self._language(glances, score, count)
        if language is None or (self._sent and self._may_hold_values(glances, mask, echoes)):
            return LOUD
        told = 0
        loud = False
        for code in () if not mask else (language,) if language else self._traces.languages:
            bits = self._bits_of_all(glances, code, bool(language))
            told |= self._elements(glances, code, bits) if language else _told(bits)
            if self._by_score and language and bits & self._loud == ASK:
                secret = bool(bits & _SECRET) and _has_values(glances, language)
                loud = secret or self._may_ask(glances, language)
            else:
                loud = loud or bool(bits & self._loud)
        key = (not loud, language, told)
        look = self._looks.get(key)
        if look is None:
            elements = frozenset(element for bit, element in _ELEMENTS.items() if told & bit)
            look = self._looks[key] = Look(not loud, language, elements, bool(told & NAMES))
        return look

    def _language(self, glances: list[Glance], score: int, count: int) -> str | None:
        """The language of a text, "" where it may be any; None where it may be one that the policy does not name."""
        if count <= _FEW_WORDS:
            return None if self._among and self._traces.may_be_other(score, self._among) else ""
        language = self._traces.tell(score, self._among)
        if language and self._is_mixed(glances, language):
            language = ""
        return None if self._among and not language else language

    def _may_hold_values(self, glances: list[Glance], mask: int, echoes: frozenset[str]) -> bool:
        """Whether a number stands beside the label of an identity number, or a placeholder repeats what was taken."""
        if mask & self._traces.label and mask & self._traces.digits:
            return True
        return bool(echoes) and any(self._is_echo(name, echoes) for glance in glances for name in glance.names)

    def _bits_of_all(self, glances: list[Glance], code: str, is_sure: bool) -> int:
        """The traces of a text's stretches in a language; ``is_sure``: the text is in it."""
        bits = 0
        for glance in glances:
            if glance.mask:
                of = glance.known(code) if is_sure else self._rough(glance, code)
                bits |= self._bits(glance, code) if of is None else of
        return bits

    def _elements(self, glances: list[Glance], code: str, bits: int) -> int:
        """What a text in a language may have of a disclaimer; that it forbids, and the rest then, only where a reading
        says so. One that forbids nothing is no disclaimer, nor near to one that has to.
        """
        told = _told(bits)
        if not told & AVOID:
            return told
        settled = self._settled(glances, code, _FORBIDDEN)
        if not settled & _FORBIDDEN:
            named = told & _ALL_TOLD == _ALL_TOLD or self._settled(glances, code, NAMES) & NAMES
            if not (named and _is_across(settled) and self._forbids_named(glances, code)):
                return _told(settled & ~(AVOID | NOT))
        return _told(self._settled(glances, code, _OF_DISCLAIMERS) & ~(AVOID | NOT)) | AVOID

    def _forbids_named(self, glances: list[Glance], code: str) -> bool:
        """Whether a stretch may forbid to give here what another one names."""

        def said(part: Part, of: Pack) -> int:
            return _DENIES if forbidding.forbids_named(part) or implying.may_imply(part, of) else 0

        found = 0
        for glance in glances:
            bits = glance.known(code) or 0
            if bits & (AVOID | NOT) and not bits & _HEARD:
                bits |= self._left(glance, code, _DENIES, said) & _DENIES | _HEARD
                glance.keep(code, bits)
            found |= bits
        return bool(found & _DENIES)

    def _is_mixed(self, glances: list[Glance], language: str) -> bool:
        """Whether a sentence may be in another language than the text as a whole."""
        bit = 1 << self._traces.told.index(language)
        return any(glance.strange & bit for glance in glances)

    def _bits(self, glance: Glance, code: str) -> int:
        """The traces of a stretch in a language; those of asking and claiming only if a reading of it finds them."""
        bits = self._rough(glance, code)
        if bits & (ASK | SAFE):
            bits = (bits | _SECRET) & self._read(glance, code, bits & SAFE != 0)
        glance.keep(code, bits)
        return bits

    def _rough(self, glance: Glance, code: str) -> int:
        known = self._traces
        if glance.mask & known.odd:
            return (ALL | _FORBIDDEN) & ~PAIR
        bits = glance.mask >> known.shift(code) & ALL
        words: list[bytes] = []
        if bits & PAIR:
            words = words_of(glance.plain)
            bits = known.paired(words, code, bits)
        may_ask = self._unknown and bits & YOUR and bits & (GIVE | WHICH) and HOLE in glance.plain
        if may_ask and self._asks_unknown(words or words_of(glance.plain), code):
            bits |= _ASKED
        return bits | _FORBIDDEN if bits & PRIVATE and bits & (AVOID | NOT) else bits

    def _may_ask(self, glances: list[Glance], code: str) -> bool:
        """Whether a reading of the stretches leaves a doubt that the text asks for data that a rule is about."""
        of = policy_pack(self._policy, code)
        plains = [glance.plain.replace(f" {HOLE} ", OBJECT) for glance in glances]
        text = "".join(("\n" if plain.startswith("\n") else " ") + plain.strip() for plain in plains).strip()
        lines = [(text[start:end], fresh) for start, end, fresh in segments.cut(text, of.abbreviations)]
        return analysis.may_ask(lines, of, self._asked, _CLEARLY_NOT)

    def _read(self, glance: Glance, code: str, may_claim: bool) -> int:
        """Traces that a reading leaves: ASK for data that a rule is about, also in disguise, SAFE for a word of it
        where a stretch has one.
        """

        def said(part: Part, of: Pack) -> int:
            found = 0
            for unit in part.units:
                if unit.tag in lexicon.DATA:
                    if not self._told.isdisjoint(unit.data):
                        found |= ASK | _SECRET
                    elif not self._asked.isdisjoint(unit.data):
                        found |= ASK
            return found | SAFE if may_claim and claims.may_claim(part, of) else found

        return self._left(glance, code, ASK | SAFE | _SECRET, said)

    def _left(self, glance: Glance, code: str, of_these: int, said: Callable[[Part, Pack], int]) -> int:
        """The traces that a reading of a stretch leaves: ``of_these`` only those that a sentence of it says."""
        of = policy_pack(self._policy, code)
        plain = glance.plain.replace(f" {HOLE} ", OBJECT)
        if "\n" in plain.strip() or not is_unchanged(plain.replace(OBJECT, "")):
            return _ANY  # read by itself it tells nothing of what it is within a text
        left = _ANY & ~of_these
        read = segments.reader(of)
        for start, end, fresh in segments.cut(plain, of.abbreviations):
            segment = read(plain[start:end], ())
            parts, seen = segment.parts(fresh), segment.seen_through(fresh)
            for part in parts if seen is parts else (*parts, *seen):
                left |= said(part, of)
        return left

    def _settled(self, glances: list[Glance], code: str, among: int) -> int:
        """The traces of a text's stretches; those of forbidding, of places and of names only where a reading finds
        them. Only stretches with traces ``among`` these are read.
        """
        found = 0
        for glance in glances:
            bits = glance.known(code) or 0
            if bits & among and not bits & _SETTLED:
                bits = bits & self._said(glance, code) | _SETTLED
                glance.keep(code, bits)
            found |= bits
        return found

    def _said(self, glance: Glance, code: str) -> int:
        """Traces that a reading leaves: _FORBIDDEN where it tells what not to send, ELSE where it names a place, NAMES
        where it names what a disclaimer warns of, or may be a part of an accepted text.
        """

        def said(part: Part, of: Pack) -> int:
            left = _FORBIDDEN if forbidding.forbids(part, of) or implying.may_imply(part, of) else 0
            left |= ELSE if alternatives.names_place(part, of, self._policy.safe.kinds) else 0
            return left | (NAMES if "$" in part.tags or groups.names_warned(part) else 0)

        lower = glance.plain.lower()
        accepted = NAMES if any(word in lower for word in self._accepted) else 0
        return self._left(glance, code, _OF_DISCLAIMERS, said) | accepted

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
                    loud = loud or not self._sent.isdisjoint(names.categories(name, [naming_pack(self._policy, code)]))
            self._names[name] = loud
        return loud

    def _asks_unknown(self, words: list[bytes], code: str) -> bool:
        """Whether a placeholder may stand for what is asked for: "send us your {{x}}"."""
        shift, masks, stop = self._traces.shift(code), self._traces.masks, self._traces.stop
        given, yours = False, -_REACH - 1
        for at, word in enumerate(words):
            if word == b"\x01" and given and at - yours <= _REACH:
                return True
            mask = masks.get(word, 0)
            if mask & stop:
                given, yours = False, -_REACH - 1
                continue
            bits = mask >> shift
            given = given or bits & (GIVE | WHICH) != 0
            if bits & YOUR:
                yours = at
        return False


_ELEMENTS = {AVOID: "no-sensitive-data", HEALTH: "examples", ELSE: "safe-alternative"}
"""Elements of a disclaimer by one of their traces, which stands for them once they are told."""
_ALL_TOLD = AVOID | HEALTH | ELSE


def _has_values(glances: list[Glance], code: str) -> bool:
    """Whether a placeholder or a number, which may be its value, stands near a name: with it or in a stretch before or
    behind it, of those that say anything.
    """
    said = [glance for glance in glances if glance.plain.strip()]
    naming = [number for number, glance in enumerate(said) if (glance.known(code) or 0) & _SECRET]
    return any(_has_value(glance) for number in naming for glance in _near(said, number))


def _near(glances: list[Glance], number: int) -> Iterator[Glance]:
    """A stretch, the one before it, and those behind it in which a value may stand."""
    yield from glances[max(0, number - 1) : number + 1]
    reach = _BEHIND
    for glance in glances[number + 1 :]:
        yield glance
        reach -= len(glance.plain)
        if reach < 0:
            return


def _has_value(glance: Glance) -> bool:
    return HOLE in glance.plain or any(map(str.isdigit, glance.plain))


def _is_across(bits: int) -> bool:
    """Whether one sentence may forbid what another one names."""
    return bool(bits & PRIVATE and bits & (AVOID | NOT))


def _told(bits: int) -> int:
    """The elements of a disclaimer for which there are words, and NAMES."""
    told = bits & (ELSE | NAMES)
    if bits & _FORBIDDEN or _is_across(bits):
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
    rules = policy.in_force
    asked = _categories(rules, "asking", "redirecting")
    if with_flows:
        asked |= _categories(rules, "disclaimer", "collecting", "sending")  # what is asked for is what is taken
    sent = _categories(rules, "sending")
    known = traces.traces(asked | sent, policy.languages, wait=texts >= _WORTHWHILE)
    return Sieve(policy, known, asked, sent) if known is not None else None
