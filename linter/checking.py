"""One file to its outcome: which documents, which reader, which findings, which of them are exempted."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from . import slices, stopping
from .by_slices import BySlice, found_in, found_in_slices
from .conversation import Conversation, Flow
from .documents.encrypted import is_encrypted
from .documents.pieces import Unlike, may_be_long, opened
from .entries import names
from .finding import Finding
from .fingerprints import named
from .inplace import Allowed, allowed, judge
from .opening import CODE, CONTAINERS, conversations, mappings_for, suffix_of, unread_of, why_of
from .outcome import SMALLEST_LIBRARY, Kept, Outcome, Unread, Unseen
from .pieces import Library
from .policy.model import Exemption, Policy
from .policy.patterns import matches
from .rules import disclaimer
from .rules.context import Context, sieve_of
from .rules.told import told
from .source import SourceError
from .surroundings import Around
from .trees import current


def examine(
    path: str,
    policy: Policy,
    today: date,
    roots: Sequence[str],
    data: bytes | None = None,
    jobs: int = 1,
    around: Around | None = None,
    mends: bool = False,
) -> Outcome:
    """Read one file and judge it, a long one in several processes; ``around`` knows what stands around it.

    A very long one whose bytes are not given is read piece by piece, and then it is not known what ``mends`` it.
    """
    size = current().size(path) if data is None else len(data)
    packed = suffix_of(path) in CONTAINERS
    with stopping.at_once(stopping.LARGE if packed else size):
        by_pieces = data is None and not mends and may_be_long(path, size)
        judged = _in_pieces(path, policy, today, jobs) if by_pieces else None
        return judged or _as_a_whole(path, policy, today, roots, data, jobs, around)


def _as_a_whole(
    path: str,
    policy: Policy,
    today: date,
    roots: Sequence[str],
    data: bytes | None,
    jobs: int,
    around: Around | None,
) -> Outcome:
    outcome = Outcome(path)
    read = conversations(path, outcome, roots, data, policy, around)
    for conversation in read:
        documents = conversation.documents
        outcome.covered += (current().real(document.source.file) for document in documents[1:])
        try:
            _judge(conversation, policy, outcome, today, jobs)
        except Exception as error:
            outcome.unread.append(unread_of(documents[0].source, why_of(error), True))
    exceptions = allowed(document for one in read for document in one.documents)
    if exceptions:
        _excuse(outcome, exceptions, [rule.name for rule in policy.rules], today)
    return outcome


def _excuse(outcome: Outcome, exceptions: list[Allowed], rules: list[str], today: date) -> None:
    """Take the findings out that exceptions in comments cover, and put in what is wrong with these."""
    left, covered, about, listed = judge([*outcome.findings, *outcome.alone], exceptions, rules, today)
    before, outcome.alone = outcome.alone, [one for one in outcome.alone if one in left]
    outcome.warned += [one.rule for one in before if one not in outcome.alone]
    outcome.kept += (one for one in covered if one.finding not in before)
    outcome.findings = [one for one in left if one not in outcome.alone] + [named(finding) for finding in about]
    outcome.allowed = listed
    days = [until for _, _, _, until, *_ in listed]
    outcome.holds = min((until for until in days if until >= today.isoformat()), default="")
    outcome.expired = max((until for until in days if until < today.isoformat()), default="")


def _judge(conversation: Conversation, policy: Policy, outcome: Outcome, today: date, jobs: int) -> None:
    path = conversation.documents[0].source.path
    context = Context(conversation, policy, path)
    outcome.files += 1
    outcome.messages += len(conversation.messages)
    for total, counts in ((outcome.without_rule, context.without_rule()), (outcome.met, context.met())):
        for what, count in counts.items():  # a file may hold several conversations
            total[what] = total.get(what, 0) + count
    outcome.unseen += _unseen(conversation)
    if slices.worthwhile(conversation):
        found = found_in_slices(context, outcome, jobs)
    else:
        found = found_in(context, outcome, policy.in_force)
    outcome.unseen += [Unseen(*one, told=True) for one in told(context)]
    outcome.unseen += _strange(context)
    _keep(found, policy, outcome, today, conversation.flows)
    if not conversation.flows:
        _note_alone(context, outcome, today)


def _note_alone(context: Context, outcome: Outcome, today: date) -> None:
    """Note what a file of one reply or two lacks of what a library must have: its folder may be one."""
    replies = sum(message.kind == "reply" for message in context.conversation.messages)
    for rule in context.policy.in_force:
        if not disclaimer.is_of_library(rule):
            continue
        if replies >= SMALLEST_LIBRARY:
            outcome.warned.append(rule.name)  # its findings tell what it lacks
            continue
        part = disclaimer.part(context, rule)
        found = disclaimer.of_one(part)
        kept = Outcome(outcome.path)
        _keep([found] if found else [], context.policy, kept, today)
        outcome.used |= kept.used
        outcome.alone += kept.findings
        if part.messages and not kept.findings:
            outcome.warned.append(rule.name)


def _strange(context: Context) -> list[Unseen]:
    """Channels that nobody knows: a misspelt one must not mean that rules are not asked and nobody hears of it."""
    said = "there is no channel '{}' here; what names it was checked as if it named none"
    return [Unseen(context.relative, "", said.format(name), told=True) for name in context.strange()]


def _unseen(conversation: Conversation) -> list[Unseen]:
    return [Unseen(one.document.source.path, one.name, one.reason) for one in conversation.unseen]


def _keep(found: Sequence[Finding], policy: Policy, outcome: Outcome, today: date, flows: Sequence[Flow] = ()) -> None:
    """Take in the findings that no exception of the policy covers; ``flows`` are those in which they stand."""
    exempted = policy.exemptions_named

    @cache
    def covering(rule: str, at: str, *paths: str) -> list[int]:
        named = exempted.get((rule, at), ())
        return [number for number in named if any(_is_for(policy.exemptions[number], path) for path in paths)]

    for finding in found:
        step = flows[finding.flow].steps[finding.path[-1]] if flows and finding.path else None
        ats = {"", *names(finding.entry, step)} if exempted else ()
        paths = dict.fromkeys((finding.source.file, finding.source.path))  # of a member its archive, too
        numbers = [number for at in ats for number in covering(finding.rule, at, *paths)]
        outcome.used.update(numbers)
        in_force = [number for number in numbers if policy.exemptions[number].holds(today)]
        if in_force:
            place = policy.exemptions[in_force[0]].place
            outcome.kept.append(Kept(named(finding), place.source.path, place.line))
        else:
            outcome.findings.append(named(finding))


def _in_pieces(path: str, policy: Policy, today: date, jobs: int) -> Outcome | None:
    """A long file read and judged piece by piece; None where it has to be read as a whole."""
    if mappings_for(path, policy) or os.path.splitext(path)[1].lower() in CODE:
        return None
    try:
        with current().open(path) as file:
            long = opened(path, file)
            return _judged_in_pieces(Library(long), path, policy, today, jobs) if long is not None else None
    except Exception:  # Unlike, or a mistake: reading it as a whole says what is wrong
        return None


def _judged_in_pieces(library: Library, path: str, policy: Policy, today: date, jobs: int) -> Outcome:
    beginning = library.beginning
    sieve_of(policy, replace(beginning, messages=list(beginning.messages) * library.times))
    by_slice = BySlice(Context(beginning, policy, path))
    outcome = Outcome(path)
    outcome.files = 1
    outcome.formats[beginning.format] = 1

    def judge(piece: Conversation) -> tuple[Outcome, list[disclaimer.Part]]:
        if any(is_encrypted(message.text) for message in piece.messages):
            raise Unlike  # which is told of each where the file is read as a whole
        of_piece = Outcome(path)
        of_piece.messages = len(piece.messages)
        context = Context(piece, policy, path)
        of_piece.without_rule = context.without_rule()
        of_piece.met = context.met()
        of_piece.unseen = [*_unseen(piece), *_strange(context)]
        parts = by_slice.take(slices.judged(piece, policy.files, 1, by_slice.judge), of_piece)
        found, of_piece.findings = of_piece.findings, []
        _keep(found, policy, of_piece, today)
        return of_piece, by_slice.joined(parts)

    try:
        parts = by_slice.take(library.judged(judge, jobs, policy.files), outcome)
    except SourceError as error:
        outcome.unread.append(Unread(path, error.reason, True))
        return outcome
    if not outcome.messages:
        raise Unlike  # what stands in the place of the texts is told of the whole
    strange = dict.fromkeys(one for one in outcome.unseen if one.told)  # each piece says it anew
    outcome.unseen = [one for one in outcome.unseen if not one.told]
    outcome.unseen.sort(key=lambda one: (one.foreign, one.crowded))  # as they come where a file is read as a whole
    outcome.unseen += sorted(strange)
    outcome.warned += [rule.name for rule in policy.rules if disclaimer.is_of_library(rule)]
    _keep(by_slice.of_library(parts), policy, outcome, today)
    return outcome


def _is_for(exemption: Exemption, path: str) -> bool:
    """Whether a file is one of those that an exception names."""
    return not exemption.file or matches(path, (exemption.file,), exemption.root)
