"""What a rule says: one judgement at one place, with the reason and the way out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .source import Source, Span

if TYPE_CHECKING:
    from .conversation import Message
    from .messages import Say


NOTES = frozenset(
    {
        "pattern-without-files",
        "path-without-texts",
        "tag-without-content",
        "rule-without-flows",
        "rule-without-replies",
        "channel-without-content",
        "unused-entry",
        "taken-term",
        "lost-term",
        "data-without-words",
        "not-extended-policy",
    }
)
"""What of what is found in a policy itself is a note, as it may be on purpose: a policy can name what will be there
tomorrow."""
ABOUT_POLICY = NOTES | {
    "expired-exception",
    "unused-exception",
    "disclaimer-without-text",
    "unreachable-entry",
    "place-without-words",
    "boundless-exception",
    "idle-words",
    "forbidden-wording",
    "ousted-rule",
    "ousted-channels",
    "ousted-part",
    "passed-over-policy",
}
"""What is found in a policy itself, the two about exceptions in a comment that allows something, too."""
LEVELS = ("error", "warning", "note")
"""From the worst on; a note alone leaves the exit status as it is."""
BUILT_IN = ABOUT_POLICY | {"bad-exception", "overlapping-rules", "rule-without-wording"}
"""What is found without a rule of the policy: neverask says itself what to do about it."""


@dataclass(frozen=True)
class Related:
    """Another place that belongs to a finding: the policy line, a step of the path that leads there.

    ``step`` says which step of the path it is, from 1 on; 0: none. ``label`` says how one comes to it.
    """

    message: str
    source: Source
    span: Span
    step: int = 0
    label: str = ""


@dataclass(frozen=True)
class Mend:
    """What would mend a finding: ``text`` in place of ``message.text[start:end]``.

    Where it can't be mended by itself ``message`` is None and ``reason`` says why. ``wording`` is the policy's part of
    the text as the policy has it, where the text keeps something of what stood there or begins small, else "".
    """

    message: Message | None
    start: int
    end: int
    text: str
    reason: str = ""
    wording: str = ""

    @property
    def worded(self) -> str:
        """The text, but beginning as the policy has it: what says the same is the same."""
        return worded(self.text, self.wording)


def worded(text: str, wording: str) -> str:
    """A text that puts a wording in, as the policy has it where it differs in its first letter only."""
    return wording if text[1:] == wording[1:] else text


@dataclass(frozen=True)
class Finding:
    """A judgement of one rule at one place.

    ``rule`` is the policy's name of the rule, or one of ``BUILT_IN``; ``level`` is one of ``LEVELS``; ``message`` says
    in one sentence what is wrong; ``because`` names law or platform policy; ``instead`` says what to write, in the
    language of the text, or in ``instead_in`` where the policy does not say it in that; ``related`` points at the
    policy line and, in a flow, at each step of the path;
    ``explanation`` says which construction was recognised; ``data`` lists the categories; ``entry`` is the
    reply's or node's own name; ``witness`` is the way to it in a flow, each step with its words, ``numbers`` say
    which step of the way each of them is, from 1 on, and ``labels`` how one comes to it from the step before: what the
    customer taps or says, or the condition, "" where it goes without saying; ``flow`` and ``path`` are the same in the
    numbers that the flow has for its steps, the finding's own last (``flow`` -1: it stands in no flow). In both a
    negative number stands for
    so many steps that are left out. ``text`` is the whole text it is about, as customers read it; ``value`` is where in
    it the value stands that it is about ((0, 0): about none), of which reports show no more than so many characters at
    both ``ends``; ``mend`` says how it could be mended; ``since`` tells of a comparison from when it is new and why.
    ``of_library`` is the judgement without its details where it is about a library as a whole: of very many libraries
    it need not be told one by one; ``folder`` is where that is all of a folder. ``lacks``: what is wrong is that
    something is not there, and the words at its place only show where. ``pointed``: the words at its place are none of
    its own but what a product has for them, which may be another with each export. ``fingerprint`` and
    ``local_fingerprint`` are names by which it is known again, as ``fingerprints`` makes them.
    """

    rule: str
    level: str
    message: str
    source: Source
    span: Span
    because: tuple[str, ...] = ()
    instead: str = ""
    instead_in: str = ""
    related: tuple[Related, ...] = ()
    explanation: str = ""
    data: tuple[str, ...] = ()
    entry: str = ""
    language: str = ""
    fingerprint: str = ""
    local_fingerprint: str = ""
    witness: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    flow: int = -1
    path: tuple[int, ...] = ()
    text: str = ""
    value: tuple[int, int] = (0, 0)
    ends: int = 0
    mend: Mend | None = field(default=None, compare=False, repr=False)
    since: str = ""
    of_library: str = ""
    folder: str = ""
    lacks: bool = False
    pointed: bool = False

    @property
    def in_file(self) -> Span:
        """Its place in the whole file, where the source is only a part of it."""
        return self.source.in_file(self.span)

    def in_full(self, between: str, *more: tuple[str, str], say: Say = str) -> str:
        """The message with ``more`` (name, words), the reasons and the way out, for who has room for one text."""
        parts = [say(self.message), *(f"{name.capitalize()}: {words}" for name, words in more)]
        if self.because:
            parts.append(f"{say('Because')}: {', '.join(self.because)}")
        if self.instead:
            parts.append(f"{say('Instead')}: {self.way_out(say)}")
        return between.join(parts)

    def way_out(self, say: Say) -> str:
        """What to do or to write instead; the words of a policy stay as they are."""
        return say(self.instead) if self.rule in BUILT_IN else self.instead
