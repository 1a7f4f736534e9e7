"""Which files a run is about, and which policy file stands above each."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import NamedTuple

from . import cache
from .messages import many
from .surroundings import POLICY, called, is_inside, tree
from .trees import current
from .walking import NOT_CHECKED, is_empty

FILE_NAME = POLICY
"""What an organisation's own policy is called."""

MISNAMED = ("neverask.yml", "Neverask.yaml", "Neverask.yml", ".neverask.yaml", ".neverask.yml")
"""What it is called by mistake."""

BASELINE = ".neverask-baseline.json"
"""What the findings are kept in that were there when a team began."""

CHECKOUTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
"""The variables in which GitHub and GitLab say where a job's repository lies."""


_ITS_OWN = "a repository of its own (a submodule or a clone); name the folder to check it"
_SPARSE = "a sparse checkout leaves out {}: 'git sparse-checkout disable' brings them back"
_NOT_FETCHED = "a submodule that is not here: 'git submodule update --init' fetches it"


class Missing(NamedTuple):
    """What is not there or may not be looked into. ``error``: it should have been read."""

    path: str
    reason: str
    error: bool


class Walked(NamedTuple):
    """The files of a run, sorted, each once; what is missing; where those lead that are links."""

    files: list[str]
    missing: list[Missing]
    links: dict[str, str]


def walk(paths: Iterable[str]) -> Walked:
    """The files at and below the paths as git sees them (ignored ones left out)."""
    found: list[str] = []
    walked = Walked([], [], {})
    closed: list[tuple[str, str]] = []
    paths = list(paths)
    for path in paths:
        if current().isdir(path):
            found += _within(path, current().below(path, closed), walked)
            if count := current().left_out(path):
                walked.missing.append(
                    Missing(os.path.join(os.path.normpath(path), ""), _SPARSE.format(many(count, "file")), False)
                )
        elif current().exists(path):
            found.append(path)
            if os.path.islink(path):
                walked.links[path] = os.path.realpath(path)
        else:
            walked.missing.append(Missing(path, "there is no such file or folder", True))
    named = set(map(os.path.normpath, paths))
    walked.missing[:] = [missing for missing in walked.missing if missing.error or missing.path not in named]
    walked.missing.extend(
        Missing(os.path.normpath(folder), f"can't look into this folder: {why}", True) for folder, why in closed
    )
    names = dict.fromkeys(map(called, found))
    if any(os.path.isabs(path) for path in paths):  # a file may have several names
        names = dict.fromkeys({os.path.abspath(name): name for name in reversed(names)}.values())
    walked.files.extend(sorted(names))
    return walked


def _within(path: str, names: list[tuple[str, bool]], walked: Walked) -> list[str]:
    """The files without links that lead out of the tree: what stands there is nobody's to read who wrote the tree.

    Nor are they without being asked for that stand in another repository inside it, or in neverask's own cache.
    """
    root = ""
    found: list[str] = []
    for name, is_link in names:
        if cache.is_entry(os.path.basename(name)) and _is_cache(os.path.dirname(name)):
            continue
        if name.endswith(os.sep):
            reason = _NOT_FETCHED if is_empty(name) else _ITS_OWN
            walked.missing.append(Missing(os.path.normpath(name), reason, False))
            continue
        if is_link:
            root = root or tree(path, (os.path.realpath(path),))
            walked.links[name] = os.path.realpath(name)
            is_folder = os.path.isdir(name) or current().isdir(name)
            if is_folder and (is_inside(name, root) or os.path.basename(name) in NOT_CHECKED):
                continue  # what stands there is read in its own place
            if os.path.exists(name) and not is_inside(name, root):
                what = "folder" if is_folder else "file"
                reason = f"a link that leads out of this tree, to {walked.links[name]}; name the {what} to check it"
                walked.missing.append(Missing(os.path.normpath(name), reason, False))
                continue
        found.append(name)
    return found


def _is_cache(folder: str) -> bool:
    """Whether this is the folder of the cache: servers of CI keep only what stands in the folder that is checked."""
    own = cache.folder()
    return own is not None and os.path.realpath(own) in cache.folders_of(os.path.realpath(folder))


def folder_of(path: str) -> str:
    """The absolute folder of a file."""
    return os.path.dirname(os.path.abspath(path))


def misnaming(path: str) -> str:
    """What is told of a file that may be meant as a policy."""
    return f"{os.path.relpath(path)} is not read as a policy: call it {FILE_NAME}"


def misnamed(folders: Iterable[str]) -> str:
    """A file in these folders, or above them up to the repository's root, that may be meant as a policy; "" if none."""
    seen: set[str] = set()
    for folder in folders:
        at = folder
        while at not in seen:
            seen.add(at)
            for name in MISNAMED:
                if current().isfile(os.path.join(at, name)):
                    return os.path.join(at, name)
            above = os.path.dirname(at)
            if current().exists(os.path.join(at, ".git")) or above == at:
                break
            at = above
    return ""


class Nearest:
    """Finds the policy file that holds in a folder: the nearest upwards to the repository's root.

    ``by_folder`` is what was found.
    """

    def __init__(self) -> None:
        self.by_folder: dict[str, str | None] = {}

    def above(self, folder: str) -> str | None:
        """The policy file for an absolute folder; None if there is none."""
        passed: list[str] = []
        at = folder
        while at not in self.by_folder:
            passed.append(at)
            here = os.path.join(at, FILE_NAME)
            above = os.path.dirname(at)
            # What is there and is no file (a pipe, a link that leads nowhere) is not passed over: it can't be read.
            if current().isfile(here) or (current().exists(here) and not current().isdir(here)):
                self.by_folder[at] = here
            elif current().exists(os.path.join(at, ".git")) or above == at:
                self.by_folder[at] = None
            else:
                at = above
        self.by_folder.update(dict.fromkeys(passed, self.by_folder[at]))
        return self.by_folder[folder]
