"""Whether a text calls the customer je, du or tu."""

from __future__ import annotations

import pytest
from neverask import resources
from neverask.language.formality import is_informal
from neverask.policy.load import bundled

INFORMAL = {
    "nl": ["Stuur je IBAN.", "Wil jij dat doen?", "WAT IS JE IBAN?", "Hebben jullie een account?"],
    "de": ["Schick uns die IBAN.", "Wie lautet deine IBAN?", "Melde Dich.", "Könnt ihr uns eure IBAN sagen?"],
    "fr": ["Envoie-nous le RIB.", "Peux-tu l'envoyer ?", "On t’appelle."],
    "es": ["Envíanos el IBAN.", "¿Cuál es tu IBAN?", "Haz una foto al DNI y mándamela."],
    "it": ["Inviaci l'IBAN.", "Qual è il tuo IBAN?", "Fai una foto alla patente e mandacela."],
    "pt": ["Qual é o teu IBAN?", "Podes dizer-nos? Nós ajudamos-te."],
}
OTHERS = {
    "nl": ["Graag IBAN doorgeven.", "Wat is uw IBAN?", "Je weet maar nooit: wat is uw IBAN?", ""],
    "de": ["Bitte nennen Sie uns Ihre IBAN.", "Sie können sie hier nennen.", "IHRE IBAN BITTE"],
    "fr": ["Envoyez-nous votre RIB.", "Merci d'envoyer le RIB."],
    "es": ["Envíenos su IBAN.", "Díganos el IBAN.", "Por favor, el IBAN."],
    "it": ["Ci invii il suo IBAN.", "Serve l'IBAN."],
    "pt": ["Envie o seu IBAN.", "Você pode me mandar o CPF? Vou te ajudar, viu, é só o seu CPF."],
    "en": ["What is your IBAN?", "je du tu"],
}


@pytest.mark.parametrize("code", INFORMAL)
def test_what_is_informal(code: str) -> None:
    assert [text for text in INFORMAL[code] if not is_informal(text, code)] == []


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_not_informal(code: str) -> None:
    assert [text for text in OTHERS[code] if is_informal(text, code)] == []


def test_the_bundled_policies_have_a_wording_for_each_way_of_speaking() -> None:
    """Those in which the customer is spoken to; what is said to the author alone has one wording."""
    wordings = [rule.instead for name in resources.policies() for rule in bundled(name).rules]
    wordings += [of.texts for name in resources.policies() for of in bundled(name).disclaimers.values()]
    both = {key for ways in wordings for key in ways if key.endswith("-informal")}
    assert both == {f"{code}-informal" for code in resources.languages() if resources.formality(code)}
    for ways in filter(lambda ways: any(key in both for key in ways), wordings):
        assert both <= set(ways)
        assert [key for key in ways if not key.endswith("-informal") and is_informal(ways[key], key)] == []
