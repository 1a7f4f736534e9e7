"""Every reader, in the order in which they are asked: the most particular first, the generic lists last."""
# One import and one line a reader, so that two new readers don't meet in one line. ruff: noqa: I001

from __future__ import annotations

from . import ReaderModule, rasa, whatsapp_templates

READERS: tuple[ReaderModule, ...] = (
    rasa,
    whatsapp_templates,
)
