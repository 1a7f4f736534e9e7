"""``neverask policy test``: the examples of a policy are its unit tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .engine import check_text, context_of
from .policy.model import Policy, Rule
from .policy.nodes import parse
from .source import Source


def run(policy: Policy) -> tuple[str, int, int]:
    """Each example's verdict as text, the number that failed, the number in all.

    Inherited examples are run as well.
    """
    lines: list[str] = []
    failed = total = 0
    own = {rule.name for rule in policy.rules}
    for example in _examples(policy):
        found = {f.rule for text in example.texts for f in check_text(text, policy, example.channel, example.language)}
        total += 1
        inherited = example.source is not policy.files[-1]
        right = example.finds & own <= found if inherited else example.finds == found
        if not right:
            failed += 1
        verdict = "ok  " if right else "FAIL"
        lines.append(f"{verdict} {example.source.path}:{example.line} {example.texts[0]!r}")
        if not right:
            lines.append(
                f"     finds {', '.join(sorted(found)) or 'nothing'}; the example wants "
                f"{', '.join(sorted(example.finds)) or 'nothing'}"
            )
    lines.append(f"{total} examples, {failed} failed")
    return "\n".join(lines) + "\n", failed, total


def examples_of(policy: Policy, rule: Rule) -> tuple[list[str], list[str]]:
    """Texts among a policy's examples in which a rule finds something, and texts about the same data that it passes."""
    found: list[str] = []
    passed: list[str] = []
    for example in _examples(policy):
        language = example.language
        if language and policy.languages and language not in policy.languages:
            continue
        text = example.texts[0]
        if rule.name in example.finds:
            found.append(text)
        elif not example.finds and _speaks_of(text, policy, language, rule):
            passed.append(text)
    return list(dict.fromkeys(found)), list(dict.fromkeys(passed))


class _Example(NamedTuple):
    """An example with its place; ``channel`` and ``language`` are "" where it names none."""

    source: Source
    line: int
    texts: list[str]
    finds: set[str]
    channel: str
    language: str


def _examples(policy: Policy) -> Iterator[_Example]:
    """The examples in the files of a policy, each file's once though several of them extend it."""
    for source in {source.path: source for source in policy.files}.values():
        examples = parse(source).get("examples")
        for node in examples.value if examples is not None and examples.kind == "list" else ():
            said, line = node.plain(), source.position(node.span.start).line
            texts = said["text"] if isinstance(said["text"], list) else [said["text"]]
            yield _Example(source, line, texts, set(said["finds"]), said.get("channel", ""), said.get("language", ""))


def _speaks_of(text: str, policy: Policy, language: str, rule: Rule) -> bool:
    spoken = context_of(text, policy, "", language).spoken
    return any(act.data in rule.sentence.data for one in spoken for act in one.acts)
