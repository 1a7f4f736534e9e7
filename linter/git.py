"""Git asked by its plumbing: nothing is written, no hook, filter or textconv runs, and nothing is fetched."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from .source import SourceError

if TYPE_CHECKING:
    import subprocess

_COMMAND = ("git", "-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit", "--no-replace-objects")
"""How git is asked. A folder that merely looks like a repository is content: what it has git ignore is not heard."""
_NOTHING_BUT_READING = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # older gits fetch what is missing, by a command that the repository names
    "GIT_TERMINAL_PROMPT": "0",
}
OF_ANOTHER = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")
"""What a hook of one repository is told would hold for any other, too: which files a folder has is its own to say."""
_PATIENCE = 60
"""Seconds for one answer of git: a .gitignore or an object that is a pipe, or a pattern of very many stars, has it wait
for ever."""
_NO_ANSWER = "git did not answer within {} seconds"
_UNCLEAR = "git answers in a way that can't be understood"
_OBJECT = rb"[0-9a-f]{40,64}"
_COMMIT = re.compile(_OBJECT + rb"\n?")
IN_REVISION = re.compile(rb"(\d{6}) \w+ (" + _OBJECT + rb")\t(.+)", re.DOTALL)
"""An entry of a revision's tree: mode, name of the content, path."""
IN_INDEX = re.compile(rb"(\d{6}) (" + _OBJECT + rb") ([0-3])\t(.+)", re.DOTALL)
"""An entry of the index: mode, name of the content, stage, path."""
_SIZE = re.compile(rb"(" + _OBJECT + rb") (\d{1,18})")
_HEAD = re.compile(rb"(" + _OBJECT + rb") blob (\d{1,18})\n")


def environment(without: Iterable[str] = ()) -> dict[str, str]:
    """The variables that git runs with, those aside that are not for the git of this repository."""
    kept = {name: value for name, value in os.environ.items() if name not in without}
    return {**kept, **_NOTHING_BUT_READING}


def ask(arguments: Iterable[str], given: bytes = b"", env: dict[str, str] | None = None) -> bytes:
    """What git answers. Raises SourceError."""
    return run(arguments, given, env).stdout


def run(
    arguments: Iterable[str], given: bytes = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Git when it has ended. Raises SourceError where it fails."""
    import subprocess

    whole = [*_COMMAND, *arguments]
    try:
        return subprocess.run(
            whole, input=given, capture_output=True, check=True, env=env or environment(), timeout=_PATIENCE
        )
    except FileNotFoundError:
        raise SourceError(".", "there is no git here") from None
    except subprocess.TimeoutExpired:
        raise SourceError(".", _NO_ANSWER.format(_PATIENCE)) from None
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", None) or str(error).encode()
        raise SourceError(".", "git: " + said.decode("utf-8", "replace").strip().partition("\n")[0]) from None


def parsed(listing: bytes, form: re.Pattern[bytes]) -> list[tuple[bytes, ...]]:
    """The parts of the entries that git lists. Raises SourceError for any other: a file would be passed over."""
    *entries, rest = listing.split(b"\0")
    found = [parts.groups() for parts in map(form.fullmatch, entries) if parts is not None]
    if rest or len(found) < len(entries):
        raise SourceError(".", _UNCLEAR)
    return found


def path_told(told: bytes) -> str:
    """The path that git tells. Raises SourceError."""
    if b"\0" in told:
        raise SourceError(".", _UNCLEAR)
    return os.fsdecode(told).rstrip("\n")


def commit_told(told: bytes) -> str:
    """The commit that git tells. Raises SourceError."""
    if _COMMIT.fullmatch(told) is None:
        raise SourceError(".", _UNCLEAR)
    return told.strip().decode()


def sizes(top: str, names: Iterable[str]) -> dict[str, int]:
    """How large the objects of these names are, those that are not here left out."""
    asked = "".join(f"{name}\n" for name in names).encode()
    told = ask(["-C", top, "cat-file", "--batch-check=%(objectname) %(objectsize)"], asked)
    known = filter(None, map(_SIZE.fullmatch, told.splitlines()))
    return {found[1].decode(): int(found[2]) for found in known}


class Objects:
    """The objects of the repository at ``top``, from one ``git cat-file`` a process: a fork must not share its pipes.

    ``without`` are variables that are not for the git of this repository.
    """

    def __init__(self, top: str, without: Sequence[str] = ()) -> None:
        self._top = top
        self._without = without
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def content(self, name: str, path: str, most: int) -> bytes:
        """The bytes of an object, ``most`` at most; ``path`` is that of its file. Raises SourceError."""
        process = self._asked()
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(f"{name}\n".encode())
            process.stdin.flush()
            if not _answers(process.stdout):
                process.kill()
                self.close()
                raise SourceError(path, _NO_ANSWER.format(_PATIENCE))
            head = _HEAD.fullmatch(process.stdout.readline())
        except OSError:
            head = None
        if head is None or head[1] != name.encode():
            self.close()
            raise SourceError(path, "git does not have the content of this file here (a partial clone?)")
        size = int(head[2])
        if size > most:
            self.close()
            raise SourceError(path, f"this file is larger than {most >> 20} MiB")
        data = process.stdout.read(size + 1)
        if len(data) <= size:
            self.close()
            raise SourceError(path, _UNCLEAR)
        return data[:size]

    def _asked(self) -> subprocess.Popen[bytes]:
        import subprocess

        if self._process is None or self._owner != os.getpid():
            self._owner = os.getpid()
            self._process = subprocess.Popen(
                [*_COMMAND, "-C", self._top, "cat-file", "--batch"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(self._without),
            )
        return self._process

    def close(self) -> None:
        """End the git that reads."""
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):  # what it did not take any more
                        pipe.close()
            process.wait()


def _answers(pipe: IO[bytes]) -> bool:
    """Whether git begins to say something in time; nothing of what it said before is left in the pipe."""
    import select

    if not hasattr(select, "poll"):  # there nothing but sockets can be waited for
        return True
    waiting = select.poll()
    waiting.register(pipe, select.POLLIN)
    return bool(waiting.poll(_PATIENCE * 1000))
