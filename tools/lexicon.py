"""Check a language pack: double entries, counts by tag and category, and how a text is tagged.

usage: python tools/lexicon.py CODE [--new] [--text "a sentence"]
"""

from __future__ import annotations

import argparse
import collections
import subprocess
import sys
from pathlib import Path

import yaml
from neverask.language.lexicon import Lexicon
from neverask.language.tagset import tags
from neverask.language.tokens import tokenise
from neverask.language.wordlists import compile_lists
from neverask.resources import PackError, grammar

ROOT = Path(__file__).parent.parent


def paths(node: dict, meanings: list, counts: collections.Counter) -> None:
    for key, child in node.items():
        if key == "":
            for number in child:
                counts[meanings[number][:2]] += 1
        elif isinstance(child, dict):
            paths(child, meanings, counts)


def committed(code: str, names: dict[str, str]) -> list[str]:
    """The warnings of a pack as git has it; none of one that git does not know."""
    lists = []
    for name in ("words", "data"):
        shown = subprocess.run(
            ["git", "show", f"HEAD:./grammar/{code}/{name}.yaml"], cwd=ROOT, capture_output=True, check=False
        )
        if shown.returncode:
            return []
        lists.append(yaml.load(shown.stdout.decode(), yaml.CBaseLoader))
    warnings: list[str] = []
    try:
        compile_lists(*lists, names, warnings.append)
    except PackError:
        return []
    return warnings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("code")
    parser.add_argument("--text")
    parser.add_argument("--new", action="store_true", help="only warnings that the lists as committed do not have")
    parser.add_argument("--quiet", action="store_true", help="no warnings")
    options = parser.parse_args()
    names = tags(grammar("tags.lark"))
    by_character = {character: name for name, character in reversed(names.items())}
    load = lambda name: yaml.load(grammar(f"{options.code}/{name}.yaml"), yaml.CBaseLoader)  # noqa: E731
    language, data = load("words"), load("data")
    warnings: list[str] = []
    try:
        root, meanings = compile_lists(language, data, names, warnings.append)
    except PackError as error:
        print(error, file=sys.stderr)
        return 2
    lexicon = Lexicon(root, meanings, language.get("clitics") or [], language.get("to_us") or [])
    if options.text:
        tokens = tokenise(options.text)
        for unit in lexicon.tag(tokens):
            text = options.text[tokens[unit.first].start : tokens[unit.last - 1].end]
            print(f"{by_character.get(unit.tag, unit.tag):12} {text!r} {' '.join(unit.data)}")
        return 0
    if options.new:
        known = set(committed(options.code, names))
        warnings = [warning for warning in warnings if warning not in known]
    if not options.quiet:
        for warning in warnings:
            print(warning)
    counts: collections.Counter = collections.Counter()
    paths(root, meanings, counts)
    for (tag, of), number in sorted(counts.items()):
        print(f"{number:6} {by_character.get(tag, tag)} {' '.join(of)}")
    new = "new " if options.new else ""
    print(f"{sum(counts.values())} forms, {len(warnings)} {new}double entries")
    return 0


if __name__ == "__main__":
    sys.exit(main())
