"""Bytes to text: byte order marks, UTF-8, UTF-16 without a mark, the Windows code page of older Excels."""

from __future__ import annotations

import codecs
import re

from ..source import Source, SourceError
from ..trees import POINTS_TO_LFS
from .encrypted import FILE, is_binary

BINARY = "this is not text but a binary file"
LFS = "Git LFS pointer; its content is not here: 'git lfs pull' fetches it"
NUL = "a NUL stands here, a character that belongs in no text: take it out"
_OF_TEXT = 100  # characters to each NUL of what is still a text
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
)

_PACKED = (
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x28\xb5\x2f\xfd", "zst"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"MSCF\0\0\0\0", "cab"),
    (b"\x1f\x9d", "Z"),
)
_BINARY = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\xd0\xcf\x11\xe0", "an old binary Office file; save it as .xlsx, .ods or CSV"),
    (b"\x7fELF", "a program"),
    *(
        (magic, f"an archive of a kind that is not read ({kind}); unpack it, or pack it as .zip")
        for magic, kind in _PACKED
    ),
)
_LONGEST_POINTER = 1024  # bytes, as Git LFS itself holds
_NOTHING = bytes(1 << 20)
"""More NULs than what is left at the end of a file when a machine stops while it is written."""


def decode(path: str, data: bytes) -> tuple[str, str]:
    """The text of a file, without its byte order marks, and the name of the encoding that was found.

    Raises SourceError for binary files.
    """
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return _strict(path, data[len(marks(data)) :], codec), name
    for magic, what in _BINARY:
        if data.startswith(magic):
            raise SourceError(path, f"this is not text but {what}")
    if is_pointer(data):
        raise SourceError(path, LFS)
    if is_binary(data):
        raise SourceError(path, FILE)
    wide = _wide(data) if b"\0" in data else None
    if wide:
        return _strict(path, data, wide), "utf-16"
    if data.startswith(b"\0") or data.endswith(_NOTHING):  # told before a gigabyte of them is taken for a text
        raise SourceError(path, BINARY)
    if data[:1] == b"\n" and b"projects/" in data[:64] and b"/agents/" in data[:512] and b"\0" in data:
        raise SourceError(
            path,
            "this is a Dialogflow CX agent in its binary form; export it as a JSON package instead (in the console: "
            "the agent's menu, Export, file format JSON package)",
        )
    try:
        text, name = data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, name = _eight_bit(data)
    inner = text.rstrip("\0")
    if "\0" in inner:
        if name == "utf-8" and inner.count("\0") * _OF_TEXT <= len(inner) + _OF_TEXT:
            raise SourceError(path, NUL, Source(path, text).position(inner.index("\0")))
        raise SourceError(path, BINARY)
    return text, name


def marks(data: bytes) -> bytes:
    """The byte order mark that a file begins with, and those behind it: some programs put one before another."""
    for mark, _, _ in _MARKS:
        if data.startswith(mark):
            end = len(mark)
            while data.startswith(mark, end):
                end += len(mark)
            return data[:end]
    return b""


def is_pointer(data: bytes) -> bool:
    """Whether Git LFS keeps the content of a file elsewhere, and this only says which it is."""
    return data.startswith(POINTS_TO_LFS) and len(data) < _LONGEST_POINTER


def is_plain(data: bytes) -> bool:
    """Whether a file's first bytes don't say that it is anything but text in UTF-8."""
    wide = (mark for mark, codec, _ in _MARKS if codec != "utf-8")
    return not is_pointer(data) and not data.startswith((*wide, *(magic for magic, _ in _BINARY)))


def _strict(path: str, data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise SourceError(path, f"the file says it is {codec} but byte {error.start} is not") from None


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: in text of any Western script every other byte is nearly always NUL."""
    sample = data[:4096]
    if len(data) % 2 or len(sample) < 2:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.6 and even <= half * 0.05:
        return "utf-16-le"
    if even > half * 0.6 and odd <= half * 0.05:
        return "utf-16-be"
    return None


def _eight_bit(data: bytes) -> tuple[str, str]:
    """UTF-8 with a few broken bytes stays UTF-8, and these are of what was pasted in from a file in the Windows code
    page; what is not UTF-8 at all is that code page as a whole.
    """
    lenient = data.decode("utf-8", "replace")
    broken = lenient.count("�")
    if len(data) - len(lenient) > 8 * broken:
        codecs.register_error(_PASTED, _pasted)
        return data.decode("utf-8", _PASTED), "utf-8 with errors"
    if _is_of_a_mac(data):
        return data.decode("mac_roman"), "mac_roman"
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1"


def _is_of_a_mac(data: bytes) -> bool:
    """Whether a text is in the code page of Excel for the Mac ("CSV (Macintosh)"): its accents are signs and capitals
    in that of Windows, which stand between small letters in no text, or its lines end in CR alone.
    """
    if b"\r" in data and b"\n" not in data:
        return True
    return sum(1 for _ in _MAC.finditer(data)) > sum(1 for _ in _WINDOWS.finditer(data))


_MAC = re.compile(rb"(?<=[a-z])[\x87-\x8a\x8d-\x90\x9f](?=[a-z])")
_WINDOWS = re.compile(rb"(?<=[a-z])[\xdf-\xff](?=[a-z])")
_PASTED = "neverask-pasted"


def _pasted(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8, by the Windows code page; those that it has not stay marks of their loss."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end
