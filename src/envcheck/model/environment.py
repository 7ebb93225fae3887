"""What is really there: distributions, conda packages and the interpreter they belong to."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from envcheck.model.names import NormalizedName
from envcheck.model.places import Place
from envcheck.model.readings import Problem
from envcheck.model.requirements import DirectReference


class Distribution(Struct, frozen=True):
    """One installed Python distribution, from its dist-info or egg-info.

    ``name`` is normalised, ``shown_name`` as its metadata spells it; ``version`` is what METADATA says, else the folder
    name. ``requires`` are raw ``Requires-Dist`` texts, markers included. ``direct`` is set for installs from a URL, a
    repository or a path (PEP 610), never for conda's build debris. ``installer`` is ``pip``, ``uv``, ``conda`` … or
    empty. ``site`` is the folder it stands in; ``conda`` the name of the conda package that owns it, or empty.
    ``leaked`` is true when it comes from outside the environment (user site, ``PYTHONPATH``).
    """

    name: NormalizedName
    shown_name: str
    version: str
    place: Place
    requires: tuple[str, ...] = ()
    requires_python: str = ""
    provides_extras: tuple[str, ...] = ()
    direct: DirectReference | None = None
    installer: str = ""
    site: str = ""
    conda: str = ""
    leaked: bool = False
    plugin: bool = False
    """True when it registers entry points other than console scripts: it may be used without being imported."""


class CondaPackage(Struct, frozen=True):
    """One record of ``conda-meta``; ``provides`` are the normalised Python distributions whose files it owns.

    ``clobbered`` are the distributions that the record says it installed and that are no longer as it says:
    name → the version that stands there instead (empty when nothing does).
    """

    name: NormalizedName
    version: str
    build: str
    place: Place
    channel: str = ""
    subdir: str = ""
    url: str = ""
    md5: str = ""
    sha256: str = ""
    depends: tuple[str, ...] = ()
    requested: bool = False
    provides: tuple[NormalizedName, ...] = ()
    clobbered: Mapping[str, str] = field(default_factory=dict)


class Environment(Struct, frozen=True):
    """Everything installed under one interpreter, read from files only.

    ``prefix`` is absolute; ``kind`` is ``venv``, ``conda``, ``system`` or ``snapshot``; ``python`` the full version
    (``3.11.7``) or empty when nothing tells it; ``how_found`` says why this environment was chosen, for people.
    ``markers`` is a PEP 508 environment for this interpreter. ``distributions`` come in ``sys.path`` order, so the
    first of a name wins; ``duplicates`` are the later ones of the same folder. ``modules`` maps dotted module prefixes
    to the distributions that own them: the longest prefix of an import answers who provides it. ``externally_managed``
    is PEP 668's mark.
    """

    prefix: str
    kind: str
    python: str
    how_found: str = ""
    implementation: str = "cpython"
    markers: Mapping[str, str] = field(default_factory=dict)
    distributions: tuple[Distribution, ...] = ()
    duplicates: tuple[Distribution, ...] = ()
    conda: tuple[CondaPackage, ...] = ()
    modules: Mapping[str, tuple[NormalizedName, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    externally_managed: bool = False
    leaks: tuple[str, ...] = ()
    """Folders outside the environment that supply modules to it (user site, ``PYTHONPATH``)."""
