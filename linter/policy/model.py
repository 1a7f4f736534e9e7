"""A policy as data: what its rules forbid and require, where, why, and what is excepted.

Every entry knows its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from ..finding import Related
from ..source import Source, Span
from .excepting import is_over
from .vocabulary import CHANNELS, plain_tag


def spelled(name: str) -> str:
    """The name of a reply or node, however many blanks it is written with."""
    return " ".join(name.split())


@dataclass(frozen=True)
class Place:
    """Where an entry of a policy stands."""

    source: Source
    span: Span

    @property
    def line(self) -> int:
        """The number of the line in which it begins."""
        return self.source.position(self.span.start).line


@dataclass(frozen=True)
class Condition:
    """A way out of a rule. ``kind`` is safe-channel ("redirecting to a safe channel"), partial, shielded,
    tagged or in (a glob).

    ``value`` is the tag or the glob, which counts from ``root``, the folder of the policy file in which it stands.
    """

    kind: str
    value: str = ""
    root: str = ""


@dataclass(frozen=True)
class Sentence:
    """A rule sentence, parsed. ``verb`` is asking, collecting, sending, redirecting, claiming or disclaimer.

    ``data`` are resolved categories (sets opened, exceptions taken out). ``named`` are the sets and categories that
    it names, ``without`` those behind "except", by their names in the policy: what a policy that extends this one
    changes in a set, it changes here too. ``channels`` is empty for any channel. ``places`` are kinds of place or own
    places (redirecting). ``claim`` is the claim's name.
    ``disclaimer`` names an entry of ``disclaimers``; ``position`` is every-reply, first-message,
    before-any-question, before-asking or library. ``together``: all categories in one message or along one path.
    """

    verb: str
    text: str
    data: frozenset[str] = frozenset()
    named: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    together: bool = False
    channels: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    claim: str = ""
    disclaimer: str = ""
    position: str = ""
    unless: tuple[Condition, ...] = ()

    @property
    def says(self) -> Sentence:
        """What it says, however it is written."""
        return replace(self, text="", named=(), without=())

    @property
    def bundle(self) -> bool:
        """Whether it is about several categories together, and not about one alone."""
        return self.together and len(self.data) > 1

    def about(self, sets: Mapping[str, frozenset[str]]) -> Sentence:
        """The sentence with its sets opened anew."""
        data = _opened(self.named, sets) - _opened(self.without, sets)
        return self if data == self.data else replace(self, data=data)


def _opened(names: Iterable[str], sets: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset(category for name in names for category in sets.get(name, (name,)))


class Idle(NamedTuple):
    """A part of a rule's sentence that makes no difference: its word, where that stands, and why."""

    word: str
    place: Place
    why: str


@dataclass(frozen=True)
class Rule:
    """One rule of a policy: its sentence, level (error, warning, off), reasons, ways out by language, and what of the
    sentence makes no difference.
    """

    name: str
    sentence: Sentence
    level: str
    place: Place
    because: tuple[str, ...] = ()
    instead: Mapping[str, str] = field(default_factory=dict)
    idle: tuple[Idle, ...] = ()

    @property
    def line(self) -> Related:
        """The line of the policy that a finding rests on."""
        return Related(f"policy: {self.sentence.text}", self.place.source, self.place.span)


@dataclass(frozen=True)
class ChannelRule:
    """Which content goes out over which channel: first match wins. Empty ``files`` and ``tagged`` match all.

    ``files`` are globs relative to the folder of the policy file, ``root``; ``spans`` is where each stands.
    """

    channels: tuple[str, ...]
    place: Place
    files: tuple[str, ...] = ()
    tagged: tuple[str, ...] = ()
    root: str = ""
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class OwnPlace:
    """An organisation's own safe place: its names in any language and its address."""

    names: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True)
class SafeChannels:
    """Where customers may be sent to: kinds of place and the organisation's own places."""

    kinds: frozenset[str] = frozenset()
    own: tuple[OwnPlace, ...] = ()


@dataclass(frozen=True)
class Disclaimer:
    """An accepted text by language, or any wording that has the elements.

    ``at_most`` characters (0: no limit).
    """

    name: str
    place: Place
    texts: Mapping[str, str] = field(default_factory=dict)
    elements: tuple[str, ...] = ()
    at_most: int = 0


Stands = tuple[str, int]
"""Where something in a policy is written: the path of the file, and where in it that begins."""


@dataclass(frozen=True)
class Exemption:
    """A finding that is kept on purpose (an entry of ``exceptions``): who, why, from when and until when."""

    rule: str
    reason: str
    place: Place
    file: str = ""
    at: str = ""
    until: date | None = None
    owner: str = ""
    root: str = ""
    first: date | None = None

    def expired(self, today: date) -> bool:
        """Whether it held until a day before."""
        return is_over(self.until, today)

    def holds(self, today: date) -> bool:
        """Whether it is in force on a day."""
        return not self.expired(today) and not self.is_ahead(today)

    def is_ahead(self, today: date) -> bool:
        """Whether it holds from a day after."""
        return self.first is not None and self.first > today

    @property
    def stands(self) -> Stands:
        """Where it is written: a policy that others extend is read once for each of them."""
        return self.place.source.path, self.place.span.start


@dataclass(frozen=True)
class Mapping_:
    """An entry of ``sources``.

    How to read files that no reader knows. Values are path expressions as written; ``spans`` is where each stands,
    and, by the name "files", each pattern.
    """

    files: tuple[str, ...]
    place: Place
    paths: Mapping[str, str] = field(default_factory=dict)
    root: str = ""
    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Ousted:
    """A rule that gave way to another one of its name, in a policy beside its own: where its sentence stands, and the
    ``extends`` by which the two came together. Without a name it is what the policy says about channels.
    """

    rule: str
    place: Place
    by: Place


@dataclass(frozen=True)
class Crossed:
    """What a policy says, by the keys that lead there, that gave way to what one says that is extended beside it: the
    path of the policy, the place of what holds, and the ``extends`` by which that came in.
    """

    where: tuple[str, ...]
    path: str
    place: Place
    by: Place


@dataclass(frozen=True)
class Lost:
    """Terms of an organisation's own data that gave way to others: their words, where they stand, and what has their
    place.
    """

    name: str
    words: tuple[str, ...]
    place: Place
    by: Place


@dataclass(frozen=True)
class Policy:
    """A policy with its ``extends`` resolved.

    ``name`` is the bundled name or the path; ``sources`` are all files it was put together from; ``terms``
    are own terms: category -> language -> words; ``sets`` are named sets of categories after ``changes``, each of
    which is a set and what is put in (``+x``) and taken out (``-x``).
    """

    name: str
    files: tuple[Source, ...] = ()
    extends: tuple[str, ...] = ()
    title: str = ""
    about: str = ""
    channels: tuple[ChannelRule, ...] = ()
    safe: SafeChannels = SafeChannels()
    terms: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    sets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    disclaimers: Mapping[str, Disclaimer] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    mappings: tuple[Mapping_, ...] = ()
    cited: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    changes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    ousted: tuple[Ousted, ...] = ()
    lost: tuple[Lost, ...] = ()
    crossed: tuple[Crossed, ...] = ()

    @property
    def own_files(self) -> list[Source]:
        """The files that it was put together from, without those that come with neverask."""
        return [source for source in self.files if not source.is_bundled]

    @property
    def in_force(self) -> list[Rule]:
        """Its rules without those that are switched off."""
        return [rule for rule in self.rules if rule.level != "off"]

    @property
    def usual_channel(self) -> str:
        """The channel of what nothing else is said of: that of the entry for all the rest, else WhatsApp."""
        rest = (entry.channels for entry in self.channels if not entry.files and not entry.tagged)
        return next(rest, ("whatsapp",))[0]

    @cached_property
    def own_words(self) -> Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]:
        """Its own terms by language: the categories, each with its words."""
        found: defaultdict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
        for category, words in self.terms.items():
            for language, own in words.items():
                if own:
                    found[language].append((category, own))
        return {language: tuple(own) for language, own in found.items()}

    @cached_property
    def own_channels(self) -> tuple[str, ...]:
        """The channels that its rules and entries name beside those that everybody knows, as they are written."""
        named = [name for entry in self.channels for name in entry.channels]
        named += (name for rule in self.rules for name in sorted(rule.sentence.channels))
        return tuple(name for name in dict.fromkeys(named) if name not in CHANNELS)

    @cached_property
    def tags(self) -> frozenset[str]:
        """The tags that its channels and rules name, as they are compared."""
        named = [tag for entry in self.channels for tag in entry.tagged]
        conditions = (one for rule in self.in_force for one in rule.sentence.unless)
        named += (one.value for one in conditions if one.kind == "tagged")
        return frozenset(map(plain_tag, named))

    @cached_property
    def exemptions_named(self) -> Mapping[tuple[str, str], Sequence[int]]:
        """The places of its exceptions by their rule and by what they say under ``at``, "" where that is nothing."""
        named: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for number, exemption in enumerate(self.exemptions):
            named[exemption.rule, spelled(exemption.at)].append(number)
        return dict(named)
