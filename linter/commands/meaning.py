"""Which kinds of data somebody's words name."""

from __future__ import annotations


def categories(words: str) -> list[str]:
    """The categories that words name, in any language."""
    from .. import resources
    from ..language import names, pack

    return list(names.categories(words, [pack.load(code) for code in resources.languages()]))
