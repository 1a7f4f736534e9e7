"""``forbid claiming the channel is safe``.

No message promises that the chat is a safe place for personal data.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Finding
from ..language.claims import claims
from ..policy.model import Rule
from .context import Context
from .mends import not_mended
from .witness import in_message

VERB = "claiming"


def check(context: Context, rule: Rule) -> Iterator[Finding]:
    """One finding for each sentence that calls the channel safe."""
    for spoken in context.concerned(rule):
        for claim in (claim for reading in spoken.readings for claim in claims(reading)):
            message = "this tells the customer that the channel is safe for personal data"
            mend = not_mended("what is said in place of the promise is to be decided")
            language = spoken.language_at(claim.start)
            yield in_message(context, spoken, rule, message, claim.start, claim.end, language, mend)
