"""``neverask policy show``.

A policy with its ``extends`` resolved, as prose that a compliance officer reads.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from .departures import departures
from .doubts import (
    INSTEAD_OF_PLACE,
    OF_REPLIES,
    OF_STEPS,
    TO_BOUND,
    TO_DECIDE,
    TO_JOIN,
    TO_KEEP,
    TO_REPEAT,
    TO_SAY,
    TO_SAY_CHANNELS,
    TO_TAKE_OVER,
    TO_WORD,
    TO_WORD_ALSO,
    WITHOUT_ASKING,
)
from .examples import examples_of
from .files import folder_of
from .finding import NOTES
from .policy.excepting import MEND_EXPIRED
from .policy.model import ChannelRule, Disclaimer, Exemption, Mapping_, Policy, Rule
from .policy.vocabulary import CHANNELS, PLACES, SETS, plain_name
from .policy.wordings import language_in
from .rules.disclaimer import SAID
from .rules.wording import called

_LEVELS = {
    "error": "A breach is an error: the commit or the build is refused.",
    "warning": "A breach is a warning: refused as well, unless the check lets warnings pass (--warnings-ok).",
    "off": "This rule is switched off.",
}
_VERBS = {
    "asking": "No message may ask the customer for it.",
    "collecting": "No step, form or upload may take it from the customer.",
    "sending": "No message may give it away.",
    "redirecting": "No message may send the customer to one of the named places to give it.",
    "claiming": "No message may call the channel a safe place for personal data.",
}
BUILT_IN = {
    "bad-exception": (
        "An exception in a comment does not hold: it is not written as one, gives no reason, names no rule of the "
        "policy, or its date is none.",
        "Write it as the finding shows, or remove it.",
    ),
    "expired-exception": (
        "The last day of an exception, in the policy or in a comment, is over: what it covered is found again.",
        MEND_EXPIRED,
    ),
    "unused-exception": (
        "An exception, in the policy or in a comment, covers nothing: what it was for is mended, or it is misspelt.",
        "Remove it, or mend the path or name that it gives.",
    ),
    "boundless-exception": (
        "An exception of the policy names neither a file nor a reply or step nor a last day, so that all that its rule "
        "finds is kept for ever, and nobody sees what.",
        TO_BOUND,
    ),
    "idle-words": (
        "A part of a rule's sentence makes no difference: a condition that can't apply to what the rule is about, an "
        "'except' of what it does not name, a 'together' of one kind of data.",
        TO_SAY,
    ),
    "forbidden-wording": (
        "What a policy offers to write ('instead:', the text of a disclaimer) is found by a rule of the same policy: "
        "who takes it over has the next finding.",
        WITHOUT_ASKING,
    ),
    "disclaimer-without-text": (
        "A rule requires a disclaimer, by its text alone, that has none in a language of the policy, or has none at "
        "all: nothing that is said in that language can have it. ('neverask policy test' also tells where a text is "
        "missing that could be done without.)",
        "Write what is missing behind 'texts:', or name 'elements:' that any wording must have.",
    ),
    "unreachable-entry": (
        "An entry or a pattern of 'channels:' gets nothing: an earlier one takes all of it, for another channel. "
        "('neverask policy test' also tells of one for the same channel.)",
        "Put the narrower one first: the first entry that fits wins.",
    ),
    "pattern-without-files": (
        "A file pattern of 'channels:' or 'sources:' fits no file of the folder of its policy.",
        "Mend the pattern, or remove it.",
    ),
    "path-without-texts": (
        "A path of 'sources:' leads to nothing in any of the files that were read by it.",
        "Mend the path, or take it out.",
    ),
    "tag-without-content": (
        "Nothing in the folder of the policy has a tag that it names under 'channels:' or in a rule.",
        "Mend the tag ('neverask show' tells those of a file), or remove it.",
    ),
    "rule-without-flows": (
        "A rule wants a disclaimer in the first message, or before something is asked, and nothing in the folder of "
        "the policy is a flow: a reply list does not say what is sent first, so that the rule finds nothing there.",
        OF_REPLIES,
    ),
    "rule-without-replies": (
        "A rule wants a disclaimer in every reply or in the library, and all in the folder of the policy are flows: "
        "what their steps say is no list of replies, so that the rule finds nothing there.",
        OF_STEPS,
    ),
    "channel-without-content": (
        "A rule of the policy holds on channels over which nothing in the folder of the policy goes out, by what the "
        "files and 'channels:' say: it finds nothing.",
        "Say under 'channels:' what goes out over it, mend the name, or take the rule out.",
    ),
    "unused-entry": (
        "The policy has data of its own, a set or a disclaimer that no rule in force speaks of, be it by a set: what "
        "is meant by it is not looked for.",
        "Name it in a rule or put it into a set that one names, or take it out.",
    ),
    "taken-term": (
        "A term of the policy's own means other data by itself, which a rule looks for: in a text it now means the "
        "policy's own alone, and that rule no longer finds it.",
        TO_TAKE_OVER,
    ),
    "not-extended-policy": (
        "A policy stands above the folder of another one that does not extend it: for each file the nearest policy "
        "holds alone, so that nothing in the one above holds there.",
        "Write the one above behind 'extends:', if it is to hold there, too.",
    ),
    "data-without-words": (
        "A rule speaks of data of the policy's own that have no words in one of its languages: in a text in that "
        "language they are not found.",
        TO_WORD,
    ),
    "lost-term": (
        "The policy says anew, for a language, what words its own data have, and leaves out some that a policy which "
        "it extends has: in that language its own count alone, so that these are no longer found.",
        TO_REPEAT,
    ),
    "place-without-words": (
        "A rule forbids to redirect to a form alone, to which no text is read to lead: it never finds anything.",
        INSTEAD_OF_PLACE,
    ),
    "ousted-rule": (
        "Two policies that are extended side by side have a rule of one name, each with a sentence of its own: the one "
        "further behind counts, and what the other one forbids is not looked for.",
        TO_KEEP,
    ),
    "ousted-channels": (
        "Two policies that are extended side by side say each over which channels what goes out: what the one further "
        "behind says counts, for all files, so that rules on the other's channels may hold nowhere.",
        TO_SAY_CHANNELS,
    ),
    "ousted-part": (
        "Two policies that are extended side by side say something otherwise, or one of them makes less of it: a "
        "rule's level or wording, what is in a set, where customers may be sent to, what a disclaimer needs. The one "
        "further behind counts, for the files of both.",
        TO_DECIDE,
    ),
    "passed-over-policy": (
        "All files of a bot are judged by one policy, that of the file by which the bot was read: another policy that "
        "stands nearer to some of them does not hold for these.",
        TO_JOIN,
    ),
    "rule-without-wording": (
        "A rule says what to write instead, but not in each of the policy's languages: in a text in another one it is "
        "told in a language that its author may not write, and --fix has nothing to put in.",
        TO_WORD_ALSO,
    ),
    "overlapping-rules": (
        "A rule of level 'warning' and one of level 'error' both find the same, so that what the first one finds is an "
        "error all the same.",
        "Take what is to be a warning out of the other rule with 'except', or give both one level.",
    ),
}
"""What is found under every policy, without a rule in it: what is wrong, what to do."""
_TESTED = frozenset({"overlapping-rules", "rule-without-wording"})
_BUNDLES = {
    "asking": "No message may ask the customer for all of these at once; one alone does not break this rule.",
    "collecting": "No flow may take all of these from the customer; one alone does not break this rule.",
}
_POSITIONS = {
    "every-reply": "in every reply",
    "first-message": "in the first message of every conversation",
    "before-any-question": "before any question, on every path",
    "before-asking": "before the first request for such data, on every path",
    "library": "in at least one reply of the library",
}
_CONDITIONS = {
    "safe-channel": "the customer is sent to a safe place for it",
    "partial": "only a part that can't serve as the whole is asked for (never of a PIN, password, "
    "security code or one-time code)",
    "shielded": "the copy has number and photo covered",
}


_PLACES = {
    "portal": "an account behind a login, on your site or that of an authority",
    "app": "an app of your own, or one by which customers prove who they are",
    "phone": "a call, also one by video or with a menu",
    "branch": "a desk, shop, office or visit: face to face",
    "post": "a letter or parcel, on paper",
    "email": "an e-mail; it is no safer than a chat, so that no bundled policy has it",
    "website": "a page that needs no login, a form on one, the screen of a machine",
    "form": "of no use: a form counts as 'website', one behind a login as 'portal'",
    "private message": "never safe: who asks for data in one asks for it in the chat",
}
SAFE_CHANNELS = "safe-channels"
"""What ``explain`` tells of kinds of place by."""


def safe_channels(policy: Policy) -> str:
    """What the kinds of place are and do, and which of them are safe under a policy, as Markdown."""
    safe = policy.safe
    lines = [
        f"### {SAFE_CHANNELS}",
        "Where customers may be sent to with such data: kinds of place behind 'kinds:', your own by name behind "
        "'own:'.",
        "- A rule with 'unless redirecting to a safe channel' lets pass what sends the customer to such places and to "
        "no others.",
        "- The element 'safe-alternative' of a disclaimer is one of these places.",
        "",
        "Kinds of place:",
        *(f"- '{kind}': {_PLACES[kind]}" for kind in PLACES),
        "",
        f"Safe under this policy: {', '.join(map(repr, sorted(safe.kinds))) or 'none named'}.",
        *_own_places(policy),
    ]
    if not safe.kinds:
        lines.append("In a disclaimer portal, app, phone, branch and post count where no kind is named.")
    return "\n".join(lines) + "\n"


def _own_places(policy: Policy) -> list[str]:
    return [f"- {' / '.join(place.names)}" + (f" ({place.url})" if place.url else "") for place in policy.safe.own]


def render(policy: Policy, today: date) -> str:
    """The whole policy as Markdown, with the exceptions as they stand ``today``."""
    lines = [f"# {policy.title or policy.name}", ""]
    if policy.about:
        lines += [policy.about.strip(), ""]
    if policy.extends:
        lines += ["It builds on: " + ", ".join(policy.extends) + ".", ""]
    if policy.languages:
        lines += [f"The texts are in: {', '.join(policy.languages)}.", ""]
    changes = departures(policy)
    if changes:
        lines += ["## What it changes in what it builds on", *(f"- {change}" for change in changes), ""]
    lines += _channels(policy)
    lines += _read(policy)
    lines += _data(policy)
    lines.append("## Rules")
    for rule in policy.rules:
        lines += _rule(rule, policy)
    kinds = ", ".join(sorted(policy.safe.kinds)) or "none named"
    lines += ["", "## Where customers may be sent to", f"Kinds of place: {kinds}.", *_own_places(policy)]
    if policy.disclaimers:
        lines += ["", "## Disclaimers"]
        for disclaimer in policy.disclaimers.values():
            lines += _disclaimer(disclaimer, policy.languages)
    if policy.exemptions:
        lines += ["", "## Exceptions", *(_exemption(one, policy, today) for one in policy.exemptions)]
    cited = {name: policy.cited[name] for rule in policy.rules for name in rule.because if name in policy.cited}
    if cited:
        lines += ["", "## Sources"]
        lines += [f"- {name}: {source}" for name, source in sorted(cited.items())]
    return "\n".join(lines) + "\n"


def _disclaimer(disclaimer: Disclaimer, languages: Sequence[str]) -> list[str]:
    said = "; ".join(SAID[element] for element in disclaimer.elements)
    ways = ["one of these texts"] if disclaimer.texts else []
    ways += [f"any wording that says: {said}"] if said else []
    lines = [f"- {disclaimer.name}: {', or '.join(ways) or 'nothing can be it'}"]
    lines += [f"  - at most {disclaimer.at_most} characters"] if disclaimer.at_most else []
    return lines + [f"  - {language}: {text}" for language, text in _in(languages, disclaimer.texts)]


def _channels(policy: Policy) -> list[str]:
    """Which content goes out over which channel."""
    lines = []
    for entry in policy.channels:
        files = _files(entry, policy)
        tagged = f"content tagged {', '.join(entry.tagged)}" if entry.tagged else ""
        what = f"{tagged} in files {files}" if tagged and files else tagged or (f"files {files}" if files else "")
        lines.append(f"- {what or 'everything else'} goes out over {', '.join(entry.channels)}")
    return ["## Channels", *lines, ""] if lines else []


def _read(policy: Policy) -> list[str]:
    """How files are read that the policy has read in a way of its own."""
    lines = []
    for entry in policy.mappings:
        lines.append(f"- files {_files(entry, policy)}")
        lines += (f"  - {name}: {path}" for name, path in entry.paths.items())
    return ["## How files are read", *lines, ""] if lines else []


def _files(entry: ChannelRule | Mapping_, policy: Policy) -> str:
    return ", ".join(_from_here(pattern, entry.root, policy) for pattern in entry.files)


def _from_here(pattern: str, root: str, policy: Policy) -> str:
    """A file pattern as it counts from the folder of the policy that is told, wherever it is written."""
    folder = folder_of(policy.files[-1].path) if policy.files else ""
    if not root or not folder or root == folder or "/" not in pattern:
        return pattern
    return os.path.normpath(os.path.join(os.path.relpath(root, folder), pattern)).replace(os.sep, "/")


def _exemption(exemption: Exemption, policy: Policy, today: date) -> str:
    file = _from_here(exemption.file, exemption.root, policy)
    place = " ".join(part for part in (file, exemption.at) if part)
    where = f"at {place}" if place else "everywhere"
    until = f"until the end of {exemption.until}" if exemption.until else "without end"
    later = " (later)" if exemption.is_ahead(today) else ""
    first = f" from {exemption.first}{later}" if exemption.first else ""
    expired = " (expired)" if exemption.expired(today) else ""
    owner = f" ({exemption.owner})" if exemption.owner else ""
    return f"- {exemption.rule} {where}{first} {until}{expired}: {exemption.reason}{owner}"


def explained(policy: Policy, rule: Rule) -> str:
    """One rule as Markdown: what it says, why, with the sources in full, and texts that it finds and that pass it."""
    lines = _rule(rule, policy)[1:]
    if rule.sentence.disclaimer:
        lines += ["", "The disclaimer:", *_disclaimer(policy.disclaimers[rule.sentence.disclaimer], policy.languages)]
    sources = [f"- {name}: {policy.cited[name]}" for name in rule.because if name in policy.cited]
    if sources:
        lines += ["", "Sources:", *sources]
    found, passed = examples_of(policy, rule)
    if found:
        lines += ["", "It finds, for example:", *(f"- {text}" for text in found)]
    if passed:
        lines += ["", "It lets pass, for example:", *(f"- {text}" for text in passed)]
    lines += ["", f"It stands in {rule.place.source.path}, line {rule.place.line}."]
    return "\n".join(lines) + "\n"


def built_in(name: str) -> str:
    """One of what is found under every policy, as Markdown."""
    what, instead = BUILT_IN[name]
    level = "It is a warning under every policy, and no rule of one."
    if name in NOTES:
        level = "It is a note under every policy, and leaves the exit status as it is."
    if name in _TESTED:
        level = "It is told by 'neverask policy test' alone, and is no mistake."
    return "\n".join(("", f"### {name}", what, f"- {instead}", f"- {level}", "")).lstrip("\n")


def about_data(policy: Policy, words: str, categories: Sequence[str]) -> str:
    """Which rules speak of the data that words name; "" where they name none."""
    lines = []
    for category in categories:
        rules = [rule for rule in policy.in_force if category in rule.sentence.data]
        if category in policy.terms:
            lines.append(f"'{words}' is data of this policy's own ({category}).")
        else:
            told = called(category)
            lines.append(f"'{words}' is {told}" + ("." if told.endswith(f" {words}") else f" ({category})."))
        if rules:
            lines += _spoken_of(rules)
        asking = [rule.sentence for rule in rules if rule.sentence.verb == "asking"]
        if all(sentence.bundle for sentence in asking):
            lines.append(f"No rule of this policy forbids asking for it{' by itself' if asking else ''}.")
    return "".join(line + "\n" for line in lines)


def about_set(policy: Policy, name: str) -> str:
    """What a set of data holds in a policy, and which rules speak of it by this name; "" where there is no such set."""
    holds = policy.sets.get(name, SETS.get(name))
    if holds is None:
        return ""
    rules = (rule for rule in policy.in_force if name in rule.sentence.named)
    lines = _spoken_of(rules, otherwise="No rule of this policy speaks of it by this name.")
    return "".join(f"{line}\n" for line in (f"The set '{name}' is: {_called(holds)}.", *lines))


def about_name(policy: Policy, name: str) -> str:
    """What a policy calls by a name beside rules and data: a disclaimer, a channel or a place of its own; "" for
    nothing.
    """
    rules = policy.in_force
    lines: list[str] = []
    if name in policy.disclaimers:
        lines += ["The disclaimer:", *_disclaimer(policy.disclaimers[name], policy.languages)]
        lines += _spoken_of([rule for rule in rules if rule.sentence.disclaimer == name])
    channel = next((one for one in (*CHANNELS, *policy.own_channels) if plain_name(one) == plain_name(name)), "")
    if channel:
        holds = [rule for rule in rules if not rule.sentence.channels or channel in rule.sentence.channels]
        lines += [f"'{channel}' is a channel.", *_spoken_of(holds, "These rules hold there:", "No rule holds there.")]
    if any(name.lower() in map(str.lower, place.names) for place in policy.safe.own):
        lines += [f"'{name}' is a safe place of this policy; 'neverask explain safe-channels' says what that is."]
    return "".join(f"{line}\n" for line in lines)


def _spoken_of(
    rules: Iterable[Rule], head: str = "It is spoken of by:", otherwise: str = "No rule in force speaks of it."
) -> list[str]:
    told = [f"- {rule.name} ({rule.level}): {rule.sentence.text}" for rule in rules]
    return [head, *told] if told else [otherwise]


def _data(policy: Policy) -> list[str]:
    """The organisation's own kinds of data, and what it changed in the sets."""
    lines = []
    for name, terms in policy.terms.items():
        said = {language: ", ".join(words) for language, words in terms.items()}
        lines += [f"- {name} ({language}): {words}" for language, words in _in(policy.languages, said)]
    for name, now in policy.sets.items():
        if name not in SETS:
            lines.append(f"- The set '{name}' is: {_called(now)}.")
        elif name != "any":
            more, less = now - SETS[name], SETS[name] - now
            lines += [f"- The set '{name}' has {_called(more)} as well."] if more else []
            lines += [f"- The set '{name}' is without {_called(less)}."] if less else []
    return ["## Data", *lines, ""] if lines else []


def _called(categories: Iterable[str]) -> str:
    return ", ".join(called(category) for category in sorted(categories))


def _rule(rule: Rule, policy: Policy) -> list[str]:
    sentence = rule.sentence
    lines = ["", f"### {rule.name}", f"{sentence.text[0].upper()}{sentence.text[1:]}. {_LEVELS[rule.level]}"]
    if sentence.data:
        lines.append(f"- It is about: {_called(sentence.data)}.")
    if sentence.verb in _VERBS:
        lines.append(f"- {(_BUNDLES if sentence.bundle else _VERBS)[sentence.verb]}")
    if sentence.places:
        lines.append(f"- The places are: {', '.join(sorted(sentence.places))}.")
    if sentence.position:
        lines.append(f"- It must stand {_POSITIONS[sentence.position]}.")
    lines.append(f"- It holds on {', '.join(sorted(sentence.channels)) if sentence.channels else 'every channel'}.")
    for condition in sentence.unless:
        said = _CONDITIONS.get(condition.kind) or (
            f"the content is tagged {condition.value}"
            if condition.kind == "tagged"
            else f"the file is in {_from_here(condition.value, condition.root, policy)}"
        )
        lines.append(f"- Not when {said}.")
    if rule.because:
        lines.append(f"- Because of {', '.join(rule.because)}.")
    lines += [f"- Say instead ({language}): {text}" for language, text in _in(policy.languages, rule.instead)]
    return lines


def _in(languages: Sequence[str], texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Texts by language: those in the languages of the policy, all where it names none or none of these."""
    return sorted((key, text) for key, text in texts.items() if language_in(key) in languages) or sorted(texts.items())
