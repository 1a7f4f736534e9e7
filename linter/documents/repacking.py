"""One member of a zip archive written anew; every other member keeps its bytes as they are compressed.

Facts: APPNOTE.TXT of PKWARE (4.3 and 4.4).
"""

from __future__ import annotations

import copy
import io
import struct
import zipfile
import zlib

from ..source import SourceError

_CENTRAL = struct.Struct("<4s4B4HL2L5H2L")
_WIDE = 0xFFFFFFFF  # stands where the real number is in a ZIP64 field
_DESCRIPTOR = 0x08  # the flag of sizes that stand behind the data


def with_member(path: str, data: bytes, name: str, content: bytes) -> bytes:
    """The archive with one member replaced. Raises SourceError where that can't be done without touching more."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
        begin = archive.start_dir
    if any(_WIDE in (info.file_size, info.compress_size, info.header_offset) for info in infos):
        raise SourceError(path, "it is a ZIP64 archive, which is not written")
    body = bytearray(data[: infos[0].header_offset])
    moved: dict[int, tuple[int, zipfile.ZipInfo]] = {}
    for number, info in enumerate(infos):
        end = infos[number + 1].header_offset if number + 1 < len(infos) else begin
        now = info
        piece = data[info.header_offset : end]
        if info.filename == name:
            now, piece = _packed(info, content)
        moved[info.header_offset] = (len(body), now)
        body += piece
    directory = _directory(data, begin, moved)
    tail = bytearray(data[data.rindex(b"PK\5\6") :])
    struct.pack_into("<LL", tail, 12, len(directory), len(body))
    return bytes(body + directory + tail)


def _packed(info: zipfile.ZipInfo, content: bytes) -> tuple[zipfile.ZipInfo, bytes]:
    now = copy.copy(info)
    packed = content
    if info.compress_type == zipfile.ZIP_DEFLATED:
        squeeze = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -15)
        packed = squeeze.compress(content) + squeeze.flush()
    else:
        now.compress_type = zipfile.ZIP_STORED
    now.flag_bits &= ~_DESCRIPTOR
    now.CRC, now.file_size, now.compress_size = zlib.crc32(content), len(content), len(packed)
    return now, now.FileHeader(zip64=False) + packed


def _directory(data: bytes, begin: int, moved: dict[int, tuple[int, zipfile.ZipInfo]]) -> bytearray:
    """The central directory with the new places and sizes."""
    directory = bytearray()
    at = begin
    while data[at : at + 4] == b"PK\1\2":
        fields = list(_CENTRAL.unpack_from(data, at))
        length = _CENTRAL.size + fields[12] + fields[13] + fields[14]
        where, info = moved[fields[18]]
        fields[5], fields[6] = info.flag_bits, info.compress_type
        fields[9], fields[10], fields[11], fields[18] = info.CRC, info.compress_size, info.file_size, where
        directory += _CENTRAL.pack(*fields) + data[at + _CENTRAL.size : at + length]
        at += length
    return directory
