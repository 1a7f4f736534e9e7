"""What an editor sends, line by line and message by message, as the library that serves it takes it.

The library knows ``Content-Length`` in these letters and with "\\r\\n" behind it alone, and waits for ever for anything
else. Headers are the same in any case, and some clients end lines as Unix does.
"""

from __future__ import annotations

import logging
import re
from typing import BinaryIO

_LENGTH = re.compile(rb"[ \t]*content-length[ \t]*:[ \t]*(\d{1,20})[ \t]*\r?\n", re.IGNORECASE)
_HEADER = re.compile(rb"[A-Za-z-]{1,40}[ \t]*:")
_MOST = 1 << 30  # bytes of a message; nothing that an editor shows is as long
_log = logging.getLogger("pygls.framing")


class Framed:
    """Standard input, with headers as the library knows them; one that can't be is told, and the input ends."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._has_length = False
        self._in_headers = False

    def readline(self) -> bytes:
        line = self._stream.readline(_MOST)
        found = _LENGTH.fullmatch(line)
        if found is not None:
            if int(found[1]) > _MOST:
                _log.error("a message of %s bytes is too long: nothing more is read", found[1].decode())
                return b""
            self._has_length = True
            return b"Content-Length: " + found[1] + b"\r\n"
        if line.strip():
            self._in_headers = self._in_headers or _HEADER.match(line) is not None
        elif self._in_headers and not self._has_length:
            _log.error("a message does not say its length ('Content-Length'), so it can't be read")
            self._in_headers = False
        return line

    def read(self, size: int) -> bytes:
        self._has_length = self._in_headers = False
        return self._stream.read(size)
