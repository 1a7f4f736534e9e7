"""What a datum hangs on: in "the name on your passport" a name is asked for, and no passport.

A preposition says so, or a word like it: words.yaml lists them under ``links``, by what they say.

==========  =======================================================================================================
``of``      what follows belongs to the datum before it: the PIN *of* your card, the e-mail address *for* your login
``to``      it says where something was sent: a code was sent *to* your phone
``with``    it is to be seen on a copy (a passport *with* your photo), or something is held beside it
``shown``   the same of what is seen on it: a scan *showing* your name and date of birth
``beside``  what one does so: we *compare* it with your passport
``for``     what a request is for, at its head or end: *for* your salary we need your IBAN
``so``      what is done then: *so that* we can pay your salary
``then``    the same if it is we who do it: *then* I look up your account, *and* I look up your account
``as``      how a datum is to be given: your name *as* it stands on your passport
``per``     the same, and the document right behind it: your name *according to* your passport
``is``      a verb by which something is only said of it: your PIN *is* personal, the code *has* six digits
``ends``    how a verb ends by which we say so, where "we" can be left out: y busc*o* su cuenta
``which``   what begins a question for more than yes or no: *how* long have you had it
==========  =======================================================================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..expressions import expression
from .lexicon import DATA
from .sentences import Sentence

KINDS = ("of", "to", "with", "shown", "beside", "for", "so", "then", "as", "per", "is", "ends", "which")
PURPOSE = "purpose"
_HANGS = "hangs"
"""Beside a place: under which the memo of a part has what the datum there hangs on."""
_ARTICLES = 1  # units between a verb and the noun behind it
_CLOSE = 3  # units between a linking word and the datum that it leads to
_FAR = 9  # units between a datum and what it hangs on
_HEAD_AND_GREETING = 11  # units at most of "Hi Ann, for your"
COPIES = "identity-document-copy"
_ACCOUNT = "bank-account"
_INCOME = ("financial-situation",)
_PLACES = frozenset({"email", "phone", "home-address"})
"""Data that say where something is sent."""
_SHOWN = frozenset({"name", "date-of-birth", "signature", "home-address", "biometric", "national-id"})
"""Data that are to be seen on a document."""

# What may stand between a datum and what it hangs on: nothing that begins anew.
_LINKING = frozenset("_rxWVkSh")
_ACROSS = frozenset("_rxSkVhyoCMt9w$gl+OX")
_IN_PICTURE = frozenset("_&rxWwKkSCDdP,")
_IN_COMPARISON = frozenset("_rxKkVSwyOL&2")
_ANOTHERS = expression(r"[xLOMg]_*r_*$")
_IN_PURPOSE = frozenset("_rxwycCkVSLBMhoOtl9#$FeG&bi2")
_IN_NEED = frozenset("_rANxV")
_NEED, _ASKING = "N", "AN"
_NEEDED = expression(r"[DdPQ][_wy]{0,3}N$")
_IS_ALL = expression(r"(?:[,|&_r]{1,3}[DdP])*[_x]{0,2}(?:[.!]|$)")
_IN_AIM = frozenset("_rykcGSLxDd&|")
_BEGINS = frozenset("&bi2")
_IN_LIKENESS = frozenset("_rxSVhy&W3")
_HEAD_OF_LIKENESS = frozenset("_rxSVhywCN,(pHuG")

_ARTICLE = expression(r"_{0,2}(?:r_?[xS#]?)?|[xk]_?r|[Wyw_]{0,3}[VkhCS][_xyS]{0,2}r?_?|w_{0,2}r_?")
"""Between the link and the datum: an article, or a short clause: "on which you receive" your salary."""
_RELATIVE = expression(r"_{1,2}r?[xS]?")
_TO_WHICH = expression(r"[Dd],__$")
"""Before an article that may be a linking word itself: "das Konto, auf das" der Lohn soll."""
_HEAD = expression(r"(?P<greeting>[_x+*]{1,4},)?[_rxy2cK]{1,6}")
_AT_HEAD = expression(r"&?[_xK]{1,3}r?")
_THE_DATUM = expression(r",_?[Dd]")
_ASKS_LATER = expression(r"[^.?!;:]{0,12}(?:[GNAW][^.?!;:]{0,8}[DdPQO]|Q|2$)")
_ASKS_AFTER = expression(r"[^.?!;,]{0,5}[NAWep]")
_QUESTION = expression(r"[^.!;,]{0,3}[?]")
_SO_THAT = expression(
    r"(?:_?[wy]_?C?_?[xkcVSLM]{1,2}|_?C_?[xkcVSLM]{1,2}|[xkcVSLM]{1,2})_{0,2}(?:r_?x?)?"
    r"|[_C]?w[_C]{0,2}G?_{0,2}r?_?x?"
)
_WE_THEN = expression(r"(?:w_?C?_?[xkcVSL]{1,2}|[xkcSLFB_]?w)_?(?:r_?x?)?")
_VERB = expression(r"[xkcVSLhB]_?r_?")
_SUBJECT = expression(r"[_r]{0,3}[DdPQ]")
_SAID_OF_IT = expression(r"[_xhSVErdDPQ9kto#KgOyJsXTZ+,&c]+[.!]+")
_VERB_LAST = expression(r"(?:[&|,]?[_ry]{0,2}[Dd]){0,2}_?[kcGSL]")
_EXPLAINING = expression(r"[_x]{1,8}")
_BY_US_BEHIND = expression(r"w[_xy]{0,4}$")
_VERBS_LAST = expression(r"[_kxCVS]{1,4}(?=[.!,;]|$)")
_INTO_ACCOUNT = expression(r"[_xrywACMVeShko]{0,6}")
_INTO_WHICH = expression(r"[_x]?W[_xrywACMVeShko]{0,6}")
_ACCOUNT_YOUR_PAY = expression(r"[dD]r[dD][MC]")
_FIRST = expression(r"_{0,2}")
_COPIED = expression(r"K[_r,&|P]{1,12}$")  # from the word of a copy to the last of the documents that it is of
_AND_BEFORE = expression(r"(?:,[_&]{0,2}|[&|]_{0,2})$")
_AND_THERE = expression(r"[&|][_r]{0,2}$")
_SENT_BY_US = expression(r"[_h]{0,2}V")
_SENT = expression(r"[^.?!;:,GNAWM]{0,6}V[^?]{0,4}(?:[.!]|$)")


class Links:
    """The linking words of a language."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        self._words = {kind: frozenset(words.get(kind, ())) for kind in KINDS}
        self._any = self._words["of"] | self._words["to"] | self._words["with"]
        self._ends = tuple(self._words["ends"])

    def asks_whether(self, sentence: Sentence, place: int) -> bool:
        """Whether the question at a place of a sentence is answered by yes or no; never, where no words tell."""
        which = self._words["which"]
        return bool(which) and "W" not in sentence.tags and which.isdisjoint(sentence.said(place))

    def of(self, sentence: Sentence, place: int) -> str:
        """What the datum at a place of a sentence hangs on.

        "datum", "document", "sending", "comparison", "purpose", "need" or "account"; "" if on nothing. Remembered, as
        it is all in the sentence.
        """
        known, key = sentence.part.memo, (_HANGS, place)
        if key not in known:
            known[key] = self._of(sentence, place)
        return known[key]  # type: ignore[no-any-return]

    def _of(self, sentence: Sentence, place: int) -> str:
        if _is_paid_in(sentence, place):
            return "account"
        if self._shown(sentence, place):
            return "document"
        if self._compared(sentence, place):
            return "comparison"
        if self._before_head(sentence, place) or self._stands_first(sentence, place) or self._likened(sentence, place):
            return "datum"
        if self._for_what(sentence, place) or self._aim(sentence, place) or self._done_then(sentence, place):
            return PURPOSE
        if self._needed_for(sentence, place):
            return "need"
        if linked := self._linked(sentence, place):
            return linked
        if self._listed(sentence, place):
            return "document"
        return "sending" if self._sent_too(sentence, place) else ""

    def by(self, sentence: Sentence, place: int) -> bool:
        """Whether a place is said with a word of sending: *by* e-mail."""
        return not self._words["to"].isdisjoint(sentence.said(place))

    def says_is(self, word: str) -> bool:
        """Whether a word says that one thing is another: "is", "was"."""
        return word in self._words["is"]

    def leads_to(self, word: str) -> bool:
        """Whether a word says where something goes: "to", "on"."""
        return word in self._words["to"]

    def is_other(self, sentence: Sentence) -> bool:
        """Whether a sentence says of a datum that it is something else: the long number *is* the tracking number."""
        return any(
            not self._words["is"].isdisjoint(sentence.said(at)[:1])
            for place, tag in enumerate(sentence.tags)
            if tag == "O"
            for at in range(max(0, place - _ARTICLES - 1), place)
        )

    def leads(self, sentence: Sentence, place: int) -> bool:
        """Whether a linking word leads to a datum: *on* your card, *to* your phone."""
        return any(not self._any.isdisjoint(sentence.said(at)) for at in range(max(0, place - _CLOSE), place))

    def is_address(self, sentence: Sentence, place: int) -> bool:
        """Whether a datum says where something is sent or found: *in* your e-mail."""
        return _is_place(sentence, place) and self.leads(sentence, place)

    def only_says(self, sentence: Sentence) -> bool:
        """Whether a sentence begins with a datum and only says something of it."""
        subject = _SUBJECT.match(sentence.tags)
        verb = subject.end() if subject else len(sentence.tags)
        if verb + 1 >= len(sentence.tags) or sentence.said(verb)[0] not in self._words["is"]:
            return False
        if not self._any.isdisjoint([sentence.said(at)[0] for at in range(verb)]):
            return False  # "on the back of your card are three digits"
        return _SAID_OF_IT.fullmatch(sentence.tags, verb) is not None

    def _linked(self, sentence: Sentence, place: int) -> str:
        """What a datum hangs on by the nearest linking word before it."""
        tags = sentence.tags
        head = place - 1
        while head >= 0 and place - head <= _FAR and tags[head] not in DATA:
            if tags[head] in _LINKING and (said := self._any.intersection(sentence.said(head))):
                if tags[head] == "r" and tags[head - 1 : head] == "_":  # "auf/mit Ihrer Karte": no genitive
                    head -= 1
                    said = self._any.intersection(sentence.said(head))
                found = self._governed(sentence, head, place, said) if said and _fits(tags, head, place) else ""
                if found or not _TO_WHICH.search(tags, 0, head):
                    return found
            head -= 1
        to = _is_place(sentence, place) and sentence.said(place)[0] in self._words["to"]
        if to and "V" in tags[max(0, place - 3) : place]:
            return "sending"
        return "datum" if head >= 0 and tags[head] in DATA and self._linking(sentence, head, place) else ""

    def _listed(self, sentence: Sentence, place: int) -> bool:
        """Whether a datum is in the list of those to be seen on a copy: with name *and date of birth*."""
        tags = sentence.tags
        while not _SHOWN.isdisjoint(sentence.units[place].data):
            between = _AND_BEFORE.search(tags, 0, place)
            if between is None or between.start() == 0 or tags[between.start() - 1] not in DATA:
                return False
            place = between.start() - 1
            if self._linked(sentence, place) == "document":
                return True
        return False

    def _sent_too(self, sentence: Sentence, place: int) -> bool:
        """Whether a place stands beside another to which something was sent: to your mobile *and e-mail*."""
        between = _AND_THERE.search(sentence.tags, 0, place) if _is_place(sentence, place) else None
        if between is None or between.start() == 0 or sentence.tags[between.start() - 1] not in DATA:
            return False
        return self._linked(sentence, between.start() - 1) == "sending"

    def _linking(self, sentence: Sentence, head: int, place: int) -> bool:
        """Whether a linking word is part of one of two terms: "the code on the back of" your card."""
        if _beside(sentence, head, place, frozenset()):
            return False
        said, own = sentence.said(head), sentence.said(place)
        of, shown = self._words["of"], self._words["shown"]
        if _fits(sentence.tags, head, place) and (said[-1] in of or not shown.isdisjoint(said[-2:-1])):
            return True
        if head == place - 1 and _is_place(sentence, place) and not self._words["to"].isdisjoint(said[1:]):
            return True  # "el código que recibió en su teléfono" móvil
        return head == place - 1 and len(own) > 1 and own[0] in of

    def _governed(self, sentence: Sentence, link: int, place: int, said: frozenset[str]) -> str:
        """What a datum hangs on by a linking word at ``link``; ``said`` is the word."""
        tags, words = sentence.tags, self._words
        sent = _is_place(sentence, place) and not said.isdisjoint(words["to"])
        if sent and (tags[link] == "V" or _sent_after(tags, link, place)):
            return "sending"
        head = link - 1
        if head >= 0 and tags[head] == "," and _RELATIVE.fullmatch(tags, link + 1, place):
            head -= 1  # "die IBAN, auf die Ihr Gehalt kommt"
        if head > 0 and tags[head] == "G" and tags[link] == "W":
            head -= 1  # "kunt u het e-mailadres bevestigen waar we uw loonstrook heen sturen"
        comma = tags.rfind(",", 0, link)
        if comma > 0 and tags[comma - 1] in DATA and self._explains(sentence, comma + 1, link):
            return "datum"  # "die Versichertennummer, das ist die auf Ihrer Karte"
        while head >= 0 and link - head <= _FAR and tags[head] in _ACROSS:
            if sent and tags[head] == "V":
                return "sending"
            head -= 1
        if head < 0 or tags[head] not in DATA:
            return ""
        shown = said & words["with"] and not _SHOWN.isdisjoint(sentence.units[place].data)
        if shown and tags[head] == "P" and ("K" in tags[max(0, head - 5) : head] or _COPIED.search(tags, 0, head)):
            return "document"
        return "datum" if said & words["of"] and not _beside(sentence, head, place, said) else ""

    def _explains(self, sentence: Sentence, first: int, end: int) -> bool:
        """Whether a clause says where the datum before it stands: your number, *that is the one on* your card."""
        if _EXPLAINING.fullmatch(sentence.tags, first, end + 1) is None:
            return False
        opening = [word for unit in range(first, end) for word in sentence.said(unit)][: _ARTICLES + 1]
        return not self._words["is"].isdisjoint(opening)

    def _shown(self, sentence: Sentence, place: int) -> bool:
        """Whether a datum is one of those to be seen on a copy: showing your name *and date of birth*."""
        if _SHOWN.isdisjoint(sentence.units[place].data):
            return False
        words = self._words
        for at, said in _before(sentence, place, _IN_PICTURE):
            pictured = "K" in sentence.tags[at + 1 : at + 4] or _is_copy(sentence, at)
            if not words["shown"].isdisjoint(said) or (pictured and not words["with"].isdisjoint(said)):
                return any(_is_copy(sentence, unit) for unit in range(max(0, at - 4), at + 1))
        return False

    def _compared(self, sentence: Sentence, place: int) -> bool:
        """Whether what is given is compared with it: we check it *against the photo on* your passport."""
        beside = False
        for at, said in _before(sentence, place, _IN_COMPARISON):
            if beside and not self._words["beside"].isdisjoint(said):
                return True
            if not beside and not self._words["with"].isdisjoint(said):
                if _ANOTHERS.search(sentence.tags, at, place):
                    return False  # "zum Abgleich mit der Anmeldung noch dein Geburtsdatum"
                beside = True
                if _BY_US_BEHIND.search(sentence.tags, 0, at) and self._is_beside(sentence, place + 1):
                    return True  # "damit wir dich mit dem Ausweis abgleichen können"
        return False

    def _is_beside(self, sentence: Sentence, first: int) -> bool:
        """Whether a verb of comparing closes a clause, from a unit on: "… *vergleichen* können"."""
        last = _VERBS_LAST.match(sentence.tags, first)
        units = range(first, last.end() if last else first)
        return any(not self._words["beside"].isdisjoint(sentence.said(unit)) for unit in units)

    def _likened(self, sentence: Sentence, place: int) -> bool:
        """Whether a datum before it is to be given as it stands there: your name *as shown on* your passport."""
        tags, words = sentence.tags, self._words
        on = False
        for at, said in _before(sentence, place, _IN_LIKENESS):
            if said[0] in words["per"] or (said[0] in words["as"] and (on or self._leads_on(said[1:]))):
                head = at - 1
                while head >= 0 and at - head <= _FAR and tags[head] in _HEAD_OF_LIKENESS:
                    head -= 1
                return head >= 0 and tags[head] in DATA
            if tags[at] == "&":
                return False  # "your name as shown on the card, and the card number"
            on = on or tags[at] in "SV" or not words["of"].isdisjoint(said)
        return False

    def _leads_on(self, said: Iterable[str]) -> bool:
        """Whether "as" goes on with where it stands, or "per": *as on*, *as per* your passport."""
        return any(word in self._words["of"] or word in self._words["per"] for word in said)

    def _before_head(self, sentence: Sentence, place: int) -> bool:
        """Whether it is part of what is said of a datum behind it: "die zu Ihrer Karte hinterlegte Handynummer"."""
        tags = sentence.tags
        if place < 3 or tags[place + 2 : place + 3] not in ("D", "d") or tags[place + 1] not in "xSkV":
            return False
        linked = not self._any.isdisjoint(sentence.said(place - 2))
        return linked and tags[place - 1] == "r" and tags[place - 3] in "_Q"

    def _stands_first(self, sentence: Sentence, place: int) -> bool:
        """Whether a sentence begins with it as the place of the datum behind it: "On your card, the digits"."""
        tags = sentence.tags
        if place > 4 or not _AT_HEAD.fullmatch(tags, 0, place) or not _THE_DATUM.match(tags, place + 1):
            return False
        return any(not self._words["of"].isdisjoint(sentence.said(unit)) for unit in range(place))

    def _for_what(self, sentence: Sentence, place: int) -> bool:
        """Whether a sentence begins with what it asks for something else for."""
        tags = sentence.tags
        head = _HEAD.fullmatch(tags, 0, place) if place <= _HEAD_AND_GREETING else None
        if head is None or _ASKS_LATER.search(tags, place + 1) is None:
            return False
        said = [word for unit in range(max(0, head.end("greeting")), place) for word in sentence.said(unit)[:2]]
        return not self._words["for"].isdisjoint(said[:3])

    def _needed_for(self, sentence: Sentence, place: int) -> bool:
        """Whether it is what another datum, named before, is needed for: "We need it *for* your passport"."""
        tags = sentence.tags
        if _IS_ALL.match(tags, place + 1) is None:
            return False
        for at, said in _before(sentence, place, _IN_NEED):
            if said[-1] in self._words["for"]:
                inside = tags[at] in _ASKING  # "we need it for"
                needs = tags[: at + inside].rstrip("_")
                if not DATA.isdisjoint(needs):  # "Ihre PIN brauche ich noch für die Karte"
                    return not inside and _NEEDED.search(needs) is not None
                if not inside and _NEED not in needs:
                    return self._only_is(sentence, at)
                return sentence.refers
            if tags[at] not in "_r":
                return False
        return False

    def _only_is(self, sentence: Sentence, end: int) -> bool:
        """Whether a sentence says as far as a unit no more than that it is: "It is only *for* your passport"."""
        verb = end - 1
        while verb > 0 and sentence.tags[verb] == "l":
            verb -= 1
        said = sentence.said(verb) if 0 <= verb <= _ARTICLES + 1 else [""]
        return said[-1] in self._words["is"] or said[0] in self._words["is"]

    def _aim(self, sentence: Sentence, place: int) -> bool:
        """Whether it is what one gives another datum for: enter the code *to confirm* your e-mail address."""
        tags = sentence.tags
        for at, said in _before(sentence, place, _IN_AIM):
            if said and said[0] in self._words["for"]:
                given = tags[:at]
                verb = tags[at] in "kcGSL" or (tags[at] == "_" and _VERB_LAST.match(tags, place + 1))
                verb = verb or (tags[at] == "_" and tags[at + 1] in "cG")  # "to", "para"
                return bool(verb) and "G" in given and (sentence.refers or not DATA.isdisjoint(given))
        return False

    def _done_then(self, sentence: Sentence, place: int) -> bool:
        """Whether the clause of a datum says what we do when we have been given another."""
        tags, words = sentence.tags, self._words
        if tags[place] == "Q" or _ASKS_AFTER.match(tags, place + 1):
            return False
        question = _QUESTION.match(tags, place + 1)
        for at, said in _before(sentence, place, _IN_PURPOSE):
            then = not words["then"].isdisjoint(said)
            if not words["so"].isdisjoint(said) or (then and len(said) > 1 and tags[at] != "&"):
                if question and DATA.isdisjoint(tags[:at]):
                    return False
                return _SO_THAT.fullmatch(tags, at + 1, place) is not None
            if question and then:
                return False
            if then:
                return _WE_THEN.fullmatch(tags, at + 1, place) is not None or self._says_we(sentence, at + 1, place)
            if tags[at] in _BEGINS:
                return False
        return False

    def _says_we(self, sentence: Sentence, first: int, place: int) -> bool:
        """Whether what stands before a datum is a verb that says "we" by its ending: busco su."""
        if _VERB.fullmatch(sentence.tags, first, place) is None:
            return False
        (verb, *more) = sentence.said(first)
        return not more and verb.endswith(self._ends)


def _is_paid_in(sentence: Sentence, place: int) -> bool:
    """Whether it is what is paid into an account that is asked for: to which account may your salary go?"""
    if sentence.units[place].data != _INCOME:
        return False
    asked = max((at for at in range(place) if _ACCOUNT in sentence.units[at].data), default=-1)
    if asked < 0:
        return False
    tags = sentence.tags
    between = _INTO_ACCOUNT if tags[asked] == "Q" else _INTO_WHICH
    said = between.fullmatch(tags, asked + 1, place) or _ACCOUNT_YOUR_PAY.match(tags, asked)
    return said is not None


def _before(sentence: Sentence, place: int, among: frozenset[str]) -> Iterator[tuple[int, list[str]]]:
    """The units before a place, from there backwards, as far as their tags are among those given; with their words."""
    for at in range(place - 1, max(-1, place - 1 - _FAR), -1):
        if sentence.tags[at] not in among:
            return
        yield at, sentence.said(at)


def _fits(tags: str, link: int, place: int) -> bool:
    return _ARTICLE.fullmatch(tags, link + 1, place) is not None


def _sent_after(tags: str, link: int, place: int) -> bool:
    """Whether a verb of sending stands behind a datum: "an Ihr Handy wurde ein Code gesendet"."""
    if "w" in tags[max(0, link - 4) : link]:
        return _SENT_BY_US.match(tags, place + 1) is not None
    return _FIRST.fullmatch(tags, 0, link) is not None and _SENT.match(tags, place + 1) is not None


def _is_place(sentence: Sentence, place: int) -> bool:
    unit = sentence.units[place]
    return unit.tag != "Q" and not _PLACES.isdisjoint(unit.data)


def _is_copy(sentence: Sentence, place: int) -> bool:
    unit = sentence.units[place]
    return unit.tag in DATA and COPIES in unit.data


def _beside(sentence: Sentence, head: int, place: int, said: frozenset[str]) -> bool:
    """Whether two data stand beside one another after all: need *of* your name or *of* your address."""
    one, other = sentence.units[head].data, sentence.units[place].data
    if one == other or other == ("biometric",) or (one, other) == (("home-address",), ("email",)):
        return True
    return any(not said.isdisjoint(sentence.said(unit)) for unit in range(max(0, head - 2), head))
