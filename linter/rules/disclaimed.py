"""What a step of a flow says first: the disclaimer, or what the disclaimer has to come before.

Asked for one channel and one language of the bot at a time, as a customer meets it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from ..conversation import Flow, Step, Variant
from ..expressions import expression
from ..language.acts import Act
from ..language.identify import of_locale
from ..policy.model import Rule
from .context import Context, Spoken
from .paths import Channels, Graph, Way

_QUESTION = expression(r"[?？؟](?![\w=&%/])")
_NOT_SAID = frozenset({"reprompt", "validation"})  # only who answers wrongly hears these
_MOST_LOCALES = 12


class Said(NamedTuple):
    """``early`` is what comes before the disclaimer (a text, None where the step itself takes an answer).

    ``holds``: the disclaimer is said in it; it closes the step's ways unless the step may be passed.
    """

    closes: bool
    wanted: bool
    early: Spoken | None = None
    holds: bool = False


class Steps:
    """The steps of one flow under one rule. ``holds`` says whether a text is the disclaimer."""

    def __init__(self, context: Context, flow: Flow, rule: Rule, graph: Graph, holds: Callable[[Spoken], bool]) -> None:
        self._context = context
        self._flow = flow
        self._rule = rule
        self._graph = graph
        self._holds_itself = holds
        self._held: dict[int, bool] = {}
        self._falls_back = bool(context.conversation.facts.get("falls back"))
        self._known: dict[tuple[int, Channels, str], Said] = {}

    def too_early(self, locale: str) -> list[Way]:
        """The shortest way to each step that comes before the disclaimer; ``locale`` is one of ``locales``."""
        return self._graph.first_without(
            lambda step, on: self._said(step, on, locale).closes, lambda step, on: self._said(step, on, locale).wanted
        )

    def _said(self, step: int, channels: Channels, locale: str) -> Said:
        key = (step, channels, locale)
        said = self._known.get(key)
        if said is None:
            said = self._known[key] = self._look(self._flow.steps[step], channels, locale)
        return said

    def early(self, step: int, locale: str) -> Spoken | None:
        """The text that comes too early; else the first one of the step, None where it says nothing."""
        said = (self._said(step, channels, locale).early for channels in self._graph.channels)
        found = next((spoken for spoken in said if spoken is not None), None)
        if found is None:
            texts = (several[0] for _, several in self._messages(self._flow.steps[step], None, locale))
            found = next((spoken for spoken in texts if spoken.message.kind not in _NOT_SAID), None)
        return found

    def asked(self, spoken: Spoken) -> list[Act]:
        """What a text asks for that has to come after the disclaimer, each category once, in the order of the words."""
        found: dict[str, Act] = {}
        for act in sorted(self._requests(spoken), key=lambda act: act.start):
            found.setdefault(act.data, act)
        return list(found.values())

    def passed(self, way: Way, locale: str) -> Step | None:
        """A step on a way to a place that has the disclaimer, and is passed by who has said before what it asks for."""
        for number in (step for step in way.steps[:-1] if step >= 0):
            step = self._flow.steps[number]
            if step.passed and any(self._said(number, channels, locale).holds for channels in self._graph.channels):
                return step
        return None

    def taken(self, step: int) -> dict[str, int]:
        """The categories that the step takes itself and the rule names, each with the first capture that takes it."""
        found: dict[str, int] = {}
        for channels in self._graph.channels:
            for number in self._captures(self._flow.steps[step], channels):
                for category in self._named(number):
                    found.setdefault(category, number)
        return dict(sorted(found.items(), key=lambda one: (one[1], one[0])))

    def _holds(self, spoken: Spoken) -> bool:
        held = self._held.get(id(spoken))
        if held is None:
            held = self._held[id(spoken)] = self._holds_itself(spoken)
        return held

    @cached_property
    def locales(self) -> list[str]:
        """The languages that the file says its texts are in, the most used first; [""] where it says one or none."""
        counts = Counter(
            of_locale(spoken.message.locale)
            for step in self._flow.steps
            for number in step.messages
            for spoken in self._context.texts(number)[:1]
            if spoken.message.locale and not spoken.message.is_choice
        )
        found = sorted(counts, key=lambda locale: (-counts[locale], locale))
        return found[:_MOST_LOCALES] if len(found) > 1 else [""]

    def _look(self, step: Step, channels: Channels, locale: str) -> Said:
        if not self._may_tell(step):
            return Said(False, self._takes(step, channels))
        held: dict[str, bool] = {}
        texts = list(self._messages(step, channels, locale))
        for alternatives, surely in _blocks(texts):
            after: list[dict[str, bool]] = []
            for one in alternatives:
                own = dict(held)
                early = self._read(one, own)
                if early is not None:
                    return Said(False, True, early)
                after.append(own)
            for language in {language for own in after for language in own}:
                before = held.get(language, False)
                said = all(own[language] for own in after if language in own)
                held[language] = before or (said and surely)
        if not any(held.values()):
            early = self._untranslated(step, channels, locale, len(texts))
            if early is not None:
                return Said(False, True, early)
        holds = any(held.values()) and all(told for language, told in held.items() if language)
        return Said(holds and not step.passed, not holds and self._takes(step, channels), holds=holds)

    def _may_tell(self, step: Step) -> bool:
        """Whether any text of the step, whoever reads it, is the disclaimer or what it has to come before."""
        return any(
            self._wants(spoken) or self._holds(spoken)
            for number in step.messages
            for spoken in self._context.texts(number)
            if not spoken.message.is_choice
        )

    def _untranslated(self, step: Step, channels: Channels, locale: str, size: int) -> Spoken | None:
        """What comes too early in another language, where it is said to those who speak this one too.

        It asks as well as any other; a disclaimer that is not translated does not count as said.
        """
        if not (locale and self._falls_back):
            return None
        others = [list(self._messages(step, channels, other)) for other in self.locales if other != locale]
        longest = max(others, key=len, default=[])
        if len(longest) <= size:
            return None
        return next((spoken for _, texts in longest for spoken in texts if self._wants(spoken)), None)

    def _read(self, texts: Iterable[list[Spoken]], held: dict[str, bool]) -> Spoken | None:
        """Note what is held after these texts, by language; the first of them that comes too early."""
        for branches in texts:
            by_language: dict[str, list[Spoken]] = {}
            for spoken in branches:
                by_language.setdefault(of_locale(spoken.message.locale) or spoken.language, []).append(spoken)
            for language, several in by_language.items():
                before = held.get(language, False)
                says = several[0].message.kind not in _NOT_SAID and all(map(self._holds, several))
                held[language] = before or says
                early = None if held[language] else next(filter(self._wants, several), None)
                if early is not None:
                    return early
        return None

    def _messages(self, step: Step, channels: Channels, locale: str) -> Iterator[tuple[Variant | None, list[Spoken]]]:
        """The texts of each message that a customer on these channels and in this language reads, in order.

        With what else may be said instead in this step.
        """
        own = dict(step.variants)
        for number in step.messages:
            found = [
                spoken
                for spoken in self._context.texts(number)
                if not spoken.message.is_choice
                and (not locale or of_locale(spoken.message.locale) in ("", locale))
                and _on(spoken.channels, channels)
                and self._context.applies(self._rule, spoken.message.document, spoken.channels, spoken.message.tags)
            ]
            if found:
                yield own.get(number, found[0].message.variant), found

    def _wants(self, spoken: Spoken) -> bool:
        sentence = self._rule.sentence
        if sentence.position == "first-message":
            return bool(spoken.plain.text.strip())
        if sentence.position == "before-any-question":
            return spoken.message.kind == "prompt" or _QUESTION.search(spoken.plain.text) is not None
        return any(True for _ in self._requests(spoken))

    def _requests(self, spoken: Spoken) -> Iterator[Act]:
        """The requests in a text for data that the rule names."""
        return (act for act in spoken.acts if act.force == "request" and act.data in self._rule.sentence.data)

    def _named(self, capture: int) -> set[str]:
        """The categories that a capture takes and the rule names."""
        return self._context.captured.categories(capture).keys() & self._rule.sentence.data

    def _takes(self, step: Step, channels: Channels) -> bool:
        """Whether the step takes an answer of its own, whatever it says."""
        sentence = self._rule.sentence
        if sentence.position == "first-message" or not self._context.applies(
            self._rule, step.document, frozenset(), self._context.tags_in(step)
        ):
            return False
        taken = self._captures(step, channels)
        messages = self._context.conversation.messages
        if sentence.position == "before-any-question":
            # A step that waits and says nothing asks nothing: the customer speaks first, or was asked a step earlier.
            said = any(_on(self._context.channels(messages[one]), channels) for one in step.messages)
            return bool(taken) or (step.waits and said)
        return any(map(self._named, taken))

    def _captures(self, step: Step, channels: Channels) -> list[int]:
        return [one for one in step.captures if _on(self._context.taken_on(one), channels)]


def is_told(context: Context, step: Step, holds: Callable[[Spoken], bool]) -> bool:
    """Whether everybody who comes to a step is told the disclaimer in it, in each language and on each channel, and
    whichever of several wordings is chosen.
    """
    if step.passed:
        return False
    own = dict(step.variants)
    texts = {
        number: found
        for number in step.messages
        if (found := [spoken for spoken in context.texts(number) if not spoken.message.is_choice])
        and found[0].message.kind not in _NOT_SAID
    }
    readers = {(of_locale(found[0].message.locale), frozenset(found[0].message.channels)) for found in texts.values()}
    for locale, channels in readers:
        read = [
            (own.get(number, found[0].message.variant), found)
            for number, found in texts.items()
            if of_locale(found[0].message.locale) in ("", locale) and _on(found[0].message.channels, channels or None)
        ]
        if not any(surely and all(_in_one(one, holds) for one in said) for said, surely in _blocks(read)):
            return False
    return bool(readers)


def _in_one(texts: Iterable[list[Spoken]], holds: Callable[[Spoken], bool]) -> bool:
    """Whether one of these texts is the disclaimer in each of its branches."""
    return any(all(map(holds, branches)) for branches in texts)


def _blocks(
    messages: Iterable[tuple[Variant | None, list[Spoken]]],
) -> Iterator[tuple[list[list[list[Spoken]]], bool]]:
    """The messages in order, each by itself; those of which one is said instead of another together.

    With whether one of the alternatives is surely said.
    """
    blocks: list[tuple[dict[int, list[list[Spoken]]], bool]] = []
    groups: dict[str, dict[int, list[list[Spoken]]]] = {}
    for variant, texts in messages:
        if variant is None:
            blocks.append(({0: [texts]}, True))
            continue
        if variant.group not in groups:
            groups[variant.group] = {}
            blocks.append((groups[variant.group], variant.surely))
        groups[variant.group].setdefault(variant.number, []).append(texts)
    for alternatives, surely in blocks:
        yield list(alternatives.values()), surely


def _on(stated: Iterable[str], channels: Channels) -> bool:
    return channels is None or not stated or not channels.isdisjoint(stated)
