"""What a column or key is called says what is in it: a reply, its title, its channel, a customer's words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from ..documents.model import simple_name


class Role(NamedTuple):
    """What a field holds.

    ``kind`` is text, beside, title, subject, group, channel, language, audience, active, buttons, customer, agent or
    "" where the name says nothing; what is ``beside`` a text is shown with it. ``rank``: a low one is sure.
    """

    kind: str
    locale: str = ""
    rank: int = 0


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TEXTS = (
    _words("""
        reply replies response responses answer answers antwoord antwoorden antwort antworten
        resposta respostas respuesta respuestas risposta risposte reponse reponses message messages
        mensagem mensagens mensaje mensajes bericht berichten nachricht nachrichten messaggio
        messaggi msg text texts tekst teksten texto textos testo testi texte texten chattext
    """),
    _words("""
        content contents body corpo cuerpo corps template templates sjabloon vorlage modele modelo modello plantilla
        replace wording speech say says script scripts html plain inhoud inhalt reactie reacties
        contenu contenido conteudo contenuto textbaustein textbausteine baustein bausteine wortlaut
        formulierung formulierungen formulation formulations
    """),
    _words("value values variants variations snippet snippets macro comment"),
)
_OTHERS = {
    "beside": _words("""
        footer footertext header headertext caption captions onderschrift bijschrift bildunterschrift legende signature
        handtekening signatur greeting greetings aanhef begroeting anrede begrußung begrussung grußformel grussformel
        schlussformel saludo despedida saudacao saluto salutation closing afsluiting abschluss fallback fallbacks
        followup translation
        translations vertaling vertalingen ubersetzung ubersetzungen traduction traductions traduccion traducciones
        traducao traducoes traduzione traduzioni followups reminder reminders herinnering erinnerung rappel recordatorio
        lembrete promemoria alternative alternatives alternatieven alternativen alternativas alternativi
    """),
    "title": _words("""
        title titulo titulos titel titolo titre name naam nombre nome nom label alias shortcode
        shortcut atalho atajo raccourci scorciatoia kurzel sneltoets key trigger tag slug id code
        abbreviation abbr situatie situation situacao situacion situazione scenario aanleiding geval anliegen anlass
        bezeichnung fall motif motivo cas caso gatilho argomento sujet intitule thema tema topic
    """),
    "subject": _words("subject onderwerp betreff asunto assunto oggetto objet subjectline"),
    "group": _words("""
        category categories categorie kategorie categoria cat folder map ordner carpeta pasta
        cartella section sectie group groep gruppe grupo gruppo collection tags labels theme rubriek
        rubrik
    """),
    "channel": _words("channel channels kanaal kanalen kanal canal canais canales canale medium"),
    "language": _words("language lang locale taal sprache idioma langue lingua"),
    "audience": _words("""
        audience visibility doelgroep zichtbaarheid publiek publico zielgruppe status type kind soort typ tipo
    """),
    "active": _words("active enabled isenabled isactive actief aktiv actif activo ativo attivo"),
    "buttons": _words("buttons options choices knoppen opties quickreplies suggestions"),
    "customer": _words("""
        question questions vraag vragen frage fragen pregunta preguntas pergunta perguntas domanda
        domande duvida duvidas duda dudas user customer klant kunde client cliente instruction instructions pattern
        patterns keyword keywords trefwoord trefwoorden stichwort stichworte schlagwort schlagworte
        query queries input inputs example examples voorbeeld voorbeelden beispiel beispiele
        ejemplo ejemplos exemplo exemplos training synonyms utterance utterances
        phrases intent review reviews feedback complaint klacht usuario usuarios utente utenti
        palabraclave palabrasclave palavrachave palavraschave motcle motscles parolachiave parolechiave
        schlusselwort schlusselworter schluesselwort schluesselwoerter suchbegriff suchbegriffe sleutelwoord
        sleutelwoorden zoekwoord zoekwoorden zoekterm zoektermen searchterm searchterms triggerword triggerwords
        triggerphrase triggerphrases
    """),
    "agent": _words("""
        note notes notitie notities opmerking opmerkingen notiz notizen anmerkung nota notas explain
        explanation description descriptions beschrijving omschrijving toelichting beschreibung descricao
        descripcion descrizione controle hint hints reason internal intern interne interno interna remark
        remarks remarque remarques audit usage gebruik verwendung when wanneer quando cuando quand guidance instructie
        instructies anweisung anweisungen consigne consignes instrucao instrucoes instruccion instrucciones
        istruzione istruzioni indicacion indicaciones indicazioni hinweis hinweise bemerkung bemerkungen anmerkungen
        kommentar kommentare commentaire commentaires comentario comentarios commenti observacao observacoes
        observacion observaciones osservazione osservazioni todo metadata prompt system
    """),
}
REPLIES = _words("""
    reply response answer message msg antwoord bericht antwort nachricht reponse respuesta mensaje resposta mensagem
    risposta messaggio
""")
"""Names for a text, under which a column beside it may have what that is called ("Reply,Text")."""
TEMPLATES = _words("""
    template templates sjabloon vorlage modele modelo modello plantilla textbaustein script macro snippet
""")
"""Names for a text and all that belongs to it: more often than not, beside a text, what it is called."""
KINDS = _words("type typ tipo kind soort")
_NEUTRAL = _words("""
    the of for to in default main full long short customer facing original polished new old nieuwe
    approved final canned quick saved auto standard standaard bot agent whatsapp chat sms email mail
    edited draft van het een de del della du des da do der die das dem den la le il lo el un une una
""")
_QUALITIES = _words("""
    main full long short polished new old approved final canned quick saved auto standard standaard default original
    edited draft bot chatbot robot assistant assistente asistente whatsapp chat sms email mail kort kurz corto curto
    largo longo breve lungo principal principale
""")
"""What kind of a text it is, behind the word for it ("resposta_bot", "text_short")."""
_PARTS = _words("""
    part deel teil partie parte version versie versione versao variant variante variants option optie opcion opcao
""")
"""What is numbered behind the word for a text: "antwoord deel 2"."""
_CHANNELS = _words("whatsapp chat sms email mail")
_FORMATS = _words("html markdown md")
_FACING = _words("facing to for aan voor an fur para pour al au aux ao per")
_TOWARDS = _words("to aan an au aux al ao")
PERSONS = _words("""
    user users customer customers klant klanten kunde kunden client clients cliente clientes clienti usuario usuarios
    utente utenti
""")
_STAFF = _words("""
    agent agents staff team colleague colleagues employee employees operator operators medewerker medewerkers collega
    collegas mitarbeiter mitarbeitern mitarbeitende kollegen agente agentes agenti atendente atendentes operador
    operadores operatore operatori conseiller conseillers
""")
_STEPS = _words("""
    steps step actions action tasks task checklist only stappen stap acties actie taken alleen schritte schritt aktionen
    aufgaben etapes actions pasos acciones passos acoes passi azioni
""")
"""What colleagues do, behind a word for them ("agent steps")."""
_ROMANCE = _words("""
    reponse reponses respuesta respuestas resposta respostas risposta risposte mensaje mensajes mensagem mensagens
    messaggio messaggi texte textes texto textos testo testi
""")
"""Words for a text that what kind of a text it is stands behind: "respuesta sugerida", "réponse type"."""
_SAMPLES = _words(
    "voorbeeld beispiel muster concept model standaard standard snel schnell auto haupt hoofd kern text tekst"
)
"""What stands before a word for a text in one word with it: "voorbeeldantwoord", "Musterantwort"."""
_PROPOSALS = ("vorschlag", "vorschlage", "voorstel", "voorstellen")
"""What stands behind a word for a text in one word with it: "Antwortvorschlag"."""
_ENDINGS = {
    "text": (
        *_PROPOSALS,
        "antwoord",
        "antwoorden",
        "antwort",
        "antworten",
        "bericht",
        "berichten",
        "nachricht",
        "vorlage",
        "reactie",
    ),
    "title": ("naam", "name", "titel", "title"),
    "customer": ("vraag", "vragen", "frage", "fragen"),
}
_LOCALES = _words("""
    af ar az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl he hi hr hu hy id is it ja
    ka kk km ko lb lt lv mk ml ms mt nb nl nn pcm pl pt ro ru sk sl sq sr sv sw ta te th tl tr uk ur
    uz vi yo zh zu nld eng deu ger fra fre spa ita por dut
""")
_LOCALE_NAMES = {
    "nl": "nederlands dutch niederlandisch neerlandais",
    "nl-BE": "vlaams",
    "en": "engels english englisch anglais ingles inglese",
    "de": "duits german deutsch allemand aleman alemao tedesco",
    "fr": "frans french francais franzosisch frances francese",
    "es": "spaans spanish espanol spanisch espagnol espanhol spagnolo",
    "pt": "portugees portuguese portugues portugiesisch portugais portoghese",
    "it": "italiaans italian italiano italienisch italien",
}
_CODES = {name: code for code, names in _LOCALE_NAMES.items() for name in names.split()}
_EMAIL = re.compile(r"\be[ _-]mail\b")
_WHATSAPP = re.compile(r"[Ww]hats(?:[ _-]?A|[ _-]a)pp")
_PART = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MOST_WORDS = 40  # of a name

_KINDS = {word: Role("text", rank=rank) for rank, words in enumerate(_TEXTS) for word in words}
_KINDS.update({word: Role(kind) for kind, words in _OTHERS.items() for word in words})

_FOREIGN = _words("""
    role speaker sender author price prijs sku isbn latitude longitude lat lng lon rating stars
    likes retweets upvotes votes commit sha severity loglevel lineno stacktrace traceback hostname
    ipaddress license dependencies sentiment conversations turns dialogue dialog context premise
    hypothesis embedding score probability confidence abstract citation doi genre director artist
    album answerstart userid postid email phone username firstname lastname address birthdate
    published publishedat authorid htmlurl line column ruleid prefix messagingproduct sentat
    receivedat chatid threadid conversationid synonyms formdata nodeid webhookused
    transitionroutes
""")


@lru_cache(maxsize=4096)
def locale_of(name: str) -> str:
    """The language that a name stands for ("nl", "pt_BR", "Nederlands"); "" when for none."""
    simple = simple_name(name)
    if simple in _CODES:
        return _CODES[simple]
    parts = re.split(r"[-_]", simple)
    if parts[0] not in _LOCALES or len(parts) > 2 or (len(parts) == 2 and not 2 <= len(parts[1]) <= 4):
        return ""
    return name.strip().replace("_", "-")


@lru_cache(maxsize=4096)
def locale_over(name: str) -> str:
    """The language of a name that says that and a channel, nothing else: "Engels (chat)", "nl_email"; "" of others."""
    words = words_of(name)
    others = [word for word in words if word not in _WRITTEN]
    return locale_of(others[0]) if len(words) == 2 and len(others) == 1 and others[0] not in ("id", "is") else ""


@lru_cache(maxsize=4096)
def role(name: str) -> Role:
    """What a column or key of this name holds; kind "" when the name says nothing."""
    words = words_of(name)
    joined = "".join(words)
    found = _KINDS.get(joined) or _of_compound(joined)
    if found:
        return found
    return _of_words(words) if len(words) > 1 else Role("")


@lru_cache(maxsize=1024)
def channel_of(name: str) -> str:
    """The channel that the name of a text says it is for ("Tekst e-mail", "whatsapp_text"); "" where it says none."""
    found = [word for word in words_of(name) if word in _CHANNELS or (word in _WRITTEN and locale_over(name))]
    return found[0] if len(found) == 1 else ""


_WRITTEN = _words("whatsapp email mail sms chat livechat webchat messenger facebook instagram telegram")


@lru_cache(maxsize=1024)
def channel_over(name: str) -> str:
    """The channel that a name says, perhaps with a language and with nothing else: "E-mail", "WhatsApp DE"."""
    if not is_channel(name) and not locale_over(name):
        return ""
    return next((word for word in words_of(name) if word in _WRITTEN), "")


@lru_cache(maxsize=1024)
def is_channel(name: str) -> bool:
    """Whether a name is that of a channel over which texts go, and of nothing else: "E-mail", "WhatsApp?"."""
    return "".join(words_of(name)) in _WRITTEN


def words_of(name: str) -> list[str]:
    """The words of a name, however they are joined: "add_reply", "addReply", "Add reply"."""
    return _PART.findall(_EMAIL.sub("email", simple_name(_CAMEL.sub("_", _WHATSAPP.sub(" whatsapp ", name)))))


def _of_compound(word: str) -> Role | None:
    """A number behind a word ("text1"); a word for a text in one with another ("Antworttext", "berichttekst")."""
    bare = word.rstrip("0123456789")
    if bare != word and bare in _KINDS:
        return _KINDS[bare] if _KINDS[bare].kind in ("text", "beside") else None
    if not word.endswith(_ANY_ENDING):
        return None
    for ending in _TEXT_ENDINGS:
        if word.endswith(ending):
            before = word[: -len(ending)]
            known = before in _NEUTRAL or before in _SAMPLES or _is_text(before) or _is_text(before[:-1])
            return Role("text") if known else None
    for kind, endings in _ENDINGS.items():
        for ending in endings:
            before = word[: -len(ending)]
            if word.endswith(ending) and _goes_before(before, "title" if ending in _PROPOSALS else kind):
                return Role(kind)
    return None


_TEXT_ENDINGS = ("texten", "teksten", "texte", "text", "tekst")
_ANY_ENDING = (*_TEXT_ENDINGS, *(ending for endings in _ENDINGS.values() for ending in endings))
"""Which few names have: a table may have a hundred thousand columns."""


def _goes_before(word: str, kind: str) -> bool:
    """Whether a word may begin a compound whose last word is of a kind: "Kundenfrage", "Vorlagenname"."""
    if kind == "text":
        return word in _SAMPLES
    if kind == "title":
        return _is_text(word) or _is_text(word[:-1])
    return word in PERSONS or word in _SAMPLES


def _is_text(word: str) -> bool:
    return word in _KINDS and _KINDS[word].kind == "text"


def _of_words(words: list[str]) -> Role:
    """A name of several words: an agent's or customer's word spoils it, else the last word decides."""
    kinds = [_KINDS[word].kind if word in _KINDS else "" for word in words]
    facing = next((number for number, word in enumerate(words) if word in _FACING), 0)
    if "agent" in kinds or (facing and "text" not in kinds and not _STAFF.isdisjoint(words[facing:])):
        return Role("agent")
    if facing and "customer" not in kinds[:facing] and not PERSONS.isdisjoint(words[facing:]):
        first = _of_first(words[:facing])  # "reply to the customer", "antwoord aan klant"
        return Role("text", rank=1) if not first.kind and words[facing] in _TOWARDS else first
    if "customer" in kinds and not _FACING & set(words):
        return Role("customer")
    if words[-1] in PERSONS and "text" not in kinds:
        return Role("customer")  # "Anliegen des Kunden"
    last, before = words[-1], words[:-1]
    locale = _CODES.get(last) or (last if last in _LOCALES and last != "id" else "")
    if locale:
        text = _of_first(before)
        return Role("text", locale, text.rank) if text.kind == "text" else Role("")
    if last.isdigit() and before[-1] in _PARTS and len(before) > 1:
        before = before[:-1]
    if last.isdigit() or (last in _FORMATS and kinds[-2] == "text"):
        return _of_first(before)
    if last in _QUALITIES and not kinds[-1] and (of := _of_first(before)).kind == "text":
        return of
    if words[0] in _ROMANCE and (not kinds[-1] or words[-1] in ("type", "tipo")):
        return _KINDS[words[0]]
    if kinds[-1] != "text":
        return _KINDS.get(last, Role(""))
    sure = len(words) == 2 or all(word in _NEUTRAL or word in _KINDS for word in words)
    return _KINDS[last] if sure else Role("")


def _of_first(words: list[str]) -> Role:
    """What the words before an ending say; of a sentence, nothing: it is no name, and each of its words may be one."""
    return role("_".join(words)) if len(words) <= _MOST_WORDS else Role("")


_INTERNAL = re.compile(
    r"(?:(?:is|as|for|only|voor|alleen|enkel|fur|nur|para|pour|per|solo|somente|apenas|seulement|uso|usage)_?){0,3}"
    r"intern(?:al|e[nr]?|o|a)?"
    r"(?:_?(?:only|use|notes?|comments?|notities?|gebruik|gebrauch|notiz(?:en)?|notas?|uso|usage))?",
    re.IGNORECASE,
)


def is_for_staff(name: str) -> bool:
    """Whether a name says that what stands under it is for colleagues alone: "Agent steps", "For the team".

    A bare "Note" may be one for the customer.
    """
    words = words_of(name)
    if is_internal_flag(name):
        return True
    if len(words) < 2 or len(words) > _MOST_WORDS or _STAFF.isdisjoint(words):
        return False
    kinds = [_KINDS[word].kind if word in _KINDS else "" for word in words]
    return "text" not in kinds and ("agent" in kinds or words[-1] in _STEPS or not _FACING.isdisjoint(words))


def is_bare_text(name: str) -> bool:
    """Whether a name says that a text stands under it, and nothing of which: "Body", "Macro text"."""
    words = words_of(name)
    kinds = [_KINDS[word].kind for word in words if word in _KINDS]
    return "text" in kinds and all(word in _NEUTRAL or _is_text(word) for word in words)


_MARKS = _words("stars rating ratings score sterren sterne estrellas estrelas etoiles stelle")


def is_internal_flag(name: str) -> bool:
    """Whether a yes under this name says that an entry is for colleagues: "is_internal", "Intern"."""
    return _INTERNAL.fullmatch("_".join(_PART.findall(simple_name(_CAMEL.sub("_", name))))) is not None


_ENDED = _words("""
    inactive disabled archived deleted inactief uitgeschakeld gearchiveerd inaktiv deaktiviert archiviert desactive
    archive inactivo desactivado archivado inativo desativado arquivado inattivo disattivato archiviato
""")


def is_ended_flag(name: str) -> bool:
    """Whether a yes under this name says that an entry is in use no more: "archived", "isDisabled"."""
    return simple_name(name).removeprefix("is").strip("_ ") in _ENDED


def is_mark(name: str) -> bool:
    """Whether a name stands for marks that customers give."""
    return simple_name(name) in _MARKS


_SHORTCUTS = _words("""
    shortcode shortcut atalho atajo raccourci scorciatoia kurzel sneltoets
""")
_TITLES = _words("title titulo titulos titel titolo titre")


def is_shortcut(name: str) -> bool:
    """Whether it is what an agent types to have a reply: nothing but a reply has one."""
    return "".join(_PART.findall(simple_name(name))) in _SHORTCUTS


def is_other_data(names: Iterable[str], promised: bool = False) -> bool:
    """Whether the keys of a record are of something else: a chat log, a product, a post, a line of a log.

    What has a shortcut is a reply, whoever is its author, and so is what has a title in a list that is ``promised`` to
    hold replies: an answer in a forum has none.
    """
    found = {"".join(_PART.findall(simple_name(name))) for name in names}
    sure = _SHORTCUTS | _TITLES if promised else _SHORTCUTS
    return not _FOREIGN.isdisjoint(found) and sure.isdisjoint(found)
