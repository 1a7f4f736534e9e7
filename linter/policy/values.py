"""Values that stand in several parts of a policy file, with what can be wrong in them: words, wordings, patterns."""

from __future__ import annotations

from .. import resources
from ..expressions import expression
from .mistakes import Mistakes
from .nodes import Node, items, pairs, text_of
from .patterns import mistake
from .wordings import informal_keys, language_in

_LONGEST = 40  # words of a term or a name that a text can have; each is a step deeper in what is looked through
_WORDS = expression(r"[^\W_]+")


def is_word(node: Node, mistakes: Mistakes) -> bool:
    """Whether a text can have a word; that it can not is told."""
    said = str(node.value)
    able = any(map(str.isalnum, said)) and not said.lstrip().startswith("…")
    if not able:
        mistakes.tell(node, f"'{said}' is not a word that can stand in a text")
    elif len(_WORDS.findall(said)) > _LONGEST:
        mistakes.tell(node, f"this has more than {_LONGEST} words: no text has all of them in a row", "write fewer")
        return False
    return able


def worded(node: Node | None, mistakes: Mistakes) -> dict[str, str]:
    """Wordings by language, and by ``nl-informal`` where texts of that language may be informal."""
    for key, _ in pairs(node):
        language = language_in(str(key.value))
        if language != str(key.value) and not resources.formality(language):
            hint = f"write it under '{language}' alone; known: {', '.join(informal_keys())}"
            mistakes.tell(key, f"there is no informal form of '{language}'", hint)
    return {str(key.value): str(text.value).strip() for key, text in pairs(node)}


def patterns_in(node: Node | None, mistakes: Mistakes) -> list[Node]:
    """File patterns; one that can fit no file is a mistake."""
    for item in items(node):
        wrong, hint = mistake(text_of(item))
        if wrong:
            mistakes.tell(item, f"'{text_of(item)}' {wrong}", hint)
    return items(node)
