"""What a policy says that is right and yet not what its owner will think it is, whatever files it is held against.

A warning is found by every check of a folder; a note is told by ``neverask policy test`` alone: the policy does as it
says, and who wrote it may have meant something else. What is needed only where there is something to tell is loaded
there, since most runs take all that they say from the cache.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from . import cache
from .finding import Finding, Related
from .fingerprints import named
from .policy.model import ChannelRule, Disclaimer, Ousted, Place, Policy, Rule, Sentence
from .policy.patterns import EVERY, covers
from .policy.vocabulary import NEVER_READ, SETS, plain_tag
from .policy.wordings import language_in
from .source import Source
from .state import state

_MOST_PATTERNS = 300  # of each two of which one is held against the other
_FEW = 3  # kinds of data that are told by name
_MANY = 12  # parts of a policy that are told by their keys
INSTEAD_OF_PLACE = "Name 'website' or 'portal' for a form."
TO_SAY = "Take it out, or say what was meant."
WITHOUT_ASKING = "Write it so that it asks for nothing that the policy forbids."
TO_BOUND = (
    "Say for which file ('file:'), for which reply or step ('at:') or until when ('until:'); a rule that is not to "
    "hold at all has 'level: off'."
)
TO_SPEAK_OF = "Name it in a rule, put it into a set that one names ('sensitive: [+NAME]'), or take it out."
TO_TAKE_OVER = (
    "Put it into what these rules name ('sensitive: [+NAME]'), or take the words out; leave it where they do mean "
    "something else here."
)
TO_REPEAT = "Write the words here as well, or give what stands here a name of its own."
TO_WORD = "Write its words in that language as well, or take the language out of 'languages:'."
TO_WORD_ALSO = "Write behind 'instead:' what to say in that language as well."
TO_NAME_PLACE = "Give the place the name that customers know it by ('Mijn Fietspas'), or take the name out."
TO_REQUIRE = "Write a rule that requires it ('require disclaimer NAME in the first message'), or take it out."
TO_JOIN = "Have one policy for all files of a bot; 'channels:' and 'in' of a rule say what differs."
TO_KEEP = "Give one of the two another name, or write the sentence that is to hold under 'rules:' here."
TO_DECIDE = "Write here what is to hold, or let each have a policy of its own, upon one with what they share."
TO_SAY_CHANNELS = "Write under 'channels:' here what goes out over which channel."
OF_REPLIES = (
    "A reply list has no order: there only 'in every reply' and 'in the library' say where a disclaimer must stand."
)
OF_STEPS = "In a flow 'in the first message' and 'before ...' say where a disclaimer must stand."
OF_FLOWS = frozenset({"first-message", "before-any-question", "before-asking"})
"""Positions of a disclaimer that are looked for on the paths of a flow alone."""
OF_LISTS = frozenset({"every-reply", "library"})
"""Those that are looked for in lists of replies alone."""
_JUDGES_WORDS = frozenset({"asking", "collecting", "sending", "redirecting", "claiming"})


def doubts(policy: Policy, notes: bool = False) -> Iterator[Finding]:
    """The warnings on a policy, with the ``notes`` if they are wanted; none on what a bundled one says."""
    found = (_disclaimers, _unreachable, _never_led, _idle, _boundless, _ousted, _crossed)
    for finding in (finding for doubt in found for finding in doubt(policy)):
        if notes or finding.level != "note":
            yield finding
    if notes:
        yield from _overlaps(policy)
        yield from _unworded(policy)
        yield from unspoken(policy)


def about(place: Place, rule: str, message: str, instead: str, related: Related, level: str = "warning") -> Finding:
    """A finding in a policy itself; ``rule`` is one of ``finding.BUILT_IN``."""
    return named(Finding(rule, level, message, place.source, place.span, instead=instead, related=(related,)))


def is_own(place: Place) -> bool:
    """Whether an entry stands in a file of the organisation's, not in a bundled policy."""
    return not place.source.is_bundled


def unless_clear(found: Iterator[Finding], what: str, policy: Policy) -> Iterator[Finding]:
    """What is found in a policy as it is written. That it is nothing is kept in the cache, by ``what`` it is: most runs
    need not look for it.
    """
    now = state()
    key = f"{what}-{cache.key([now, *(source.text for source in policy.files)])}"
    if now and cache.get(key):
        return
    findings = list(found)
    if not findings:
        cache.put(key, True)
    yield from findings


def unspoken(policy: Policy) -> Iterator[Finding]:
    """Notes on the data, sets and disclaimers that the policy's file itself brings and no rule in force speaks of.

    A policy without rules is there for others to extend.
    """
    rules = policy.in_force
    file = policy.files[-1]
    if not rules or file.is_bundled:
        return
    required = {rule.sentence.disclaimer for rule in rules}
    for disclaimer in policy.disclaimers.values():
        if disclaimer.name not in required and disclaimer.place.source is file:
            yield _unused(disclaimer.place, f"no rule requires the disclaimer '{disclaimer.name}'", TO_REQUIRE)
    idle = {*_idle_data(policy, rules), *_idle_sets(policy, rules)}
    places = keys(file, "data") if idle else {}
    for name, place in places.items():
        if name in idle:
            yield _unused(place, f"no rule speaks of '{name}': nothing finds it", TO_SPEAK_OF)


def _idle_data(policy: Policy, rules: Sequence[Rule]) -> set[str]:
    """The policy's own categories that no rule is about; to leave one out is to speak of it, too."""
    spoken_of = {name for rule in rules for name in (*rule.sentence.data, *_opened(policy, rule.sentence.without))}
    return set(policy.terms) - spoken_of


def _opened(policy: Policy, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from policy.sets.get(name, (name,))


def _idle_sets(policy: Policy, rules: Sequence[Rule]) -> set[str]:
    """The policy's own sets that no rule names, and no set that one names is made of."""
    made: dict[str, list[str]] = {}
    for name, parts in policy.changes:
        made.setdefault(name, []).extend(part.lstrip("+-") for part in parts)
    left = [name for rule in rules for name in (*rule.sentence.named, *rule.sentence.without)]
    left += (name for name in made if name in SETS)
    named: set[str] = set()
    while left:
        name = left.pop()
        if name not in named:
            named.add(name)
            left += made.get(name, ())
    return set(made) - named


def keys(file: Source, part: str) -> dict[str, Place]:
    """The keys of a part of a policy's file, each with its place."""
    from .policy.nodes import parse

    node = parse(file).get(part)
    pairs = node.value if node is not None and node.kind == "map" else ()
    return {str(key.value): Place(file, key.span) for key, _ in pairs}


def _unused(place: Place, message: str, instead: str) -> Finding:
    return about(place, "unused-entry", message, instead, Related("policy", place.source, place.span), "note")


# -- disclaimers


def _disclaimers(policy: Policy) -> Iterator[Finding]:
    """What lacks a text, of the disclaimers that a rule in force requires."""
    required: dict[str, set[str]] = {}
    for rule in policy.in_force:
        if rule.sentence.disclaimer:
            required.setdefault(rule.sentence.disclaimer, set()).add(rule.sentence.position)
    for name, positions in required.items():
        disclaimer = policy.disclaimers[name]
        if is_own(disclaimer.place):
            yield from _without_text(disclaimer, policy.languages, positions)


def _without_text(disclaimer: Disclaimer, languages: tuple[str, ...], positions: set[str]) -> Iterator[Finding]:
    what = f"the disclaimer '{disclaimer.name}'"
    lacking = ", ".join(f"'{language}'" for language in languages if language not in map(language_in, disclaimer.texts))
    level = "note"
    if not disclaimer.texts and not disclaimer.elements:
        message = f"nothing can be {what}: it has neither texts nor elements"
        level, instead = "warning", "Write its 'texts:' by language, or name 'elements:' that any wording must have."
    elif not disclaimer.texts or not lacking:
        return
    elif disclaimer.elements:
        message = f"{what} has no text in {lacking}: any wording with its elements counts, but --fix has none to put in"
        instead = "Write what is missing behind 'texts:'."
    else:
        instead = "Write what is missing behind 'texts:', or name 'elements:' that any wording must have."
        if positions == {"library"}:
            message = f"{what} has no text in {lacking}: a library has it in another language or not at all"
        else:
            message = f"{what} has no text in {lacking}: a reply or flow in such a language can never have it"
            level = "warning"
    place = disclaimer.place
    related = Related("disclaimer", place.source, place.span)
    yield about(place, "disclaimer-without-text", message, instead, related, level)


# -- channels


class _Taking(NamedTuple):
    """A pattern of an entry of ``channels``, ``EVERY`` for one that names no files, and where it stands."""

    entry: ChannelRule
    pattern: str
    place: Place

    def takes(self, later: _Taking) -> bool:
        """Whether nothing is left for another one further down."""
        tags, others = set(map(plain_tag, self.entry.tagged)), set(map(plain_tag, later.entry.tagged))
        tagged = not tags or (bool(others) and others <= tags)
        return tagged and covers(self.pattern, later.pattern)

    @property
    def told(self) -> str:
        line = f"line {self.place.line}"
        return f"'{self.pattern}' in {line}" if self.entry.files else f"the entry in {line}"


def _unreachable(policy: Policy) -> Iterator[Finding]:
    """The patterns and entries of ``channels`` of which an earlier entry surely takes all."""
    before: list[_Taking] = []
    for entry in policy.channels:
        here = list(_patterns(entry))
        for later in here:
            first = next((one for one in before if one.takes(later)), None)
            if first is not None:
                yield _never_reached(first, later)
        before += here
        if len(before) > _MOST_PATTERNS:
            return


def _patterns(entry: ChannelRule) -> Iterator[_Taking]:
    if not entry.files:
        yield _Taking(entry, EVERY, entry.place)
    for pattern, span in zip(entry.files, entry.spans, strict=True):
        yield _Taking(entry, pattern, Place(entry.place.source, span))


def _never_reached(first: _Taking, later: _Taking) -> Finding:
    """A warning where another channel was meant, else a note."""
    channels = ", ".join(first.entry.channels)
    if later.entry.files:
        message = f"no file gets to '{later.pattern}': {first.told} takes them all first, for {channels}"
    else:
        message = f"nothing gets to this entry: {first.told} takes all of it first, for {channels}"
    same = set(first.entry.channels) == set(later.entry.channels)
    instead = f"Put it above {first.told}: the first entry that fits wins."
    if same:
        instead = "It can go: what it says is said already."
    elif covers(later.pattern, first.pattern) and first.entry.tagged == later.entry.tagged:
        instead = "One of the two has to go: the first entry that fits wins."
    related = Related("the earlier entry", first.place.source, first.place.span)
    return about(later.place, "unreachable-entry", message, instead, related, "note" if same else "warning")


# -- rules


def _never_led(policy: Policy) -> Iterator[Finding]:
    """Own rules about places to which no text is read to lead."""
    for rule in policy.in_force:
        places = rule.sentence.places
        if places and places <= NEVER_READ and is_own(rule.place):
            named = ", ".join(f"'{place}'" for place in sorted(places))
            message = f"'{rule.name}' never finds anything: no text is read to lead to {named}"
            yield about(rule.place, "place-without-words", message, INSTEAD_OF_PLACE, rule.line)


def _idle(policy: Policy) -> Iterator[Finding]:
    """Parts of the sentences of own rules that make no difference."""
    for rule in policy.in_force:
        for word, place, why in rule.idle if is_own(rule.place) else ():
            yield about(place, "idle-words", f"'{word}' makes no difference here: {why}", TO_SAY, rule.line)


def _boundless(policy: Policy) -> Iterator[Finding]:
    """Exceptions for all that a rule finds, everywhere and for ever."""
    levels = {rule.name: rule.level for rule in policy.rules}
    for one in policy.exemptions:
        everywhere = not one.at and (not one.file or covers(one.file, EVERY))
        if everywhere and one.until is None and levels.get(one.rule, "off") != "off" and is_own(one.place):
            message = f"this exception keeps all that '{one.rule}' finds, in every file and without end"
            related = Related("exception", one.place.source, one.place.span)
            yield about(one.place, "boundless-exception", message, TO_BOUND, related)


def _ousted(policy: Policy) -> Iterator[Finding]:
    """Rules and channels that are lost, as another policy that is extended beside theirs has one of their name."""
    rules = {rule.name: rule for rule in policy.rules}
    for one in policy.ousted:
        if not one.rule:
            yield from _without_channels(one, policy)
            continue
        rule = rules[one.rule]
        if rule.level != "off" and is_own(one.by):
            message = (
                f"the rule '{one.rule}' of {one.place.source.path} is lost: "
                f"{rule.place.source.path} has another one of this name"
            )
            related = Related("the rule that is lost", one.place.source, one.place.span)
            yield about(one.by, "ousted-rule", message, TO_KEEP, related)


def _without_channels(one: Ousted, policy: Policy) -> Iterator[Finding]:
    if is_own(one.by):
        path, other = one.place.source.path, policy.channels[0].place.source.path
        message = f"what {path} says under 'channels:' is lost: {other} says something else"
        related = Related("the channels that are lost", one.place.source, one.place.span)
        yield about(one.by, "ousted-channels", message, TO_SAY_CHANNELS, related)


def _crossed(policy: Policy) -> Iterator[Finding]:
    """What else is lost, or weaker, since a policy that is extended beside another one says it otherwise."""
    for one in policy.crossed:
        if is_own(one.by):
            where = ", ".join(f"'{name}'" for name in one.where[:_MANY])
            where += " and elsewhere" if len(one.where) > _MANY else ""
            message = f"what {one.path} says under {where} does not hold: {one.place.source.path} says something else"
            related = Related("what holds", one.place.source, one.place.span)
            yield about(one.by, "ousted-part", message, TO_DECIDE, related)


def _overlaps(policy: Policy) -> Iterator[Finding]:
    """Own rules that warn of what another one finds as an error."""
    rules = [rule for rule in policy.rules if not rule.sentence.bundle and rule.sentence.verb in _JUDGES_WORDS]
    errors = [rule for rule in rules if rule.level == "error"]
    for weak in rules:
        if weak.level == "warning" and is_own(weak.place):
            for strong in errors:
                if _meet(weak.sentence, strong.sentence):
                    yield _both_find(weak, strong)


def _unworded(policy: Policy) -> Iterator[Finding]:
    """Own rules that say what to write instead, and not in each of the policy's languages."""
    for rule in policy.in_force:
        worded = set(map(language_in, rule.instead))
        lacking = [language for language in policy.languages if language not in worded]
        if worded and lacking and is_own(rule.place) and rule.sentence.verb != "disclaimer":
            named = ", ".join(f"'{language}'" for language in lacking)
            message = f"'{rule.name}' says what to write instead, but not in {named}"
            yield about(rule.place, "rule-without-wording", message, TO_WORD_ALSO, rule.line, "note")


def _meet(one: Sentence, other: Sentence) -> bool:
    """Whether two rules can find the same."""
    return (
        one.verb == other.verb
        and (not one.channels or not other.channels or bool(one.channels & other.channels))
        and (bool(one.data & other.data) or one.claim == other.claim != "")
        and (one.verb != "redirecting" or bool(one.places & other.places))
    )


def _both_find(weak: Rule, strong: Rule) -> Finding:
    from .rules.wording import called

    one, other = weak.sentence, strong.sentence
    shared = sorted(one.channels & other.channels or one.channels or other.channels)
    where = ", ".join(shared) or "every channel"
    data = [called(category) for category in sorted(one.data & other.data)]
    told = data[:_FEW] + ([f"{len(data) - _FEW} more"] if len(data) > _FEW else [])
    what = f"{', '.join(told)}; on {where}" if data else f"on {where}"
    message = f"'{weak.name}' warns of what '{strong.name}' finds as an error ({what})"
    message += ": a place that both find is an error"
    instead = f"Write 'except' and what is to be a warning alone into '{strong.name}', or give both one level."
    if not data:
        instead = "Give both one level, or switch one of them off."
    return about(weak.place, "overlapping-rules", message, instead, strong.line, "note")
