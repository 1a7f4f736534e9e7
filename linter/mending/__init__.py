"""``check --fix``: findings mended in their files, nothing else touched.

Each edit is proved by reading the file again: every other value is what it was, the text is the expected one, and the
rule finds nothing in it any more. What can't be proved is not written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from ..finding import Finding
from ..policy.model import Policy
from ..replacing import replace
from ..source import SourceError
from ..surroundings import read_bytes
from .files import Archive, TextFile, Workbook
from .result import Change, Result

__all__ = ["Change", "Result", "mend", "write"]


def mend(
    findings: Sequence[Finding],
    policies: dict[str, Policy],
    roots: Sequence[str],
    read: Callable[[str], bytes] = read_bytes,
) -> Result:
    """Work out the changes that mend findings; nothing is written. ``policies`` are the policies by file.

    ``read`` gives a file's bytes: an editor's text may be newer than the file.
    """
    result = Result()
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.mend is None:
            result.left.append((finding, "no wording can mend this: it needs a decision"))
        elif finding.mend.message is None:
            result.left.append((finding, finding.mend.reason))
        else:
            by_file.setdefault(finding.source.file, []).append(finding)
    for path, of in by_file.items():
        kind = Archive if of[0].source.members else Workbook if of[0].source.cells else TextFile
        try:
            kind(path, read(path), policies[of[0].source.path], roots, result).mend(of)
        except SourceError as error:
            result.left += [(finding, error.reason) for finding in of]
    result.changes = [change for change in result.changes if change.before != change.after]
    return result


def write(change: Change) -> None:
    """Write a change in one step. Raises OSError, and then the file is as it was, and SourceError where it changed."""
    target = os.path.realpath(change.path)
    if read_bytes(target) != change.before:
        raise SourceError(change.path, "the file has changed meanwhile; run it again")
    replace(target, change.after)
