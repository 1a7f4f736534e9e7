"""Whether what is read again after an edit is what it was, but for the text that was to be mended."""

from __future__ import annotations

from math import inf
from typing import Any

from ..conversation import Conversation, Message, Path
from ..documents import Document, Table, yamltext
from ..documents.xmltext import Element
from ..readers.nodes import Joined
from .jobs import Job


def same_file(documents: list[Document], document: Document) -> Document | None:
    """A document as it is read again after an edit; None where other programs could read it before and can't now."""
    again = next((other for other in documents if other.source.path == document.source.path), None)
    if again is not None and again.kind == document.kind == "yaml" and not yamltext.is_regular(again.source):
        return again if not yamltext.is_regular(document.source) else None
    return again


def changed_as_expected(before: Document, after: Document, jobs: list[Job]) -> bool:
    """Whether the texts of the jobs are what they should be, and nothing else has changed. Jobs behind come first."""
    expected: dict[Path, str] = {}
    for job in jobs:
        path, offset = job.message.path, job.message.offset
        old = expected[path] if path in expected else before.text(path).value
        expected[path] = old[: offset + job.start] + job.text + old[offset + job.end :]
    if any(_string(after.text(path).value) != _string(text) for path, text in expected.items()):
        return False
    return _strings_changed(before.value, after.value, inf) == len(expected)


def one_changed(before: Any, after: Any, path: Path) -> bool:
    """Whether one string is another one; in XML, whether nothing is outside of the element at a path."""
    if not (isinstance(before, Element) and isinstance(after, Element)):
        return _strings_changed(before, after) == 1
    if before.tag != after.tag or before.attributes != after.attributes:
        return False
    if not path:
        return True
    if len(before.children) != len(after.children):
        return False
    pairs = list(zip(before.children, after.children, strict=True))
    return all(
        _equal(*pair) or (number == path[0] and one_changed(*pair, path[1:])) for number, pair in enumerate(pairs)
    )


def _strings_changed(before: Any, after: Any, otherwise: float = 2) -> float:
    """How many strings differ between two values of one shape; ``otherwise`` where their shapes differ."""
    if isinstance(before, Table) and isinstance(after, Table):
        return _strings_changed(before.rows, after.rows, otherwise)
    if isinstance(before, dict) and isinstance(after, dict) and list(before) == list(after):
        return sum(_strings_changed(before[key], after[key], otherwise) for key in before)
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return sum(_strings_changed(one, other, otherwise) for one, other in zip(before, after, strict=True))
    if isinstance(before, str) and isinstance(after, str):
        return int(before != after)
    return 0 if _equal(before, after) else otherwise


def reads_alike(before: Conversation | None, after: Conversation | None, job: Job) -> bool:
    """Whether a reader reads the same, but for the one text, wherever it is used."""
    if before is None or after is None or len(before.messages) != len(after.messages):
        return False
    expected = job.message.text[: job.start] + job.text + job.message.text[job.end :]
    changed = [
        (old.text, new.text)
        for old, new in zip(before.messages, after.messages, strict=True)
        if (old.id, old.kind, old.text) != (new.id, new.kind, new.text)
    ]
    return (
        set(changed) == {(job.message.text, expected)}
        and [(one.name, one.type) for one in before.captures] == [(one.name, one.type) for one in after.captures]
        and [len(flow.steps) for flow in before.flows] == [len(flow.steps) for flow in after.flows]
        and [one.name for one in before.skipped] == [one.name for one in after.skipped]
    )


def place_of(message: Message) -> tuple[str, int]:
    located = message.located()
    return located.source.path, located.span().start


def holds(document: Document, job: Job) -> bool:
    """Whether what goes stands in the string of a document that the message is, or is a part of."""
    message = job.message
    if document.source.members and document.source.path != message.located().source.path:
        return False
    try:
        there = document.text(message.path).value
    except LookupError:
        return False
    if isinstance(message.document, Joined) and not there.startswith(message.text[: job.end]):
        return False  # in another string than the first, or in one that is written in a formula
    return there[message.offset : message.offset + len(message.text)] != "" and document.kind == getattr(
        message.document, "kind", document.kind
    )


def same_but(before: Any, after: Any, path: Path, expected: str) -> bool:
    """Whether two values are equal but for the string at ``path``, which is now ``expected``."""
    if not path:
        return _string(after) == expected.replace("\r\n", "\n") if isinstance(after, str) else _own(after) == expected
    if type(before) is not type(after):
        return False
    if isinstance(before, Table):
        return same_but(before.rows, after.rows, path, expected)
    if isinstance(before, Element):
        return _same_element(before, after, path, expected)
    if isinstance(before, dict):
        others = [key for key in before if key != path[0]]
        return (
            list(before) == list(after)
            and all(_equal(before[key], after[key]) for key in others)
            and same_but(before[path[0]], after[path[0]], path[1:], expected)
        )
    if isinstance(before, list):
        if len(before) != len(after) or not isinstance(path[0], int):
            return False
        others_ = [n for n in range(len(before)) if n != path[0]]
        return all(_equal(before[n], after[n]) for n in others_) and same_but(
            before[path[0]], after[path[0]], path[1:], expected
        )
    return False


def _same_element(before: Element, after: Element, path: Path, expected: str) -> bool:
    if before.tag != after.tag or len(before.children) != len(after.children):
        return False
    step = path[0]
    if isinstance(step, str):
        mended = {**before.attributes, step.removeprefix("@"): expected}
        return (
            list(after.attributes.items()) == list(mended.items())
            and len(mended) == len(before.attributes)
            and all(map(_equal, before.children, after.children))
        )
    if before.attributes != after.attributes:
        return False
    others = [n for n in range(len(before.children)) if n != step]
    return all(_equal(before.children[n], after.children[n]) for n in others) and same_but(
        before.children[step], after.children[step], path[1:], expected
    )


def _own(value: Any) -> str | None:
    return value.text if isinstance(value, Element) else None


def _string(value: str) -> str:
    return value.replace("\r\n", "\n")


def _equal(before: Any, after: Any) -> bool:
    if isinstance(before, Element) and isinstance(after, Element):
        return (
            before.tag == after.tag
            and before.attributes == after.attributes
            and len(before.children) == len(after.children)
            and all(map(_equal, before.children, after.children))
        )
    return type(before) is type(after) and bool(before == after or (before != before and after != after))
