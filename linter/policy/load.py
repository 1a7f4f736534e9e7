"""Policy files to a policy: schema, places, ``extends``, rule sentences. A mistake stops everything.

A policy that was found right is kept in the cache as plain data, under a name made of the content of its
files.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from re import Match
from typing import Any, NamedTuple

from .. import resources
from ..expressions import expression
from ..source import BUNDLED, Position, Source, SourceError, Span
from ..surroundings import is_inside, top
from ..trees import READING, current
from . import sentence as grammar
from .errors import closest, explained
from .mistakes import Mistakes
from .model import (
    ChannelRule,
    Condition,
    Disclaimer,
    Exemption,
    Idle,
    Lost,
    Mapping_,
    Ousted,
    OwnPlace,
    Place,
    Policy,
    Rule,
    SafeChannels,
    Sentence,
    day,
    day_meant,
    is_day,
)
from .nodes import Node, head, items, key_of, pairs, parse, shown, text_of, within
from .patterns import mistake
from .schema import checked
from .sets import SetsInACircle, opened, plain
from .vocabulary import CATEGORIES, CHANNELS, NEVER_PARTIAL, NEVER_READ, OTHER_CHANNELS, PLACES, SETS, plain_name
from .wordings import informal_keys, is_dense, language_in, put_upon

_Terms = dict[str, Mapping[str, tuple[str, ...]]]
"""An organisation's own data: the words of each by language."""
_MOST_CHOICES = 12  # in one term: they multiply
_LONGEST = 40  # words of a term or a name that a text can have; each is a step deeper in what is looked through
_MOST_WORDS = 20  # of one name, among which a slip is looked for
_TELLING = 5  # letters of a word that is known by its slip alone
_SAID_FOR = {"in": "on", "over": "on", "via": "on", "at": "on", "without": "except", "excluding": "except"}
_WORD = expression(r"[^\s\"]+")
_MOST_ABOVE = 50  # policies, each of which extends the next
_EXCUSES = {"partial": "partial", "shielded": "shielded", "safe-channel": "redirecting"}
"""Conditions that look at the words of a request, with the word by which each begins."""
_EXCUSABLE = frozenset({"asking", "collecting"})
_PATTERN = expression(r"\||\\[dswbDSWB]|\[[^\]]+\][{+*?]|[.][*+]|^\^|^/\^")
"""What stands in regular expressions, and not in what people say."""
_BRACES = expression(r"\{+[^{}]*\}+")
_WORDS = expression(r"[^\W_]+")
_IN_WORD = expression(r"(?<=[^\W_])\(([^()]*)\)|\(([^()]*)\)(?=[^\W_])")
"""A part of a word in brackets, where the words of a term are whole ones."""
_CHANGES = "a list changes the set: '+' puts in, '-' takes out; a set of your own has a name of its own"
_BRING_IN = "bring it in, as a submodule of git or a copy"
_FETCH = "a submodule is fetched by 'git submodule update --init'"
_ANY_DAY = "write year, month and day, as in 2035-01-31"
_BARE_TAG = re.compile(r"\btagged\s+([^\s\"]+)\s+$", re.IGNORECASE)
_ALL_CHANNELS = re.compile(r"\bon\s+(?:all|every|each)\s+$", re.IGNORECASE)
_EMPTY = "nothing could ever be found: take out less, or take the rule out"


def load(path: str, text: str | None = None, to_extend: bool = False) -> Policy:
    """The policy in the file at ``path`` (or in ``text``), with its ``extends`` resolved.

    ``to_extend``: it may be one that others extend, and need have no rule. Raises PolicyError with every mistake found,
    SourceError when a file can't be read.
    """
    source = Source(path, read(path) if text is None else _whole(path, text))
    return _Loader().load(source, os.path.dirname(os.path.abspath(path)), to_extend)


def bundled(name: str) -> Policy:
    """A bundled policy by name. Raises KeyError when there is none."""
    if name not in resources.policies():
        raise KeyError(name)
    return _Loader().load(_bundled_source(name), "")


def read(path: str) -> str:
    """The text of a policy file. Raises SourceError."""
    try:
        data = current().read(path)
    except SourceError as error:
        raise SourceError(path, f"can't read the policy: {error.reason.removeprefix(READING)}") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(path, data[: error.start].decode("utf-8-sig")) from None


def _whole(path: str, text: str) -> str:
    """A text that an editor holds, which may have half of an emoji in it while one types. Raises SourceError."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise _not_utf8(path, text[: error.start]) from None
    return text


def _not_utf8(path: str, before: str) -> SourceError:
    place = Position(before.count("\n") + 1, len(before) - before.rfind("\n"))
    return SourceError(path, "the policy is not UTF-8: save it as that", place)


def _inside(found: Match[str]) -> str:
    """What stands between the brackets."""
    return found[1] or found[2] or ""


def _as_cited(reason: str, cited: Mapping[str, str]) -> str:
    """A reason as the source is called that is meant: "GDPR art 32" is "GDPR art. 32"."""
    said = plain_name(reason)
    return reason if reason in cited else next((name for name in cited if plain_name(name) == said), reason)


def _bundled_source(name: str) -> Source:
    return Source(name + BUNDLED, resources.policy(f"{name}.yaml"))


class _File(NamedTuple):
    """A file of a policy. ``below`` are the files on which it builds, each with the item of ``extends`` that leads to
    it.
    """

    name: str
    node: Node
    source: Source
    root: str
    below: dict[str, Node]


class _Loader:
    """Goes on after a mistake, with what is left without it, so that all are told at once.

    ``_named`` are the rules that stand anywhere, right or wrong, ``_flawed`` those with something in them that
    can't stand there, ``_told`` the examples of which that is so; ``_unsure``: a policy that this one builds on is not
    known, so neither are the names that it would bring. ``_files`` are all files by their identity, each behind those
    that it builds on: so each is read once, however many extend it, and what one says stands until a later one says
    otherwise, and not until a later one inherits otherwise.
    """

    def __init__(self) -> None:
        self._mistakes = Mistakes()
        self._outermost = ""
        self._named: set[str] = set()
        self._channel_by_letters: dict[str, str] = {}
        self._files: dict[str, _File] = {}
        self._changed_in: dict[int, str] = {}
        self._termed: dict[str, tuple[str, Place]] = {}

    def load(self, source: Source, root: str, to_extend: bool = False) -> Policy:
        self._outermost = root
        self._gather(source, root, ())
        policy = Policy(source.path)
        for file in self._files.values():
            policy = self._own(file, policy)
        if not policy.rules and not self._mistakes.problems and not to_extend:
            span = Span(0, source.text.find("\n") if "\n" in source.text else len(source.text))
            hint = "add 'extends: [whatsapp]' or a rule of your own under 'rules:'"
            self._mistakes.tell_at(source, span, "this policy has no rule: nothing would be checked", hint)
        self._mistakes.stop(source)
        return policy

    def _gather(self, source: Source, root: str, above: tuple[str, ...]) -> None:
        """Read a file of a policy, behind those that it extends."""
        node = checked(parse(source), self._mistakes)
        name = _identity(source, root)
        below: dict[str, Node] = {}
        for item in items(node.get("extends")):
            inherited = self._inherited(item, root, (*above, name))
            if inherited is not None:
                below.setdefault(inherited.name, item)
                for further in inherited.below:
                    below.setdefault(further, item)
        self._files[name] = _File(name, node, source, root, below)

    def _inherited(self, item: Node, root: str, above: tuple[str, ...]) -> _File | None:
        name = str(item.value)
        if name in resources.policies():
            source, folder = _bundled_source(name), ""
        elif name.endswith((".yaml", ".yml")):
            path = _beside(root, name)
            repository = top(root) or top(current().real(root))
            if os.path.isabs(name) or not is_inside(path, os.path.realpath(repository or self._outermost)):
                around = "repository" if repository else "folder of the policy"
                wrong = f"'{name}' lies outside the {around}: a policy takes only files inside it"
                self._mistakes.tell(item, wrong, _BRING_IN if repository else "")
                self._mistakes.unsure = True
                return None
            if not current().isfile(path):
                empty = current().unfetched(path)
                hint = f"'{os.path.relpath(empty)}' is empty: {_FETCH}" if empty else ""
                self._mistakes.tell(item, f"there is no policy file '{name}' beside this one", hint)
                self._mistakes.unsure = True
                return None
            source, folder = Source(os.path.relpath(path), read(path)), os.path.dirname(path)
        else:
            hint = closest(name, resources.policies())
            self._mistakes.tell(item, f"there is no bundled policy '{name}'", hint)
            meant = next((known for known in resources.policies() if hint == f"did you mean '{known}'?"), None)
            if meant is None:
                self._mistakes.unsure = True
                return None
            source, folder = _bundled_source(meant), ""  # to see whether the rest is right
        if _identity(source, folder) in above:
            self._mistakes.tell(item, f"'{name}' extends this policy in turn: that is a circle")
            return None
        if len(above) > _MOST_ABOVE:
            self._mistakes.tell(item, f"there are more than {_MOST_ABOVE} policies above each other")
            return None
        known = _identity(source, folder)
        if known not in self._files:
            self._gather(source, folder, above)
        return self._files[known]

    # -- the parts
    # ---------------------------------------------------------------------------------------------

    def _own(self, file: _File, base: Policy) -> Policy:
        """The policy with what a file says itself."""
        node, source, root = file.node, file.source, file.root
        policy = replace(
            base,
            name=source.path,
            files=(*base.files, source),
            extends=tuple(dict.fromkeys((*base.extends, *(str(item.value) for item in items(node.get("extends")))))),
            title=text_of(node.get("title")),
            about=text_of(node.get("about")),
        )
        for item in items(node.get("languages")):
            self._language(item)
        policy = self._data(file, policy)
        policy = replace(policy, disclaimers=dict(self._disclaimers(node.get("disclaimers"), policy)))
        self._channel_names(policy)
        channels = tuple(self._channels(node.get("channels"), root))
        own_channels = {channel for rule in (*base.channels, *channels) for channel in rule.channels}
        policy = replace(
            policy,
            channels=channels or policy.channels,
            ousted=self._without_channels(file, channels, policy),
            safe=self._safe(node.get("safe-channels"), policy.safe),
            mappings=(*self._mappings(node.get("sources"), root), *policy.mappings),
            cited={**policy.cited, **{str(k.value): str(v.value) for k, v in pairs(node.get("cited"))}},
            languages=tuple(str(item.value) for item in items(node.get("languages"))) or policy.languages,
        )
        rules = {rule.name: rule for rule in policy.rules}
        self._named.update(rules, (str(key.value) for key, _ in pairs(node.get("rules"))))
        for key, value in pairs(node.get("rules")):
            base_rule = rules.get(str(key.value))
            rule = self._rule(key, value, policy, own_channels, base_rule, root)
            if rule is not None:
                rules[rule.name] = rule
                if value.get("rule") is not None:
                    policy = replace(policy, ousted=self._ousted(file, rule, base_rule, policy))
        policy = replace(policy, rules=tuple(rules.values()))
        self._about_nothing(node, policy, base)
        self._misspelt_channels(node.get("channels"), policy.rules)
        self._examples(node.get("examples"), policy, own_channels)
        return replace(policy, exemptions=(*policy.exemptions, *self._exemptions(node.get("exceptions"), root)))

    def _ousted(self, file: _File, rule: Rule, before: Rule | None, policy: Policy) -> tuple[Ousted, ...]:
        """The rules that gave way to another one of their name, now that a file says what one is.

        Who builds on a policy may say anew what its rules are; of two policies side by side neither means the other's.
        """
        rest = tuple(one for one in policy.ousted if one.rule != rule.name)
        if before is None or before.sentence.says == rule.sentence.says:
            return rest
        by = self._joined(file, before.place)
        return (*rest, Ousted(rule.name, before.place, by)) if by else rest

    def _without_channels(self, file: _File, channels: Sequence[ChannelRule], policy: Policy) -> tuple[Ousted, ...]:
        """The same of what is said about channels, of which a policy has that of one file alone."""
        if not channels:
            return policy.ousted
        rest = tuple(one for one in policy.ousted if one.rule)
        alike = [(one.channels, one.files, one.tagged) for one in channels]
        before = policy.channels
        if not before or alike == [(one.channels, one.files, one.tagged) for one in before]:
            return rest
        by = self._joined(file, before[0].place)
        return (*rest, Ousted("", before[0].place, by)) if by else rest

    def _joined(self, file: _File, place: Place) -> Place | None:
        """The ``extends`` by which a file and that of a place came together side by side, None where they did not."""
        other = next((name for name, one in self._files.items() if one.source is place.source), file.name)
        if other == file.name or other in file.below:
            return None
        joined = next(one for one in self._files.values() if file.name in one.below and other in one.below)
        return Place(joined.source, joined.below[file.name].span)

    def _data(self, file: _File, policy: Policy) -> Policy:
        """The policy with its own terms, and the sets as they are with what it changes in them.

        A set of its own that a policy beside this one makes, too, is made anew.
        """
        root = file.node
        node = root.get("data")
        terms = dict(policy.terms)
        anew = {str(key.value) for key, value in pairs(node) if value.kind != "map"} - SETS.keys()
        inherited = {*file.below, file.name}
        made = [
            change for change in policy.changes if change[0] not in anew or self._changed_in[id(change)] in inherited
        ]
        lost: list[Lost] = []
        changes = self._own_data(file, terms, lost)
        right: list[Node] = []
        categories = {*CATEGORIES, *terms}
        known = {*categories, *SETS, *policy.sets}
        below = {str(key.value) for key, _ in changes}
        for key, value in changes:
            name = str(key.value)
            words = [item for item in items(value) if self._is_data(item, known, below)]
            known.add(name)
            made.append((name, tuple(str(item.value) for item in words)))
            self._changed_in[id(made[-1])] = file.name
            if len(words) == len(items(value)):
                right.append(key)
        try:
            sets = opened(made, categories)
        except SetsInACircle as error:
            place = next((key for key, _ in changes if str(key.value) in error.names), root)
            circle = " and ".join(f"'{name}'" for name in error.names)
            self._mistakes.tell(place, f"the sets {circle} are made of each other: that is a circle")
            sets = {**SETS, **policy.sets}
        for key, value in changes:
            self._idle_words_of_set(str(key.value), items(value), policy)
        for key in right:
            if not sets.get(str(key.value), True):
                self._mistakes.tell(key, f"the set '{key.value}' is empty: all that is put in is taken out", _EMPTY)
        changed = {name for name in sets.keys() | policy.sets.keys() if sets.get(name) != policy.sets.get(name)}
        rules = _about(policy.rules, sets, changed) if changed else policy.rules
        return replace(policy, terms=terms, changes=tuple(made), sets=sets, rules=rules, lost=(*policy.lost, *lost))

    def _own_data(self, file: _File, terms: _Terms, lost: list[Lost]) -> list[tuple[Node, Node]]:
        """Put the words of the organisation's own kinds of data into ``terms``, those that go into ``lost``; what
        changes sets is handed back.
        """
        changes: list[tuple[Node, Node]] = []
        for key, value in pairs(file.node.get("data")):
            name = str(key.value)
            if not grammar.can_name(name):
                hint = "a name has a letter or digit in it, and no quotation mark"
                self._mistakes.tell(key, f"no rule sentence can name '{name}'", hint)
            if value.kind != "map":
                changes.append((key, value))
                continue
            if name in SETS:
                hint = f"give the words a name of their own, and put it into the set: {name}: [+name]"
                self._mistakes.tell(key, f"'{name}' is a set: words here would be found by no rule", hint)
            self._terms(value)
            words = {str(lang.value): tuple(str(i.value) for i in items(said)) for lang, said in value.value}
            lost += self._put_terms(file, terms, name, words, Place(file.source, key.span))
        return changes

    def _put_terms(
        self, file: _File, terms: _Terms, name: str, words: Mapping[str, tuple[str, ...]], place: Place
    ) -> Iterator[Lost]:
        """Have a file say what words its own data have: in a language that it names these alone, as it changes of a
        rule only what it says. Of two policies side by side neither means to take from the other: both count.
        """
        before = terms.get(name, {})
        other, stands = self._termed.get(name, (file.name, place))
        self._termed[name] = file.name, place
        if other == file.name or other in file.below:
            terms[name] = {**before, **words}
            left = {word.casefold() for said in terms[name].values() for word in said}
            gone = tuple(word for said in before.values() for word in said if word.casefold() not in left)
            if gone:
                yield Lost(name, gone, stands, place)
        else:
            both = {**before, **words}
            terms[name] = {code: tuple(dict.fromkeys((*before.get(code, ()), *words.get(code, ())))) for code in both}

    def _idle_words_of_set(self, name: str, words: Sequence[Node], policy: Policy) -> None:
        """A list of what a set of ours has by itself is meant to be all of it; what it never had can't be taken out."""
        if name not in SETS or name == "any":
            return
        has = SETS[name] | policy.sets.get(name, frozenset())
        put_in: set[str] = set()
        for item in words:
            said = str(item.value)
            members = policy.sets.get(plain(said), SETS.get(plain(said), frozenset({plain(said)})))
            if not said.startswith("-"):
                put_in |= members
                if said == plain(said) and members <= SETS[name] & policy.sets.get(name, SETS[name]):
                    self._mistakes.tell(item, f"'{plain(said)}' is in '{name}' already", _CHANGES)
            elif members.isdisjoint(has | put_in):
                self._mistakes.tell(item, f"'{plain(said)}' is not in '{name}': there is nothing to take out", _CHANGES)

    def _about_nothing(self, root: Node, policy: Policy, base: Policy) -> None:
        """A rule that names data of which nothing is left would pass everything."""
        before = {rule.name: rule for rule in base.rules}
        for rule in policy.rules:
            sentence = rule.sentence
            if not sentence.named or sentence.data or rule.level == "off":
                continue
            message = f"'{rule.name}' is about no data: all that it names is taken out again"
            is_told = not all(policy.sets.get(name, True) for name in sentence.named)
            if rule.place.source is root.source and not is_told:
                self._mistakes.tell_at(root.source, rule.place.span, message, _EMPTY)
            elif not is_told and rule.name in before and before[rule.name].sentence.data:
                self._mistakes.tell(key_of(root, "data"), message, _EMPTY)

    def _is_data(self, item: Node, known: Collection[str], below: Collection[str]) -> bool:
        """Whether what is put into a set or taken out is there."""
        word = plain(str(item.value))
        if word not in known and word in below:
            self._mistakes.tell(item, f"the set '{word}' stands further down: a set is made of what stands above it")
        elif word not in known:
            hint = closest(word, known)
            kinds = _kinds({*known} - SETS.keys(), SETS)
            self._mistakes.tell(
                item, f"there is no category or set '{word}'", hint if hint.startswith("did") else kinds, word
            )
        return word in known

    def _terms(self, node: Node) -> None:
        """Words that no text could ever match are mistakes, not terms."""
        for language, words in pairs(node):
            self._language(language)
            for word in items(words):
                said = str(word.value)
                if _PATTERN.search(said):
                    hint = "write the words themselves: a/b for one or the other, (x) for what may be left out"
                    self._mistakes.tell(word, f"'{said}' is a pattern, and no text has that: a term is words", hint)
                elif _IN_WORD.search(said):
                    hint = f"write both words: {_IN_WORD.sub(_inside, said)}, {_IN_WORD.sub('', said)}"
                    message = f"'{said}' has brackets in a word: what may be left out of a term is a whole word"
                    self._mistakes.tell(word, message, hint)
                elif self._is_word(word) and said.count("/") + said.count("(") > _MOST_CHOICES:
                    self._mistakes.tell(word, "this term has too many alternatives", "write it as several terms")

    def _is_word(self, node: Node) -> bool:
        """Whether a text can have it."""
        said = str(node.value)
        able = any(map(str.isalnum, said)) and not said.lstrip().startswith("…")
        if not able:
            self._mistakes.tell(node, f"'{said}' is not a word that can stand in a text")
        elif len(_WORDS.findall(said)) > _LONGEST:
            self._mistakes.tell(
                node, f"this has more than {_LONGEST} words: no text has all of them in a row", "write fewer"
            )
            return False
        return able

    def _language(self, node: Node) -> None:
        known = resources.languages()
        if str(node.value) not in known:
            self._mistakes.tell(node, f"there is no language '{node.value}'", closest(str(node.value), known))

    def _worded(self, node: Node | None) -> dict[str, str]:
        """Wordings by language, and by ``nl-informal`` where texts of that language may be informal."""
        for key, _ in pairs(node):
            language = language_in(str(key.value))
            if language != str(key.value) and not resources.formality(language):
                hint = f"write it under '{language}' alone; known: {', '.join(informal_keys())}"
                self._mistakes.tell(key, f"there is no informal form of '{language}'", hint)
        return {str(key.value): str(text.value).strip() for key, text in pairs(node)}

    def _misspelt_channels(self, node: Node | None, rules: tuple[Rule, ...]) -> None:
        """A misspelt channel would define one of its own that no rule speaks of, and nothing would be checked."""
        spoken_of = {channel for rule in rules for channel in rule.sentence.channels}
        elsewhere = set(map(plain_name, OTHER_CHANNELS))
        for item in items(node):
            for channel in items(item.get("channels")):
                name = self._as_known(str(channel.value))
                if name in CHANNELS or name in spoken_of or plain_name(name) in elsewhere:
                    continue
                near = closest(name, CHANNELS)
                if near.startswith("did"):
                    message = f"there is no channel '{name}', and no rule speaks of one of that name"
                    self._mistakes.tell(channel, message, near)

    def _examples(self, node: Node | None, policy: Policy, own_channels: set[str]) -> None:
        """An example of a channel or language that there is not would find nothing, whatever the rules say."""
        spoken_of = {channel for rule in policy.rules for channel in rule.sentence.channels}
        known = {*CHANNELS, *own_channels, *spoken_of, *(name for rule in policy.channels for name in rule.channels)}
        for example in items(node):
            for rule in items(example.get("finds")):
                self._known_rule(rule)
            text, steps = example.get("text"), example.get("steps")
            if text is None and not items(steps) and example.kind == "map" and example.span not in self._mistakes.told:
                self._mistakes.tell(head(example), "'text' is missing", "or 'steps:', those of a small flow")
            elif text is not None and (steps is not None or example.get("flow") is not None):
                self._mistakes.tell(head(example), "an example is a text or a flow, not both", "write two examples")
            channel, language = example.get("channel"), example.get("language")
            if language is not None:
                self._language(language)
            if channel is not None and self._as_known(str(channel.value)) not in known:
                hint = closest(str(channel.value), known)
                if not self._mistakes.unsure or hint.startswith("did"):
                    self._mistakes.tell(channel, f"there is no channel '{channel.value}'", hint)

    def _known_rule(self, rule: Node) -> None:
        if str(rule.value) in self._named:
            return
        hint = closest(str(rule.value), self._named)
        if not self._mistakes.unsure or hint.startswith("did"):
            self._mistakes.tell(rule, f"there is no rule '{rule.value}'", hint)

    def _channel_names(self, base: Policy) -> None:
        """Take in the channels that everybody knows and those of the policy that is extended, as they are written."""
        for name in CHANNELS:
            self._as_known(name)
        for rule in base.rules:
            for name in sorted(rule.sentence.channels):
                self._as_known(name)
        for entry in base.channels:
            for name in entry.channels:
                self._as_known(name)

    def _as_known(self, channel: str) -> str:
        """A channel's name as it is written everywhere else: "WhatsApp" is "whatsapp"."""
        return self._channel_by_letters.setdefault(plain_name(channel), channel)

    def _patterns(self, node: Node | None) -> list[Node]:
        """File patterns; one that can fit no file is a mistake."""
        for item in items(node):
            wrong, hint = mistake(text_of(item))
            if wrong:
                self._mistakes.tell(item, f"'{text_of(item)}' {wrong}", hint)
        return items(node)

    def _channels(self, node: Node | None, root: str) -> Iterator[ChannelRule]:
        for item in items(node):
            files = self._patterns(item.get("files"))
            yield ChannelRule(
                channels=tuple(self._as_known(str(c.value)) for c in items(item.get("channels"))),
                place=Place(item.source, head(item).span),
                files=tuple(str(f.value) for f in files),
                tagged=tuple(str(t.value) for t in items(item.get("tagged"))),
                root=root,
                spans=tuple(f.span for f in files),
            )

    def _safe(self, node: Node | None, base: SafeChannels) -> SafeChannels:
        if node is None:
            return base
        kinds = node.get("kinds")
        own = tuple(
            OwnPlace(tuple(str(n.value) for n in items(item.get("name")) if self._is_word(n)), text_of(item.get("url")))
            for item in items(node.get("own"))
        )
        for item in items(kinds):
            if str(item.value) == "private message":
                self._mistakes.tell(item, "a private message on the same platform is never a safe channel")
        return SafeChannels(
            frozenset(str(k.value) for k in items(kinds)) if kinds else base.kinds,
            tuple(dict.fromkeys((*base.own, *own))),
        )

    def _disclaimers(self, node: Node | None, policy: Policy) -> Iterator[tuple[str, Disclaimer]]:
        """The inherited ones, and this file's own; what an own one does not say it takes from one of its name."""
        yield from policy.disclaimers.items()
        for key, value in pairs(node):
            base = policy.disclaimers.get(str(key.value), Disclaimer("", Place(value.source, key.span)))
            texts = put_upon(base.texts, self._worded(value.get("texts")))
            limit = value.get("at-most")
            at_most = int(limit.value) if limit is not None else base.at_most
            for _, text in pairs(value.get("texts")):
                if at_most and len(str(text.value).strip()) > at_most:
                    self._mistakes.tell(
                        text,
                        f"this text has {len(str(text.value).strip())} characters, more than at-most: {at_most}",
                    )
                if _is_one_word(str(text.value)):
                    hint = "it has to say what customers must not send, in words that no other text has by chance"
                    self._mistakes.tell(
                        text, f"'{str(text.value).strip()}' is no disclaimer: one word warns of nothing", hint
                    )
            said = value.get("elements")
            named = dict.fromkeys(str(element.value) for element in items(said))
            elements = tuple(named) if said is not None else base.elements
            yield (
                str(key.value),
                Disclaimer(str(key.value), Place(value.source, key.span), texts, elements, at_most),
            )

    def _mappings(self, node: Node | None, root: str) -> Iterator[Mapping_]:
        for item in items(node):
            fields = {str(k.value): v for k, v in item.value if str(k.value) != "files"} if item.kind == "map" else {}
            for name, value in fields.items():
                self._field_path(name, value)
            paths = {name: str(value.value) for name, value in fields.items()}
            files = self._patterns(item.get("files"))
            yield Mapping_(
                tuple(str(f.value) for f in files),
                Place(item.source, item.span),
                paths,
                root,
                {"files": tuple(f.span for f in files), **{name: (value.span,) for name, value in fields.items()}},
            )

    def _field_path(self, name: str, node: Node) -> None:
        """What begins with ``$`` is a path, anything else says the same for all texts; a text is always a path."""
        from .. import fieldpath

        written = str(node.value)
        if name != "text" and not written.startswith("$"):
            return
        try:
            fieldpath.check(written)
        except fieldpath.FieldPathError as error:
            near = written[error.offset :][:80] or "the end"
            self._mistakes.tell(
                node, f"this is no path to the {name}: {error.reason}, at '{near}'", "write it as $.replies[*].body"
            )

    def _exemptions(self, node: Node | None, root: str) -> Iterator[Exemption]:
        for item in items(node):
            rule = item.get("rule")
            if rule is not None:
                self._known_rule(rule)
            until_node = item.get("until")
            until = None
            if until_node is not None:
                until = until_node.value
                if type(until) is not datetime.date:  # a day with an hour is no day
                    said = str(until)
                    try:
                        until = day(said)
                    except ValueError:
                        hint = "there is no such day in the calendar"
                        if not is_day(said):
                            meant = day_meant(said)
                            hint = f"write it as {meant}" if meant else _ANY_DAY
                        self._mistakes.tell(until_node, f"{shown(until_node)} is not a date", hint)
                        until = None
            reason = item.get("reason")
            if reason is not None and not any(map(str.isalnum, str(reason.value or ""))):
                self._mistakes.tell(reason, "an exception needs a reason", "say who decided it and why")
            self._patterns(item.get("file"))
            for name, covers in (("file", "every file"), ("at", "all of the file")):
                where = item.get(name)
                if where is not None and not text_of(where).strip():
                    self._mistakes.tell(
                        where, f"'{name}' is empty", f"say which, or leave it out: then it is for {covers}"
                    )
            yield Exemption(
                rule=text_of(rule),
                reason=text_of(reason),
                place=Place(item.source, head(item).span),
                file=text_of(item.get("file")),
                at=text_of(item.get("at")),
                until=until,
                owner=text_of(item.get("owner")),
                root=root,
            )

    # -- rules
    # -------------------------------------------------------------------------------------------------

    def _rule(
        self, key: Node, value: Node, policy: Policy, own_channels: set[str], base: Rule | None, root: str
    ) -> Rule | None:
        if not str(key.value).strip() or "," in str(key.value):
            hint = "it has no comma, since several rules are named with commas between them"
            self._mistakes.tell(key, f"'{key.value}' can't be the name of a rule", hint)
            return None
        said = value.get("rule")
        if said is None and base is None and (self._mistakes.unsure or str(key.value) in self._mistakes.flawed):
            return None  # the sentence stands where it can't be read, and that is told
        if said is None and base is None:
            hint = closest(str(key.value), [rule.name for rule in policy.rules])
            if not hint.startswith("did"):
                hint = "such as  rule: forbid asking for sensitive data on whatsapp"
            self._mistakes.tell(key, f"the rule '{key.value}' says nothing: 'rule:' is missing", hint)
            return None
        sentence = base.sentence if said is None and base else self._sentence(said, policy, own_channels, root)  # type: ignore[arg-type]
        if sentence is None:
            return None
        idle = base.idle if said is None and base else _idle(sentence, said, policy)  # type: ignore[arg-type]
        because = value.get("because")
        reasons = tuple(_as_cited(str(item.value), policy.cited) for item in items(because))
        return Rule(
            name=str(key.value),
            sentence=sentence,
            level=text_of(value.get("level")) or (base.level if base else "error"),
            place=Place(value.source, said.span if said is not None else key.span),
            because=reasons or (base.because if base else ()),
            instead=put_upon(base.instead if base else {}, self._worded(value.get("instead"))),
            idle=idle,
        )

    def _sentence(self, node: Node, policy: Policy, own_channels: set[str], root: str) -> Sentence | None:
        text = str(node.value)
        try:
            parts = grammar.parse(text)
        except grammar.SentenceError as error:
            word = text[error.start : error.end]
            hint = closest(word, [w.strip("'") for w in error.expected]) if word.strip() else ""
            if not hint or hint.startswith("known"):
                hint = "expected " + " or ".join(error.expected[:8]) if error.expected else ""
            hint = _meant_before(text[: error.start], word) or hint
            self._mistakes.tell_at(node.source, within(node, text, error.start, error.end), str(error), hint)
            return None
        before = len(self._mistakes.problems)
        places = frozenset(self._place(named, node, text, policy) for named in parts["places"])
        sentence = Sentence(
            verb=parts["verb"],
            text=" ".join(text.split()),
            named=tuple(self._data_named(named, node, text, policy) for named in parts["data"]),
            without=tuple(self._data_named(named, node, text, policy) for named in parts["without"]),
            together=parts["together"],
            channels=frozenset(self._channel(named, node, text, own_channels) for named in parts["channels"] or ()),
            places=places,
            claim=parts["claim"],
            disclaimer=_disclaimer_called(parts["disclaimer"][0], policy) if parts["disclaimer"] else "",
            position=parts["position"],
            unless=tuple(Condition(kind, value, root if kind == "in" else "") for kind, value in parts["unless"]),
        )
        for condition in sentence.unless:
            wrong, hint = mistake(condition.value) if condition.kind == "in" else ("", "")
            if wrong:
                at = text.rindex(condition.value)
                span = within(node, text, at, at + len(condition.value))
                self._mistakes.tell_at(node.source, span, f"'{condition.value}' {wrong}", hint)
        if parts["disclaimer"] and sentence.disclaimer not in policy.disclaimers:
            self._unknown(parts["disclaimer"], node, text, "disclaimer", policy.disclaimers)
        return sentence.about(policy.sets) if len(self._mistakes.problems) == before else None

    def _data_named(self, named: tuple[str, int, int], node: Node, text: str, policy: Policy) -> str:
        """The set or category that words name, as it is called in the policy."""
        found = _data_called(named[0], policy)
        if found:
            return found
        slip = _slip_in(text, named, policy)
        if named[0].startswith("on ") and self._as_known(named[0][3:]) in CHANNELS:
            message = f"there is no category or set '{named[0]}'"
            span = within(node, text, named[1], named[2])
            hint = "'except' leaves out data; the channels on which a rule holds are named behind 'on'"
            self._mistakes.tell_at(node.source, span, message, hint)
        elif slip is not None:
            start, end, meant = slip
            message = f"'{text[start:end]}' is not expected here"
            span = within(node, text, start, end)
            self._mistakes.tell_at(node.source, span, message, f"did you mean '{meant}'?")
        else:
            names = {*CATEGORIES, *policy.terms, *policy.sets}
            known = {*names, *(f"{name} data" for name in policy.sets)}
            if named[0].endswith(" data"):
                known = {f"{name} data" for name in names}
            self._unknown(named, node, text, "category or set", known, _kinds(policy.terms, policy.sets))
        return named[0]

    def _channel(self, named: tuple[str, int, int], node: Node, text: str, own: set[str]) -> str:
        name = self._as_known(named[0])
        if name not in CHANNELS and name not in own:
            self._unknown(named, node, text, "channel", {*CHANNELS, *own})
        return name

    def _place(self, named: tuple[str, int, int], node: Node, text: str, policy: Policy) -> str:
        kind = grammar.known_place(named[0])
        if kind is not None:
            return kind
        own = {name.lower() for place in policy.safe.own for name in place.names}
        if named[0].lower() not in own:
            self._unknown(named, node, text, "kind of place", {*PLACES, *own})
        return named[0]

    def _unknown(
        self, named: tuple[str, int, int], node: Node, text: str, what: str, known: Any, kinds: str = ""
    ) -> None:
        """Tell of a name that is not ``known``; ``kinds`` are those of data, where one is to be named."""
        hint = closest(named[0], known)
        if kinds and not hint.startswith("did"):
            hint = kinds
        if what == "disclaimer" and not hint:
            hint = "write it under 'disclaimers:', with its texts or elements"
        hint = explained(hint) if what == "kind of place" else hint
        if what == "channel" and hint.startswith("known"):
            hint = f"{hint}; one of your own has to stand under 'channels:'"
        if self._mistakes.unsure and not hint.startswith("did"):
            return  # the policy that is not there may bring it
        span = within(node, text, named[1], named[2])
        message = f"there is no {what} '{named[0]}'"
        self._mistakes.tell_at(node.source, span, message, hint, named[0] if kinds else "")


def _idle(sentence: Sentence, node: Node, policy: Policy) -> tuple[Idle, ...]:
    """What a sentence says that can't make it find less or more."""
    text = str(node.value)
    found = _idle_words(sentence, grammar.parse(text), text, policy)
    return tuple(Idle(word, Place(node.source, within(node, text, at, end)), why) for word, at, end, why in found)


def _idle_words(
    sentence: Sentence, parts: dict[str, Any], text: str, policy: Policy
) -> Iterator[tuple[str, int, int, str]]:
    """Each such word, where it stands, and why."""
    if not sentence.data and sentence.named:
        return  # that is told
    whole = frozenset(category for name in sentence.named for category in policy.sets.get(name, (name,)))
    for (word, start, end), name in zip(parts["without"], sentence.without, strict=True):
        if whole.isdisjoint(policy.sets.get(name, (name,))):
            yield word, start, end, "it is not among the data that the sentence names"
    if not sentence.places <= NEVER_READ:  # that is told of the whole rule
        for word, start, end in parts["places"]:
            if grammar.known_place(word) in NEVER_READ:
                yield word, start, end, "no text is read to lead there"
    if sentence.together and len(sentence.data) == 1:
        at = text.lower().index("together", parts["data"][-1][2])
        yield "together", at, at + len("together"), "the sentence names one kind of data"
    for condition in sentence.unless:
        said = _EXCUSES.get(condition.kind, "")
        why = ""
        if said and sentence.verb not in _EXCUSABLE:
            why = "it excuses only what is asked for, and this rule is about something else"
        elif condition.kind == "partial" and sentence.data <= NEVER_PARTIAL:
            why = "a part of such data is as secret as the whole"
        if why:
            at = text.lower().rindex(said)
            yield text[at : at + len(said)], at, at + len(said), why


def _kinds(names: Iterable[str], sets: Iterable[str]) -> str:
    """All that a policy can name as data: its own first, then the sets and categories of every policy."""
    own = sorted({*names, *sets} - {*CATEGORIES, *SETS})
    return f"known: {', '.join([*own, *(f'{name} data' for name in SETS), *sorted(CATEGORIES)])}"


def _data_called(words: str, policy: Policy) -> str:
    """The set or category that words name, with or without "data" behind them; "" where there is none.

    Capitals make no difference, but between two names that differ in them alone.
    """
    for kinds in ((policy.sets,), (CATEGORIES, policy.terms)):
        if any(words in kind for kind in kinds):
            return words  # without a look at very many others
        names = {name for kind in kinds for name in kind}
        by_letters = {name.lower(): name for name in names}
        for said in (words, words.removesuffix(" data"), words.lower().removesuffix(" data")):
            for name in (said, said.replace(" ", "-")):
                found = name if name in names else by_letters.get(name.lower(), "")
                if found:
                    return found
    return ""


def _meant_before(said: str, word: str) -> str:
    """What to write where a word can't go on with what is said before it, of mistakes that many make."""
    tag = _BARE_TAG.search(said)
    if tag is not None:
        return f'a name of several words stands in quotation marks: "{tag[1]} {word}"'
    if _ALL_CHANNELS.search(said) and word.lower().startswith("channel"):
        return "did you mean 'any channel'?"
    return ""


def _disclaimer_called(words: str, policy: Policy) -> str:
    """The disclaimer that words name, in any capitals; the words themselves where there is none."""
    if words in policy.disclaimers:
        return words
    return next((name for name in policy.disclaimers if name.lower() == words.lower()), words)


def _slip_in(text: str, named: tuple[str, int, int], policy: Policy) -> tuple[int, int, str] | None:
    """The word behind the name of data that was read as a part of it, and the word that it should be.

    A short word is a slip of another one only where what stands before it is data.
    """
    words = list(islice(_WORD.finditer(text, named[1], named[2]), _MOST_WORDS))
    for before, word in pairwise(words):
        possible = [said for said in grammar.following(text[: before.end()]) if said.isalpha()]
        meant = _SAID_FOR.get(word[0], "")
        if meant not in possible:
            hint = closest(word[0], possible)
            meant = next((said for said in possible if hint == f"did you mean '{said}'?"), "")
            is_data = bool(_data_called(" ".join(text[named[1] : before.end()].split()), policy))
            meant = meant if is_data or len(meant) >= _TELLING else ""
        if meant:
            return word.start(), word.end(), meant
    return None


def _about(rules: Iterable[Rule], sets: Mapping[str, frozenset[str]], changed: set[str]) -> tuple[Rule, ...]:
    """Inherited rules, with the ``changed`` sets that they speak of as they are now."""

    def now(rule: Rule) -> Rule:
        if changed.isdisjoint(rule.sentence.named) and changed.isdisjoint(rule.sentence.without):
            return rule  # of very many policies each would look at the rules of all others
        sentence = rule.sentence.about(sets)
        return rule if sentence is rule.sentence else replace(rule, sentence=sentence)

    return tuple(map(now, rules))


def _identity(source: Source, root: str) -> str:
    return os.path.abspath(source.path) if root else source.path


def _beside(folder: str, name: str) -> str:
    """The path of a file that a policy names from its folder; ".." is what lies above it where a link leads."""
    path = os.path.normpath(os.path.join(folder, name))
    there = os.path.normpath(os.path.join(current().real(folder), name))
    return path if current().real(path) == current().real(there) else there


def _is_one_word(text: str) -> bool:
    """Whether a text is a single word, or none, beside its placeholders, of which nobody knows what they say; scripts
    that know no capitals may put no blank between words.
    """
    words = [word for word in _BRACES.sub(" ", text).split() if any(map(str.isalnum, word))]
    return len(words) < 2 and not is_dense(text)
