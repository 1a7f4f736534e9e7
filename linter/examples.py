"""``neverask policy test``: the examples of a policy are its unit tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .finding import Finding
from .messages import many
from .policy.errors import PolicyError
from .policy.load import bundled, load
from .policy.model import Policy, Rule
from .policy.nodes import parse
from .source import BUNDLED, Source, SourceError
from .trying import check_flow, check_text, context_of


def run(policy: Policy) -> tuple[str, int, int]:
    """Each example's verdict as text, the number that failed, the number in all.

    Inherited examples are run as well; where one misses only rules that this policy changed, it is skipped.
    """
    lines: list[str] = []
    failed = skipped = total = 0
    changed = _Changed(policy)
    for example in _examples(policy):
        total += 1
        try:
            found = {finding.rule for finding in _found(example, policy)}
        except ValueError as error:
            failed += 1
            lines += [f"FAIL {example.source.path}:{example.line} {example.called!r}", f"     {error}"]
            continue
        missed = sorted(example.finds - found)
        inherited = example.source is not policy.files[-1]
        why = {rule: changed.how(rule, example.source) for rule in missed} if inherited else {}
        right = not missed if inherited else example.finds == found
        skip = inherited and not right and all(why.values())
        failed += not right and not skip
        skipped += skip
        verdict = "ok  " if right else "skip" if skip else "FAIL"
        lines.append(f"{verdict} {example.source.path}:{example.line} {example.called!r}")
        if skip:
            lines += [f"     {said}" for said in why.values()]
        elif not right:
            lines.append(
                f"     finds {', '.join(sorted(found)) or 'nothing'}; the example wants "
                f"{', '.join(sorted(example.finds)) or 'nothing'}"
            )
    lines.append(f"{many(total, 'example')}, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return "\n".join(lines) + "\n", failed, total


def _found(example: _Example, policy: Policy) -> Iterator[Finding]:
    """What is found in the texts of an example, or in its flow. Raises ValueError for a flow that can't be read."""
    for text in example.texts:
        yield from check_text(text, policy, example.channel, example.language)
    if example.steps:
        flow = {"flow": example.called, "channel": example.channel or "whatsapp", "steps": example.steps}
        yield from check_flow({**flow, "language": example.language} if example.language else flow, policy)


class _Changed:
    """What a policy made of the rules of those that it extends."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._now = {rule.name: rule for rule in policy.rules}
        self._read: dict[str, Policy | None] = {}

    def how(self, name: str, source: Source) -> str:
        """What is different about a rule from what it is in the file ``source``, in words; "" if nothing is."""
        then, now = self._as_written(source), self._now.get(name)
        rule = next((one for one in then.rules if one.name == name), None) if then else None
        if now is not None and now.level == "off":
            return f"this policy switches {name} off"
        if (
            now is not None
            and then is not None
            and rule is not None
            and self._told(now, self._policy) == self._told(rule, then)
        ):
            return ""
        other = self._other_terms(now, then) if now and then and rule and now.sentence == rule.sentence else ""
        return f"this policy has other terms for {other}" if other else f"this policy changes {name}"

    def _other_terms(self, rule: Rule, then: Policy) -> str:
        """The own data of a rule whose words are others now."""
        names = sorted(rule.sentence.data)
        return ", ".join(f"'{name}'" for name in names if self._policy.terms.get(name) != then.terms.get(name))

    @staticmethod
    def _told(rule: Rule, policy: Policy) -> tuple[object, ...]:
        return rule.sentence, policy.safe, [policy.terms.get(category) for category in sorted(rule.sentence.data)]

    def _as_written(self, source: Source) -> Policy | None:
        """The policy in a file by itself, None where it is none without those that extend it."""
        if source.path not in self._read:
            name = source.path.removesuffix(BUNDLED)
            try:
                of = bundled(name) if name != source.path else load(source.path, source.text)
            except (PolicyError, SourceError):
                of = None
            self._read[source.path] = of
        return self._read[source.path]


def examples_of(policy: Policy, rule: Rule) -> tuple[list[str], list[str]]:
    """Texts among a policy's examples in which a rule finds something, and texts about the same data that it passes."""
    found: list[str] = []
    passed: list[str] = []
    for example in _examples(policy):
        language = example.language
        if language and policy.languages and language not in policy.languages:
            continue
        if not example.texts:
            continue
        text = example.texts[0]
        if rule.name in example.finds:
            found.append(text)
        elif not example.finds and _speaks_of(text, policy, language, rule):
            passed.append(text)
    return list(dict.fromkeys(found)), list(dict.fromkeys(passed))


class _Example(NamedTuple):
    """An example with its place: texts, or the ``steps`` of a flow.

    ``channel``, ``language`` and ``flow``, the name of one, are "" where it names none.
    """

    source: Source
    line: int
    texts: list[str]
    finds: set[str]
    channel: str
    language: str
    flow: str
    steps: list[dict[str, Any]]

    @property
    def called(self) -> str:
        """Its first text; of a flow the name, or what its first step is called."""
        return self.texts[0] if self.texts else self.flow or str(self.steps[0].get("id", "flow"))


def _examples(policy: Policy) -> Iterator[_Example]:
    """The examples in the files of a policy, each file's once though several of them extend it."""
    for source in {source.path: source for source in policy.files}.values():
        examples = parse(source).get("examples")
        for node in examples.value if examples is not None and examples.kind == "list" else ():
            said, line = node.plain(), source.position(node.span.start).line
            text = said.get("text", [])
            yield _Example(
                source, line, text if isinstance(text, list) else [text], set(said["finds"]),
                said.get("channel", ""), said.get("language", ""), said.get("flow", ""), said.get("steps", []),
            )  # fmt: skip


def _speaks_of(text: str, policy: Policy, language: str, rule: Rule) -> bool:
    spoken = context_of(text, policy, "", language).spoken
    return any(act.data in rule.sentence.data for one in spoken for act in one.acts)
