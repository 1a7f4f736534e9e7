"""GitLab Code Quality (the JSON subset of Code Climate's): a finding a degradation, shown beside a merge request."""

from __future__ import annotations

import json
import os
import re
from hashlib import blake2b
from typing import Any

from ..finding import Finding
from ..outcome import Unread
from .checkout import from_top
from .grouping import grouped
from .leading import inside, placed
from .summary import Summary
from .text import visible

NAME = "gitlab"
_BYTE = re.compile("[\udc80-\udcff]")
_SEVERITY = {"error": "major", "warning": "minor"}


def render(findings: list[Finding], summary: Summary) -> str:
    """A list; the fingerprint of what stands several times in a reply counts up, since GitLab shows each only once."""
    seen: dict[tuple[str, str], int] = {}
    out = [_broken(unread) for unread in summary.unread if unread.error]
    for finding in grouped(findings):
        path = _path(from_top(finding.source.file))
        known = (_path(finding.folder or finding.source.file), finding.local_fingerprint)
        number = seen[known] = seen.get(known, 0) + 1
        start = finding.source.position(finding.span.start)
        end = finding.source.position(max(finding.span.start, finding.span.end - 1))
        lines = {"begin": 1} if inside(finding.source, start) else {"begin": start.line, "end": end.line}
        out.append(
            {
                "description": visible(finding.in_full(". ", *placed(finding))),
                "check_name": finding.rule,
                "fingerprint": _digest(*known, str(number)),
                "severity": _SEVERITY.get(finding.level, "info"),
                "location": {"path": path, "lines": lines},
            }
        )
    return json.dumps(out, ensure_ascii=True, indent=2) + "\n"


def _broken(unread: Unread) -> dict[str, Any]:
    path = unread.file or unread.path
    said = ": ".join(filter(None, ("cannot read", unread.inside, unread.reason)))
    return {
        "description": visible(said),
        "check_name": "neverask",
        "fingerprint": _digest(_path(path), ": ".join(filter(None, (unread.inside, unread.reason)))),
        "severity": "blocker",
        "location": {"path": _path(from_top(path)), "lines": {"begin": 1 if unread.inside else max(1, unread.line)}},
    }


def _digest(*parts: str) -> str:
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _path(path: str) -> str:
    """Relative to the repository and without './', as GitLab wants it; in an archive, the archive's.

    A byte that is no UTF-8 is made visible: no parser of JSON has to take it.
    """
    return _BYTE.sub(lambda byte: visible(byte[0]), os.path.normpath(path).replace(os.sep, "/"))
