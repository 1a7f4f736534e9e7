"""What the readers make of files, which nothing judges."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .files import walk
from .in_force import Policies
from .outcome import Outcome, Unread
from .policy.model import Policy
from .report import Report
from .trees import current

if TYPE_CHECKING:
    from .conversation import Conversation


def conversations(path: str, report: Report, policy: Policy | None = None) -> list[Conversation]:
    """What the readers make of one file; what can't be read goes to ``report.unread``."""
    from .opening import conversations

    outcome = Outcome(path)
    found = conversations(path, outcome, report.roots, policy=policy)
    report.unread += outcome.unread
    for name, count in outcome.formats.items():
        report.formats[name] = report.formats.get(name, 0) + count
    return found


def conversations_in(path: str, report: Report, policies: Policies) -> Iterator[tuple[str, Policy, Conversation]]:
    """What the readers make of a file, or of every file of a folder, with the file where each begins and its policy."""
    is_folder = current().isdir(path)
    within = Report(roots=(os.path.realpath(path),) if is_folder else ())
    walked = walk([path])
    report.unread += [Unread(*missing) for missing in walked.missing]
    done: set[str] = set()
    for file in walked.files:
        if os.path.realpath(file) in done:
            continue
        of = policies.of(file)
        for conversation in conversations(file, within, of):
            done.update(os.path.realpath(document.source.file) for document in conversation.documents)
            yield file, of, conversation
    report.unread += within.errors if is_folder else within.unread
