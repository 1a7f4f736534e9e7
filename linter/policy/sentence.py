"""Rule sentences read by grammar/policy.lark: "forbid asking for sensitive data on whatsapp unless partial"."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from .. import cache, resources
from ..expressions import expression
from .vocabulary import PLACES, plain_name

_POSITIONS = {
    "every_reply": "every-reply",
    "first_message": "first-message",
    "before_any_question": "before-any-question",
    "before_asking": "before-asking",
    "library": "library",
}
_LETTER = expression(r"[\w-]")
Words = tuple[str, int, int]
"""Words of a sentence that name something, and where in it they begin and end."""
_WORDS = expression(r'"[^"\n]*"|[\w-]+')


class SentenceError(ValueError):
    """A sentence that the grammar can't read.

    ``start`` and ``end`` are offsets in it; ``expected`` what may stand there.
    """

    def __init__(self, message: str, start: int, end: int, expected: list[str]) -> None:
        super().__init__(message)
        self.start = start
        self.end = end
        self.expected = expected


@lru_cache(maxsize=1)
def _grammar() -> str:
    return resources.grammar("policy.lark")


@lru_cache(maxsize=1)
def _parser() -> Any:
    from lark import Lark

    return Lark(_grammar(), parser="lalr", propagate_positions=True, maybe_placeholders=False)


def parse(text: str) -> dict[str, Any]:
    """The parts of a sentence as plain data, words unresolved.

    Keys: verb, data (list of (words, start, end)), without (the same, after "except"), together, channels
    (list of (word, start, end) or None for any), places, claim, disclaimer, position, unless (list of (kind,
    value)). Raises SentenceError.
    """
    name = "sentence-" + cache.key([_grammar(), text])
    parts = cache.get(name)
    if parts is None:
        parts = _parse(text)
        cache.put(name, parts)
    return parts  # type: ignore[no-any-return]


def following(text: str) -> list[str]:
    """What may stand after the beginning of a sentence: words as written, "" for a name; [] where none fits."""
    from lark.exceptions import UnexpectedInput

    parser = _parser()
    state = parser.parse_interactive(_small(text))
    try:
        state.exhaust_lexer()
    except UnexpectedInput:
        return []
    values = {terminal.name: str(terminal.pattern.value) for terminal in parser.terminals}
    return sorted({"" if name in ("NAME", "STRING") else values[name] for name in state.accepts() if name in values})


def _parse(text: str) -> dict[str, Any]:
    from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

    try:
        tree = _tree(text)
    except UnexpectedToken as error:
        if error.token.type == "$END":
            start = len(text.rstrip())
            raise SentenceError(_unexpected(""), start, start + 1, _words(error.accepts or error.expected)) from None
        start = int(error.token.start_pos or 0)
        raise _amiss(text, start, start + max(1, len(error.token))) from None
    except UnexpectedCharacters as error:
        start = int(error.pos_in_stream or 0)
        word = text[start:].split() or [""]
        raise _amiss(text, start, start + max(1, len(word[0]))) from None
    except UnexpectedInput as error:
        start = getattr(error, "pos_in_stream", 0) or 0
        raise SentenceError("this sentence can't be read", start, start + 1, []) from None
    return _parts(tree.children[0])


def _amiss(text: str, start: int, end: int) -> SentenceError:
    """That a word is not expected: a whole one, also where it begins with one that is ("partially")."""
    if _LETTER.match(text, start):
        while start and _LETTER.match(text, start - 1):
            start -= 1
    return SentenceError(_unexpected(text[start:end]), start, end, _words(_accepted(text[:start])))


def _accepted(text: str) -> set[str]:
    """The kinds of words that may stand behind the beginning of a sentence, which can be read."""
    state = _parser().parse_interactive(_small(text))
    state.exhaust_lexer()
    return set(state.accepts())


def _tree(text: str) -> Any:
    """The sentence read; where it can't be as it is written, with the words of the grammar in small letters."""
    from lark.exceptions import UnexpectedInput

    try:
        return _parser().parse(text)
    except UnexpectedInput:
        small = _small(text)
        if small == text:
            raise
    return _parser().parse(small)


def _small(text: str) -> str:
    """A sentence with the words of the grammar in small letters; names stay as they are."""
    known = {str(terminal.pattern.value) for terminal in _parser().terminals}
    return _WORDS.sub(lambda word: word[0].lower() if word[0].lower() in known else word[0], text)


def _unexpected(word: str) -> str:
    return f"'{word}' is not expected here" if word else "the sentence ends too early"


def _words(expected: Any) -> list[str]:
    parser = _parser()
    said = []
    for name in sorted(expected):
        if name == "$END":
            said.append("the end of the sentence")
        elif name == "NAME":
            said.append("a name")
        elif name == "STRING":
            said.append('a "text"')
        else:
            terminal = next((t for t in parser.terminals if t.name == name), None)
            said.append(f"'{terminal.pattern.value}'" if terminal is not None else name)
    return said


def _parts(tree: Any) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "verb": tree.data,
        "data": [],
        "without": [],
        "together": False,
        "channels": None,
        "places": [],
        "claim": "",
        "disclaimer": None,
        "position": "",
        "unless": [],
    }
    parts["verb"] = str(tree.data)
    for child in tree.children:
        name = str(child.data)
        if name == "data":
            _data(child, parts)
        elif name == "together":
            parts["together"] = True
        elif name == "on":
            parts["channels"] = [_name(word) for word in child.children]
        elif name == "places":
            parts["places"] = [_name(named) for named in child.children]
        elif name == "claim":
            parts["claim"] = "the channel is safe"
        elif name == "word":
            parts["disclaimer"] = _name(child)
        elif name in _POSITIONS:
            parts["position"] = _POSITIONS[name]
            for data in child.children:
                _data(data, parts)
        elif name == "unless":
            parts["unless"] = [_condition(condition) for condition in child.children]
    return parts


def _data(tree: Any, parts: dict[str, Any]) -> None:
    for child in tree.children:
        if child.data == "except":
            parts["without"] += [_name(named) for named in child.children]
        else:
            parts["data"].append(_name(child))


def _name(tree: Any) -> tuple[str, int, int]:
    tokens = tree.children
    return " ".join(str(token).strip('"') for token in tokens), tokens[0].start_pos, tokens[-1].end_pos


def _condition(tree: Any) -> tuple[str, str]:
    kind = {"safe_channel": "safe-channel", "in_files": "in"}.get(str(tree.data), str(tree.data))
    if kind == "tagged":
        return kind, _name(tree.children[0])[0]
    return kind, str(tree.children[0]).strip('"') if tree.children else ""


def can_name(name: str) -> bool:
    """Whether a sentence can speak of something by its name, be it in quotation marks."""
    return any(map(str.isalnum, name)) and not set(name) & set('"\n')


def known_place(words: str) -> str | None:
    """The kind of place that the words name, or None: "e-mail" is "email", as among channels."""
    return next((kind for kind in PLACES if plain_name(words) == plain_name(kind)), None)
