"""What a customer reads, and where it stands."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from neverask import markup
from neverask.markup import OBJECT, Plain, beside, plain, variants
from neverask.markup.lost import lost_edits


def shown(value: str, markup: str = "auto") -> str:
    """The plain text with ``□`` for placeholders."""
    return plain(value, markup).text.replace(OBJECT, "□")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a <i hidden>b c</i> d", "a d"),
        ("<p>a</p><div style='display:none'><div>b</div>c</div><p>d</p>", "a d"),
        ("<p>a</p><div hidden>b<p>c</p>", "a"),
        ("a<br hidden>b", "a b"),
        ("a <b data-hidden=1>b</b>", "a b"),
    ],
)
def test_what_is_not_shown(value: str, expected: str) -> None:
    assert " ".join(markup.shown(value, plain(value), "html").text.split()) == expected


def test_very_many_hidden_elements_take_linear_time() -> None:
    start = time.process_time()
    for unit in ("<i hidden>", "<i hidden></i>", "<i hidden><b hidden>", "<i hidden><b>", "a<i hidden>b</i>"):
        value = unit * (200_000 // len(unit))
        markup.shown(value, plain(value), "html")
    assert time.process_time() - start < 20


def places(value: str, text: str, markup: str = "auto") -> str:
    """What stands in ``value`` where its plain text holds ``text``."""
    found = plain(value, markup)
    at = found.text.index(text)
    start, end = found.span(at, at + len(text))
    return value[start:end]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        # quotation marks around all of it
        ('"Please send us your IBAN."', "Please send us your IBAN."),
        (" „Bitte senden Sie uns Ihre IBAN.“ ", " Bitte senden Sie uns Ihre IBAN. "),
        ("«Envíenos su IBAN, por favor.»", "Envíenos su IBAN, por favor."),
        ('"Yes" or "no", please.', '"Yes" or "no", please.'),
        ('"PIN"', '"PIN"'),  # a name, and no message
        # letters of UTF-8 that were read as the Windows code page, once or twice
        ("votre numÃ©ro, c’est notÃ©", "votre numéro, c'est noté"),
        ("Whatâ€™s “your” PIN? CuÃ¡l, carta dâ\x80\x99identitÃ\xa0", 'What\'s “your” PIN? Cuál, carta d\'identità'),
        ("identitÃ ? Ã vous", "identità ? à vous"),
        ("IBANÂ\xa0: â€œyesâ€\x9d, IBANÂ.", "IBAN : “yes”, IBAN."),
        ("votre numÃƒÂ©ro", "votre numéro"),
        ("IRMÃ… MAÇÃ” SÃO PÂTE irmã.", "IRMÃ... MAÇÃ” SÃO PÂTE irmã."),
        # HTML
        ("<p>Dear <b>cust</b>omer,</p><p>Bye</p>", "Dear customer,\nBye\n"),
        ("a<br>b<br/>c<BR />d", "a\nb\nc\nd"),
        ("a<br><br>b", "a\n\nb"),
        ("IBAN < 5<br>Name", "IBAN < 5\nName"),  # a "<" that is left over has it looked at again
        ("Send:<ul><li>one</li><li><p>two</p></li></ul>done", "Send:\n- one\n- two\ndone"),
        ("<div>one\n  line</div>", "one line\n"),
        ("<b>one\nline</b>", "one\nline"),
        ("<style>p {x: y}</style>a<script>if (a < b) x()</script>b<!-- c -- > d -->e", "abe"),
        ("a <input type='submit' value='x > y'> b", "a  b"),
        ("a <img src=x alt='logo'> b<img alt=\"Please send us &quot;it&quot;\"/>c", 'a  b\nPlease send us "it"\nc'),
        ("a<input placeholder='What is your name?'>", "a\nWhat is your name?\n"),
        ("a <input type=hidden value='What is your name?'> b", "a  b"),
        # what is written for Outlook, or for all others; pasted settings of Word
        ("a<!--[if mso]><p>b</p><![endif]-->c<!--[if !mso]><!--><p>d</p><!--<![endif]-->e", "a\nb\nc\nd\ne"),
        ("a<!--[if (gte mso 9)|(IE)]>b<![endif]-->c<![if !mso]>d<![endif]>e", "abcde"),
        ("a<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]-->b", "ab"),
        ("a<!-- [if mso]>b<![endif]-->c", "ac"),
        ("a < b and c > d, a<3", "a < b and c > d, a<3"),
        ("<o:p></o:p><speak>say <say-as interpret-as='digits'>12</say-as></speak>", "say 12"),
        ("<https://example.com/a> <a@example.com>", "https://example.com/a a@example.com"),
        ("<https://example.com/a|Please read it> or <mailto:a@example.com|write>", "Please read it or write"),
        ("a <Please do tell us when you bought it, and where.>", "a Please do tell us when you bought it, and where."),
        ("<custom some=x and more words here>a</custom>", "a"),
        ("<!DOCTYPE html>x", "x"),
        ("never closed <!-- x", "never closed <!-- x"),
        ("<script>x", "x"),
        # entities
        ("caf&eacute; &#233;&#xE9;&nbsp;x &amp; y &lt;3", "café éé x & y <3"),
        ("a&nbspb &amp;nbsp;c &amp;amp; d", "a&nbspb  c & d"),
        ("a&nbsp b", "a  b"),
        ("?a=1&copy=2&section=3", "?a=1&copy=2&section=3"),
        ("&unknown; &#0; & ;", "&unknown; � & ;"),
        ("&lt;p&gt;tekst&lt;/p&gt;", "tekst\n"),
        # BBCode, and comments of Markdown
        ("[b]a[/b] [code]b[/code] [url=https://x.example]c[/url] [code]", "a b c "),
        ("a [code] b [i]", "a [code] b [i]"),
        ("a\n[comment]: # (never shown)\nb", "a\n\nb"),
        # Markdown and WhatsApp
        ("*IBAN* _nu_ ~niet~ ```code``` `x` **vet** __ook__ ***beide*** ~~weg~~",
         "IBAN nu  code x vet ook beide "),  # what is struck through is said no more
        ("re*ken*ing *Let op:* (*BSN*)", "rekening Let op: (BSN)"),
        ("naam* en adres*", "naam* en adres*"),
        ("2*3*4 = 24, 5 * 3", "2*3*4 = 24, 5 * 3"),
        ("john_doe_x a_b", "john_doe_x a_b"),
        ("Naam: ____ Adres: __", "Naam: ____ Adres: __"),
        ("****1234", "****1234"),
        ("*one\n\ntwo*", "*one\n\ntwo*"),
        ("# Kop\n### Kop ###\n#tag", "Kop\nKop ###\n#tag"),
        ("> quote\n> > twice\n>none", "quote\ntwice\nnone"),
        ("* one\n• two\n  – three\n- four\n+ five", "- one\n- two\n  - three\n- four\n- five"),
        ("[here](https://x.nl/a_(b) \"t\") ![alt](a.png)", "here alt"),
        ("Hi ![Send us your PIN](a.png) there", "Hi \nSend us your PIN\n there"),
        ("your <ruby>PIN<rt>x</rt></ruby>", "your PIN x "),
        ("your \u202eNIP\u202c code", "your PIN code"),
        ("your <span style='unicode-bidi:bidi-override; direction:rtl'>NIP</span> code", "your PIN code"),
        # what is not shown in the middle of a sentence
        ("Please <i style='display:none'>never</i> send your I<i hidden>x</i>BAN", "Please never send your IxBAN"),
        ("Bye.<div style='display:none'>Hidden</div>Hi <b>you</b> <i hidden>all</i>", "Bye.\nHidden\nHi you all"),
        ("<b data-hidden=1>your</b> <b data-hidden=1>PIN</b> code, P<b/x>I</b/>N", "your PIN code, PIN"),
        ("I\0B\x08A\x7fN\x1fcode", "IBAN code"),
        ("your \u202eNIP", "your PIN"),
        ("your \u202eNIP\ncode \u202eNBA\u202eI", "your PIN\ncode ABNI"),
        ("```text\ninside\n```", "\ninside\n"),
        # Word's escapes
        ("line\\nnext\\r\\nlast\\ttab", "line\nnext\nlast\ttab"),
        ("C:\\new", "C:\\new"),
        ("\\*not\\* bold", "not bold"),
        # characters
        ("ｉｂａｎ ﬁnance №", "iban finance No"),
        ("re\u00adke\u200bning\u2060 \u202ex\u202c i\ufe0f", "rekening x i"),
        ("a\u00a0b\u202fc\u3000d", "a b c d"),
        ("l’adresse d‘un ‘x’", "l'adresse d'un 'x'"),
        ("cafe\u0301 e\u0301\u0302 b\u0336s\u0336n\u0336", "café é bsn"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("В\u0421N and ВSN, ІBАN, ΙΒΑN", "BCN and BSN, IBAN, IBAN"),
        ("Привет мир, Ελλάδα", "Привет мир, Ελλάδα"),
        ("𝐈𝐁𝐀𝐍 ⓘⓑⓐⓝ 🅸🅱🅰🅽 ɪʙᴀɴ", "IBAN iban IBAN iban"),
        ("1️⃣ Stuur 2⃣ *️⃣", "1. Stuur 2. *"),
        ("a📷b 👍🏽👍 👨‍👩‍👧 🇳🇱x", "a 📷 b 👍 👍 👨 🏳 x"),
        ("📷", "📷"),
        ("I B A N, B.S.N., E-M-A-I-L-adres", "IBAN, BSN., EMAIL-adres"),
        ("I&nbsp;B A N, I B&#160;A\u00a0N", "IBAN, IBAN"),
        ("A B, J.P. Morgan, A-B C", "A B, J.P. Morgan, A-B C"),
        ("*I* *B* *A* *N*", "IBAN"),
        ("…", "..."),
    ],
)  # fmt: skip
def test_plain(value: str, expected: str) -> None:
    assert shown(value) == expected


@pytest.mark.parametrize(
    ("value", "name", "family"),
    [
        ("{{ticket.requester.first_name}}", "ticket.requester.first_name", "mustache"),
        ("{{ x.y | default: 'z' }}", "x.y", "mustache"),
        ("{{1}}", "1", "mustache"),
        ("{{Order Number}}", "Order Number", "mustache"),
        ("@{{ name }}", "name", "mustache"),
        ("{{{Recipient.FirstName}}}", "Recipient.FirstName", "mustache"),
        ("{%customer.firstName,fallback=x%}", "customer.firstName", "helpscout"),
        ("#{ticket.customer.lastname}", "ticket.customer.lastname", "ruby"),
        ("%{recipient.name}", "recipient.name", "ruby"),
        ("{cpf}", "cpf", "brace"),
        ("{amount-of-money}", "amount-of-money", "brace"),
        ("{name:s}", "name", "brace"),
        ("{Topic.X}", "Topic.X", "brace"),
        ("{Concat(Topic.X, Global.Y)}", "Concat(Topic.X, Global.Y)", "brace"),
        ("{nombre del cliente}", "nombre del cliente", "brace"),
        ("{}", "", "brace"),
        ("[NOM]", "NOM", "bracket"),
        ("[PLATZHALTER 2]", "PLATZHALTER 2", "bracket"),
        ("[Votre nom]", "Votre nom", "bracket"),
        ("[visitor.name]", "visitor.name", "bracket"),
        ("[[sn.org.greeting]]", "sn.org.greeting", "brackets"),
        ("${form.x}", "form.x", "expression"),
        ("${Template(user.name)}", "Template(user.name)", "expression"),
        ("<? input.text > 3 ?>", "input.text > 3", "watson"),
        ("<attribute key=\"user.name\" default=\"there\"/>", "user.name", "intercom"),
        ("%name%", "name", "percent"),
        ("%filltext:name=your name%", "filltext:name=your name", "percent"),
        ("%(name)s", "name", "percent"),
        ("$name", "name", "dollar"),
        ("$session.params.last-name", "session.params.last-name", "dollar"),
        ("@contact.name", "contact.name", "rapidpro"),
        ("@(upper(contact.name))", "upper(contact.name)", "rapidpro"),
        ("{!Contact.FirstName}", "Contact.FirstName", "salesforce"),
        ("$|$", "", "cursor"),
        ("<naam klant>", "naam klant", "angle"),
        ("&lt;naam&gt;", "naam", "angle"),
    ],
)  # fmt: skip
def test_placeholders(value: str, name: str, family: str) -> None:
    found = plain(f"Beste {value}, dag")
    assert found.text == f"Beste {OBJECT}, dag"
    [placeholder] = found.placeholders
    assert (placeholder.name, placeholder.family) == (name, family)
    assert (placeholder.start, placeholder.end) == (6, 7)
    assert found.span(6, 7) == (6, 6 + len(value))


@pytest.mark.parametrize(
    "value",
    [
        "50% van 20%",
        "a@b.nl, @bedrijf",
        "$5 US$ 5",
        "[x] [ ] [zie boven] [1]",
        "{\"a\": \"b\"}",
        "{please send us your whole card number}",
        "a < b > c",
        "100%s",
        "{unclosed [open ${x",
        "{{never closed",
    ],
)  # fmt: skip
def test_no_placeholders(value: str) -> None:
    found = plain(value)
    assert found.text == value
    assert not found.placeholders


def test_escapes_of_placeholder_marks() -> None:
    assert plain("mail a@@b").text == "mail a@@b"
    assert plain("mail @@b").text == "mail @b"


def test_plain_markup_keeps_tags_and_entities() -> None:
    value = "<b>x</b> &amp; [a](b) {{name}} *y* <naam>"
    assert shown(value, "plain") == "<b>x</b> &amp; [a](b) □ y □"


def test_html_markup_joins_lines() -> None:
    assert shown("one\ntwo <b>x</b>\n\nthree", "html") == "one two x\n\nthree"


@pytest.mark.parametrize(
    ("value", "text", "written"),
    [
        ("Uw re<b>ken</b>ing graag", "rekening", "re<b>ken</b>ing"),
        ("<p>Uw <b>IBAN</b></p>", "IBAN", "IBAN"),
        ("Uw *IBAN* nu", "IBAN", "IBAN"),
        ("Uw *I B A N* nu", "IBAN", "I B A N"),
        ("caf&eacute; x", "café", "caf&eacute;"),
        ("un cafÃ© noir", "café", "cafÃ©"),
        ("re\u00adkening x", "rekening", "re\u00adkening"),
        ("1️⃣ Stuur", "1.", "1️⃣"),
        ("ﬁnance", "fi", "ﬁ"),
        ("see [my page](https://x.nl) now", "my page", "my page"),
        ("\\nUw IBAN", "Uw", "Uw"),
        ("{% if a %}Uw{% else %}Je{% endif %} IBAN", "Je IBAN", "Je{% endif %} IBAN"),
    ],
)
def test_places(value: str, text: str, written: str) -> None:
    assert places(value, text) == written


def test_links_know_their_address() -> None:
    value = "Ga *naar* <a class='x' href=\"https://x.nl/a?b&amp;c\">uw <b>pagina</b></a> of [hier](http://y.nl)"
    found = plain(value)
    assert [(found.text[link.start : link.end], link.url) for link in found.links] == [
        ("uw pagina", "https://x.nl/a?b&amp;c"),
        ("hier", "http://y.nl"),
    ]


def test_an_image_leads_nowhere() -> None:
    assert plain("Hello. ![Please send us your IBAN](x.png)").links == []


def test_placeholders_are_found_again_after_markup_around_them_is_gone() -> None:
    found = plain("<p>A {{one}} <img alt='{{gone}}'> *{two}* {{three}}</p>")
    assert [placeholder.name for placeholder in found.placeholders] == ["one", "two", "three"]
    assert all(found.text[placeholder.start] == OBJECT for placeholder in found.placeholders)


# Branches ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Hello", ["Hello"]),
        ("{{x}} *a*", ["□ a"]),
        ("{% if a %}Hi{% else %}Dear{% endif %} you", ["Hi you", "Dear you"]),
        ("A{% if a %} x{% endif %}.", ["A x.", "A."]),
        ("{%- if a -%}x{%- elsif b -%}y{%- endif -%}z", ["xz", "yz", "z"]),
        ("{% case a %} {% when 1 %}one{% when 2 %}two{% endcase %}!", ["one!", "two!"]),
        ("{% unless a %}x{% else %}y{% endunless %}", ["x", "y"]),
        ("{% for x in y %}item {{x}} {% endfor %}", ["item □ "]),
        ("Your code is $.Attributes.code.", ["Your code is □."]),
        ("$['Attributes']['code'] and $.Lex.Messages[0].content!", ["□ and □!"]),
        ("It costs $.50, or $ [a] 5", ["It costs $.50, or $ [a] 5"]),
        ("{{#sys.name#}}, never send us your PIN.{{#1.text#}} {{#$output.a#}}", ["□, never send us your PIN.□ □"]),
        ("Hi.{% for x in y %} Never send us your PIN here.{% endfor %}", ["Hi. Never send us your PIN here.", "Hi."]),
        ("{% for x in y %}{% if x %}Never send us a PIN.{% endif %}{% endfor %}", ["Never send us a PIN.", "", ""]),
        ("{{#each b}}Never send us a PIN here.{{/each}}!", ["Never send us a PIN here.!", "!"]),
        ("a {% capture x %}Never send us a PIN here.{% endcapture %}b", ["a b"]),
        ("{%- capture x -%}so long{%- endcapture -%}{% capture y %}{{ x }}{% endcapture %}b{{ z }}", ["\nso long\nb□"]),
        ("{% capture 'x' %}Never send us a PIN here.{% endcapture %}b {{ x }}", ["\nNever send us a PIN here.\nb □"]),
        ("a {% capture x %}never closed", ["a \nnever closed"]),
        ("a{% comment %}note{% endcomment %}b", ["ab"]),
        ("{{#if a}}x{{else}}y{{/if}} {{#each b}}z{{/each}}", ["x z", "y z"]),
        ("{{#name}}Hi {{name}}{{/name}}{{^name}}Hi{{/name}}", ["Hi □Hi", ""]),
        ("{Hi|Hello|Good {day|evening}} you", ["Hi you", "Hello you", "Good day you", "Good evening you"]),
        ("{n, plural, =0 {none} one {# day} other {# days}} left", ["none left", "□ day left", "□ days left"]),
        ("{g, select, male {his {n, plural, one {card} other {cards}}} other {their card}}",
         ["his card", "his cards", "their card"]),
        ("${data.edit ? 'Edit your account' : 'New account'}", ["Edit your account", "New account"]),
        ("$sys.func.IF(\"$a = 1\", \"Please enter it\", \"Please repeat it\") now",
         ["Please enter it now", "Please repeat it now"]),
        ('{!IF(ISPICKVAL(a.b, "Login"), "Please call us.", "We wait.")} x', ["Please call us. x", "We wait. x"]),
        ('Dear {!BLANKVALUE(a.b, "our customer")}', ["Dear □", "Dear our customer"]),
        ('{!TODAY()} {!if(a.b, "VIP", "customer")} {!a.b}', ["□ VIP □", "□ customer □"]),
        ("{!if(a = &quot;b&quot;, &quot;your dog&quot;, &quot;your cat&quot;)}", ["your dog", "your cat"]),
        ("{!! trans('your dog') !!}", ["□"]),
        (
            "{% if a %}{% if b %}1{% else %}2{% endif %}{% else %}3{% endif %}{x|y}",
            ["1x", "2x", "3x", "1y", "2y", "3y"],
        ),
        ("{{ 'We are at *@*.' | replace: '@', x }}", ["We are at @."]),
        ("{% if a %}never closed", ["never closed", ""]),
        ("{% endif %}{% else %}x", ["x"]),
        ("{{ x | default: 'a|b' }}", ["□"]),
        ("{\"a\": \"b|c\"}", ["{\"a\": \"b|c\"}"]),
    ],
)  # fmt: skip
def test_variants(value: str, expected: list[str]) -> None:
    assert [found.text.replace(OBJECT, "□") for found in variants(value)] == expected


def test_the_text_of_all_branches() -> None:
    assert plain("{% if a %}Hi{% else %}Dear{% endif %} you").text == "Hi Dear you"
    assert plain("{Hi|Hello} you").text == "Hi Hello you"


def test_no_branch_is_lost_when_there_are_too_many() -> None:
    value = "{" + "|".join(f"word{n}" for n in range(40)) + "}"
    found = variants(value)
    assert len(found) == 16
    assert all(f"word{n}" in " ".join(one.text for one in found).split() for n in range(40))


# Properties -------------------------------------------------------------------------------------------------

PIECES = [
    "*", "**", "_", "__", "~", "`", "```", "\n", "\n\n", " ", "a", "IBAN", "{", "}", "{{", "}}", "{{x}}", "{%", "%}",
    "{% if a %}", "{% else %}", "{% endif %}", "[", "]", "(", ")", "](", "[x](y)", "<b>", "</b>", "<p>", "<li>",
    "<br>", "<", ">", "# ", "&amp;", "&lt;", "&gt;", "&nbsp;", "&", "lt;", "#", "|", "{a|b}", "$", "$x", "@", "%",
    "%s", "\\n", "\\", "\\*", "1️⃣", "📷", "👍🏽", "I B A N", "A", "B", "-", ".", "\u200d", "\u200b", "’", "Ａ", "В", "ﬁ",
    "e\u0301", "\u0301", OBJECT, "'", '"', "<!--", "-->", "<script>", "</script>", "<naam>", "• ", "+ ", "/", "?",
    "<?", "?>", "[[", "]]", "[NAAM]", "{n, plural, one {a} other {b}}", "${", "#{", "%{", "^", "=", "\t", "\r\n",
    "\ufe0f", "\u20e3", "🇳", "if(", "'a b'",
]  # fmt: skip
pieces = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
modes = st.sampled_from(["auto", "plain", "html", "markdown"])


def check_places(found: Plain, length: int) -> None:
    assert len(found.offsets) == len(found.text) + 1
    assert found.offsets[len(found.text)] == length
    last = 0
    for number in range(len(found.text)):
        start, end = found.span(number, number + 1)
        assert last <= start <= end <= length
        last = start


@given(pieces, modes)
def test_places_are_in_order(value: str, markup: str) -> None:
    for found in (plain(value, markup), *variants(value, markup)):
        check_places(found, len(value))
        for placeholder in found.placeholders:
            assert found.text[placeholder.start : placeholder.end] == OBJECT
        assert len(found.placeholders) == found.text.count(OBJECT)


@given(pieces, modes)
def test_seeing_through_twice_changes_nothing(value: str, markup: str) -> None:
    once = plain(value, markup).text
    # Beside a "<" that is left over, a line that HTML has written would be one of its source, which is a blank.
    assert plain(once, "plain" if markup == "html" and "<" in once else markup).text == once


def test_seeing_through_twice_changes_nothing_over_many_texts() -> None:
    chance = random.Random(7)
    for _ in range(2000):
        value = "".join(chance.choices(PIECES, k=chance.randint(1, 14)))
        once = plain(value).text
        assert plain(once).text == once, value


@given(st.text(max_size=60), modes)
def test_any_text(value: str, markup: str) -> None:
    for found in (plain(value, markup), *variants(value, markup)):
        check_places(found, len(value))


@given(st.text(st.sampled_from("abc dé.,:;!?()'\"\n/=-ABXYZ0123456789€"), max_size=60))
def test_a_text_without_marks_is_itself(value: str) -> None:
    assume(not lost_edits(value))  # "c?A": a program that could not write "cíA"
    found = plain(value)
    if "A" not in value.upper():
        assert found.text == value
    assert [value[slice(*found.span(n, n + 1))] for n in range(len(found.text))] == list(found.text)


SENTENCE = (
    "Hello dear *customer*, <b>send</b> us {{name}} your caf&eacute; number.\n1️⃣ It’s for the refund of the "
    "order you placed last week at our shop, thanks. "
)
HOSTILE = [
    "<", "<a ", "<a '", '<a "', "<!--", "<script>", "&amp;", "&", "{", "{{", "{{x}}", "{%", "{% if a %}",
    "{% if a %}x{% else %}y", "{a|", "{a|b}", "{n, plural, one {", "[", "[[", "[x](", "![", "*", "**a ", "*a* ", "_a ",
    "`a ", "$", "${", "${a'", "$a.", "@(", "@contact.", "%", "%a:", "\\n", "\n* ", "> ", "> # ", "A ", "A B C ",
    "1️⃣", "📷", "аa", "ﬁ", "\u200d", "a\u0301", "a", "<naam>", "<?", "(", "if(", "{{#if x}}", "<li>", "<p>\n",
    OBJECT, "&amp;lt;", "$sys.func.IF(", "<é", "[A] ",
]  # fmt: skip


def seconds(value: str) -> float:
    start = time.process_time()
    plain(value)
    variants(value)
    return time.process_time() - start


def test_a_megabyte_of_text_takes_about_a_second() -> None:
    value = SENTENCE * (1_000_000 // len(SENTENCE))
    start = time.process_time()
    plain(value)
    assert time.process_time() - start < 3  # a second and less by itself; the bound leaves room for a busy machine


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    value = piece * (50_000 // len(piece))
    # A quadratic pass would take minutes; the bound leaves room for a busy machine.
    assert seconds(value) < 3


DENSE = [
    "[",
    "{{",
    "<",
    "&",
    "((",
    "%",
    "$",
    "#",
    "\u200b",
    "\xad",
    "\uff49",
    "\u0430",
    "\xa0",
    "\U0001f468\u200d\U0001f469\u200d",
    "\U0001f1f3\U0001f1f1",
    "\U0001f1ee\U0001f1e7",
    "<![CDATA[",
    "<![CDATA[a]]>",
]


@pytest.mark.parametrize("unit", DENSE, ids=ascii)
def test_a_dense_text_is_seen_through_in_good_time(unit: str) -> None:
    """A megabyte of what may begin something, or of unusual characters, one by one took up to six seconds."""
    text = (unit * (1_000_000 // len(unit.encode()) + 1)) + "Geef ons uw IBAN door."
    started = time.process_time()
    found, *_ = variants(text)
    assert time.process_time() - started < 2
    assert found.text.endswith("Geef ons uw IBAN door.")


ROWS = {
    "a\u200b\u200b\xadb": "ab",
    "\uff29\uff22\xe9\uff21\uff2e": "IB\xe9AN",
    "e\u200b\u0301": "\xe9",
    "\u1e01\u0301": "\u1e01",
    "a\U0001f600\U0001f601b": "a \U0001f600 \U0001f601 b",
    "\U0001f1f3\U0001f1f1\U0001f1f3": "NLN",
    "\U0001f1f3\U0001f1f1\U0001f1e7\U0001f1ea": "\U0001f3f3 \U0001f3f3",
    "\U0001f1f5\U0001f1ee\U0001f1f3": "PIN",
    "1\ufe0f\u20e3\u200b2": "1.2",
    "[[[[[a]]": "[[\ufffc",
    "{{{{{{a}}": "{{{{\ufffc",
    "a\r\u2028\x0bb": "a\n\n\nb",
}


@pytest.mark.parametrize("text", ROWS, ids=ascii)
def test_unusual_characters_in_a_row(text: str) -> None:
    assert plain(text, "plain").text == ROWS[text]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('<a href="x" title="Please &amp; do *call*">a</a>', [("Please & do call", "")]),
        ("<button aria-label='Please do call'>a</button>", [("Please do call", "")]),
        ('<img alt="A bike at night" title="Please do call">', [("Please do call", "")]),
        ('<input placeholder="Name"><p title="Name"><input type=hidden title="Please do call">', [("Name", "")]),
        ('<p data-title="Please do call" value="Please do call"><!-- <p title="Please do call"> -->', []),
        ("https://wa.me/316?text=My%20name%20is%3A+ and more", [("My name is: ", "whatsapp")]),
        ("[a](https://wa.me/316/?text=caf%C3%A9) b", [("café", "whatsapp")]),
        ('<a href="mailto:a@b.example?subject=A b&amp;body=c%0D%0Ad">', [("A b", "email"), ("c\nd", "email")]),
        ("sms:+316?&body=Hi", [("Hi", "sms")]),
        ("https://b.example/?text=My%20name", []),
    ],
)
def test_what_stands_beside_a_text(value: str, expected: list[tuple[str, str]]) -> None:
    assert [(one.plain.text, one.channel) for one in beside(value)] == expected


def test_what_stands_beside_a_text_has_its_places() -> None:
    value = "Call <https://wa.me/316?text=My%20name%20is%C3%A9> now"
    (found,) = beside(value)
    at = found.plain.text.index("name")
    assert value[slice(*found.plain.span(at, at + 4))] == "name"
    assert found.plain.offsets[-1] == value.index(">")


def test_what_stands_in_quotation_marks_keeps_its_place() -> None:
    assert places('"Please send us your IBAN."', "IBAN") == "IBAN"
    assert plain('"Please send us your IBAN."').span(0, 6) == (1, 7)
