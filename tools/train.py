"""Learn how much each feature of a proposal counts, from the labelled sentences in tests/language/sentences.

usage: python tools/train.py [--also FILE...] [--hold FILE...] [--write] [--strength C | --onto [--least]]

The model is a logistic regression over the named features of linter/language/proposals.py. A feature has a weight
that all languages share (grammar/weights.yaml) and one of the language's own (grammar/<code>/weights.yaml); words
have the latter only. The weights are rounded to two decimals and small ones are dropped, so that the files can be read
and do not depend on the machine. --also adds sets to learn from; --hold names sets that are only scored.

--onto learns a change of the weights as they stand: the mean of as few and small changes as the sentences call for (an
elastic net), and of all weights learned anew from there; those set by hand, above the line "# learned", are kept. With
--least the first of the two alone, for when texts that were learned from are at hand no more.
"""

from __future__ import annotations

import argparse
import collections
import glob
import json
import re
import sys
from pathlib import Path

import numpy as np
import yaml
from neverask.language.analysis import read
from neverask.language.pack import Pack, compile_pack, texts_of
from neverask.resources import grammar, languages
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE / "tests"))
import orders  # noqa: E402

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

    seen = [(plain(item["text"]), packs[item["lang"]]) for item in items]
    return [read(text.text, pack, text.linked).proposals for text, pack in seen]


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
        parts = [closed(part) for part in (*before, item["text"])]
        longer.append({**item, "id": item["id"] + "+", "text": gap.join((*parts, *after))})
    return longer


def closed(text: str) -> str:
    """A text that another may follow."""
    return text if text.rstrip()[-1:] in ".!?:" else text.rstrip() + "."


def contexts() -> dict[str, dict[str, list[str]]]:
    """What changes nothing beside a sentence, by language."""
    return yaml.safe_load((HERE / "tests/language/contexts.yaml").read_text(encoding="utf-8"))


def within(items: list[dict], most: int = 160) -> list[dict]:
    """Each sentence once behind a lead-in that says something harmless, and once before such a tail.

    What stands in a clause of its own says nothing of what is asked in the other one.
    """
    around, made = contexts(), []
    for number, item in enumerate(items):
        text, of = item["text"].strip(), around.get(item["lang"])
        if not of or len(text) > most or "\n" in text or re.search(r"[.?!:;] ", text):
            continue
        before, after = of["before"][number * 7 % len(of["before"])], of["after"][number * 11 % len(of["after"])]
        made.append({**item, "id": item["id"] + "<", "text": before + text[0].lower() + text[1:]})
        body = text.rstrip(".?!")
        made.append({**item, "id": item["id"] + ">", "text": body + after + (text[len(body) :] or ".")})
    return made


def signed(items: list[dict], most: int = 160) -> list[dict]:
    """Every second short text with a line below it that says where the company can be reached, or with a link above or
    below it that is for something else.
    """
    around, made = contexts(), []
    for number, item in enumerate(items):
        text, of = item["text"].rstrip(), around.get(item["lang"])
        if not of or len(text) > most or number % 2 or "@" in text:
            continue
        footers, headers = of["footers"], of["headers"]
        gap = " " if number % 4 else "\n\n"
        made.append(
            {**item, "id": item["id"] + "_", "text": closed(text) + gap + footers[number * 7 // 2 % len(footers)]}
        )
        header = headers[number * 5 // 2 % len(headers)]
        parts = (closed(text), header) if number % 8 == 0 else (header, text)
        made.append({**item, "id": item["id"] + "^", "text": "\n\n".join(parts)})
    return made


def hosted(items: list[dict], step: int, kind: str = "hosts", most: int = 200) -> list[dict]:
    """Each of some short texts in a whole reply, which asks for nothing by itself; ``step``: one in so many."""
    made = []
    for number, item in enumerate(items[::step]):
        text, among = item["text"].strip(), orders.hosts(item["lang"], kind)
        if among and len(text) <= most and "\n" not in text and text[-1:] in ".?!" and text.count(" ") > 2:
            host = among[number * 7 % len(among)]
            made.append({**item, "id": item["id"] + "%", "text": orders.hosted(host, text)})
    return made


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


def ordered(codes: list[str]) -> list[dict]:
    """Sentences in which every verb of giving comes with many data."""
    every, made = orders.languages(), []
    for lang in set(every).intersection(codes):
        for number, order in enumerate(orders.sentences(every[lang], ("asks", "tells"), 8)):
            requests = [order.category] if order.kind == "asks" else []
            name = f"{lang}-order-{number}"
            made.append({"id": name, "lang": lang, "text": order.text, "requests": requests, "kind": order.kind})
    return made


def situated(codes: list[str]) -> list[dict]:
    """What companies write about data in many situations, with every datum."""
    made = []
    for lang, _, of in orders.situations():
        for order in orders.situated(of, ("asks", "tells")) if lang in codes else ():
            requests = [order.category] if order.kind == "asks" else []
            name = f"{lang}-situation-{len(made)}"
            made.append({"id": name, "lang": lang, "text": order.text, "requests": requests, "kind": order.kind})
    return made


def named(codes: list[str]) -> list[dict]:
    """Many names of data, asked for and spoken of, and harmless things that are named alike."""
    made = []
    for lang in codes:
        for kind in ("asks", "tells", "questions", "benign"):
            for order in orders.named(lang, kind):
                requests = [order.category] if kind in ("asks", "questions") else []
                name = f"{lang}-name-{len(made)}"
                made.append({"id": name, "lang": lang, "text": order.text, "requests": requests, "kind": kind})
    return made


def _first(entries: list[str], most: int = 4) -> list[str]:
    plain = [entry for entry in entries if not set(entry) & set("*…=") and len(entry.split()) <= 3]
    step = max(1, len(plain) // most)
    chosen = plain[::step][:most]
    return [" ".join(part.split("/")[0] for part in entry.split() if not part.startswith("(")) for entry in chosen]


FRAME_WEIGHT = 0.08
"""A made-up sentence counts less than one that somebody wrote."""
ANY = "*"
"""Stands for the data of a plain sentence that asks for what it holds."""
SET_WEIGHT = 5.0
"""Where a change is learned, one that is a test by itself counts for several: what passes is to pass still."""


def names_of(proposal, lang: str) -> list[tuple[str, float]]:
    found = []
    for feature in dict.fromkeys(proposal.features):
        if feature.startswith(WORDY):
            found.append((f"{lang}|{feature}", 1.0))
        else:
            found.append((feature, 1.0))
            found.append((f"{lang}|{feature}", 0.5))
    return found


class Rows:
    """All proposals of some texts with what they are named by, and whether each is asked for."""

    def __init__(self, items: list[dict], proposals: list[list], least: int) -> None:
        """``least``: how often a name has to come to be learned."""
        self.items: list[dict] = []
        self.proposals: list = []
        named = []
        for item, found in zip(items, proposals, strict=True):
            for proposal in found:
                if proposal.category not in KNOWN and "-frame-" not in item["id"]:
                    continue  # the labels say nothing of it
                self.items.append(item)
                self.proposals.append(proposal)
                named.append(names_of(proposal, item["lang"]))
        counts = collections.Counter(name for names in named for name, _ in names)
        self.index = {name: i for i, name in enumerate(sorted(n for n, c in counts.items() if c >= least))}
        data, indices, indptr = [], [], [0]
        for names in named:
            for name, amount in names:
                if name in self.index:
                    indices.append(self.index[name])
                    data.append(amount)
            indptr.append(len(indices))
        self.matrix = csr_matrix((data, indices, indptr), shape=(len(named), len(self.index)))
        self.turned = self.matrix.T.tocsr()
        pairs = zip(self.items, self.proposals, strict=True)
        self.asked = np.array([p.category in i["requests"] or ANY in i["requests"] for i, p in pairs])

    def meant(self, values: np.ndarray) -> np.ndarray:
        """Which rows count: of several places where one datum is asked for, those that look like it."""
        groups = collections.defaultdict(list)
        for number, (item, proposal) in enumerate(zip(self.items, self.proposals, strict=True)):
            groups[(item["id"], item["text"], proposal.category)].append(number)
        keep = np.ones(len(self.items), dtype=bool)
        for numbers in groups.values():
            if self.asked[numbers[0]] and len(numbers) > 1:
                best = max(numbers, key=lambda n: values[n])
                for n in numbers:
                    keep[n] = n == best or values[n] > 0
        return keep

    def loss(self, before: np.ndarray, amounts: np.ndarray, counted: np.ndarray) -> tuple[float, np.ndarray]:
        """How wrong the rows are with changed weights, and which way each weight makes it worse."""
        signs = np.where(self.asked, 1.0, -1.0)
        margins = signs * (before + self.matrix @ amounts)
        slope = self.turned @ (counted * -signs / (1 + np.exp(np.clip(margins, -50, 50))))
        return float((counted * np.logaddexp(0, -margins)).sum()), slope

    def weighed(self, amounts: np.ndarray) -> dict[str, float]:
        """What was learned, by name; half of it for a name that stands beside the one of all languages."""
        return {
            name: float(amounts[i]) * (0.5 if "|" in name and not name.split("|", 1)[1].startswith(WORDY) else 1.0)
            for name, i in self.index.items()
        }


def train(items: list[dict], proposals: list[list], strength: float, rounds: int = 2) -> dict[str, float]:
    rows = Rows(items, proposals, 3)
    counted = np.array([FRAME_WEIGHT if "-frame-" in item["id"] else 1.0 for item in rows.items])
    keep = np.ones(len(rows.items), dtype=bool)
    model = None
    for step in range(rounds):
        model = LogisticRegression(C=strength, max_iter=400)
        model.fit(rows.matrix[keep], rows.asked[keep], sample_weight=counted[keep])
        if step < rounds - 1:
            keep = rows.meant(rows.matrix @ model.coef_[0] + model.intercept_[0])
    return rows.weighed(model.coef_[0]) | {"bias": float(model.intercept_[0])}


FEWEST = 4
"""Times that a name has to come for its weight to be changed."""
SPARSE, PULL = 1.0, 0.5
"""How much a change costs (so that few are made), and how much its square does (so that they are small)."""
SIZE = 2.0
"""How much the square of a weight costs that is learned anew."""
STEPS, ANEW_STEPS = 120, 60
HOST_WEIGHT = 2.0
"""A sentence in a whole reply counts for so many: most of what is linted stands in one."""
WRITTEN_WEIGHT = 3.0
"""A text as its author wrote it counts for so many: the rest are made of such."""
_MADE = ("+", "<", ">", "_", "^")
"""What the names of texts end in that are put together of others."""


def changed(
    items: list[dict], proposals: list[list], present: dict[str, float], fixed: set[str], anew: bool
) -> dict[str, float]:
    """The present weights changed as the sentences call for it; ``fixed`` are names that keep theirs.

    The mean of two ways to learn: few and small changes of the weights, by which what was right stays right, and all
    weights anew, by which what is not called for any more goes. It does better on unseen sentences than either. Without
    ``anew`` the first way alone: what was learned from texts that are at hand no more stays.
    """
    rows = Rows(items, proposals, FEWEST)
    pairs = zip(rows.items, rows.proposals, strict=True)
    before = np.array([value(proposal, item["lang"], present) for item, proposal in pairs])
    counted = np.array([counts(item["id"]) for item in rows.items]) * rows.meant(before)
    free = np.array([name.rpartition("|")[2] not in fixed for name in rows.index])
    amounts = _least_changed(rows, before, counted, free)
    if anew:
        standing_ = np.array([present.get(name, 0.0) * _halves(name) for name in rows.index])
        amounts = (amounts + _learned_anew(rows, before, counted, free, standing_)) / 2
    result = dict(present)
    for name, amount in rows.weighed(amounts).items():
        if abs(amount) >= 0.01:
            result[name] = result.get(name, 0.0) + amount
    return result


def counts(name: str) -> float:
    """For how many a sentence counts, by its name."""
    if "-frame-" in name:
        return SET_WEIGHT
    return HOST_WEIGHT if name.endswith("%") else 1.0 if name.endswith(_MADE) else WRITTEN_WEIGHT


def _halves(name: str) -> float:
    """By what a weight is multiplied for the rows: a name beside the one of all languages stands there halved."""
    return 2.0 if "|" in name and not name.split("|", 1)[1].startswith(WORDY) else 1.0


def _least_changed(rows: Rows, before: np.ndarray, counted: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Changes of the weights, as few and as small as the sentences call for."""
    size = len(free)

    def cost(parts: np.ndarray) -> tuple[float, np.ndarray]:
        amounts = parts[:size] - parts[size:]  # what is added and what is taken away, so that both are at least 0
        loss, slope = rows.loss(before, amounts, counted)
        total = loss + PULL / 2 * (amounts @ amounts) + SPARSE * parts.sum()
        slope = slope + PULL * amounts
        return total, np.concatenate([slope + SPARSE, SPARSE - slope])

    bounds = [(0, None if may else 0) for may in free] * 2
    found = minimize(cost, np.zeros(2 * size), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": STEPS}).x
    return found[:size] - found[size:]


def _learned_anew(
    rows: Rows, before: np.ndarray, counted: np.ndarray, free: np.ndarray, present: np.ndarray
) -> np.ndarray:
    """Changes of the weights by which they all become as small as the sentences let them."""

    def cost(amounts: np.ndarray) -> tuple[float, np.ndarray]:
        loss, slope = rows.loss(before, amounts, counted)
        weights = (present + amounts) * free
        return loss + SIZE / 2 * (weights @ weights), (slope + SIZE * weights) * free

    bounds = [(None, None) if may else (0, 0) for may in free]
    start = np.zeros(len(free))
    return minimize(cost, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": ANEW_STEPS}).x


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


LEARNED = "  # learned\n"
HEAD = """\
# How much each feature of a proposal counts: above 0 it speaks for asking. Made by tools/train.py from
# tests/language/sentences; the names are explained in docs/languages.md. Not written by hand.
weights:
"""


def by_hand(path: Path) -> str:
    """A file of weights up to where what is learned begins: its head, and what is set by hand."""
    start, mark, _ = path.read_text(encoding="utf-8").partition(LEARNED)
    return start + mark if mark else HEAD


def standing(folder: Path, codes: list[str]) -> tuple[dict[str, float], set[str]]:
    """The weights as they stand, those of a language under its code and a bar; and the features set by hand."""
    present: dict[str, float] = {}
    kept: set[str] = set()
    for code in ("", *codes):
        path = folder / code / "weights.yaml"
        kept.update(yaml.safe_load(by_hand(path))["weights"] or ())
        for feature, weight in yaml.safe_load(path.read_text(encoding="utf-8"))["weights"].items():
            present[f"{code}|{feature}" if code else feature] = float(weight)
    return present, kept


def tested() -> list[dict]:
    """The sentences of tests/language that are tests one by one."""
    made = []
    for path in sorted((HERE / "tests/language/frames").glob("*.yaml")):
        if path.stem == "plain":
            continue
        for lang, kinds in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            for kind, texts in kinds.items():
                asked = [] if kind == "nothing" else kind.split(" + ")
                for number, text in enumerate(texts):
                    name = f"{lang}-frame-{path.stem}-{kind}-{number}"
                    made.append({"id": name, "lang": lang, "text": text, "requests": asked, "kind": kind})
    for file in ("frames/plain.yaml", "contexts.yaml"):
        plain = yaml.safe_load((HERE / "tests/language" / file).read_text(encoding="utf-8"))
        for lang, kinds in plain.items():
            for kind, asked in (("asks", [ANY]), ("does not ask", []), ("tells", [])):
                for number, text in enumerate(kinds.get(kind, ())):
                    name = f"{lang}-frame-{file}-{kind}-{number}"
                    made.append({"id": name, "lang": lang, "text": text, "requests": asked, "kind": ""})
    for path in sorted((HERE / "tests/language").glob("??.yaml")):
        for phenomenon, cases in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            for number, case in enumerate(cases):
                if "gap" not in case:
                    name = f"{path.stem}-frame-{phenomenon}-{number}"
                    case = {"text": case["text"], "requests": case["asks"], "kind": phenomenon}
                    made.append({"id": name, "lang": path.stem, **case})
    return made


def write(weights: dict[str, float], folder: Path, smallest: float, kept: set[str]) -> None:
    """Write the weights into their files; those ``kept`` are in the part that is set by hand, which stays as it is."""
    by_file: dict[str, dict[str, float]] = collections.defaultdict(dict)
    for name, weight in weights.items():
        lang, bar, feature = name.partition("|")
        if bar and len(lang) == 2:
            by_file[f"{lang}/weights.yaml"][feature] = weight
        else:
            by_file["weights.yaml"][name] = weight
    for name, of in by_file.items():
        head = by_hand(folder / name) if kept else HEAD
        lines = head.splitlines()
        set_there = yaml.safe_load(head)["weights"] or ()
        of = {feature: weight for feature, weight in of.items() if feature not in set_there}
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
    parser.add_argument("--smallest", type=float, default=0.1)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--threshold", type=float, default=0.0)
    parser.add_argument("--langs", default="")
    parser.add_argument("--onto", action="store_true")
    parser.add_argument("--least", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.least and not options.onto:
        parser.error("--least says how to learn --onto the weights as they stand")
    codes = options.langs.split(",") if options.langs else languages()
    packs = {code: Pack(code, compile_pack(code, texts_of(code))) for code in codes}
    items = [i for i in load(sorted(glob.glob(options.sentences)) + options.also) if i["lang"] in packs]
    held = [i for i in load(options.hold) if i["lang"] in packs]
    proposals = propose_all(items, packs)
    kept: set[str] = set()
    if options.onto:
        sentences = tested()
        present, kept = standing(HERE / "grammar", codes)
        made = ordered(codes) + situated(codes)
        beside = made[::4]  # within a reply, too
        longer = padded(items + beside, proposals + [[None]] * len(beside))
        named_ = named(codes)
        more = (
            longer + within(items) + signed(items) + hosted(items, 2) + hosted(made[3:], 8) + sentences + made + named_
        )
        weights = changed(items + more, proposals + propose_all(more, packs), present, kept, not options.least)
    else:
        frames, longer = framed(packs), padded(items, proposals)
        around = propose_all(longer, packs) + propose_all(frames, packs)
        weights = train(items + longer + frames, proposals + around, options.strength)
    weights = {n: w for n, w in weights.items() if abs(w) >= options.smallest or n == "bias" or n in kept}
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
        write(weights, HERE / "grammar", options.smallest, kept)
    return 0


if __name__ == "__main__":
    sys.exit(main())
