"""Characters as a reader sees them: compatibility forms, invisible ones, emoji, look-alikes, ``I B A N``."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ..expressions import expression
from . import ACCENTED
from .traced import Edit, gone

_EMOJI = (
    "[\U0001f000-\U0001f0ff\U0001f18e\U0001f191-\U0001f251\U0001f300-\U0001f3fa\U0001f400-\U0001faff"
    "\u2600-\u27bf\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u231a\u231b\u23e9-\u23f3\u25b6\u25c0\u2934\u2935\u2139\u2328\u23cf]"
)
_EMOJI_TAIL = "[\ufe0f\ufe0e\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
_LATIN = "A-Za-zÀ-ÖØ-öø-ƿǍ-ɏḀ-ỿ"
_SAFE = " \n!-~€£¡¿«»“”„ÄÖÜäöüß" + ACCENTED + "\ufffc"
_UNUSUAL = expression(f"[^{_SAFE}]+")
_ALIKE = expression(r"-+|1(?:=*1)*|[?en]")
"""Characters in a row that become one edit, by their kinds: see ``_Kinds``."""
_EMOJI_SEQUENCE = expression(
    f"(?:[\U0001f1e6-\U0001f1ff]{{2}}|{_EMOJI}){_EMOJI_TAIL}*(?:\u200d{_EMOJI}{_EMOJI_TAIL}*)*"
)
_IN_SEQUENCES = expression(f"[\ufe0f\u20e3\u0300-\u036f\U0001f1e6-\U0001f1ff]|{_EMOJI}")
_ONE_EMOJI = expression(f"(?![\U0001f1e6-\U0001f1ff]){_EMOJI}")  # of the letters of flags two are one
_CIRCLED = {
    chr(first + number): str(number + 1)
    for first, count in ((0x2460, 20), (0x24F5, 10), (0x2776, 10), (0x2780, 10), (0x278A, 10))
    for number in range(count)
} | {chr(0x24EB + number): str(number + 11) for number in range(10)}
"""Numbers in circles: ① ❶ ➀ ➊ ⓵ ⓫."""
_FOOTNOTE = expression(r"(?<=[^\W\d_]{3})[¹²³⁰⁴-⁹]{1,2}(?!\w)")
_RAISED = expression(
    r"(?:(?<=[^\W\d_]{2})|(?<=>))<sup\b[^<>]{0,100}>(?:<a\b[^<>]{0,300}>)?[\[(]?(?:\d{1,2}|[*†‡]{1,3})[\])]?(?:</a>)?</sup>",
    re.IGNORECASE,
)
_NOTES = expression("[¹²³⁰⁴-⁹]")
_KEYCAP = expression("\ufe0f?\u20e3")
_COMBINING = expression("[\u0300-\u036f]{1,9}")
_LATIN_LETTER = expression(f"[{_LATIN}]")
_LINE_BREAKS = frozenset("\r\x0b\x0c\x85\u2028\u2029")
_INVISIBLE = frozenset(
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0\ufeff"
    + "".join(map(chr, [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]))
    + "".join(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0000, 0xE01F0), *range(0x1D173, 0x1D17B)]))
)
_APOSTROPHES = frozenset("’‘ʼ‛′´＇ʹˈ")
_SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇғꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdeffghijklmnoprstuvwyz", strict=True))
_NEGATIVE = {chr(0x1F170 + i): chr(65 + i) for i in range(26)} | {chr(0x1F150 + i): chr(65 + i) for i in range(26)}
_FLAG_LETTERS = {chr(0x1F1E6 + i): chr(65 + i) for i in range(26)}
"""Two make a flag, if there is such a one; others are shown as letters."""
_COUNTRIES = (
    "AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY "
    "BZ CA CC CD CF CG CH CI CK CL CM CN CO CP CQ CR CU CV CW CX CY CZ DE DG DJ DK DM DO DZ EA EC EE EG EH ER ES ET "
    "EU FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU IC ID IE IL IM "
    "IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF "
    "MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK "
    "PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC "
    "TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
)
"""Those that have a flag, by their codes."""
_FLAGS = frozenset(_COUNTRIES.split())
_FLAG = "\U0001f3f3"
_LIKE_LATIN = dict(
    zip("ıɩŋŊɑɡɛþÞƿɄʉ", "iinNagepPpUu", strict=True)
)  # whose names don't tell of which letter they are a kind
_KIND_OF_LATIN = expression(r"LATIN (SMALL|CAPITAL) LETTER ([A-Z]) WITH .+")
_FIXED = {
    **dict.fromkeys(_INVISIBLE, ""),
    **dict.fromkeys(_APOSTROPHES, "'"),
    **_SMALL_CAPITALS,
    **_NEGATIVE,
    **_LIKE_LATIN,
    "™": "", "℠": "",  # no letters of the name that they stand behind
    "‐": "-", "‑": "-", "‒": "-", "−": "-", "\t": "\t", "ſ": "s",
    # Marks of other scripts; no blank follows those of Chinese and Japanese.
    "。": ". ", "｡": ". ", "।": ".", "؟": "?", "؛": ";", "、": ", ",
}  # fmt: skip


def _work_out(character: str) -> str:
    if character in _FIXED:
        return _FIXED[character]
    category = unicodedata.category(character)
    if category == "Zs" or character in "\x1c\x1d\x1e\x1f\u2800":  # separators; a pattern of Braille without a dot
        return " "
    if category in ("Cc", "Cf", "Me"):  # what can't be seen, or stands around or over a letter
        return ""
    if character in "ºª":  # "nº" is an abbreviation of its own; as "no" it would deny
        return character
    plain = unicodedata.normalize("NFKC", character)
    # Free-standing accents come out as a blank and a combining mark.
    if plain.startswith(" ") and len(plain) > 1:
        return character
    return _without_stroke(plain) if plain == character else plain


def _without_stroke(character: str) -> str:
    """The letter of which one is a kind that Unicode doesn't take apart: with a hook, a tail, a stroke."""
    found = _KIND_OF_LATIN.fullmatch(unicodedata.name(character, ""))
    if found is None or unicodedata.decomposition(character):
        return character
    return found[2] if found[1] == "CAPITAL" else found[2].lower()


class _New(dict[int, str]):
    """For ``str.translate``: what an unusual character is written as, by its code."""

    def __missing__(self, code: int) -> str:
        new = self[code] = _work_out(chr(code))
        return new


class _Kinds(dict[int, str]):
    """For ``str.translate``: what becomes of an unusual character, by its code.

    "-": it goes, "=": it stays, "1": another one comes in its place, "n": a line end, "e": an emoji, "?": that takes a
    closer look.
    """

    def __missing__(self, code: int) -> str:
        character = chr(code)
        new = _NEW[code]
        kind = "-" if not new else "?" if len(new) > 1 else "=" if new == character else "1"
        if character in _LINE_BREAKS:
            kind = "n"
        elif character in _CIRCLED:
            kind = "?"
        elif _IN_SEQUENCES.match(character):
            kind = "e" if _ONE_EMOJI.match(character) else "?"
        self[code] = kind
        return kind


_NEW, _KINDS = _New(), _Kinds()


def footnote_edits(text: str, in_html: bool) -> list[Edit]:
    """The numbers of notes behind words go: "IBAN¹", or raised by HTML; those of areas stay ("m²")."""
    edits = gone(_FOOTNOTE, text) if _NOTES.search(text) else []
    return gone(_RAISED, text) if in_html and not edits and "sup" in text.lower() else edits


def character_edits(text: str) -> list[Edit]:
    """Unusual characters by usual ones; an emoji stands by itself, a keycap or number in a circle is one of a list.

    Those in a row of which the same becomes are one edit: a text may hold nothing else.
    """
    edits: list[Edit] = []
    at = 0
    for run in _UNUSUAL.finditer(text):
        begin = run.start()
        kinds = run[0].translate(_KINDS)
        alike = _ALIKE.search(kinds, max(at - begin, 0))  # what was looked at before may reach into this
        while alike is not None:
            start, end = begin + alike.start(), begin + alike.end()
            kind = kinds[alike.start()]
            if kind == "?":
                at = _closer_look(text, start, edits)
            elif kind == "n":
                at = start + 2 if text.startswith("\r\n", start) else end
                edits.append(Edit(start, at, "\n"))
            elif kind == "e":
                at = _emoji_alone(text, start, edits) or _closer_look(text, start, edits)
            else:
                edits.append(Edit(start, end, "" if kind == "-" else text[start:end].translate(_NEW)))
                at = end
            alike = _ALIKE.search(kinds, at - begin)
    return edits


def _emoji_alone(text: str, start: int, edits: list[Edit]) -> int:
    """The end of an emoji that a blank or another one follows, so that it is one character; 0 for others."""
    following = text[start + 1 : start + 2]
    if following != " " and not _ONE_EMOJI.match(following):
        return 0
    if start and not text[start - 1].isspace():
        edits.append(Edit(start, start + 1, " " + text[start]))
    return start + 1


def _closer_look(text: str, start: int, edits: list[Edit]) -> int:
    """The end of what an unusual character belongs to; what becomes of that goes to ``edits``."""
    edit = _sequence_edit(text, start)
    if edit is None:
        edit = Edit(start, start + 1, _NEW[ord(text[start])])
    # An edit may begin before the character that called for it, but not in the one before.
    if not (edits and edit.start < edits[-1].end) and text[edit.start : edit.end] != edit.new:
        edits.append(edit)
    return edit.end


_REVERSED = expression("\u202e(?P<inside>[^\u202c\u202e\n]+)(?:\u202c|(?=[\u202e\n])|\\Z)")
_REVERSED_IN_HTML = expression(
    r"<(?:(bdo)\b(?=[^<>]{0,200}\bdir\s?=\s?[\"']?rtl\b)"
    r"|([a-z]{1,10})\b(?=[^<>]{0,200}\b(?:bidi|isolate)-override\b)(?=[^<>]{0,200}\bdirection\s?:\s?rtl\b))"
    r"[^<>]{0,200}>(?P<inside>[^<>\n]{1,200})</(?:\1|\2)>",
    re.IGNORECASE,
)
REVERSERS = ("\u202e", "<bdo", "<BDO", "-override", "-OVERRIDE")
"""With one of which all begins that is read from its end."""


def reversed_edits(text: str) -> list[Edit]:
    """What stands between a right-to-left override and its end, or that of its line, is read from its end; so is an
    element of that kind."""
    if not any(reverser in text for reverser in REVERSERS):
        return []
    found = sorted(
        (match for kind in (_REVERSED, _REVERSED_IN_HTML) for match in kind.finditer(text)),
        key=lambda match: match.start(),
    )
    edits: list[Edit] = []
    for match in found:
        if not edits or match.start() >= edits[-1].end:
            edits.append(Edit(match.start(), match.end(), match["inside"][::-1]))
    return edits


_TURNED = dict(zip("ɐqɔpǝɟƃɓɥᴉıɾʞlɯuodbɹsʇnʌʍxʎz", "abcdefgghiijklmnopqrstuvwxyz", strict=True))
_ONLY_TURNED = "ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ"
_TURNED_WORD = rf"(?=[^\W_]{{0,30}}[{_ONLY_TURNED}])[{''.join(_TURNED)}]{{2,30}}(?![^\W_])"
_TURNED_WORDS = expression(rf"(?<![^\W_]){_TURNED_WORD}(?: {_TURNED_WORD}){{0,30}}")


def turned_edits(text: str) -> list[Edit]:
    """Words that are written upside down ("ǝpoɔ uᴉd"), by what they say once the page is turned."""
    if not any(letter in text for letter in _ONLY_TURNED):
        return []
    return [
        Edit(words.start(), words.end(), words[0][::-1].translate(_UPRIGHT)) for words in _TURNED_WORDS.finditer(text)
    ]


_UPRIGHT = str.maketrans(_TURNED)


def _sequence_edit(text: str, start: int) -> Edit | None:
    """What several characters mean together or beside others: keycaps, circled numbers, loose accents, emoji."""
    character = text[start]
    if character in "\ufe0f\u20e3":
        keycap = _KEYCAP.match(text, start)
        if keycap and start and text[start - 1] in "0123456789#*":
            before = text[start - 1]
            return Edit(start - 1, keycap.end(), f"{before}." if before.isdigit() else before)
        return None
    if character in _CIRCLED:
        return Edit(start, start + 1, _circled(text, start))
    if "\u0300" <= character <= "\u036f":
        marks = _COMBINING.match(text, start)
        if marks and start and _LATIN_LETTER.match(text, start - 1):
            return Edit(start - 1, marks.end(), _composed(text[start - 1 : marks.end()]))
        return None
    if character in _FLAG_LETTERS and (letters := _flag_letters(text, start)):
        return Edit(start, start + len(letters), letters)
    emoji = _EMOJI_SEQUENCE.match(text, start)
    return Edit(start, emoji.end(), _emoji(text, start, emoji.end())) if emoji else None


def _flag_letters(text: str, start: int) -> str:
    """What is shown of one or two letters of flags: themselves where they or those beside them make none, else ""."""
    letters = "".join(_FLAG_LETTERS.get(character, "") for character in text[start : start + 2])
    if letters not in _FLAGS:
        return letters
    first = start
    while first and start - first < _MOST_FLAGS and text[first - 1] in _FLAG_LETTERS:
        first -= 1
    run = _FLAG_RUN.match(text, first)
    beside = "".join(map(_FLAG_LETTERS.__getitem__, run[0])) if run else ""
    flags = all(beside[at : at + 2] in _FLAGS for at in range(0, len(beside), 2))
    return "" if flags else letters


_MOST_FLAGS = 40  # letters of flags in a row
_FLAG_RUN = expression(f"[\U0001f1e6-\U0001f1ff]{{1,{_MOST_FLAGS}}}")


def _circled(text: str, start: int) -> str:
    """A number in a circle: the mark of an item where a word or a blank follows, else the number."""
    number = _CIRCLED[text[start]]
    following = text[start + 1 : start + 2]
    if (start and not text[start - 1].isspace()) or not (following == " " or following.isalpha()):
        return number
    return f"{number}." if following == " " else f"{number}. "


@lru_cache(maxsize=4096)
def _composed(letter: str) -> str:
    """A letter with loose accents as one; marks that make no letter of any language with it only hide it."""
    whole = unicodedata.normalize("NFC", letter)
    return "".join(c for c in whole if not unicodedata.combining(c) and c not in _INVISIBLE) or whole


def _emoji(text: str, start: int, end: int) -> str:
    new = _FLAG if text[start] in _FLAG_LETTERS else text[start]
    if start and not text[start - 1].isspace():
        new = " " + new
    # The next one of a row brings its own blank.
    if end < len(text) and not text[end].isspace() and not _EMOJI_SEQUENCE.match(text, end):
        new += " "
    return new


_PASS_FOR = (
    ("АВЕЅІЈКМНОРСТУХаеорсухіѕјԁһӏԛԝѵ", "ABESIJKMHOPCTYXaeopcyxisjdhlqwv"),  # Cyrillic
    ("ИиЯяШшЦцЬьПпГгтмвкнЗзєёүў", "NnRrWwUuBbNnrrtmbkhEeeeyy"),  # Cyrillic, only drawn alike
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧανοικρυχγτωεηςάέήίόύώ", "ABEZHIKMNOPTYXavoikpuxytwencaeniouw"),  # Greek
    ("ΛΔΣΘΠβσμπθδλ", "AAEONbounoda"),  # Greek, only drawn alike
    ("ՏՕԼՍօսոռհցզքյ", "SOLUounnhgqpj"),  # Armenian
    ("ᏆᎪᏴᏟᎠᎬᏀᎻᎫᏦᏞᎷᏢᏒᎡᏚᎢᏙᎳᏔᏃᎥ", "IABCDEGHJKLMPRRSTVWWZi"),  # Cherokee
    ("ꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ", "BPDTGKJCZFMNLSRVHWXYAEIOU"),  # Lisu
    ("ДБЩЧЖҜЄҳєώ∂ℓᎶ", "ABWYXKExewdlG"),  # Cyrillic, Greek and signs, of "fancy" letters
    ("ⲀⲂⲈⲌⲎⲒⲔⲘⲚⲞⲢⲤⲦⲨⲬⲁⲃⲉⲏⲓⲕⲙⲛⲟⲣⲥⲧⲩⲭ", "ABEZHIKMNOPCTYXaBeHikmNopcTyx"),  # Coptic
    ("ᗩᗷᑕᗪᖴᕼᒍᒪᗰᑎᑭᑫᖇᔕᑌᐯᗯ᙭ᘔ", "ABCDFHJLMNPQRSUVWXZ"),  # syllables of Canada
    ("卂乃匚乇千卄丨ﾌフㄥ爪几ㄖ卩尺丂ㄒㄩ山乂ㄚ乙", "ABCEFHIJJLMNOPRSTUWXYZ"),  # Chinese and Japanese
    ("ค๒ς๔ђเןкɭ๓ภ๏קợгรՇยשฬאץչ", "abcdhijklmnopqrstuvwxyz"),  # Thai and Hebrew
    ("₳฿₵₣₲₭₥₦₱₴₮₩", "ABCFGKMNPSTW"),  # signs of currencies
    ("ልጌርዕቿቻኗዘጎጋጕረጠክዐየዒዪነፕሁሀሠሸሃጊ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),  # Ethiopic
    ("℘ཞ۷ῳყც", "prvwyb"),
)
_LOOK_ALIKES = {one: other for ones, others in _PASS_FOR for one, other in zip(ones, others, strict=True)}
# Small Cherokee letters are the large ones, drawn smaller.
_LOOK_ALIKES.update({one.lower(): other for one, other in _LOOK_ALIKES.items() if "\u13a0" <= one <= "\u13f5"})
_SIGNS = "".join(one for one in _LOOK_ALIKES if not one.isalpha())
_OTHER_SCRIPT = expression(
    "[\u0370-\u03ff\u0400-\u052f\u0531-\u0588\u05d0-\u05ea\u0e01-\u0e4e\u10d0-\u10ff\u1200-\u135a\u13a0-\u13fd"
    rf"\u1401-\u167f\u2c80-\u2ce3\u30a1-\u30fa\u3105-\u312f\u4e00-\u9fff\ua4d0-\ua4f7\uab70-\uabbf{_SIGNS}ཞ]"
)
_WORD = expression(rf"(?:[^\W\d_][\u0300-\u036f]{{0,3}}|[{_SIGNS}])+")  # with loose accents


def look_alike_edits(text: str) -> list[Edit]:
    """Letters of other scripts in a word that otherwise is Latin, by the Latin letters they pass for."""
    if not _OTHER_SCRIPT.search(text):
        return []
    edits: list[Edit] = []
    words = [word for word in _WORD.finditer(text) if _OTHER_SCRIPT.search(word[0])]
    others = [word for word in words if not _LATIN_LETTER.search(word[0])]
    mixed = words
    if others:
        mixed = [word for word in words if _LATIN_LETTER.search(word[0])]
        if len(words) * 2 < len(_WORD.findall(text)) and all(map(_is_look_alike, filter(_is_long, others))):
            # Words that are all look-alikes, among Latin ones: unless others show that they are of their own language.
            # A short one is where others are seen through.
            taken = _is_look_alike if mixed or any(map(_is_long, others)) else _is_long
            mixed = [word for word in words if _LATIN_LETTER.search(word[0]) or taken(word)]
    for word in mixed:
        new = "".join(_LOOK_ALIKES.get(character, character) for character in word[0])
        if not _OTHER_SCRIPT.search(new):
            edits.append(Edit(word.start(), word.end(), new))
    return edits


def _is_long(word: re.Match[str]) -> bool:
    return len(word[0]) > 2


def _is_look_alike(word: re.Match[str]) -> bool:
    return all(character in _LOOK_ALIKES or "\u0300" <= character <= "\u036f" for character in word[0])


SPACED = expression(r"(?<![^\W_])[A-ZÀ-ÖØ-Þ](?:[ \xa0.\-·_/|][A-ZÀ-ÖØ-Þ]){2,}(?![^\W_])")


def spaced_edits(text: str) -> list[Edit]:
    """``I B A N`` and ``B.S.N`` are words; a dot after the last letter stays, it may end the sentence."""
    edits: list[Edit] = []
    for word in SPACED.finditer(text):
        separators = set(word[0][1::2].replace("\xa0", " "))
        if len(separators) == 1:
            edits += [Edit(at, at + 1, "") for at in range(word.start() + 1, word.end(), 2)]
    return edits
