"""Every reader, in the order in which they are asked: the most particular first, the generic lists last."""

# One import and one line a reader, so that two new readers don't meet in one line.
# ruff: noqa: I001
from __future__ import annotations

from . import ReaderModule
from . import chatwoot
from . import rasa
from . import espanso
from . import github_replies
from . import freshdesk
from . import intercom
from . import front
from . import gorgias
from . import helpscout
from . import rocketchat
from . import livehelperchat
from . import freescout
from . import django_helpdesk
from . import salesforce
from . import salesforce_messages
from . import trengo
from . import hubspot
from . import libredesk
from . import kustomer
from . import textblaze
from . import twilio_flex
from . import quicktext_xml
from . import gettext_po
from . import message_catalogue
from . import osticket
from . import reply_list
from . import reply_page
from . import reply_table
from . import whatsapp_templates
from . import whaticket
from . import zammad
from . import zendesk_dynamic_content
from . import zendesk_macros
from . import zendesk_shortcuts
from . import whatsapp_flows
from . import neverask_flow
from . import twilio_studio
from . import dialogflow_es
from . import composer
from . import lex_v2
from . import lex_v1
from . import copilot_studio
from . import dialogflow_cx
from . import watson_actions
from . import watson_dialog
from . import typebot
from . import rapidpro
from . import botpress_cloud
from . import botpress
from . import whatsapp_payloads
from . import twilio_content
from . import node_red
from . import blip
from . import n8n
from . import voiceflow

READERS: tuple[ReaderModule, ...] = (
    whatsapp_flows,
    neverask_flow,
    twilio_studio,
    typebot,
    rapidpro,
    botpress_cloud,
    botpress,
    voiceflow,
    n8n,
    whatsapp_payloads,
    twilio_content,
    node_red,
    blip,
    dialogflow_es,
    composer,
    lex_v2,
    lex_v1,
    copilot_studio,
    dialogflow_cx,
    watson_dialog,
    watson_actions,
    rasa,
    whatsapp_templates,
    zendesk_macros,
    zendesk_dynamic_content,
    zendesk_shortcuts,
    chatwoot,
    whaticket,
    zammad,
    espanso,
    osticket,
    github_replies,
    freshdesk,
    intercom,
    front,
    gorgias,
    helpscout,
    rocketchat,
    livehelperchat,
    freescout,
    django_helpdesk,
    salesforce,
    salesforce_messages,
    trengo,
    hubspot,
    libredesk,
    kustomer,
    textblaze,
    twilio_flex,
    quicktext_xml,
    gettext_po,
    message_catalogue,
    reply_list,
    reply_table,
    reply_page,
)
