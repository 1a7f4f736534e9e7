"""Policy files to a policy: what each file says, put upon those that it extends. A mistake stops everything."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from .. import resources
from ..source import Source, Span
from . import extends
from .beside import crossed
from .examples import check_examples
from .excepted import exemptions
from .extends import File, Files
from .mistakes import Mistakes
from .model import ChannelRule, Ousted, Policy, Rule
from .names import Names
from .nodes import items, pairs, text_of
from .own_data import OwnData
from .parts import PartReader
from .rules import RuleReader


def load(path: str, text: str | None = None, to_extend: bool = False) -> Policy:
    """The policy in the file at ``path`` (or in ``text``), with its ``extends`` resolved.

    ``to_extend``: it may be one that others extend, and need have no rule. Raises PolicyError with every mistake found,
    SourceError when a file can't be read.
    """
    source = extends.from_file(path) if text is None else extends.from_text(path, text)
    return _Loader(os.path.dirname(os.path.abspath(path))).load(source, to_extend)


def bundled(name: str) -> Policy:
    """A bundled policy by name. Raises KeyError when there is none."""
    if name not in resources.policies():
        raise KeyError(name)
    return _Loader("").load(extends.bundled(name))


class _Loader:
    """Puts what each file says upon the policy, below ``root``.

    It goes on after a mistake, with what is left without it, so that all are told at once.
    """

    def __init__(self, root: str) -> None:
        self._root = root
        self._mistakes = Mistakes()
        self._names = Names(self._mistakes)
        self._files = Files(root, self._mistakes)
        self._data = OwnData(self._mistakes, self._names)
        self._spoken_by = ""  # the file that said last what the languages are

    def load(self, source: Source, to_extend: bool = False) -> Policy:
        self._files.add(source, self._root)
        policy = Policy(source.path)
        for file in self._files:
            policy = self._put_upon(policy, file)
        if not (policy.rules or self._mistakes.problems or self._mistakes.unsure or to_extend):
            span = Span(0, source.text.find("\n") if "\n" in source.text else len(source.text))
            hint = "add 'extends: [whatsapp]' or a rule of your own under 'rules:'"
            self._mistakes.tell_at(source, span, "this policy has no rule: nothing would be checked", hint)
        self._mistakes.stop(source)
        ousted = {one.rule for one in policy.ousted if one.rule}
        return replace(policy, crossed=tuple(crossed(self._files, ousted)))

    def _put_upon(self, base: Policy, file: File) -> Policy:
        """The policy with what a file says itself."""
        node, root = file.node, file.root
        policy = self._data.put_into(self._headed(base, file), file)
        parts = PartReader(root, self._mistakes, self._names)
        policy = replace(policy, disclaimers=dict(parts.disclaimers(node.get("disclaimers"), policy)))
        self._names.take_in_channels(policy)
        channels = tuple(parts.channels(node.get("channels")))
        own_channels = {channel for rule in (*base.channels, *channels) for channel in rule.channels}
        policy = replace(
            policy,
            channels=channels or policy.channels,
            ousted=self._without_channels(file, channels, policy),
            safe=parts.safe_channels(node.get("safe-channels"), policy.safe),
            mappings=(*parts.sources(node.get("sources")), *policy.mappings),
            cited={**policy.cited, **{str(k.value): str(v.value) for k, v in pairs(node.get("cited"))}},
            languages=self._languages(file, policy),
        )
        policy = self._with_rules(policy, file, own_channels)
        self._data.check_rules(node, policy, base)
        parts.check_channels(node.get("channels"), policy.rules)
        check_examples(node.get("examples"), policy, own_channels, self._mistakes, self._names)
        excepted = exemptions(node.get("exceptions"), root, self._mistakes, self._names)
        return replace(policy, exemptions=(*policy.exemptions, *excepted))

    def _headed(self, base: Policy, file: File) -> Policy:
        """The policy with what stands above the parts of a file: what it is called, and what it is about."""
        node, source = file.node, file.source
        for item in items(node.get("languages")):
            self._names.check_language(item)
        return replace(
            base,
            name=source.path,
            files=(*base.files, source),
            extends=tuple(dict.fromkeys((*base.extends, *(str(item.value) for item in items(node.get("extends")))))),
            title=text_of(node.get("title")),
            about=text_of(node.get("about")),
        )

    def _languages(self, file: File, policy: Policy) -> tuple[str, ...]:
        """The languages of the texts; of two policies side by side those of both, as they are for other texts."""
        own = tuple(str(item.value) for item in items(file.node.get("languages")))
        if not own:
            return policy.languages
        beside = self._spoken_by and self._spoken_by not in file.below
        self._spoken_by = file.name
        return tuple(dict.fromkeys((*policy.languages, *own))) if beside else own

    def _with_rules(self, policy: Policy, file: File, own_channels: set[str]) -> Policy:
        """The policy with the rules of a file, each in the place of the inherited one of its name."""
        own = pairs(file.node.get("rules"))
        rules = {rule.name: rule for rule in policy.rules}
        self._names.rules.update(rules, (str(key.value) for key, _ in own))
        reader = RuleReader(policy, own_channels, file.root, self._mistakes, self._names)
        for key, value in own:
            before = rules.get(str(key.value))
            rule = reader.read(key, value, before)
            if rule is not None:
                rules[rule.name] = rule
                if value.get("rule") is not None:
                    policy = replace(policy, ousted=self._ousted(file, rule, before, policy))
        return replace(policy, rules=tuple(rules.values()))

    def _ousted(self, file: File, rule: Rule, before: Rule | None, policy: Policy) -> tuple[Ousted, ...]:
        """The rules that gave way to another one of their name, now that a file says what one is.

        Who builds on a policy may say anew what its rules are; of two policies side by side neither means the other's.
        """
        rest = tuple(one for one in policy.ousted if one.rule != rule.name)
        if before is None or before.sentence.says == rule.sentence.says:
            return rest
        by = self._files.joined(file, before.place)
        return (*rest, Ousted(rule.name, before.place, by)) if by else rest

    def _without_channels(self, file: File, channels: Sequence[ChannelRule], policy: Policy) -> tuple[Ousted, ...]:
        """The same of what is said about channels, of which a policy has that of one file alone."""
        if not channels:
            return policy.ousted
        rest = tuple(one for one in policy.ousted if one.rule)
        alike = [(one.channels, one.files, one.tagged) for one in channels]
        before = policy.channels
        if not before or alike == [(one.channels, one.files, one.tagged) for one in before]:
            return rest
        by = self._files.joined(file, before[0].place)
        return (*rest, Ousted("", before[0].place, by)) if by else rest
