"""The stamp: what a notebook ran with, kept inside the notebook (``metadata.envcheck``)."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from envcheck.model.names import NormalizedName

KEY = "envcheck"
"""The key of a notebook's metadata that holds its stamp."""
SCHEMA = 1
"""The newest form of a stamp that is known; the form is said in the stamp itself."""
LOCAL = "local"
"""What stands for a source that only one machine has: never a path."""


class Stamp(Struct, frozen=True):
    """The environment that a notebook ran in, as far as the notebook uses it.

    ``schema`` is the form it is written in, 0 when it says none that could be one. ``python`` is the full version,
    ``implementation`` is empty for CPython. ``packages`` are the distributions that the notebook imports, ``requires``
    the rest of what those require, both name → version; ``sources`` tells of those from no index where they came from
    (a URL at a commit, or ``local``), ``conda`` are the packages without Python in them, name → version, and
    ``missing`` the imported modules that nothing installed provides.

    ``env`` stands in place of all that: the path of a lock, relative to the notebook, which many notebooks may share.
    ``unknown`` are the other keys, kept as they are for whoever wrote them: the ASCII text of a JSON object, or empty.
    """

    schema: int = SCHEMA
    python: str = ""
    packages: Mapping[NormalizedName, str] = field(default_factory=dict)
    requires: Mapping[NormalizedName, str] = field(default_factory=dict)
    sources: Mapping[NormalizedName, str] = field(default_factory=dict)
    implementation: str = ""
    conda: Mapping[NormalizedName, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    env: str = ""
    unknown: str = ""

    @property
    def is_known(self) -> bool:
        """Whether it is of a form that may be judged; nothing may be concluded from any other."""
        return self.schema == SCHEMA

    @property
    def is_newer(self) -> bool:
        """Whether it is of a form that only a newer envcheck knows."""
        return self.schema > SCHEMA

    @property
    def versions(self) -> dict[NormalizedName, str]:
        """All distributions, imported or required by those, name → version."""
        return {**self.requires, **self.packages}
