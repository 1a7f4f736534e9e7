"""What an organisation's own kind of data is called by its terms."""

from __future__ import annotations

import pytest
from neverask.policy.wordings import term_of

TERMS = [
    (["klantpas", "pas"], "klantpas"),
    (["(new) client/customer number"], "client number"),
    (["zorgnummer (van het ziekenhuis)"], "zorgnummer"),
    (["*nummer", "geef … door", "(pas)", "zorgpas"], "zorgpas"),
    (["EAN (code)", "EAN-nummer"], "EAN-nummer"),
    (["*nummer"], ""),
    ([], ""),
]


@pytest.mark.parametrize(("terms", "called"), TERMS)
def test_the_name_is_the_first_plain_term(terms: list[str], called: str) -> None:
    assert term_of({"nl": terms, "en": ["other"]}, "nl") == called
