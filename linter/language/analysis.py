"""A text to its acts: who asks whom for what, what is forbidden, promised, sent elsewhere."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf

from .acts import Act
from .leading import Range, within
from .lexicon import DATA
from .links import PURPOSE
from .pack import Pack
from .passages import only, passages
from .phrases import phrases
from .proposals import Found, Proposal, local, propose
from .segments import cut, reader, skimmer
from .sentences import REFERRING, Sentence, put_headers
from .wrapping import unwrapped

_PLACEHOLDER = "*"
_SPANS = "spans"
_DATA_OR_PLACEHOLDER = DATA | {_PLACEHOLDER}
_NAMED = DATA | {"O"}
"""A datum, or the number of something: "your customer number"."""
_DENIALS = ("IT_NEVER", "IT_NOBODY", "FORBID_", "PROMISE_")
_ASKS_ALONE = frozenset({"ASK_COMMAND", "ASK_CAN", "ASK_NEED", "ASK_WE_NEED", "ASK_POLITE", "ASK_WH"})
_ASKING_HEADER = frozenset({"IT_NEED", "IT_COMMAND", "IT_HERE", "IT_CAN"})
_CLAUSE = re.compile("[wWyQGlNAOk]")
"""What a list of data has not: somebody who does something, a command, a question, "is enough"."""
_NEVER_ASKS = "PROMISE_NOT_YOURS"
"""Where a "not your" stands right before the datum, nothing beside it asks for it after all."""
_FORCE_BY_PREFIX = {"FORBID": "prohibition", "PROMISE": "assurance", "AWAY": "redirect"}


@dataclass(slots=True)
class Reading:
    """All that was made of a text on the way to its acts; ``inspect`` draws it."""

    text: str
    pack: Pack
    sentences: list[Sentence]
    proposals: list[Proposal]

    def sentence_at(self, place: int) -> Sentence | None:
        """The last sentence that begins at or before a place of the text; None before the first."""
        number = bisect_right(self.sentences, place, key=_begins)
        return self.sentences[number - 1] if number else None


def _begins(sentence: Sentence) -> int:
    return sentence.span(0, 1)[0] if sentence.units else sentence.at


def read(text: str, pack: Pack, linked: Sequence[Range] = ()) -> Reading:
    """Tag a text, find its constructions and propose what may be asked for; ``linked`` is where its links stand."""
    return _read(unwrapped(text), pack, linked)


def _read(text: str, pack: Pack, linked: Sequence[Range]) -> Reading:
    read_segment = reader(pack)
    stretches = cut(text, pack.abbreviations)
    links = within(linked, text, ((start, end) for start, end, _ in stretches))
    segments = [read_segment(text[start:end], of) for (start, end, _), of in zip(stretches, links, strict=True)]
    strong = any(segment.strong for segment in segments)
    sentences = [
        Sentence(part, stretch.start, part.tags, part.units, [])
        for stretch, segment in zip(stretches, segments, strict=True)
        for part in (segment.seen_through(stretch.fresh) if strong else segment.parts(stretch.fresh))
    ]
    return Reading(text, pack, sentences, _proposals(sentences, pack))


def readings(text: str, language: str, pack_of: Callable[[str], Pack], linked: Sequence[Range] = ()) -> list[Reading]:
    """A text read in each language that it has passages in, that of its first passage first.

    ``language`` is that of the text as a whole, "" if none is likely; ``linked`` is where its links stand. In each
    reading blanks stand for what is in other languages, so that places hold in the text.
    """
    text = unwrapped(text)
    among = passages(text, language)
    codes = [code for code in dict.fromkeys(one.code for one in among) if code]
    if len(among) == 1:
        return [_read(text, pack_of(code), linked) for code in codes]
    return [_read(only(text, among, code), pack_of(code), linked) for code in codes]


def may_ask(lines: Iterable[tuple[str, bool]], pack: Pack, categories: frozenset[str], least: float) -> bool:
    """Whether a text asks for data of some categories with a score above ``least``, or for a part of them.

    The text is given in stretches, each with whether a line begins with it; numbers in it may have been made alike.
    """
    skim = skimmer(pack)
    gists = [skim(text, fresh) for text, fresh in lines]
    strong = any(gist.strong for gist in gists)
    sentences = [
        Sentence(part, 0, part.tags, part.units, []) for gist in gists for part in (gist.seen if strong else gist.parts)
    ]
    return any(
        score(proposal, pack.weights) > least
        or any(name.startswith("PART_") for name in _constructions_at(sentences, proposal))
        for proposal in _proposals(sentences, pack, categories)
    )


def _proposals(sentences: list[Sentence], pack: Pack, among: frozenset[str] | None = None) -> list[Proposal]:
    """What a text may ask for, as if nobody had said "great" between the sentences."""
    put_headers(sentences)
    if all(_DATA_OR_PLACEHOLDER.isdisjoint(sentence.tags) for sentence in sentences):
        return []
    for sentence in sentences:
        sentence.spans = _spans(sentence, pack)
    places = _without_asides(sentences)
    if len(places) == len(sentences):
        return propose(sentences, pack.groups, among)
    said = [sentences[place] for place in places]
    put_headers(said)
    found = [replace(one, sentence=places[one.sentence]) for one in propose(said, pack.groups, among)]
    put_headers(sentences)
    return found


def _without_asides(sentences: list[Sentence]) -> list[int]:
    """The places of the sentences but for those between others that change nothing."""
    kept: list[int] = []
    for place in reversed(range(len(sentences))):
        if not (kept and place and _is_aside(sentences[place], sentences[place - 1], sentences[kept[-1]])):
            kept.append(place)
    return kept[::-1]


def _is_aside(sentence: Sentence, before: Sentence, following: Sentence) -> bool:
    """Whether a sentence is no more than "Great." or "Very good!", or something that changes nothing for one behind it
    which wants what was named before: "It may take a minute. Got it? Type it here".
    """
    if sentence.part.item or sentence.part.clause or before.part.colon:
        return False
    if _INTERJECTION.match(sentence.tags):
        return True
    wanted = following.refers and _WANTS_IT.match(following.tags) is not None
    return wanted and _SAID_BESIDE.match(sentence.tags) is not None


_WANTS_IT = re.compile("[^xkcDdPQO]*[GANW][^DdPQO]*$")  # not "Find another player's code and enter it here"
_INTERJECTION = re.compile("(?:_x?|x)[.!+]+$|_$")  # "Great.", "Very good!", "ok" in a line of its own
_SAID_BESIDE = re.compile("[_xMCl9bhtw,+]{1,7}[.!]*$|[_xCl9bhtwySV,+]{1,6}[?]$")  # nothing asked, denied, or elsewhere


def constructions(reading: Reading) -> set[str]:
    """The names of all constructions in a text, also of one in which no data are named."""
    return {name for sentence in reading.sentences for name, _, _ in _spans(sentence, reading.pack)}


def _spans(sentence: Sentence, pack: Pack) -> list[Found]:
    """The constructions in a sentence; what it wants of one before it goes for all of it."""
    known = sentence.part.memo
    if _SPANS not in known:
        found = pack.found(sentence.tags)
        shown = known[REFERRING] if _names_none(sentence, pack) else ""
        wanted = pack.referred(shown) if shown else ()
        known[_SPANS] = [*found, *((name, 0, len(sentence.tags)) for name, _, _ in wanted)] if wanted else found
    return known[_SPANS]  # type: ignore[no-any-return]


def _names_none(sentence: Sentence, pack: Pack) -> bool:
    """Whether a sentence names no data but what another one is wanted for: "Type it here to confirm your account"."""
    return all(pack.links.of(sentence, place) == PURPOSE for place in sentence.data())


def _constructions_at(sentences: list[Sentence], proposal: Proposal) -> tuple[str, ...]:
    """The constructions that hold the datum of a proposal."""
    return local(sentences[proposal.sentence], proposal.first).inside


def score(proposal: Proposal, weights: dict[str, float]) -> float:
    """The sum of the weights of a proposal's features; above 0 the text asks.

    Rounded, so that a sum of nothing is nothing in whichever order, and by whichever Python, it is added up.
    """
    return round(weights.get("bias", 0.0) + proposal.weight(weights), 6)


def reasons(proposal: Proposal, weights: dict[str, float], most: int) -> tuple[tuple[str, float], ...]:
    """The features that counted most, greatest first."""
    parts = [(feature, weights[feature]) for feature in dict.fromkeys(proposal.features) if feature in weights]
    parts.sort(key=lambda part: (-abs(part[1]), part[0]))
    return tuple(parts[:most])


def acts(reading: Reading) -> list[Act]:
    """The acts of a text in order; for a category asked for several times, each place."""
    found: list[Act] = []
    judged: dict[int, Act] = {}  # by the groups of a proposal, on which a verdict hangs
    for proposal in reading.proposals:
        act = judged.get(id(proposal.groups))
        if act is None:
            found.append(_act(reading, proposal))
            judged[id(proposal.groups)] = found[-1]
        else:
            found.append(_again(reading, proposal, act))
    return found + list(_unknown(reading))


def _again(reading: Reading, proposal: Proposal, act: Act) -> Act:
    """The act of a proposal that is judged as another one was."""
    start, end, term = _placed(reading, proposal)
    return Act(
        act.force,
        act.data,
        start,
        end,
        term,
        act.partial,
        act.shielded,
        act.places,
        act.construction,
        act.score,
    )


def _placed(reading: Reading, proposal: Proposal) -> tuple[int, int, str]:
    """Where the words of a proposal stand, and its term as it is written there."""
    sentence = reading.sentences[proposal.sentence]
    own = start, end = sentence.span(proposal.first, proposal.last)
    if proposal.shown:
        start, end = sentence.span(*proposal.shown)
    return start, end, reading.text[slice(*own)]


def _unknown(reading: Reading) -> Iterator[Act]:
    """Requests whose object is a placeholder: what they ask for is not in the text."""
    for sentence in reading.sentences:
        if _PLACEHOLDER not in sentence.tags:
            continue
        blocked = any(name.startswith(("FORBID_", "PROMISE_", "IT_NEVER")) for name, _, _ in sentence.spans)
        for name, first, last in sentence.spans:
            if name == "ASK_UNKNOWN" and not blocked:
                start, end = sentence.span(first, last)
                yield Act("request", "unknown", start, end, reading.text[start:end], construction=name, score=1.0)


def _act(reading: Reading, proposal: Proposal) -> Act:
    weights = reading.pack.weights
    sentence = reading.sentences[proposal.sentence]
    value = score(proposal, weights)
    start, end, term = _placed(reading, proposal)
    inside = _constructions_at(reading.sentences, proposal)
    partial = any(name.startswith("PART_") for name in inside)
    shielded = any(name.startswith("MASK_") for name in inside)
    denied = value <= 0 or _denied(reading, sentence) or _is_left_out(reading.pack, sentence, proposal.first)
    request = not denied and _NEVER_ASKS not in inside
    partial = partial and not request
    construction = _construction(inside, "ASK_" if request else "", weights)
    places = _places_led(reading, proposal.sentence)
    force = "request" if request or partial else _other_force(inside)
    if force not in ("request", "redirect"):
        listed = force == "mention" and _is_listed_away(reading, proposal.sentence)
        away = listed or _only_not_here(inside)
        there = places if away else _sent_next(reading, proposal.sentence)
        if there:
            force, places = "redirect", there
    return Act(
        force=force,
        data=proposal.category,
        start=start,
        end=end,
        term=term,
        partial=partial,
        shielded=shielded,
        places=places,
        construction=construction,
        score=round(value, 2),
    )


def _is_left_out(pack: Pack, sentence: Sentence, place: int) -> bool:
    """Whether the customer may send all but a datum: "send me anything here except your card number"; but not
    "send nothing except your IBAN".
    """
    tags = sentence.tags
    return "G" in tags[:place] and any(
        _LISTED.issuperset(tags[last:place]) and _MAY_SEND.search(tags, 0, first)
        for first, last in phrases(pack, sentence, "except")
        if last <= place and _NOTHING_BUT.isdisjoint(tags[first:last])
    )


_LISTED = frozenset("_r#K,|&gDdPQ")
_NOTHING_BUT = frozenset("8l")
_MAY_SEND = re.compile("G[^.?!;:~NVSh]*$")


def _only_not_here(inside: tuple[str, ...]) -> bool:
    """Whether a datum is to be given at another place, and no more is forbidden than to give it here."""
    forbidding = {name for name in inside if name.startswith("FORBID_")}
    return bool(forbidding) and forbidding <= _NOT_HERE and any(name.startswith("AWAY_") for name in inside)


_NOT_HERE = frozenset(("FORBID_NEEDED_NOT_HERE", "FORBID_NOT_INTO_CHAT", "FORBID_BUT_NOT_HERE"))


def _is_listed_away(reading: Reading, number: int) -> bool:
    """Whether a sentence is the list of what another place is to get: "By e-mail: your IBAN"."""
    label = reading.sentences[number - 1] if number else None
    return label is not None and label.tags.endswith(":") and any(name == "IT_LIST_AWAY" for name, _, _ in label.spans)


def _sent_next(reading: Reading, number: int) -> tuple[str, ...]:
    """The places to which the sentence behind one sends what that names: "We can't take it here. Please e-mail it."."""
    following = reading.sentences[number + 1] if number + 1 < len(reading.sentences) else None
    if following is None or not DATA.isdisjoint(following.tags) or not _SENT.search(following.tags):
        return ()
    refers = following.refers or any(
        unit.tag == "E" and reading.pack.pronouns.held_by(unit, following.tokens) for unit in following.units
    )
    return _places(reading, following) if refers else ()


_SENT = re.compile("^[^nva0z]*[E@]")
_PLACES = frozenset("E@")


def _places_led(reading: Reading, number: int) -> tuple[str, ...]:
    """The places that a sentence names, a label before it, or what it is the label of: "Two things by e-mail: …"."""
    sentences = reading.sentences
    names = [sentences[number]]
    if number and sentences[number - 1].tags.endswith(":") and not _DENIED.match(names[0].tags):
        names.append(sentences[number - 1])
    if names[0].tags.endswith(":") and number + 1 < len(sentences) and "G" not in sentences[number + 1].tags:
        names.append(sentences[number + 1])
    return tuple(sorted({place for sentence in names for place in _places(reading, sentence)}))


_DENIED = re.compile("[_xp]{0,2}[nvza]")


def _places(reading: Reading, sentence: Sentence) -> tuple[str, ...]:
    """The kinds of place that a sentence names, in the order of the alphabet."""
    if not _PLACES.intersection(sentence.tags):
        return ()
    kinds = {unit.data[0] for unit in sentence.units if unit.tag == "E" and unit.data}
    addresses = [at for at, tag in enumerate(sentence.tags) if tag == "@"]
    if any(_is_mail(reading, sentence, at) for at in addresses):
        kinds.add("email")
    elif addresses and not kinds:
        kinds.add("website")
    return tuple(sorted(kinds))


def _is_mail(reading: Reading, sentence: Sentence, place: int) -> bool:
    """Whether an address is one of e-mail, not of a page."""
    start, end = sentence.span(place, place + 1)
    return "@" in reading.text[start:end] and "/" not in reading.text[start:end]


def _denied(reading: Reading, sentence: Sentence) -> bool:
    """Whether a line stands in a list whose header forbids it or promises not to ask ("We never ask for:")."""
    if sentence.header < 0 or any(name in _ASKS_ALONE for name, _, _ in sentence.spans):
        return False
    header = reading.sentences[sentence.header]
    if not (sentence.part.line or sentence.part.item) and _explains(header, sentence):
        return False
    spans = header.spans
    denials = [first for name, first, _ in spans if name.startswith(_DENIALS)]
    asks = [first for name, first, _ in spans if name in _ASKING_HEADER]
    return bool(denials) and min(denials) < min(asks, default=inf)


def _explains(header: Sentence, sentence: Sentence) -> bool:
    """Whether what follows a denial of one datum goes on about another: "No password needed: just your e-mail"."""
    return not _NAMED.isdisjoint(header.tags) and _CLAUSE.search(sentence.tags) is not None


def _construction(inside: tuple[str, ...], prefix: str, weights: dict[str, float]) -> str:
    names = (
        [name for name in dict.fromkeys(inside) if name.startswith(prefix)] if prefix else list(dict.fromkeys(inside))
    )
    if not names:
        return ""
    sign = 1 if prefix else -1
    return max(names, key=lambda name: (sign * weights.get(f"in:{name}", 0.0), name))


def _other_force(inside: tuple[str, ...]) -> str:
    """What is done with a datum that is not asked for. What was given or used already is sent nowhere: "E-mail us the
    day on which your card was charged".
    """
    for prefix, force in _FORCE_BY_PREFIX.items():
        if any(name.startswith(prefix) for name in inside):
            known = force == "redirect" and any(name.startswith(_KNOWN) for name in inside)
            return "mention" if known else force
    return "mention"


_KNOWN = ("TOLD_USE", "TOLD_STATE", "TOLD_GOT")
