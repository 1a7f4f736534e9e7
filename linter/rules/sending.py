"""``forbid sending DATA``.

No message gives it away: by a placeholder that stands for it, by a literal value, or by telling a password or a PIN.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..finding import Finding
from ..language.names import is_sign_off
from ..language.telling import NUMBERED, SECRETS, is_their_account, told_values
from ..language.tokens import tokenise
from ..policy.model import Rule
from .context import Context, Spoken
from .held import ends_of, is_value
from .mends import not_mended
from .values import find, named
from .witness import in_message
from .wording import called

VERB = "sending"
_NEAR = 40  # characters
_HELD = "TOLD_HELD"


def check(context: Context, rule: Rule) -> Iterator[Finding]:
    """One finding for each placeholder that stands for a category, each value that passes its checksum or is told."""
    secrets = SECRETS.intersection(rule.sentence.data)
    numbered = NUMBERED.intersection(rule.sentence.data)
    for spoken in context.concerned(rule):
        known: set[int] = set()
        for placeholder in spoken.plain.placeholders:
            said = _stands_for(context, placeholder.name, rule) if placeholder.name else None
            if said is not None and not _asked_for(spoken, placeholder.start):
                known.add(placeholder.start)
                yield _finding(context, spoken, rule, said[0], placeholder.start, placeholder.end, said[1])
        found = list(find(spoken.plain.text))
        for reading in spoken.readings if numbered and not spoken.quiet else ():
            taken = {at for _, start, end in found for at in range(start, end)}
            found += (told for told in named(reading) if told[1] not in taken)
        for category, start, end in found:
            if category in rule.sentence.data and not (category == "bank-account" and _own_account(spoken, start)):
                yield _finding(context, spoken, rule, category, start, end, "this sends", True)
        for reading in spoken.readings if secrets and not spoken.quiet else ():
            for category, start, end in told_values(reading):
                if category in secrets and start not in known:
                    told = is_value(spoken.plain.text[start:end])
                    yield _finding(context, spoken, rule, category, start, end, "this tells", told)


def _stands_for(context: Context, name: str, rule: Rule) -> tuple[str, str] | None:
    """What a placeholder sends: by its name, else what the capture of that name took."""
    for category, words in context.captured.named(name).items():
        if category in rule.sentence.data and not (category == "signature" and is_sign_off(name, words)):
            return category, f"the placeholder '{name}' sends"
    for category, capture in context.captured.echo(name).items():
        if category in rule.sentence.data:
            return category, f"the placeholder '{name}' repeats what '{capture}' took:"
    return None


def _asked_for(spoken: Spoken, at: int) -> bool:
    """A masked value ("ending in {{last4}}") gives nothing away."""
    before = spoken.plain.text[max(0, at - 24) : at].lower()
    return any(mark in before for mark in ("****", "xxxx", "ending", "eindigend", "••"))


def _own_account(spoken: Spoken, at: int) -> bool:
    """A company tells its own account number so that customers can pay: 'our IBAN is', 'maak over naar'."""
    reading = spoken.reading_at(at)
    if reading is None:
        return True
    if _held(spoken, at):
        return False
    return _called_ours(spoken, at) or not is_their_account(reading, at)


def _held(spoken: Spoken, at: int) -> bool:
    """Whether the value is one that we have of the customer: "the IBAN that we have is NL91 …"."""
    reading = spoken.reading_at(at)
    sentence = reading.sentence_at(at) if reading is not None else None
    if sentence is None:
        return False
    for name, first, _ in sentence.spans:
        if name == _HELD and sentence.span(first, first + 1)[0] < at < sentence.span(0, len(sentence.units))[1]:
            return True
    return False


def _called_ours(spoken: Spoken, at: int) -> bool:
    """Whether a word for "our" stands shortly before a value, be it in a name: "auf unser Konto DE89 …"."""
    reading = spoken.reading_at(at)
    if reading is None:
        return False
    before = tokenise(reading.text[max(0, at - _NEAR) : at])
    return any(unit.tag == "o" for token in before for unit in reading.pack.lexicon.tag([token]))


def _finding(
    context: Context, spoken: Spoken, rule: Rule, category: str, start: int, end: int, what: str, value: bool = False
) -> Finding:
    mend = not_mended("the value has to go, and what is said without it is to be decided")
    finding = in_message(
        context, spoken, rule, f"{what} {called(category)}", start, end, spoken.language, mend, (category,)
    )
    return replace(finding, value=(start, end), ends=ends_of(category, start, end)) if value else finding
