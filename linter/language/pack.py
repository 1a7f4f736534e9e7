"""A language pack ready for use: lexicon, constructions, weights. Compiled once, then read from the cache."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache as cache_
from functools import partial
from typing import Any

from .. import cache, resources
from ..remembering import remembered
from ..resources import PackError
from .clauses import cuts_in
from .described import KINDS as DESCRIBED
from .described import Described
from .greetings import KINDS as GREETINGS
from .greetings import Greetings
from .inflections import inflected
from .lexicon import Lexicon
from .links import KINDS, Links
from .numbers import Numbers, numbers_in
from .pronouns import KINDS as PRONOUNS
from .pronouns import Pronouns
from .proposals import Construction, Groups, Possible, find, find_first
from .senses import Senses
from .tokens import words

_FORMAT = 51
_NUMBERED = ("words", "data", "statements")  # the files of a language whose entries may name numbers
_CUTS = "CUT_"
_MOST_FOUND = 4_000  # strings of tags that are remembered with what is in them


class Pack:
    """One language: ``lexicon`` tags a text, ``constructions`` are looked for in the tags, ``weights`` count them."""

    __slots__ = (
        "abbreviations",
        "code",
        "common",
        "constructions",
        "cuts",
        "described",
        "elsewhere",
        "english",
        "found",
        "greetings",
        "groups",
        "inflections",
        "lexicon",
        "links",
        "name",
        "near_misses",
        "numbers",
        "phrases",
        "pictures",
        "pronouns",
        "referred",
        "segments",
        "stated",
        "statements",
        "weights",
    )

    def __init__(self, code: str, compiled: dict[str, Any]) -> None:
        self.code = code
        self.name: str = compiled["name"]
        self.english: str = compiled["english"]
        self.abbreviations = frozenset(compiled["abbreviations"])
        self.common = frozenset(word.lower() for word in compiled["common"])
        self.elsewhere = frozenset(compiled["elsewhere"])
        """Words of this language that are data in another."""
        self.near_misses = frozenset(compiled["near-misses"])
        """Words of their own that one letter sets apart from one for data."""
        self.pictures: dict[str, tuple[str, ...]] = compiled["pictures"]
        """The words that emoji stand for in the midst of a sentence."""
        self.inflections: tuple[str, ...] = tuple(compiled["inflections"])
        """How the words of an organisation's own terms may end besides."""
        self.lexicon = Lexicon(compiled["root"], compiled["meanings"], compiled["clitics"], compiled["to us"])
        constructions = [Construction(*construction) for construction in compiled["constructions"]]
        cutting = [one for one in constructions if one.name.startswith(_CUTS)]
        self.cuts = remembered(partial(cuts_in, possible=Possible(cutting)), _MOST_FOUND)
        """Where a sentence with these tags is cut, before other constructions are looked for; remembered."""
        self.constructions = [one for one in constructions if not one.name.startswith(_CUTS)]
        self.statements = [Construction(*statement) for statement in compiled["statements"]]
        self.phrases = Lexicon(compiled["phrases"], compiled["kinds"], [])
        """The phrases of statements.yaml; the tag of one is its kind."""
        self.found = remembered(partial(find, possible=Possible(self.constructions)), _MOST_FOUND)
        """The constructions in a string of tags, remembered: sentences are many, kinds of sentences fewer."""
        self.greetings = Greetings(compiled["greetings"], compiled["common"])
        referring = [Construction(*reference) for reference in compiled["references"]]
        self.pronouns = Pronouns(compiled["pronouns"])
        self.described = Described(compiled["described"])
        self.referred = remembered(partial(find_first, possible=Possible(referring)), _MOST_FOUND)
        """The constructions in a string of tags with pronouns: what is wanted of what was named before."""
        self.stated = remembered(partial(find_first, possible=Possible(self.statements)), _MOST_FOUND)
        """The same of statements."""
        self.weights: dict[str, float] = compiled["weights"]
        self.links = links = Links(compiled["links"])
        self.groups = Groups(links, Senses(compiled["senses"], links))
        self.numbers = Numbers(compiled["numbers"])
        self.segments: Any = None
        """What was made of segments of text; see segments.py."""

    def extended(self, terms: dict[str, tuple[str, ...]], places: tuple[str, ...] = ()) -> Pack:
        """This pack with an organisation's own terms (category -> words) and own safe places (names)."""
        import copy

        other = copy.copy(self)
        own_forms = {category: inflected(words, self.inflections) for category, words in terms.items()}
        other.lexicon = self.lexicon.extended(own_forms, places)
        other.segments = None
        own = " ".join([*places, *(word for words in terms.values() for word in words)])
        other.numbers = Numbers([*self.numbers.named, *numbers_in(own)])
        return other


@cache_
def load(code: str) -> Pack:
    """The pack of a language. Raises PackError for a pack that can't be read."""
    return Pack(code, _compiled(code))


def texts_of(code: str) -> dict[str, str]:
    """The files of a language's grammar, by name."""
    names = ["tags.lark", "request.lark", "reference.lark", "statements.lark", "weights.yaml"]
    names += [
        f"{code}/{name}" for name in ("words.yaml", "data.yaml", "statements.yaml", "request.lark", "weights.yaml")
    ]
    return {name: resources.grammar(name) for name in names if resources.has_grammar(name)}


@cache_
def print_of(code: str) -> str:
    """A name for the files of a language's grammar as they are: what is made of them is kept under it."""
    return cache.key((part for pair in sorted(texts_of(code).items()) for part in pair), any_python=True)


def _compiled(code: str) -> dict[str, Any]:
    name = f"{code}-{cache.key([str(_FORMAT), print_of(code)], any_python=True)}"
    compiled = cache.get(name)
    if compiled is None:
        compiled = compile_pack(code, texts_of(code))
        cache.put(name, compiled)
    return compiled  # type: ignore[no-any-return]


def compile_pack(code: str, texts: dict[str, str]) -> dict[str, Any]:
    """The plain data of a pack from the texts of its files, by name. Raises PackError."""
    from .tagset import needed, tags
    from .trie import Root
    from .wordlists import compile_lists, compile_phrases

    language, data = _parsed(texts, f"{code}/words.yaml"), _parsed(texts, f"{code}/data.yaml")
    if not data:
        raise PackError(f"grammar/{code}/data.yaml is missing or empty")
    root, meanings = compile_lists(language, data, tags(texts["tags.lark"]))
    phrases, kinds = compile_phrases(_parsed(texts, f"{code}/statements.yaml"), code)
    found = _constructions(texts, "request.lark")
    if f"{code}/request.lark" in texts:
        found += [item for item in _constructions(texts, f"{code}/request.lark") if item not in found]
    told = _constructions(texts, "statements.lark")
    referring = _constructions(texts, "reference.lark")
    weights = {**_weights(_parsed(texts, "weights.yaml"))}
    for name, weight in _weights(_parsed(texts, f"{code}/weights.yaml")).items():
        weights[name] = weights.get(name, 0.0) + weight
    return {
        "name": str(language.get("name", code)),
        "english": str(language.get("english", code)),
        "abbreviations": [str(word).strip(".").lower() for word in language.get("abbreviations") or ()],
        "common": [str(word) for word in language.get("common") or ()],
        "elsewhere": [str(word).lower() for word in language.get("elsewhere") or ()],
        "inflections": [str(ending).lower() for ending in language.get("inflections") or ()],
        "near-misses": [str(word).lower() for word in data.get("near-misses") or ()],
        "pictures": {str(sign): tuple(words(str(said))) for sign, said in (data.get("pictures") or {}).items()},
        "senses": _senses(data),
        "links": _words_by_kind(language, "links", KINDS, code),
        "pronouns": _words_by_kind(language, "pronouns", PRONOUNS, code),
        "described": _words_by_kind(language, "described", DESCRIBED, code),
        "greetings": _words_by_kind(language, "greetings", GREETINGS, code),
        "clitics": [str(clitic) for clitic in language.get("clitics") or ()],
        "to us": [str(word) for word in language.get("to_us") or ()],
        "root": Root.packed(root),
        "meanings": meanings,
        "constructions": [(name, pattern, needed(pattern)) for name, pattern in found],
        "statements": [(name, pattern, needed(pattern)) for name, pattern in told],
        "references": [(name, pattern, needed(pattern)) for name, pattern in referring],
        "phrases": Root.packed(phrases),
        "kinds": kinds,
        "weights": weights,
        "numbers": sorted(set(numbers_in(" ".join(texts.get(f"{code}/{name}.yaml", "") for name in _NUMBERED)))),
    }


def _parsed(texts: dict[str, str], name: str) -> dict[str, Any]:
    """A file of lists; empty if there is none. Raises PackError."""
    import yaml

    if name not in texts:
        return {}
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)(texts[name])
    try:
        node = loader.get_single_node()
        key = next(_twice(node), None)
        if key is not None:
            raise PackError(f"grammar/{name}:{key.start_mark.line + 1}: '{key.value}' stands here twice; one is enough")
        value = loader.construct_document(node) if node is not None else None
    except yaml.YAMLError as error:
        raise PackError(f"grammar/{name}: {error}") from None
    finally:
        loader.dispose()
    return value if isinstance(value, dict) else {}


def _twice(node: Any) -> Iterator[Any]:
    """The keys that stand in one mapping for the second time: YAML would forget what is under the first."""
    known: set[str] = set()
    for pair in node.value if node is not None and node.id != "scalar" else ():
        if node.id == "mapping":
            key, value = pair
            if key.value in known:
                yield key
            known.add(key.value)
            yield from _twice(value)
        else:
            yield from _twice(pair)


def _constructions(texts: dict[str, str], name: str) -> list[tuple[str, str]]:
    """The constructions of a grammar, each with its pattern of tags. Raises PackError."""
    from lark.exceptions import LarkError

    from .tagset import constructions

    def source(name: str) -> str:
        return texts[name if name.endswith(".lark") else name + ".lark"]

    try:
        return constructions(texts[name], source)
    except (LarkError, re.error) as error:
        raise PackError(f"grammar/{name}: {str(error).strip()}") from None


def _words_by_kind(value: dict[str, Any], key: str, kinds: tuple[str, ...], code: str) -> dict[str, list[str]]:
    """Words of words.yaml under a key, by their kind. Raises PackError for a kind that there is not."""
    found = value.get(key) or {}
    for kind in found:
        if kind not in kinds:
            raise PackError(f"grammar/{code}/words.yaml {key}: no place for {kind!r}; there are {', '.join(kinds)}")
    return {str(kind): [str(word).lower() for word in words or ()] for kind, words in found.items()}


def _senses(value: dict[str, Any]) -> dict[str, Any]:
    """The terms that mean several data: their words as the tokeniser cuts them, and what they are after what."""
    return {
        str(category): {
            "words": sorted(str(word).lower() for word in of.get("words") or ()),
            "names": sorted(str(word).lower() for word in of.get("names") or ()),
            "bare": sorted(str(word).lower() for word in of.get("bare") or ()),
            "beside": sorted(str(other) for other in of.get("beside") or ()),
            "of": sorted(str(thing) for thing in of.get("of") or ()),
            "digits": sorted(str(word).lower() for word in of.get("digits") or ()),
            "animals": _two_lists(of["animals"]) if of.get("animals") else {},
            "numbered": sorted(str(word).lower() for word in of.get("numbered") or ()),
            "by": {
                str(kind): sorted(str(verb).lower() for verb in verbs) for kind, verbs in (of.get("by") or {}).items()
            },
            "named": sorted(str(word).lower() for word in of.get("named") or ()),
            "follows": sorted(str(word).lower() for word in of.get("follows") or ()),
            "after": {str(named): str(meant or "") for named, meant in (of.get("after") or {}).items()},
        }
        for category, of in (value.get("senses") or {}).items()
    }


def _two_lists(value: dict[str, Any]) -> dict[str, list[str]]:
    """Words of "you" and of "it", which set what is asked of a customer apart from what is asked of an animal."""
    return {whose: sorted(str(word).lower() for word in value.get(whose) or ()) for whose in ("you", "it")}


def _weights(value: dict[str, Any]) -> dict[str, float]:
    return {str(name): float(weight) for name, weight in (value.get("weights") or {}).items()}
