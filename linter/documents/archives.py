"""Archives, read in memory and within limits. Nothing is ever written to disk."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from ..expressions import expression
from ..source import SourceError

MAX_MEMBER = 64 << 20
MAX_TOTAL = 512 << 20
MAX_MEMBERS = 20_000
MAX_RATIO = 200
MAX_NESTING = 2
_SMALL = 1 << 20
_PIECE = 1 << 16
# Members that never hold text for customers; an export carries its pictures along.
_MEDIA = expression(
    r"\.(?:png|jpe?g|gif|webp|ico|svgz?|bmp|mp[34]|m4a|ogg|oga|wav|webm|avi|mov|pdf|woff2?|ttf|eot|"
    r"exe|dll|so|class|jar|pyc|wasm|bin|onnx|model|pb|pkl|gitkeep|DS_Store)$",
    re.IGNORECASE,
)
_CUT_OFF = "it ends too early, as one does that was cut off when it was copied or downloaded: get it again"
_BROKEN_OFF = "behind its last member stands what is none, so there may be more in it: pack it again"
_NO_UNPACKER = "the Python that runs here can't unpack this kind of archive: unpack it, or pack it as .zip"
_NO_END = "File is not a zip file"  # what Python says of one that begins as a zip file
_DIRECTORY_END = b"PK\x05\x06"
_BZIP2 = (b"1AY&SY", b"\x17rE8P\x90")  # a block, or the end of what is empty
_XZ_MEMORY = 160 << 20  # bytes: 'xz -9' needs 65 MiB to be unpacked, and a head may ask for gigabytes
_OF_STREAM = expression(r"\.(?:gz|bz2|xz)$", re.IGNORECASE)
_OF_TAR = expression(r"\.(?:tgz|tbz2?|txz|tar\.(?:gz|bz2|xz))$", re.IGNORECASE)
_TAR = (b"ustar\0", b"ustar ")  # of POSIX, and as GNU writes it
_FAR = 0xFFFFFFFF  # the place of a directory that is told elsewhere, in very large archives
_SYSTEM = expression(r"(?:^|/)(?:__MACOSX|\.git)/|(?:^|/)\._")


class Budget:
    """What may still be unpacked from one outermost archive, which is ``size`` bytes large.

    A small one may hold many that are packed well, each within its own limits.
    """

    def __init__(self, path: str, size: int = 0) -> None:
        self._path = path
        self._most = self._bytes = min(MAX_TOTAL, max(MAX_MEMBER, MAX_RATIO * size))
        self._members = MAX_MEMBERS

    def member(self) -> None:
        """Count a member; raises SourceError when there are too many."""
        self._members -= 1
        if self._members < 0:
            raise SourceError(self._path, f"the archive has more than {MAX_MEMBERS:,} members")

    def spend(self, size: int) -> None:
        """Count unpacked bytes; raises SourceError when the archive is too large."""
        self._bytes -= size
        if self._bytes < 0:
            raise SourceError(self._path, f"the archive holds more than {self._most >> 20} MiB")


def is_archive(data: bytes) -> str:
    """What kind of archive the first bytes say: "zip", "gzip", "bzip2", "xz", "tar" or ""."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if data.startswith(b"\x1f\x8b"):
        return "gzip"
    if data.startswith(b"BZh") and data[4:10] in _BZIP2:
        return "bzip2"
    if data.startswith(b"\xfd7zXZ\0"):
        return "xz"
    return "tar" if data[257:263] in _TAR else ""


def spreadsheet_kind(data: bytes) -> str:
    """Which spreadsheet a zip file is: "xlsx", "ods" or "" (also for a damaged one)."""
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                return "xlsx"
            if "content.xml" in names and "mimetype" in names:
                kind = _read_zip_member(archive, archive.getinfo("mimetype"), "mimetype", Budget(""))
                return "ods" if b"spreadsheet" in kind else ""
    except SourceError:
        return ""
    except broken():
        return ""
    return ""


def broken() -> tuple[type[Exception], ...]:
    """What the unpackers raise for damaged data."""
    import tarfile
    import zipfile
    import zlib

    damaged = (zipfile.BadZipFile, tarfile.TarError, zlib.error)
    return (*damaged, *_of_xz(), OSError, EOFError, NotImplementedError, ValueError, RuntimeError, KeyError)


def _of_xz() -> tuple[type[Exception], ...]:
    try:
        import lzma
    except ImportError:  # a Python that was built without it
        return ()
    return (lzma.LZMAError,)


def check_zip(path: str, data: bytes) -> None:
    """Raise SourceError for a zip file that unpacks to more than the limits, or holds two members of one name."""
    import zipfile

    budget = Budget(path, len(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_whole(path, archive, data)
            names: set[str] = set()
            for info in archive.infolist():
                budget.member()
                _check_size(path, info)
                budget.spend(info.file_size)
                if info.filename in names:
                    raise SourceError(path, f"{info.filename} stands in it twice")
                names.add(info.filename)
    except broken() as error:
        raise SourceError(path, f"a damaged file: {error}") from None


def _check_whole(path: str, archive: Any, data: bytes) -> None:
    """Refuse what says itself that it is too much, before any of it is unpacked: members may share their bytes.

    Refuse also the last archive within one that was cut off: its directory counts from where it begins itself, and
    the other members would be passed over in silence.
    """
    end = data.rfind(_DIRECTORY_END)
    said = int.from_bytes(data[end + 16 : end + 20], "little")
    if said not in (archive.start_dir, _FAR):
        raise SourceError(path, f"a damaged archive: {_CUT_OFF}")
    total = sum(info.file_size for info in archive.infolist())
    if total > MAX_MEMBER and total > MAX_RATIO * len(data):
        raise SourceError(path, f"the archive is packed more than {MAX_RATIO} to 1")


def _check_size(path: str, info: Any) -> None:
    if info.file_size > MAX_MEMBER:
        raise SourceError(path, f"{info.filename} is larger than {MAX_MEMBER >> 20} MiB")
    if info.file_size > _SMALL and info.file_size > MAX_RATIO * max(1, info.compress_size):
        raise SourceError(path, f"{info.filename} is packed more than {MAX_RATIO} to 1")


def _unsafe(name: str) -> str:
    """Why a member's name is refused; "" when it is not."""
    name = name.replace("\\", "/")
    if not name:
        return "a member of the archive has no name"
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return "a member of the archive has an absolute path"
    return "a member has a path that leads out of the archive" if ".." in name.split("/") else ""


Member = tuple[str, bytes]
Refusal = Callable[[str, str], None]


def members(path: str, data: bytes, budget: Budget, refuse: Refusal) -> Iterator[Member]:
    """Names and contents of an archive's text members; ``refuse`` hears about those that are left out.

    Raises SourceError when the archive as a whole is damaged or too large.
    """
    reader = _READERS[is_archive(data)]
    names: set[str] = set()
    try:
        for name, content in reader(path, data, budget, refuse):
            if name in names:  # programs don't agree which of the two counts
                refuse(name, "another member of the archive has this name")
            else:
                names.add(name)
                yield name, content
    except ImportError:
        raise SourceError(path, _NO_UNPACKER) from None
    except broken() as error:
        said = _CUT_OFF if str(error) == _NO_END else str(error)
        raise SourceError(path, f"a damaged archive: {said}") from None


def _wanted(name: str, refuse: Refusal) -> bool:
    reason = _unsafe(name)
    if reason:
        refuse(name, reason)
        return False
    return not _MEDIA.search(name) and not _SYSTEM.search(name)


def _zip_members(path: str, data: bytes, budget: Budget, refuse: Refusal) -> Iterator[Member]:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        _check_whole(path, archive, data)
        for info in archive.infolist():
            budget.member()
            name = info.filename
            if name.endswith("/") or not _wanted(name, refuse):
                continue
            if info.flag_bits & 1:
                refuse(name, "a member of the archive is encrypted")
            elif (info.external_attr >> 16) & 0o170000 == 0o120000:
                refuse(name, "a member of the archive is a link")
            else:
                _check_size(path, info)
                yield name, _read_zip_member(archive, info, path, budget)


def _read_zip_member(archive: Any, info: Any, path: str, budget: Budget) -> bytes:
    """A member's content; its header may lie about the size, so never more than the limit is unpacked."""
    with archive.open(info) as stream:
        content: bytes = stream.read(min(info.file_size, MAX_MEMBER) + 1)
    if len(content) > info.file_size:
        raise SourceError(path, f"{info.filename} is larger than the archive says")
    budget.spend(len(content))
    return content


def _streams(path: str, data: bytes, budget: Budget, engine_of: Callable[[], Any]) -> bytes:
    """The content of a file that is packed as a stream, or as several behind one another, within the limits."""
    most = min(MAX_TOTAL, max(_SMALL, MAX_RATIO * len(data)))
    unpacked: list[bytes] = []
    size = at = 0
    while at < len(data):
        budget.member()
        engine = engine_of()
        while not engine.eof:
            # In pieces: what is left over is copied, and there may be very many parts.
            piece = data[at : at + _PIECE]
            if not piece:
                raise SourceError(path, f"a damaged archive: {_CUT_OFF}")
            part = engine.decompress(piece, most + 1 - size)
            size += len(part)
            if size > most:
                raise SourceError(path, f"it unpacks to more than {most >> 20} MiB")
            unpacked.append(part)
            at += len(piece) - len(engine.unused_data)
        while data[at : at + 1] == b"\0":
            at += 1
    budget.spend(size)
    return b"".join(unpacked)


def _gzip_engine() -> Any:
    import zlib

    return zlib.decompressobj(31)


def _bzip2_engine() -> Any:
    import bz2

    return bz2.BZ2Decompressor()


def _xz_engine() -> Any:
    import lzma

    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)


def _stream_members(
    engine_of: Callable[[], Any], path: str, data: bytes, budget: Budget, refuse: Refusal
) -> Iterator[Member]:
    """The one file in a stream, or the members of the tar in it."""
    content = _streams(path, data, budget, engine_of)
    if is_archive(content) == "tar" or _OF_TAR.search(path):
        yield from _unpacked(content, budget, refuse)
        return
    name = path.replace("\\", "/").rsplit("/", 1)[-1]
    yield _OF_STREAM.sub("", name), content


def _tar_members(path: str, data: bytes, budget: Budget, refuse: Refusal) -> Iterator[Member]:
    budget.spend(len(data))
    return _unpacked(data, budget, refuse)


def _unpacked(content: bytes, budget: Budget, refuse: Refusal) -> Iterator[Member]:
    """The members of a tar."""
    import tarfile

    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for info in archive:
            budget.member()
            if info.isdir() or not _wanted(info.name, refuse):
                continue
            if info.issparse():
                refuse(info.name, "a member of the archive is a sparse file, which says nothing of its size")
                continue
            stream = archive.extractfile(info) if info.isreg() else None
            if stream is None:
                refuse(info.name, "a member of the archive is a link or a device")
            elif info.size > MAX_MEMBER:
                refuse(info.name, f"a member of the archive is larger than {MAX_MEMBER >> 20} MiB")
            else:
                yield info.name, stream.read()
        _check_end(content, archive.offset)


def _check_end(content: bytes, end: int) -> None:
    """Refuse a tar that ends otherwise than with a block of noughts: what reads one takes a damaged head for its end.

    Raises ValueError, which says that the archive is damaged.
    """
    if len(content) <= end:
        raise ValueError(_CUT_OFF)
    if content.count(b"\0", end) < len(content) - end:
        raise ValueError(_BROKEN_OFF)


_READERS: dict[str, Callable[[str, bytes, Budget, Refusal], Iterator[Member]]] = {
    "zip": _zip_members,
    "gzip": partial(_stream_members, _gzip_engine),
    "bzip2": partial(_stream_members, _bzip2_engine),
    "xz": partial(_stream_members, _xz_engine),
    "tar": _tar_members,
}
