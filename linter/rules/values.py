"""Literal values in a text that pass their checksum: IBAN, card number, BSN and other identity numbers."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module

from ..expressions import expression
from ..language.analysis import Reading
from ..language.telling import named_numbers

# Each begins with a set of characters, which the engine looks for at C speed; where a word has to begin there is
# looked at after the first of them.
_IBAN = expression(r"[A-Z](?<!\w\w)[A-Z]\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,4})?\b")
_CARD = expression(r"\d(?<![\d+]\d)(?:[ -]?\d){12,18}(?![\d])")
_LABEL = expression(
    r"[bBcCdDnNsS\u017f](?<!\w\w)(?i:(?<=b)(?:sn|urgerservicenummer)|(?<=c)(?:pf|odice fiscale)|(?<=d)ni"
    r"|(?<=n)(?:ie|ir|uméro de sécurité sociale)|(?<=s)(?:sn|teuer-?id))\b"
)
"""A label, which few texts have: the pattern below tries every word."""
_LABELLED = expression(
    r"(?i)\b(bsn|burgerservicenummer|cpf|dni|nie|codice fiscale|ssn|nir|numéro de sécurité sociale|steuer-?id)\b"
    r"[^\w\n]{0,4}(?:nr|nummer|number|is|:)?[^\w\n]{0,3}([A-Z0-9][A-Z0-9 .-]{6,20}[A-Z0-9])"
)
_FEWEST = 7  # digits of the shortest of them, a NIE
_SHORTEST_IBAN = 15  # characters
_NO_DIGITS = bytes(code for code in range(256) if not 0x30 <= code <= 0x39)
_EXAMPLE_CARDS = frozenset({"4111111111111111", "4242424242424242", "5555555555554444", "378282246310005"})


def find(text: str) -> Iterator[tuple[str, int, int]]:
    """(category, start, end) of every value that its checksum confirms. Ranges do not overlap."""
    count = len(text.encode("utf-8", "surrogatepass").translate(None, _NO_DIGITS))
    if count < _FEWEST and (text.isascii() or sum(map(str.isdigit, text)) < _FEWEST):
        return
    accounts: list[tuple[int, int]] = []
    for match in _IBAN.finditer(text):
        start = match.start()
        end = start + _account_end(match.group())
        if end > start:
            accounts.append((start, end))
            yield "bank-account", start, end
    cards: list[tuple[int, int]] = []
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if _overlaps(match.span(), accounts) or digits in _EXAMPLE_CARDS or len(set(digits)) < 4:
            continue
        from stdnum import luhn

        if digits[0] in "23456" and luhn.is_valid(digits) and text[match.start() - 1 : match.start()] != "+":
            cards.append(match.span())
            yield "payment-card", *match.span()
    for match in _LABELLED.finditer(text) if _LABEL.search(text) else ():
        end = _identity_end(match.group(1).lower(), match.group(2))
        if end and not (_overlaps(match.span(2), accounts) or _overlaps(match.span(2), cards)):
            yield "national-id", match.start(2), match.start(2) + end


def named(reading: Reading) -> Iterator[tuple[str, int, int]]:
    """(category, start, end) of the numbers behind their names that are valid ones, in the countries of a language."""
    for category, start, end in named_numbers(reading):
        words = reading.text[start:end]
        if category == "identity-document":
            if _DOCUMENT.fullmatch(words):
                yield category, start, end
            continue
        valid = next((at for at in _ends(words) if _is_identity(reading.pack.code, words[:at])), 0)
        if valid:
            yield category, start, start + valid


_DOCUMENT = expression(r"(?=.*[A-Z])(?=(?:[A-Z]*\d){5})[A-Z\d]{7,10}")
"""A number of a passport or card: capitals and digits without blanks, nine at most by ICAO 9303, ten in some cards."""
_IDENTITIES = {
    "nl": ("nl.bsn", "be.nn"),
    "en": ("us.ssn", "ie.pps", "ca.sin", "gb.nino"),
    "de": ("de.idnr", "at.vnr", "ch.ssn"),
    "fr": ("fr.nir", "be.nn", "ch.ssn", "ca.sin"),
    "es": ("es.dni", "es.nie", "mx.curp", "cl.rut"),
    "it": ("it.codicefiscale", "ch.ssn"),
    "pt": ("pt.nif", "pt.cc", "br.cpf"),
}
"""The numbers of persons in the countries of each language, by their modules of python-stdnum."""
_NINO = expression(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]|QQ ?\d\d ?\d\d ?\d\d ?[A-D]")
"""A British National Insurance number has no checksum; its form: HMRC, NIM39110."""


def _is_identity(language: str, words: str) -> bool:
    for name in _IDENTITIES.get(language, ()):
        if name == "gb.nino":
            found = bool(_NINO.fullmatch(words))
        else:
            found = bool(import_module(f"stdnum.{name}").is_valid(words))
        if found:
            return True
    return False


@lru_cache(maxsize=1024)
def _account_end(words: str) -> int:
    """Where the IBAN ends with which the words begin; 0 if they begin with none."""
    from stdnum import iban

    while not iban.is_valid(words):
        if len(words) <= _SHORTEST_IBAN:
            return 0
        words = words[:-1].rstrip(" -")
    return len(words) if len(words) >= _SHORTEST_IBAN else 0


def _identity_end(label: str, words: str) -> int:
    """Where the identity number ends with which the words begin; 0 if they begin with none."""
    return next((end for end in _ends(words) if _identity(label, words[:end])), 0)


def _ends(words: str) -> list[int]:
    """Where a number may end whose parts are set apart, the whole first."""
    return [len(words), *(at.start() for at in reversed(list(re.finditer(r"[ .-]", words))))]


def _overlaps(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    """Whether it has a character in common with one of these, which are in order; a text may have very many."""
    at = bisect_left(taken, (span[1],))
    return at > 0 and taken[at - 1][1] > span[0]


def _identity(label: str, value: str) -> bool:
    from stdnum.br import cpf
    from stdnum.de import idnr
    from stdnum.es import dni, nie
    from stdnum.fr import nir
    from stdnum.it import codicefiscale
    from stdnum.nl import bsn
    from stdnum.us import ssn

    checks = {
        "bsn": bsn,
        "burgerservicenummer": bsn,
        "cpf": cpf,
        "dni": dni,
        "nie": nie,
        "codice fiscale": codicefiscale,
        "ssn": ssn,
        "nir": nir,
        "numéro de sécurité sociale": nir,
        "steuer-id": idnr,
        "steuerid": idnr,
    }
    # Whatever its case, a pattern takes "ı" for an i and "ſ" for an s: a label of such letters is none.
    return label in checks and bool(checks[label].is_valid(value))
