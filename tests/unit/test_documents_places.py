"""Every string of every format maps back: the source span of a character, decoded, is that character."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any, Literal

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from neverask.documents import Document, Several, Table, embedded, open_source
from neverask.documents.xmltext import Element

TRICKY = "aé€😀 \t\n\r\\\"'/:#&*!|>%@`-?,[]{}<>\x85\u2028\ufeff\x00ﬁ.0"
# What a test may write into any file: no lone surrogates, which no encoder takes.
texts = st.text(st.one_of(st.sampled_from(TRICKY), st.characters(exclude_categories=["Cs"])), max_size=30)
words = st.text(st.sampled_from("abé😀 '\"\\\n:#-,x"), max_size=20)


def one(path: str, data: str | bytes) -> Document:
    documents = open_source(path, data.encode() if isinstance(data, str) else data)
    assert len(documents) == 1
    return documents[0]


def strings(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], str]]:
    """All strings of a value with their paths."""
    if isinstance(value, str):
        return [(path, value)]
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in strings(item, (*path, key))]
    if isinstance(value, Table):
        value = value.rows
    if isinstance(value, list):
        return [found for number, item in enumerate(value) for found in strings(item, (*path, number))]
    return []


def pieces(document: Document, path: tuple[str | int, ...]) -> list[tuple[str, str]]:
    """Each character of the string at ``path`` with what stands in the source for it."""
    text = document.text(path)
    found = []
    for number, character in enumerate(text.value):
        start, end = text.span(number, number + 1)
        found.append((character, document.source.text[start:end]))
    return found


def check(document: Document, decode: Any) -> None:
    """All strings agree with their places: as wholes, and character by character."""
    for path, value in strings(document.value):
        assert document.text(path).value == value
        previous = -1
        text = document.text(path)
        for number, (character, written) in enumerate(pieces(document, path)):
            start = text.span(number, number + 1).start
            assert start > previous, "places rise"
            previous = start
            assert decode(written) == character, (path, value, character, written)
        whole = document.span(path)
        inside = text.span()
        assert whole.start <= inside.start <= inside.end <= whole.end


# JSON -------------------------------------------------------------------------------------------------------

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
layouts = st.sampled_from(
    [{}, {"indent": 2}, {"indent": "\t"}, {"separators": (",", ":")}, {"separators": (" , ", " : ")}]
)


def json_decode(written: str) -> str:
    return json.loads(f'"{written}"', strict=False)


@given(values, layouts, st.booleans())
def test_json(value: Any, layout: dict[str, Any], ascii_only: bool) -> None:
    document = one("a.json", json.dumps(value, ensure_ascii=ascii_only, **layout))
    assert document.kind == "json"
    assert document.value == value
    check(document, json_decode)


@given(values)
def test_json_spans_and_keys(value: Any) -> None:
    document = one("a.json", json.dumps(value))
    text = document.source.text

    def visit(item: Any, path: tuple[str | int, ...]) -> None:
        start, end = document.span(path)
        assert json.loads(text[start:end]) == item
        if isinstance(item, dict):
            for key, inner in item.items():
                start, end = document.key_span((*path, key))
                assert json.loads(text[start:end]) == key
                visit(inner, (*path, key))
        if isinstance(item, list):
            for number, inner in enumerate(item):
                visit(inner, (*path, number))

    visit(value, ())


@given(st.lists(values, max_size=6), st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_json_lines(items: list[Any], end: str) -> None:
    data = "".join(json.dumps(item, ensure_ascii=False) + end for item in items)
    document = one("a.jsonl", data)
    assert isinstance(document.value, Several)
    assert document.value == items
    check(document, json_decode)


@given(words)
def test_json_in_json(inner: str) -> None:
    outer = json.dumps({"a": [json.dumps({"text": inner, "list": [inner]})]})
    document = embedded(one("a.json", outer), ("a", 0))
    assert document.value == {"text": inner, "list": [inner]}
    check(document, lambda written: json_decode(json_decode(written)))


# YAML -------------------------------------------------------------------------------------------------------


def yaml_decode(written: str) -> str:
    """What a few characters of a scalar, quoted or not, stand for."""
    if written == "''":
        return "'"
    if len(written) > 1 and written[0] == "\\":
        return str(yaml.safe_load(f'"{written}"'))
    if len(written) > 1 and written.strip(" \t\r\n") == "":
        # A fold: one break is a blank, more are breaks.
        return " " if len(re.findall("\r\n|\r|\n", written)) == 1 else "\n"
    return "\n" if written in ("\r\n", "\r", "\x85") else written


def yaml_pieces_agree(document: Document) -> None:
    for path, value in strings(document.value):
        text = document.text(path)
        assert text.value == value
        assert len({text.span(n, n + 1).start for n in range(len(value))}) == len(value), "never the fallback"
        for character, written in pieces(document, path):
            if character in " \n" and written.strip(" \t\r\n\x85\\") == "":
                continue
            assert yaml_decode(written) == character, (path, value, character, written)


@pytest.mark.parametrize("style", ["'", '"', "|", ">", None])
@pytest.mark.parametrize("width", [10, 1000])
@settings(max_examples=60, deadline=None)
@given(items=st.lists(words, min_size=1, max_size=4), end=st.sampled_from(["\n", "\r\n"]), unicode=st.booleans())
def test_yaml_written_by_a_library(style: str | None, width: int, items: list[str], end: str, unicode: bool) -> None:
    value = {"first": items, "second": {"inner": items[0]}}
    data = yaml.safe_dump(value, default_style=style, width=width, allow_unicode=unicode, line_break=end)
    document = one("a.yaml", data)
    if style is not None:
        # The library folds some texts so that it reads other ones back itself.
        assert document.value == yaml.safe_load(data)
    yaml_pieces_agree(document)


lines = st.lists(st.text(st.sampled_from("ab é😀'\"#:"), max_size=8), min_size=1, max_size=6)


@given(
    lines,
    st.sampled_from("|>"),
    st.sampled_from(["", "-", "+"]),
    st.integers(1, 4),
    st.booleans(),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "&a ", "!Sub ", "!Sub &a ", "&a\n  "]),
    st.sampled_from(["", " # why"]),
)
def test_yaml_blocks(
    content: list[str],
    mark: str,
    chomp: str,
    indent: int,
    explicit: bool,
    end: str,
    before: str,
    comment: str,
) -> None:
    if not explicit:
        content = [line.lstrip(" ") for line in content]
    block = end.join(" " * indent + line for line in content)
    header = f"key: {before}{mark}{chomp}{indent if explicit else ''}{comment}"
    data = f"{header}{end}{block}{end}other: x{end}"
    document = one("a.yaml", data)
    assert document.value == {"key": yaml.load(data, Loader=_Tolerant)["key"], "other": "x"}
    yaml_pieces_agree(document)


class _Tolerant(yaml.CSafeLoader):
    """PyYAML's own reading, with unknown tags ignored."""


_Tolerant.add_multi_constructor("!", lambda loader, _, node: loader.construct_scalar(node))
_Tolerant.yaml_implicit_resolvers = {}


@given(
    st.lists(st.text(st.sampled_from("abé😀,x.-"), min_size=1, max_size=6), min_size=1, max_size=5),
    st.lists(st.sampled_from([" ", "  ", "\n   ", "\n\n   ", " \t\r\n   ", "\n\n\n  "]), min_size=5, max_size=5),
    st.sampled_from(["", "'", '"']),
)
def test_yaml_folded_lines(parts: list[str], gaps: list[str], quote: str) -> None:
    content = "w" + "".join(gap + "w" + part for gap, part in zip(gaps, parts, strict=False)) + "w"
    data = f"a:\n - {quote}{content}{quote}\n - end\n"
    document = one("a.yaml", data)
    assert document.value == yaml.load(data, Loader=_Tolerant)
    yaml_pieces_agree(document)


@given(st.lists(st.sampled_from(
    ["a", "é", "😀", " ", "\\n", "\\t", "\\x41", "\\u00e9", "\\U0001f600", "\\\\", '\\"', "\\/", "\\ ", "\\_",
     "\n  ", "\n\n ", "\\\n  ", "\\\r\n \n", "\\e", "\\N", "'"]
), max_size=12))  # fmt: skip
def test_yaml_escapes(parts: list[str]) -> None:
    data = f'k: "{"".join(parts)}"\nl: x\n'
    document = one("a.yaml", data)
    assert document.value == yaml.load(data, Loader=_Tolerant)
    yaml_pieces_agree(document)


# CSV --------------------------------------------------------------------------------------------------------

cells = st.text(st.sampled_from("ab é\";,\t|\n\r'"), max_size=8)


@given(
    st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=5),
    st.sampled_from(";,\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_csv_written_by_a_library(rows: list[list[str]], delimiter: str, end: str, quoting: Literal[0, 1]) -> None:
    if quoting == csv.QUOTE_MINIMAL:
        rows = [[re.sub("[\r\n]", "", cell) for cell in row] for row in rows]  # csv may not quote them
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    document = one("a.csv", f"sep={delimiter}\r\n" + out.getvalue())
    assert document.value.rows == rows
    check(document, lambda written: '"' if written == '""' else written)


@given(st.text(st.sampled_from('ab";\n\r'), max_size=40))
def test_csv_places_agree_with_values_whatever_is_written(data: str) -> None:
    document = one("a.csv", "sep=;\n" + data)
    for row, texts in enumerate(document.value.rows):
        for column, text in enumerate(texts):
            assert document.text((row, column)).value == text
    check(document, lambda written: '"' if written == '""' else written)


# XML --------------------------------------------------------------------------------------------------------

xml_texts = st.text(st.sampled_from("ab é😀&<>\"'\n\t]"), max_size=12)


def _escape(text: str, style: int) -> str:
    if style == 0:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if style == 1:
        return "".join(f"&#x{ord(c):x};" for c in text)
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def xml_decode(written: str) -> str:
    if written.startswith("&") and ";" in written:
        import html

        return html.unescape(written[: written.index(";") + 1])
    return "\n" if written.startswith("\r") else written


@given(st.lists(st.tuples(xml_texts, st.integers(0, 2)), max_size=4), xml_texts, st.sampled_from(["\n", "\r\n"]))
def test_xml(parts: list[tuple[str, int]], attribute: str, end: str) -> None:
    quoted = attribute.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("\n", "&#10;")
    body = "".join(_escape(text, style) for text, style in parts)
    data = f'<?xml version="1.0"?>{end}<r>{end}é<b  a="{quoted}"\n>{body}</b >tail<c/></r>'
    document = one("a.xml", data.replace("\n", end) if end == "\r\n" else data)
    root = document.value
    assert isinstance(root, Element)
    inner = root.children[1]
    assert isinstance(inner, Element)
    assert inner.text == "".join(text for text, _ in parts)
    text = document.text((1,))
    assert text.value == inner.text
    for character, written in pieces(document, (1,)):
        assert xml_decode(written) == character
    value = document.text((1, "@a"))
    assert value.value == inner.attributes["a"]
    for character, written in pieces(document, (1, "@a")):
        assert xml_decode(written) == character or (character == " " and written in "\n\t\r\n")
    assert document.text((2,)).value == "tail"
    assert document.source.text[slice(*document.span((2,)))] == "tail"
    assert document.source.text[slice(*document.span((3,)))] == "<c/>"
    assert document.source.text[slice(*document.span((1,)))].endswith("</b >")


# gettext ----------------------------------------------------------------------------------------------------

po_texts = st.lists(st.text(st.sampled_from('ab é😀"\\\n\t%'), max_size=8), min_size=1, max_size=3)


def _po(parts: list[str]) -> str:
    quoted = [
        '"' + part.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
        for part in parts
    ]
    return "\n".join(quoted)


@given(st.lists(st.tuples(po_texts, po_texts), min_size=1, max_size=4))
def test_gettext(entries: list[tuple[list[str], list[str]]]) -> None:
    data = "".join(f"#: a.py:1\nmsgid {_po(key)}\nmsgstr {_po(value)}\n\n" for key, value in entries)
    document = one("a.po", data)
    assert [(entry["msgid"], entry["msgstr"]) for entry in document.value] == [
        ("".join(key), "".join(value)) for key, value in entries
    ]
    for number in range(len(entries)):
        for key in ("msgid", "msgstr"):
            for character, written in pieces(document, (number, key)):
                assert json_decode(written) == character
