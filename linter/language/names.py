"""Names that programs give to data ("numeroTarjeta", "utter_ask_iban", "geb_datum") to categories, in all languages."""

from __future__ import annotations

import re

from .identify import weights
from .lexicon import Unit
from .pack import Pack
from .tokens import tokenise

_CAMEL = re.compile(r"(?<=[a-z0-9à-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
_PLAIN = re.compile(r"[^\w]+|_+|(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
_KEY = re.compile(r"(?<![^\W_])(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{5,}(?![^\W_])")  # a product's own number: "72cf52"
_NUMBER = frozenset({"number", "num", "no", "nr", "nummer", "numero", "número", "numéro"})
_MEASURES = frozenset({"kg", "cm", "lb", "lbs", "ft"})
_OTHER = "xO"  # the tags of words that are no datum
_ANIMAL = "I"  # of what has a birthday or a passport, and is no customer
_SHORTEST = 2  # letters; a single one says nothing, as a column may be called
_SENTENCE = 5  # words: a longer name is one, and short words in it are its grammar
_MOST_JOINED = 3  # words of a name that are tried in other orders
_PREFIXES = frozenset((
    "utter", "ask", "slot", "form", "var", "get", "set", "temp", "user", "session", "flow", "params", "customer",
    "input", "field", "collect", "gather", "prompt", "capture", "val",
))  # fmt: skip
_MASKED = frozenset((
    "last4", "last", "masked", "laatste", "ending", "mask", "hash", "valid", "confirmed", "verified",
    "url", "link", "reset", "forgot", "forgotten", "vergeten", "vergessen", "oublié", "oublie", "olvidé", "olvide",
    "olvidada", "dimenticata", "dimenticato", "esqueci", "esquecida",
))  # fmt: skip
"""What is left of a datum, or is done about it, and not the datum."""
_ABOUT = frozenset((
    "amount", "available", "benefit", "blocked", "brand", "clase", "color", "colour", "confirm", "count", "country",
    "design", "duration", "farbe", "fee", "genre", "kind", "kleur", "message", "parameters", "selected", "size",
    "soort", "state", "status", "tipo", "typ", "type", "used", "vendor",
    "action", "attempts", "choice", "discount", "issue", "layout", "limit", "lost", "model", "option",
    "options", "problem", "reason", "required", "retries", "sent", "stolen", "subject", "template", "title",
    "onderwerp", "optie", "pogingen", "probleem", "reden", "titel", "verloren", "betreff", "grund", "gesperrt",
    "gestohlen", "versuche", "motif", "motivo", "objet", "perdue", "raison", "sujet", "titre", "asunto", "bloqueada",
    "bloqueado", "intentos", "opción", "perdida", "problema", "robada", "título", "oggetto", "rubata", "smarrita",
    "tentativi", "assunto", "opção", "perdido", "roubado", "tentativas",
    "application", "apply", "appointment", "renew", "renewal", "aanvraag", "aanvragen", "afspraak", "verlengen",
    "antrag", "beantragen", "termin", "verlängern", "demande", "rdv", "renouveler", "renouvellement", "cita",
    "renovar", "renovación", "solicitar", "appuntamento", "rinnovo", "rinnovare", "agendamento", "renovação",
    "menu", "visita", "visite",
))  # fmt: skip
"""What is said about a card or a document, and not the number on it."""
_TALK = frozenset((
    "advice", "article", "articles", "campaign", "checker", "education", "faq", "holiday", "news", "quiz", "reminder",
    "reminders", "tip", "tips", "weetje", "weetjes", "conseil", "conseils", "consejo", "consejos",
    "consiglio", "consigli", "dica", "dicas", "thema", "themen", "tema", "temas", "herinnering", "erinnerung",
    "rappel", "recordatorio", "promemoria", "lembrete",
))  # fmt: skip
"""What is told about health or faith, to anybody."""
_TOPICS = frozenset(("topic", "topics"))
"""Of such; but "Topic.Iban" is an IBAN, which a bot builder keeps for a topic."""
_PREMISES = frozenset((
    "branch", "hotel", "restaurant", "shop", "store", "support", "filiaal", "winkel", "filiale", "laden", "agence",
    "magasin", "sucursal", "tienda", "negozio", "agência", "loja",
))  # fmt: skip
_REACHED = frozenset({"home-address", "phone", "email"})
"""Where a shop of ours is and how it is reached are no customer's data."""
_WHETHER = frozenset(("has", "heeft", "hat", "tiene", "tem", "possui"))
_RIGHT = frozenset(("ok", "okay"))
"""The first and the last word of a name for whether there is a datum, and whether it is right."""
_CIRCUMSTANCES = frozenset({"health", "special-category", "financial-situation", "birth-place-and-family"})
"""Where a type, state or amount is the datum: "blood_type", "pregnancy_status", "income_amount"."""
_WHERE_AND_WHEN = frozenset((
    "city", "town", "place", "branch", "date", "day", "time", "hour", "slot", "plaats", "stad", "vestiging", "datum",
    "dag", "tijd", "uur", "ort", "stadt", "filiale", "tag", "uhrzeit", "ville", "lieu", "agence", "jour", "heure",
    "ciudad", "lugar", "sucursal", "fecha", "dia", "hora", "città", "citta", "luogo", "sede", "giorno", "ora",
    "cidade", "local", "data",
))  # fmt: skip
"""Where or when something is done, which a question of its own tells from what is done."""
_OTHER_WORDS = frozenset(("cv", "pan"))
"""A datum, and as often another thing: horsepower, bread."""
_OTHERWISE = frozenset((
    "balance", "score", "saldo", "solde", "origin", "union", "video", "credit", "crédit", "crédito",
    "operation", "operations", "operatie", "opération", "operación", "recipe", "recept", "recepten", "rezept",
    "rezepte", "receta", "recetas", "receita", "receitas", "ricetta", "ricette", "party", "partei", "partido",
    "partito", "vote", "voto", "race", "ras", "raza", "raça", "razza", "orientation", "orientierung", "orientamento",
    "ingreso", "passe", "sign", "signe",
))  # fmt: skip
"""This word of a name more often means another thing: where a journey begins, the points of a game, a breed."""
_OTHERWISE_ALONE = frozenset((
    "condition", "conditions", "treatment", "behandeling", "behandlung", "traitement", "tratamiento", "tratamento",
    "klachten", "beschwerden",
))  # fmt: skip
"""A name of no other word more often means another thing: terms, a complaint, what a salon does."""
_OWN = frozenset(("id", "ids", "doc", "docs", "document", "documents", "file", "files"))
"""What programs call their own numbers and any file that is sent: by itself it says of no document whose it is."""

_SENDERS = frozenset((
    "agent", "agents", "user", "current", "me", "my", "own", "self", "from", "sender", "author", "owner", "assignee",
    "operator", "staff", "employee", "rep", "representative", "advisor", "adviser", "department", "dept", "team",
    "group", "queue", "inbox", "mailbox", "mail", "email", "ticket", "conversation", "company", "brand", "store",
    "shop", "site", "organization", "organisation", "account", "default", "html", "text", "medewerker", "collega",
    "gebruiker", "afdeling", "bedrijf", "mitarbeiter", "benutzer", "abteilung", "firma", "absender", "utilisateur",
    "conseiller", "equipe", "société", "agente", "atendente", "operador", "operatore", "usuario", "usuário", "utente",
    "empresa", "azienda", "departamento",
))  # fmt: skip
"""Beside a word for a signature: whose it is that stands under a company's own messages."""


def split(name: str) -> str:
    """The words of a name: 'geb_datum' -> 'geb datum'."""
    parts = [part.lower() for part in _PLAIN.split(_CAMEL.sub(" ", _KEY.sub(" ", name))) if part]
    kept = [part for part in parts if part not in _PREFIXES and part not in _MEASURES] or parts
    return " ".join(kept)


def categories(name: str, packs: list[Pack], spoken: frozenset[str] = frozenset(), taken: str = "") -> dict[str, str]:
    """Categories that a name stands for, each with the words that say so; {} for none or for a part.

    Names are put together in other ways than sentences: where the words as they stand say nothing, they are tried
    the other way round ("datumGeboorte") and joined ("burgerServiceNr"). ``spoken`` are the languages of the texts
    beside it: where they are known, a word that is one of them is no datum of a language that is none ("run").
    ``taken``: how it is taken, "typed" or "sent", which tells whether a document by its bare name is its number or a
    copy of it.
    """
    said = split(name)
    parts = said.split()
    if len(said) < _SHORTEST or _is_own(parts) or _MASKED & set(said.replace("last name", "").split()):
        return {}
    found = _said(said, packs, spoken, taken)
    if not found and 1 < len(parts) <= _MOST_JOINED:
        joined = "".join(parts) if min(map(len, parts)) > 1 or name.isalpha() else ""
        reverse = _said(" ".join(reversed(parts)), packs, spoken, taken, False)
        other = _of_other_things(said, packs) if reverse else set()
        found = {category: words for category, words in reverse.items() if words not in other}
        found = found or _said(joined, packs, spoken, taken, False)
    return _left(found, parts)


def _of_other_things(said: str, packs: list[Pack]) -> set[str]:
    """The words of a name that are part of what is no datum: a "sim card" is no card."""
    tokens = tokenise(said)
    return {
        token.norm
        for pack in packs
        for unit in pack.lexicon.tag(tokens)
        if unit.tag in _OTHER and unit.last - unit.first > 1
        for token in tokens[unit.first : unit.last]
    }


def _left(found: dict[str, str], parts: list[str]) -> dict[str, str]:
    """What a name says once its other words, ``parts``, are taken into account."""
    if not _TALK.isdisjoint(parts) or not _TOPICS.isdisjoint(parts[1:]):
        return {}
    if not _PREMISES.isdisjoint(parts):
        found = {category: words for category, words in found.items() if category not in _REACHED}
    if not _ABOUT.isdisjoint(parts) or parts[0] in _WHETHER or parts[-1] in _RIGHT:
        found = {category: words for category, words in found.items() if category in _CIRCUMSTANCES}
    return found


def gives_way(name: str, category: str, words: str) -> bool:
    """Whether a name says a category with so little of it, ``words``, that a plain question for another thing wins."""
    parts, said = split(name).split(), words.split()
    if len(said) >= len(parts):
        return words in _OTHER_WORDS
    return category not in _CIRCUMSTANCES or not _WHERE_AND_WHEN.isdisjoint(set(parts).difference(said))


def is_sign_off(name: str, words: str) -> bool:
    """Whether a name says a signature with ``words``, and nobody else's than the sender's: what stands under a mail."""
    parts = [part.lower() for part in _PLAIN.split(_CAMEL.sub(" ", name)) if part]
    return _SENDERS.issuperset(set(parts).difference(words.split()))


def _is_own(parts: list[str]) -> bool:
    """Whether a name is such a word alone, or with a number ("doc 1")."""
    words = [part for part in parts if not part.isdigit()]
    return len(words) == 1 and words[0] in _OWN


def _said(said: str, packs: list[Pack], spoken: frozenset[str], taken: str, weak: bool = True) -> dict[str, str]:
    """``taken`` is as for ``categories``; ``weak``: words that mean a datum among others count where they stand as they
    should."""
    tokens = tokenise(said)
    found: list[tuple[str, Unit, bool]] = []
    if not tokens:
        return {}
    words = [token.norm for token in tokens]
    for pack in packs:
        units = pack.lexicon.tag(tokens)
        around = "".join(unit.tag for unit in units)
        if _ANIMAL in around:
            continue
        for place, unit in enumerate(units):
            category = _category(unit, place, around, taken)
            if unit.data[:1] == ("bank-account",) and around == "d" and tokens[-1].norm in _NUMBER:
                category = unit.data[0]  # "account_number"
            counts = weak or unit.tag != "d" or category == "health"
            if category and counts and not _is_just_a_word(unit, words, pack, packs, spoken):
                found.append((category, unit, pack.code in spoken))
    told: dict[str, str] = {}
    for category, unit, is_spoken in found:
        size = unit.last - unit.first
        # A longer name says more than one inside it; the language that is spoken here, more than the others.
        better = any(
            other.first <= unit.first
            and unit.last <= other.last
            and (other.last - other.first, other_is_spoken) > (size, is_spoken)
            for _, other, other_is_spoken in found
        )
        if not better:
            told.setdefault(category, " ".join(words[unit.first : unit.last]))
    return {category: said for category, said in told.items() if _clear(category, said, len(tokens))}


def _is_just_a_word(unit: Unit, words: list[str], pack: Pack, packs: list[Pack], spoken: frozenset[str]) -> bool:
    """Whether what is a datum in one language is just a word of another here: "run_speed_test" names no RUN.

    The words beside it say of which language it is ("numero_run"), else the texts do.
    """
    if unit.last - unit.first > 1:
        return False
    others = {other.code for other in packs if other is not pack and words[unit.first] in other.elsewhere}
    if not others:
        return False
    beside = [_languages(word) for word in (*words[: unit.first], *words[unit.last :]) if word not in _NUMBER]
    if any(pack.code in languages and others.isdisjoint(languages) for languages in beside):
        return False
    if any(pack.code not in languages and not others.isdisjoint(languages) for languages in beside):
        return True
    return pack.code not in spoken and not others.isdisjoint(spoken)


def _languages(word: str) -> frozenset[str]:
    """The languages that have a word in their lists."""
    return frozenset(code for code, _ in weights(word))


def _clear(category: str, words: str, size: int) -> bool:
    """Whether words of a name of that many words say what it holds: "id" is the program's own number, "cf" a scrap."""
    first, *rest = words.split()
    if words == "id" or (not rest and (first in _OTHERWISE or (size == 1 and first in _OTHERWISE_ALONE))):
        return False
    if size > _SENTENCE and len(first) == 1:
        return False
    # Other things run out too: "offer_expiry_date".
    if category == "payment-card" and first.startswith("exp") and size > len(words.split()):
        return False
    # A copy is said by two words: "rg foto".
    return size == 1 or category.endswith("-copy") or len(words) > (3 if size > _SENTENCE else 2)


def _category(unit: Unit, place: int, around: str, taken: str) -> str:
    """What one word of a name says among the others.

    ``around`` are the tags of all its words; ``taken`` is as for ``categories``.
    """
    if not unit.data:
        return ""
    if unit.tag in "DQ":
        return unit.data[0]
    if unit.tag == "P":
        copy, number, bare = unit.data
        if "K" in around or taken == "sent":
            return copy
        if taken == "typed":
            return number or bare
        return number if "#" in around or not bare else bare
    clear = unit.data[0] in _CLEAR_WEAK and len(around) <= 2 and place == len(around) - 1
    return unit.data[0] if unit.tag == "d" and clear else ""


_CLEAR_WEAK = frozenset({"password", "pin", "health", "special-category", "financial-situation", "signature"})
