"""What a reply library and a flow are, whatever product wrote them.

Readers make these, rules look at them. A message is always the company's: a customer's words never become one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from .source import Source, Span, Text

LANGUAGE_MODEL = "a language model words this text"
"""Why a text is not in the file, where there are instructions for the model instead of it."""

_ONWARD = frozenset(("call", "enter flow", "nextStep"))
"""What a way is called that is the only one."""
Path = tuple[str | int, ...]
"""The way from a document's root to a value: mapping keys and list indices (row and column in a table)."""


class Located(Protocol):
    """A document as far as a conversation needs it: it can say where a value stands."""

    @property
    def source(self) -> Source: ...

    def text(self, path: Path) -> Text:
        """The string at ``path`` with its places; worked out when asked for."""
        ...

    def span(self, path: Path) -> Span:
        """Where the value at ``path`` stands as a whole."""
        ...


@dataclass(frozen=True, slots=True)
class Variant:
    """A text of which another may be said instead: a random wording, or one under a condition.

    Of a ``group`` one ``number`` is said, all texts of it; ``surely`` is false where it may be none of them.
    """

    group: str
    number: int
    surely: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """One text that a customer can read.

    ``text`` is the string exactly as the document holds it (markup and placeholders inside). ``kind`` is one of
    reply, prompt, reprompt, validation, button, label, title, option, subject. ``markup`` is "plain", "html",
    "markdown" or "auto". ``channels`` is empty where the file does not say. ``locale`` is as the file says
    ("nl-BE"), None where it does not. ``offset`` cuts the message out of the string at ``path`` where it is only a
    part of it (a fenced block of a Markdown file, a sentence in a script line). ``variant`` is None for a text that
    is said whenever its step is reached.
    """

    id: str
    text: str
    path: Path
    document: Located
    kind: str = "reply"
    markup: str = "auto"
    channels: tuple[str, ...] = ()
    locale: str | None = None
    tags: tuple[str, ...] = ()
    offset: int = 0
    variant: Variant | None = None
    closed: tuple[str, ...] = ()

    @property
    def is_choice(self) -> bool:
        """A button or a menu option names what the customer may choose; it asks nothing by itself."""
        return self.kind in ("button", "option")

    def located(self) -> Text:
        """The message's text with its places in the source."""
        whole = self.document.text(self.path)
        if not self.offset and len(self.text) == len(whole.value):
            return whole
        end = self.offset + len(self.text)
        return whole.cut(self.offset, end)


@dataclass(frozen=True, slots=True)
class Capture:
    """How an answer is taken: a slot, entity, variable, form field, attachment, location or contact.

    ``type`` is the product's own type ("passcode", "@sys.any", "DocumentPicker"); ``component`` is one of text,
    upload, photo, location, contact, passcode, password, date, choice, email, phone, number, signature, unknown.
    ``label`` are the words that stand beside a form's field; they are a message of their own too.
    """

    name: str
    path: Path
    document: Located
    type: str = ""
    component: str = "text"
    channels: tuple[str, ...] = ()
    pattern: str = ""
    label: str = ""
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A node of a flow: what it says and what it takes. Indices point into the conversation's lists.

    ``ends``: the flow can end here although other ways lead on; a step from which no way leads to another always
    ends. Where a sub-flow was called, its end is where the caller goes on. ``stops``: not so here, the whole
    conversation is over. ``passed``: nothing is asked here where the customer has said it before, unasked.
    ``variants``: for messages that other steps say too, what may be said instead of them here. ``tags`` are those of
    the step itself, which hold for all that it says and takes.
    """

    id: str
    title: str
    path: Path
    document: Located
    messages: tuple[int, ...] = ()
    captures: tuple[int, ...] = ()
    waits: bool = False
    ends: bool = False
    stops: bool = False
    variants: tuple[tuple[int, Variant | None], ...] = ()
    tags: tuple[str, ...] = ()
    passed: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from one step to another (indices into ``Flow.steps``), open under ``condition`` (as the file says it).

    ``channels`` restricts the edge to some channels where the condition is understood; empty means any. ``call``: the
    way goes into a sub-flow, and when that ends the conversation goes on along the other edges of ``start``.
    ``closed``: the channels of which each conversation takes another way here, of which this one is the else.
    """

    start: int
    end: int
    condition: str = ""
    channels: tuple[str, ...] = ()
    call: bool = False
    closed: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """How one comes this way, on one line: what the customer taps or says, or the condition; "" where it goes
        without saying.
        """
        said = " ".join(self.condition.split())
        if self.channels and not set(said.split()) - set(self.channels):
            return ", ".join(self.channels)
        return "" if said in _ONWARD else said


@dataclass(frozen=True, slots=True)
class Flow:
    """Steps and the ways between them. ``entries`` are indices of the steps where a conversation can begin."""

    name: str
    steps: tuple[Step, ...]
    edges: tuple[Edge, ...]
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A text that was seen and deliberately not linted, and why (internal note, customer's words, not in the file).

    ``broken``: it is for customers and can't be read.
    """

    path: Path
    document: Located
    reason: str
    name: str = ""
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one source, or one export that spans files, says to customers.

    ``unseen`` are texts that are not in the file: an LLM words them, a webhook says them. They are reported, never
    silently passed. ``overlooked`` are texts in the file that the reader can't place: a misspelt key, a sheet without a
    known heading. ``documents`` are all files that were read for it.
    """

    format: str
    documents: tuple[Located, ...]
    messages: Sequence[Message] = ()
    captures: Sequence[Capture] = ()
    flows: Sequence[Flow] = ()
    skipped: Sequence[Skipped] = ()
    unseen: Sequence[Skipped] = ()
    channels: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    overlooked: Sequence[Skipped] = ()
