"""setup.cfg: setuptools' declarative metadata (``[options] install_requires`` and its like)."""

from __future__ import annotations

from envcheck.model.declarations import Declaration
from envcheck.model.readings import RawFile, Reading

NAME = "setup_cfg"


def claims(path: str) -> bool:
    """Tell by its name whether a file is setuptools' configuration."""
    return path.rpartition("/")[2] == "setup.cfg"


def read(file: RawFile) -> Reading[Declaration]:
    """Return what the file declares; one with nothing but tool settings does not govern."""
    from envcheck.gather.declarations.setup_cfg.reading import read_sections

    return read_sections(file)
