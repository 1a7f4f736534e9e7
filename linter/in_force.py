"""Which policy is in force for a file: the nearest one upwards, or one that was chosen."""

from __future__ import annotations

import os
from contextlib import suppress

from .files import FILE_NAME, Nearest, folder_of
from .policy.errors import PolicyError, closest
from .policy.model import Policy
from .source import SourceError
from .surroundings import is_inside, top
from .trees import current

DEFAULT_POLICY = "whatsapp"


class Policies:
    """Finds the policy of a file.

    The nearest neverask.yaml upwards to the repository's root, else a bundled one.
    """

    def __init__(self, chosen: str | None = None) -> None:
        self._chosen = self._named(chosen) if chosen else None
        self._nearest = Nearest()
        self._loaded: dict[str, Policy] = {}

    @staticmethod
    def _named(name: str) -> Policy:
        from .policy.stored import bundled, load

        if not current().isfile(name):
            try:
                return bundled(name)
            except KeyError:
                from . import resources

                within = os.path.join(name, FILE_NAME)
                if current().isfile(within):
                    raise SourceError(name, f"this is a folder: name the policy in it, {within}") from None
                hint = closest(name, resources.policies())
                raise SourceError(name, f"there is no such policy, neither a file nor a bundled one. {hint}") from None
        return load(name)

    def above(self) -> dict[str, str | None]:
        """The policy file that was found above each folder that was looked into."""
        return dict(self._nearest.by_folder)

    def of(self, path: str) -> Policy:
        """The policy for a file. Raises PolicyError or SourceError."""
        if self._chosen is not None:
            return self._chosen
        found = self._nearest.above(folder_of(path))
        key = found or DEFAULT_POLICY
        if key not in self._loaded:
            from .policy.stored import bundled, load

            self._loaded[key] = load(_of_repository(found)) if found else bundled(DEFAULT_POLICY)
        return self._loaded[key]

    def over(self, of: Policy) -> str | None:
        """The policy file above the folder of another one, which that does not extend; None where there is none.

        Where both extend the same file of the organisation's it is clear that they are meant to stand side by side.
        """
        if self._chosen is not None or not of.own_files:
            return None
        folder = folder_of(of.name)
        if current().exists(os.path.join(folder, ".git")):
            return None
        found = self._nearest.above(os.path.dirname(folder))
        if found is None:
            return None
        own = {current().real(source.path) for source in of.own_files}
        above = {current().real(found)}
        with suppress(PolicyError, SourceError):  # its mistakes are told where it holds
            above |= {current().real(source.path) for source in self.of(found).own_files}
        return found if own.isdisjoint(above) else None


def _of_repository(found: str) -> str:
    """The path of a policy that was found, as it is told. Raises SourceError for a link that leads out of the
    repository: what stands there is nobody's to read who wrote the tree, and the mistakes of a policy show its lines.
    """
    path = os.path.relpath(found)
    root = top(os.path.dirname(found))
    if root and not is_inside(found, os.path.realpath(root)):
        leads = f"a link that leads out of the repository, to {current().real(found)}"
        raise SourceError(path, f"{leads}; name it with --policy to use it")
    return path
