"""``--diff``, ``--staged`` and ``--as-of``: what a change added, what will be committed, or what was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..messages import many
from ..reporters.grouping import grouped
from ..revisions import Ends, Options, added, as_of, ends, staged
from .earlier import tree_of
from .telling import fail, tell

if TYPE_CHECKING:
    from ..report import Report
    from .asked import Asked
    from .progress import Progress


def of_change(asked: Asked, progress: Progress) -> Report:
    """The report on what a change added, on files as they stood, else on what is staged."""
    options = Options(asked.policy, asked.day, progress, asked.jobs or 0, not asked.no_cache, asked.fix)
    if asked.as_of is not None:
        commit, tree = tree_of(asked.as_of)
        return as_of(tree, f"{asked.as_of} ({commit})", asked.where, options)
    if asked.base is None:
        return staged(asked.paths, options)
    found = ends(asked.base, asked.paths, asked.staged)
    if asked.fix and found.head:
        fail("--fix mends the files as they stand: compare them, with --diff BASE alone")
    if found.absent:
        tell(f"not compared, left out of this sparse checkout: {many(found.absent, 'file')} of {found.base}")
    return _added(found, options)


def _added(found: Ends, options: Options) -> Report:
    report, gone, note = added(found, options)
    if note:
        tell(note)
    said = f"{many(len(grouped(report.findings)), 'finding')} new since {found.base}"
    tell(said + (f", {many(gone, 'finding')} of it gone" if gone else ""))
    return report
