"""The parts of a policy file that say where it holds: channels, safe channels, disclaimers and sources."""

from __future__ import annotations

from collections.abc import Iterator

from ..expressions import expression
from .mistakes import Mistakes
from .model import ChannelRule, Disclaimer, Mapping_, OwnPlace, Place, Policy, Rule, SafeChannels
from .names import Names, channel_meant
from .nodes import Node, head, items, pairs, text_of
from .values import is_word, patterns_in, worded
from .vocabulary import CHANNELS, OTHER_CHANNELS, plain_name
from .wordings import is_dense, put_upon

_BRACES = expression(r"\{+[^{}]*\}+")


class PartReader:
    """Reads parts of a file below ``root``."""

    def __init__(self, root: str, mistakes: Mistakes, names: Names) -> None:
        self._root = root
        self._mistakes = mistakes
        self._names = names

    def channels(self, node: Node | None) -> Iterator[ChannelRule]:
        """Which replies are for which channels."""
        for item in items(node):
            files = patterns_in(item.get("files"), self._mistakes)
            yield ChannelRule(
                channels=tuple(self._names.channel(str(c.value)) for c in items(item.get("channels"))),
                place=Place(item.source, head(item).span),
                files=tuple(str(f.value) for f in files),
                tagged=tuple(str(t.value) for t in items(item.get("tagged"))),
                root=self._root,
                spans=tuple(f.span for f in files),
            )

    def check_channels(self, node: Node | None, rules: tuple[Rule, ...]) -> None:
        """A misspelt channel would define one of its own that no rule speaks of, and nothing would be checked.

        So would another name of one that there is.
        """
        spoken_of = {channel for rule in rules for channel in rule.sentence.channels}
        elsewhere = set(map(plain_name, OTHER_CHANNELS))
        for item in items(node):
            for channel in items(item.get("channels")):
                name = self._names.channel(str(channel.value))
                if name in CHANNELS or name in spoken_of or plain_name(name) in elsewhere:
                    continue
                near = channel_meant(name)
                if near.startswith("did"):
                    message = f"there is no channel '{name}', and no rule speaks of one of that name"
                    self._mistakes.tell(channel, message, near)

    def safe_channels(self, node: Node | None, base: SafeChannels) -> SafeChannels:
        """Where a customer may be sent to, which is what was inherited where this file says nothing of it."""
        if node is None:
            return base
        kinds = node.get("kinds")
        own = tuple(
            OwnPlace(
                tuple(str(n.value) for n in items(item.get("name")) if is_word(n, self._mistakes)),
                text_of(item.get("url")),
            )
            for item in items(node.get("own"))
        )
        for item in items(kinds):
            if str(item.value) == "private message":
                self._mistakes.tell(item, "a private message on the same platform is never a safe channel")
        return SafeChannels(
            frozenset(str(k.value) for k in items(kinds)) if kinds else base.kinds,
            tuple(dict.fromkeys((*base.own, *own))),
        )

    def disclaimers(self, node: Node | None, policy: Policy) -> Iterator[tuple[str, Disclaimer]]:
        """The inherited ones, and this file's own; what an own one does not say it takes from one of its name."""
        yield from policy.disclaimers.items()
        for key, value in pairs(node):
            base = policy.disclaimers.get(str(key.value), Disclaimer("", Place(value.source, key.span)))
            texts = put_upon(base.texts, worded(value.get("texts"), self._mistakes))
            limit = value.get("at-most")
            at_most = int(limit.value) if limit is not None else base.at_most
            for _, text in pairs(value.get("texts")):
                self._check_disclaimer(text, at_most)
            said = value.get("elements")
            named = dict.fromkeys(str(element.value) for element in items(said))
            elements = tuple(named) if said is not None else base.elements
            name = str(key.value)
            yield name, Disclaimer(name, Place(value.source, key.span), texts, elements, at_most)

    def _check_disclaimer(self, text: Node, at_most: int | None) -> None:
        """Tell of a text that is too long, or that warns of nothing."""
        said = str(text.value).strip()
        if at_most and len(said) > at_most:
            self._mistakes.tell(text, f"this text has {len(said)} characters, more than at-most: {at_most}")
        if _is_one_word(str(text.value)):
            hint = "it has to say what customers must not send, in words that no other text has by chance"
            self._mistakes.tell(text, f"'{said}' is no disclaimer: one word warns of nothing", hint)

    def sources(self, node: Node | None) -> Iterator[Mapping_]:
        """How files are read that no reader knows."""
        for item in items(node):
            fields = {str(k.value): v for k, v in item.value if str(k.value) != "files"} if item.kind == "map" else {}
            for name, value in fields.items():
                self._field_path(name, value)
            paths = {name: str(value.value) for name, value in fields.items()}
            files = patterns_in(item.get("files"), self._mistakes)
            yield Mapping_(
                tuple(str(f.value) for f in files),
                Place(item.source, item.span),
                paths,
                self._root,
                {"files": tuple(f.span for f in files), **{name: (value.span,) for name, value in fields.items()}},
            )

    def _field_path(self, name: str, node: Node) -> None:
        """What begins with ``$`` is a path, anything else says the same for all texts; a text is always a path."""
        from .. import fieldpath

        written = str(node.value)
        if name != "text" and not written.startswith("$"):
            return
        try:
            fieldpath.check(written)
        except fieldpath.FieldPathError as error:
            near = written[error.offset :][:80] or "the end"
            self._mistakes.tell(
                node, f"this is no path to the {name}: {error.reason}, at '{near}'", "write it as $.replies[*].body"
            )


def _is_one_word(text: str) -> bool:
    """Whether a text is a single word, or none, beside its placeholders, of which nobody knows what they say; scripts
    that know no capitals may put no blank between words.
    """
    words = [word for word in _BRACES.sub(" ", text).split() if any(map(str.isalnum, word))]
    return len(words) < 2 and not is_dense(text)
