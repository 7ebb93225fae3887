"""What a uv.lock knows beyond its entries."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from msgspec import Struct

from envcheck.gather.declarations.uv_lock.packages import Package
from envcheck.gather.documents.toml_values import table, texts
from envcheck.model.locks import Freshness, Manager, Selection, Target
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.readings import RawFile

_LOCK = ".lock"
_PLAIN = re.compile(r"[\w./@%+=:,-]+")


class UvLock(Struct, frozen=True):
    """The lock of a project, a workspace or a script; ``recorded`` are its tables apart from ``[[package]]``."""

    path: str
    packages: tuple[Package, ...]
    recorded: Mapping[str, object]

    @property
    def folder(self) -> str:
        """The folder that the paths of the lock start from, empty for the root of the project."""
        return posixpath.dirname(self.path)

    @property
    def members(self) -> tuple[NormalizedName, ...]:
        """The names of the members of the workspace, none when there is a single project or a script."""
        return tuple(map(normalize, texts(table(self.recorded.get("manifest")).get("members"))))

    @property
    def root(self) -> Package | None:
        """The project in the folder of the lock, if there is one."""
        return next((package for package in self.packages if package.is_root), None)

    @property
    def is_of_script(self) -> bool:
        """Whether it was made from the metadata inside of a script or notebook."""
        return self.path.rpartition("/")[2].lower() != "uv.lock"

    @property
    def manager(self) -> Manager:
        """The commands of uv, and of juv for notebooks: uv's ask no index when nothing has changed."""
        if not self.is_of_script:
            return Manager("uv", "uv sync --frozen", "uv lock")
        script = _quoted(posixpath.basename(self.made_from[0]))
        if self.made_from[0].endswith(".ipynb"):
            return Manager("juv", f"juv run {script}", f"juv lock {script}")
        return Manager("uv", f"uv sync --frozen --script {script}", f"uv lock --script {script}")

    @property
    def made_from(self) -> tuple[str, ...]:
        """The script, or the manifests of the project, its members and the folders that it requires."""
        if self.is_of_script:
            return (self.path.removesuffix(_LOCK),)
        trees = (posixpath.join(package.target, "pyproject.toml") for package in self.packages if package.is_tree)
        paths = ("pyproject.toml", "uv.toml", *trees)
        return tuple(dict.fromkeys(posixpath.normpath(posixpath.join(self.folder, path)) for path in paths))

    @property
    def knows_needs(self) -> bool:
        """Whether the entries say what they need: always."""
        return True

    def select(self, target: Target, manifests: tuple[RawFile, ...]) -> Selection:
        """Return what ``uv sync`` in the folder of the lock installs."""
        from envcheck.gather.declarations.uv_lock.selecting import select

        return select(self, target, manifests)

    def freshness(self, manifests: tuple[RawFile, ...]) -> Freshness:
        """Tell what ``uv lock --check`` would, by meaning."""
        from envcheck.gather.declarations.uv_lock.freshness import compare

        return compare(self, manifests)


def _quoted(word: str) -> str:
    return word if _PLAIN.fullmatch(word) else "'" + word.replace("'", "'\\''") + "'"
