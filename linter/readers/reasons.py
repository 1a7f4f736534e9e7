"""Why something in an export is not read, or is read and not for customers."""

from __future__ import annotations

WEB_SERVICE = "a web service says this text"
VARIABLE = "the text is in a variable"
ELSEWHERE = "another flow goes on from here"
TEMPLATE = "the text is a template kept elsewhere"
UNKNOWN_BLOCK = "what this block does with this text is not known, so it is not read"
CODE = "program code decides what is said here"
INTERNAL = "for the builders of the bot, no customer reads it"
NO_JSON = "this string is not valid JSON, so what it says is not read"
CUSTOMER = "the customer's own words"
MAIL = "an e-mail, no part of the chat"
PART_OFF = "this part is switched off"
NODE_OFF = "this node is switched off"
