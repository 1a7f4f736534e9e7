"""Random edits of replies and flows in git histories, and whether ``--diff`` equals the difference of two full runs.

Run by itself it takes ten repositories of a corpus, five with flows and five with replies, and does so many commits
of some edits each: ``python tests/histories.py CORPUS [COMMITS] [SEED]``.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from neverask.engine import check
from neverask.finding import Finding
from neverask.report import Report
from neverask.revisions import Options, added, ends
from neverask.seen import conversations

SAID = (
    "Please send us your IBAN.",
    "What is your password?",
    "Stuur ons een foto van uw paspoort.",
    "Welcome back!",
    "Please mind the privacy notice of this shop before you go on.",
    "Never send passwords, PINs, card numbers or your BSN over WhatsApp; call 0800-1234 instead.",
)
NOTICE = SAID[4]
POLICIES = (
    "neverask: 1\nextends: [whatsapp]\n",
    'neverask: 1\nextends: [whatsapp]\ndisclaimers:\n  notice: {texts: {en: "' + NOTICE + '"}}\nrules:\n'
    "  first: {rule: require disclaimer notice before asking for name and email and phone and sensitive data, "
    "level: error}\n",
    "neverask: 1\nextends: [whatsapp]\nchannels:\n  - {files: '*', channels: [email]}\n",
    "neverask: 1\nextends: [avg]\n",
    None,
)
KINDS = ("text", "drop", "copy", "move", "delete", "policy", "channel", "ids", "edge", "notice", "unnotice")
_EDGE = re.compile(
    r"(next|goto|target|destination|transition|dest|then|else|jump|exit|edge|outgoing|succ|link)\w*$", re.IGNORECASE
)
_YAML_EDGE = re.compile(r"^[ \t-]*(?:next|goto|then|else|link|actionId|action|utter_\w+|dialog)\b.*\n", re.MULTILINE)
_STRING = re.compile(r'"(?:text|message|speech|value|title)":\s*"([^"\\]{4,})"|text: ([^\n"\'{}\[\]|>&*#]{4,})\n')


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false", "-c", "gc.auto=0"]
    run = subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return run.stdout.strip()


def commit(folder: Path) -> str:
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-q", "--allow-empty", "-m", "a change")
    return git(folder, "rev-parse", "HEAD")


def edit(folder: Path, chance: random.Random) -> str:
    """Do one random edit, and say which it was, "" where the file that was drawn offers nothing for it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    files = [path for path in files if path.name != "neverask.yaml"]
    files = [path for path in files if path.stat().st_size < 2_000_000] or files
    kind, path, policy = chance.choice(KINDS), chance.choice(files), folder / "neverask.yaml"
    if kind == "policy":
        text = chance.choice(POLICIES)
        if text is None:
            policy.unlink(missing_ok=True)
        else:
            policy.write_text(text, encoding="utf-8")
    elif kind == "channel":
        before = policy.read_text(encoding="utf-8") if policy.exists() else POLICIES[0]
        if before is None or "channels:" in before:
            return ""
        pattern, channel = f"*{path.suffix}", chance.choice(("whatsapp", "email", "webchat"))
        entry = f"channels:\n  - {{files: {json.dumps(pattern)}, channels: [{channel}]}}\n"
        policy.write_text(before + entry, encoding="utf-8")
    elif kind == "copy":
        shutil.copy(path, path.with_name(f"again-{path.name}"))
    elif kind == "move":
        target = folder / f"moved{chance.randrange(3)}" / path.name
        target.parent.mkdir(exist_ok=True)
        shutil.move(path, target)
    elif kind == "delete":
        if len(files) < 3:
            return ""
        path.unlink()
    else:
        return kind if _rewrite(path, kind, chance) else ""
    return kind


def _rewrite(path: Path, kind: str, chance: random.Random) -> bool:
    """Change a file's text; whether it changed."""
    try:
        before = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return False
    text = before
    if kind == "drop":
        lines = text.splitlines(keepends=True)
        at = chance.randrange(max(len(lines), 1))
        text = "".join(lines[:at] + lines[at + chance.randint(1, 3) :])
    elif kind == "ids":
        # Two ids change places: what led to one node leads to the other.
        ids = sorted(set(re.findall(r'"[\w-]{6,40}"', text)))[:500]
        if len(ids) > 1:
            one, other = chance.sample(ids, 2)
            at = text.rfind(one)
            text = text[:at] + other + text[at + len(one) :]
    elif kind == "edge":
        text = _without_edge(text, chance)
    elif kind == "unnotice":
        text = next((text.replace(said, "Fine.", 1) for said in (NOTICE, _as_written(SAID[5])) if said in text), text)
    else:
        found = list(_STRING.finditer(text))
        if found:
            # A notice mostly goes where a flow begins, where other steps rest on it.
            hit = found[0] if kind == "notice" and chance.random() < 0.5 else chance.choice(found)
            said = chance.choice((NOTICE, SAID[5]) if kind == "notice" else SAID)
            group = 1 if hit[1] is not None else 2
            text = text[: hit.start(group)] + _as_written(said) + text[hit.end(group) :]
    path.write_bytes(text.encode("utf-8"))
    return text != before


def _as_written(said: str) -> str:
    return said.replace(": ", " ")


def _without_edge(text: str, chance: random.Random) -> str:
    """A flow in which one step leads nowhere; the text as it is where it has no edge that can be told."""
    try:
        value = json.loads(text)
    except ValueError:
        found = list(_YAML_EDGE.finditer(text))
        hit = chance.choice(found) if found else None
        return text[: hit.start()] + text[hit.end() :] if hit else text
    edges: list[tuple[dict[str, object], str]] = []
    waiting: list[object] = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            edges += [(one, key) for key in one if _EDGE.match(key) and one[key]]
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    if not edges:
        return text
    node, key = chance.choice(edges)
    if isinstance(node[key], list):
        node[key] = []
    else:
        del node[key]
    return json.dumps(value, ensure_ascii=False, indent=2)


def names(findings: list[Finding]) -> Counter[str]:
    return Counter(finding.fingerprint for finding in findings)


def full_run(folder: Path, revision: str) -> Counter[str]:
    """The findings of a full run on a checkout of its own, without the cache."""
    with tempfile.TemporaryDirectory() as place:
        target = Path(place).resolve() / "checkout"
        git(folder, "clone", "-q", "--no-checkout", str(folder), str(target))
        git(target, "-c", "core.autocrlf=false", "checkout", "-q", revision)
        before = os.getcwd()
        os.chdir(target)
        try:
            return names(check(["."]).findings)
        finally:
            os.chdir(before)


class Compared(NamedTuple):
    """What ``--diff`` reports, what two full runs differ by, how many findings the newer run has, and how many of the
    new ones stand in files that nobody touched.
    """

    shown: Counter[str]
    expected: Counter[str]
    total: int
    untouched: int


def compare(folder: Path, base: str, head: str) -> Compared:
    """One comparison, of two revisions and of the files against one, beside two full runs."""
    old, new = full_run(folder, base), full_run(folder, head)
    before = os.getcwd()
    os.chdir(folder)
    try:
        report, gone, _ = added(ends(f"{base}..{head}", ()), Options(cached=True))
        git(folder, "checkout", "-q", head)
        of_files, _, _ = added(ends(base, ()), Options())
    finally:
        os.chdir(before)
    assert names(of_files.findings) == names(report.findings), "the files as they stand are those of HEAD"
    left = sum((old - new).values())
    assert gone <= left if report.unreadable else gone == left, "of what can't be read nobody knows what is gone"
    untouched = sum("this file is as it was" in finding.since for finding in report.findings)
    return Compared(names(report.findings), new - old, sum(new.values()), untouched)


def _has_flows(folder: Path) -> bool | None:
    """Whether a repository holds flows; None for one in which nothing is recognised."""
    seen = [
        conversation
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for conversation in conversations(str(path), Report())
    ]
    return any(conversation.flows for conversation in seen) if seen else None


def _chosen(corpus: Path, chance: random.Random) -> Iterator[tuple[Path, bool]]:
    """Ten repositories, half of them with flows, of as many formats as there are."""
    left = {True: 5, False: 5}
    formats: set[str] = set()
    repositories = sorted(path for path in corpus.glob("*/*") if path.is_dir())
    chance.shuffle(repositories)
    for again in (False, True):
        for source in repositories:
            size = sum(path.stat().st_size for path in source.rglob("*") if path.is_file())
            if not any(left.values()) or not 2_000 < size < 250_000 or (source.parent.name in formats) != again:
                continue
            flows = _has_flows(source)
            if flows is not None and left[flows]:
                left[flows] -= 1
                formats.add(source.parent.name)
                yield source, flows


def _history(folder: Path, commits: int, chance: random.Random, told: Counter[str]) -> None:
    """Edit and commit, comparing each two revisions that follow each other, and the first with the last."""
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "core.autocrlf", "false")
    subprocess.run(["chmod", "-R", "u+w", str(folder)], check=True)
    history = [commit(folder)]

    def count(base: str, head: str) -> None:
        compared = compare(folder, base, head)
        git(folder, "checkout", "-q", "main")
        told["comparisons"] += 1
        told["wrong"] += compared.shown != compared.expected
        told["new"] += sum(compared.expected.values())
        told["in untouched files"] += compared.untouched

    for _ in range(commits):
        for _ in range(chance.randint(1, 3)):
            told[next((kind for _ in range(20) if (kind := edit(folder, chance))), "nothing")] += 1
        history.append(commit(folder))
        count(history[-2], history[-1])
    count(history[0], history[-1])


def main(corpus: Path, commits: int, seed: int) -> int:
    chance = random.Random(seed)
    total: Counter[str] = Counter()
    taken = 0
    for source, flows in _chosen(corpus, chance):
        told: Counter[str] = Counter()
        begin = time.monotonic()
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place).resolve() / "repository"
            shutil.copytree(source, folder, symlinks=True, ignore=shutil.ignore_patterns(".git"))
            _history(folder, commits, chance, told)
        taken += 1
        total += told
        said = {"repository": str(source.relative_to(corpus)), "flows": flows, **told, "wrong": told["wrong"]}
        print(json.dumps({**said, "seconds": round(time.monotonic() - begin, 1)}), flush=True)
    edits = sum(total[kind] for kind in KINDS)
    print(f"{taken} repositories, {edits} edits: {', '.join(f'{kind} {total[kind]}' for kind in KINDS)}")
    print(f"{total['comparisons']} comparisons, {total['wrong']} not equal; {total['new']} new findings, of them")
    print(f"{total['in untouched files']} in files that nobody touched")
    return 1 if total["wrong"] or taken < 10 else 0


if __name__ == "__main__":
    given = [*sys.argv[1:], *("6", "1")[len(sys.argv) - 2 :]]
    sys.exit(main(Path(given[0]), int(given[1]), int(given[2])))
