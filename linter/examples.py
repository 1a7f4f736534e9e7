"""``neverask policy test``: the examples of a policy are its unit tests."""

from __future__ import annotations

from .engine import check_text
from .policy.model import Policy
from .policy.nodes import parse


def run(policy: Policy) -> tuple[str, int, int]:
    """Each example's verdict as text, the number that failed, the number in all.

    Inherited examples are run as well.
    """
    lines: list[str] = []
    failed = total = 0
    for source in policy.files:
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


def examples_of(policy: Policy, rule: str) -> tuple[list[str], list[str]]:
    """Texts among a policy's examples in which a rule finds something, and texts that ask for nothing at all."""
    found: list[str] = []
    passed: list[str] = []
    for source in policy.files:
        examples = parse(source).get("examples")
        for node in examples.value if examples is not None and examples.kind == "list" else ():
            example = node.plain()
            text = example["text"][0] if isinstance(example["text"], list) else example["text"]
            if rule in example["finds"]:
                found.append(text)
            elif not example["finds"]:
                passed.append(text)
    return list(dict.fromkeys(found)), list(dict.fromkeys(passed))
