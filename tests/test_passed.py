"""A question that is passed where the customer's first words answer it: what is in it is not said to everybody.

Bots whose examples of what customers say stand in files of their own; the others are in tests/cases/flows-passed.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from neverask.engine import check

WARNING = (
    "Please don't share sensitive data in this chat, such as your ID number, bank details or health data. "
    "Use your customer portal or call us for that. Which day suits you?"
)
BORN = "What is your date of birth?"


def told(folder: Path, **files: Any) -> list[str]:
    """The findings in a bot of these files."""
    for name, value in files.items():
        path = folder / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value, indent=1), encoding="utf-8")
    findings = check([str(folder)], "whatsapp", date(2026, 11, 1), cached=False).findings
    return [one.message for one in findings if one.rule == "disclaimer-first"]


def asked(name: str, prompt: str) -> dict[str, Any]:
    return {
        "id": name, "name": name, "dataType": "@sys.date", "required": True,
        "prompts": [{"lang": "en", "value": prompt}],
    }  # fmt: skip


@pytest.mark.parametrize("alias", ["day", "hour"])
def test_dialogflow_es(alias: str, tmp_path: Path) -> None:
    response = {"parameters": [asked("day", WARNING), asked("born", BORN)], "messages": [], "affectedContexts": []}
    intent = {"id": "1", "name": "Book", "auto": True, "contexts": [], "responses": [response], "priority": 500000,
              "webhookUsed": False, "fallbackIntent": False, "events": []}  # fmt: skip
    said = [{"id": "2", "data": [{"text": "book for "}, {"text": "Monday", "alias": alias}], "isTemplate": False}]
    messages = told(tmp_path, **{"intents/Book": intent, "intents/Book_usersays_en": said})
    assert [("'day'" in message) for message in messages] == ([True] if alias == "day" else [])


def parameter(name: str, prompt: str) -> dict[str, Any]:
    said = {"messages": [{"text": {"text": [prompt]}, "languageCode": "en"}]}
    return {
        "displayName": name, "required": True, "entityType": "@sys.date",
        "fillBehavior": {"initialPromptFulfillment": said},
    }  # fmt: skip


@pytest.mark.parametrize("id", ["day", "hour"])
def test_dialogflow_cx(id: str, tmp_path: Path) -> None:
    page = {
        "name": "2", "displayName": "Book",
        "form": {"parameters": [parameter("day", WARNING), parameter("born", BORN)]},
    }  # fmt: skip
    flow = {"name": "1", "displayName": "Default Start Flow", "nluSettings": {},
            "transitionRoutes": [{"intent": "book", "targetPage": "Book"}]}  # fmt: skip
    intent = {"name": "3", "displayName": "book", "priority": 500000, "numTrainingPhrases": 1,
              "parameters": [{"id": id, "entityType": "@sys.date"}]}  # fmt: skip
    home = "flows/Default Start Flow"
    files = {f"{home}/Default Start Flow": flow, f"{home}/pages/Book": page, "intents/book/book": intent}
    messages = told(tmp_path, **files)
    assert [("'day'" in message) for message in messages] == ([True] if id == "day" else [])
