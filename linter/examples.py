"""``neverask policy test``: the examples of a policy are its unit tests."""

from __future__ import annotations

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
    for source in _files(policy):
        examples = parse(source).get("examples")
        for node in examples.value if examples is not None and examples.kind == "list" else ():
            example = node.plain()
            texts = example["text"] if isinstance(example["text"], list) else [example["text"]]
            wanted = set(example["finds"])
            own = {rule.name for rule in policy.rules}
            found: set[str] = set()
            for text in texts:
                found |= {
                    f.rule for f in check_text(text, policy, example.get("channel", ""), example.get("language", ""))
                }
            total += 1
            inherited = source is not policy.files[-1]
            right = wanted & own <= found if inherited else wanted == found
            if not right:
                failed += 1
            place = source.position(node.span.start)
            verdict = "ok  " if right else "FAIL"
            lines.append(f"{verdict} {source.path}:{place.line} {texts[0]!r}")
            if not right:
                lines.append(
                    f"     finds {', '.join(sorted(found)) or 'nothing'}; the example wants "
                    f"{', '.join(sorted(wanted)) or 'nothing'}"
                )
    lines.append(f"{total} examples, {failed} failed")
    return "\n".join(lines) + "\n", failed, total


def examples_of(policy: Policy, rule: Rule) -> tuple[list[str], list[str]]:
    """Texts among a policy's examples in which a rule finds something, and texts about the same data that it passes."""
    found: list[str] = []
    passed: list[str] = []
    for source in _files(policy):
        examples = parse(source).get("examples")
        for node in examples.value if examples is not None and examples.kind == "list" else ():
            example = node.plain()
            language = example.get("language", "")
            if language and policy.languages and language not in policy.languages:
                continue
            text = example["text"][0] if isinstance(example["text"], list) else example["text"]
            if rule.name in example["finds"]:
                found.append(text)
            elif not example["finds"] and _speaks_of(text, policy, language, rule):
                passed.append(text)
    return list(dict.fromkeys(found)), list(dict.fromkeys(passed))


def _files(policy: Policy) -> list[Source]:
    """The files of a policy, each once though several of them extend it."""
    return list({source.path: source for source in policy.files}.values())


def _speaks_of(text: str, policy: Policy, language: str, rule: Rule) -> bool:
    spoken = context_of(text, policy, "", language).spoken
    return any(act.data in rule.sentence.data for one in spoken for act in one.acts)
