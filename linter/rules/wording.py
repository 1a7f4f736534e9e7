"""How findings are worded: categories by name, reasons, ways out by language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypedDict

from ..language.formality import is_informal
from ..messages import OwnNames
from ..policy.model import Policy
from ..policy.wordings import INFORMAL, language_in, term_of

CALLED = {
    "bank-account": "a bank account number",
    "payment-card": "payment card details",
    "card-security-code": "a card security code",
    "password": "a password",
    "pin": "a PIN",
    "one-time-code": "a one-time code",
    "security-answer": "the answer to a security question",
    "access-secret": "a secret key or access code",
    "national-id": "a national identity number",
    "identity-document": "the number of an identity document",
    "identity-document-copy": "a copy of an identity document",
    "other-document-copy": "a copy of a personal document",
    "biometric": "a face, voice or fingerprint",
    "health": "health data",
    "special-category": "special-category data (faith, origin, politics ...)",
    "financial-situation": "the financial situation",
    "signature": "a signature",
    "name": "a name",
    "email": "an e-mail address",
    "phone": "a phone number",
    "home-address": "a home address",
    "date-of-birth": "a date of birth",
    "location": "the customer's location",
    "login-name": "a login name",
    "birth-place-and-family": "birthplace, age or family details",
    "vehicle-id": "a vehicle's number",
    "booking-credential": "booking credentials",
    "unknown": "something that the text does not name",
}


def called(category: str) -> str:
    """A category in words; an organisation's own category by its name."""
    return CALLED.get(category, "the " + category.replace("-", " "))


def own_names(policies: Iterable[Policy], language: str) -> OwnNames:
    """What the policies' own kinds of data are called in a language, by what ``called`` calls them.

    A kind that two policies call otherwise keeps its name in the policy.
    """
    found: dict[str, set[str]] = {}
    for policy in policies:
        for category, terms in policy.terms.items():
            found.setdefault(category.replace("-", " "), set()).add(term_of(terms, language))
    return tuple(sorted((name, min(said)) for name, said in found.items() if len(said) == 1 and all(said)))


class WayOut(TypedDict):
    """What to say instead, as a finding has it: the words, and their language where it is not that of the text."""

    instead: str
    instead_in: str


def instead(ways: Mapping[str, str], language: str, text: str) -> WayOut:
    """The way out in the language of the text, else in English, else in any."""
    said = in_language(ways, language, text)
    if said or not ways:
        return {"instead": said, "instead_in": ""}
    other = "en" if "en" in ways else next(iter(ways))
    return {"instead": ways[other], "instead_in": language_in(other)}


def in_language(ways: Mapping[str, str], language: str, text: str) -> str:
    """The wording in a language, as the text speaks to the customer (je or u); "" where there is none."""
    informal, formal = ways.get(language + INFORMAL, ""), ways.get(language, "")
    return informal if informal and (not formal or is_informal(text, language)) else formal
