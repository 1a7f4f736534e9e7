"""``neverask show``: what a reader saw in a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .conversation import Message, Skipped
from .language.names import split
from .messages import Say
from .reporters.text import visible
from .rules.context import Context
from .rules.held import without_values
from .showing_flows import Where, flow_lines
from .source import Source


def render(context: Context, say: Say = str) -> str:
    """Messages with place, kind, channels and language.

    Captures; steps and edges; what was left out and why. ``say`` says it in another language.
    """
    conversation = context.conversation
    main = conversation.documents[0].source
    lines = [f"{visible(main.path)}: {conversation.format}"]
    if len(conversation.documents) > 1:
        others = (visible(document.source.path) for document in conversation.documents[1:])
        lines.append(f"  {say('with')} {', '.join(others)}")
    where = _places(main)
    lines += _messages(context, where, say)
    if conversation.captures:
        lines += _captures(context, where, say)
    for number in range(len(conversation.flows)):
        lines += flow_lines(context, number, where, say)
    if context.crowded:
        lines.append(f"{say('with too many branches to read one by one')} ({len(context.crowded)})")
        for message, number in context.crowded:
            place = where(message.document.source, message.located().span().start)
            lines.append(f"  {place:>9}  {visible(message.id)}: " + say(f"{number} branches"))
    lines += _left("left out", conversation.skipped, where, say)
    lines += _left("not in the file", conversation.unseen, where, say)
    lines += _left("not read", conversation.overlooked, where, say)
    return "\n".join(lines) + "\n"


def _messages(context: Context, where: Where, say: Say) -> Iterator[str]:
    languages = {
        id(spoken.message): "+".join(reading.pack.code for reading in spoken.readings) for spoken in context.spoken
    }
    yield f"{say('messages')} ({len(context.conversation.messages)})"
    for message in context.conversation.messages:
        place = where(message.document.source, message.located().span().start)
        closed = f"{say('not on')} {','.join(map(visible, message.closed))}" if message.closed else ""
        channels = ",".join(sorted(context.channels(message))) or closed or say("any channel")
        language = languages.get(id(message)) or "?"
        yield (
            f"  {place:>9}  {say(message.kind):10} {language:2} {channels:12} {visible(message.id)}: "
            f"{visible(_short(without_values(_seen(message))))}{_tagged(message.tags, say)}"
        )


def _captures(context: Context, where: Where, say: Say) -> Iterator[str]:
    yield f"{say('captures')} ({len(context.conversation.captures)})"
    for number, capture in enumerate(context.conversation.captures):
        place = where(capture.document.source, capture.document.span(capture.path).start)
        kind = f" ({capture.type})" if capture.type else ""
        tags = _tagged(context.tags_of(number), say)
        name = f"{visible(capture.name)}{kind}: {split(capture.name)}{tags}"
        yield f"  {place:>9}  {say(capture.component):10} {name}"


def _left(title: str, found: Sequence[Skipped], where: Where, say: Say) -> Iterator[str]:
    """What is no text for customers of this file, and why."""
    if found:
        yield f"{say(title)} ({len(found)})"
    for skipped in found:
        place = where(skipped.document.source, skipped.document.span(skipped.path).start)
        yield f"  {place:>9}  {visible(skipped.name)}: {visible(say(skipped.reason))}"


def _tagged(tags: Sequence[str], say: Say) -> str:
    """The tags by which a policy can speak of something."""
    return f"  [{say('tagged')}: {visible(', '.join(tags))}]" if tags else ""


def _places(main: Source) -> Where:
    """Says where something stands: line and column, with the file where that is another than ``main``."""

    def where(source: Source, offset: int) -> str:
        place = source.position(offset)
        said = place.cell or f"{place.line}:{place.column}"
        return said if source.path == main.path else f"{visible(source.path)}:{said}"

    return where


def _seen(message: Message) -> str:
    """A text without its comments, which no customer sees; one that is not closed is none."""
    if message.markup == "plain":
        return message.text
    said, *commented = message.text.split("<!--")
    return said + "".join(part.partition("-->")[2] if "-->" in part else f"<!--{part}" for part in commented)


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 90 else plain[:87] + "..."
