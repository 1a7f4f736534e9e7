"""Placeholders and branches of each product's syntax: tests/markup/syntaxes.yaml, one text a case."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from neverask.markup import OBJECT, variants
from neverask.policy.load import bundled
from neverask.trying import check_text

CASES = yaml.safe_load((Path(__file__).parent / "markup" / "syntaxes.yaml").read_text(encoding="utf-8"))
KEYS = ("texts", "placeholders", "finds")


def written(case: dict[str, Any]) -> str:
    (text,) = (value for key, value in case.items() if key not in KEYS)
    return str(text)


@pytest.mark.parametrize("case", CASES, ids=written)
def test_each_branch_is_a_text(case: dict[str, Any]) -> None:
    assert [found.text.replace(OBJECT, "□") for found in variants(written(case))] == case["texts"]


@pytest.mark.parametrize("case", [case for case in CASES if "placeholders" in case], ids=written)
def test_placeholders_stand_where_they_are_written(case: dict[str, Any]) -> None:
    text = written(case)
    found = {
        found.span(placeholder.start, placeholder.end)
        for found in variants(text)
        for placeholder in found.placeholders
        if placeholder.name or placeholder.family != "object"
    }
    assert [text[start:end] for start, end in sorted(found)] == case["placeholders"]


@pytest.mark.parametrize("case", CASES, ids=written)
def test_what_is_found_and_where(case: dict[str, Any]) -> None:
    text = written(case)
    findings = [
        finding for finding in check_text(text, bundled("whatsapp")) if not finding.rule.startswith("disclaimer")
    ]
    found = [[finding.rule, text[finding.span.start : finding.span.end]] for finding in findings]
    assert found == case.get("finds", [])


def many(number: int) -> str:
    branches = "".join(f"{{% when {n} %}}Hello from shop {n}." for n in range(number))
    return f"{{% case x %}}{branches}{{% when 'last' %}}Please send us your IBAN.{{% endcase %}}"


@pytest.mark.parametrize(("number", "said"), [(10, False), (15, False), (16, True), (60, True)])
def test_the_bound_on_branches_is_said_where_it_cuts_and_nothing_is_lost(
    number: int, said: bool, tmp_path: Path, neverask: Callable[..., Any]
) -> None:
    texts = [f'- title: shop\n  text: "{many(number)}"\n', "- title: hours\n  text: We are open from nine.\n"]
    (tmp_path / "replies.yaml").write_text("".join(texts))
    run = neverask("check", "replies.yaml", cwd=tmp_path)
    assert "this asks the customer for a bank account number" in run.out
    assert ("1 text has so many branches that not each was read by itself" in run.out) is said
    verbose = neverask("check", "replies.yaml", "--verbose", cwd=tmp_path).out
    assert (f"replies.yaml: shop: this text, at 2:10, has {number + 1} branches" in verbose) is said
    shown = neverask("show", "replies.yaml", cwd=tmp_path).out
    assert (f"shop: {number + 1} branches" in shown) is said
