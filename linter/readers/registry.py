"""Every reader, in the order in which they are asked: the most particular first, the generic lists last."""

# One import and one line a reader, so that two new readers don't meet in one line.
# ruff: noqa: I001
from __future__ import annotations

from . import ReaderModule
from . import chatwoot
from . import rasa
from . import whatsapp_templates
from . import whaticket
from . import zammad
from . import zendesk_dynamic_content
from . import zendesk_macros
from . import zendesk_shortcuts
from . import whatsapp_flows
from . import neverask_flow

READERS: tuple[ReaderModule, ...] = (
    whatsapp_flows,
    neverask_flow,
    rasa,
    whatsapp_templates,
    zendesk_macros,
    zendesk_dynamic_content,
    zendesk_shortcuts,
    chatwoot,
    whaticket,
    zammad,
)
