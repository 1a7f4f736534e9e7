"""Reading files: encodings, kinds, mistakes, limits."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import math
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from neverask.documents import Document, Merged, Several, Table, embedded, open_source
from neverask.source import Position, SourceError


def one(path: str, data: str | bytes) -> Document:
    documents = open_source(path, data.encode() if isinstance(data, str) else data)
    assert len(documents) == 1
    return documents[0]


def refused(path: str, data: str | bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        open_source(path, data.encode() if isinstance(data, str) else data)
    assert caught.value.path == path
    return caught.value


# Encodings --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codec", "mark"),
    [
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-32-le", b"\xff\xfe\0\0"),
        ("utf-32-be", b"\0\0\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-8", b""),
        ("cp1252", b""),
    ],
)
@pytest.mark.parametrize("extension", ["json", "yaml", "csv"])
def test_offsets_do_not_count_the_byte_order_mark(codec: str, mark: bytes, extension: str) -> None:
    text = {"json": '{"a": "café €"}', "yaml": "a: café €\n", "csv": "a;b\ncafé €;x\n"}[extension]
    document = one(f"a.{extension}", mark + text.encode(codec))
    place = document.text((1, 0) if extension == "csv" else ("a",))
    assert place.value == "café €"
    assert document.source.text == text
    assert place.span().start == text.index("café")
    assert document.source.position(place.span().start).column == {"json": 8, "yaml": 4, "csv": 1}[extension]


def test_a_few_broken_bytes_do_not_turn_utf8_into_another_encoding() -> None:
    """They are letters of the Windows code page: a line was pasted in from another file."""
    data = "é".encode() * 100 + b"\xe9" + "é".encode()
    document = one("a.md", data)
    assert document.value == "é" * 100 + "éé"
    assert document.encoding == "utf-8 with errors"


def test_a_code_page_has_its_own_quotes() -> None:
    document = one("a.md", b"\x93klant\x94 \x80")
    assert (document.value, document.encoding) == ("“klant” €", "cp1252")


@pytest.mark.parametrize("data", [b"%PDF-1.4", b"\x89PNG\r\n", b"a\0b\0\0\0c\x01\0", b"\xd0\xcf\x11\xe0\0\0"])
def test_binary_files_are_refused(data: bytes) -> None:
    assert "not text" in refused("a.txt", data).reason


def test_a_file_that_lies_about_its_encoding() -> None:
    assert "utf-16" in refused("a.json", b"\xff\xfe{\0}").reason


# Kinds ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "data", "kind"),
    [
        ("a.json", '{"a": 1}', "json"),
        ("a.json", '{"a": 1}\n{"a": 2}\n', "jsonl"),
        ("a.json", '{\n"a": 1\n}\n{"a": 2}', "jsonl"),
        ("a.ndjson", '{"a": 1}\n', "jsonl"),
        ("a.dialog", '{"$kind": "x"}', "json"),
        ("a.yaml", "a: 1", "yaml"),
        ("a.yaml", '{\n\t"a": "\\ud83d\\ude00"\n}', "json"),
        ("a.yaml", "{a: 1}", "yaml"),
        ("data", "kind: AdaptiveDialog\nbeginDialog:\n  id: main\n", "yaml"),
        ("data", '[{"a": 1}]', "json"),
        ("a.txt", '{"a": 1}', "json"),
        ("a.txt", "Dear customer,\nhello: this is prose\n", "text"),
        ("a.txt", "- one\n- two\n", "text"),
        ("a.txt", "key;tekst\na;b\nc;d\n", "csv"),
        ("a.txt", "Hello {name}, how are you?", "text"),
        ("a.txt", "{name}, how are you?", "text"),
        ("a.csv", "a,b\n1,2\n", "csv"),
        ("a.csv", '[{"a": 1}]', "json"),
        ("a.csv", "[naam],x\ny,z\n", "csv"),
        ("a.tsv", "a\tb\n", "csv"),
        ("a.xml", "<a/>", "xml"),
        ("a", "<?xml version='1.0'?><a/>", "xml"),
        ("a.md", "# T\n", "markdown"),
        ("a.md", "[a](b)", "markdown"),
        ("a.lg", "# T\n- x\n", "lg"),
        ("a.lu", "# T\n- x\n", "text"),
        ("a.po", 'msgid "a"\nmsgstr "b"\n', "po"),
    ],
)
def test_content_decides_and_the_name_is_a_hint(path: str, data: str, kind: str) -> None:
    assert one(path, data).kind == kind


@given(
    st.binary(max_size=200),
    st.sampled_from(["json", "yaml", "csv", "xml", "po", "zip", "xlsx", "txt", "", "md"]),
)
def test_any_bytes_give_a_document_or_a_source_error(data: bytes, extension: str) -> None:
    try:
        for document in open_source(f"a.{extension}", data):
            document.span(())
    except SourceError as error:
        assert error.reason


# JSON -------------------------------------------------------------------------------------------------------


def test_a_mistake_in_json_has_a_place() -> None:
    error = refused("a.json", '{"a": 1,\n "b": x}')
    assert error.position == Position(2, 7)
    assert "JSON" in error.reason


@pytest.mark.parametrize("data", ['{"a":', "", "nonsense", '{"a": 1}}', "[1, 2"])
def test_broken_json(data: str) -> None:
    assert refused("a.json", data).position is not None


def test_json_that_is_not_quite_json() -> None:
    document = one("a.json", b'\xef\xbb\xbf{"a": NaN, "b": "tab\there\nand line"}\0\0')
    assert math.isnan(document.value["a"])
    assert document.text(("b",)).value == document.value["b"]


def test_half_a_character_is_none() -> None:
    data = r'{"a\ud83d": "x\ude00y\uD83D\ude00 \\ud83d \ud83d", "b": "\u0064"}'
    for extension in ("json", "jsonl"):
        document = one(f"a.{extension}", data)
        value, path = (document.value, ()) if extension == "json" else (document.value[0], (0,))
        assert value == {"a\ufffd": "x\ufffdy😀 \\ud83d \ufffd", "b": "d"}
        place = document.text((*path, "a\ufffd"))
        assert place.value == value["a\ufffd"]
        assert data[slice(*place.span(1, 2))] == "\\ude00"
        assert data[slice(*place.span(3, 4))] == "\\uD83D\\ude00"


def test_a_number_of_any_length() -> None:
    assert one("a.json", '{"a": ' + "9" * 10000 + "}").value["a"] == math.inf


def test_the_last_of_equal_keys_wins() -> None:
    data = '{"a": "1", "b": {"c": 2, "c": 3}, "a": "4"}'
    document = one("a.json", data)
    assert document.value["a"] == "4"
    assert document.text(("a",)).span().start == data.index("4")
    assert [data[slice(*span)] for span in document.duplicates] == ['"a"', '"c"']
    assert document.key_span(("a",)).start == data.rindex('"a"')


@pytest.mark.parametrize("extension", ["json", "yaml", "jsonl", "csv", "txt"])
@pytest.mark.parametrize("opening", ["[", '{"a":', "[[{", "- ", "? ", "<a>"])
def test_deep_nesting_is_a_source_error_or_text(extension: str, opening: str) -> None:
    closing = {"[": "]", '{"a":': "}", "[[{": ""}.get(opening, "")
    for depth in (201, 990, 100_000):
        middle = "1" if opening == '{"a":' else ""
        try:
            assert open_source(f"a.{extension}", (opening * depth + middle + closing * depth).encode())
        except SourceError as error:
            assert error.reason


def test_nesting_that_occurs_is_read() -> None:
    value: Any = "x"
    for _ in range(190):
        value = [value]
    document = one("a.json", json.dumps(value))
    assert document.text((0,) * 190).value == "x"
    assert one("a.yaml", json.dumps(value).replace('"', "'")).text((0,) * 190).value == "x"


def test_a_path_that_leads_nowhere() -> None:
    for document in (one("a.json", '{"a": ["x"]}'), one("a.yaml", "a: [x]"), one("a.jsonl", '{"a": ["x"]}')):
        for path in (("b",), ("a", 1), ("a", 0, 0), ("a", "b"), (7,)):
            with pytest.raises(LookupError):
                document.text(path)
        with pytest.raises(LookupError):
            document.text(("a",))


def test_numbers_have_places_too() -> None:
    assert one("a.json", '{"a": 12.0}').text(("a",)).value == "12.0"
    assert one("a.yaml", "a: 0x10\n").text(("a",)).value == "0x10"


def test_json_lines_say_which_line_is_broken() -> None:
    error = refused("a.jsonl", '{"a": 1}\n\n{"a": }\n')
    assert error.position == Position(3, 7)
    assert refused("a.json", '{"a": 1}\n{"a": }\n').position == Position(2, 7)


# YAML -------------------------------------------------------------------------------------------------------


def test_what_is_meant_as_text_stays_text() -> None:
    data = "a: yes\nb: no\nc: 2024-01-31\nd: 012345\ne: 12:30\nf: 1_000\ng: '12'\nh: off\ni: 1e3\nj: !!str 5\n"
    assert one("a.yaml", data).value == {
        "a": "yes", "b": "no", "c": "2024-01-31", "d": "012345", "e": "12:30", "f": "1_000", "g": "12",
        "h": "off", "i": 1000.0, "j": "5",
    }  # fmt: skip


def test_null_truth_and_numbers() -> None:
    data = "[~, null, '', true, False, 1, -2, 1.5, .5, 0x1f, .inf]\n"
    assert one("a.yaml", "a: " + data).value["a"] == [
        None, None, "", True, False, 1, -2, 1.5, 0.5, 31, math.inf,
    ]  # fmt: skip


def test_keys_are_strings() -> None:
    assert one("a.yaml", "1: a\ntrue: b\n~: c\n[x, y]: d\n").value == {
        "1": "a",
        "true": "b",
        "~": "c",
        "[x, y]": "d",
    }


def test_unknown_tags() -> None:
    document = one("a.yaml", "a: !Ref X\nb: !Sub\n  - '${A}'\n  - {A: !GetAtt x.y}\nc: !!python/object:os.x {d: e}\n")
    assert document.value == {"a": "X", "b": ["${A}", {"A": "x.y"}], "c": {"d": "e"}}
    assert document.source.text[slice(*document.text(("a",)).span())] == "X"


def test_several_documents() -> None:
    document = one("a.yaml", "---\na: b\n---\nc: d\n")
    assert isinstance(document.value, Several)
    assert document.value == [{"a": "b"}, {"c": "d"}]
    assert document.text((1, "c")).span().start == 16


def test_aliases_and_merges_lead_to_where_the_text_stands() -> None:
    data = "base: &b {x: 'one', y: two}\nhere: *b\nmore: {<<: *b, y: three}\nlist: {<<: [{x: 1st}, *b]}\n"
    document = one("a.yaml", data)
    assert document.value["more"] == {"x": "one", "y": "three"}
    assert document.value["list"] == {"x": "1st", "y": "two"}
    assert document.text(("here", "x")).span() == document.text(("base", "x")).span()
    assert document.text(("more", "x")).span().start == data.index("one")
    assert document.text(("more", "y")).span().start == data.index("three")
    assert document.text(("list", "x")).span().start == data.index("1st")


def test_equal_keys_in_yaml() -> None:
    document = one("a.yaml", "a: 1\nb: {c: 1, c: 2}\na: 3\n")
    assert document.value == {"a": 3, "b": {"c": 2}}
    assert [span.start for span in document.duplicates] == [0, 9]


def test_alias_bombs() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for name, before in zip("bcdefghijk", "abcdefghij", strict=True):
        lines.append(f"{name}: &{name} [{', '.join(['*' + before] * 9)}]")
    error = refused("a.yaml", "\n".join(lines))
    assert "unfold" in error.reason
    assert "itself" in refused("a.yaml", "a: &a [*a]\n").reason


def test_aliases_used_often_are_no_bomb() -> None:
    data = "base: &b {x: one, y: two}\n" + "".join(f"k{n}: *b\n" for n in range(3000))
    assert len(one("a.yaml", data).value) == 3001


def test_mistakes_in_yaml_have_a_place() -> None:
    assert refused("a.yaml", "a: b\n\tc: d\n").position == Position(2, 1)
    assert refused("a.yaml", "a: [b\n").position is not None
    assert refused("a.yaml", "a: *nothing\n").position == Position(1, 4)


def test_yaml_that_products_write_and_libyaml_refuses() -> None:
    data = '// note\na: @odata.type\nb: "smile \\ud83d\\ude00 end"\nc: */*\nd: "=["x", "y"]"\ne: `code`\n'
    document = one("a.yaml", data)
    assert document.value == {
        "a": "@odata.type", "b": "smile 😀 end", "c": "*/*", "d": '=["x", "y"]', "e": "`code`",
    }  # fmt: skip
    for key, value in document.value.items():
        assert document.text((key,)).value == value
    place = document.text(("b",))
    assert data[slice(*place.span(6, 7))] == "\\ud83d\\ude00"
    assert data[slice(*place.span(8, 11))] == "end"


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_separators_that_end_no_line_of_yaml_any_more(separator: str) -> None:
    """libyaml ends a line at them, as YAML 1.1 did, and then finds the next one indented wrongly."""
    data = f"a: Hello{separator}there\nb: |\n  One{separator}two\nc: 'It''s{separator}here'\n"
    document = one("a.yaml", data)
    assert document.value == {"a": f"Hello{separator}there", "b": f"One{separator}two\n", "c": f"It's{separator}here"}
    assert data[slice(*document.text(("a",)).span(6, 11))] == "there"


def test_half_a_character_in_yaml() -> None:
    data = 'a: "x\\ud83dy\\ude00 \\ud83d\\ude00"\n'
    place = one("a.yaml", data).text(("a",))
    assert place.value == "x\ufffdy\ufffd 😀"
    assert data[slice(*place.span(3, 4))] == "\\ude00"


def test_an_empty_yaml_file_is_null() -> None:
    assert one("a.yaml", "# nothing\n").value is None


# Tables -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "delimiter"),
    [
        ("a;b\n1,5;2,5\n", ";"),
        ("a,b\n1;5,2\n", ","),
        ('naam;"tekst, lang; met, komma\'s"\nx;y, z, w\n', ";"),
        ("sep=|\na|b\n", "|"),
        ("a\tb\n1\t2\n", "\t"),
        ("tekst\nhallo\n", ","),
        ('"a";"b, c"\r\n"x";"y\nz, w"\r\n', ";"),
    ],
)
def test_the_delimiter_is_found_outside_quotes(data: str, delimiter: str) -> None:
    assert one("a.csv", data).value.delimiter == delimiter


def test_a_table_as_a_dutch_excel_writes_it() -> None:
    data = 'sep=;\r\nTitel;Réponse;\r\nKaart;"Regel één\nregel ""twee"""\r\nkort\r\n'.encode("cp1252")
    document = one("a.csv", data)
    table = document.value
    assert isinstance(table, Table)
    assert table.header == ["titel", "reponse", ""]
    assert table.rows[1:] == [["Kaart", 'Regel één\nregel "twee"'], ["kort"]]
    place = document.text((1, 1))
    assert document.source.position(place.span(10).start) == Position(4, 1)


def test_a_cell_may_be_long() -> None:
    assert len(one("a.csv", "a,b\n" + "x" * 300_000 + ",y\n").value.rows[1][0]) == 300_000


# Spreadsheets -----------------------------------------------------------------------------------------------


def workbook() -> bytes:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Antwoorden"
    sheet.append(["Titel", "Tekst", None, 12])
    sheet.append([None, "Regel\ntwee", 1.5, True])
    sheet.merge_cells("A4:B5")
    sheet["A4"] = "samen_x000D_"
    book.create_sheet("Leeg")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_xlsx() -> None:
    document = one("a.xlsx", workbook())
    assert document.kind == "xlsx"
    sheet = document.value["Antwoorden"]
    assert sheet.rows == [["Titel", "Tekst", "", "12"], ["", "Regel\ntwee", "1.5", "TRUE"], [], ["samen\r"]]
    assert sheet.merged == (Merged(3, 0, 2, 2),)
    assert document.value["Leeg"].rows == []
    place = document.text(("Antwoorden", 1, 1))
    assert document.source.text[slice(*place.span())] == "Regel\ntwee"
    assert document.source.position(place.span(6).start).cell == "Antwoorden!B2"
    assert document.source.position(document.text(("Antwoorden", 0, 3)).span().start).cell == "Antwoorden!D1"
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            assert document.text(("Antwoorden", row, column)).value == cell


ODS = """<?xml version="1.0"?>
<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x">
<office:body><office:spreadsheet><table:table table:name="Blad1">
<table:table-row><table:table-cell><text:p>Titel</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="2"/>
<table:table-cell><text:p>a<text:s text:c="2"/>b</text:p>
<text:p>c<text:line-break/>d</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="16000"/>
</table:table-row><table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>
<table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>x</text:p></table:table-cell>
<table:covered-table-cell/></table:table-row><table:table-row table:number-rows-repeated="1048000">
<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>
</office:spreadsheet></office:body></office:document-content>"""


def zipped(members: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_ods() -> None:
    data = zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ODS})
    document = one("a.ods", data)
    assert document.kind == "ods"
    table = document.value["Blad1"]
    assert table.rows == [["Titel", "", "", "a  b\nc\nd"], [], [], ["x"]]
    assert table.merged == (Merged(3, 0, 1, 2),)
    assert document.source.position(document.text(("Blad1", 3, 0)).span().start).cell == "Blad1!A4"


@pytest.mark.parametrize("name", ["xl/workbook.xml", "content.xml"])
def test_a_damaged_spreadsheet(name: str) -> None:
    members: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        name: "<broken",
    }
    assert refused("a.xlsx", zipped(members)).reason


# XML --------------------------------------------------------------------------------------------------------


def test_entities_of_its_own_are_refused() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]>\n<a>&c;</a>'
    assert "entities" in refused("a.xml", bomb).reason
    outside = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    assert "entities" in refused("a.xml", outside).reason


def test_an_outside_dtd_is_not_read_and_its_entities_are_those_of_html() -> None:
    data = '<!DOCTYPE html PUBLIC "x" "http://example.com/x.dtd"><a>caf&eacute;</a>'
    document = one("a.xml", data)
    assert document.value.text == "café"
    assert data[slice(*document.text(()).span(3, 4))] == "&eacute;"


def test_broken_xml_has_a_place() -> None:
    error = refused("a.xml", "<a>é\n<b></a>")
    assert error.position == Position(2, 6)


# Archives ---------------------------------------------------------------------------------------------------


def test_members_are_documents() -> None:
    inner = zipped({"deep.yaml": "a: b\n"})
    data = zipped({"a/b.json": '{"a": "x"}', "pic.png": b"\x89PNG", "in.zip": inner, "broken.json": "{", "d/": ""})
    documents = {document.path: document for document in open_source("x.zip", data)}
    assert documents["x.zip!a/b.json"].value == {"a": "x"}
    assert documents["x.zip!in.zip!deep.yaml"].value == {"a": "b"}
    broken = documents["x.zip!broken.json"]
    assert (broken.kind, broken.value) == ("unreadable", None)
    assert broken.error is not None and "JSON" in broken.error.reason
    assert set(documents) == {"x.zip!a/b.json", "x.zip!in.zip!deep.yaml", "x.zip!broken.json"}


def test_a_tar_file() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in {"data/a.json": b"[1]", "../evil.json": b"[2]"}.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("link.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    documents = {document.path: document for document in open_source("x.tgz", out.getvalue())}
    assert documents["x.tgz!data/a.json"].value == [1]
    assert documents["x.tgz!../evil.json"].error is not None
    assert documents["x.tgz!link.json"].error is not None


@pytest.mark.parametrize(("suffix", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)])
def test_what_is_packed_as_a_stream(suffix: str, pack: Callable[[bytes], bytes]) -> None:
    document = one(f"dir/a.json.{suffix}", pack(b'{"a": ') + pack(b"1}"))
    assert (document.path, document.value) == (f"dir/a.json.{suffix}!a.json", {"a": 1})
    with tarfile.open(fileobj=(out := io.BytesIO()), mode="w") as archive:
        info = tarfile.TarInfo("data/a.json")
        info.size = 3
        archive.addfile(info, io.BytesIO(b"[1]"))
    assert one(f"x.tar.{suffix}", pack(out.getvalue())).value == [1]
    assert "unpacks" in refused(f"x.{suffix}", pack(b"0" * (10 << 20))).reason
    whole = pack(bytes(range(256)) * 9)
    for cut in (12, len(whole) // 2, len(whole) - 5):
        refused(f"x.{suffix}", whole[:cut])


@pytest.mark.parametrize(("module", "pack"), [("bz2", bz2.compress), ("lzma", lzma.compress)])
def test_a_python_that_was_built_without(module: str, pack: Callable[[bytes], bytes], monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    assert "can't unpack" in refused("x", pack(b"{}")).reason
    assert one("x.zip", zipped({"a.json": "[1]"})).value == [1]


def test_an_xz_file_whose_head_asks_for_much_memory() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}]
    assert "emory" in refused("x.xz", lzma.compress(b"{}", filters=filters)).reason


@pytest.mark.parametrize(
    ("kind", "magic"),
    [
        ("7z", b"7z\xbc\xaf\x27\x1c"),
        ("rar", b"Rar!\x1a\x07\x01"),
        ("zst", b"\x28\xb5\x2f\xfd"),
        ("lz4", b"\x04\x22\x4d\x18"),
    ],
)
def test_archives_that_are_not_read_are_named(kind: str, magic: bytes) -> None:
    assert f"({kind}); unpack it" in refused("export.bin", magic + bytes(range(200))).reason


@pytest.mark.parametrize("name", ["../a.json", "/a.json", "a/../../b.json", "C:\\a.json", "..\\a.json"])
def test_members_that_lead_outside(name: str) -> None:
    [document] = open_source("x.zip", zipped({name: "{}"}))
    assert document.error is not None
    assert "path" in document.error.reason


def test_links_and_encrypted_members() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link.json")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("secret.json", "{}")
    data = bytearray(out.getvalue())
    at = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    data[at + 8] |= 1
    reasons = [document.error.reason for document in open_source("x.zip", bytes(data)) if document.error]
    assert ["link" in reasons[0], "encrypted" in reasons[1]] == [True, True]


def test_bombs() -> None:
    assert "packed" in refused("x.zip", zipped({"a.json": b"0" * (10 << 20)})).reason
    assert "packed" in refused("x.xlsx", zipped({"xl/workbook.xml": b"0" * (10 << 20)})).reason
    assert "unpacks" in refused("x.gz", gzip.compress(b"0" * (10 << 20))).reason
    many = zipped({f"{n}.json": "" for n in range(20_001)}, zipfile.ZIP_STORED)
    assert "members" in refused("x.zip", many).reason


def test_a_header_that_lies_about_the_size() -> None:
    data = bytearray(zipped({"a.json": b"[" + b"1," * 1000 + b"1]"}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(SourceError):
        open_source("x.zip", bytes(data))


def test_archives_too_deep() -> None:
    data = zipped({"a.json": "{}"})
    for _ in range(3):
        data = zipped({"in.zip": data})
    [document] = open_source("x.zip", data)
    assert document.error is not None
    assert "deep" in document.error.reason


@pytest.mark.parametrize("cut", [10, 30, 60, 100])
def test_damaged_archives(cut: int) -> None:
    data = zipped({"a.json": '{"a": "some text that is long enough"}'})
    refused("x.zip", data[:cut])
    refused("x.tgz", gzip.compress(b"x" * 1000 + bytes(range(256)))[: cut // 3 + 5])


# Inside strings ---------------------------------------------------------------------------------------------


def test_a_mistake_in_an_embedded_document_is_in_the_outer_file() -> None:
    data = json.dumps({"card": '{\n  "text": oops\n}'})
    with pytest.raises(SourceError) as caught:
        embedded(one("a.json", data), ("card",))
    assert caught.value.position == Position(1, data.index("oops") + 1)


def test_a_slice_of_a_text() -> None:
    data = "---\ntitle: Één\n---\nBody\n"
    document = embedded(one("a.md", data), (), 4, data.index("---", 4), "yaml")
    assert document.value == {"title": "Één"}
    assert data[slice(*document.text(("title",)).span())] == "Één"
    assert data[slice(*document.key_span(("title",)))] == "title"


# Time -------------------------------------------------------------------------------------------------------

HOSTILE = {
    "json quotes": ("a.json", '["' + '\\"' * 300_000 + '"]'),
    "json keys": ("a.json", "{" + ",".join(f'"{n}": "x"' for n in range(40_000)) + "}"),
    "json lists": ("a.json", "[" + "[]," * 200_000 + "1]"),
    "yaml spaces": ("a.yaml", "a: |\n" + "  x\n" * 60_000 + " " * 200_000 + "\n"),
    "yaml folds": ("a.yaml", "a: '" + "x\n\n " * 60_000 + "'\n"),
    "yaml blanks": ("a.yaml", 'a: "x' + " " * 300_000 + 'x"\n'),
    "csv quotes": ("a.csv", 'a,b\n"' + '""' * 300_000),
    "csv bare": ("a.csv", "a,b\nx" + '"' * 300_000),
    "xml references": ("a.xml", "<a>" + "&amp;" * 60_000 + "</a>"),
    "xml accents": ("a.xml", "<a>" + "é<b/>" * 40_000 + "</a>"),
    "po": ("a.po", 'msgid ""\n' + '"\\n"\n' * 60_000),
    "text": ("a.txt", "a;" * 300_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_takes_linear_time(name: str) -> None:
    """A busy machine makes the same work dearer: it is measured a second time where the first took too long."""
    assert _processor_time(*HOSTILE[name]) < 3 or _processor_time(*HOSTILE[name]) < 3


def _processor_time(path: str, data: str) -> float:
    start = time.process_time()
    document = one(path, data)
    first: dict[str, tuple[str | int, ...]] = {"yaml": ("a",), "csv": (1, 0), "po": (0, "msgid")}
    if document.kind == "json":
        document.text(("39999",) if isinstance(document.value, dict) else (len(document.value) - 1,))
    else:
        document.text(first.get(document.kind, ()))
    document.duplicates  # noqa: B018
    return time.process_time() - start


def test_a_text_of_blank_lines_is_read_at_once() -> None:
    """A nested repetition in a pattern once made this take minutes."""
    import time

    start = time.perf_counter()
    open_source("blank.txt", b"\n" * 400_000 + b"x")
    assert time.perf_counter() - start < 5
