"""The kinds of data that a policy makes itself: its own terms, and the sets that it makes or changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from .errors import closest
from .extends import File
from .mistakes import Mistakes
from .model import Lost, Place, Policy, Rule
from .names import Names
from .nodes import Node, items, key_of, pairs
from .sentence import can_name
from .sets import Change, SetsInACircle, opened, plain
from .terms import check_terms
from .vocabulary import CATEGORIES, SETS

_Terms = dict[str, Mapping[str, tuple[str, ...]]]
"""An organisation's own data: the words of each by language."""
_CHANGES = "a list changes the set: '+' puts in, '-' takes out; a set of your own has a name of its own"
_EMPTY = "nothing could ever be found: take out less, or take the rule out"


class OwnData:
    """What each file of a policy says of data, one after the other.

    ``_changed_in`` is the file in which a set was changed, by the identity of the change; ``_termed`` the one that gave
    a kind of data its terms last, and where.
    """

    def __init__(self, mistakes: Mistakes, names: Names) -> None:
        self._mistakes = mistakes
        self._names = names
        self._changed_in: dict[int, str] = {}
        self._termed: dict[str, tuple[str, Place]] = {}

    def put_into(self, policy: Policy, file: File) -> Policy:
        """The policy with its own terms, and the sets as they are with what it changes in them.

        A set of its own that a policy beside this one makes, too, is made anew.
        """
        terms = dict(policy.terms)
        lost: list[Lost] = []
        own = self._own_data(file, terms, lost)
        categories = {*CATEGORIES, *terms}
        changes, right = self._changes(own, policy, file, categories)
        sets = self._opened(changes, categories, own, policy, file.node)
        for key, value in own:
            self._idle_words_of_set(str(key.value), items(value), policy)
        for key in right:
            if not sets.get(str(key.value), True):
                self._mistakes.tell(key, f"the set '{key.value}' is empty: all that is put in is taken out", _EMPTY)
        changed = {name for name in sets.keys() | policy.sets.keys() if sets.get(name) != policy.sets.get(name)}
        rules = _about(policy.rules, sets, changed) if changed else policy.rules
        return replace(policy, terms=terms, changes=tuple(changes), sets=sets, rules=rules, lost=(*policy.lost, *lost))

    def _changes(
        self, own: Sequence[tuple[Node, Node]], policy: Policy, file: File, categories: Collection[str]
    ) -> tuple[list[Change], list[Node]]:
        """All that changes sets, with what this file does; and the keys of it under which each word is data."""
        anew = {str(key.value) for key, _ in own} - SETS.keys()
        inherited = {*file.below, file.name}
        changes = [one for one in policy.changes if one[0] not in anew or self._changed_in[id(one)] in inherited]
        known = {*categories, *SETS, *policy.sets}
        below = {str(key.value) for key, _ in own}
        right: list[Node] = []
        for key, value in own:
            name = str(key.value)
            words = [item for item in items(value) if self._is_data(item, known, below)]
            known.add(name)
            changes.append((name, tuple(str(item.value) for item in words)))
            self._changed_in[id(changes[-1])] = file.name
            if len(words) == len(items(value)):
                right.append(key)
        return changes, right

    def _opened(
        self,
        changes: Sequence[Change],
        categories: Collection[str],
        own: Sequence[tuple[Node, Node]],
        policy: Policy,
        root: Node,
    ) -> Mapping[str, frozenset[str]]:
        """The sets with what changes them; those before where they are made of each other, which is told."""
        try:
            return opened(changes, categories)
        except SetsInACircle as error:
            place = next((key for key, _ in own if str(key.value) in error.names), root)
            circle = " and ".join(f"'{name}'" for name in error.names)
            self._mistakes.tell(place, f"the sets {circle} are made of each other: that is a circle")
            return {**SETS, **policy.sets}

    def _own_data(self, file: File, terms: _Terms, lost: list[Lost]) -> list[tuple[Node, Node]]:
        """Put the words of the organisation's own kinds of data into ``terms``, those that go into ``lost``; what
        changes sets is handed back.
        """
        changes: list[tuple[Node, Node]] = []
        for key, value in pairs(file.node.get("data")):
            name = str(key.value)
            if not can_name(name):
                hint = "a name has a letter or digit in it, and no quotation mark"
                self._mistakes.tell(key, f"no rule sentence can name '{name}'", hint)
            if value.kind != "map":
                changes.append((key, value))
                continue
            if name in SETS:
                hint = f"give the words a name of their own, and put it into the set: {name}: [+name]"
                self._mistakes.tell(key, f"'{name}' is a set: words here would be found by no rule", hint)
            check_terms(value, self._mistakes, self._names)
            words = {str(lang.value): tuple(str(i.value) for i in items(said)) for lang, said in value.value}
            lost += self._put_terms(file, terms, name, words, Place(file.source, key.span))
        return changes

    def _put_terms(
        self, file: File, terms: _Terms, name: str, words: Mapping[str, tuple[str, ...]], place: Place
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
            elif members.isdisjoint(has | put_in) and not self._mistakes.unsure:
                self._mistakes.tell(item, f"'{plain(said)}' is not in '{name}': there is nothing to take out", _CHANGES)

    def _is_data(self, item: Node, known: Collection[str], below: Collection[str]) -> bool:
        """Whether what is put into a set or taken out is there."""
        word = plain(str(item.value))
        if word not in known and word in below:
            self._mistakes.tell(item, f"the set '{word}' stands further down: a set is made of what stands above it")
        elif word not in known:
            hint = closest(word, known)
            kinds = kinds_known({*known} - SETS.keys(), SETS)
            if not self._mistakes.may_be(hint):
                self._mistakes.tell(
                    item, f"there is no category or set '{word}'", hint if hint.startswith("did") else kinds, word
                )
        return word in known

    def check_rules(self, root: Node, policy: Policy, base: Policy) -> None:
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


def kinds_known(names: Iterable[str], sets: Iterable[str]) -> str:
    """All that a policy can name as data: its own first, then the sets and categories of every policy."""
    own = sorted({*names, *sets} - {*CATEGORIES, *SETS})
    return f"known: {', '.join([*own, *(f'{name} data' for name in SETS), *sorted(CATEGORIES)])}"


def _about(rules: Iterable[Rule], sets: Mapping[str, frozenset[str]], changed: set[str]) -> tuple[Rule, ...]:
    """Inherited rules, with the ``changed`` sets that they speak of as they are now."""

    def now(rule: Rule) -> Rule:
        if changed.isdisjoint(rule.sentence.named) and changed.isdisjoint(rule.sentence.without):
            return rule  # of very many policies each would look at the rules of all others
        sentence = rule.sentence.about(sets)
        return rule if sentence is rule.sentence else replace(rule, sentence=sentence)

    return tuple(map(now, rules))
