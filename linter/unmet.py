"""What the policies in force speak of, and nothing that was checked has: files, texts, tags, flows, channels."""

from __future__ import annotations

from collections.abc import Iterator

from .doubts import OF_FLOWS, OF_LISTS, OF_REPLIES, OF_STEPS, about, is_own
from .files import folder_of
from .finding import Finding, Related
from .outcome import FLOWS, REPLIES, over
from .policy.errors import closest
from .policy.model import ChannelRule, Place, Policy, Rule
from .policy.patterns import Files, near
from .policy.vocabulary import plain_tag
from .report import Report, all_below

_MOST_MEANT = 100  # patterns for which the file is looked for that was meant


def without_files(of: Policy, report: Report) -> Iterator[Finding]:
    """File patterns that fit no file, where all below the policy was looked at."""
    entries = [("channels", one.files, one.spans, one.place, one.root) for one in of.channels]
    entries += (("sources", one.files, one.spans["files"], one.place, one.root) for one in of.mappings)
    entries += (
        (rule.name, (one.value,), (rule.place.span,), rule.place, one.root)
        for rule in of.in_force
        if is_own(rule.place)
        for one in rule.sentence.unless
        if one.kind == "in"
        and one.root == folder_of(rule.place.source.path)  # else it is told where the sentence stands
    )
    files = Files(report.checked)
    to_mean = _MOST_MEANT
    for part, patterns, spans, place, root in entries:
        if not patterns or not all_below(root, report.roots):
            continue
        for pattern, span in zip(patterns, spans, strict=True):
            if not files.fitting(_or_archive(pattern), root):
                message = f"'{part}:' names files '{pattern}', but none that was checked is called so"
                to_mean -= 1
                hint = closest(pattern, near(pattern, root, report.checked)) if to_mean >= 0 else ""
                instead = hint if hint.startswith("did") else "Mend the pattern, or remove it."
                related = Related(part, place.source, place.span)
                yield about(Place(place.source, span), "pattern-without-files", message, instead, related, "note")


def without_texts(of: Policy, report: Report) -> Iterator[Finding]:
    """Paths of ``sources`` that led to nothing in any file that was read by them."""
    for entry in of.mappings:
        if (id(entry), "files") not in report.led or not report.has_all_of(entry.root):
            continue
        for name, path in entry.paths.items():
            if path.startswith("$") and (id(entry), name) not in report.led:
                message = f"'sources:' has '{name}: {path}', which leads to nothing in the files that it names"
                place = Place(entry.place.source, entry.spans[name][0])
                related = Related("sources", entry.place.source, entry.place.span)
                yield about(place, "path-without-texts", message, "Mend the path, or take it out.", related, "note")


def without_content(of: Policy, report: Report) -> Iterator[Finding]:
    """What the policy's own rules and channels need, of which nothing that was checked has any: tags, flows, replies,
    channels.
    """
    met_by = _Met(of, report)
    for entry in of.channels:
        if is_own(entry.place) and report.has_all_of(entry.root):
            met = met_by.entry(entry)
            for tag in entry.tagged:
                if plain_tag(tag) not in met:
                    yield _untagged(tag, "channels", entry.place)
    for rule in of.in_force:
        place = rule.place
        if not is_own(place) or not report.has_all_of(folder_of(place.source.path)):
            continue
        met = met_by.rule(rule)
        for condition in rule.sentence.unless:
            if condition.kind == "tagged" and plain_tag(condition.value) not in met:
                yield _untagged(condition.value, rule.name, place)
        if met and rule.sentence.channels and over("") not in met and met.isdisjoint(map(over, rule.sentence.channels)):
            yield _silent(rule)
        if rule.sentence.position in OF_FLOWS and FLOWS not in met:
            message = f"'{rule.name}' looks at flows alone, and nothing that was checked is one"
            yield about(place, "rule-without-flows", message, OF_REPLIES, rule.line, "note")
        if rule.sentence.position in OF_LISTS and FLOWS in met and REPLIES not in met:
            message = f"'{rule.name}' looks at lists of replies alone, and all that was checked are flows"
            yield about(place, "rule-without-replies", message, OF_STEPS, rule.line, "note")


class _Met:
    """What was met of what a policy needs, also under others that extend the same file and have the same in force."""

    def __init__(self, of: Policy, report: Report) -> None:
        files = {source.path for source in of.own_files}
        self._own = report.met_under.get(of.name, set())
        self._others = [
            (other, {rule.name: rule.sentence.text for rule in other.in_force}, report.met_under.get(other.name, set()))
            for other in report.policies
            if other.name != of.name and any(source.path in files for source in other.own_files)
        ]

    def entry(self, entry: ChannelRule) -> set[str]:
        place = (entry.place.source.path, entry.place.span)
        same = (
            met
            for other, _, met in self._others
            if any((one.place.source.path, one.place.span) == place for one in other.channels)
        )
        return self._own.union(*same)

    def rule(self, rule: Rule) -> set[str]:
        same = (met for _, texts, met in self._others if texts.get(rule.name) == rule.sentence.text)
        return self._own.union(*same)


def _silent(rule: Rule) -> Finding:
    """That nothing goes out where a rule holds."""
    channels = ", ".join(sorted(rule.sentence.channels))
    message = f"'{rule.name}' holds on {channels} alone, over which nothing that was checked goes out"
    instead = "Say under 'channels:' what goes out over it, mend the name, or take the rule out."
    return about(rule.place, "channel-without-content", message, instead, rule.line, "note")


def _untagged(tag: str, where: str, place: Place) -> Finding:
    message = f"'{where}' speaks of the tag '{tag}', but nothing that was checked has it"
    related = Related("tag", place.source, place.span)
    instead = "'neverask show' tells the tags of a file. Mend the tag, or remove it."
    return about(place, "tag-without-content", message, instead, related, "note")


def _or_archive(pattern: str) -> tuple[str, ...]:
    """A pattern, and that of the archive in which it names a place: which members were checked isn't known."""
    return pattern, pattern.partition("!")[0] or pattern
