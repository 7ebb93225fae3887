"""What an explicit list knows beyond its entries: which platforms it is for, and who wrote it."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from msgspec import Struct

from envcheck.model.locks import Freshness, Manager, Selection, State, Target
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Requirement


class ExplicitLock(Struct, frozen=True):
    """A list of package files; ``platforms`` is empty when all of them are for any (``noarch``)."""

    path: str
    entries: Sequence[Requirement] = ()
    platforms: tuple[str, ...] = ()
    by_conda_lock: bool = False

    @property
    def manager(self) -> Manager:
        """conda, which installs it; conda-lock where its header says that it wrote it."""
        name = posixpath.basename(self.path)
        shown = name if name.replace("-", "").replace(".", "").replace("_", "").isalnum() else f'"{name}"'
        follow = f"conda create --name YOURENV --file {shown}"
        if self.by_conda_lock and len(self.platforms) == 1:
            follow = f"conda-lock install --name YOURENV {shown}"
            return Manager("conda-lock", follow, f"conda-lock render --kind explicit --platform {self.platforms[0]}")
        return Manager("conda", follow, f"conda list --explicit --sha256 > {shown}")

    @property
    def made_from(self) -> tuple[str, ...]:
        """The environment.yml beside it."""
        return (posixpath.join(posixpath.dirname(self.path), "environment.yml"),)

    @property
    def knows_needs(self) -> bool:
        """False: it is a plain list."""
        return False

    def select(self, target: Target, manifests: tuple[RawFile, ...]) -> Selection:  # noqa: ARG002 - it says all itself
        """Return all entries for the platform; conda itself would install those of another one too."""
        if self.platforms and target.platform not in self.platforms:
            return Selection(uncovered=f"made for {' and '.join(self.platforms)}")
        return Selection(tuple(e for e in self.entries if e.platform in ("", target.platform)))

    def freshness(self, manifests: tuple[RawFile, ...]) -> Freshness:  # noqa: ARG002 - it recorded nothing of them
        """Say that it cannot be told."""
        return Freshness(State.UNKNOWN)
