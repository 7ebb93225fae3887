"""Install lines in cells (``%pip install``, ``!conda install``, ``uv pip install``) as requirements of the notebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from envcheck.model.changes import Change, Editing
from envcheck.model.readings import RawFile, Reading
from envcheck.model.requirements import Requirement
from envcheck.model.usage import InstallCommand

NAME = "notebook_install"


def read_commands(commands: Iterable[InstallCommand], *, path: str) -> Reading[tuple[Requirement, ...]]:
    """Return what the install lines of one source install, each at its place; ``-r`` and ``-c`` become references."""
    from envcheck.gather.declarations.notebook_install import reading

    return reading.read_commands(commands, path=path)


def edit(file: RawFile, changes: Sequence[Change]) -> Editing:
    """Return the edits of a notebook or script that make the changes to its install lines, and what is refused."""
    from envcheck.gather.declarations.notebook_install import editing

    return editing.edit(file, changes)
