"""Random edits of replies and flows in git histories, and whether ``--diff`` equals the difference of two full runs.

Run by itself it takes ten repositories of a corpus: ``python tests/histories.py CORPUS [EDITS] [SEED]``.
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
from pathlib import Path

from neverask.engine import check
from neverask.finding import Finding
from neverask.revisions import Options, added, ends

SAID = (
    "Please send us your IBAN.",
    "What is your password?",
    "Stuur ons een foto van uw paspoort.",
    "Welcome back!",
    "Please mind the privacy notice of this shop before you go on.",
    "Never send passwords, PINs, card numbers or your BSN over WhatsApp; call 0800-1234 instead.",
)
POLICIES = (
    "neverask: 1\nextends: [whatsapp]\n",
    "neverask: 1\nextends: [whatsapp]\nchannels:\n  - {files: '*', channels: [email]}\n",
    "neverask: 1\nextends: [avg]\n",
    None,
)
_STRING = re.compile(r'"(?:text|message|speech|value|title)":\s*"([^"\\]{4,})"|text: ([^\n"\'{}\[\]|>&*#]{4,})\n')
Name = tuple[str, str, str, str]


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false", "-c", "gc.auto=0"]
    run = subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return run.stdout.strip()


def commit(folder: Path) -> str:
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-q", "--allow-empty", "-m", "a change")
    return git(folder, "rev-parse", "HEAD")


def edit(folder: Path, chance: random.Random) -> str:
    """Do one random edit of a file, and say what it was."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    files = [path for path in files if path.stat().st_size < 2_000_000] or files
    kinds = ("text", "text", "text", "drop", "copy", "move", "delete", "policy", "edge", "edge")
    kind, path = chance.choice(kinds), chance.choice(files)
    if kind == "policy":
        text = chance.choice(POLICIES)
        policy = folder / "neverask.yaml"
        if text is None:
            policy.unlink(missing_ok=True)
        else:
            policy.write_text(text, encoding="utf-8")
    elif kind == "copy":
        shutil.copy(path, path.with_name(f"again-{path.name}"))
    elif kind == "move":
        target = folder / f"moved{chance.randrange(3)}" / path.name
        target.parent.mkdir(exist_ok=True)
        shutil.move(path, target)
    elif kind == "delete" and len(files) > 2:
        path.unlink()
    else:
        _rewrite(path, kind, chance)
    return f"{kind} {path.relative_to(folder)}"


def _rewrite(path: Path, kind: str, chance: random.Random) -> None:
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return
    if kind == "drop":
        lines = text.splitlines(keepends=True)
        at = chance.randrange(max(len(lines), 1))
        text = "".join(lines[:at] + lines[at + chance.randint(1, 3) :])
    elif kind == "edge":
        # Two ids change places: what led to one node leads to the other.
        ids = sorted(set(re.findall(r'"[\w-]{6,40}"', text)))[:500]
        if len(ids) > 1:
            one, other = chance.sample(ids, 2)
            at = text.rfind(one)
            text = text[:at] + other + text[at + len(one) :]
    else:
        found = list(_STRING.finditer(text))
        if found:
            hit = chance.choice(found)
            group = 1 if hit[1] is not None else 2
            text = text[: hit.start(group)] + chance.choice(SAID).replace(": ", " ") + text[hit.end(group) :]
    path.write_bytes(text.encode("utf-8"))


def names(findings: list[Finding]) -> Counter[str]:
    return Counter(finding.fingerprint for finding in findings)


def full_run(folder: Path, commit: str) -> Counter[str]:
    """The findings of a full run on a checkout of its own, without the cache."""
    with tempfile.TemporaryDirectory() as place:
        target = Path(place).resolve() / "checkout"
        git(folder, "clone", "-q", "--no-checkout", str(folder), str(target))
        git(target, "-c", "core.autocrlf=false", "checkout", "-q", commit)
        before = os.getcwd()
        os.chdir(target)
        try:
            return names(check(["."]).findings)
        finally:
            os.chdir(before)


def compare(folder: Path, base: str, head: str) -> tuple[Counter[str], Counter[str], int]:
    """What ``--diff`` reports, what two full runs differ by, and how many findings the newer run has."""
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
    assert gone == sum((old - new).values())
    return names(report.findings), new - old, sum(new.values())


def main(corpus: Path, edits: int, seed: int) -> int:
    chance = random.Random(seed)
    repositories = sorted(path for path in corpus.glob("*/*") if path.is_dir())
    chance.shuffle(repositories)
    wrong = taken = 0
    for source in repositories:
        size = sum(path.stat().st_size for path in source.rglob("*") if path.is_file())
        if taken == 10 or not 2_000 < size < 1_500_000:
            continue
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place).resolve() / "repository"
            shutil.copytree(source, folder, symlinks=True, ignore=shutil.ignore_patterns(".git"))
            git(folder, "init", "-q", "-b", "main")
            git(folder, "config", "core.autocrlf", "false")
            subprocess.run(["chmod", "-R", "u+w", str(folder)], check=True)
            history = [commit(folder)]
            begin, changes, told = time.monotonic(), 0, []
            for _ in range(edits):
                for _ in range(chance.randint(1, 3)):
                    edit(folder, chance)
                history.append(commit(folder))
                shown, expected, total = compare(folder, history[-2], history[-1])
                git(folder, "checkout", "-q", "main")
                wrong += shown != expected
                changes += sum(expected.values())
                told.append(total)
            shown, expected, total = compare(folder, history[0], history[-1])
            wrong += shown != expected
            taken += 1
            said = {"repository": str(source.relative_to(corpus)), "edits": edits, "new": changes, "findings": told[-1]}
            print(json.dumps({**said, "wrong": wrong, "seconds": round(time.monotonic() - begin, 1)}), flush=True)
    print(f"{taken} repositories, {wrong} comparisons that are not equal")
    return 1 if wrong or taken < 10 else 0


if __name__ == "__main__":
    given = [*sys.argv[1:], "6", "1"][: max(3, len(sys.argv) - 1)] if len(sys.argv) == 2 else [*sys.argv[1:], "1"]
    sys.exit(main(Path(given[0]), int(given[1]), int(given[2])))
