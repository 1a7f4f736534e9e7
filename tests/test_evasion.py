"""Disguised requests: evasion.jsonl holds 468, made of our own sentences, each with the plain one that it hides."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from neverask.inspecting import answer

CASES = [json.loads(line) for line in (Path(__file__).parent / "evasion.jsonl").read_text("utf-8").splitlines()]
INNOCENT = {
    "en": [
        "Please send us your working hours, and tell us which massage you would like.",
        "We didn't get that. Please tell us your order number.",
        "Can you send a photo of the mp3 player, the B2B offer and the A4 page?",
        "Which concert do you want to see? Please tell us the country.",
        "Please choose a, b, c or d and tell us.",
        "Send us your size: S M L or X.",
        "Please pass port fees on to your customer and tell us the order number.",
        "Send us your library card number, please.",
        "Please tell us which meditation you would like and send us your order number.",
        "Please tell us when the mediation should begin.",
        "Please send us the A/B test, the IN/OUT list, the T&C's and the order number*** of the 8-bit game.",
        "Please tell us your seat (8A, 18AN or P-12), the FAQ/TIN number of the box and your acc*mmodation.",
        "Send us f***ing anything, but not the trnsprt number or the d*mn pssst.",
        "Please send us your order number from 🇮🇳🇧🇬🇦🇷🇮🇹 or [1] <b>here</b>: a[b[0]]>1.",
        "Your flat of 80 m² and 30m³ is ready™. Please send us the order number³ and your library card<sup>2</sup>.",
        "Please send us your 1st name, the 5th, B2B, A4, P.S. and 9-5 hours; A,B;C test, IN/OUT, YES;NO?MAYBE.",
        "Please give us the name,date and row P,in the hall.",
        "Please send us the A/C model, S/N and P/N, w/o delay, y/n, 24//7, m/f/d, and//or the I/O n/a a/b c/d.",
        "Please send us your tracking #, the McIntyre order, the eID app's name and the size S # of PLN 5, SS # 12.",
        "Please send us your order number for ₱500, ₩1000, 5¢ or ฿20, with 山田太郎, จำนวน, ቁጥር and мир on the label.",
        "Please re-enter the order number, pre-order the e-book, and wait…then tell us which co-op or m07 it goes to.",
        "📷 Send us a photo of the damage, or a 📷 of the parcel.",
        "Please tell us how you say /kɔl/, ɐ, ǝ and ʌ, and send us the schwa (ə) of wɔːtə.",
        "💳 You can pay in the app. Please tell us your order number and pay with your 💳 in the app.",
        "Please show your 🪪 at the desk and tell us your booking number. Tag us in your 📸 on Instagram!",
    ],
    "nl": [
        "Stuur ons een foto van de tekening en uw bestelnummer.",
        "Geef even door welke meditatie u kiest en wat de schilden kosten.",
        "Welke maat wilt u: S, M of L?",
        "Stuur ons uw bestelnummer,datum of uw klant,nummer en 2e naam.",
        "Stuur ons uw bestelnummer en maat s t/m l, m/v, a/b en c/o, i/o.",
        "Stuur Łukasz, Søren of Đorđe uw bestelnummer; wij bezorgen in 🇳🇱🇧🇪 🇩🇪 en in de (B)(e)(n)(e)(l)ux.",
    ],
    "de": [
        "Bitte senden Sie uns ein Foto der Zeichnung.",
        "Bitte nennen Sie uns m/w/d, die Größe s/m/l, u/o die Bestellnummer und z/Hd.",
        "Welche Schulen besuchen Ihre Kinder?",
        "Bitte nennen Sie uns das Datum der Ausreise und der Abstimmung.",
        "Wir prüfen Ein-\nund Ausgang, auch mit Pass-\noder Fahrkontrolle.",
    ],
    "fr": [
        "Merci de nous envoyer votre numéro de commande et le nom du massage choisi.",
        "Dites-nous quelle méditation vous plaît, ou quelle médiation.",
        "Merci de nous donner votre num?ro de commande et le pr?nom : https://exemple.fr/?nom=a&pr?nom=b.",
    ],
    "es": [
        "Por favor, envíenos una foto del paquete recibido en el segundo envío.",
        "Díganos el número de pedido y/o la talla s/m, a/a, c/u, s/n, el cliente o/a, n/a y p/m.",
        "Díganos qué meditación prefiere y qué panadero.",
    ],
    "it": [
        "Per favore, ci invii una foto del pacco e il numero d'ordine.",
        "Ci dica il numero d'ordine e/o la taglia s/m, n/d, c/o, gentile cliente o/a, a/r.",
        "Ci dica quanto è potente il motore e quale cadenza preferisce.",
    ],
    "pt": [
        "Por favor, envie-nos uma foto da encomenda e o número do pedido.",
        "Diga-nos o número do pedido e/ou o tamanho s/m, n/a, c/o, caro/a, o/a cliente, s/n, r/c.",
        "Diga-nos qual meditação prefere e quantos carvões quer.",
        "FALE COM A SUA IRMÃ… E DÊ-NOS “A MANHÃ”: ENVIE O NÚMERO DO PEDIDO.",
    ],
}


def asks(text: str, language: str) -> bool:
    return any(act["act"] == "request" and act["data"] not in ("unknown",) for act in answer(text, language)["acts"])


def test_there_are_enough_of_every_kind() -> None:
    assert len(CASES) == 468
    assert len({case["lang"] for case in CASES}) == 7
    assert len({case["disguise"] for case in CASES}) >= 25
    assert all(case["text"] != case["plain"] for case in CASES)


def test_requests_are_found_without_disguise() -> None:
    assert [case["plain"] for case in CASES if not asks(case["plain"], case["lang"])] == []


def test_disguised_requests_are_found() -> None:
    missed = [(case["disguise"], case["text"]) for case in CASES if not asks(case["text"], case["lang"])]
    assert len(missed) <= len(CASES) * 0.05, missed


def test_disguised_requests_in_a_library_are_found(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """The quick look at a text, which tells those that need no reading, is not deceived either."""
    replies = [{"id": str(n), "text": case["text"], "locale": case["lang"]} for n, case in enumerate(CASES)]
    (tmp_path / "replies.json").write_text(json.dumps({"replies": replies}), encoding="utf-8")
    run = neverask("check", "--no-cache", "--format", "json", ".", cwd=tmp_path)
    found = {finding["entry"].split(".")[0] for finding in json.loads(run.out)["findings"]}
    plain = [{"id": str(n), "text": case["plain"], "locale": case["lang"]} for n, case in enumerate(CASES)]
    (tmp_path / "replies.json").write_text(json.dumps({"replies": plain}), encoding="utf-8")
    run = neverask("check", "--no-cache", "--format", "json", ".", cwd=tmp_path)
    expected = {finding["entry"].split(".")[0] for finding in json.loads(run.out)["findings"]}
    assert len(expected) > 150
    missed = [CASES[int(n)]["text"] for n in sorted(expected - found, key=int)]
    assert len(missed) <= len(CASES) * 0.05, missed


@pytest.mark.parametrize("language", INNOCENT)
def test_innocent_texts_stay_innocent(language: str) -> None:
    assert [text for text in INNOCENT[language] if asks_for_secrets(text, language)] == []


CUT_OR_HIDDEN = {
    "en": [
        "p**sw*rd", "pass****", "p*ssport", "p•ssw•rd", "p#ssw#rd", "pssprt", "IB/AN", "I\\BAN", "I'BAN", 'IB"AN',
        "I-BAN number", "PI/N", "18AN", "I8AN", "cr*d*t card number", "IB()AN", "IB''AN", "IB…AN", "IB;AN", "IB_AN",
        "P..IN", "pass,word", "pass?word", "pass\tword", "pa§§word", "¢redit ¢ard number", "|BAN", "!BAN", "IBAN™",
        "pass\\/\\/ord", "I|3AN", "þassword", "p4$$vv0rd", "passvv0rd", "p/w", "a/c number", "C/C number", "D/L number",
        "s/s number", "SS#", "DOB, SS #", "NI #", "PlN", "medicaI records", "nationaI id number",
        "soc1a1 security number",
        "cr_edit card number", "credit ca_rd number", "cr…edit card number", "cr...edit card number", "psswrd",
        "p*ssw*rd", "cr^edit card number", "acc~ount number", "ⲒⲂⲀⲚ", "ᑭᗩᔕᔕᗯOᖇᗪ", "卩卂丂丂山ㄖ尺ᗪ", "קครรฬ๏г๔",
        "₱₳₴₴₩ØⱤĐ", "የልነነሠዐዪዕ", "PДSSЩОЯD", "ραѕѕωσя∂",
        "IBAN¹", "IBAN<sup>1</sup>", '<b>IBAN</b><sup><a href="#n1">1</a></sup>', "passport² number",
    ],
    "nl": ["w*chtw**rd", "wchtwrd", "r*keningnummer", "B/SN", "8SN", "rekening,nummer", "6ankrekening", "pas poort"],
    "de": ["P*ssw*rt", "K*ntonummer", "IBA/N", "P.IN"],
    "fr": ["m0t de passe", "m07 d3 p4553", "ᎷOᎢ ᎠᎬ ᏢᎪᏚᏚᎬ", "numéro de ca_rte bancaire", "MOT DE PASSE"],
    "es": ["núm3r0 d3 74rj374", "númer_o de tarjeta", "contr_aseña"],
}  # fmt: skip
ASKS = {
    "fr": "Merci de nous envoyer votre {}.",
    "en": "Please send us your {}.",
    "nl": "Kunt u ons uw {} doorgeven?",
    "de": "Bitte senden Sie uns Ihre {}.",
    "es": "Por favor, envíenos su {}.",
}


MARKED_UP = [
    '<style>.x{display:none}</style><i class="a x">Never </i>send us your IBAN.',
    "<style>@media screen { /* { */ p, #x { visibility: hidden } }</style><i id=x>Never </i>send your IBAN.",
    "<style>b[data-x]{display:none}</style>Please send us your IB<b data-x>zz</b>AN.",
    '<span style="mso-hide:all">Never </span>send us your IBAN.',
    '<span style="position:absolute;left:-9999px">Never </span>send us your IBAN.',
    '<span style="clip:rect(0, 0, 0, 0)">Never </span>send us your IBAN.',
    *(
        f'<span style="{style}">Never </span>send us your IBAN.'
        for style in (
            "font-size:calc(0px)",
            "font-size:calc(1px - 1px)",
            "font-size:calc(0 * 1px)",
            "font-size:min(0px, 1em)",
            "font-size:-0px",
            "font-size:1e-9px",
            "opacity:calc(1 - 1)",
            "height:calc(0px);overflow:hidden",
            "transform:scale(0.0)",
            "transform:scale3d(0,0,0)",
            "transform:matrix(0,0,0,0,0,0)",
            "transform:rotateY(90deg)",
            "clip-path:polygon(0 0,0 0,0 0)",
            "color:rgb(0 0 0 / 0.0)",
            "color:hsla(0,0%,0%,0)",
            "color:rgba(0, 0, 0, 0.00)",
        )
    ),
    '<span style="unicode-bidi:isolate-override; direction: rtl">.NABI ruoy su dnes esaelP</span>',
    "Please send us your IB<p>AN</p>.",
    "Please send us your pass<div>port</div> number.",
    'Please send us your <img src="x.png" alt="IBAN"> today.',
    'Please send us your <abbr title="passport number">PN</abbr>.',
    "Please send us your <ruby>I<rp>(</rp><rt>x</rt><rp>)</rp>B<rt>y</rt>A<rt>z</rt>N<rt>w</rt></ruby>.",
]
NOT_HIDDEN = [
    *(
        f'<span style="{style}">Never </span>send us your IBAN.'
        for style in (
            "color:rgb(0,0,0)",
            "color: rgb(255, 0, 0)",
            "color:rgb(0 0 0)",
            "color:rgba(0, 0, 0, 0.60)",
            "font-size:calc(12px)",
            "font-size:calc(0px + 12px)",
            "font-size:max(0px, 12px)",
            "font-size:10.0pt",
            "font-size:clamp(0px, 2vw, 16px)",
            "opacity:calc(1 - 0.1)",
            "transform:rotate(90deg)",
            "transform:matrix(1,0,0,1,0,0)",
            "letter-spacing:-0.02em",
            "width:calc(100% - 0px);overflow:hidden",
        )
    ),
    '<style>.x{color:red}</style><i class="x">Never </i>send us your IBAN.',
    '<style>@media print{.x{display:none}}</style><i class="x">Never </i>send us your IBAN.',
    '<style>.x{display:none}</style><i class="xy">Never </i>send us your IBAN.',
    'Please send us your <abbr title="order number">ON</abbr> and the photo <img src="x.png" alt="logo">.',
]


def test_what_markup_does_to_words_is_seen(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """By the quick look at a library, too."""
    texts = [*MARKED_UP, *NOT_HIDDEN]
    replies = [{"id": str(number), "text": text, "locale": "en"} for number, text in enumerate(texts)]
    (tmp_path / "replies.json").write_text(json.dumps({"replies": replies}), encoding="utf-8")
    run = neverask("check", "--no-cache", "--format", "json", ".", cwd=tmp_path)
    found = {one["entry"] for one in json.loads(run.out)["findings"] if one["rule"] == "no-sensitive-requests"}
    assert [text for number, text in enumerate(texts) if str(number) in found] == MARKED_UP


@pytest.mark.parametrize("word", ["d/o/b", "D/O/B", "d.o.b."])
def test_initials_of_a_date_of_birth_are_found(word: str) -> None:
    assert asks(f"Please send us your {word}.", "en")


@pytest.mark.parametrize("language", ASKS)
def test_words_with_a_mark_in_the_place_of_letters_are_found(
    language: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    """Also by the quick look at a library."""
    texts = [ASKS[language].format(word) for word in CUT_OR_HIDDEN[language]]
    assert [text for text in texts if not asks_for_secrets(text, language)] == []
    replies = [{"id": str(n), "text": text, "locale": language} for n, text in enumerate(texts)]
    (tmp_path / "replies.json").write_text(json.dumps({"replies": replies}), encoding="utf-8")
    run = neverask("check", "--no-cache", "--format", "json", ".", cwd=tmp_path)
    found = {one["entry"] for one in json.loads(run.out)["findings"] if one["rule"] == "no-sensitive-requests"}
    assert [text for n, text in enumerate(texts) if str(n) not in found] == []


PICTURED = {
    "en": [
        "Please send us your 💳 number.", "Please send us a 📸 of your 🪪.", "Please send us a 📷 of your passport.",
        "Please share your 🏦 account details.", "Send 📸 of your passport now.",
    ],
    "nl": [
        "Stuur ons een 📷 van uw 🪪 a.u.b.", "Kunt u een 📸 van uw paspoort sturen?",
        "Kunt u uw 💳-nummer even doorgeven?",
    ],
    "de": [
        "Bitte schicken Sie uns ein 📷 von Ihrem Ausweis.", "Bitte senden Sie uns ein 📸 Ihrer 💳.",
        "Schick uns bitte deine 💳-Nummer.",
    ],
    "fr": ["Envoyez-nous une 📷 de votre passeport.", "Envoyez-nous le numéro de votre 💳."],
    "es": ["Envíenos una 📷 de su DNI.", "Por favor, envíenos el número de su 💳."],
    "pt": ["Envie-nos uma 📸 do seu 🪪.", "Por favor, envie o número do seu 💳."],
    "it": ["Ci invii una 📷 della sua 🪪.", "Ci mandi il numero della sua 💳."],
}  # fmt: skip
"""An emoji in the place of a word."""
LOST = {
    "es": [
        "Env\ufffdenos su contrase\ufffda, por favor.", "Por favor, env?enos su contrase?a.",
        "ENV\ufffdENOS SU N\ufffdMERO DE CUENTA, POR FAVOR.",
        "Por favor, env\ufffd\ufffdenos su contrase\ufffd\ufffda.",
    ],
    "fr": [
        "Envoyez-nous une copie de votre pi\ufffdce d'identit\ufffd.",
        "Merci de nous communiquer votre num?ro de carte bancaire.",
        "Merci de nous communiquer votre num??ro de s?curit? sociale.",
    ],
    "pt": ["Envie-nos o n\ufffdmero do seu cart\ufffdo de cr\ufffddito.", "Envie-nos o n?mero do seu cart?o."],
    "de": ["Schicken Sie uns bitte Ihre Kartenpr\ufffdfnummer.", "Bitte schicken Sie uns Ihre Pr?fziffer der Karte."],
}  # fmt: skip
"""A mark in the place of letters that a program could not write."""


@pytest.mark.parametrize(("language", "texts"), [*PICTURED.items(), *LOST.items()])
def test_what_stands_for_words_and_letters_is_read(
    language: str, texts: list[str], neverask: Callable[..., Any], tmp_path: Path
) -> None:
    """Also by the quick look at a library."""
    replies = [{"id": str(n), "text": text, "locale": language} for n, text in enumerate(texts)]
    (tmp_path / "replies.json").write_text(json.dumps({"replies": replies}), encoding="utf-8")
    run = neverask("check", "--no-cache", "--format", "json", ".", cwd=tmp_path)
    found = {one["entry"] for one in json.loads(run.out)["findings"] if one["rule"] == "no-sensitive-requests"}
    assert [text for n, text in enumerate(texts) if str(n) not in found] == []


def asks_for_secrets(text: str, language: str) -> bool:
    harmless = {"location", "email", "phone", "name", "home-address"}
    return any(act["act"] == "request" and act["data"] not in harmless for act in answer(text, language)["acts"])


BEFORE = [
    "\n" * 5000,
    "." * 5000,
    "=" * 900 + "\n",
    "a" * 5000,
    "<!--" * 500,
    "{{" * 2000,
    "[" * 2000,
    "1" * 900,
]


@pytest.mark.parametrize("before", BEFORE, ids=lambda text: text[:12].strip() or "blank")
def test_what_stands_before_a_request_does_not_hide_it(
    before: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    """A text's language is told by its beginning; by what comes after where that tells nothing."""
    asks = {"nl": "Geef ons uw IBAN door.", "en": "Please send us your IBAN.", "de": "Bitte senden Sie uns Ihre IBAN."}
    replies = [
        {"id": f"{code}{n}", "text": "\n".join([before] * n + [ask])} for code, ask in asks.items() for n in (0, 1)
    ]
    (tmp_path / "replies.json").write_text(json.dumps({"replies": replies}), encoding="utf-8")
    run = neverask("check", "--no-cache", "--format", "json", ".", cwd=tmp_path)
    found = {one["entry"] for one in json.loads(run.out)["findings"] if one["rule"] == "no-sensitive-requests"}
    assert found == {reply["id"] for reply in replies}


ADORNED = ["#" * 50, "> " * 300, "```\n" * 50, "`a" * 500, "\\*" * 500, "-=" * 300, "1 2 3 " * 300]


@pytest.mark.parametrize("adorned", ADORNED, ids=lambda text: text[:4])
def test_what_adorns_a_section_of_a_page_does_not_hide_it(
    adorned: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    page = (
        "# Standard replies\n\n## Hours\n\nWe are open from nine to five. Please call us when you need help.\n\n"
        "## Delivery\n\nYour parcel will arrive tomorrow between nine and five.\n\n"
        f"## Refund\n\nPlease send us your IBAN.\n\n{adorned}\n"
    )
    (tmp_path / "replies.md").write_text(page, encoding="utf-8")
    assert neverask("check", "--no-cache", "replies.md", cwd=tmp_path).status == 1


def test_a_very_long_word_beside_a_disguise_takes_no_time() -> None:
    """It was looked through from each of its letters: five seconds for one of 8,000."""
    said = "Please send us your p@ssw0rd{} now."
    assert asks(said.format(""), "en")
    start = time.process_time()
    assert asks(said.format(" " + "a" * 8_000), "en")
    assert time.process_time() - start < 2
