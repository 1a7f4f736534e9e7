"""Letters without their accents."""

from __future__ import annotations

import unicodedata
from typing import Literal

_Form = Literal["NFD", "NFKD"]


class _Bare(dict[int, str]):
    """For ``str.translate``: what a character is without the marks that go with it, by its code.

    Each is taken apart by itself. Taken apart together, marks that stand behind each other would be put in order, for
    which ``unicodedata`` takes as much time as the square of their number, and then they would be left out.
    """

    def __init__(self, form: _Form) -> None:
        super().__init__()
        self._form = form

    def __missing__(self, code: int) -> str:
        apart = unicodedata.normalize(self._form, chr(code))
        bare = self[code] = "".join(one for one in apart if not unicodedata.combining(one))
        return bare


_BARE: dict[_Form, _Bare] = {"NFD": _Bare("NFD"), "NFKD": _Bare("NFKD")}


def without_accents(text: str, form: _Form = "NFD") -> str:
    """The text without accents ("número" -> "numero"); by "NFKD" other forms of a character are made alike as well."""
    return text if text.isascii() else text.translate(_BARE[form])
