"""What the rules, channels and languages of a policy are called, and the mistakes in calling them."""

from __future__ import annotations

from collections.abc import Collection

from .. import resources
from .errors import closest
from .mistakes import Mistakes
from .model import Policy
from .nodes import Node
from .vocabulary import ALSO_CALLED, CHANNELS, plain_name


class Names:
    """The names in a policy and those that it extends. ``rules`` are those that stand anywhere, right or wrong."""

    def __init__(self, mistakes: Mistakes) -> None:
        self._mistakes = mistakes
        self.rules: set[str] = set()
        self._channel_by_letters: dict[str, str] = {}

    def take_in_channels(self, base: Policy) -> None:
        """Take in the channels that everybody knows and those of the policy that is extended, as they are written."""
        for name in CHANNELS:
            self.channel(name)
        for rule in base.rules:
            for name in sorted(rule.sentence.channels):
                self.channel(name)
        for entry in base.channels:
            for name in entry.channels:
                self.channel(name)

    def channel(self, channel: str) -> str:
        """A channel's name as it is written everywhere else: "WhatsApp" is "whatsapp"."""
        return self._channel_by_letters.setdefault(plain_name(channel), channel)

    def check_rule(self, rule: Node) -> None:
        """Tell that there is no such rule, if that is so."""
        if str(rule.value) in self.rules:
            return
        hint = closest(str(rule.value), self.rules)
        if not self._mistakes.may_be(hint):
            self._mistakes.tell(rule, f"there is no rule '{rule.value}'", hint)

    def check_language(self, node: Node) -> None:
        """Tell that there is no such language, if that is so."""
        known = resources.languages()
        if str(node.value) not in known:
            self._mistakes.tell(node, f"there is no language '{node.value}'", closest(str(node.value), known))


def channel_meant(name: str, known: Collection[str] = CHANNELS) -> str:
    """Which channel was probably meant by a name that none has, or which there are."""
    also = ALSO_CALLED.get(plain_name(name))
    return f"did you mean '{also}'?" if also else closest(name, known)
