"""What a text asks for, as the tests of the languages count it: a part of a datum is none of it."""

from __future__ import annotations

from neverask.inspecting import answer


def asked(text: str, code: str) -> set[str]:
    """The categories that a text of a language asks the customer for."""
    acts = answer(text, code)["acts"]
    return {act["data"] for act in acts if act["act"] == "request" and not act.get("partial")}
