"""Learn how much each feature of a proposal counts, from the labelled sentences in tests/language/sentences.

usage: python tools/train.py [--also FILE...] [--hold FILE...] [--write] [--strength C]

The model is a logistic regression over the named features of linter/language/proposals.py. A feature has a weight
that all languages share (grammar/weights.yaml) and one of the language's own (grammar/<code>/weights.yaml); words
have the latter only. The weights are rounded to two decimals and small ones are dropped, so that the files can be read
and do not depend on the machine. --also adds sets to learn from; --hold names sets that are only scored.
"""

from __future__ import annotations

import argparse
import collections
import glob
import json
import sys
from pathlib import Path

import numpy as np
import yaml
from neverask.language.analysis import read
from neverask.language.pack import Pack, compile_pack, texts_of
from neverask.resources import grammar, languages
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

HERE = Path(__file__).resolve().parent.parent
WORDY = ("word:", "before-word:", "after-word:", "around-word:", "term:")


def load(paths: list[str]) -> list[dict]:
    items = []
    for path in paths:
        for line in Path(path).read_text(encoding="utf-8").split("\n"):
            if line.strip():
                item = json.loads(line)
                if not item.get("borderline"):
                    items.append(item)
    return items


def propose_all(items: list[dict], packs: dict[str, Pack]) -> list[list]:
    from neverask.markup import plain

    return [read(plain(item["text"]).text, packs[item["lang"]]).proposals for item in items]


def padded(items: list[dict], proposals: list[list]) -> list[dict]:
    """Each text once more inside a longer reply: between texts of its language that hold no datum.

    Real replies are longer than a writer's example, and most of what stands around a request has nothing to do with it.
    """
    fillers = collections.defaultdict(list)
    for item, found in zip(items, proposals, strict=True):
        if not found and not item["requests"] and item["kind"] in ("none", "benign-request", "mention"):
            fillers[item["lang"]].append(item["text"])
    longer = []
    for number, item in enumerate(items):
        of = fillers[item["lang"]]
        if not of:
            continue
        before = [of[(number * 7 + step * 13) % len(of)] for step in range(1 + number % 2)]
        after = [of[(number * 11 + step * 17 + 5) % len(of)] for step in range(1 + number % 3)]
        gap = " " if number % 2 else "\n"
        parts = [part if part.rstrip()[-1:] in ".!?:" else part.rstrip() + "." for part in (*before, item["text"])]
        longer.append({**item, "id": item["id"] + "+", "text": gap.join((*parts, *after))})
    return longer


def framed(packs: dict[str, Pack]) -> list[dict]:
    """The first words of every category and document in each frame of tools/frames.yaml."""
    frames = yaml.safe_load((HERE / "tools/frames.yaml").read_text(encoding="utf-8"))
    made = []
    for lang in packs:
        of = frames.get(lang)
        if not of:
            continue
        data = yaml.load(grammar(f"{lang}/data.yaml"), yaml.BaseLoader)
        words = {category: _first(lists.get("terms") or []) for category, lists in data["categories"].items()}
        known = [(category, terms) for category, terms in sorted(words.items()) if terms]
        for number, (category, terms) in enumerate(known):
            for step, term in enumerate(terms):
                others = [known[(number + way) % len(known)] for way in (step + 2, step + 5)]
                for kind in ("asks", "tells"):
                    for nth, frame in enumerate(of[kind]):
                        if (number + step + nth) % 2 == 0:
                            name = f"{lang}-frame-{category}-{step}-{kind}-{nth}"
                            asked = [category] + [other for other, _ in others if "{2}" in frame]
                            text = frame.replace("{}", term)
                            for place, (_, words_) in zip(("{2}", "{3}"), others, strict=True):
                                text = text.replace(place, words_[step % len(words_)])
                            requests = sorted(set(asked)) if kind == "asks" else []
                            made.append({"id": name, "lang": lang, "text": text, "requests": requests, "kind": kind})
    return made


def _first(entries: list[str], most: int = 4) -> list[str]:
    plain = [entry for entry in entries if not set(entry) & set("*…=") and len(entry.split()) <= 3]
    step = max(1, len(plain) // most)
    chosen = plain[::step][:most]
    return [" ".join(part.split("/")[0] for part in entry.split() if not part.startswith("(")) for entry in chosen]


FRAME_WEIGHT = 0.08
"""A made-up sentence counts less than one that somebody wrote."""


def names_of(proposal, lang: str) -> list[tuple[str, float]]:
    found = []
    for feature in dict.fromkeys(proposal.features):
        if feature.startswith(WORDY):
            found.append((f"{lang}|{feature}", 1.0))
        else:
            found.append((feature, 1.0))
            found.append((f"{lang}|{feature}", 0.5))
    return found


def train(items: list[dict], proposals: list[list], strength: float, rounds: int = 2) -> dict[str, float]:
    counts: collections.Counter = collections.Counter()
    rows = []
    for item, found in zip(items, proposals, strict=True):
        for proposal in found:
            names = names_of(proposal, item["lang"])
            counts.update(name for name, _ in names)
            rows.append((item, proposal, names))
    index = {name: i for i, name in enumerate(sorted(n for n, c in counts.items() if c >= 3))}
    data, indices, indptr = [], [], [0]
    for _, _, names in rows:
        for name, value in names:
            if name in index:
                indices.append(index[name])
                data.append(value)
        indptr.append(len(indices))
    matrix = csr_matrix((data, indices, indptr), shape=(len(rows), len(index)))
    labels = np.array([proposal.category in item["requests"] for item, proposal, _ in rows])
    groups = collections.defaultdict(list)
    for number, (item, proposal, _) in enumerate(rows):
        groups[(item["id"], item["text"], proposal.category)].append(number)
    keep = np.ones(len(rows), dtype=bool)
    model = None
    for step in range(rounds):
        weights = np.array([FRAME_WEIGHT if "-frame-" in item["id"] else 1.0 for item, _, _ in rows])[keep]
        model = LogisticRegression(C=strength, max_iter=400)
        model.fit(matrix[keep], labels[keep], sample_weight=weights)
        if step == rounds - 1:
            break
        values = matrix @ model.coef_[0] + model.intercept_[0]
        keep[:] = True
        for numbers in groups.values():
            if labels[numbers[0]] and len(numbers) > 1:
                best = max(numbers, key=lambda n: values[n])
                for n in numbers:
                    keep[n] = n == best or values[n] > 0
    result = {
        name: float(model.coef_[0][i]) * (0.5 if "|" in name and not name.split("|", 1)[1].startswith(WORDY) else 1.0)
        for name, i in index.items()
    }
    result["bias"] = float(model.intercept_[0])
    return result


def value(proposal, lang: str, weights: dict[str, float]) -> float:
    total = weights["bias"]
    for feature in dict.fromkeys(proposal.features):
        total += weights.get(feature, 0.0) + weights.get(f"{lang}|{feature}", 0.0)
    return total


def f1(tp: int, fp: int, fn: int) -> float:
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


def evaluate(
    items: list[dict], proposals: list[list], weights: dict[str, float], show: int = 0, threshold: float = 0.0
) -> dict:
    text = collections.defaultdict(collections.Counter)
    data = collections.defaultdict(collections.Counter)
    misses = []
    for item, found in zip(items, proposals, strict=True):
        got = set()
        for p in found:
            if value(p, item["lang"], weights) > threshold and p.category in KNOWN:
                got.add(p.category)
        want = set(item["requests"])
        for lang in (item["lang"], "all"):
            text[lang]["tp" if want and got else "fn" if want else "fp" if got else "tn"] += 1
            data[lang]["tp"] += len(want & got)
            data[lang]["fp"] += len(got - want)
            data[lang]["fn"] += len(want - got)
        if want != got:
            proposed = {p.category for p in found}
            misses.append((item, sorted(want - got), sorted(got - want), sorted((want - got) - proposed)))
    out = {}
    for lang in sorted(text):
        a, b = text[lang], data[lang]
        out[lang] = (f1(a["tp"], a["fp"], a["fn"]), f1(b["tp"], b["fp"], b["fn"]), a["fp"], a["fn"])
    if show:
        for item, missed, extra, unknown in misses[:show]:
            print(f"{item['id']} [{item['kind']}] missed {missed} (not proposed {unknown}) extra {extra}")
            print(f"    {item['text']!r}")
    return out


KNOWN = {
    "bank-account",
    "payment-card",
    "card-security-code",
    "password",
    "pin",
    "one-time-code",
    "security-answer",
    "national-id",
    "identity-document",
    "identity-document-copy",
    "biometric",
    "health",
    "special-category",
    "financial-situation",
    "signature",
    "name",
    "email",
    "phone",
    "home-address",
    "date-of-birth",
    "location",
}


def table(title: str, result: dict) -> None:
    print(title, " ".join(f"{lang} {t:.3f}/{d:.3f}" for lang, (t, d, _, _) in result.items()))


def write(weights: dict[str, float], folder: Path, smallest: float) -> None:
    by_file: dict[str, dict[str, float]] = collections.defaultdict(dict)
    for name, weight in weights.items():
        lang, bar, feature = name.partition("|")
        if bar and len(lang) == 2:
            by_file[f"{lang}/weights.yaml"][feature] = weight
        else:
            by_file["weights.yaml"][name] = weight
    for name, of in by_file.items():
        lines = [
            "# How much each feature of a proposal counts: above 0 it speaks for asking. Made by tools/train.py from",
            "# tests/language/sentences; the names are explained in docs/languages.md. Not written by hand.",
            "weights:",
        ]
        for feature, weight in sorted(
            of.items(), key=lambda pair: (pair[0].split(":")[0], -abs(round(pair[1], 2)), pair[0])
        ):
            if abs(weight) >= smallest or feature == "bias":
                lines.append(f"  {json.dumps(feature, ensure_ascii=False)}: {weight:.2f}")
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--also", nargs="*", default=[])
    parser.add_argument("--hold", nargs="*", default=[])
    parser.add_argument("--sentences", default=str(HERE / "tests/language/sentences/*.jsonl"))
    parser.add_argument("--strength", type=float, default=0.1)
    parser.add_argument("--smallest", type=float, default=0.06)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--threshold", type=float, default=0.0)
    parser.add_argument("--langs", default="")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    codes = options.langs.split(",") if options.langs else languages()
    packs = {code: Pack(code, compile_pack(code, texts_of(code))) for code in codes}
    items = [i for i in load(sorted(glob.glob(options.sentences)) + options.also) if i["lang"] in packs]
    held = [i for i in load(options.hold) if i["lang"] in packs]
    proposals = propose_all(items, packs)
    longer = padded(items, proposals)
    around = propose_all(longer, packs)
    frames = framed(packs)
    weights = train(items + longer + frames, proposals + around + propose_all(frames, packs), options.strength)
    weights = {n: w for n, w in weights.items() if abs(w) >= options.smallest or n == "bias"}
    print(len(items), "texts,", sum(map(len, proposals)), "proposals,", len(weights), "weights")
    table("learned from", evaluate(items, proposals, weights, threshold=options.threshold))
    if held:
        sets = collections.defaultdict(list)
        for item in held:
            sets[item["id"].split("-")[1] + ("-2" if "-dev-1" in item["id"] else "")].append(item)
        for name, of in sets.items():
            table(
                f"held {name:6}",
                evaluate(of, propose_all(of, packs), weights, options.show, options.threshold),
            )
    if options.write:
        write(weights, HERE / "grammar", options.smallest)
    return 0


if __name__ == "__main__":
    sys.exit(main())
