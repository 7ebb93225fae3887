"""All that is known of one name."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from msgspec import Struct

from envcheck.model.environment import CondaPackage, Distribution
from envcheck.model.requirements import Requirement, Role
from envcheck.model.usage import Import, Source


class ModuleOrigin(Enum):
    """Where an imported module comes from."""

    STDLIB = "stdlib"
    LOCAL = "local"
    THIRD_PARTY = "third-party"
    PLATFORM = "platform"
    """Supplied by the host of the notebook (google.colab, dbutils): never to be installed."""


class Certainty(Enum):
    """How the distribution behind an import was found."""

    RECORD = "record"
    """The environment's own files say so."""
    DECLARED = "declared"
    """A requirement of that name governs the source."""
    TABLE = "table"
    """A built-in table or the user's name map says so; several candidates when it is ambiguous."""
    UNKNOWN = "unknown"
    """Nothing says it: the import's own name is all there is."""


class Use(Struct, frozen=True):
    """One import of one source with its resolution.

    ``keys`` are the dossiers it may belong to, best first: one when certain, several when ambiguous, none for what is
    not third-party. ``elsewhere`` is a project file of that module name that this source cannot see, or empty.
    """

    source: Source
    imported: Import
    origin: ModuleOrigin
    keys: tuple[str, ...] = ()
    certainty: Certainty = Certainty.UNKNOWN
    local_path: str = ""
    elsewhere: str = ""


class Dossier(Struct, frozen=True):
    """One row of the table: who uses it, who asks for it, what is installed.

    ``key`` is the normalised PyPI name, or ``conda:name`` for conda packages that hold no Python distribution.
    ``requirements`` are all that govern here, those whose marker is false in this environment included;
    ``required_by`` are the names of installed distributions that need it (markers and extras considered).
    ``locked`` are the entries that the scope's locks want installed here, ``held`` all that they hold of the name.
    The latter are read when they are asked for. ``stamped`` are the versions that notebooks ran with, as their stamps
    say: nobody asks for those.
    """

    key: str
    shown_name: str
    uses: tuple[Use, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    installed: Distribution | None = None
    conda: CondaPackage | None = None
    required_by: tuple[str, ...] = ()
    locked: tuple[Requirement, ...] = ()
    held: Sequence[Requirement] = ()
    stamped: tuple[Requirement, ...] = ()

    @property
    def version(self) -> str:
        """The installed version, or empty."""
        if self.installed:
            return self.installed.version
        return self.conda.version if self.conda else ""

    @property
    def is_installed(self) -> bool:
        """Whether anything of this name is in the environment."""
        return self.installed is not None or self.conda is not None

    def declared(self) -> tuple[Requirement, ...]:
        """Return the requirements that ask for it to be installed: declared ones, not constraints, not ad-hoc ones."""
        return tuple(r for r in self.requirements if r.role is Role.DECLARED)
