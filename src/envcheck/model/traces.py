"""What a notebook itself tells of the versions that it ran with: records of other tools, and its saved outputs."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from envcheck.model.places import Place


class Subject(Enum):
    """Whose name a trace has, and so how it is to be resolved."""

    DISTRIBUTION = "distribution"
    """A name of PyPI, normalised."""
    MODULE = "module"
    """A dotted import name, as written: what ``__version__`` and watermark speak of."""
    CONDA = "conda"
    """The lower-case name of a conda package."""
    PYTHON = "python"
    HOST = "host"
    """A platform (Kaggle, Vertex AI); the version is the image that it ran."""


class Meaning(Enum):
    """What a trace says of its version."""

    INSTALLED = "installed"
    """It was there when the notebook ran."""
    LOCKED = "locked"
    """A tool resolved it; whether it was installed is not said."""
    ASKED = "asked-for"
    """A specifier: what was wished for."""
    HINT = "hint"
    """Of the surroundings: the platform, or the tool that ran the notebook, perhaps from another environment."""


class TraceKind(Enum):
    """The record that a trace comes from, as people call it."""

    VERSION_PRINT = "version print"
    WATERMARK = "watermark"
    SESSION_INFO = "session_info"
    SHOW_VERSIONS = "show_versions"
    PYTHON_VERSION = "python version"
    BANNER = "banner"
    PIP_LIST = "pip list"
    PIP_FREEZE = "pip freeze"
    PIP_SHOW = "pip show"
    CONDA_LIST = "conda list"
    CONDA_EXPORT = "conda env export"
    SATISFIED = "requirement already satisfied"
    PATH = "path in site-packages"
    PIP_INSTALL = "successfully installed"
    UV_INSTALL = "uv pip install"
    CONDA_INSTALL = "conda install"
    NBPROJECT = "nbproject"
    LANGUAGE_INFO = "language_info"
    CONDA_ENVIRONMENT = "conda environment"
    UV_LOCK = "uv.lock in the notebook"
    THOTH = "jupyterlab-requirements"
    RUNT = "runt"
    SCRIPT_BLOCK = "script block"
    PAPERMILL = "papermill"
    HOST = "platform"


class Trace(Struct, frozen=True):
    """One version that a notebook tells, with where it stands.

    ``version`` is one version where the meaning is installed or locked (empty: there, in a version that is not told;
    of Python it may be a series, ``3.9``), a specifier where it is asked for (of conda: as conda normalises it).
    ``place`` has the cell (none: the notebook's metadata); ``output`` counts the outputs of that cell and ``line`` the
    lines of that output, from 1.
    """

    name: str
    version: str
    kind: TraceKind
    meaning: Meaning
    subject: Subject
    place: Place
    output: int = 0
    line: int = 0


class Testimony(Struct, frozen=True):
    """All traces of one notebook, in reading order; ``cells`` counts its cells."""

    path: str
    cells: int = 0
    traces: tuple[Trace, ...] = ()
