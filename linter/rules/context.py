"""What a rule looks at.

A conversation's messages with what they say, where they go, and the policy in force.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import chain
from operator import itemgetter

from ..conversation import Conversation, Edge, Flow, Located, Message, Step
from ..language import analysis, identify
from ..language.acts import Act
from ..language.analysis import Reading
from ..language.apart import left_out
from ..language.pack import Pack
from ..language.passages import mostly
from ..markup import MOST_BRANCHES, Plain, beside, branches, may_be_beside, shown, variants
from ..outcome import FLOWS, REPLIES, over
from ..policy.model import Policy, Rule
from ..policy.patterns import matches
from ..policy.vocabulary import CHANNELS, OTHER_CHANNELS, plain_name, plain_tag
from ..policy.wordings import stands_in
from ..source import Span, Text
from .captured import Captured
from .gaps import before_gaps
from .packs import policy_pack
from .paths import Graph, alone
from .sequences import AskedNext, asked_again, asked_next
from .sieve import LOUD, Look, Sieve, Sieves

_ASKED = 400  # messages that say what the main language is
_TELLING = 20  # characters; a shorter text tells too little
_CLEAR = 4  # words by which a text shows that it is in a language that the policy does not name
_WORKED_OUT = (
    "spoken", "loud", "asides", "asked", "asked_together", "asked_next", "asked_again", "by_message", "captured",
)  # fmt: skip
"""Properties of a context that hold its texts."""
_NAMED = frozenset({"ASK_BARE", "ASK_YOURS", "ASK_COPY", "ASK_LABEL"})
"""What asks by naming alone, which in a subject says what the message is about."""


class Spoken:
    """A message with its language, channels and acts. Places map through markup into the file.

    Everything but the channels and the ``look`` is worked out when it is first asked for. ``quiet``: no rule about
    asking, sending or claiming can find anything in it.
    """

    __slots__ = ("_acts", "_context", "_located", "_said", "channels", "message")

    def __init__(self, context: Context, message: Message, said: Said, channels: frozenset[str]) -> None:
        self._context = context
        self._said = said
        self._located: Text | None = None
        self._acts: list[Act] | None = None
        self.message = message
        self.channels = channels

    @property
    def look(self) -> Look:
        return self._said.look

    @property
    def quiet(self) -> bool:
        return self._said.look.quiet

    @property
    def beside(self) -> bool:
        """Whether it stands in a tag or an address of the message's text."""
        return self._said.beside

    @property
    def plain(self) -> Plain:
        return self._said.plain(self.message)

    @property
    def shown(self) -> Spoken:
        """The same without what a customer is not shown of it."""
        seen = shown(self.message.text, self.plain, self.message.markup)
        return self if seen is self.plain else Spoken(self._context, self.message, Said(LOUD, seen), self.channels)

    @property
    def language(self) -> str:
        return self._said.language(self._context, self.message)

    @property
    def readings(self) -> list[Reading]:
        """One for each language that passages of the text are in."""
        return self._said.readings(self._context, self.message)

    def reading_at(self, start: int) -> Reading | None:
        """The reading of the passage in which a place of the plain text stands."""
        return next((reading for reading in self.readings if not reading.text[start : start + 1].isspace()), None)

    def passage_at(self, start: int) -> str:
        """The plain text, blank but for what is in the language of a place of it."""
        reading = self.reading_at(start)
        return reading.text if reading is not None else self.plain.text

    def language_at(self, start: int) -> str:
        """The language of the passage in which a place of the plain text stands."""
        reading = self.reading_at(start)
        return reading.pack.code if reading is not None else self.language

    @property
    def acts(self) -> list[Act]:
        if self._acts is None:
            readings = [] if self.quiet else self.readings
            self._acts = [act for reading in readings for act in self._acts_of(reading)]
        return self._acts

    def _acts_of(self, reading: Reading) -> list[Act]:
        named = _NAMED if self.message.kind == "subject" else frozenset()
        acts = [act for act in analysis.acts(reading) if act.force != "request" or act.construction not in named]
        return before_gaps(acts, self.plain.text, reading.pack.links.says_is) if self._said.begun else acts

    @property
    def located(self) -> Text:
        if self._located is None:
            self._located = self.message.located()
        return self._located

    def span(self, start: int, end: int) -> Span:
        """Offsets in the plain text as a span of the file."""
        return self.located.span(*self.plain.span(start, end))


class Said:
    """One text, or one branch of one, however many messages say it.

    ``beside``: it stands in a tag or an address; ``begun``: it is the beginning of what the customer is to write.
    """

    __slots__ = ("_language", "_plain", "_readings", "begun", "beside", "look")

    def __init__(self, look: Look, plain: Plain | None = None, beside: bool = False, begun: bool = False) -> None:
        self.look = look
        self.beside = beside
        self.begun = begun
        self._plain = plain
        self._language: str | None = None
        self._readings: list[Reading] | None = None

    def plain(self, message: Message) -> Plain:
        if self._plain is None:
            self._plain = variants(message.text, message.markup)[-1]  # the last one has what is shown, and no more
        return self._plain

    def language(self, context: Context, message: Message) -> str:
        if self.look.language:
            return self.look.language
        if self._language is None:
            text = self.plain(message).text
            self._language = language_of(text, message.locale, lambda: context.main_language, context.policy.languages)
        return self._language

    def readings(self, context: Context, message: Message) -> list[Reading]:
        if self._readings is None:
            said, language = self.plain(message), self.language(context, message)
            if self.look.language:
                self._readings = [analysis.read(said.text, context.pack(language), said.linked)]
            else:
                self._readings = analysis.readings(said.text, language, context.pack, said.linked)
        return self._readings


@dataclass
class Context:
    """One conversation under one policy.

    ``relative`` is the file's path as shown. ``thorough``: every text is read, also one in which no rule can find
    anything. ``whole`` is that of the conversation which this one is a part of.
    """

    conversation: Conversation
    policy: Policy
    relative: str
    thorough: bool = False
    whole: Context | None = None
    names: dict[tuple[int, str], str] = field(default_factory=dict, repr=False)
    """The words of steps for the ways that lead past them, by their identity and the language of who goes there."""
    _into: dict[int, dict[int, list[Edge]]] = field(default_factory=dict)
    _graphs: dict[tuple[int, frozenset[str]], Graph] = field(default_factory=dict)
    _known: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict, repr=False)
    _entries: dict[str, dict[str | None, tuple[int, frozenset[str]]]] = field(default_factory=dict, repr=False)
    """The policy's channels for each file of the conversation."""
    _tags: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict, repr=False)
    """Of steps that take answers, by the numbers of the flow and the step."""

    @cached_property
    def spoken(self) -> list[Spoken]:
        """Every text a customer can read, one for each branch of conditional text."""
        return list(self._speak())

    def forget(self) -> None:
        """Drop what was worked out. Texts know their context and it them, so that it would stay for long."""
        for name in _WORKED_OUT:
            self.__dict__.pop(name, None)

    @cached_property
    def crowded(self) -> list[tuple[Message, int]]:
        """Texts with more branches than are read one by one, and how many they have; the others stand in a row."""
        many = (
            (spoken.message, branches(spoken.message.text))
            for of in self.by_message.values()
            if len(of) == MOST_BRANCHES
            for spoken in of[:1]
        )
        return [(message, number) for message, number in many if number > MOST_BRANCHES]

    def _speak(self) -> Iterator[Spoken]:
        whole = self.whole or self
        sieve = None if self.thorough else sieve_of(self.policy, whole.conversation, whole is self)
        echoes = frozenset(plain_name(capture.name) for capture in self.conversation.captures)
        known: dict[tuple[str, str, str], list[Said]] = {}
        ways: dict[_Stated, frozenset[str]] = {}
        for message in self.conversation.messages:
            way = _stated(message)
            channels = ways.get(way)
            if channels is None:
                channels = ways[way] = self.channels(message)
            key = (message.text, message.locale or "", message.markup)
            all_said = known.get(key)
            if all_said is None:
                quick = sieve if sieve is not None and not self._is_foreign(message.locale) else None
                look = quick.look(message.text, message.markup, echoes) if quick is not None else LOUD
                if look.quiet:
                    all_said = [Said(look)]
                else:
                    plains = variants(message.text, message.markup)
                    look = look if len(plains) == 1 else LOUD
                    all_said = [Said(look, plain) for plain in plains]
                known[key] = all_said
            for said in all_said:
                yield Spoken(self, message, said, channels)

    def _is_foreign(self, locale: str | None) -> bool:
        """Whether a text is said to be in a language that the policy does not name, and so may be read in that."""
        named = self.policy.languages
        stated = identify.of_locale(locale) if named else ""
        return stated not in named and stated in _known()

    @cached_property
    def loud(self) -> list[Spoken]:
        """The texts in which a rule may find something."""
        return [spoken for spoken in self.spoken if not spoken.quiet]

    @cached_property
    def asides(self) -> list[Spoken]:
        """What stands beside the texts, in their tags and addresses.

        What a link writes for the customer goes where the link leads, whatever the channel of its message.
        """
        known: dict[tuple[str, str], list[tuple[Said, str]]] = {}
        found: list[Spoken] = []
        for message in self.conversation.messages:
            if not may_be_beside(message.text):
                continue
            key = (message.text, message.markup)
            if key not in known:
                known[key] = [(Said(LOUD, one.plain, True, bool(one.channel)), one.channel) for one in beside(*key)]
            for said, channel in known[key]:
                channels = self.known((channel,)) if channel else self.channels(message)
                found.append(Spoken(self, message, said, channels))
        return found

    @cached_property
    def asked(self) -> frozenset[str]:
        """What is asked for, by messages for which a rule about asking holds: a policy may have thousands of these."""
        rules = [rule for rule in self.policy.in_force if rule.sentence.verb == "asking"]
        found = {one.act.data for one in (*self.asked_next, *self.asked_again)}
        for spoken in chain(self.loud, self.asides):
            message = spoken.message
            wanted = (self.applies_to(rule, spoken) for rule in rules)
            if not message.is_choice and any(wanted):
                found.update(act.data for act in spoken.acts if act.force == "request")
        return frozenset(found)

    @cached_property
    def asked_together(self) -> dict[str, Mapping[int, list[tuple[Spoken, list[Act]]]]]:
        """What is asked for on one way through a flow, by the name of the rule that forbids it: as it is found."""
        return {}

    @cached_property
    def asked_next(self) -> list[AskedNext]:
        """What one message names and the next asks for."""
        return list(asked_next(self))

    @cached_property
    def asked_again(self) -> list[AskedNext]:
        """What one step asks for and a later one once more."""
        return list(asked_again(self))

    @cached_property
    def main_language(self) -> str:
        if self.whole is not None:
            return self.whole.main_language
        return _main_language(self.conversation, self.policy.languages)

    def pack(self, language: str) -> Pack:
        """The language's pack with the policy's own terms in it."""
        return policy_pack(self.policy, language)

    def channels(self, message: Message) -> frozenset[str]:
        """Where a message goes.

        As its file says, else as the policy says; empty when neither does (then anywhere).
        """
        return self._goes(*_stated(message))

    def taken_on(self, capture: int) -> frozenset[str]:
        """Where an answer is taken, by the capture's index, as ``channels`` says it of a message."""
        taken = self.conversation.captures[capture]
        return self._goes(taken.channels, self.tags_of(capture), taken.document.source.path)

    def tags_of(self, capture: int) -> tuple[str, ...]:
        """The tags of a capture: those of its step, or else those that all that is said there has in common."""
        place = self.steps["captures"].get(capture)
        if place is None:
            return ()
        if place not in self._tags:  # a form takes very many answers in one step
            self._tags[place] = self.tags_in(self.step_at(place))
        return self._tags[place]

    def tags_in(self, step: Step) -> tuple[str, ...]:
        """The tags that hold for all of a step."""
        if step.tags or not step.messages:
            return step.tags
        first, *others = (self.conversation.messages[number].tags for number in step.messages)
        return tuple(tag for tag in first if all(tag in tags for tags in others))

    def _goes(self, stated_channels: tuple[str, ...], tags: tuple[str, ...], path: str) -> frozenset[str]:
        """Where something in the file ``path`` goes: a bot may have many."""
        stated = self.known(stated_channels)
        if stated:
            return stated
        by_tag = self._by_tag(path)
        entries = [by_tag[tag] for tag in (None, *map(plain_tag, tags)) if tag in by_tag]
        if entries:
            return min(entries, key=itemgetter(0))[1]
        return self.known(self.conversation.channels)

    def _by_tag(self, path: str) -> dict[str | None, tuple[int, frozenset[str]]]:
        """The first entry of the policy's channels that holds for a tag in a file, with its rank; None: for any."""
        known = self._entries.get(path)
        if known is not None:
            return known
        found = self._entries[path] = {}
        for rank, rule in enumerate(self.policy.channels):
            if not rule.files or self._is_in(path, rule.files, rule.root):
                for tag in map(plain_tag, rule.tagged) if rule.tagged else (None,):
                    found.setdefault(tag, (rank, frozenset(rule.channels)))
        return found

    def known(self, channels: tuple[str, ...]) -> frozenset[str]:
        """Channels by the names that the policy has for them.

        Empty (then anywhere) where one is of a name that nobody knows: it may be a misspelt one.
        """
        found = self._known.get(channels)
        if found is None:
            names = [self._by_name.get(plain_name(channel), "") for channel in channels]
            found = self._known[channels] = frozenset(names) if all(names) else frozenset()
        return found

    @cached_property
    def _by_name(self) -> dict[str, str]:
        """Every channel that the policy or anybody knows, by the letters of its name."""
        own = {channel for rule in self.policy.rules for channel in rule.sentence.channels}
        own.update(channel for rule in self.policy.channels for channel in rule.channels)
        return {plain_name(name): name for name in (*OTHER_CHANNELS, *CHANNELS, *own)}

    def strange(self) -> list[str]:
        """The channels that the file names and that nobody knows."""
        said = {message.channels for message in self.conversation.messages}
        said.update(capture.channels for capture in self.conversation.captures)
        said.update(edge.channels for flow in self.conversation.flows for edge in flow.edges)
        said.add(self.conversation.channels)
        return sorted({name for channels in said for name in channels if plain_name(name) not in self._by_name})

    def without_rule(self) -> dict[str, int]:
        """How many messages go out where no rule in force holds, by the names of the channels."""
        rules = [rule.sentence.channels for rule in self.policy.in_force]
        if not all(rules):
            return {}  # a rule on any channel holds everywhere
        held = frozenset(channel for channels in rules for channel in channels)
        found: dict[str, int] = {}
        for channels, count in self._ways.items():
            if channels and not channels & held:
                names = ", ".join(sorted(channels))
                found[names] = found.get(names, 0) + count
        return found

    @cached_property
    def _ways(self) -> dict[frozenset[str], int]:
        """How many messages go out over the same channels."""
        found: Counter[frozenset[str]] = Counter()
        for stated, count in Counter(map(_stated, self.conversation.messages)).items():
            found[self._goes(*stated)] += count
        return found

    def met(self) -> dict[str, int]:
        """How often something is here that the policy needs: flows, replies, channels, and the tags that it names."""
        found: Counter[str] = Counter()
        for channels, count in self._ways.items():
            for channel in channels or ("",):
                found[over(channel)] += count
        if self.conversation.flows:
            found[FLOWS] = len(self.conversation.flows)
        elif self.conversation.messages:
            found[REPLIES] = len(self.conversation.messages)
        if self.policy.tags:
            steps = (step.tags for flow in self.conversation.flows for step in flow.steps)
            tagged = Counter(chain((message.tags for message in self.conversation.messages), steps))
            for tags, count in tagged.items():
                for tag in self.policy.tags.intersection(map(plain_tag, tags)):
                    found[tag] += count
        return dict(found)

    def safe(self, spoken: Spoken, act: Act) -> bool:
        """Whether the act's words send the customer to places that the policy calls safe, and to no other."""
        text = spoken.plain.text.lower()
        is_own = any(stands_in(name, text) for place in self.policy.safe.own for name in place.names)
        safe = self.policy.safe.kinds | {"portal"} if is_own else self.policy.safe.kinds  # as which it is read
        return safe.issuperset(act.places) and (bool(act.places) or is_own)

    @cached_property
    def steps(self) -> dict[str, dict[int, tuple[int, int]]]:
        """Where messages and captures stand: index -> (flow, step), for "messages" and "captures"."""
        found: dict[str, dict[int, tuple[int, int]]] = {"messages": {}, "captures": {}}
        for flow_number, flow in enumerate(self.conversation.flows):
            for step_number, step in enumerate(flow.steps):
                for message in step.messages:
                    found["messages"].setdefault(message, (flow_number, step_number))
                for capture in step.captures:
                    found["captures"].setdefault(capture, (flow_number, step_number))
        return found

    def step_at(self, place: tuple[int, int]) -> Step:
        """The step at one of these places."""
        return self.conversation.flows[place[0]].steps[place[1]]

    @cached_property
    def numbers(self) -> dict[int, int]:
        """The index of each message object in the conversation."""
        return {id(message): number for number, message in enumerate(self.conversation.messages)}

    @cached_property
    def by_message(self) -> dict[int, list[Spoken]]:
        """The texts of each message, by its index."""
        found: dict[int, list[Spoken]] = {}
        for spoken in self.spoken:
            found.setdefault(self.numbers[id(spoken.message)], []).append(spoken)
        return found

    def graph(self, flow: int, channels: frozenset[str]) -> Graph:
        """The ways through a flow on some channels."""
        key = (flow, channels)
        if key not in self._graphs:
            of = self._with_known_channels(self.conversation.flows[flow])
            said = [one.channels for step in of.steps for number in step.messages for one in self.texts(number)]
            named = {channel for edge in of.edges for channel in (*edge.channels, *edge.closed)}.union(*said)
            others = not self.known(self.conversation.channels) and (not said or not all(said))
            self._graphs[key] = Graph(of, alone(named, channels, others))
        return self._graphs[key]

    def _with_known_channels(self, flow: Flow) -> Flow:
        """The flow, its ways open where the channel that they ask for is of a name that nobody knows."""
        edges = tuple(
            edge if all(not names or self.known(names) == frozenset(names) for names in (edge.channels, edge.closed))
            else replace(
                edge, channels=tuple(sorted(self.known(edge.channels))), closed=tuple(sorted(self.known(edge.closed)))
            )
            for edge in flow.edges
        )  # fmt: skip
        return flow if edges == flow.edges else replace(flow, edges=edges)

    @cached_property
    def captured(self) -> Captured:
        """What the captures of the conversation take."""
        return Captured(self)

    def texts(self, message: int) -> list[Spoken]:
        """What a message says, by its index; one for each branch of conditional text."""
        return self.by_message.get(message, [])

    def edges_to(self, flow: int) -> dict[int, list[Edge]]:
        """The edges of a flow by the step they lead to."""
        if flow not in self._into:
            into: dict[int, list[Edge]] = {}
            for edge in self.conversation.flows[flow].edges:
                into.setdefault(edge.end, []).append(edge)
            self._into[flow] = into
        return self._into[flow]

    def concerned(self, rule: Rule, quiet: bool = False) -> Iterator[Spoken]:
        """The messages that a rule is about.

        Those on its channels and outside its exceptions by tag and file, and what stands beside them; or, if the
        ``quiet`` ones are wanted too, all messages, also those in which no rule about asking, sending or claiming can
        find anything.
        """
        for spoken in self.spoken if quiet else chain(self.loud, self.asides):
            if self.applies_to(rule, spoken):
                yield spoken

    def applies_to(self, rule: Rule, spoken: Spoken) -> bool:
        """Whether a rule holds for a text."""
        message = spoken.message
        return self.applies(rule, message.document, spoken.channels, message.tags, message.closed)

    def applies(
        self,
        rule: Rule,
        document: Located,
        channels: frozenset[str],
        tags: tuple[str, ...],
        closed: tuple[str, ...] = (),
    ) -> bool:
        """Whether a rule holds for content of a ``document`` on ``channels`` (empty: unknown, so it holds) with
        ``tags``, which no conversation on a ``closed`` channel comes to.
        """
        wanted = rule.sentence.channels
        if wanted and channels and not wanted & channels:
            return False
        if wanted and closed and not (wanted & channels or wanted) - self.known(closed):
            return False
        for condition in rule.sentence.unless:
            if condition.kind == "tagged" and plain_tag(condition.value) in map(plain_tag, tags):
                return False
            if condition.kind == "in" and self._is_in(document.source.path, (condition.value,), condition.root):
                return False
        return True

    def _is_in(self, path: str, patterns: tuple[str, ...], root: str) -> bool:
        """Whether patterns take a file, or its place in an archive ("export.zip!mail/a.json")."""
        return any(matches(one, patterns, root) for one in dict.fromkeys((self._files.get(path, path), path)))

    @cached_property
    def _files(self) -> dict[str, str]:
        """The file in which each document of the conversation is, by the document's path."""
        sources = (document.source for document in self.conversation.documents)
        return {source.path: source.file for source in sources}


_Stated = tuple[tuple[str, ...], tuple[str, ...], str]
"""The channels and tags of a message, and its file: what says where it goes."""


def _stated(message: Message) -> _Stated:
    return message.channels, message.tags, message.document.source.path


_sieves = Sieves()


def sieve_of(policy: Policy, conversation: Conversation, new: bool = True) -> Sieve | None:
    """The sieve for the texts of a conversation, which count unless they are not ``new``; None where it costs more."""
    with_flows = bool(conversation.flows or conversation.captures)
    return _sieves.of(policy, with_flows, len(conversation.messages) if new else 0)


def language_of(text: str, locale: str | None, main: Callable[[], str], among: tuple[str, ...]) -> str:
    """The language of a text: as it reads; the file's word or the file's main language where it is too short
    to tell.

    Labels of exports lie, so a text long enough to tell is read as what it is, also where that is none of the languages
    that are looked for first (``among``).
    """
    stated = identify.of_locale(locale)
    known = _known()
    text = left_out(text)
    words = len(text.split())
    found = identify.identify(text, among) or (identify.identify(text) if among and words >= _CLEAR else "")
    if stated in known and (not found or words < 4):
        return stated
    if found and words >= 3:
        return found
    if words < 3:
        return main() or found
    return found or (main() if words < 4 else mostly(text))


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    from ..resources import languages

    return frozenset(languages())


def _main_language(conversation: Conversation, among: tuple[str, ...]) -> str:
    """The language of most of a conversation's longer texts; no more are looked at than can still decide it."""
    counts: dict[str, int] = {}
    texts = [message.text for message in conversation.messages[:_ASKED] if len(message.text) > _TELLING]
    for left, text in zip(range(len(texts) - 1, -1, -1), texts, strict=True):
        found = identify.identify(text, among)
        if found:
            counts[found] = counts.get(found, 0) + 1
            first, second = sorted((0, 0, *counts.values()))[:-3:-1]
            if first - second > left:
                break
    return max(counts, key=lambda code: (counts[code], code)) if counts else (among[0] if among else "")
