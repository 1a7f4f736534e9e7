"""Placeholders of the supported products. What they print is unknown here; each becomes one character."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..expressions import IN_TEMPLATE, expression
from .traced import Edit, Traced

OBJECT = "\ufffc"
"""The character that stands for a placeholder in plain text."""


class Placeholder(NamedTuple):
    """A placeholder: where its character stands in the plain text, the name inside, whose grammar it is."""

    start: int
    end: int
    name: str
    family: str


class Found(NamedTuple):
    """What an opener turned out to be: its end and what is left of it (OBJECT: a placeholder)."""

    end: int
    new: str
    name: str = ""
    family: str = ""
    text_start: int = 0
    """Where ``new`` stands, when it is a text inside the expression."""


# What may be an opener by the next few characters; of many equal ones in a row the last few.
# The commonest tags are none.
_FIRST = expression(
    r"[{\[<$#%@\ufffc](?:(?<=\{)(?!\{{4})|(?<=\[)(?!\[{3})"
    r"|(?<=<)(?=[%?]|[^\W\d_])(?!(?:br|p|b|i|u|em|li|ul|ol|td|tr|div|span|strong)[ ]?/?>)"
    r"|(?<=\$)(?=\$?[A-Za-z_]|[{|]|\.[A-Za-z]|\[['\"])|(?<=#)(?=\{|[A-Z][A-Z_\d])|(?<=%)(?=[\w(@{|])|(?<=@)(?=\{(?!\{)|(?<![\w.-]@)[A-Za-z(@{])"
    r"|(?<=\ufffc)\ufffc*)"
)
_OPENER = expression(
    r"(?P<triple>\{\{\{)|(?P<double>@?\{\{)|(?P<block>\{[%#])|(?P<raw>\{!!)|(?P<merge>\{!)|(?P<dollar>\$\{)|(?P<ruby>[#%]\{(?!\{))"
    r"|(?P<brackets>\[\[)|(?P<bracket>\[)|(?P<brace>\{)|(?P<erb><%)|(?P<watson><\?)|(?P<attribute><attribute\s)|(?P<angle><(?=[^\W\d_]))"
    r"|(?P<cursor>\$\|\$|%\|%?)|(?P<variable>\$\$?(?=[A-Za-z_])|\$(?=\.[A-Za-z]|\[['\"][A-Za-z]))|(?P<at>@(?=[A-Za-z(@]))|(?P<hash>#(?=[A-Z]))|(?P<percent>%)"
)
_LIQUID_WORDS = """
if elif elseif elsif else endif unless endunless case when endcase for endfor tablerow endtablerow break
continue assign capture endcapture increment decrement cycle comment endcomment raw endraw include render
liquid set endset block endblock extends import from macro endmacro call endcall filter endfilter with endwith
trans endtrans translate blocktrans endblocktrans load autoescape endautoescape ifchanged endifchanged verbatim
endverbatim spaceless endspaceless now url csrf_token echo
"""
_APART = frozenset(["capture", "endcapture"])
"""Tags around what is printed somewhere else."""
LIQUID = frozenset(_LIQUID_WORDS.split())
"""First words of Liquid, Jinja and Django tags; else ``{% %}`` is a placeholder of Help Scout's kind."""

_FAR = 1000
_IDENTIFIER = expression(r"\s*[\w@$#=](?:[\w.:$@#'\-]|\?\.(?=\w)| (?=\S)|\[\w*\]|\(\))*\s*")
_CALL = expression(r"\s*=?\s*\w+\(")
_VARIABLE = expression(r"\$\$?[A-Za-z_]\w*(?:[.-]\w+)*")
_IN_PATH = r"(?:\.[A-Za-z_][\w-]*|\[['\"][^'\"\[\]\n]{1,60}['\"]\])"
_NAME_IN_PATH = expression(r"[A-Za-z_][\w-]*")
_JSON_PATH = expression(rf"\${_IN_PATH}(?:{_IN_PATH}|\[\d+\])*")
_ROOTS = (
    "contact|fields|results|child|parent|input|webhook|step|flow|run|trigger|urns|globals|legacy_extra|resume|node|"
    "ticket|date|extra|event|locale|sys"
)
_RAPIDPRO = expression(rf"@(?:{_ROOTS})\b(?:[.-]\w+)*")
_PERCENT = expression(r"%([A-Za-z_][\w.\-]*(?::[^%\n]{1,60})?)%|%(?:\((\w+)\)|\d\$)?[sdi@](?!\w)|%(clipboard|key:\w+)")
_HASH = expression(r"(?<![\w#])#([A-Z][A-Z_\d]{1,40})#(?![\w#])")
_UPPER = expression(r"(?=[^\[\]]*[^\W\d_])[^\Wa-zß-öø-ÿ][^a-zß-öø-ÿ\[\]\n]{0,58}")
_CODE_NAME = expression(r"[A-Za-z](?=\w*[._]\w)\w*(?:\.\w+)*|[a-z]+(?:[A-Z][a-z0-9]*)+")
_KNOWN_WORDS = """
naam voornaam achternaam klant klantnaam bedrijf bedrijfsnaam datum tijd link url bedrag nummer ordernummer
bestelnummer adres plaats name firstname lastname first last full customer company agent date time amount
number order ticket phone email address city your insert nombre apellido cliente empresa fecha hora importe
apellidos numero número nom prénom prenom votre client société montant heure nome cognome azienda data ora importo
sobrenome apelido valor vorname nachname kunde firma betrag uhrzeit ihr ihre dein uw jouw mijn su tu seu sua il tuo
vul product service produkt dienst reference referentie kenmerk
adresse indirizzo dirección direccion morada endereço endereco rua calle rue telefono teléfono téléphone telefone
telemóvel celular giorno orario luogo jour lieu día dia lugar local
ciudad ville città cidade
"""
_KNOWN = frozenset(_KNOWN_WORDS.split())
_ANSWERS = frozenset(["answer", "antwoord", "antwort", "réponse", "reponse", "respuesta", "resposta", "risposta"])
"""What stands in brackets where the customer is to write: "Code: [your answer]"."""
_FILL_IN = frozenset(("vul", "hier", "aan", "in"))
"""Words in brackets that only tell to fill in: "[vul hier in]" is for the reader, "[vul naam in]" stands for a name."""
_BETWEEN_WORDS = str.maketrans("',/", "   ")
_LABEL = expression(r"\[\d{0,3}\]|\{[.#][\w-]")
_ANGLE = expression(r"<([^\W\d_][^<>\n=\"]{0,40})>")
_NAME_OF_TAG = expression(r"[\s/]+")
_KEY = expression(r"""\bkey\s*=\s*["']?([^"'\s/>]*)""")


def partners(text: str, opening: str, closing: str) -> dict[int, int]:
    """The closing bracket of each opening one, in one pass."""
    stack: list[int] = []
    found: dict[int, int] = {}
    for bracket in re.finditer(f"[{re.escape(opening + closing)}]", text):
        if bracket[0] == opening:
            stack.append(bracket.start())
        elif stack:
            found[stack.pop()] = bracket.start()
    return found


_OBJECTS = ("", "object")
"""The name and family of a placeholder that was one before."""


class Tokenizer:
    """Finds the placeholders of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._braces: dict[int, int] | None = None
        self._parentheses: dict[int, int] | None = None
        self._assigned: dict[str, str] | None = None

    def assigned(self, name: str) -> str:
        """The word that a tag puts into a variable, "" if none does; a sentence is read where the tag stands."""
        if self._assigned is None:
            self._assigned = {}
            for found in _ASSIGNED.finditer(self.text) if "{%" in self.text else ():
                word = (found["inside"] or found["said"][1:-1]).strip()
                if " " not in word:
                    self._assigned[found["name"] or found["captured"]] = word
        return self._assigned.get(name, "")

    def braces(self, at: int) -> int:
        """The brace that closes the one at ``at``; -1 if none does or it is too far."""
        if self._braces is None:
            self._braces = partners(self.text, "{", "}")
        close = self._braces.get(at, -1)
        return close if close - at <= _FAR else -1

    def parentheses(self, at: int) -> int:
        """The same for parentheses."""
        if self._parentheses is None:
            self._parentheses = partners(self.text, "(", ")")
        close = self._parentheses.get(at, -1)
        return close if close - at <= _FAR else -1

    def find(self, traced: Traced, names: dict[int, tuple[str, str]]) -> list[Edit]:
        """Edits that put OBJECT for placeholders; ``names`` gets name and family by place in the value."""
        edits: list[Edit] = []
        text = self.text
        at = 0
        while True:
            first = _FIRST.search(text, at)
            if first is None:
                return edits
            start = first.start()
            if text[start] == OBJECT:
                at = first.end()
                for place in traced.starts[start:at]:
                    names.setdefault(place, _OBJECTS)
                continue
            opener = _OPENER.match(text, start)
            if opener is None:
                at = start + 1
                continue
            kind = opener.lastgroup or ""
            closing = _CLOSING.get(kind, "")
            strings, end = constant(text, opener.end(), closing) if closing else ([], 0)
            if end:
                for begin, stop in strings:
                    edits.append(Edit(start, begin, ""))
                    start = stop
                edits.append(Edit(start, end, ""))
                at = end
                continue
            found = _RULES[kind](self, start, opener.end())
            if found is None:
                at = start + 1
                continue
            at = found.end
            if found.new == OBJECT:
                names.setdefault(traced.starts[start], (_without_texts(found.name), found.family))
            if found.text_start:
                between = "\n" if found.family == "block" else ""
                edits.append(Edit(start, found.text_start, between))
                edits.append(Edit(found.text_start + len(found.new), at, between))
            else:
                edits.append(Edit(start, at, found.new))

    def closed(self, at: int, closing: str) -> tuple[str, int] | None:
        """What stands between ``at`` and the next ``closing``, and the end of that; None if it is too far."""
        close = self.text.find(closing, at, at + _FAR)
        return (self.text[at:close], close + len(closing)) if close >= 0 else None


_ICU_ARGUMENT = expression(r"\s*[\w.]+\s*,\s*(?:date|time|number|spellout|ordinal|duration|list)\s*(?:,.*)?", re.DOTALL)
_SHORT_BRACES = expression(r"\{[^{}]{0,80}\}")
_FORMAT = expression(r":[\d.,<>^+]*[sdfge%]")
_BLADE = expression(
    r"@(?:end(?:if|unless|foreach|forelse|for|while|isset|empty|switch|php|section)\b|else\b|csrf\b|empty\b"
    r"|(?:foreach|forelse|for|while|isset|empty|switch|case|if|elseif|unless|include|section|lang)\s*"
    r"\((?:[^()]|\((?:[^()]|\([^()]*\)){0,99}\)){0,300}\))"
)
_CODE = expression(
    r"\}|(?:if|unless|else|elsif|case|when|switch|default|for|while|until|end|begin|var|let|const|break|next|include)\b"
    r"|.*(?:\bdo\b\s*(?:\|[^|]*\|)?|\{)$|[\w.@\[\]]+\s*=[^=]",
    re.DOTALL,
)
_SAYING = expression(
    r"""[-~]?\s*(?:trans|translate|echo|(?:assign|set)\s+(?P<name>\w+)\s*=)\s*(?P<quote>['"])(?P<text>(?:(?!(?P=quote)).)*)"""
    r"""(?P=quote)""",
    re.DOTALL,
)
_STRING = expression(rf"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`{IN_TEMPLATE}*`""", re.DOTALL)
_QUOTED = expression(r"""\s*(?:'([^']*)'|"([^"]*)")\s*(?:\||$)""")


_LITERAL = r"(?:'[^'\\\\{}<>\n]{0,200}'|\"[^\"\\\\{}<>\n]{0,200}\")"
_CONSTANT = expression(
    rf"[-~=\s]{{0,20}}{_LITERAL}(?:\s?(?:[~+&.]|\|\s?append\s?:)\s?{_LITERAL}){{0,60}}"
    r"(?:\s?\|\s?(?:up|down)case|\s?\|\s?(?:capitalize|upper|lower|title|strip|trim|escape|safe|raw|e|t|trans|translate)\b){0,9}"
    r"[-~\s]{0,20}"
)
"""Strings, perhaps put together, and nothing else, as an expression prints them."""
_INNER = expression(_LITERAL)
_OF_NODE = expression(r"#\$?[\w.-]{1,120}#")
"""What a node has made, as Dify prints it; Handlebars opens a block with the same mark."""
_KEY_OF_TEXT = expression(r"\w+(?:[.:_]\w+)+")
"""By what a text is called in a list of translations."""
_CLOSING = {
    "triple": "}}}", "double": "}}", "dollar": "}", "ruby": "}", "brace": "}", "raw": "!!}", "merge": "}", "erb": "%>",
    "watson": "?>",
}  # fmt: skip
_ASSIGNED = expression(
    rf"\{{%-?\s*(?:(?:assign|set)\s+(?P<name>\w+)\s*=\s*(?P<said>{_LITERAL})\s*-?%\}}"
    r"|capture\s+(?P<captured>\w+)\s*-?%\}(?P<inside>[^{}<>\n]{1,60})\{%-?\s*endcapture)"
)


def constant(text: str, at: int, closing: str) -> tuple[list[tuple[int, int]], int]:
    """Where the strings of an expression stand that begins at ``at`` and prints nothing else, and its end.

    None, and 0, where it prints something else too, or the name of a text.
    """
    if text[at : at + 20].lstrip("-~= \t\n")[:1] not in ("'", '"'):  # most expressions print something else
        return [], 0
    found = _CONSTANT.match(text, at)
    if found is None or not text.startswith(closing, found.end()):
        return [], 0
    strings = [(string.start() + 1, string.end() - 1) for string in _INNER.finditer(text, at, found.end())]
    if any(_KEY_OF_TEXT.fullmatch(text, start, end) for start, end in strings):
        return [], 0
    return strings, found.end() + len(closing)


def _without_texts(name: str) -> str:
    """The name of a placeholder without sentences that may be printed instead of it: they are read as texts."""
    return _STRING.sub(lambda found: "" if found[0].count(" ") > 1 else found[0], name) if " " in name else name


def _first_name(inner: str) -> str:
    return inner.split("|", 1)[0].strip(" ~-=\t\n")


def _triple(tokens: Tokenizer, start: int, at: int) -> Found | None:
    found = tokens.closed(at, "}}}")
    if found is None or "{{" in found[0]:
        return None
    return Found(found[1], OBJECT, _first_name(found[0]), "mustache")


def _double(tokens: Tokenizer, start: int, at: int) -> Found | None:
    found = tokens.closed(at, "}}")
    if found is None or "{{" in found[0]:
        return None
    inner, end = found
    first = inner.lstrip(" ~")[:1]
    if first == "#" and _OF_NODE.fullmatch(inner):
        return Found(end, OBJECT, inner.strip("#"), "mustache")
    if first in ("#", "/", "^", "!", "&") or inner.strip(" ~").split(" ")[0] == "else":
        return Found(end, OBJECT, inner.strip(" &"), "mustache") if first == "&" else Found(end, "")
    quoted = _QUOTED.match(inner)
    if quoted and " " in (quoted[1] or quoted[2] or ""):
        group = 1 if quoted[1] is not None else 2
        return Found(end, quoted[group], text_start=at + quoted.start(group))
    name = _first_name(inner)
    word = tokens.assigned(name)
    return Found(end, word) if word else Found(end, OBJECT, name, "mustache")


def _block(tokens: Tokenizer, start: int, at: int) -> Found | None:
    comment = tokens.text[at - 1] == "#"
    found = tokens.closed(at, "#}" if comment else "%}")
    if found is None:
        return None
    inner, end = found
    if comment:
        return Found(end, "")
    inner = inner.strip(" -~\t\n")
    word = re.split(r"[\s(]", inner, maxsplit=1)[0]
    if word in LIQUID:
        return _said_by_tag(tokens.text, at, end) or Found(end, "\n" if word in _APART else "")
    return Found(end, OBJECT, inner.split(",", 1)[0].strip(), "helpscout")


def _said_by_tag(text: str, at: int, end: int) -> Found | None:
    """The text that a tag translates, or puts into a variable that is printed; None where there is none."""
    said = _SAYING.match(text, at, end)
    if said is None or " " not in said["text"]:
        return None
    if said["name"] and not re.compile(rf"\{{\{{-?\s*{said['name']}\b").search(text, end):
        return None
    return Found(end, said["text"], family="block", text_start=said.start("text"))


def _braced(family: str) -> Callable[[Tokenizer, int, int], Found | None]:
    def rule(tokens: Tokenizer, start: int, at: int) -> Found | None:
        brace = tokens.text.index("{", start)
        close = tokens.braces(brace)
        if close < 0:
            return None
        inner = tokens.text[brace + 1 : close].lstrip("!").strip()
        return Found(close + 1, OBJECT, inner, family)

    return rule


def _brace(tokens: Tokenizer, start: int, at: int) -> Found | None:
    short = _SHORT_BRACES.match(tokens.text, start)
    close = short.end() - 1 if short else tokens.braces(start)
    named = _in_braces(tokens.text[at:close]) if close >= 0 else None
    return Found(close + 1, OBJECT, *named) if named else None


@lru_cache(maxsize=256)
def _in_braces(inner: str) -> tuple[str, str] | None:
    """The name and family of a placeholder by what stands in its braces; a text has the same ones again and again."""
    if _CALL.match(inner) and inner.rstrip().endswith(")"):
        return inner.strip(), "brace"
    if not inner.strip():
        return None if inner else ("", "brace")
    if _ICU_ARGUMENT.fullmatch(inner):
        return inner.partition(",")[0].strip(), "icu"
    if len(inner) > 80 or inner.strip().count(" ") > 3 or not _IDENTIFIER.fullmatch(inner):
        return None
    name = inner.strip()
    form = _FORMAT.search(name)
    return name[: form.start()] if form and form.end() == len(name) else name, "brace"


def _brackets(tokens: Tokenizer, start: int, at: int) -> Found | None:
    found = tokens.closed(at, "]]")
    if found is None or "[[" in found[0]:
        return None
    return Found(found[1], OBJECT, found[0].strip(), "brackets")


def _is_blank(words: Sequence[str]) -> bool:
    """Whether words in brackets are the place of an answer, for the reader to fill in."""
    return not _ANSWERS.isdisjoint(words) or _FILL_IN.issuperset(words)


def _bracket(tokens: Tokenizer, start: int, at: int) -> Found | None:
    text = tokens.text
    close = text.find("]", at, at + 60)
    following = text[close + 1 : close + 2]
    if close < 0 or following == "(" or (following == ":" and _begins_line(text, start)):
        return None  # a link, or the line that says where it leads
    if _LABEL.match(text, close + 1):
        return None  # a link that leads where another line says, or a part with attributes of Markdown
    inner = text[at:close]
    if "[" in inner or "\n" in inner or not inner.strip():
        return None
    words = [] if inner.startswith("/") else inner.lower().translate(_BETWEEN_WORDS).split()  # no end tag: "[/url]"
    known = 0 < len(words) <= 5 and words[0] in _KNOWN and not _is_blank(words)
    if known or _UPPER.fullmatch(inner) or _CODE_NAME.fullmatch(inner):
        return Found(close + 1, OBJECT, inner.strip(), "bracket")
    return None


def _begins_line(text: str, at: int) -> bool:
    """Whether nothing but blanks stands before a place in its line; it looks back no further than these."""
    while at and text[at - 1] != "\n" and text[at - 1].isspace():
        at -= 1
    return not at or text[at - 1] == "\n"


def _raw(tokens: Tokenizer, start: int, at: int) -> Found | None:
    found = tokens.closed(at, "!!}")
    return Found(found[1], OBJECT, _first_name(found[0]), "blade") if found else None


def _erb(tokens: Tokenizer, start: int, at: int) -> Found | None:
    """``<%= x %>`` prints, ``<%- x %>`` does in some dialects; a comment or code prints nothing."""
    found = tokens.closed(at, "%>")
    if found is None:
        return None
    inner, end = found
    sign = inner[:1]
    code = inner.strip(" =-_\t\n")
    prints = sign == "=" or (sign == "-" and not _CODE.match(code) and code)
    return Found(end, OBJECT, code, "erb") if prints else Found(end, "")


def _watson(tokens: Tokenizer, start: int, at: int) -> Found | None:
    found = tokens.closed(at, "?>")
    return Found(found[1], OBJECT, found[0].strip(), "watson") if found else None


def _attribute(tokens: Tokenizer, start: int, at: int) -> Found | None:
    found = tokens.closed(at, ">")
    if found is None:
        return None
    key = _KEY.search(found[0])
    return Found(found[1], OBJECT, key[1] if key else "", "intercom")


def _angle(tokens: Tokenizer, start: int, at: int) -> Found | None:
    from .html import TAGS

    found = _ANGLE.match(tokens.text, start)
    if found is None:
        return None
    name = found[1].strip(" /")
    is_tag = _NAME_OF_TAG.split(name)[0].lower() in TAGS
    if is_tag or ":" in name or "@" in name or f"</{name}" in tokens.text[at : at + _FAR]:
        return None
    return Found(found.end(), OBJECT, name, "angle")


def _cursor(tokens: Tokenizer, start: int, at: int) -> Found | None:
    return Found(at, OBJECT, "", "cursor")


def _variable(tokens: Tokenizer, start: int, at: int) -> Found | None:
    text = tokens.text
    before = text[max(0, start - 2) : start]
    if before[-1:].isalnum() or before[-1:] in ("_", "$") or (before[-1:] == "@" and before[:1].isalnum()):
        return None  # as in "pa$$word" and "p@$$word"
    found = _VARIABLE.match(text, start)
    if found is None:
        path = _JSON_PATH.match(text, start)
        return Found(path.end(), OBJECT, _NAME_IN_PATH.findall(path[0])[-1], "dollar") if path is not None else None
    end = found.end()
    if found[0].startswith("$sys.func.") and text[end : end + 1] == "(":
        close = tokens.parentheses(end)
        end = close + 1 if close >= 0 else end
    return Found(end, OBJECT, found[0].lstrip("$"), "dollar")


def _at(tokens: Tokenizer, start: int, at: int) -> Found | None:
    text = tokens.text
    if start and (text[start - 1].isalnum() or text[start - 1] in "._-"):
        return None
    if text[at] == "@":
        return Found(at + 1, "@")
    if text[at] == "(":
        strings, end = constant(text, at + 1, ")")
        if len(strings) == 1:
            return Found(end, text[slice(*strings[0])], text_start=strings[0][0])
        close = tokens.parentheses(at)
        return Found(close + 1, OBJECT, text[at + 1 : close].strip(), "rapidpro") if close >= 0 else None
    blade = _BLADE.match(text, start)
    if blade:
        return Found(blade.end(), "")
    found = _RAPIDPRO.match(text, start)
    return Found(found.end(), OBJECT, found[0][1:], "rapidpro") if found else None


def _hash(tokens: Tokenizer, start: int, at: int) -> Found | None:
    found = _HASH.match(tokens.text, start)
    return Found(found.end(), OBJECT, found[1], "hash") if found else None


def _percent(tokens: Tokenizer, start: int, at: int) -> Found | None:
    if start and tokens.text[start - 1].isdigit():
        return None
    found = _PERCENT.match(tokens.text, start)
    return Found(found.end(), OBJECT, found[1] or found[2] or found[3] or "", "percent") if found else None


_RULES: dict[str, Callable[[Tokenizer, int, int], Found | None]] = {
    "triple": _triple,
    "double": _double,
    "block": _block,
    "merge": _braced("salesforce"),
    "dollar": _braced("expression"),
    "ruby": _braced("ruby"),
    "brackets": _brackets,
    "bracket": _bracket,
    "brace": _brace,
    "raw": _raw,
    "erb": _erb,
    "watson": _watson,
    "attribute": _attribute,
    "angle": _angle,
    "cursor": _cursor,
    "variable": _variable,
    "at": _at,
    "hash": _hash,
    "percent": _percent,
}
