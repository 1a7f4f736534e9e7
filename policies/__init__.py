"""Bundled policies, their JSON Schema and their examples, as data."""
