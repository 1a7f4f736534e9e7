"""``neverask brief``: what helpdesk staff must know of a policy, in their language.

The words stand in ``policies/briefs/<code>.yaml``; another language is another file of that kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from html import escape
from typing import Any

import yaml

from . import resources
from .policy.model import Disclaimer, Policy, Rule
from .policy.vocabulary import SETS, UNKNOWN
from .policy.wordings import INFORMAL, term_of
from .reporters.ours import GENERATOR
from .rules.wording import in_language

_LAST_RESORT = "warning"
_OFFERED = frozenset({"portal", "phone"})
"""Kinds of place that the usual answer to a customer names."""
_FEW = 3


@dataclass(frozen=True)
class _Ban:
    """On which channels (none: on all) something must not be asked for, what excuses it, and whether it is an error."""

    channels: frozenset[str]
    unless: tuple[str, ...]
    strict: bool

    def with_(self, other: _Ban) -> _Ban:
        """What holds where both do."""
        unless = tuple(condition for condition in self.unless if condition in other.unless)
        return _Ban(frozenset(), unless, self.strict or other.strict)

    def covers(self, other: _Ban) -> bool:
        """Whether this holds wherever the other one does, with no more ways out."""
        everywhere = not self.channels or (bool(other.channels) and other.channels <= self.channels)
        return everywhere and set(self.unless) <= set(other.unless)


def _held(bans: Sequence[_Ban]) -> list[_Ban]:
    """What holds where, of the bans on one thing: on a channel what all of those do together that hold there."""
    everywhere = [ban for ban in bans if not ban.channels]
    usual = reduce(_Ban.with_, everywhere) if everywhere else None
    found: dict[_Ban, list[str]] = {}
    for channel in sorted(frozenset().union(*(ban.channels for ban in bans))):
        here = [ban for ban in bans if not ban.channels or channel in ban.channels]
        held = replace(reduce(_Ban.with_, here), channels=frozenset())
        if held != usual:
            found.setdefault(held, []).append(channel)
    return [*filter(None, (usual,)), *(replace(ban, channels=frozenset(where)) for ban, where in found.items())]


@dataclass(frozen=True)
class Block:
    """A piece of a briefing: ``kind`` is title, subtitle, heading, text, quote, list, ticks (never do it) or small."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()


def languages() -> list[str]:
    """The languages a briefing can be had in, sorted."""
    return resources.briefs()


def blocks(policy: Policy, language: str) -> list[Block]:
    """The briefing for a policy in one of ``languages()``."""
    words = yaml.safe_load(resources.policy(f"briefs/{language}.yaml"))
    return list(_Briefing(policy, language, words).write())


class _Briefing:
    def __init__(self, policy: Policy, language: str, words: Mapping[str, Any]) -> None:
        self.policy = policy
        self.language = language
        self.words = words
        self.rules = policy.in_force

    def write(self) -> Iterator[Block]:
        words = self.words
        yield Block("title", words["title"])
        yield Block("subtitle", words["subtitle"].format(policy=self.policy.title or self.policy.name))
        yield from self._never()
        yield from self._nor()
        yield from self._instead()
        yield from self._disclaimers()
        yield Block("heading", words["unasked"]["heading"])
        yield Block("list", items=tuple(words["unasked"]["steps"]))
        yield Block("quote", self._reply())
        yield Block("heading", words["why"]["heading"])
        yield Block("text", words["why"]["text"])
        yield from self._sources()

    @property
    def _asking(self) -> list[Rule]:
        """The rules on asking for what has a name: what is worded for these is said to customers."""
        return [rule for rule in self._of("asking") if rule.sentence.data != {UNKNOWN}]

    def _of(self, verb: str) -> list[Rule]:
        return [rule for rule in self.rules if rule.sentence.verb == verb]

    def _never(self) -> Iterator[Block]:
        bans = [
            block
            for ban, categories in self._bans(self._of("asking")).items()
            for block in self._banned(ban, "ticks", frozenset(categories), "where" if ban.channels else "everywhere")
        ]
        bans += self._bundles()
        if bans:
            yield Block("heading", self.words["never"]["heading"])
            yield from bans

    def _bundles(self) -> Iterator[Block]:
        """What may not be asked for all at once, except where one part of it may never be."""
        alone = [(ban, frozenset(categories)) for ban, categories in self._bans(self._of("asking")).items()]
        for rule in self._of("asking"):
            data, ban = rule.sentence.data, self._ban(rule)
            if not rule.sentence.bundle or any(data & categories and other.covers(ban) for other, categories in alone):
                continue
            yield from self._banned(ban, "list", data, "together-where" if ban.channels else "together")

    def _banned(self, ban: _Ban, kind: str, data: frozenset[str], where: str) -> Iterator[Block]:
        """What must not be asked for, below the words for ``where`` that holds, and what excuses it."""
        said = self.words["never"]
        lead = said[where].format(channels=self._channels(ban.channels))
        yield Block("text", lead if ban.strict else f"{said['only-warned']} {lead}")
        yield Block(kind, items=self._data(data))
        if ban.unless:
            yield Block("text", said["unless"].format(conditions="; ".join(ban.unless)))

    def _ban(self, rule: Rule) -> _Ban:
        unless = tuple(self._condition(condition) for condition in rule.sentence.unless)
        return _Ban(rule.sentence.channels, unless, rule.level != _LAST_RESORT)

    def _bans(self, rules: Iterable[Rule]) -> dict[_Ban, list[str]]:
        """Categories by what holds for each alone, all rules taken together; the widest ban first."""
        by_category: dict[str, list[_Ban]] = {}
        for rule in rules:
            ban = self._ban(rule)
            for category in rule.sentence.data - {UNKNOWN} if not rule.sentence.bundle else ():
                by_category.setdefault(category, []).append(ban)
        grouped: dict[_Ban, list[str]] = {}
        for category in sorted(by_category):
            for ban in _held(by_category[category]):
                grouped.setdefault(ban, []).append(category)
        return dict(sorted(grouped.items(), key=lambda pair: (not pair[0].strict, -len(pair[1]), pair[1])))

    def _nor(self) -> Iterator[Block]:
        said = self.words["not-either"]
        lines = [
            *(line for verb in ("collecting", "sending") for line in self._of_data(said[verb], self._of(verb))),
            *self._redirecting(said["redirecting"]),
            *self._claiming(said["claiming"]),
            *(
                self._line(said["collecting-together"].format(data=self._joined(self._data(rule.sentence.data))), ban)
                for rule in self._of("collecting")
                if rule.sentence.bundle and (ban := self._ban(rule))
            ),
        ]
        if lines:
            yield Block("heading", said["heading"])
            yield Block("list", items=tuple(lines))

    def _of_data(self, form: str, rules: Sequence[Rule], places: str = "") -> Iterator[str]:
        """A line for all data of which the same holds."""
        asked = {category for found in self._bans(self._of("asking")).values() for category in found}
        for ban, categories in self._bans(rules).items():
            whole = len(categories) > _FEW and asked.issuperset(categories)
            data = self.words["not-either"]["such"] if whole else self._joined(self._data(frozenset(categories)))
            yield self._line(form.format(data=data, places=places), ban)

    def _redirecting(self, form: str) -> Iterator[str]:
        by_places: dict[frozenset[str], list[Rule]] = {}
        for rule in self._of("redirecting"):
            by_places.setdefault(rule.sentence.places, []).append(rule)
        for places, rules in by_places.items():
            told = self._joined([self.words["places"].get(place, place) for place in sorted(places)])
            yield from self._of_data(form, rules, told)

    def _claiming(self, form: str) -> Iterator[str]:
        for ban in _held([self._ban(rule) for rule in self._of("claiming")]):
            yield self._line(form, ban)

    def _line(self, text: str, ban: _Ban) -> str:
        """What must not be done, with where that holds and what excuses it."""
        said = self.words["never"]
        lead = said["where"].format(channels=self._channels(ban.channels)) + " " if ban.channels else ""
        return lead + text + (" " + said["unless"].format(conditions="; ".join(ban.unless)) if ban.unless else "")

    def _instead(self) -> Iterator[Block]:
        said = self.words["instead"]
        ways = [way for rule in self._asking if (way := self._worded(rule.instead))]
        safe = self.policy.safe
        places = [self.words["places"].get(kind, kind) for kind in sorted(safe.kinds)]
        places += [" / ".join(own.names) + (f" ({own.url})" if own.url else "") for own in safe.own]
        yield Block("heading", said["heading"])
        for way in dict.fromkeys(ways):
            yield Block("quote", way)
        if places:
            yield Block("text", said["places"].format(places=self._joined(places)))
        yield Block("text", said["private"])

    def _reply(self) -> str:
        """What is answered to who has sent such data unasked."""
        said, name = self.words["unasked"], "reply" if self.policy.safe.kinds >= _OFFERED else "reply-elsewhere"
        ways = {self.language: said[name], self.language + INFORMAL: said.get(name + INFORMAL, "")}
        return self._worded(ways)

    def _worded(self, ways: Mapping[str, str]) -> str:
        """A wording in the language of the briefing, in the way in which the policy's own ones speak to customers."""
        return in_language(ways, self.language, self._own_words)

    @cached_property
    def _own_words(self) -> str:
        """The wordings that come in one way alone: the bundled ones come in both."""
        offered = [rule.instead for rule in self._asking]
        offered += [of.texts for of in self.policy.disclaimers.values()]
        return "\n".join(ways.get(self.language, "") for ways in offered if self.language + INFORMAL not in ways)

    def _disclaimers(self) -> Iterator[Block]:
        said = self.words["disclaimer"]
        shown: set[str] = set()
        for rule in self._of("disclaimer"):
            of = self.policy.disclaimers[rule.sentence.disclaimer]
            if of.name in shown:
                continue
            shown.add(of.name)
            where = [
                f"{channels}: {', '.join(dict.fromkeys(places))}" if channels else ", ".join(dict.fromkeys(places))
                for channels, places in self._positions(of.name).items()
            ]
            yield Block("heading", said["heading"])
            yield Block("text", said["text"].format(where="; ".join(where)))
            yield from self._to_say(of)

    def _to_say(self, of: Disclaimer) -> Iterator[Block]:
        """The text of a disclaimer, else what it must say, else its texts for customers in other languages."""
        if text := self._worded(of.texts):
            yield Block("quote", text)
        elif of.elements:
            yield Block("text", self.words["disclaimer"]["own-words"])
            yield Block("list", items=tuple(self.words["elements"][element] for element in of.elements))
        else:
            yield from (Block("quote", other) for other in of.texts.values())

    def _positions(self, disclaimer: str) -> dict[str, list[str]]:
        """Where a disclaimer must stand, by the channels on which it must ("" for all)."""
        found: dict[str, list[str]] = {}
        for rule in self._of("disclaimer"):
            sentence = rule.sentence
            if sentence.disclaimer == disclaimer:
                where = self.words["where"][sentence.position]
                if sentence.data and sentence.data != self.policy.sets.get("personal", SETS["personal"]):
                    data = self._joined(self._data(sentence.data))
                    where = self.words["where"]["before-asking-for"].format(data=data)
                found.setdefault(self._channels(sentence.channels), []).append(where)
        return found

    def _sources(self) -> Iterator[Block]:
        names = dict.fromkeys(name for rule in self.rules for name in rule.because)
        lines = [f"{name}: {self.policy.cited[name]}" if name in self.policy.cited else name for name in names]
        if lines:
            yield Block("heading", self.words["sources"])
            yield Block("list", items=tuple(lines))
        files = ", ".join(dict.fromkeys(source.path for source in self.policy.files))
        yield Block("small", self.words["printed"].format(files=files))

    def _data(self, categories: frozenset[str]) -> tuple[str, ...]:
        names = self.words["categories"]
        known = [name for name in names if name in categories]
        return (*(names[name] for name in known), *sorted(map(self._own, categories - set(known))))

    def _own(self, category: str) -> str:
        """An organisation's own kind of data as it is called in the language of the briefing."""
        return term_of(self.policy.terms.get(category, {}), self.language) or category.replace("-", " ")

    def _channels(self, channels: frozenset[str]) -> str:
        return self._joined([self.words["channels"].get(channel, channel) for channel in sorted(channels)])

    def _condition(self, condition: Any) -> str:
        return str(self.words["conditions"][condition.kind]).format(value=condition.value)

    @staticmethod
    def _joined(parts: Sequence[str]) -> str:
        return "; ".join(parts) if any("," in part for part in parts) else ", ".join(parts)


def markdown(found: Sequence[Block]) -> str:
    """The briefing as Markdown; what the policy says can't break out of its line."""
    lines: list[str] = []
    for block in found:
        if block.kind in ("list", "ticks"):
            mark = "- ✗ " if block.kind == "ticks" else "- "
            lines += [mark + _plain(item) for item in block.items]
        else:
            before = {"title": "# ", "heading": "## ", "quote": "> ", "subtitle": "*", "small": "*"}.get(block.kind, "")
            lines.append(before + _plain(block.text) + ("*" if block.kind in ("subtitle", "small") else ""))
        lines.append("")
    return "\n".join(lines)


def _plain(text: str) -> str:
    line = " ".join(text.split())
    return "".join(f"\\{character}" if character in "\\`*_<>[]|#" else character for character in line)


_STYLE = """
:root { color-scheme: light dark; --mark: #a4262c; --line: #8884; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }
h1 { line-height: 1.2; } h2 { margin-top: 2rem; border-bottom: 1px solid var(--line); break-after: avoid; }
blockquote { margin: 1rem 0; padding: .5rem 1rem; border-left: .3rem solid var(--mark); background: #8881; }
blockquote { break-inside: avoid; }
ul.never { list-style: "✗  "; } ul.never li::marker { color: var(--mark); font-weight: bold; }
.small, .subtitle { opacity: .75; } .small { font-size: .85rem; margin-top: 3rem; } li { overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) { :root { --mark: #ff8a80; } }
@media print { body { margin: 0; max-width: none; font-size: 10.5pt; } h2 { margin-top: 1.2rem; } }
"""


def page(found: Sequence[Block], language: str) -> str:
    """The briefing as one HTML file that needs nothing else, for screen and paper."""
    tags = {"title": "h1", "heading": "h2", "text": "p", "quote": "blockquote"}
    body: list[str] = []
    for block in found:
        if block.kind in ("list", "ticks"):
            items = "".join(f"<li>{escape(item)}</li>" for item in block.items)
            body.append(f"<ul{' class=never' if block.kind == 'ticks' else ''}>{items}</ul>")
        elif block.kind in tags:
            body.append(f"<{tags[block.kind]}>{escape(block.text)}</{tags[block.kind]}>")
        else:
            body.append(f'<p class="{block.kind}">{escape(block.text)}</p>')
    title = escape(next((block.text for block in found if block.kind == "title"), ""))
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n{GENERATOR}\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n" + "\n".join(body) + "\n</main>\n</body>\n</html>\n"
    )
