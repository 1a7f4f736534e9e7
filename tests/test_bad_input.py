"""Broken, hostile and huge files: each yields its messages or one clear error with exit status 2, and in time."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from neverask.documents import open_source

GOOD = b'{"replies": [{"id": "a", "text": "Geef ons uw IBAN door."}]}'
THANKS = b'{"replies": [{"id": "a", "text": "Dank u voor uw bericht."}]}'
ASK = "Geef ons uw IBAN door."

# Every class of error in RFC 8259, after the kinds of JSONTestSuite; the texts are our own.
NOT_JSON = {
    "nothing": b"",
    "blanks": b" \n\t ",
    "unclosed array": b"[1",
    "unclosed object": b'{"a": 1',
    "unclosed string": b'["a',
    "extra closing": b"[1]]",
    "extra comma": b"[1,]",
    "extra comma in object": b'{"a":1,}',
    "two commas": b"[1,,2]",
    "leading comma": b"[,1]",
    "only comma": b"[,]",
    "missing comma": b"[1 2]",
    "colon for comma": b"[1:2]",
    "comma for colon": b'{"a",1}',
    "missing colon": b'{"a" 1}',
    "missing value": b'{"a":}',
    "missing key": b"{:1}",
    "bare key": b"{a:1}",
    "number as key": b"{1:1}",
    "single quotes": b"{'a':1}",
    "wrong closing": b"[1}",
    "leading zero": b"[012]",
    "leading zeros and nothing else": b"0" * 100_000,
    "leading plus": b"[+1]",
    "bare dot": b"[.5]",
    "dot at the end": b"[1.]",
    "bare exponent": b"[1e]",
    "hexadecimal": b"[0x1]",
    "minus alone": b"[-]",
    "two minuses": b"[--1]",
    "expression": b"[1+2]",
    "True": b"[True]",
    "half a word": b"[nul]",
    "undefined": b"[undefined]",
    "control in string": b'["a\x01"]',
    "newline in string": b'["a\nb"]',
    "tab in string": b'["a\tb"]',
    "bad escape": b'["\\x41"]',
    "unfinished escape": b'["\\"]',
    "unfinished unicode": b'["\\u00A"]',
    "bad unicode": b'["\\u00G0"]',
    "line comment": b"[1] // x",
    "block comment": b"/* x */[1]",
    "hash comment": b"# x\n[1]",
    "text after": b"[1]x",
    "form feed": b"[1]\x0c\x0c,",
    "no-break space": b"[\xc2\xa01]",
    "second mark": b"\xef\xbb\xbf\xef\xbb\xbf[]",
    "bracket": b"[",
    "brace": b"{",
    "quote": b'"',
    "angle": b"<.>",
    "null byte": b"[\x00]",
    "deep": b"[" * 100_000,
    "deep and closed": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
}
NOT_YAML = {
    "tab for indent": b"a:\n\tb: 1\n",
    "unclosed flow list": b"a: [1, 2\n",
    "unclosed flow map": b"a: {b: 1\n",
    "unclosed double quote": b'a: "x\n',
    "unclosed single quote": b"a: 'x\n",
    "bad escape": b'a: "\\q"\n',
    "bad indentation": b"a:\n    b: 1\n  c: 2\n",
    "value and map": b"a: b\n  c: d\n",
    "colon in value": b"a: b: c\n",
    "no such alias": b"a: *x\n",
    "two anchors": b"a: &x &y 1\n",
    "reserved at": b"a: @x\n",
    "reserved backtick": b"a: `x`\n",
    "percent": b"a: %x\n",
    "bad directive": b"%YAML 9.9.9\n---\na: 1\n",
    "twice a directive": b"%YAML 1.1\n%YAML 1.1\n---\na: 1\n",
    "unknown handle": b"a: !e!x 1\n",
    "list in map": b"a: 1\n- b\n",
    "map in list": b"- a\nb: 1\n",
    "text after quotes": b'a: "b" c\n',
    "control": b"a: \x01\n",
    "null": b"a: b\x00c\n",
    "bad indent mark": b"a: |0\n x\n",
    "block and text": b"a: | x\n y\n",
    "document end and text": b"a: 1\n... x\n",
    "comma at start": b"a: [, 1]\n",
    "nested deep": b"[" * 100_000,
    "nested deep in blocks": b"".join(b" " * n + b"a:\n" for n in range(1500)),
    "laughs": b"a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    + b"".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n".encode() for n in range(1, 12)),
    "recursive": b"replies: &a\n  - text: x\n  - *a\n",
    "recursive map": b"a: &a {b: *a}\n",
    "merge itself": b"a: &a\n  <<: *a\n  b: 1\n",
    "merge of no map": b"a:\n  <<: 1\n",
    "text in base64": b"replies:\n  - id: a\n    text: !!binary |\n      UGxlYXNlIHNlbmQgdXMgeW91ciBJQkFOLg==\n",
    "list as key": b"? [a]\n: 1\n? {b: 1}\n: 2\n",
}
NOT_XML = {
    "unclosed": b"<a><b></a>",
    "bad entity": b"<a>&x;</a>",
    "two roots": b"<a/><b/>",
    "no root": b"<?xml version='1.0'?>",
    "control": b"<a>\x01</a>",
    "deep": b"<a>" * 100_000 + b"</a>" * 100_000,
    "laughs": b"<!DOCTYPE a [<!ENTITY b 'xx'><!ENTITY c '&b;&b;&b;'>]><a>&c;</a>",
    "encoding": b"<?xml version='1.0' encoding='klingon'?><a/>",
}
BROKEN = [
    *((f"json: {name}", "replies.json", data) for name, data in NOT_JSON.items()),
    *((f"yaml: {name}", "replies.yaml", data) for name, data in NOT_YAML.items()),
    *((f"xml: {name}", "replies.xml", data) for name, data in NOT_XML.items()),
]


@pytest.fixture(autouse=True, scope="module")
def _warm(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Grammars are compiled before anything is timed."""
    folder = tmp_path_factory.mktemp("warm")
    said = [
        ASK, "Please send us your IBAN.", "Bitte senden Sie uns Ihre IBAN.", "Envoyez-nous votre IBAN.",
        "Por favor, envíenos su IBAN.", "Por favor, envie-nos o seu IBAN.", "Per favore, ci invii il suo IBAN.",
    ]  # fmt: skip
    replies = [{"id": str(number), "text": text} for number, text in enumerate(said)]
    (folder / "replies.json").write_text(json.dumps({"replies": replies}))
    command("check", "--no-cache", "replies.json", cwd=folder, limit=300)


@pytest.mark.parametrize(("name", "data"), [one[1:] for one in BROKEN], ids=[one[0] for one in BROKEN])
def test_broken_files_are_told(name: str, data: bytes, neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    started = time.monotonic()
    run = neverask("check", "--no-cache", name, cwd=tmp_path)
    assert run.status == 2, run.out
    assert "mistake" not in run.out
    assert len(run.out) < 3000
    assert time.monotonic() - started < 20  # of a machine that does other things as well


TABLE = 'id,title,reply\n1,Hello,"Hello, how can we help?"\n{}\n4,Ok,"Thanks a lot for the order, bye."\n'
TORN = {
    "a comma in a bare text": (
        "2,Refund,Hello, could you send us your IBAN, please?",
        "3:16",
        "5 cells under 3 headings",
    ),
    "a comma in a text between bare ones": (
        "2,Refund,Please send your IBAN, thanks",
        "3:32",
        "4 cells under 3 headings",
    ),
    "a mark too many": ('3,"Broken,"Send us your password please"', "3:3", "quotation marks"),
    "a mark that is not closed": ('3,Broken,"Send us your password please', "3:10", "quotation marks"),
    "another delimiter": ('2;Refund;"Please send us your IBAN"', "3:1", "1 cell under 3 headings"),
}
WHOLE_ROWS = {
    "no text": "2,Refund",
    "a remark beside the table": '2,Refund,"Hello, this is a text.",seen by Ann',
    "delimiters at the end": "2,Refund,Hello there.,,,",
    "marks in the middle": '2,Refund,"This is the "best" we have."',
    "a blank line": "",
    "the last cells left out": '2,"Refund, all"\n3,Other one of these here',
}


@pytest.mark.parametrize("what", TORN)
def test_rows_that_are_cut_otherwise_than_meant_are_told(
    what: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    row, place, words = TORN[what]
    (tmp_path / "replies.csv").write_text(TABLE.format(row))
    run = neverask("check", "--no-cache", "replies.csv", cwd=tmp_path)
    assert run.status == 2
    assert f"replies.csv:{place}: cannot read: " in run.out
    assert words in run.out


def test_torn_rows_are_told_where_they_hide_that_the_table_holds_replies(
    neverask: Callable[..., Any], tmp_path: Path
) -> None:
    rows = "id,title,reply\n2,Refund,Hello, could you send us your IBAN, please?\n4,Ok,Thanks a lot\n"
    (tmp_path / "replies.csv").write_text(rows)
    run = neverask("check", "--no-cache", "replies.csv", cwd=tmp_path)
    assert run.status == 2
    assert "replies.csv:2:16: cannot read: 5 cells under 3 headings" in run.out
    rows = "id,reply,sent to\n1,Hello there you,all\n2,Hello, send us your IBAN please,all\n3,Thanks a lot,all\n"
    (tmp_path / "replies.csv").write_text(rows)
    run = neverask("check", "--no-cache", "replies.csv", cwd=tmp_path)
    assert "replies.csv:3:9: cannot read: 4 cells under 3 headings" in run.out


def test_very_many_short_rows_are_looked_through_in_good_time(neverask: Callable[..., Any], tmp_path: Path) -> None:
    rows = "Titel;Tekst;Kanaal;Merk;Jaar\n" + "x;yy\nDit is een zin, hoor.\n" * 40_000
    (tmp_path / "replies.csv").write_text(rows)
    started = time.process_time()
    run = neverask("check", "--no-cache", "replies.csv", cwd=tmp_path)
    assert "and 39,999 more such rows" in run.out and time.process_time() - started < 10


def test_a_row_that_is_cut_is_shown_without_its_values(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "replies.csv").write_text(TABLE.format("2,Refund,Your IBAN is NL91 ABNA 0417 1643 00, and more"))
    for arguments in (("check",), ("check", "--fix", "--dry-run")):
        run = neverask(*arguments, "--no-cache", "replies.csv", cwd=tmp_path)
        assert "NL•• •••• •••• •••• 00, and more" in run.out + run.err and "0417" not in run.out + run.err


@pytest.mark.parametrize("what", WHOLE_ROWS)
def test_ragged_rows_whose_texts_are_whole_are_read(what: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "replies.csv").write_text(TABLE.format(WHOLE_ROWS[what]))
    run = neverask("check", "--no-cache", "-v", "--warnings-ok", "replies.csv", cwd=tmp_path)
    assert run.status == 0, run.out
    assert "not checked" not in run.out


def test_a_sentence_outside_of_the_columns_of_a_table_is_not_passed_over(
    neverask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "replies.csv").write_text(TABLE.format("Please send us your IBAN."))
    run = neverask("check", "--no-cache", "-v", "--strict", "replies.csv", cwd=tmp_path)
    assert run.status == 2
    assert "replies.csv:3:1: not checked: 1 cell under 3 headings" in run.out


ENCODED = {
    "utf-8 mark": b"\xef\xbb\xbf" + GOOD,
    "utf-16": GOOD.decode().encode("utf-16"),
    "utf-16-le without mark": GOOD.decode().encode("utf-16-le"),
    "utf-16-be": b"\xfe\xff" + GOOD.decode().encode("utf-16-be"),
    "utf-32": GOOD.decode().encode("utf-32"),
    "cp1252": GOOD.replace(b"door.", "dóór – €.".encode("cp1252")),
    "crlf": GOOD.replace(b" ", b"\r\n", 2),
    "cr": GOOD.replace(b" ", b"\r", 2),
    "half pairs": GOOD.replace(b"door.", b"door \\ud800 \\udc00\\ud800."),
    "null escape": GOOD.replace(b"door.", b"door \\u0000."),
    "double key": GOOD.replace(b'"id"', b'"text": "x", "id"'),
    "long number": GOOD.replace(b'"id"', b'"n": 1' + b"0" * 10_000 + b', "id"'),
    "large exponent": GOOD.replace(b'"id"', b'"n": 1e999999, "m": -0.0, "id"'),
    "million keys": b'{"x": {' + b",".join(b'"k%d":%d' % (n, n) for n in range(100_000)) + b"}, " + GOOD[1:],
    "long line": GOOD.replace(b"door.", b"door " + b"de klant " * 70_000),
    "trailing nulls": GOOD + b"\0" * 5000,
}


@pytest.mark.parametrize(
    ("codec", "text", "found"),
    [
        ("mac_roman", "titre;texte\na;Merci d'indiquer votre numéro de sécurité sociale\n", "national identity number"),
        ("mac_roman", "titulo;texto\ra;Indique su contraseña\rb;Hasta luego\r", "password"),
        ("cp1252", "titulo;texto\r\na;Indique su contraseña\r\nb;Hasta luego\r\n", "password"),
        (
            "cp1252",
            "titre;texte\na;À l’œuvre – cœur — votre numéro de sécurité sociale ?\n",
            "national identity number",
        ),
    ],
)
def test_accents_of_a_mac_and_of_windows(
    codec: str, text: str, found: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "replies.csv").write_bytes(text.encode(codec))
    assert f"this asks the customer for a {found}" in neverask("check", "--no-cache", "replies.csv", cwd=tmp_path).out


@pytest.mark.parametrize("kind", ENCODED)
def test_odd_files_are_read(kind: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "replies.json").write_bytes(ENCODED[kind])
    started = time.monotonic()
    run = neverask("check", "--no-cache", "replies.json", cwd=tmp_path)
    assert run.status in (1, 2)
    assert "bank account number" in run.out or "cannot read" in run.out
    assert "mistake" not in run.out
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("name", "text"),
    {
        "replies.csv": "title,text\na,Geef ons uw IBAN door.\n",
        "replies.json": '[{"title": "a", "text": "Geef ons uw IBAN door."}]',
        "replies.jsonl": '{"title": "a", "text": "Geef ons uw IBAN door."}\n',
        "replies.md": "# Standard replies\n\n## Reply a\n\nGeef ons uw IBAN door.\n",
        "replies.yaml": "- title: a\n  text: Geef ons uw IBAN door.\n",
    }.items(),
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le"])
def test_a_byte_order_mark_before_another_is_none_of_the_text(
    name: str, text: str, codec: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    """A page was not recognised any more, and places in YAML were a character before where they should be."""
    before = ("\ufeff\ufeff" + text).encode(codec)
    (tmp_path / name).write_bytes(before)
    run = neverask("check", "--no-cache", "--format", "json", name, cwd=tmp_path)
    (finding,) = (one for one in json.loads(run.out)["findings"] if one["rule"] == "no-sensitive-requests")
    assert text.splitlines()[finding["line"] - 1][finding["column"] - 1 :].startswith("IBAN")
    neverask("check", "--no-cache", "--fix", name, cwd=tmp_path)
    after = (tmp_path / name).read_bytes().decode(codec)
    assert after.startswith("\ufeff\ufeff" + text[0]) and "Geef ons" not in after


def zipped(**flags: Any) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in flags.items():
            archive.writestr(name.replace("__", "/"), content)
    return data.getvalue()


def stored(**files: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.zip" if len(name) == 1 else f"{name}.json", content)
    return data.getvalue()


def link_in_zip() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        info = zipfile.ZipInfo("replies.json")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return data.getvalue()


def encrypted() -> bytes:
    data = bytearray(zipped(replies=GOOD))
    data[6] |= 1
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def tarred(kind: bytes, to: str) -> bytes:
    info = tarfile.TarInfo("a.json")
    info.type, info.linkname = kind, to
    return gzip.compress(info.tobuf() + bytes(1024))


def twice(form: str) -> bytes:
    """Two members of one name, of which the second asks."""
    data = io.BytesIO()
    if form == "zip":
        with zipfile.ZipFile(data, "w") as archive, pytest.warns(UserWarning):
            for content in (THANKS, GOOD):
                archive.writestr("replies.json", content)
    else:
        with tarfile.open(fileobj=data, mode="w:gz") as tar:
            for content in (THANKS, GOOD):
                info = tarfile.TarInfo("replies.json")
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    return data.getvalue()


def sparse(members: int, size: int) -> bytes:
    """A tar whose members say that they are large and hold nothing (GNU's old form)."""
    data = bytearray()
    for number in range(members):
        head = bytearray(tarfile.TarInfo(f"{number}.json").tobuf(tarfile.GNU_FORMAT))
        head[156:157] = b"S"
        for at, value in ((386, size), (398, 0), (483, size)):
            head[at : at + 12] = b"%011o\0" % value
        head[148:156] = b" " * 8
        head[148:156] = b"%06o\0 " % sum(head)
        data += head
    return bytes(data + bytes(1024))


def overlapping(members: int) -> bytes:
    """A zip whose members are all the same bytes."""
    data = zipped(a=b"\0" * (1 << 20))
    at = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    one = data[at:end]
    counts = members.to_bytes(2, "little") * 2 + (len(one) * members).to_bytes(4, "little")
    return data[:at] + one * members + data[end : end + 8] + counts + data[end + 16 :]


def tar_of(members: int) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        for number in range(members):
            info = tarfile.TarInfo(f"{number}.json")
            info.size = len(GOOD)
            tar.addfile(info, io.BytesIO(GOOD))
    return data.getvalue()


ARCHIVES: dict[str, Callable[[], bytes]] = {
    "ratio": lambda: zipped(a=b"\0" * (80 << 20)),
    "nesting": lambda: zipped(a=zipped(b=zipped(c=zipped(d=GOOD)))),
    "count": lambda: zipped(**{f"a{n}": b"" for n in range(20_100)}),
    "link": link_in_zip,
    "encrypted": encrypted,
    "two members of one name": lambda: twice("zip"),
    "two members of one name in a tar": lambda: twice("tar"),
    "cut": lambda: zipped(replies=GOOD * 100)[:-40],
    "cut behind an archive in it": lambda: stored(replies=GOOD, b=zipped(c=GOOD))[:-40],
    "cut behind an empty archive in it": lambda: stored(replies=GOOD, b=zipped())[:-40],
    "a member without a name": lambda: zipped(replies=GOOD).replace(b"replies", b"\0eplies"),
    "flipped": lambda: zipped(replies=GOOD * 100).replace(b"replies", b"repl\0es", 1),
    "gzip bomb": lambda: gzip.compress(b"\0" * (300 << 20), 1),
    "xz bomb": lambda: lzma.compress(b"\0" * (300 << 20), preset=0),
    "bzip2 bomb": lambda: bz2.compress(b"\0" * (100 << 20)),
    "bzip2 of very many parts": lambda: bz2.compress(b"") * 100_000,
    "gzip of very many parts": lambda: gzip.compress(b"") * 200_000,
    "sparse tar": lambda: gzip.compress(sparse(400, 60 << 20)),
    "overlapping": lambda: overlapping(2000),
    "many small archives": lambda: zipped(
        **{f"a{n}": zipped(**{f"b{m}": b"0" * 1_000_000 for m in range(20)}) for n in range(20)}
    ),
    "a tar that was cut off": lambda: tar_of(2)[: 2 * 512],
    "a tar that was cut off within a head": lambda: tar_of(2)[: 2 * 512 + 100],
    "a tar with a damaged head": lambda: tar_of(2).replace(b"1.json", b"!.json"),
    "a tar behind another": lambda: tar_of(1) + tar_of(1),
    "gzip in gzip": lambda: gzip.compress(gzip.compress(gzip.compress(gzip.compress(GOOD)))),
    "links in a tar": lambda: tarred(tarfile.SYMTYPE, "/etc/passwd"),
    "hard links in a tar": lambda: tarred(tarfile.LNKTYPE, "a.json"),
    "a device in a tar": lambda: tarred(tarfile.CHRTYPE, ""),
    "a pipe in a tar": lambda: tarred(tarfile.FIFOTYPE, ""),
    "gzip cut": lambda: gzip.compress(GOOD)[:-9],
    "not a spreadsheet": lambda: zipped(**{"xl__workbook.xml": b"<x", "[Content_Types].xml": b"<"}),
    "no sheet": lambda: zipped(**{"content.xml": b"", "mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_archives_that_are_traps(kind: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(ARCHIVES[kind]())
    started = time.monotonic()
    run = neverask("check", "--no-cache", "all.zip", cwd=tmp_path)
    assert run.status == 2 and "cannot read" in run.out and "mistake" not in run.out, run.out
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_a_tar_is_read_as_it_is_packed_by_itself_and_in_an_archive(
    form: int, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=form) as tar:
        info = tarfile.TarInfo("replies/nl.json")
        info.size = len(GOOD)
        tar.addfile(info, io.BytesIO(GOOD))
    (tmp_path / "a.tar").write_bytes(data.getvalue())
    (tmp_path / "b.zip").write_bytes(zipped(**{"a.tar": data.getvalue()}))
    run = neverask("check", "--no-cache", ".", cwd=tmp_path)
    assert run.status == 1 and "a.tar!replies/nl.json:1:" in run.out and "b.zip!a.tar!replies/nl.json:1:" in run.out


CONTENT = (
    '<?xml version="1.0"?><d xmlns:table="t" xmlns:text="x"><table:table table:name="S"><table:table-row>{}'
    "</table:table-row></table:table></d>"
)
MERGED = '</sheetData><mergeCells><mergeCell ref="{}"/></mergeCells>'
ENTITIES = '<!DOCTYPE l [<!ENTITY a0 "xxxxxxxxxx">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
)
# What is replaced in a sheet of a workbook, by what.
SHEETS = {
    "a merged area as large as a sheet": ("</sheetData>", MERGED.format("A1:XFD1048576")),
    "many merged areas": ("</sheetData>", MERGED.format('A1:Z99999"/><mergeCell ref="A1:Z99999')),
    "a merged area with zeros": ("</sheetData>", MERGED.format("a1:$xfd$" + "0" * 30 + "1048576")),
    "a merged area in another script": (
        "</sheetData>",
        MERGED.format("A1:XFD\u0661\u0660\u0664\u0668\u0665\u0667\u0666"),
    ),
    "a merged area behind a prefix and an entity": (
        "</sheetData>",
        '</sheetData><m:mergeCells xmlns:m="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<m:mergeCell ref="&#65;1:XFD1048576"/></m:mergeCells>',
    ),
    "a link over a whole sheet": (
        "</sheetData>",
        '</sheetData><hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>',
    ),
    "a cell that another one hides": ("</row></sheetData>", '<c r="b02"><v>1</v></c></row></sheetData>'),
    "the strict variant of the format": (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    ),
    "a row that no sheet has": ("A2", "A999999999"),
    "a column that no sheet has": ("B2", "ZZZ2"),
    "entities": ("<worksheet", ENTITIES + "]><worksheet"),
    "entities from outside": ("<worksheet", '<!DOCTYPE l [<!ENTITY a11 SYSTEM "file:///etc/hosts">]><worksheet'),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("kind", SHEETS)
def test_workbooks_that_are_traps(kind: str, encoding: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["title", "reply"])
    book.active.append(["a", ASK])
    data = io.BytesIO()
    book.save(data)
    with zipfile.ZipFile(data) as archive, zipfile.ZipFile(tmp_path / "replies.xlsx", "w") as changed:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "xl/worksheets/sheet1.xml":
                sheet = content.decode().replace(*SHEETS[kind])
                assert sheet != content.decode()
                sheet = sheet.replace("</worksheet>", "&a11;</worksheet>") if "DOCTYPE" in sheet else sheet
                content = (f'<?xml version="1.0" encoding="{encoding}"?>' + sheet).encode(encoding)
            changed.writestr(name, content)
    started = time.monotonic()
    run = neverask("check", "--no-cache", "replies.xlsx", cwd=tmp_path)
    assert run.status == 2 and "cannot read" in run.out and "mistake" not in run.out, run.out
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('<c r="A2" t="s"><v>99</v></c>', "refers to a text or a style that is not there"),
        ('<c r="A2" t="b"><v>yes</v></c>', "invalid literal for int() with base 10: 'yes'"),
    ],
)
def test_what_is_wrong_in_a_cell_is_told_and_not_what_is_probable(
    cell: str, said: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["text"])
    book.active.append([7])
    book.save(tmp_path / "sound.xlsx")
    with zipfile.ZipFile(tmp_path / "sound.xlsx") as sound, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as broken:
        for name in sound.namelist():
            broken.writestr(name, re.sub(rb'<c r="A2".*?</c>', cell.encode(), sound.read(name)))
    run = neverask("check", "a.xlsx", cwd=tmp_path)
    assert run.status == 2 and "a.xlsx: cannot read: not a readable Excel workbook: " in run.out and said in run.out


def test_a_sheet_that_the_file_lacks_is_told(neverask: Callable[..., Any], tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("Second")):
        sheet.append(["title", "reply"])
        sheet.append(["a", "Thanks for your message, we call you back."])
    data = io.BytesIO()
    book.save(data)
    (tmp_path / "replies.xlsx").write_bytes(data.getvalue())
    assert neverask("check", "--no-cache", "replies.xlsx", cwd=tmp_path).status == 0
    with zipfile.ZipFile(data) as archive, zipfile.ZipFile(tmp_path / "replies.xlsx", "w") as changed:
        for name in archive.namelist():
            if name != "xl/worksheets/sheet2.xml":
                changed.writestr(name, archive.read(name))
    run = neverask("check", "--no-cache", "replies.xlsx", cwd=tmp_path)
    assert run.status == 2 and "the sheet Second is named in it and not there" in run.out, run.out


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ("<table:table-cell><text:p>title</text:p></table:table-cell>"
         '<table:table-cell table:number-columns-repeated="1024">'
         f"<text:p>{ASK}{'x' * 200_000}</text:p></table:table-cell>", 2),
        (f'<table:table-cell><text:p>{ASK}<text:s text:c="abc"/>x</text:p></table:table-cell>', None),
        (f'<table:table-cell><text:p>{ASK}<text:s text:c="{"9" * 5000}"/>x</text:p></table:table-cell>', None),
        ("<table:table-cell>" + "<text:p>" * 5000 + "</text:p>" * 5000 + "</table:table-cell>", 2),
        (f'<table:table-cell table:number-columns-spanned="-1"><text:p>{ASK}</text:p></table:table-cell>', None),
    ],
    ids=["one text very often", "spaces that are no number", "very many spaces", "depth", "a negative span"],
)  # fmt: skip
def test_open_documents_that_are_traps(
    row: str, status: int | None, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    mark = b"application/vnd.oasis.opendocument.spreadsheet"
    (tmp_path / "replies.ods").write_bytes(zipped(**{"mimetype": mark, "content.xml": CONTENT.format(row).encode()}))
    run = neverask("check", "--no-cache", "replies.ods", cwd=tmp_path)
    assert run.status == status or (status is None and run.status in (1, 2)), run.out
    assert "mistake" not in run.out and run.out


SHEET = (
    '<table:table table:name="S"><table:table-row><table:table-cell><text:p>title</text:p></table:table-cell>'
    "<table:table-cell><text:p>answer</text:p></table:table-cell></table:table-row>{}</table:table>"
)
ROW = (
    "<table:table-row{}><table:table-cell><text:p>a</text:p></table:table-cell>"
    "<table:table-cell{}>{}</table:table-cell></table:table-row>"
)
HARMLESS = ROW.format("", "", "<text:p>Sorry, your parcel is late.</text:p>")


def open_document(*sheets: str) -> bytes:
    content = f'<?xml version="1.0"?><d xmlns:table="t" xmlns:text="x" xmlns:office="o">{"".join(sheets)}</d>'
    mark = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped(**{"mimetype": mark, "content.xml": content.encode()})


@pytest.mark.parametrize(
    ("sheets", "place"),
    [
        ([SHEET.format(ROW.format("", "", f"<text:p>{ASK}</text:p>")), SHEET.format(HARMLESS)], "S!B2"),
        ([SHEET.format(HARMLESS), SHEET.format(ROW.format("", "", f"<text:p>{ASK}</text:p>"))], "S (2)!B2"),
        ([SHEET.format(HARMLESS.replace("row>", 'row table:number-rows-repeated="5000">', 1)
                       + ROW.format("", "", f"<text:p>{ASK}</text:p>"))], "S!B5002"),
        ([SHEET.format(ROW.format(' table:number-rows-repeated="1000000"', "", f"<text:p>{ASK}</text:p>"))], "S!B2"),
        ([SHEET.format(HARMLESS + ROW.format("", f' office:string-value="{ASK}"', ""))], "S!B3"),
        ([SHEET.format(HARMLESS + ROW.format("", "", f"<text:list><text:h>{ASK}</text:h></text:list>"))], "S!B3"),
    ],
    ids=["a sheet that hides another", "a sheet that is hidden", "below a repeated row", "a repeated row",
         "a value without a paragraph", "a paragraph in a list"],
)  # fmt: skip
def test_every_text_of_an_open_document_is_seen_and_found_again(
    sheets: list[str], place: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "replies.ods").write_bytes(open_document(*sheets))
    run = neverask("check", "--no-cache", "replies.ods", cwd=tmp_path)
    assert run.status == 1 and f"replies.ods {place}: error" in run.out and run.out.count("error: ") == 1, run.out


def test_words_of_a_cell_that_are_struck_out_forbid_nothing(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """Nobody obeys them, nor what is asked in them; a cell with nothing else is read."""
    openpyxl = pytest.importorskip("openpyxl")
    rich, font = openpyxl.cell.rich_text, openpyxl.cell.text.InlineFont(strike=True)
    cells = [("Please ", "never ", "send us your IBAN."), ("Goodbye. ", "Send us your PIN.", ""), ("", ASK, "")]
    book = openpyxl.Workbook()
    book.active.append(["title", "reply"])
    rows = ""
    for number, (before, struck, after) in enumerate(cells):
        parts = [before, rich.TextBlock(font, struck), after]
        book.active.append([f"r{number}", rich.CellRichText(*filter(None, parts))])
        text = f'<text:p>{before}<text:span text:style-name="T1">{struck}</text:span>{after}</text:p>'
        rows += ROW.format("", "", text)
    book.save(tmp_path / "a.xlsx")
    style = '<style:style style:name="T1"><style:text-properties style:text-line-through-style="solid"/></style:style>'
    (tmp_path / "b.ods").write_bytes(open_document(style.replace("style:style ", 'style:style xmlns:style="s" ', 1),
                                                   SHEET.format(rows)))  # fmt: skip
    run = neverask("check", "--no-cache", cwd=tmp_path)
    places = re.findall(r"^(\S+ \S+): error", run.out, re.MULTILINE)
    assert places == ["a.xlsx Sheet!B2", "a.xlsx Sheet!B4", "b.ods S!B2", "b.ods S!B4"], run.out


def test_rows_that_are_written_once_for_very_many_take_no_time(tmp_path: Path) -> None:
    """A file of 2 kB took more than a minute."""
    row = HARMLESS.replace("row>", 'row table:number-rows-repeated="1024">', 1)
    (tmp_path / "replies.ods").write_bytes(open_document(SHEET.format(row * 1500)))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command("check", "--no-cache", "--jobs", "1", "replies.ods", cwd=tmp_path, limit=300)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 10


@pytest.mark.parametrize("kind", ["ods", "xlsx"])
def test_a_part_of_a_spreadsheet_that_another_hides_is_told(
    kind: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    if kind == "ods":
        data = open_document(SHEET.format(ROW.format("", "", f"<text:p>{ASK}</text:p>")))
        part, content = "content.xml", b"<d/>"
    else:
        openpyxl = pytest.importorskip("openpyxl")
        book, buffer = openpyxl.Workbook(), io.BytesIO()
        book.active.append(["title", "answer"])
        book.active.append(["a", ASK])
        book.save(buffer)
        data, part, content = buffer.getvalue(), "xl/worksheets/sheet1.xml", b"<worksheet/>"
    path = tmp_path / f"replies.{kind}"
    path.write_bytes(data)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(part, content)
    run = neverask("check", "--no-cache", path.name, cwd=tmp_path)
    assert run.status == 2 and f"{part} stands in it twice" in run.out, run.out


def test_formulas_and_links_of_a_workbook_are_texts_at_most(neverask: Callable[..., Any], tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (
        ["title", "reply"],
        ["a", '=HYPERLINK("http://127.0.0.1:9/x","Geef ons uw IBAN")'],
        ["b", '=WEBSERVICE("http://127.0.0.1:9/")'],
        ["c", "='[http://127.0.0.1:9/x.xlsx]S'!A1"],
        ["d", "=cmd|' /C touch OWNED'!A0"],
        ["e", ASK],
    ):
        book.active.append(row)
    book.save(tmp_path / "replies.xlsx")
    run = neverask("check", "--no-cache", "replies.xlsx", cwd=tmp_path)
    asks = [line for line in run.out.splitlines() if "bank account number" in line]
    assert run.status == 1 and len(asks) == 2 and "Sheet!B2" in asks[0] and "Sheet!B6" in asks[1]
    assert sorted(os.listdir(tmp_path)) == ["replies.xlsx"]


def test_a_formula_whose_value_is_not_stored_is_told(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """As a program writes it that does not calculate; such a cell was taken for an empty one."""
    openpyxl = pytest.importorskip("openpyxl")
    book, data = openpyxl.Workbook(), io.BytesIO()
    for row in (["title", "reply"], ["a", "Goedemorgen en welkom."], ["b", '="Geef ons uw "&"pincode."'], ["c", "=B2"]):
        book.active.append(row)
    for number in range(4, 7):
        book.active.append(["d", f"=A{number}"])
    for name in "efghi":
        book.active.append([name, "Bedankt voor uw bericht, tot ziens."])
    book.save(data)
    stored = {b"<f>A4</f><v />": b"<f>A4</f><v>9</v>", b'r="B6"><f>A5</f><v />': b'r="B6" t="str"><f>A5</f><v></v>'}
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(tmp_path / "replies.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            for before, after in stored.items():
                assert before in content or not name.endswith("sheet1.xml")
                content = content.replace(before, after)
            new.writestr(name, content)
    run = neverask("check", "--no-cache", "--strict", "replies.xlsx", cwd=tmp_path)
    assert run.status == 2
    assert re.findall(r"Sheet!(B\d): not checked: a formula makes this text", run.out) == ["B3", "B4", "B7"]
    row = ROW.format("", ' table:formula="of:=[.A1]&amp;&quot;Geef ons uw pincode.&quot;"', "")
    (tmp_path / "replies.ods").write_bytes(open_document(SHEET.format(row)))
    run = neverask("check", "--no-cache", "replies.ods", cwd=tmp_path)
    assert run.status == 1 and "for a PIN" in run.out and "not checked: a formula makes this text" in run.out


def test_what_is_wrong_with_the_styles_of_a_workbook_stands_in_no_report(
    neverask: Callable[..., Any], tmp_path: Path
) -> None:
    """openpyxl prints it, in front of the JSON."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    data = io.BytesIO()
    book.save(data)
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(tmp_path / "replies.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb'(<cellStyle [^>]*xfId=)"0"', rb'\1"7"', old.read(name)))
    run = neverask("check", "--no-cache", "--format", "json", "replies.xlsx", cwd=tmp_path)
    assert run.status == 2 and json.loads(run.out)["summary"]["unread"]


def test_things_that_are_no_files(neverask: Callable[..., Any], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.json")
    (tmp_path / "loop.json").symlink_to("loop.json")
    (tmp_path / "nowhere.json").symlink_to("not-there")
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    server = socket.socket(socket.AF_UNIX)
    server.bind(os.path.relpath(tmp_path / "socket.json"))
    with open(tmp_path / "huge.json", "wb") as file:
        file.truncate((1 << 30) + 1)
    with server:
        for name in ("fifo", "loop", "nowhere", "zero", "socket", "huge"):
            run = neverask("check", "--no-cache", f"{name}.json", cwd=tmp_path)
            assert run.status == 2 and "cannot read" in run.out, name
        assert neverask("check", "--no-cache", "--policy", "fifo.json", "loop.json", cwd=tmp_path).status == 2
        assert neverask("check", "--no-cache", ".", cwd=tmp_path).status == 2


@pytest.mark.slow
def test_a_gigabyte_of_nothing(tmp_path: Path) -> None:
    for ending in ("json", "yaml", "csv", "zip", "xml"):
        path = tmp_path / f"nothing.{ending}"
        with open(path, "wb") as file:
            file.truncate(1 << 30)
        run = command("check", "--no-cache", path.name, cwd=tmp_path)
        assert run.returncode == 2 and b"cannot read" in run.stdout + run.stderr
        path.unlink()


COMMENT = "neverask: allow x -- y"
LONG = {
    "exceptions and nothing else": (
        "replies.yaml", f"replies:\n  - text: {ASK}\n" + f"  # {COMMENT}\n" * 6_000),
    "an exception on each line": (
        "replies.yaml", "replies:\n" + f"  - text: {ASK} # {COMMENT}\n" * 3_000 + f"  - text: {ASK}\n"),
    "exceptions in a catalogue": (
        "replies.po", f'msgid "a"\nmsgstr "{ASK}"\n\n' + f"# {COMMENT}\n" * 6_000 + 'msgid "b"\nmsgstr "x"\n'),
    "comments behind an exception": (
        "all.xml", '<quicktext><menu title="M"><text title="t" keyword="k">' + ASK
        + "</text><!-- neverask: allow x : y -->" + "<!-- -->" * 60_000 + "</menu></quicktext>"),
    "an exception with a long reason": (
        "replies.yaml", f"replies:\n  # neverask: allow x -- y{' ' * 100_000}z\n  - text: {ASK}\n"),
    "blanks in quotes": (
        "replies.yaml", f'replies:\n  - text: "{ASK}\\u0020{" " * 100_000}x"\n'),
    "tabs in quotes": (
        "replies.yaml", f"replies:\n  - text: '{ASK}''{chr(9) * 100_000}x'\n"),
}  # fmt: skip


@pytest.mark.parametrize("kind", LONG)
def test_long_files_take_time_as_they_are_long(kind: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    name, text = LONG[kind]
    (tmp_path / name).write_text(text, encoding="utf-8")
    started = time.process_time()
    run = neverask("check", "--no-cache", name, cwd=tmp_path)
    assert run.status == 1 and ("bank account number" in run.out or name == "all.xml")
    assert time.process_time() - started < 12  # of which most goes into the reports on exceptions


def command(*arguments: str, cwd: Path, limit: int = 60, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "neverask", *arguments], cwd=cwd, timeout=limit, **{"capture_output": True, **options}
    )


# To root nothing is closed, unless it gives up what makes it more than the owner of its files.
HUMBLE = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []


@pytest.mark.skipif(bool(HUMBLE) and shutil.which(HUMBLE[0]) is None, reason="nothing is closed to root")
def test_no_permission(tmp_path: Path) -> None:
    closed, fixed, folder = tmp_path / "closed.json", tmp_path / "fixed", tmp_path / "folder"
    fixed.mkdir()
    folder.mkdir()
    for path in (closed, fixed / "replies.json", folder / "replies.json"):
        path.write_bytes(GOOD)
    closed.chmod(0)
    folder.chmod(0)
    fixed.chmod(0o555)
    try:
        for arguments, said in (
            (["check", "--no-cache", "closed.json"], b"Permission denied"),
            (["check", "--no-cache", "."], b"can't look into this folder"),
            (["check", "--no-cache", "-o", "fixed/report", "fixed"], b"can't write the file"),
            (["check", "--fix", "fixed"], b"it is as it was"),
            (["baseline", "-o", "fixed/known", "fixed"], b"can't write the file"),
            (["init", "fixed"], b"can't write the file"),
        ):
            run = subprocess.run(
                [*HUMBLE, sys.executable, "-m", "neverask", *arguments], cwd=tmp_path, timeout=60, capture_output=True
            )
            assert run.returncode == 2 and said in run.stdout + run.stderr, run
            assert b"Traceback" not in run.stderr
        assert (fixed / "replies.json").read_bytes() == GOOD and os.listdir(fixed) == ["replies.json"]
    finally:
        folder.chmod(0o755)
        fixed.chmod(0o755)


@pytest.mark.skipif(bool(HUMBLE) and shutil.which(HUMBLE[0]) is None, reason="nothing is closed to root")
def test_what_git_can_not_look_into_is_told(tmp_path: Path) -> None:
    """git goes on past it with a warning, and lists what is committed there."""
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("ignored/\n")
    folders = [tmp_path / name for name in ("committed", "new", "listed", "ignored/closed")]
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "replies.json").write_bytes(GOOD)
    subprocess.run(["git", "add", "committed"], cwd=tmp_path, check=True)
    (tmp_path / "replies.json").write_bytes(GOOD)
    for folder in folders:
        folder.chmod(0o444 if folder.name == "listed" else 0)
    try:
        whole = [*HUMBLE, sys.executable, "-m", "neverask", "check", "--no-cache", "."]
        run = subprocess.run(whole, cwd=tmp_path, timeout=60, capture_output=True, text=True)
    finally:
        for folder in folders:
            folder.chmod(0o755)
    told = sorted(line.partition(":")[0] for line in run.stdout.splitlines() if "cannot read" in line)
    assert told == ["committed", "committed/replies.json", "listed/replies.json", "new"], run.stdout
    assert run.returncode == 2 and "Checked 1 file" in run.stdout


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    (tmp_path / "replies.json").write_bytes(GOOD)
    whole = ["sh", "-c", f"rmdir ../gone; exec {sys.executable} -m neverask check {tmp_path}/replies.json"]
    run = subprocess.run(whole, cwd=tmp_path / "gone", timeout=60, capture_output=True)
    assert run.returncode == 2 and b"the current folder is not there any more" in run.stderr, run


def test_a_full_disk(tmp_path: Path) -> None:
    (tmp_path / "replies.json").write_bytes(GOOD)
    with open("/dev/full", "wb") as full:
        run = command("check", "replies.json", cwd=tmp_path, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert run.returncode == 2 and b"No space left" in run.stderr and b"Traceback" not in run.stderr
    run = command("check", "-o", "/dev/full", "replies.json", cwd=tmp_path)
    assert run.returncode == 2 and b"No space left" in run.stderr and b"Traceback" not in run.stderr
    for option in ("--help", "--version"):
        with open("/dev/full", "wb") as full:
            run = command(option, cwd=tmp_path, capture_output=False, stdout=full, stderr=subprocess.PIPE)
        assert run.returncode == 2 and b"No space left" in run.stderr and b"Traceback" not in run.stderr
    (tmp_path / "report").write_text("the old one")

    def small_files() -> None:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))

    run = command("check", "-o", "report", "replies.json", cwd=tmp_path, preexec_fn=small_files)
    assert run.returncode == 2 and b"can't write" in run.stderr and b"Traceback" not in run.stderr
    assert (tmp_path / "report").read_text() == "the old one"
    assert sorted(os.listdir(tmp_path)) == ["replies.json", "report"]


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_messages_that_can_not_be_written_lose_no_report(unbuffered: str, tmp_path: Path) -> None:
    (tmp_path / "replies.json").write_bytes(GOOD)
    (tmp_path / "torn.json").write_bytes(GOOD[:-5])
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    runs = [
        (("check", "replies.json"), 1),
        (("check", "replies.json"), 1),  # said again
        (("check", "torn.json"), 2),
        (("show", "replies.json"), 0),
        (("check", "--nonsense"), 2),
        (("chek",), 2),
    ]
    for arguments, status in runs:
        with open("/dev/full", "wb") as full:
            run = command(
                *arguments, cwd=tmp_path, capture_output=False, stdout=subprocess.PIPE, stderr=full, env=environment
            )
        said = command(*arguments, cwd=tmp_path)
        assert (run.returncode, run.stdout) == (status, said.stdout), arguments
        assert said.stderr or arguments[0] == "show"


@pytest.mark.parametrize("arguments", [("check", "replies.json"), ("man",), ("policy", "show"), ("inspect", "hallo")])
def test_a_closed_output(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "replies.json").write_bytes(GOOD)
    run = command(
        *arguments, cwd=tmp_path, capture_output=False, stderr=subprocess.PIPE, preexec_fn=lambda: os.close(1)
    )
    assert run.returncode == (arguments[0] == "check") and b"Traceback" not in run.stderr


@pytest.mark.parametrize("arguments", [("check", "replies.json"), ("inspect",), ("lsp",)])
def test_a_closed_input(arguments: tuple[str, ...], tmp_path: Path) -> None:
    if arguments == ("lsp",):
        pytest.importorskip("pygls")
    (tmp_path / "replies.json").write_bytes(GOOD)
    run = command(*arguments, cwd=tmp_path, preexec_fn=lambda: os.close(0))
    assert run.returncode == (arguments[0] == "check") and b"mistake" not in run.stderr, run.stderr


def test_a_report_to_a_device_leaves_the_device(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "replies.json").write_bytes(GOOD)
    (tmp_path / "link").symlink_to("report")
    assert neverask("check", "-o", os.devnull, "replies.json", cwd=tmp_path).status == 1
    assert not os.path.isfile(os.devnull)
    assert neverask("check", "-o", "link", "replies.json", cwd=tmp_path).status == 1
    assert (tmp_path / "link").is_symlink() and (tmp_path / "report").is_file()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "-o", "replies.json", "replies.json"),
        ("check", "-o", "./replies.json", "."),
        ("check", "--also", "html=replies.json", "."),
        ("check", "-o", "neverask.yaml", "."),
        ("check", "-o", "broken.json", "."),
        ("baseline", "-o", "replies.json", "."),
    ],
    ids=" ".join,
)
def test_a_report_does_not_take_the_place_of_what_was_read(
    arguments: tuple[str, ...], neverask: Callable[..., Any], tmp_path: Path
) -> None:
    """It did, and the replies were gone."""
    (tmp_path / ".git").mkdir()
    files = {"replies.json": GOOD, "neverask.yaml": b"neverask: 1\nextends: [whatsapp]\n", "broken.json": b'{"a": ['}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    assert neverask("check", "-o", "report.json", ".", cwd=tmp_path).status == 2  # one is broken
    run = neverask(*arguments, cwd=tmp_path)
    assert run.status == 2 and "is one of the files that are read" in run.err, run.err
    assert {name: (tmp_path / name).read_bytes() for name in files} == files
    assert neverask("check", "-o", "report.json", "replies.json", cwd=tmp_path).status == 1  # as often as one likes


def test_a_report_to_a_pipe(tmp_path: Path) -> None:
    """A pipe that nobody reads from was waited for, for ever."""
    (tmp_path / "replies.json").write_bytes(GOOD)
    os.mkfifo(tmp_path / "pipe")
    for arguments in (
        ("check", "-o", "pipe", "replies.json"),
        ("check", "--also", "json=pipe", "replies.json"),
        ("baseline", "-o", "pipe", "replies.json"),
    ):
        run = command(*arguments, cwd=tmp_path)
        assert run.returncode == 2 and b"can't write the file" in run.stderr and b"Traceback" not in run.stderr
    reader = subprocess.Popen(["cat", "pipe"], cwd=tmp_path, stdout=subprocess.PIPE)
    descriptor = os.open(tmp_path / "pipe", os.O_RDWR)  # until then cat may not have opened it
    run = command("check", "--format", "json", "-o", "pipe", "replies.json", cwd=tmp_path)
    os.close(descriptor)
    assert run.returncode == 1 and json.loads(reader.communicate(timeout=20)[0])["findings"]


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "neverask.yaml").write_text("neverask: 1\n")
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "/dev/null", "neverask.yaml", "nowhere"):
        run = command("init", name, cwd=tmp_path)
        assert run.returncode == 2 and b"Traceback" not in run.stderr


@pytest.mark.parametrize("content", ["pipe", "larger"])
def test_a_file_that_is_another_when_it_is_opened(
    content: str, neverask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at a file and its opening somebody else is quick."""
    path = tmp_path / "replies.json"
    path.write_bytes(GOOD)
    real = os.open

    def quick(name: Any, *rest: Any, **more: Any) -> int:
        if os.path.basename(os.fspath(name)) == "replies.json":
            path.unlink()
            if content == "pipe":
                os.mkfifo(path)
            else:
                path.write_bytes(GOOD + b" " * (2 << 20))
        return real(name, *rest, **more)

    monkeypatch.setattr(os, "open", quick)
    run = neverask("check", "--no-cache", "replies.json", cwd=tmp_path)
    assert ("not a regular file" if content == "pipe" else "bank account number") in run.out
    assert "mistake" not in run.out
    assert run.status == (2 if content == "pipe" else 1)


def test_a_file_that_grows_while_it_is_read(
    neverask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "replies.json"
    path.write_bytes(GOOD)
    real = os.fstat

    def slow(handle: int) -> os.stat_result:
        told = real(handle)
        if told.st_size == len(GOOD):
            path.write_bytes(GOOD + b" " * (2 << 20))
        return told

    monkeypatch.setattr(os, "fstat", slow)
    run = neverask("check", "--no-cache", "replies.json", cwd=tmp_path)
    assert "it grew while it was read" in run.out and "mistake" not in run.out
    assert run.status == 2


def test_files_of_the_kernel_end(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """They say that they hold nothing, and some never end."""
    for name in ("/proc/self/maps", "/proc/self/mem", "/proc/self/pagemap"):
        if os.path.exists(name):
            run = neverask("check", "--no-cache", name, cwd=tmp_path)
            assert run.status == 2 and "mistake" not in run.out


def test_a_file_that_changes_while_it_is_read(neverask: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "replies.json"
    path.write_bytes(GOOD)
    stop = threading.Event()

    def change() -> None:
        while not stop.is_set():
            for size in (5, 20, len(GOOD)):
                path.write_bytes(GOOD[:size])
            time.sleep(0.001)

    writer = threading.Thread(target=change)
    writer.start()
    try:
        for _ in range(15):
            run = neverask("check", "replies.json", cwd=tmp_path)
            assert run.status in (1, 2)
    finally:
        stop.set()
        writer.join()
    path.write_bytes(GOOD)
    assert neverask("check", "replies.json", cwd=tmp_path).status == 1  # the cache kept nothing of the halves
    assert json.loads(GOOD)


@pytest.mark.parametrize("depth", [1200, 2600])
def test_folders_in_folders(depth: int, tmp_path: Path) -> None:
    """So many that no function may call itself for each; from some depth on a path is too long for the system."""
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "replies.json").write_bytes(GOOD)
    script = (
        "import os, sys\nos.chdir('tree')\n"
        f"for _ in range({depth}):\n    os.mkdir('d')\n    os.chdir('d')\n"
        "open('replies.json', 'wb').write(sys.stdin.buffer.read())\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, input=GOOD, check=True)
    try:
        run = command("check", "--no-cache", "--format", "json", ".", cwd=tmp_path / "tree")
        assert run.returncode == (1 if depth < 2000 else 2) and b"Traceback" not in run.stderr
        assert json.loads(run.stdout)["summary"]["files"] == (2 if depth < 2000 else 1)
    finally:
        subprocess.run(["rm", "-rf", str(tmp_path / "tree")], check=True)  # what deletes it in Python calls itself too


TWICE = {
    "replies.yaml": "- id: a\n  text: What is your password?\n  text: Thank you for your message.\n",
    "replies.json": '[{"id": "a",\n  "text": "What is your password?", "text": "Thank you for your message."}]',
    "replies.jsonl": '{"id": "b", "text": "Hello, how are you?"}\n{"id": "a", "text": "Your PIN?", "text": "Hi, all."}',
}


@pytest.mark.parametrize("name", TWICE)
def test_a_text_that_another_of_its_name_hides_is_told(name: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / name).write_text(TWICE[name])
    run = neverask("check", "--no-cache", name, cwd=tmp_path)
    assert run.status == 2
    assert f"{name}:2:" in run.out
    assert "'text' stands twice here: only the last one counts" in run.out


@pytest.mark.parametrize(("kind", "jobs"), [("json", "1"), ("json", "2"), ("jsonl", "1")])
def test_it_is_told_of_a_long_file_too(kind: str, jobs: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    """What is read piece by piece: 2 MiB and more."""
    said = "Thank you for your message. " * 40
    entries = [f'{{"id": "{number}", "text": "{said}"}}' for number in range(2000)]
    entries[1500] = '{"id": "twice", "text": "What is your password?", "text": "Thank you for your message."}'
    text = "[\n" + ",\n".join(entries) + "\n]" if kind == "json" else "\n".join(entries)
    assert len(text) > 2 << 20
    (tmp_path / f"replies.{kind}").write_text(text)
    run = neverask("check", "--no-cache", "--jobs", jobs, "--policy", "whatsapp", f"replies.{kind}", cwd=tmp_path)
    line, column = (1502, 17) if kind == "json" else (1501, 17)
    assert run.status == 2
    assert f"replies.{kind}:{line}:{column}: cannot read: 'text' stands twice here" in run.out


def test_keys_that_stand_once_are_no_mistake(neverask: Callable[..., Any], tmp_path: Path) -> None:
    text = '[{"id": "a", "text": "Say \\":\\" and \\" :\\" to go on, please."}, {"id" : "b", "text" : "Hello, you."}]'
    (tmp_path / "replies.json").write_text(text)
    merged = "- &one\n  id: a\n  text: Hello, how are you?\n- <<: *one\n  text: Thank you for your message.\n"
    (tmp_path / "replies.yaml").write_text(merged)
    run = neverask("check", "--no-cache", "--warnings-ok", cwd=tmp_path)
    assert run.status == 0, run.out


def test_a_text_that_goes_on_under_the_next_heading_is_not_passed_over(
    neverask: Callable[..., Any], tmp_path: Path
) -> None:
    rows = "id;reply;note\n1;Hello there, please write us.;\n2;Send us; please your IBAN now.\n3;Bye now, all.; x\n"
    (tmp_path / "replies.csv").write_text(rows)
    run = neverask("check", "--no-cache", "-v", "--strict", "replies.csv", cwd=tmp_path)
    assert run.status == 2
    assert "replies.csv:3:11: not checked: a text of this row seems to go on in the next cell" in run.out


def test_a_sheet_or_an_entry_that_is_not_read_is_told(neverask: Callable[..., Any], tmp_path: Path) -> None:
    readers = Path(__file__).parent / "readers"
    shutil.copy(readers / "reply_table" / "sheets.xlsx", tmp_path)
    entries = (readers / "reply_list" / "misspelt.yaml").read_text(encoding="utf-8")
    asking = entries.replace("We call you back tomorrow.", "Please send us your PIN.")
    (tmp_path / "misspelt.yaml").write_text(asking, encoding="utf-8")
    run = neverask("check", "--no-cache", "-v", "--strict", cwd=tmp_path)
    assert run.status == 2
    assert "sheets.xlsx Drie!B2: not checked: the sheet 'Drie'" in run.out
    assert "misspelt.yaml:4:8: not checked: 'txt' is no known name for a text" in run.out
    assert "misspelt.yaml:5:" in run.out  # a bare text among the entries is read


@pytest.mark.parametrize("kind", ["docx", "odt", "rtf", "doc", "pages"])
def test_a_document_of_a_word_processor_is_one_file_with_advice(
    kind: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    inside = {
        "docx": zipped(**{"[Content_Types].xml": "<Types/>", "word__document.xml": "<w>Wat is uw IBAN?</w>"}),
        "odt": zipped_plainly(mimetype="application/vnd.oasis.opendocument.text", content="<o/>"),
        "rtf": rb"{\rtf1\ansi Wat is uw IBAN?\par}",
        "doc": streams("WordDocument"),
        "pages": zipped_plainly(**{"Index/Document.iwa": "x"}),
    }
    (tmp_path / f"antwoorden.{kind}").write_bytes(inside[kind])
    (tmp_path / "replies.json").write_bytes(GOOD)
    run = neverask("check", "--no-cache", "-v", cwd=tmp_path)
    assert run.status == 1
    assert "1 file not recognised" in run.out
    assert f"antwoorden.{kind}: not checked: this is a document of a word processor; save it as" in run.out
    (tmp_path / f"antwoorden.{kind}").rename(tmp_path / "b")
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.write(tmp_path / "b", f"antwoorden.{kind}")
    (tmp_path / "b").unlink()
    run = neverask("check", "--no-cache", "-v", cwd=tmp_path)
    assert run.status == 1
    assert f"c.zip!antwoorden.{kind}: not checked: this is a document of a word processor; save it as" in run.out


def test_a_text_under_the_name_of_a_spreadsheet_is_told(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "replies.xlsx").write_text(TABLE.format("2,Refund,none"))
    run = neverask("check", "--no-cache", cwd=tmp_path)
    assert run.status == 2
    assert "replies.xlsx: cannot read: this is named as a spreadsheet, but it is plain text" in run.out


def streams(*names: str) -> bytes:
    """What an old Office file looks like from outside: a folder of streams by their names."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"".join(f"{name}\0".encode("utf-16-le") for name in names)


IN_ONE_FILE = "this is a spreadsheet written as one XML file; save it as .xlsx, .ods or CSV"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        (
            "replies.xlsx",
            streams("EncryptionInfo", "EncryptedPackage"),
            "this is protected with a password: save it wi",
        ),
        ("replies.xls", streams("Workbook"), "an old binary Office file; save it as .xlsx, .ods or CSV"),
        ("replies.xls", streams(), "an old binary Office file; save it as .xlsx, .ods or CSV"),
        ("replies.csv", streams("__substg1.0_007D001F"), "this is not text but a binary file"),
        ("replies.numbers", "Index/Document.iwa", "this is a spreadsheet of Apple's Numbers; export it as Excel"),
        ("replies.xlsb", "xl/workbook.bin", "this is a binary Excel workbook; save it as .xlsx or CSV"),
        ("replies.ods", "content.xml", "this is named as a spreadsheet, but what makes one is not in it"),
        (
            "replies.fods",
            b'<?xml version="1.0"?><o office:mimetype="application/vnd.oasis.opendocument.spreadsheet"/>',
            IN_ONE_FILE,
        ),
        ("replies.xml", b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook/>', IN_ONE_FILE),
        (
            "replies.xml",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            IN_ONE_FILE,
        ),
    ],
)
def test_a_spreadsheet_that_can_not_be_read_is_an_error_with_advice(
    name: str, data: bytes | str, said: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(zipped_plainly(**{data: "x"}) if isinstance(data, str) else data)
    (tmp_path / "replies.json").write_bytes(GOOD)
    run = neverask("check", "--no-cache", cwd=tmp_path)
    assert run.status == 2 and f"{name}: cannot read: " in run.out and said in run.out


@pytest.mark.parametrize("name", ["Thumbs.db", "mail.msg"])
def test_what_windows_leaves_in_a_folder_refuses_nothing(
    name: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(streams("256_0123456789abcdef", "__substg1.0_007D001F"))
    (tmp_path / "replies.json").write_bytes(GOOD)
    run = neverask("check", "--no-cache", cwd=tmp_path)
    assert run.status == 1 and "1 file not recognised" in run.out


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("~$replies.xlsx", b"\x05Jan J" + b" " * 49 + b"\x05\0J\0a\0n\0" + b" \0" * 50, "an office program keeps this"),
        ("._replies.csv", b"\0\x05\x16\x07\0\2\0\0Mac OS X        " + bytes(60), "a Mac keeps this beside a file"),
    ],
)
def test_what_programs_keep_beside_a_file_refuses_nothing(
    name: str, data: bytes, said: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "replies.json").write_bytes(GOOD)
    run = neverask("check", "--no-cache", "-v", cwd=tmp_path)
    assert run.status == 1 and f"{name}: not checked: {said}" in run.out


def zipped_plainly(**members: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


RASA = 'version: "3.1"\nresponses:\n  utter_a:\n  - text: Please send us your IBAN.\n'
LIST = "- id: x\n  text: Please send us your password.\n"
ITEMS = "replies:\n- id: x\n  text: Please send us your password.\n"


@pytest.mark.parametrize(
    ("text", "line"), [(RASA + "---\n" + LIST, 7), (LIST + "---\n" + RASA, 2), (RASA + "---\n" + ITEMS, 8)]
)
def test_a_document_of_another_kind_in_a_stream_is_told(
    text: str, line: int, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "domain.yml").write_text(text, encoding="utf-8")
    run = neverask("check", "--no-cache", "--verbose", "domain.yml", cwd=tmp_path)
    assert "[no-sensitive-requests]" in run.out
    assert f"domain.yml:{line}:" in run.out and "this document is of another kind than what was read" in run.out


@pytest.mark.parametrize(("text", "line", "number"), [(LIST + "---\n" + RASA, 2, 1), (RASA + "---\n" + LIST, 7, 2)])
def test_a_document_that_no_reader_knows_is_told_and_counted_as_a_file_is(
    text: str, line: int, number: int, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "domain.yml").write_text(text.replace("IBAN", "order number"), encoding="utf-8")
    run = neverask("check", "--no-cache", "domain.yml", cwd=tmp_path)
    assert f"domain.yml:{line}:" in run.out and f"document {number} of 2 is not recognised" in run.out
    assert "; 1 document not recognised" in run.out and "place" not in run.out
    strict = neverask("check", "--no-cache", "--strict", "--lang", "nl", "domain.yml", cwd=tmp_path)
    assert strict.status == 2 and "--strict: 1 document niet herkend" in strict.err
    assert f"document {number} van 2 is niet herkend: dit document" in strict.out


def test_documents_of_one_kind_in_a_stream_are_all_read(neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text(RASA + "---\n" + RASA.replace("utter_a", "utter_b"), encoding="utf-8")
    run = neverask("check", "--no-cache", "--verbose", "domain.yml", cwd=tmp_path)
    assert run.out.count("[no-sensitive-requests]") == 2 and "of another kind" not in run.out


def test_a_very_long_word_in_the_code_of_a_workflow_takes_no_time(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """It was looked through from each of its letters: a minute."""
    workflow = json.loads((Path(__file__).parent / "readers" / "n8n" / "shop.json").read_text(encoding="utf-8"))
    (code,) = [node for node in workflow["nodes"] if "jsCode" in node["parameters"]]
    code["parameters"]["jsCode"] = "x" * 1_000_000
    (tmp_path / "shop.json").write_text(json.dumps(workflow), encoding="utf-8")
    start = time.process_time()
    assert neverask("show", "shop.json", cwd=tmp_path).status == 0
    assert time.process_time() - start < 15


def test_a_page_of_many_sections_takes_no_time(neverask: Callable[..., Any], tmp_path: Path) -> None:
    """The end of the page's opening was looked for anew at each section of code: it grew by its square."""
    said = "Your parcel {0} will come tomorrow, please wait for it.", "const a{0} = foo({0}) + bar;"
    sections = "".join(f"## T{number}\n\n{said[number % 3 > 0].format(number)}\n\n" for number in range(16_000))
    (tmp_path / "replies.md").write_text("# Standard replies\n\n" + sections, encoding="utf-8")
    start = time.process_time()
    assert "no reader recognises" in neverask("show", "replies.md", cwd=tmp_path).err
    assert time.process_time() - start < 8


ODD_PARTS = {
    "a file that is only null": ("botpress/shop", "bot.config.json", None, "null"),
    "a jump that names no action": ("copilot_studio/agent", "topics/Order.mcs.yml", "actionId", "other"),
}


@pytest.mark.parametrize("name", ODD_PARTS)
def test_what_a_file_leaves_out_is_no_mistake_of_ours(name: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    export, file, old, new = ODD_PARTS[name]
    shutil.copytree(Path(__file__).parent / "readers" / export, tmp_path / "bot")
    path = tmp_path / "bot" / file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new) if old else new, encoding="utf-8")
    run = neverask("check", "--no-cache", "-v", cwd=tmp_path)
    assert "a mistake here" not in run.out + run.err
    assert old is None or "no step is called" in run.out


def test_what_is_left_out_stands_where_it_should_be() -> None:
    (document,) = open_source("a.json", b'{"a": {"b": 1}}')
    assert document.span(("a", "c", 0)) == document.span(("a",)) and document.span(("x",)) == (0, 15)


READERS = Path(__file__).parent / "readers"
INSIDE: dict[str, tuple[str, tuple[str | int, ...]]] = {
    "amazon-connect": ("amazon_connect/called/second.json", ("ContactFlow", "Content")),
    "blip": ("blip/flow.json", ("flow", "s2", "$contentActions", 3, "action", "settings", "rawContent")),
    "lex": ("lex_v1/lamps.json", ("resource", "intents", 0, "slots", 1, "valueElicitationPrompt", "responseCard")),
    "node-red": ("node_red/telegram.json", (12, "payload")),
    "rapidpro": ("rapidpro/glific.json", ("flows", 0, "definition", "nodes", 0, "actions", 0, "text")),
    "twilio-studio": ("twilio_studio/care.json", ("states", 8, "properties", "body")),
    "typebot": ("typebot/visit.json", ("groups", 1, "blocks", 4, "options", "webhook", "body")),
    "whatsapp-flows": ("whatsapp_flows/api.json", ("data", 0, "flow_json")),
    "whatsapp-payloads": ("whatsapp_payloads/postman.json", ("item", 1, "request", "body", "raw")),
    "whatsapp-templates": ("whatsapp_templates/flow_button.json", (0, "components", 1, "buttons", 0, "flow_json")),
}
"""JSON in a string of a document that customers read, by reader: the file, and the way to it."""
MUST_BE_JSON = ("amazon-connect", "whatsapp-flows", "whatsapp-templates")
MAY_BE_A_TEMPLATE = ("twilio-studio", "typebot", "whatsapp-payloads")
"""A program may make JSON of these, so it is no mistake that they are none."""


def with_inside(name: str, change: Callable[[str], str], folder: Path) -> None:
    file, path = INSIDE[name]
    document = value = json.loads((READERS / file).read_text(encoding="utf-8"))
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = change(value[path[-1]].strip())
    (folder / "bot.json").write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.parametrize("name", INSIDE)
def test_json_in_a_string_that_is_nested_too_deeply_is_told(
    name: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    deep = "[" * 250 + "]" * 250
    with_inside(
        name, lambda text: f'{{"deep": {deep}, {text[1:]}' if text[0] == "{" else f"[{deep}, {text[1:]}", tmp_path
    )
    run = neverask("check", "--no-cache", "bot.json", cwd=tmp_path)
    assert run.status == 2
    assert re.search(r"bot\.json:1:\d+: cannot read: nested more than 200 levels deep", run.out)


@pytest.mark.parametrize("name", MUST_BE_JSON + MAY_BE_A_TEMPLATE)
def test_a_string_that_should_be_json_is_told(name: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    with_inside(name, lambda text: text[:-1], tmp_path)
    run = neverask("check", "--no-cache", "--strict", "-v", "bot.json", cwd=tmp_path)
    said = "cannot read" if name in MUST_BE_JSON else "not checked"
    assert run.status == 2
    assert re.search(rf"bot\.json:1:\d+: {said}: this string is not valid JSON", run.out)


@pytest.mark.parametrize("name", INSIDE)
def test_a_key_that_stands_twice_in_json_in_a_string_is_told(
    name: str, neverask: Callable[..., Any], tmp_path: Path
) -> None:
    twice = '"odd": "Please send us your PIN.", "odd": ""'
    with_inside(
        name, lambda text: f"{{{twice}, {text[1:]}" if text[0] == "{" else f"[{{{twice}}}, {text[1:]}", tmp_path
    )
    run = neverask("check", "--no-cache", "bot.json", cwd=tmp_path)
    assert run.status == 2
    assert re.search(r"bot\.json:1:\d+: cannot read: 'odd' stands twice here: only the last one counts", run.out)


def test_a_key_that_stands_twice_in_json_in_a_cell_is_told(neverask: Callable[..., Any], tmp_path: Path) -> None:
    actions = (
        '[{"field": "comment_value", "value": "Please send us your PIN.", "value": "Thanks a lot for your mail."}]'
    )
    quoted = actions.replace('"', '""')
    (tmp_path / "macros.csv").write_text(f'title,actions\nHello,"{quoted}"\n', encoding="utf-8")
    run = neverask("check", "--no-cache", "macros.csv", cwd=tmp_path)
    assert run.status == 2
    assert re.search(r"macros\.csv:2:\d+: cannot read: 'value' stands twice here", run.out), run.out


def nested(levels: int, inner: Any, wrap: Callable[[Any], Any]) -> Any:
    for _ in range(levels):
        inner = wrap(inner)
    return inner


def _paragraph(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "content": [{"type": "text", "text": text}]}


ENTRIES = [
    {"id": "a", "title": "One", "text": "Dank u voor uw bericht, tot ziens."},
    {"id": "b", "title": "Two", "text": ASK},
]
DEEP_DOWN = {
    "lists in a rich text": {
        "replies": [
            {
                "id": "a",
                "title": "Lists",
                "text": {
                    "type": "doc",
                    "content": [
                        nested(
                            9,
                            _paragraph(ASK),
                            lambda inner: {"type": "bulletList", "content": [{"type": "listItem", "content": [inner]}]},
                        )
                    ],
                },
            }
        ]
    },
    "folders of requests": {
        "item": [nested(30, {"messaging_product": "whatsapp", "text": {"body": ASK}}, lambda inner: {"item": [inner]})]
    },
}


@pytest.mark.parametrize("name", DEEP_DOWN)
def test_a_text_far_down_is_read(name: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "replies.json").write_text(json.dumps(DEEP_DOWN[name]), encoding="utf-8")
    assert neverask("check", "--no-cache", "--policy", "whatsapp", cwd=tmp_path).status == 1


def test_replies_that_are_nested_too_deeply_to_be_known_are_told(neverask: Callable[..., Any], tmp_path: Path) -> None:
    more = nested(7, ENTRIES, lambda inner: {"replies": inner})
    (tmp_path / "replies.json").write_text(json.dumps({"replies": ENTRIES[:1], "messages": more}), encoding="utf-8")
    run = neverask("check", "--no-cache", "--strict", "-v", cwd=tmp_path)
    assert run.status == 2
    assert "not checked: nested more than 5 levels deep, so this is not read as replies" in run.out


BROKEN_PARTS = {
    "a block of a skill": (
        "rasa_bot/skills",
        "bot/skills/card_help/skill.md",
        "id: begin",
        "id: [begin",
        "cannot read: not valid YAML",
    ),
    "an action that says a text": (
        "botpress/shop",
        "bot/flows/main.flow.json",
        'say #builtin_text {\\"',
        'say #builtin_text {,\\"',
        "cannot read: this string is not valid JSON",
    ),
    "what stands above a page": (
        "",
        "replies.md",
        "",
        "---\nsubject: Re: your order\n---\n# Standard replies\n\n## One\n\nDank u voor uw bericht, tot ziens.\n",
        "not checked: what stands above the page is not valid YAML",
    ),
}


@pytest.mark.parametrize("name", BROKEN_PARTS)
def test_a_broken_part_of_a_file_is_told(name: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    folder, file, old, new, said = BROKEN_PARTS[name]
    if folder:
        shutil.copytree(READERS / folder, tmp_path / "bot")
    path = tmp_path / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new) if old else new, encoding="utf-8")
    run = neverask("check", "--no-cache", "--strict", "-v", cwd=tmp_path)
    assert run.status == 2
    assert re.search(rf"{path.name}:\d+:\d+: {said}", run.out), run.out


ENC = "ENC[AES256_GCM,data:CwE4O1s=,iv:2k=,tag:o==,type:str]"
ENCRYPTED = {
    "git-crypt.yaml": b"\0GITCRYPT\0" + bytes(range(200)),
    "age.yaml": b"age-encryption.org/v1\n-> X25519 abc\n--- abc\n\x01\xff",
    "armoured.yaml": b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVu\n-----END AGE ENCRYPTED FILE-----\n",
    "pgp.csv": b"-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n",
    "vault.yaml": b"$ANSIBLE_VAULT;1.1;AES256\n62343333\n",
    "transcrypt.yaml": b"U2FsdGVkX18qJkdEJtbX\n",
    "sops.json": f'{{"replies": [{{"id": "a", "text": "{ENC}"}}], "sops": {{"version": "3"}}}}'.encode(),
    "eyaml.yaml": b"- id: a\n  text: ENC[PKCS7,MIIBeQYJKoZIhvcNAQcDoIIBajCC]\n",
    "one text.yaml": f"- {{id: a, text: '{ENC}'}}\n- {{id: b, text: 'Thank you, dear customer.'}}\n".encode(),
    "in it.yaml": b"- {id: b, text: Thank you.}\n- id: a\n  text: !vault |\n    $ANSIBLE_VAULT;1.1;AES256\n    62\n",
}


@pytest.mark.parametrize("name", ENCRYPTED)
def test_what_is_encrypted_is_told(name: str, neverask: Callable[..., Any], tmp_path: Path) -> None:
    """A text passed as one in English, a file as one of many that no reader knows."""
    (tmp_path / "replies.yaml").write_text("- {id: b, text: 'Thank you, dear customer.'}\n")
    (tmp_path / name).write_bytes(ENCRYPTED[name])
    result = neverask("check", ".", cwd=tmp_path)
    assert "is encrypted, so" in result.out and name in result.out
    assert neverask("check", ".", "--strict", cwd=tmp_path).status == 2
