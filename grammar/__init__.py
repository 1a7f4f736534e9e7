"""Grammars and language packs, as data: one folder a language, no code."""
