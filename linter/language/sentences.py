"""A text's tags cut into sentences, list items and headers, and the documents in them put together with copy words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from .lexicon import DATA, Unit
from .pronouns import HELD, IT
from .tokens import Token, begins_sentence

_ENDS = ".!?"
_WRONG = "6"
_END_OF_LABEL = [")", ":"]
_ENDS_OR_COLON = frozenset(".!?:")
_LONGEST_TITLE = 14  # units
_WANTING = frozenset("GAN")
"""What a sentence has before a quotation mark if the customer is to give what is quoted, not a title."""
_ELIDING = ("'", "’", "&")  # "They don't." ends a sentence, "the B&B." too, "J. Smith" doesn't
_OPENING = "wypGCANWiVst_&"
"""Tags of what begins a sentence behind an abbreviated datum: "I've got the DOB. That leaves the number"."""
_PRONOUNS = "wyu"  # one letter and a stop is a word and its end: "Wij helpen u. Stuur …", "So do I. Send …"
_VALUES = "9@"  # a number, an address
_VALUE = re.compile(r"[&(]*([9@])|x(9)9*\Z")
"""What stands below a label and fills it in: with "+" for a number abroad, or letters that begin an account's."""
_LONGEST = 120  # units; a longer stretch without a stop is cut, so that reading stays linear
_LABEL = 3  # units; a line of so few may be a label without a colon: a mark and two words
_GIVE, _OR, _NUMBER = "G|#"
_JOINING = _OR + "("
_COORDINATING = "&|"
_ANEW = re.compile(r"[DdPQ][^DdPQ]*&[^DdPQ]*[LcG][^DdPQ]*:\Z")
"""What stands behind the colon fills in no datum: "send us your IBAN and see our terms: …"."""
_ASIDE = re.compile(r"[DdPQ][^DdPQ]*,[^DdPQp]{2}[^DdPQ]*:\Z")
"""An address behind the colon is that of something else: "send us your IBAN, more information: https://…"."""
_LETTERS = "abcdefgh"
_ORDINAL = "1"
"""Among the abbreviations of a language whose ordinals have a stop: "am 1. März", "am 12.05."."""
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")
_MARK = re.compile(
    r"(?:[(\[](?:\d{1,2}|[A-Za-z]|[ivxIVX]{2,4})[)\]]|\#?\d{1,2}(?:\.\)|[:)])|\#\d{1,2}\.?"
    r"|\d{1,2}(?:/|[ ]?[-–—]|[º°]\)?)|[ivx]{2,4}[.)]|»)[ \t]{1,8}(?=[^\W\d_]|[^\w\n]{0,3}\ufffc)"
)
"""How an item begins, beside the marks that are one sign: (1) your name, #1 your name, 1.) your name, 1- {name}."""
_STEP_WORDS = "x_O"
"""Tags of what is numbered in the label of a line: step, question, stage."""
_TICKS, _BLANK = "✓✗", "="
_NO_NAMES = "GANMCuHpw"
"""What no tick stands behind: a verb of giving, "to us", "please"."""
_FIRST_MARKS = frozenset("1ai")
_BETWEEN_STEPS = ",;&|"
_PLEASE = "p"
_BETWEEN_BLANKS = ",;."
_IF_SO = ("i,", "i_,", "_i,")
"""What a question mark at the head of a clause does not cut off: "Si es así, ¿cuál es el nuevo?"."""
_BEFORE_LIST = "/:.?!,;~"
_PLACES = ("@", "E")  # an address, the words of a link
_ONLY_SAYING = re.compile(r"(?=[^GN]*[GN])[^DdPQWOinvq?!.]{1,8}(?:(?<=[gH])\.)?\Z")
"""A short line that tells to give, but not what, and in which nothing is asked or left to choose."""
_BARE_LABEL = re.compile(r"[_rx]{0,2}[DdP][_x]?[/.]?\Z")
_WE_SEND = re.compile(r"(?:[2&_]?w[_yC]{0,2})?V")
"""What we do with it, which fills in no field: "enter your e-mail: we'll send you a code"."""
_TO_FILL_IN = re.compile(r"\([_p]?(?:G[_uyr]{0,2}H?|H)\)[.]?\Z")
"""Brackets that are to be written over: "IBAN: [type here]" is an empty field."""
_LONG_LINE = 9  # a line of more units than this after a list is no item of it


TO_FILL = ":="
"""Ends of a label, which is filled in where it stands."""
WORDS = "words"
"""Under which the words of a part are in its memo."""
REFERRING = "referring"
"""Under which the tags of a part with its pronouns are in its memo; "" if it has none."""
_REFERS = frozenset((IT, HELD))


class Part(NamedTuple):
    """A sentence, line or list item as it reads by itself.

    ``tags`` is the string that the constructions are looked for in, one character a unit; ``units`` are the units
    behind it, by their places in ``tokens``. ``item`` says that it began with a bullet, ``colon`` that it ends with a
    colon, ``line`` that a line end came before it. ``memo`` holds what was worked out about it before.
    ``clause``: its sentence has begun in the part before.
    """

    tokens: list[Token]
    units: list[Unit]
    tags: str
    item: bool
    colon: bool
    line: bool
    memo: dict[Any, Any]
    clause: bool = False


@dataclass(slots=True)
class Sentence:
    """A part in its place in a text.

    ``at`` is where the text of its tokens begins, ``spans`` are the constructions in it. ``header`` is the index of the
    sentence that introduces this one ("We need:"), -1 if none. ``filled`` is the first tag of what stands behind its
    colon in the same line ("Code: 1234"), or of a number or an address in the line below, "" if nothing does.
    """

    part: Part
    at: int
    tags: str
    units: list[Unit]
    spans: list[tuple[str, int, int]]
    header: int = -1
    filled: str = ""

    @property
    def tokens(self) -> list[Token]:
        return self.part.tokens

    @property
    def refers(self) -> bool:
        """Whether a pronoun in it stands for what was named before."""
        return not _REFERS.isdisjoint(self.part.memo[REFERRING])

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where the units from ``first`` to before ``last`` stand in the text."""
        tokens, units = self.part.tokens, self.units
        return self.at + tokens[units[first].first].start, self.at + tokens[units[last - 1].last - 1].end

    def said(self, place: int) -> list[str]:
        """The words of the unit at a place."""
        unit = self.units[place]
        return [token.norm for token in self.part.tokens[unit.first : unit.last]]

    def data(self) -> list[int]:
        """The places of its data."""
        return [place for place, tag in enumerate(self.tags) if tag in DATA]

    def words(self) -> list[str]:
        """All that was said, marks included."""
        return [token.norm for token in self.part.tokens[self.units[0].first : self.units[-1].last]]


def alone(part: Part) -> Sentence:
    """A part as a sentence by itself, at the beginning of a text."""
    return Sentence(part, 0, part.tags, part.units, [])


def words_of(tokens: list[Token]) -> list[str]:
    """The words among tokens in the order of the alphabet, each once."""
    return sorted({token.norm for token in tokens if token.tag == "x"})


def joined(tokens: list[Token], text: str, abbreviations: frozenset[str]) -> list[Token]:
    """The tokens without what stands inside a word or name: the stop in "cod. fiscale", the ending in "né(e)".

    So an entry of the lexicon meets the text whether or not it was written with them.
    """
    if "." not in text and "(" not in text and "·" not in text:
        return tokens
    kept: list[Token] = []
    index, count = 0, len(tokens)
    while index < count:
        token = tokens[index]
        before = tokens[index - 1] if index else None
        if before is not None and before.end == token.start and before.tag == "x":
            if token.tag == "." and _goes_on(tokens, index, text, before.norm in abbreviations):
                index += 1
                continue
            ending = _ending(tokens, index)
            if ending:
                index += ending
                continue
        kept.append(token)
        index += 1
    return kept


def _goes_on(tokens: list[Token], index: int, text: str, abbreviated: bool) -> bool:
    """Whether a word in small letters, a number or a colon follows: the sentence has not ended."""
    if index + 1 == len(tokens) or tokens[index].norm != ".":
        return False
    following = tokens[index + 1].tag
    if following in ":=":
        return True
    if not abbreviated or following not in "x9":
        return False
    first = text[tokens[index + 1].start]
    return first.islower() or first.isdigit()


def _ending(tokens: list[Token], index: int) -> int:
    """How many tokens make a second ending of the word before: 3 in "né(e)", 2 in "inscrit·e", else 0."""
    following = tokens[index + 1 : index + 3]
    mark = tokens[index]
    if not following or mark.end != following[0].start or following[0].tag != "x" or len(following[0].norm) > 3:
        return 0
    if mark.norm == "·":  # behind one letter it is a word spelt out
        return 2 if len(tokens[index - 1].norm) > 1 else 0
    closes = len(following) == 2 and following[1].norm == ")" and following[0].end == following[1].start
    return 3 if mark.norm == "(" and closes else 0


def merged(units: list[Unit]) -> list[Unit]:
    """The units with "send or upload" as one giving, "citizen service number (BSN)" as one datum.

    What holds for one of two verbs holds for both, and what is said of a datum is said of its other name.
    """
    if not any(unit.tag in _JOINING for unit in units):
        return units
    kept: list[Unit] = []
    for unit in units:
        if unit.tag == _GIVE and len(kept) > 1 and kept[-1].tag == _OR and kept[-2].tag == _GIVE:
            kept.pop()
            kept[-1] = kept[-1]._replace(last=unit.last)
        elif unit.tag == ")" and len(kept) > 2 and _is_other_name(*kept[-3:]):
            del kept[-2:]
        else:
            kept.append(unit)
    return kept


def _is_other_name(datum: Unit, bracket: Unit, other: Unit) -> bool:
    """Whether a datum in brackets is the one that stands before them."""
    return bracket.tag == "(" and datum.tag in DATA and other.tag in DATA and datum.data[:1] == other.data[:1]


def numbered(units: list[Unit], tokens: list[Token], text: str) -> list[Unit]:
    """The units with "n°" as a number's name: "n" alone denies in French ("n'est")."""
    if "°" not in text:
        return units
    return [
        unit._replace(tag=_NUMBER) if unit.tag == "n" and _is_abbreviated(tokens[unit.last - 1], text) else unit
        for unit in units
    ]


def tags_of(units: list[Unit]) -> str:
    """The tags of a sentence's units as constructions know them: a "!" is read as a full stop."""
    return "".join([unit.tag for unit in units]).replace("!", ".")


def _is_abbreviated(token: Token, text: str) -> bool:
    return token.norm == "n" and text[token.end : token.end + 1] == "°"


def split(
    units: list[Unit], tokens: list[Token], text: str, abbreviations: frozenset[str], fresh_line: bool = True
) -> list[Part]:
    """The sentences of a tagged text in order; ``fresh_line`` says whether a line begins with it."""
    parts: list[Part] = []
    current: list[Unit] = []
    starts_line = fresh_line
    count = len(units)
    steps = _steps(units, tokens)
    titles = _titles(units, tokens, text)
    leads = False  # ticks stand before what they mark: "Send us ✅ your IBAN ✅ your size"

    def close(colon: bool = False) -> None:
        nonlocal current, starts_line
        if current:
            item = current[0].tag == "^"
            parts.append(Part(tokens, current, tags_of(current), item, colon, starts_line, {}))
        current = []
        starts_line = fresh_line

    index = 0
    while index < count:
        unit = units[index]
        tag = unit.tag
        if tag == "/":
            fresh_line = True
            close(bool(current) and current[-1].tag == ":")
            index += 1
            continue
        if fresh_line:
            fresh_line = False
            starts_line = True
            leads = False
            bullet = _marked(units, tokens, index, text) or _bullet(units, tokens, index)
            if bullet:
                current.append(Unit("^", unit.first, units[index + bullet - 1].last, ()))
                index += bullet
                continue
        if index in steps:
            while len(current) > 1 and current[-1].tag in _BETWEEN_STEPS:
                current.pop()
            close(bool(current) and current[-1].tag == ":")
            current.append(Unit("^", unit.first, units[steps[index] - 1].last, ()))
            index = steps[index]
            continue
        if tag in "¿¡":
            if current and not _opens(current[-1], unit, tokens) and "".join([u.tag for u in current]) not in _IF_SO:
                close()
            index += 1
            continue
        if len(current) >= _LONGEST:
            close()
        if tag in _TICKS and len(current) > 1 and (leads or current[-1].tag in _NO_NAMES):
            leads = True
            unit = unit._replace(tag="+")
            tag = "+"
        if tag == ":" and current and index + 1 < count and units[index + 1].tag in _TICKS:
            index += 1  # "IBAN: ❌" is "IBAN ❌"
            continue
        if index in titles and _WANTING.isdisjoint([u.tag for u in current[: titles[index] - index]]):
            index += 1
            continue
        current.append(unit)
        index += 1
        if tag == _BLANK and _is_filled_in(current, units[index : index + 1]):
            close()  # "Name: ____, IBAN: ____"
            while index < count and units[index].tag in _BETWEEN_BLANKS:
                index += 1
            continue
        if tag in _ENDS:
            if [one.tag for one in units[index : index + 2]] == _END_OF_LABEL:
                current.pop()  # "Tax number (not the customer number!):"
                continue
            pronoun = len(current) > 1 and (current[-2].tag in _PRONOUNS or _ends_in_letter(current[-2], tokens, text))
            named = len(current) > 1 and current[-2].tag in DATA
            behind = units[index : index + 1]
            ended = pronoun or (named and _begins_anew(behind, tokens, text))
            ended = ended or (len(current) > 1 and current[-2].tag == _PLEASE and _begins_big(behind, tokens, text))
            if tag == "." and not ended and _no_end(unit, tokens, text, abbreviations):
                current.pop()
                continue
            while index < count and units[index].tag in ".!?'":
                if units[index].tag in _ENDS:
                    current.append(units[index])
                index += 1
            close()
        elif tag == ":" and _colon_ends(current, tokens, abbreviations):
            close(True)
        elif tag == "+" and (len(current) > 4 or (len(current) > 1 and current[-2].tag == _WRONG)):
            # An emoji between two sentences stands for a full stop, one inside a short phrase or behind "and" does not.
            following = tokens[units[index].first] if index < count else None
            if current[-2].tag not in _COORDINATING and (following is None or following.tag == "x"):
                close()
    close()
    return parts


def _opens(before: Unit, mark: Unit, tokens: list[Token]) -> bool:
    """Whether what stands before "¿" begins the sentence with it: an item's mark, a quotation mark that opens."""
    quotes = before.tag == "'" and tokens[before.last - 1].end == tokens[mark.first].start
    return before.tag == "^" or quotes


def _titles(units: list[Unit], tokens: list[Token], text: str) -> dict[int, int]:
    """The stops and colons of titles in quotation marks, each with the place of the mark before the title.

    The sentence goes on behind a title: our course "Which faith believes what?" starts in May.
    """
    found: dict[int, int] = {}
    if [unit.tag for unit in units].count("'") < 2:
        return found
    opened = -1
    for index, unit in enumerate(units):
        if unit.tag == "/":
            opened = -1
        elif unit.tag == "'":
            first, last = tokens[unit.first], tokens[unit.last - 1]
            if opened >= 0 and index - opened <= _LONGEST_TITLE and _goes_on_small(text, last.end):
                found.update({at: opened for at in range(opened + 1, index) if units[at].tag in _ENDS_OR_COLON})
            touches = index + 1 < len(units) and tokens[units[index + 1].first].start == last.end
            opens = text[first.start] == "«" or (touches and not text[first.start - 1 : first.start].isalnum())
            opened = index if opens and opened < 0 else -1
    return found


def _goes_on_small(text: str, end: int) -> bool:
    """Whether a word in small letters follows behind a blank."""
    return text[end : end + 1] == " " and text[end + 1 : end + 2].islower()


def _is_filled_in(current: list[Unit], following: list[Unit]) -> bool:
    """Whether a blank ends what it is for: alone or behind a colon, and no name in brackets behind it."""
    named = bool(following) and following[0].tag == "("
    return not named and (len(current) == 1 or current[-2].tag == ":")


def _bullet(units: list[Unit], tokens: list[Token], index: int) -> int:
    """How many units at the start of a line make a list mark: '-', '•', '1.', 'a)', '2️⃣', 'Step 1:'."""
    unit = units[index]
    if unit.tag in "^~":
        return 1
    if unit.tag == "+" and index + 1 < len(units) and units[index + 1].tag not in "/+":
        return 1
    first = tokens[unit.first]
    if index + 1 < len(units) and (unit.tag == "9" or (len(first.norm) == 1 and unit.tag in "x_")):
        following = units[index + 1]
        close = tokens[following.first]
        if following.tag in ".)" and close.start == first.end and len(first.norm) <= 2:
            return 2
    return 3 if _is_step_label(units[index : index + 4], tokens) else 0


def _is_step_label(units: list[Unit], tokens: list[Token]) -> bool:
    """Whether a line begins with "Step 1:" and goes on, with what is done and not with a datum: "Step 1: passport" is a
    title."""
    if len(units) < 4 or units[1].tag != "9" or units[2].tag != ":" or units[0].tag not in _STEP_WORDS:
        return False
    if units[3].tag in DATA:
        return False
    named, number, after = (tokens[unit.first] for unit in (units[0], units[1], units[3]))
    return named.norm.isalpha() and len(named.norm) > 2 and len(number.norm) <= 2 and after.norm[:1].isalpha()


def _marked(units: list[Unit], tokens: list[Token], index: int, text: str) -> int:
    """How many units at the start of a line make a mark of ``_MARK``: "(1)", "1.)", "1 -"; 0 if none do."""
    mark = _MARK.match(text, tokens[units[index].first].start)
    if mark is None:
        return 0
    end = index
    while end < len(units) and tokens[units[end].last - 1].end <= mark.end():
        end += 1
    return end - index if end < len(units) and tokens[units[end].first].start >= mark.end() else 0


def _steps(units: list[Unit], tokens: list[Token]) -> dict[int, int]:
    """Where the marks of lists that stand in one line begin and end: "Still missing: 1. your IBAN 2. your size"."""
    found: dict[int, int] = {}
    if _FIRST_MARKS.isdisjoint([token.norm for token in tokens]):
        return found
    marks: dict[int, int] = {}  # of a list that has begun; one mark makes none
    for index, unit in enumerate(units):
        if unit.tag == "/":
            marks = {}
        elif marks and (end := _step(units, tokens, index, len(marks) + 1)):
            marks[index] = end
            found.update(marks)
        elif _may_begin(units, index) and (end := _step(units, tokens, index, 1)):
            marks = {index: end}
    return found


def _step(units: list[Unit], tokens: list[Token], index: int, number: int) -> int:
    """Where a mark ends that begins at a unit and has a number: "2.", "2)", "(2)", "b)"; 0 if there is none."""
    inner = index + (units[index].tag == "(")
    if inner + 2 >= len(units) or number > len(_LETTERS):
        return 0
    said, closing = tokens[units[inner].first], tokens[units[inner + 1].first]
    marks = ")" if inner > index or said.norm.isalpha() else ").:|"
    names = (str(number), _LETTERS[number - 1], _ROMAN[number - 1])
    if closing.tag not in marks or closing.start != said.end or said.norm not in names:
        return 0
    end = inner + 2
    if closing.tag == "." and units[end].tag == ")" and end + 1 < len(units):
        end += 1  # "1.)"
    return end if tokens[units[end].first].start > tokens[units[end - 1].first].end else 0


def _may_begin(units: list[Unit], index: int) -> bool:
    """Whether a list may begin at a unit: behind a mark, where a line begins, or by a bracket: "send a) your name".

    In "section 1. Send" none does.
    """
    if index == 0 or units[index - 1].tag in _BEFORE_LIST:
        return True
    return units[index - 1].tag != "(" and index + 1 < len(units) and units[index + 1].tag == ")"


def _begins_anew(following: list[Unit], tokens: list[Token], text: str) -> bool:
    """Whether what stands behind a stop is the first word of a sentence, and none that goes on a name: "Tel. Nr."."""
    return bool(following) and following[0].tag in _OPENING and _begins_big(following, tokens, text)


def _begins_big(following: list[Unit], tokens: list[Token], text: str) -> bool:
    """Whether what stands behind a stop begins with a capital: behind "aub." no name does."""
    return bool(following) and text[tokens[following[0].first].start].isupper()


def _ends_in_letter(unit: Unit, tokens: list[Token], text: str) -> bool:
    """Whether a phrase of the lexicon ends in a word of one small letter: "Dank u." """
    last = tokens[unit.last - 1]
    if unit.last - unit.first < 2 or len(last.norm) > 1 or not text[last.start].islower():
        return False
    return text[last.start - 1].isspace() and text[last.start - 2] != "."


def _no_end(unit: Unit, tokens: list[Token], text: str, abbreviations: frozenset[str]) -> bool:
    at = unit.first
    stop = tokens[at]
    if stop.norm == "…" or at == 0:
        return False
    before = tokens[at - 1]
    touching = before.end == stop.start
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if touching and following is not None and following.tag != "/":
        if before.norm in abbreviations:
            return True
        of_code = at > 1 and tokens[at - 2].tag == "9"  # "like QQ 12 34 56 C. Please …"
        elided = text[before.start - 1 : before.start] in _ELIDING
        if len(before.norm) == 1 and before.tag == "x" and not (of_code or elided):
            return True
    if _ORDINAL in abbreviations and _is_day(tokens, at, text):
        return True
    if following is None or following.start != stop.end or following.tag not in "x9":
        return False
    return len(before.norm) == 1 or not begins_sentence(text[following.start : following.end])


def _is_day(tokens: list[Token], at: int, text: str) -> bool:
    """Whether a stop is the second of a date, "am 12.05. haben wir": which numbers they are is not seen here."""
    if at < 3 or at + 1 >= len(tokens) or tokens[at + 1].tag != "x":
        return False
    day, stop, month = tokens[at - 3 : at]
    short = day.tag == month.tag == "9" and len(day.norm) <= 2 and len(month.norm) <= 2
    touching = stop.tag == "." and day.end == stop.start and stop.end == month.start and month.end == tokens[at].start
    return short and touching and text[tokens[at + 1].start].islower()


def _colon_ends(current: list[Unit], tokens: list[Token], abbreviations: frozenset[str]) -> bool:
    """Whether the colon that is the last of some units ends a sentence."""
    at = current[-1].first
    is_short = len(current) > 2 and current[-3].tag == "(" and tokens[at - 1].norm in abbreviations
    if is_short and current[-2].tag not in DATA:
        return False  # "(ex: your name)", "(e.g.: …)", but "(DOB: …"
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is not None and following.tag == _BLANK:
        return False
    if following is None or following.start > tokens[at].end or following.tag == "/":
        return True
    before = tokens[at - 1] if at else None
    return following.tag in _VALUES and before is not None and before.tag == "x"  # "Phone:555 0100" is no time of day


def _filled(sentence: Sentence, following: Sentence) -> str:
    """The first tag of what fills in a label: what follows in its line, or a number or an address in the next one."""
    part = sentence.part
    if (
        part.colon
        and not (following.part.line or following.part.item)
        and not _is_of_another(sentence.tags, following.tags)
    ):
        return "" if _TO_FILL_IN.match(following.tags) else following.tags[0]
    is_label = part.colon or (part.line and len(sentence.tags) <= _LABEL and not DATA.isdisjoint(sentence.tags))
    value = _VALUE.match(following.tags)
    return (value[1] or value[2]) if is_label and value is not None and following.part.line else ""


def _is_of_another(tags: str, behind: str) -> bool:
    """Whether what stands behind the colon of a sentence belongs to a clause without a datum, or is what we do."""
    if _ANEW.search(tags) or (behind[0] in _PLACES and _ASIDE.search(tags)):
        return True
    return "G" in tags and _WE_SEND.match(behind) is not None


def _leads_to_label(sentence: Sentence, following: Sentence) -> bool:
    """Whether a line that tells to give, but not what, stands above a label: "Please share" above "Name"."""
    asks = _ONLY_SAYING.match(sentence.tags) is not None
    return asks and following.part.line and _BARE_LABEL.match(following.tags) is not None


def put_headers(sentences: list[Sentence]) -> None:
    """Find for each sentence of a text the one that introduces it, and what fills in a label."""
    header = -1
    listed = False
    for sentence in sentences:
        sentence.header, sentence.filled = -1, ""
    for index, sentence in enumerate(sentences):
        part = sentence.part
        # What stands behind an item in its line ends no list.
        goes_on = header >= 0 and listed and not (part.line or part.item)
        if header >= 0 and not goes_on:
            if not part.line or part.item:
                sentence.header = header
                listed = listed or part.item
            elif (
                part.line
                and not listed
                and len(sentence.tags) <= _LONG_LINE
                and sentences[header].filled not in _PLACES
            ):
                sentence.header = header  # below an address that a colon has led to, something new begins
            else:
                header = -1
        if index + 1 < len(sentences):
            sentence.filled = _filled(sentence, sentences[index + 1])
        if part.colon and (len(sentence.tags) > 1):
            previous = sentence.header
            # A label inside a list ("- IBAN:") keeps the list's own header; "Send us:" begins a list anew.
            is_label = len(sentence.tags) <= 4 and not _ONLY_SAYING.match(sentence.tags)
            if previous < 0 or not (part.item or is_label):
                header = index
                listed = False
        elif index + 1 < len(sentences) and not part.item and not goes_on:
            following = sentences[index + 1]
            if following.part.item or _leads_to_label(sentence, following):
                header = index
                listed = False
