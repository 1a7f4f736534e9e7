"""Other linters beside neverask: installed here, given the same terms as rules of their own kind, and timed.

Used by `bench/run --peers`; described in bench/README.md.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import BinaryIO, NamedTuple

HERE = Path(__file__).resolve().parent
MOST_TO_INSTALL = 900  # seconds for one peer
GOOD = (0, 1, 65)  # exit statuses of a run that worked: codespell's for "found something" is 65
TEXTS = [  # where the corpora have their texts, for Spectral
    "$.macros[*].actions[*].value",
    "$.macros[*].actions[*].value[*]",
    "$.responses[*][*].text",
    "$.steps[*].say",
    "$.steps[*].ask",
]


class Peer(NamedTuple):
    name: str
    packages: tuple[str, ...]  # pinned, so that figures can be compared later
    program: str  # below the folder that it is installed in
    arguments: tuple[str, ...]  # what is to be checked follows them
    hit: str  # stands in each line of output that tells of something found
    registry: str = "pip"
    corpora: tuple[str, ...] = ("small.yml", "rasa", "macros.json", "replies.jsonl", "flow.json")
    folder: str = "rasa"  # how a folder of files is named to it
    note: str = ""

    def command(self, cache: Path, corpus: str) -> list[str]:
        program = str(cache / self.name / self.program)
        return [program, *self.arguments, self.folder if corpus == "rasa" else corpus]


PEERS = (
    Peer(
        "ripgrep",
        ("ripgrep==15.1.0",),
        "bin/rg",
        ("--threads=1", "--no-ignore", "--with-filename", "--only-matching", "-n", "-i", "-F", "-f", "terms.txt"),
        ":",
        note="the floor; it need not be beaten",
    ),
    Peer(
        "codespell",
        ("codespell==2.4.3",),
        "bin/codespell",
        ("-D", "codespell.txt"),
        "==>",
        note="terms of one word only: its dictionary takes no others",
    ),
    Peer(
        "yamllint",
        ("yamllint==1.38.0",),
        "bin/yamllint",
        ("-d", "default", "-f", "parsable"),
        ": [",
        corpora=("small.yml", "rasa"),
        note="its default rules: none looks for terms in texts that are quoted or folded",
    ),
    Peer(
        "semgrep",
        ("semgrep==1.185.0",),
        "bin/semgrep",
        (
            *("scan", "--config", "semgrep.json", "--vim", "--metrics=off", "--disable-version-check"),
            *("--no-git-ignore", "--jobs=1", "--timeout=0", "--max-memory=0", "--max-target-bytes=0"),
        ),
        ":E:terms:",
        note="its own limits are lifted: with them it gives long files up",
    ),
    Peer(
        "presidio",
        ("presidio-analyzer==2.2.366",),
        "bin/python",
        (str(HERE / "presidio_terms.py"), "terms.txt"),
        "TERM ",
        note="a recogniser with a deny list, no model of a language",
    ),
    Peer(
        "textlint",
        ("textlint@15.8.0", "textlint-rule-prh@6.1.0"),
        "node_modules/.bin/textlint",
        ("--config", "textlint.json", "--format", "unix"),
        "[Error/prh]",
        registry="npm",
        note="textlint-rule-prh, every file read as lines of text",
    ),
    Peer(
        "spectral",
        ("@stoplight/spectral-cli@6.16.3",),
        "node_modules/.bin/spectral",
        ("lint", "-r", "spectral.json", "-f", "text", "--ignore-unknown-format"),
        " error terms ",
        registry="npm",
        corpora=("small.yml", "rasa", "macros.json", "flow.json"),
        folder="rasa/**/*.yml",
        note="one hit a text",
    ),
)


class Corpus(NamedTuple):
    path: str  # below the folder of corpora
    least: str  # what the least that anyone could do is called
    command: list[str]
    rounds: int


class Took(NamedTuple):
    seconds: float
    memory: int  # MiB, of the largest process; the bench's own 16 is the least that is seen
    hits: int
    fault: str  # why the figures are worth nothing, or ""


# -- installing -------------------------------------------------------------------------------------------------------


def installed(peer: Peer, cache: Path) -> str:
    """Install a peer unless it is there; why that can't be done, or ""."""
    folder, wanted = cache / peer.name, "\n".join(peer.packages)
    done = folder / "installed.txt"
    if done.exists() and done.read_text(encoding="utf-8") == wanted:
        return ""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    commands = [
        [sys.executable, "-m", "venv", str(folder)],
        [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *peer.packages],
    ]
    if peer.registry == "npm":
        quiet = ("--no-audit", "--no-fund", "--loglevel=error")
        commands = [["npm", "install", "--prefix", str(folder), *quiet, *peer.packages]]
    try:
        for command in commands:
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=MOST_TO_INSTALL)
    except FileNotFoundError as error:
        return f"there is no {error.filename}"
    except subprocess.CalledProcessError as error:
        return reason(error.stderr or error.stdout)
    except subprocess.TimeoutExpired:
        return f"installing it took more than {MOST_TO_INSTALL} s"
    done.write_text(wanted, encoding="utf-8")
    return ""


def reason(output: str) -> str:
    """The lines that most likely say what went wrong."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if "error" in line.lower()] or lines[-1:] or ["it does not say why"]
    return "; ".join(telling)[:200]


# -- the rules --------------------------------------------------------------------------------------------------------


def write_rules(place: Path) -> None:
    """The terms of terms.json as the rules of each peer; no term has a character that means something in a pattern."""
    by_language = json.loads((place / "terms.json").read_text(encoding="utf-8"))
    terms = sorted({term for terms in by_language.values() for term in terms}, key=lambda term: (-len(term), term))
    pattern = rf"\b({'|'.join(terms)})\b"
    semgrep = {"id": "terms", "languages": ["regex"], "severity": "ERROR", "message": "a term"}
    spectral = {"function": "pattern", "functionOptions": {"notMatch": f"/{pattern}/i"}}
    files = {
        "semgrep.json": {"rules": [semgrep | {"pattern-regex": f"(?i){pattern}"}]},
        "spectral.json": {
            "rules": {"terms": {"given": TEXTS, "severity": "error", "message": "a term", "then": spectral}}
        },
        "textlint.json": {
            "plugins": {"@textlint/text": {"extensions": [".json", ".jsonl", ".yml"]}},
            "rules": {"prh": {"rulePaths": ["prh.yml"]}},
        },
        "prh.yml": {"version": 1, "rules": [{"pattern": f"/{pattern}/i", "expected": "X"}]},
    }
    for name, value in files.items():
        (place / name).write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    (place / "terms.txt").write_text("".join(f"{term}\n" for term in terms), encoding="utf-8")
    words = [term for term in terms if " " not in term]
    (place / "codespell.txt").write_text("".join(f"{word}->{word}x\n" for word in words), encoding="utf-8")


# -- running ----------------------------------------------------------------------------------------------------------


def timed(
    command: list[str], folder: Path, environment: dict[str, str], limit: float = threading.TIMEOUT_MAX, hit: str = ""
) -> Took:
    """A whole process and all that it starts, ended after `limit` seconds."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=errors, start_new_session=True
        )
        timer = threading.Timer(limit, os.killpg, (process.pid, signal.SIGKILL))
        timer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
            taken = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            timer.cancel()
            if process.returncode is None:  # the bench itself was interrupted
                os.killpg(process.pid, signal.SIGKILL)
        hits = counted(output, hit)
        fault = ""
        if taken >= limit:
            fault = f"more than {limit:g} s"
        elif process.returncode not in GOOD:
            errors.seek(0)
            fault = f"ended with {process.returncode}: {reason(errors.read().decode(errors='replace'))}"
        elif hit and not hits:
            fault = "found nothing"
    return Took(taken, usage.ru_maxrss // 1024, hits, fault)


def counted(output: BinaryIO, hit: str) -> int:
    """How many lines have a hit in them."""
    output.seek(0)
    return sum(hit.encode() in line for line in output) if hit else 0


def must(command: list[str], folder: Path, environment: dict[str, str]) -> Took:
    """A run that the peers are compared with: when it fails, there is nothing to compare."""
    took = timed(command, folder, environment)
    if took.fault:
        sys.exit(f"{command} {took.fault}")
    return took


def compare(
    place: Path,
    corpus: Corpus,
    neverask: list[str],
    peers: list[Peer],
    cache: Path,
    environment: dict[str, str],
    limit: float,
) -> bool:
    """Measure all peers that read the corpus and print it; whether neverask is faster than all but ripgrep.

    A round is the least, neverask, neverask's second run, and each peer, one after the other; the medians of the
    rounds' ratios are printed. A peer that failed once is not run again.
    """
    others = {**environment, "HOME": str(cache), "NODE_OPTIONS": "--max-old-space-size=8192"}
    first, second = [*neverask, corpus.path, "--no-cache", "--jobs", "1"], [*neverask, corpus.path]
    must(second, place, environment)  # so that there are results to use
    own: list[list[Took]] = []
    results: dict[Peer, list[Took]] = {peer: [] for peer in peers if corpus.path in peer.corpora}
    for _ in range(corpus.rounds):
        own.append([must(command, place, environment) for command in (corpus.command, first, second)])
        for peer, took in results.items():
            if not (took and took[-1].fault):
                took.append(timed(peer.command(cache, corpus.path), place, others, limit, peer.hit))
    return printed(corpus, own, results)


def printed(corpus: Corpus, own: list[list[Took]], results: dict[Peer, list[Took]]) -> bool:
    """Print what was measured on a corpus; whether neverask is faster than all peers but ripgrep."""
    names = (corpus.least, "neverask", "its second run")
    print(f"\n{corpus.path}, rounds: {corpus.rounds}")
    print(f"{'':16}{'s':>9} {'MiB':>6} {'hits':>7}" + "".join(f"{'/ ' + name:>18}" for name in names))
    for name, took in zip(names, zip(*own, strict=True), strict=True):
        print(f"{name:16}{line(list(took), own)}")
    met = True
    for peer, took in results.items():
        faster = not took[-1].fault and ratio(took, own, 1) < 1
        print(f"{peer.name:16}{line(took, own)}{'  faster than neverask' if faster else ''}", flush=True)
        met = met and (not faster or peer.name == "ripgrep")
    return met


def ratio(took: list[Took], own: list[list[Took]], which: int) -> float:
    """The median over the rounds of a run's time to one of the three runs that each round begins with."""
    return statistics.median(one.seconds / three[which].seconds for one, three in zip(took, own, strict=True))


def line(took: list[Took], own: list[list[Took]]) -> str:
    """The figures of one program on one corpus, or why there are none."""
    if took[-1].fault:
        return f"{took[-1].fault} ({max(one.memory for one in took)} MiB)"
    seconds, memory = statistics.median(one.seconds for one in took), max(one.memory for one in took)
    ratios = "".join(f"{ratio(took, own, which):18.4g}" for which in range(3))
    return f"{seconds:9.2f} {memory:6} {took[-1].hits or '':>7}{ratios}"


def run(
    place: Path,
    corpora: list[Corpus],
    neverask: list[str],
    cache: Path,
    environment: dict[str, str],
    limit: float,
) -> bool:
    """Install the peers, name those that can't be installed, and compare the others; whether the aim is met."""
    cache.mkdir(parents=True, exist_ok=True)
    write_rules(place)
    there = []
    print(
        "\nPeers: every figure is seconds of a whole process; above 1, a peer takes longer than what the column names"
    )
    for peer in PEERS:
        why = installed(peer, cache)
        print(f"{', '.join(peer.packages):48}{'not installed: ' + why if why else peer.note}", flush=True)
        if not why:
            there.append(peer)
    met = [compare(place, corpus, neverask, there, cache, environment, limit) for corpus in corpora]
    return all(met)
