"""A cheap look at texts saves time and nothing else: the findings are the same without it."""

from __future__ import annotations

import json
import random
import time
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest
import yaml
from neverask import resources
from neverask.conversation import Conversation, Message
from neverask.documents.kinds import open_text
from neverask.language import analysis, claims, statements
from neverask.opening import conversations
from neverask.outcome import Outcome
from neverask.policy.load import bundled as bundled_
from neverask.policy.load import load
from neverask.rules import check, sieve
from neverask.rules.context import Context

ROOT = Path(__file__).resolve().parent
bundled = lru_cache(bundled_)
POLICIES = ["whatsapp", "gdpr"]
ASKED = {
    "nl": ["rekeningnummer", "pincode", "wachtwoord", "BSN", "kopie van uw paspoort", "creditcardnummer"],
    "en": ["bank account number", "PIN code", "password", "copy of your passport", "credit card number"],
    "de": ["Kontonummer", "Passwort", "Kopie Ihres Ausweises", "Kreditkartennummer"],
}
FRAMES = {
    "nl": ["Goedemiddag! Stuur ons uw {}. Dan helpen we u verder.", "Wat is uw {}?", "Deel nooit uw {} met iemand."],
    "en": ["Hello there. Please send us your {}. We will look at it.", "What is your {}?", "Never share your {}."],
    "de": ["Guten Tag. Bitte senden Sie uns Ihre {}. Vielen Dank.", "Wie lautet Ihre {}?", "Teilen Sie nie Ihre {}."],
}


def disguises(term: str) -> list[str]:
    """A term as somebody might hide it, knowingly or by way of an editor."""
    middle = len(term) // 2
    first, second = term[:middle], term[middle:]
    return [
        term,
        f"<b>{term}</b>",
        f"{first}<b>{second}</b>",
        f"{first}<span class='x y'>{second}</span>",
        f"{first}\u200b{second}",
        f"{first}\xad{second}",
        f"{first}&shy;{second}",
        f"*{first}*{second}",
        f"**{term}**",
        f"_{term}_",
        term.replace(" ", "&nbsp;"),
        term.replace("o", "&#111;"),
        term.replace("a", "а").replace("o", "о"),
        term.translate({code: code + 0xFEE0 for code in range(0x41, 0x7B)}),
        term.upper(),
        term.replace(" ", "\n"),
        f"[{term}](https://example.com)",
        f"{first}[{second}](https://example.com)",
        f"«{term}»",
        f"{{% if x %}}{term}{{% endif %}}",
        f"{first}{{% if x %}}{second}{{% endif %}}",
        f"{first}{{{{! note }}}}{second}",
        " ".join(term.upper()),
        f"{term}🙂",
        f"{first} {second}",
        f"{first}/{second}",
        f'{first}<span style="display:none">x</span>{second}',
        f'<style>.q{{display:none}}</style>{first}<span class="q">x</span>{second}',
        f'{first}<span style="font-size:calc(1px - 1px)">x</span>{second}',
        f'{first}<span style="font-s\\69ze:0">x</span>{second}',
        f'<span style="unicode-bidi:bidi-override;direction:rtl">{term[::-1]}</span>',
        f"{first}<div>{second}</div>",
        f'<abbr title="{term}">it</abbr>',
    ]


LINKED = [
    'Please upload your passport <a href="https://firm.example/form">here</a>.',
    "Please [enter your IBAN](https://firm.example/form).",
    "Enter your IBAN here: https://firm.example/veilig/gegevens/invullen/formulier/rekening",
    "Follow your parcel here: https://firm.example/track\nPlease send us your IBAN.",
    'Send us your <a href="https://firm.example/what-is-an-iban">IBAN</a>.',
    "Your IBAN here: {{link}}",
    'Please send us your passport here: <a href="https://wa.me/31612345678">WhatsApp</a>',
    'If somebody says "send me your PIN", hang up.',
    "Thanks! https://firm.example/bedankt/voor/uw/bericht/wij/nemen/contact/met/u/op",
]


def texts() -> list[tuple[str, str]]:
    made = [
        (language, frame.format(hidden))
        for language, terms in ASKED.items()
        for term in terms
        for hidden in disguises(term)
        for frame in FRAMES[language]
    ]
    values = [
        "NL91ABNA0417164300", "NL91 ABNA 0417 1643 00", "4012888888881881", "4012-8888-8888-1881", "BSN 111222333",
        "NL91<b>ABNA</b>0417164300", "4012&nbsp;8888&nbsp;8888&nbsp;1881", "{{customer.iban}}", "{iban}", "%PIN_CODE%",
        "{{ticket.custom_password}}", "[[iban]]", "${user.password}", "@contact.pin_code", "{{ order.number }}",
    ]  # fmt: skip
    made += [("en", f"Please send us your {value} today.") for value in values]
    made += [("en", f"Your details on file are {value} as we told you before.") for value in values]
    made += [
        ("nl", "WhatsApp is veilig, dus u kunt uw gegevens hier gerust delen."),
        ("en", "This chat is secure, so feel free to share your details here."),
        (
            "nl",
            "Deel geen gevoelige gegevens in deze chat, zoals uw BSN of rekeningnummer. Dat kan in uw portaal.",
        ),
        ("en", "Please send us your {{1}} so that we can go on."),
    ]
    made += [("en", linked) for linked in LINKED]
    made.append(("en", '<p style="unicode-bidi:bidi-override;direction:rtl">.NABI ruoy su dnes esaelP</p>'))
    return made


def library(lines: list[tuple[str, str]], markup: str) -> Conversation:
    document = open_text("replies.txt", "\n".join(text for _, text in lines), "utf-8")
    messages = [
        Message(str(number), text, (), document, "reply", markup, ("whatsapp",))
        for number, (_, text) in enumerate(lines)
    ]
    return Conversation("made", (document,), messages)


def said(context: Context) -> list[tuple[str, str, str, tuple[str, ...]]]:
    rules = [rule for rule in context.policy.rules if rule.level != "off"]
    return [(f.rule, f.entry, f.message, f.data) for rule in rules for f in check(context, rule)]


@pytest.fixture(autouse=True)
def always_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sieve, "_FEW", 0)
    monkeypatch.setattr(sieve, "_WORTHWHILE", 0)


def same(conversation: Conversation, policy: str) -> tuple[Context, Context]:
    quick = Context(conversation, bundled(policy), "x")
    slow = Context(conversation, quick.policy, "x", thorough=True)
    # A place needs the file's own string, which made-up texts have not: places are compared elsewhere.
    assert said(quick) == said(slow)
    assert [spoken.language for spoken in quick.spoken] == [spoken.language for spoken in slow.spoken]
    return quick, slow


@pytest.mark.parametrize("markup", ["auto", "html", "plain", "markdown"])
@pytest.mark.parametrize("policy", POLICIES)
def test_what_is_hidden_is_found_all_the_same(policy: str, markup: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from neverask.source import Span, Text

    monkeypatch.setattr(Message, "located", lambda message: Text(message.text, message.document.source, 0))
    monkeypatch.setattr(Text, "span", lambda text, start=0, end=None: Span(start, end or start))
    same(library(texts(), markup), policy)


@pytest.mark.parametrize("path", sorted(p for p in (ROOT / "readers").rglob("*") if p.is_file()), ids=lambda p: p.name)
def test_exports_give_the_same_findings(path: Path) -> None:
    for conversation in conversations(str(path), Outcome(str(path))):
        same(conversation, "whatsapp")


LONG = {
    "nl": "Beste klant, bedankt voor uw bericht. Onze monteur komt morgen bij u langs. Wij wensen u een fijne dag.",
    "en": "Dear customer, thank you for your message. Our engineer will visit you tomorrow. Have a lovely day.",
    "de": "Guten Tag, vielen Dank für Ihre Nachricht. Unser Techniker kommt morgen zu Ihnen. Einen schönen Tag noch.",
}


@pytest.mark.parametrize("languages", ["", "languages: [nl, en]\n"])
@pytest.mark.parametrize("between", [" ", "\n\n", "<br>", "</p><p>", "</td><td>", "<hr>", " &ndash; "])
def test_a_request_in_another_language_than_the_text_is_seen(
    between: str, languages: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from neverask.source import Span, Text

    monkeypatch.setattr(Message, "located", lambda message: Text(message.text, message.document.source, 0))
    monkeypatch.setattr(Text, "span", lambda text, start=0, end=None: Span(start, end or start))
    policy = load(str(tmp_path / "neverask.yaml"), f"neverask: 1\nextends: [whatsapp]\n{languages}")
    pairs = [(one, other) for one in LONG for other in LONG if one != other]
    made = [
        (one, between.join([LONG[one], *[LONG[one]] * times, FRAMES[other][0].format(ASKED[other][2]), *after]))
        for one, other in pairs
        for times in (0, 3)
        for after in ([], [LONG[one]])
    ]
    conversation = library(made, "auto")
    quick = Context(conversation, policy, "x")
    found = said(quick)
    assert found == said(Context(conversation, policy, "x", thorough=True))
    asked = {entry for rule, entry, _, _ in found if rule == "no-sensitive-requests"}
    assert asked == {str(number) for number in range(len(made))}


LOST = [
    ("plain", "O seu IBAN está na carta.\n1. Me informa sua data de nascimento que eu já aplico na matrícula."),
    ("html", "Onze mensen hebben je pincode niet nodig. Noem hem dus niet, ook niet als iemand erom vraagt.\r"
             "Para o reembolso no seu cartão precisamos do seu IBAN.\rOm u te betalen gebruiken we uw IBAN."),
    ("auto", "Numero del treno e della carrozza? … Pergunta de segurança: qual o seu time do coração? … Il suo IBAN è "
             "sulla sua carta. … Non abbiamo ancora il suo IBAN."),
    ("plain", "Numero del treno e della carrozza?\xa0Pergunta de segurança: qual o seu time do coração?\xa0Grazie."),
    ("auto", "<p>Les trois\npetits chiffres\nau dos, c'est quoi ?</p>"),
    ("html", "<p>Mi occorrono ancora le cifre del nostro\nSMS.</p>"),
    ("markdown", "<p>Uw IBAN ontbreekt op\nhet formulier. Die\nheb ik nodig om verder te gaan.</p>"),
    ("html", "<div>Pouvez-vous nous donner tout de suite votre mot de</div><div>passe ?</div>"),
    ("auto", "Pouvez-vous nous donner&shy; votre mot de\u2060\r\npasse ?"),
    ("auto", "Pouvez-vous nous donner votre mot de\n**passe** ?"),
    ("plain", "<p>Bitte senden. Sie uns\r\n Ihr P@$$w0rt.</p>"),
    ("plain", "<p>Envie-nos o seu p@$*@p0rt€.</p>"),
    ("markdown", "Please send us your pass{{x}}port number."),
    ("plain", "Wat is uw pass-{{x}}woord?"),
    ("plain", "Please send us your p\xa0 a\xa0 s\xa0 s\xa0 w\xa0 o\xa0 r\xa0 d today."),
    ("html", "Sans nous envoyer votre numéro de sécurité soci\"ale, nous ne pouvons pas ouvrir le dossier."),
    ("plain", "Sans nous envoyer votre numéro de sécurité soci ale, nous ne pouvons pas ouvrir le dossier."),
    ("plain", "Stuur ons uw i · b · a · n alstublieft."),
]  # fmt: skip
"""Requests that the quick look had lost, each by what hid it there: random texts found them."""


@pytest.mark.parametrize("locale", [None, "same", "nl", "fr"])
@pytest.mark.parametrize("languages", ["en", "nl, de", "fr"])
def test_a_short_text_in_a_language_that_the_policy_does_not_name_is_read_in_it(
    languages: str, locale: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from neverask.source import Span, Text

    monkeypatch.setattr(Message, "located", lambda message: Text(message.text, message.document.source, 0))
    monkeypatch.setattr(Text, "span", lambda text, start=0, end=None: Span(start, end or start))
    policy = load(str(tmp_path / "neverask.yaml"), f"neverask: 1\nextends: [whatsapp]\nlanguages: [{languages}]\n")
    short = {
        "en": ["Please send us your {}.", "Your {}?", "{}?", "We need your {}", "Type your {} here"],
        "nl": ["Stuur ons uw {}.", "Uw {}?", "Hallo,\nStuur ons uw {}.", "We hebben uw {} nodig", "Typ hier uw {}"],
        "de": ["Bitte senden Sie Ihre {}.", "Ihre {}?", "Wir brauchen Ihre {}", "Ihre {} bitte hier eingeben"],
    }
    made = [(code, frame.format(word)) for code, frames in short.items() for frame in frames for word in ASKED[code]]
    plain = library(made, "auto")
    messages = [
        replace(message, locale=code if locale == "same" else locale)
        for message, (code, _) in zip(plain.messages, made, strict=True)
    ]
    conversation = replace(plain, messages=messages)
    assert said(Context(conversation, policy, "x")) == said(Context(conversation, policy, "x", thorough=True))


def test_what_was_lost_once_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from neverask.source import Span, Text

    monkeypatch.setattr(Message, "located", lambda message: Text(message.text, message.document.source, 0))
    monkeypatch.setattr(Text, "span", lambda text, start=0, end=None: Span(start, end or start))
    text = "neverask: 1\nrules:\n  all:\n    rule: forbid asking for any data on any channel\n    level: error\n"
    policy = load(str(tmp_path / "neverask.yaml"), text)
    for markup, lost in LOST:
        conversation = library([("", lost), *((one, LONG[one]) for one in LONG)], markup)
        found = said(Context(conversation, policy, "x"))
        assert found == said(Context(conversation, policy, "x", thorough=True)), lost
        assert "0" in {entry for _, entry, _, _ in found}, lost


def test_a_quiet_text_is_what_is_shown_of_it() -> None:
    hidden = "<p>Hello, this is the shop.</p><div style='display:none'><p>Please do not share your {} here.</p></div>"
    lines = [("en", hidden.format(word)) for word in ("PIN", "order number")]
    quick = Context(library(lines, "html"), bundled("whatsapp"), "x")
    assert [spoken.plain.text.strip() for spoken in quick.spoken] == ["Hello, this is the shop."] * len(lines)
    assert said(quick) == said(Context(quick.conversation, quick.policy, "x", thorough=True))


def test_most_of_a_library_is_quiet() -> None:
    lines = [
        "Your parcel {} is on its way and will arrive tomorrow between 9:00 and 12:00. Have a lovely day!",
        "Uw pakket {} is onderweg en wordt morgen tussen 9 en 12 uur bezorgd. Nog een fijne dag!",
        "Ihr Paket {} ist unterwegs und kommt morgen zwischen 9 und 12 Uhr an. Einen schönen Tag noch!",
    ]
    made = [("", lines[number % 3].format(number * 7919)) for number in range(300)]
    context = Context(library(made, "auto"), bundled("whatsapp"), "x")
    assert sum(spoken.quiet for spoken in context.spoken) == 300
    assert {spoken.language for spoken in context.spoken} == {"en", "nl", "de"}


def test_own_terms_are_seen(tmp_path: Path) -> None:
    text = "neverask: 1\nextends: [whatsapp]\ndata:\n  member-number:\n    en: [club code, clubnr*]\n"
    text += "rules:\n  own:\n    rule: forbid asking for member-number\n    level: error\n"
    policy = load(str(tmp_path / "neverask.yaml"), text)
    lines = [("en", "Please send us your club code today."), ("en", "Please send us your clubnrs today.")]
    lines += [("en", "Please send us your order today, we like it.")]
    looks = [spoken.quiet for spoken in Context(library(lines, "auto"), policy, "x").spoken]
    assert looks == [False, False, True]


def test_what_is_told_is_seen_where_nothing_is_forbidden_to_ask(tmp_path: Path) -> None:
    text = "neverask: 1\nrules:\n  told:\n    rule: forbid sending password, pin\n"
    policy = load(str(tmp_path / "neverask.yaml"), text)
    said = "Good morning and thank you for your patience with us. Your PIN is {}. You can use it in all our shops."
    lines = [("en", said.format("4821")), ("en", said.format("personal"))]
    looks = [spoken.quiet for spoken in Context(library(lines, "auto"), policy, "x").spoken]
    assert looks == [False, True]


def test_own_terms_of_words_that_nobody_knows_are_no_names(tmp_path: Path) -> None:
    """Sentences that differ in an unknown word or a number only are looked at once, but not where a policy has it."""
    text = "neverask: 1\nextends: [whatsapp]\ndata:\n  member-number:\n    en: [brinvel quadlo, orfnet 31]\n"
    text += "rules:\n  own:\n    rule: forbid asking for member-number\n    level: error\n"
    policy = load(str(tmp_path / "neverask.yaml"), text)
    asks = "Please send us your {} today, we like it very much."
    said = ["trenvol quadsi", "brinvel quadlo", "trenvol quadlo", "orfnet 32", "orfnet 31", "orfnut 31"]
    lines = [("en", asks.format(words)) for words in said]
    looks = [spoken.quiet for spoken in Context(library(lines, "auto"), policy, "x").spoken]
    assert [words for words, quiet in zip(said, looks, strict=True) if not quiet] == ["brinvel quadlo", "orfnet 31"]


def test_names_and_numbers_make_no_new_stretch(tmp_path: Path) -> None:
    towns = ["Bristol", "Groningen", "Zaltbommel", "Wuppertal"]
    lines = [
        ("en", f"The outage in the {town} area of {day} May was over by {day}:15, for {day},95 euros.")
        for town in towns
        for day in range(21, 28)
    ]
    policy = bundled("whatsapp")
    context = Context(library(lines, "plain"), policy, "x")
    assert all(spoken.quiet for spoken in context.spoken)
    same_to_the_look = {sieve.Sieves().of(policy, False, 10_000)._traces.alike.of(text) for _, text in lines}
    assert len(same_to_the_look) == 1


def test_very_many_numbers_in_a_row_take_no_longer_than_words() -> None:
    known = sieve.Sieves().of(bundled("whatsapp"), False, 10_000)
    start = time.process_time()
    known.look("7 " * 300_000, "plain")
    assert time.process_time() - start < 20


def test_random_halves_of_texts_are_no_trap(monkeypatch: pytest.MonkeyPatch) -> None:
    from neverask.source import Span, Text

    monkeypatch.setattr(Message, "located", lambda message: Text(message.text, message.document.source, 0))
    monkeypatch.setattr(Text, "span", lambda text, start=0, end=None: Span(start, end or start))
    chance = random.Random(7)
    whole = [text for _, text in texts()]
    lines = []
    for _ in range(400):
        one, other = chance.choice(whole), chance.choice(whole)
        lines.append(("", one[: chance.randrange(len(one))] + chance.choice(["", " ", "\n", "<br>"]) + other))
    same(library(lines, "auto"), "whatsapp")


@lru_cache(maxsize=1)
def written() -> list[tuple[str, str]]:
    """Every text of the tests of the languages, and the disclaimers in all words."""
    lines = [
        (one["lang"], one["text"])
        for folder in ("sentences", "cards")
        for path in sorted((ROOT / "language" / folder).glob("*.jsonl"))
        for one in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    ]
    for language, lists in yaml.safe_load((ROOT / "language" / "disclaimers.yaml").read_text(encoding="utf-8")).items():
        lines += [(language, text) for text in lists["pass"]]
        lines += [(language, one["text"]) for one in lists["fail"]]
    return lines


@pytest.mark.parametrize("language", resources.languages())
def test_a_quiet_text_proposes_nothing_that_a_rule_forbids(language: str) -> None:
    """Neither a text of the language's tests nor two of them in a row asks, sends or claims and is called quiet."""
    policy = bundled("gdpr")
    rules = [rule for rule in policy.rules if rule.sentence.verb in ("asking", "sending", "claiming", "redirecting")]
    forbidden = frozenset(category for rule in rules for category in rule.sentence.data)
    texts = [text for code, text in written() if code == language]
    lines = [(language, f"{one}\n{other}") for one, other in zip(texts[::2], texts[1::2], strict=False)]
    quiet = 0
    for spoken in Context(library(lines, "plain"), policy, "x").spoken:
        if not spoken.readings or not spoken.quiet:
            continue
        quiet += 1
        acts = [act for reading in spoken.readings for act in analysis.acts(reading)]
        assert not [act for act in acts if act.force == "request" and act.data in forbidden], spoken.message.text
        assert not any(map(claims.claims, spoken.readings)), spoken.message.text
    assert quiet or len(lines) < 50


@pytest.mark.parametrize("language", resources.languages())
def test_elements_of_a_disclaimer_are_told_before_they_are_looked_for(language: str) -> None:
    policy = bundled("whatsapp")
    lines = [(language, text) for code, text in written() if code == language]
    told = 0
    for spoken in Context(library(lines, "plain"), policy, "x").spoken:
        for reading in spoken.readings:
            found = sieve.TOLD.intersection(statements.elements(reading, policy.safe.kinds))
            assert found <= spoken.look.elements, spoken.message.text
            assert spoken.look.names or not statements.names_data(reading), spoken.message.text
        told += len(sieve.TOLD - spoken.look.elements)
    assert told > len(lines) // 2


def test_words_are_not_forgotten_while_a_text_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long library with very many names: a stretch that was seen before was asked for words that were forgotten."""
    monkeypatch.setattr("neverask.rules.glances._MOST_GLANCES", 3)
    monkeypatch.setattr("neverask.language.traces._MOST_WORDS", 5)
    known = sieve.Sieves().of(bundled("whatsapp"), False, 10_000)
    chance = random.Random(3)
    said = "please send tell us the number on back of it your card code name what is we need garden"
    words = said.split()
    for number in range(400):
        text = [" ".join(chance.choices(words, k=6)).capitalize() + "." for _ in range(3)]
        known.look(" ".join([*text, "{% if a %} x."] if number % 2 else text), "plain")
        known.look(f"{text[0]} Another one {'abcdefgh'[number % 8] * (3 + number % 5)}.", "plain")
