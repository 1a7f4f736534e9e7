"""The rules of a policy file: what each says itself, and what it takes from an inherited one of its name."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from .errors import closest
from .idle import idle_in
from .mistakes import Mistakes
from .model import Place, Policy, Rule
from .names import Names
from .nodes import Node, items, text_of
from .resolving import SentenceReader
from .values import worded
from .vocabulary import plain_name
from .wordings import put_upon


class RuleReader:
    """Reads the rules of a file below ``root``, upon a policy that has all else that the file says.

    ``channels`` are those of the policy's own.
    """

    def __init__(self, policy: Policy, channels: Collection[str], root: str, mistakes: Mistakes, names: Names) -> None:
        self._policy = policy
        self._channels = channels
        self._root = root
        self._mistakes = mistakes
        self._names = names

    def read(self, key: Node, value: Node, base: Rule | None) -> Rule | None:
        """The rule at a key, None where it has a mistake, which is told; ``base`` is the inherited one of its name."""
        said = value.get("rule")
        if not self._can_stand(key, said, base):
            return None
        if said is None:
            assert base is not None
            sentence, idle = base.sentence, base.idle
        else:
            reader = SentenceReader(said, self._policy, self._channels, self._root, self._mistakes, self._names)
            read = reader.read()
            if read is None:
                return None
            sentence, idle = read, idle_in(read, said, self._policy)
        reasons = tuple(_as_cited(str(item.value), self._policy.cited) for item in items(value.get("because")))
        return Rule(
            name=str(key.value),
            sentence=sentence,
            level=text_of(value.get("level")) or (base.level if base else "error"),
            place=Place(value.source, said.span if said is not None else key.span),
            because=reasons or (base.because if base else ()),
            instead=put_upon(base.instead if base else {}, worded(value.get("instead"), self._mistakes)),
            idle=idle,
        )

    def _can_stand(self, key: Node, said: Node | None, base: Rule | None) -> bool:
        """Whether a rule has a name that it can have, and a sentence, own or inherited; that it has not is told."""
        name = str(key.value)
        if not name.strip() or "," in name:
            hint = "it has no comma, since several rules are named with commas between them"
            self._mistakes.tell(key, f"'{name}' can't be the name of a rule", hint)
            return False
        if said is not None or base is not None:
            return True
        if not self._mistakes.unsure and name not in self._mistakes.flawed:  # else it stands where it can't be read
            hint = closest(name, [rule.name for rule in self._policy.rules])
            if not hint.startswith("did"):
                hint = "such as  rule: forbid asking for sensitive data on whatsapp"
            self._mistakes.tell(key, f"the rule '{name}' says nothing: 'rule:' is missing", hint)
        return False


def _as_cited(reason: str, cited: Mapping[str, str]) -> str:
    """A reason as the source is called that is meant: "GDPR art 32" is "GDPR art. 32"."""
    said = plain_name(reason)
    return reason if reason in cited else next((name for name in cited if plain_name(name) == said), reason)
