"""Every reader, in the order in which they are asked: the most particular first, the generic lists last.

One line a reader, so that two new readers don't meet in one line. A line says what a document must have so that the
reader is worth loading: one of the kinds, and in its text every one of the words ("a|b": one of them; nothing: any
text will do). It only saves time: whether a document is of the format is for the reader's ``claims`` to say.
"""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    """A reader's module, the kinds of document that it reads, words that stand in each of them.

    ``by_record``: it reads each record by itself, in the way that the first of them (``common.SAMPLE``) are read, so
    that a long file may be read in pieces. ``anywhere``: it looks for its own through all of a document to tell whether
    that is of its format; the others look at what it begins with.
    """

    module: str
    kinds: str
    words: str = ""
    by_record: bool = False
    anywhere: bool = False


_DATA = "json jsonl yaml"
_TABLES = "csv xlsx ods"
_BOTH = f"{_DATA} {_TABLES}"

_LEX = (
    "ElicitationSetting|ClosingSetting|SelectionSetting|voiceSettings|slotPriorities|SlotPriorities|localeId|LocaleId|"
    "idleSession|LexJson|sampleUtterances"
)

LINES: tuple[Line, ...] = (
    Line("whatsapp_flows", _DATA, "screens SingleColumnLayout"),
    Line("neverask_flow", _DATA, "flow|steps say|ask|id"),
    Line("twilio_studio", _DATA + " text", "states"),
    Line("typebot", _DATA, "groups blocks"),
    Line("rapidpro", _DATA, "nodes|action_sets|rule_sets|campaigns"),
    Line("botpress_cloud", _DATA + " csv text", "instructions|.bpz!"),
    Line("botpress", _DATA + " text", "startNode|formData|answers|utterances|imports|renderElement|replyToEvent"),
    Line("voiceflow", _DATA, "diagrams nodes"),
    Line("n8n", _DATA, "nodes connections"),
    Line("dify", _DATA, "workflow|model_config|graph mode|features|conversation_variables"),
    Line("flowise", _DATA, "nodes edges inputs"),
    Line("langflow", _DATA, "nodes edges template"),
    Line("make", _DATA, "flow module :"),
    Line("genesys", _DATA, "startUpRef|supportedLanguages"),
    Line("genesys_responses", _DATA, "texts|form content|formPages", by_record=True),
    Line("activepieces", _DATA, "trigger EMPTY|PIECE_TRIGGER"),
    Line("tiledesk", _DATA, "intent_display_name"),
    Line("node_red", _DATA, "chatbot-|hats|green|ultramsg|telegram|twilio|http wires"),
    Line("twilio_content", _DATA, "types twilio/|whatsapp/"),
    Line("blip", _DATA, "$contentActions"),
    Line("dialogflow_es", "json"),
    Line("composer", "json lg text markdown", "$kind|"),
    Line("amazon_connect", _DATA + " text", "StartAction|Actions|modules"),
    Line("amazon_quick_responses", _DATA, "quickResponse|x.quickresponse|Wisdom::QuickResponse", by_record=True),
    Line("lex_v2", "json yaml", _LEX),
    Line("lex_v1", "json yaml", "slots|sampleUtterances|clarificationPrompt"),
    Line("copilot_studio", "yaml json text", "kind|schemaName"),
    Line("dialogflow_cx", "json"),
    Line("watson_dialog", "json", "dialog_nodes"),
    Line("watson_actions", "json", "workspace steps"),
    Line(
        "rasa",
        "yaml json markdown",
        "responses|templates|flows|slots|intents|rules|stories|nlu|test_cases|llm_settable|skill|block",
    ),
    Line("chatwoot_inboxes", _DATA, "channel_type Channel::"),
    Line("whatsapp_templates", _DATA, "components|category"),
    Line("adaptive_card", _DATA, "AdaptiveCard"),
    Line("zendesk_macros", _BOTH, "actions field value", by_record=True),
    Line("zendesk_dynamic_content", _DATA, "dc. variants", by_record=True),
    Line("zendesk_shortcuts", _DATA, "message|actions scope|definition", by_record=True),
    Line("chatwoot", _BOTH, "short_code|action_name|campaign_type", by_record=True),
    Line("whaticket", _BOTH, "message shortcut|shortcode|key ompany|enant|ser|reated", by_record=True),
    Line("whaticket_queues", _DATA, "greetingMessage|message1", by_record=True),
    Line("zammad", _BOTH, "keywords content", by_record=True),
    Line("zammad_triggers", _DATA, "perform"),
    Line("espanso", "yaml", "matches"),
    Line("osticket_templates", "yaml", "notes body"),
    Line("osticket", _BOTH, "title response", by_record=True),
    Line("github_replies", _DATA, "replies body", by_record=True),
    Line("freshdesk", _BOTH, "title content", by_record=True),
    Line("intercom", _DATA, "macro|body_text", by_record=True),
    Line("front", _DATA, "rsp_", by_record=True),
    Line("gorgias", _DATA, "actions arguments", by_record=True),
    Line("helpscout", _DATA, "chatText|chatPreview|_embedded", by_record=True),
    Line("rocketchat", _DATA, "shortcut scope", by_record=True),
    Line("livehelperchat", _BOTH, "msg", by_record=True),
    Line("freescout", _BOTH, "mailbox_id|mailboxId", by_record=True),
    Line("django_helpdesk", _DATA, "model fields"),
    Line("salesforce", _BOTH, "message|Message", by_record=True),
    Line("salesforce_messages", "xml"),
    Line("einstein_bot", "xml"),
    Line("trengo", _DATA, "MESSAGING|EMAIL", by_record=True),
    Line("hubspot", _BOTH, "hortcut #", by_record=True),
    Line("libredesk", _DATA, "message_content", by_record=True),
    Line("kustomer", _DATA, "attributes draft", by_record=True),
    Line("textblaze", _DATA, "folders snippets", anywhere=True),
    Line("twilio_flex", _DATA, "categories section", anywhere=True),
    Line("quicktext_xml", "xml"),
    Line("quicktext_json", "json", "groups texts", anywhere=True),
    Line("chatterbot", _DATA, "categories conversations"),
    Line("whatsapp_payloads", _DATA, "messaging_product|whatsapp_business_account", anywhere=True),
    Line("string_resources", "xml text"),
    Line("gettext_po", "po"),
    Line("message_catalogue", _DATA, "@|defaultMessage"),
    Line("reply_list", _DATA, by_record=True),
    Line("reply_table", _TABLES, by_record=True),
    Line("reply_page", "markdown text"),
)
