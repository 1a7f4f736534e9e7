"""What the captures of a conversation take: by name, type, label, pattern and kind of input, and by what was asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from ..accents import without_accents
from ..conversation import Capture, Path
from ..documents import Document
from ..language import names
from ..language.acts import Act
from ..language.pack import Pack
from ..policy.vocabulary import plain_name
from ..resources import languages
from ..source import Span
from .packs import naming_pack
from .patterns import fits

if TYPE_CHECKING:
    from .context import Context, Spoken

_BY_COMPONENT = {
    "passcode": "pin",
    "password": "password",
    "location": "location",
    "contact": "phone",
    "email": "email",
    "phone": "phone",
    "signature": "signature",
}
_TAKEN = {"text": "typed", "number": "typed", "photo": "sent", "upload": "sent"}
"""How an input of a kind takes what it takes."""
_DOCUMENT = re.compile(r"(?i)\bdocument_?(?:picker|upload|input)")
_PARTS = {
    "year": "year jaar jahr annee an ano anno",
    "month": "month maand monat mois mes mese",
    "day": "day dag tag jour dia giorno",
}
_PART_OF = {word: part for part, words in _PARTS.items() for word in words.split()}
_ANY_NAME = frozenset((
    "answer", "antwort", "antwoord", "respuesta", "risposta", "reponse", "resposta", "response", "reply", "input",
    "value", "valor", "valeur", "wert", "waarde", "text", "texto", "testo", "texte", "result", "number", "nummer",
    "numero", "data", "var", "variable", "field", "message", "msg", "last", "one", "two", "three", "x", "a", "b",
))  # fmt: skip
_ALONE = {
    "payment-card": "ccnum ccnumber ccno cardno cardnum creditcardno",
    "phone": "telephone tel telno mobile cellphone phoneno msisdn",
    "home-address": "address addr street streetname",
    "health": "bloodtype bloodgroup",
    "birth-place-and-family": "age",
}
_ALONE_OF = {name: category for category, names in _ALONE.items() for name in names.split()}
"""What a name of one word says where an answer is taken into it; in a sentence it would say less."""
_AREAS = re.compile(r"(?i)address|addr|\bcity|\bstate\b|district|locality|landmark|postal|zip|\barea\b|street|village")
_TOLD = frozenset({"balance", "saldo"})  # the company knows it and tells it
_KINDS = frozenset({"cards"})  # of inputs, named like something that they do not take
_NAMED = frozenset("xOLE")  # tags of things and places that are no data
_MOST_SAID = 20  # texts near a capture that tell how the customer is spoken to
_NEAR = 8  # captures between the first and the last part of a date
_LONGEST_LABEL = 60  # a longer one is a sentence, which is read as one


class Captured:
    """The captures of one conversation. Nothing is worked out before it is asked for."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._captures = context.conversation.captures
        self._known: dict[int, dict[str, str]] = {}
        self._led: dict[tuple[int, int], list[Spoken]] = {}
        self._said: dict[tuple[int, int] | int, str] = {}
        self._plain_questions: dict[tuple[int, int], bool] = {}
        self._near: dict[tuple[int, int] | int, dict[str, dict[str, list[tuple[Spoken, Act]]]]] = {}
        self._by_name: dict[tuple[str, str], dict[str, str]] = {}
        self._by_placeholder: dict[str, dict[str, str]] = {}
        self._repeats: dict[str, dict[str, str]] = {}

    def categories(self, number: int) -> dict[str, str]:
        """The categories that a capture itself says it takes, each with the reason in words."""
        if number not in self._known:
            self._known[number] = self._look(self._captures[number], number)
        return {**self._known[number], **self._whole_dates.get(number, {})}

    def _look(self, capture: Capture, number: int) -> dict[str, str]:
        found: dict[str, str] = {}
        # A choice is of a kind of the product's ("RadioButtonsGroup"), not of one of the bot's.
        type = "" if capture.component == "choice" or capture.type in _KINDS else capture.type.rpartition(".")[2]
        label = "" if capture.type == "OptIn" else capture.label  # who agrees to a sentence sends nothing of it
        for what, said in (("name", capture.name), ("type", type), ("label", label)):
            if said and len(said) <= _LONGEST_LABEL:
                for category, words in self._says(said, _TAKEN.get(capture.component, "")).items():
                    if category == "financial-situation" and words.split()[-1] in _TOLD:
                        continue
                    if what == "name" and names.gives_way(said, category, words) and self._asks_another(number):
                        continue
                    why = f"is '{said}'" if said == words else f"'{said}' says '{words}'"
                    found.setdefault(category, f"its {what} {why}")
        if found.get("pin", "").endswith(("'pincode'", "'pin code'")) and self._is_postcode(capture):
            found.setdefault("home-address", found.pop("pin"))
        if capture.component in _BY_COMPONENT:
            found.setdefault(_BY_COMPONENT[capture.component], f"it is a {capture.component} input")
        for category in fits(capture.pattern):
            found.setdefault(category, f"its pattern '{capture.pattern}' fits such values")
        if _DOCUMENT.search(capture.type):
            found.setdefault("other-document-copy", f"a {capture.type} takes documents")
        return found

    def _asks_another(self, number: int) -> bool:
        """Whether the words of the capture's own step plainly ask for a thing that is no datum: "In which city?"."""
        place = self._context.steps["captures"].get(number)
        if place is None:
            return False
        if place not in self._plain_questions:  # a form's captures have one step, of as many texts
            own = list(self._spoken(self._context.step_at(place).messages))
            self._plain_questions[place] = bool(own) and all(_is_plain_question(spoken) for spoken in own)
        return self._plain_questions[place]

    def _is_postcode(self, capture: Capture) -> bool:
        """Whether a PIN code is India's postcode: in English, where the parts of an address are taken too."""
        if "en" not in self._languages or "nl" in self._languages:
            return False
        areas = self._areas - (_AREAS.search(names.split(capture.name)) is not None)
        return areas > 0 or _AREAS.search(names.split(capture.type)) is not None

    @cached_property
    def _languages(self) -> frozenset[str]:
        return frozenset(spoken.language for spoken in self._context.spoken if spoken.language)

    @cached_property
    def language(self) -> str:
        """The language of the first text that tells one, to speak of captures in."""
        return next((spoken.language for spoken in self._context.spoken if spoken.language), "en")

    @cached_property
    def _areas(self) -> int:
        """How many captures are named like a part of an address."""
        return sum(_AREAS.search(names.split(capture.name)) is not None for capture in self._captures)

    def named(self, name: str) -> dict[str, str]:
        """The categories that a placeholder's name says in English or a language of the conversation, with its words.

        Placeholders are many and short; in a language that nobody speaks here they would say what they don't.
        """
        if name not in self._by_placeholder:
            self._by_placeholder[name] = names.categories(name, self._spoken_packs)
        return self._by_placeholder[name]

    def _says(self, said: str, taken: str = "") -> dict[str, str]:
        if (said, taken) not in self._by_name:
            found = names.categories(said, self._packs, self._languages, taken)
            alone = names.split(said)
            if not found and alone in _ALONE_OF:
                found = {_ALONE_OF[alone]: alone}
            self._by_name[said, taken] = found
        return self._by_name[said, taken]

    @cached_property
    def _spoken_packs(self) -> list[Pack]:
        return [naming_pack(self._context.policy, code) for code in sorted(self._languages | {"en"})]

    @cached_property
    def _packs(self) -> list[Pack]:
        return [naming_pack(self._context.policy, code) for code in languages()]

    @cached_property
    def _whole_dates(self) -> dict[int, dict[str, str]]:
        """A date of birth that is taken in three parts, year and month and day, by the capture of its first part."""
        return {
            group[0]: {
                "date-of-birth": "its parts "
                + ", ".join(f"'{self._captures[number].name}'" for number in group)
                + " are taken one after the other"
            }
            for group in self._groups
        }

    @cached_property
    def parts(self) -> frozenset[int]:
        """The captures that take the second or third part of a date of birth."""
        return frozenset(number for group in self._groups for number in group[1:])

    def group(self, number: int) -> tuple[int, ...]:
        """The captures that together take what this one takes a part of; itself alone otherwise."""
        return self._group_of.get(number, (number,))

    @cached_property
    def _group_of(self) -> dict[int, tuple[int, ...]]:
        return {number: group for group in self._groups for number in group}

    @cached_property
    def _groups(self) -> list[tuple[int, ...]]:
        found: list[tuple[int, ...]] = []
        open_: dict[str, int] = {}
        for number, capture in enumerate(self._captures):
            part = _part(capture.name)
            if not part:
                continue
            if part in open_:
                open_ = {}
            open_[part] = number
            open_ = {name: first for name, first in open_.items() if number - first <= _NEAR}
            if len(open_) == len(_PARTS):
                group = tuple(sorted(open_.values()))
                if any(self._of_birth(one) for one in group):
                    found.append(group)
                open_ = {}
        return found

    def _of_birth(self, number: int) -> bool:
        capture = self._captures[number]
        said = any("date-of-birth" in self._says(one) for one in (capture.name, capture.label[:_LONGEST_LABEL]) if one)
        return said or "date-of-birth" in self.asked(number)

    def asked(self, number: int) -> dict[str, list[tuple[Spoken, Act]]]:
        """The requests by category in the words of the capture's step, or of a step before it that takes nothing."""
        return self._acts_near(number).get("request", {})

    def redirected(self, number: int) -> dict[str, list[tuple[Spoken, Act]]]:
        """What those words send the customer elsewhere to give, by category."""
        return self._acts_near(number).get("redirect", {})

    def words(self, number: int) -> str:
        """What is said where a capture takes its answer."""
        place = self._context.steps["captures"].get(number)
        known = number if place is None else place
        if known not in self._said:
            around = self._around(*place) if place is not None else self._beside(number)
            self._said[known] = "\n".join(spoken.plain.text for spoken in islice(around, _MOST_SAID))
        return self._said[known]

    def _acts_near(self, number: int) -> dict[str, dict[str, list[tuple[Spoken, Act]]]]:
        place = self._context.steps["captures"].get(number)
        known = number if place is None else place  # a form's captures have the texts of their step in common
        if known not in self._near:
            around = self._around(*place) if place is not None else self._beside(number)
            found: dict[str, dict[str, list[tuple[Spoken, Act]]]] = {}
            for spoken in around:
                for act in spoken.acts:
                    found.setdefault(act.force, {}).setdefault(act.data, []).append((spoken, act))
            self._near[known] = found
        return self._near[known]

    def answer_to(self, spoken: Spoken) -> Capture | None:
        """What takes the answer to a text: the field that it stands in, else the first one of its step."""
        number = self._answers.get(id(spoken.message))
        if number is None:
            return None
        document, path = id(spoken.message.document), spoken.message.path
        inner = (self._fields.get((document, path[:end])) for end in range(len(path) - 1, 0, -1))
        return self._captures[next((field for field in inner if field is not None), number)]

    @cached_property
    def _answers(self) -> dict[int, int]:
        """The first capture that takes the answer to a message, by its identity; a question may stand a step before."""
        found: dict[int, int] = {}
        done: set[tuple[int, int]] = set()
        for number in range(len(self._captures)):
            place = self._context.steps["captures"].get(number)
            if place is None:
                found.update((id(spoken.message), number) for spoken in self._beside(number))
            elif place not in done:
                done.add(place)
                own = self._context.step_at(place).messages
                for spoken in self._around(*place):
                    message = spoken.message
                    if message.kind == "prompt" or self._context.numbers[id(message)] in own:
                        found.setdefault(id(message), number)
        return found

    @cached_property
    def _fields(self) -> dict[tuple[int, Path], int]:
        """The captures by the mapping that they are in, such as a form's field with its label."""
        return {(id(one.document), one.path[:-1]): number for number, one in enumerate(self._captures) if one.path}

    def of_another(self, number: int, spoken: Spoken) -> bool:
        """Whether a text is the label of another field than this one."""
        message = spoken.message
        return self._fields.get((id(message.document), message.path[:-1]), number) != number

    def _beside(self, number: int) -> Iterator[Spoken]:
        """Where there are no steps: the texts in the mapping that the capture is in, as those of one message are."""
        capture = self._captures[number]
        if not self._context.conversation.flows:
            yield from self._in_mappings.get((id(capture.document), capture.path[:-1]), ())

    @cached_property
    def _in_mappings(self) -> dict[tuple[int, Path], list[Spoken]]:
        found: dict[tuple[int, Path], list[Spoken]] = {}
        for spoken in self._context.spoken:
            message = spoken.message
            for end in range(max(0, len(message.path) - 2), len(message.path)):
                found.setdefault((id(message.document), message.path[:end]), []).append(spoken)
        return found

    def _around(self, flow: int, number: int) -> Iterator[Spoken]:
        steps = self._context.conversation.flows[flow].steps
        own = list(self._spoken(steps[number].messages))
        yield from own
        for edge in self._context.edges_to(flow).get(number, ()):
            # What a step before asked for and took itself, or waited for as this one does, is no question for this one.
            before = steps[edge.start]
            has_own = bool(own) and (bool(before.captures) or (before.waits and steps[number].waits))
            if edge.start != number and not has_own:
                yield from self._leading(flow, edge.start)

    def _leading(self, flow: int, number: int) -> list[Spoken]:
        """The texts of a step that may speak of what the next one takes: buttons, of which there may be very many that
        lead to as many steps, mostly say nothing of it."""
        if (flow, number) not in self._led:
            said = self._spoken(self._context.step_at((flow, number)).messages)
            self._led[flow, number] = [one for one in said if one.message.kind == "prompt" or one.acts]
        return self._led[flow, number]

    def _spoken(self, messages: tuple[int, ...]) -> Iterator[Spoken]:
        for message in messages:
            yield from self._context.texts(message)

    @cached_property
    def _echoed(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for number, capture in enumerate(self._captures):
            taken = found.setdefault(plain_name(capture.name), {})
            asked = list(self.asked(number)) if _says_nothing(capture.name) else []
            for category in (*self.categories(number), *(asked if len(asked) == 1 else ())):
                taken.setdefault(category, capture.name)
        return found

    def echo(self, placeholder: str) -> dict[str, str]:
        """The categories of what a placeholder repeats, each with the name of the capture that took it."""
        found = self._repeats.get(placeholder)
        if found is None:
            names = (plain_name(placeholder), plain_name(placeholder.rpartition(".")[2]))
            found = next((self._echoed[name] for name in names if self._echoed.get(name)), {})
            self._repeats[placeholder] = found
        return found


def _is_plain_question(spoken: Spoken) -> bool:
    """Whether a text asks for something that it names, and for no datum."""
    if any(act.force == "request" for act in spoken.acts):
        return False
    sentences = [sentence for reading in spoken.readings for sentence in reading.sentences]
    return any(sentence.tags.endswith("?") and not _NAMED.isdisjoint(sentence.tags) for sentence in sentences)


def _says_nothing(name: str) -> bool:
    """Whether a name is one that any answer could have: what was asked for tells what it holds."""
    return all(word in _ANY_NAME or word.isdigit() for word in names.split(name).split())


def _part(name: str) -> str:
    """Which part of a date a name says: year, month, day or none."""
    words = without_accents(names.split(name), "NFKD").split()
    said = {_PART_OF[word] for word in words if word in _PART_OF}
    return said.pop() if len(said) == 1 else ""


def named_at(capture: Capture) -> Span:
    """Where the name stands that says what is taken: the key, where the capture is an entry of a mapping."""
    if capture.path and capture.path[-1] == capture.name and isinstance(capture.document, Document):
        return capture.document.key_span(capture.path)
    return capture.document.span(capture.path)


def is_pointed(capture: Capture) -> bool:
    """Whether there stands a product's number for what is taken (``"variableId": "v7f3"``) where its name would be."""
    return capture.name not in capture.document.source.text[slice(*named_at(capture))]
