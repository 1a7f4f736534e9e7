"""What a column or key is called says what is in it: a reply, its title, its channel, a customer's words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from ..documents.model import simple_name


class Role(NamedTuple):
    """``kind`` is text, title, subject, group, channel, language, audience, active, buttons, customer, agent or ""."""

    kind: str
    locale: str = ""
    rank: int = 0  # of a text: the lower, the surer


_SURE = [
    "reply",
    "replies",
    "response",
    "responses",
    "answer",
    "answers",
    "antwoord",
    "antwoorden",
    "antwort",
    "antworten",
    "resposta",
    "respostas",
    "respuesta",
    "respuestas",
    "risposta",
    "risposte",
    "reponse",
    "reponses",
    "message",
    "messages",
    "mensagem",
    "mensagens",
    "mensaje",
    "mensajes",
    "bericht",
    "berichten",
    "nachricht",
    "nachrichten",
    "messaggio",
    "messaggi",
    "msg",
    "text",
    "texts",
    "tekst",
    "teksten",
    "texto",
    "textos",
    "testo",
    "testi",
    "texte",
    "texten",
]
_LIKELY = [
    "content",
    "contents",
    "body",
    "template",
    "templates",
    "sjabloon",
    "vorlage",
    "modele",
    "modelo",
    "modello",
    "plantilla",
    "replace",
    "wording",
    "utterance",
    "utterances",
    "speech",
    "say",
    "says",
    "script",
    "scripts",
    "html",
    "plain",
    "chattext",
    "chat_text",
    "inhoud",
    "inhalt",
    "contenu",
    "contenido",
    "conteudo",
    "contenuto",
    "comment",
]
_FAINT = ["value", "values", "variants", "variations", "snippet", "snippets", "macro"]
_TITLES = [
    "title",
    "titulo",
    "titulos",
    "titel",
    "titolo",
    "titre",
    "name",
    "naam",
    "nombre",
    "nome",
    "nom",
    "label",
    "alias",
    "shortcode",
    "short_code",
    "shortcut",
    "atalho",
    "atajo",
    "raccourci",
    "scorciatoia",
    "kurzel",
    "sneltoets",
    "key",
    "trigger",
    "tag",
    "slug",
    "id",
    "onderwerp_intern",
    "code",
    "abbreviation",
    "abbr",
    "situatie",
    "thema",
    "tema",
    "topic",
]
_SUBJECTS = ["subject", "onderwerp", "betreff", "asunto", "assunto", "oggetto", "objet", "subjectline"]
_GROUPS = [
    "category",
    "categories",
    "categorie",
    "kategorie",
    "categoria",
    "cat",
    "folder",
    "map",
    "ordner",
    "carpeta",
    "pasta",
    "cartella",
    "section",
    "sectie",
    "group",
    "groep",
    "gruppe",
    "grupo",
    "gruppo",
    "collection",
    "tags",
    "labels",
    "theme",
    "rubriek",
    "rubrik",
]
_CHANNELS = [
    "channel",
    "channels",
    "kanaal",
    "kanalen",
    "kanal",
    "canal",
    "canais",
    "canales",
    "canale",
    "medium",
]
_LANGUAGES = ["language", "lang", "locale", "taal", "sprache", "idioma", "langue", "lingua"]
_AUDIENCES = [
    "audience",
    "visibility",
    "doelgroep",
    "zichtbaarheid",
    "publiek",
    "publico",
    "zielgruppe",
    "status",
]
_ACTIVE = ["active", "enabled", "isenabled", "actief", "aktiv", "actif", "activo", "ativo", "attivo"]
_BUTTONS = [
    "buttons",
    "options",
    "choices",
    "knoppen",
    "opties",
    "quickreplies",
    "quick_replies",
    "suggestions",
]
_CUSTOMER = [
    "question",
    "questions",
    "vraag",
    "vragen",
    "frage",
    "fragen",
    "pregunta",
    "preguntas",
    "pergunta",
    "perguntas",
    "domanda",
    "domande",
    "user",
    "customer",
    "klant",
    "kunde",
    "client",
    "cliente",
    "instruction",
    "instructions",
    "pattern",
    "patterns",
    "keyword",
    "keywords",
    "trefwoorden",
    "stichworte",
    "query",
    "queries",
    "input",
    "inputs",
    "example",
    "examples",
    "voorbeeld",
    "voorbeelden",
    "beispiel",
    "beispiele",
    "ejemplo",
    "ejemplos",
    "exemplo",
    "exemplos",
    "training",
    "synonyms",
    "phrases",
    "utterances_user",
    "intent",
    "review",
    "reviews",
    "feedback",
    "complaint",
    "klacht",
]
_AGENT = [
    "note",
    "notes",
    "notitie",
    "notities",
    "opmerking",
    "opmerkingen",
    "notiz",
    "notizen",
    "anmerkung",
    "nota",
    "notas",
    "note_interne",
    "explain",
    "explanation",
    "description",
    "descriptions",
    "beschrijving",
    "omschrijving",
    "beschreibung",
    "descricao",
    "descripcion",
    "descrizione",
    "descriere",
    "controle",
    "hint",
    "hints",
    "reason",
    "internal",
    "intern",
    "interne",
    "interno",
    "remark",
    "remarks",
    "audit",
    "usage",
    "gebruik",
    "when",
    "wanneer",
    "guidance",
    "todo",
    "metadata",
    "prompt",
    "system",
]
_NEUTRAL = frozenset(["the", "of", "for", "to", "in", "default", "main", "full", "long", "short", "customer", "facing", "original", "polished", "new", "old", "nieuwe", "approved", "final", "canned", "quick", "saved", "auto", "standard", "standaard", "reply", "response", "message", "macro", "template", "bot", "agent", "whatsapp", "chat", "sms", "email", "mail", "edited", "draft"])  # fmt: skip
_FACING = frozenset({"facing", "to", "for", "aan", "voor", "an", "fur", "para", "pour"})
_LOCALES = frozenset(
    [
        "af",
        "ar",
        "az",
        "be",
        "bg",
        "bn",
        "bs",
        "ca",
        "cs",
        "cy",
        "da",
        "de",
        "el",
        "en",
        "es",
        "et",
        "eu",
        "fa",
        "fi",
        "fil",
        "fr",
        "ga",
        "gl",
        "he",
        "hi",
        "hr",
        "hu",
        "hy",
        "id",
        "is",
        "it",
        "ja",
        "ka",
        "kk",
        "km",
        "ko",
        "lb",
        "lt",
        "lv",
        "mk",
        "ml",
        "ms",
        "mt",
        "nb",
        "nl",
        "nn",
        "pcm",
        "pl",
        "pt",
        "ro",
        "ru",
        "sk",
        "sl",
        "sq",
        "sr",
        "sv",
        "sw",
        "ta",
        "te",
        "th",
        "tl",
        "tr",
        "uk",
        "ur",
        "uz",
        "vi",
        "yo",
        "zh",
        "zu",
        "nld",
        "eng",
        "deu",
        "ger",
        "fra",
        "fre",
        "spa",
        "ita",
        "por",
        "dut",
    ]
)
_LOCALE_NAMES = {
    "nederlands": "nl", "dutch": "nl", "vlaams": "nl-BE", "engels": "en", "english": "en", "englisch": "en",
    "anglais": "en", "ingles": "en", "inglese": "en", "duits": "de", "german": "de", "deutsch": "de",
    "allemand": "de", "frans": "fr", "french": "fr", "francais": "fr", "franzosisch": "fr", "spaans": "es",
    "spanish": "es", "espanol": "es", "spanisch": "es", "espagnol": "es", "portugees": "pt", "portuguese": "pt",
    "portugues": "pt", "italiaans": "it", "italian": "it", "italiano": "it", "italienisch": "it",
}  # fmt: skip
_WORDS = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _kinds() -> dict[str, Role]:
    table: dict[str, Role] = {}
    for words, role in (
        (_SURE, Role("text", rank=0)),
        (_LIKELY, Role("text", rank=1)),
        (_FAINT, Role("text", rank=2)),
        (_TITLES, Role("title")),
        (_SUBJECTS, Role("subject")),
        (_GROUPS, Role("group")),
        (_CHANNELS, Role("channel")),
        (_LANGUAGES, Role("language")),
        (_AUDIENCES, Role("audience")),
        (_ACTIVE, Role("active")),
        (_BUTTONS, Role("buttons")),
        (_CUSTOMER, Role("customer")),
        (_AGENT, Role("agent")),
    ):
        table.update(dict.fromkeys(words, role))
    return table


_KINDS = _kinds()


def locale_of(name: str) -> str:
    """The language that a name is the code or the name of ("nl", "pt_BR", "Nederlands"); "" when it is none."""
    simple = simple_name(name)
    if simple in _LOCALE_NAMES:
        return _LOCALE_NAMES[simple]
    parts = re.split(r"[-_]", simple)
    if parts[0] not in _LOCALES or len(parts) > 2 or (len(parts) == 2 and not 2 <= len(parts[1]) <= 4):
        return ""
    return name.strip().replace("_", "-")


@lru_cache(maxsize=4096)
def role(name: str) -> Role:
    """What a column or key of this name holds; kind "" when the name says nothing."""
    simple = simple_name(_CAMEL.sub("_", name))
    joined = "_".join(_WORDS.findall(simple))
    found = _KINDS.get(joined) or _KINDS.get(joined.replace("_", ""))
    if found:
        return found
    words = joined.split("_")
    if len(words) < 2:
        return Role("")
    return _of_words(words)


def _of_words(words: list[str]) -> Role:
    """A name of several words: an agent's or customer's word spoils it, else the last word says what it is."""
    kinds = [_KINDS[word].kind if word in _KINDS else "" for word in words]
    if "agent" in kinds:
        return Role("agent")
    if "customer" in kinds and not _FACING & set(words):
        return Role("customer")
    last = words[-1]
    locale = _LOCALE_NAMES.get(last) or (last if last in _LOCALES else "")
    if locale:
        before = role("_".join(words[:-1]))
        return Role("text", locale, before.rank) if before.kind == "text" else Role("")
    if last.isdigit():
        return role("_".join(words[:-1]))
    if last == "html" and kinds[-2] == "text":
        return role("_".join(words[:-1]))
    if last in _KINDS and (kinds[-1] != "text" or all(word in _NEUTRAL or word in _KINDS for word in words)):
        return _KINDS[last]
    return _KINDS[last] if kinds[-1] == "text" and len(words) == 2 else Role("")


_FOREIGN = frozenset(
    [
        "role",
        "speaker",
        "sender",
        "author",
        "price",
        "prijs",
        "sku",
        "isbn",
        "latitude",
        "longitude",
        "lat",
        "lng",
        "lon",
        "rating",
        "stars",
        "likes",
        "retweets",
        "upvotes",
        "votes",
        "commit",
        "sha",
        "severity",
        "loglevel",
        "lineno",
        "stacktrace",
        "traceback",
        "hostname",
        "ipaddress",
        "license",
        "dependencies",
        "sentiment",
        "conversations",
        "turns",
        "dialogue",
        "dialog",
        "context",
        "premise",
        "hypothesis",
        "embedding",
        "score",
        "probability",
        "confidence",
        "abstract",
        "citation",
        "doi",
        "genre",
        "director",
        "artist",
        "album",
        "answer_start",
    ]
)


def is_other_data(names: Iterable[str]) -> bool:
    """Whether the keys of a record are of something that is no reply: a chat log, a product, a post, a log line."""
    return any(simple_name(name).replace("_", "").replace(" ", "") in _FOREIGN for name in names)
