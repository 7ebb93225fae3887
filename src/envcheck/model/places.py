"""Where a fact stands."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A point in a file: cells, lines and columns count from 1, and 0 means "none".

    ``path`` is a POSIX path relative to the project root, or absolute when the file lies outside it
    (environment metadata). A plain string, not a ``PurePath``: places are made by the ten thousand.
    ``line`` counts within the cell when ``cell`` is set. A tuple, so places sort in reading order.
    """

    path: str
    cell: int = 0
    line: int = 0
    column: int = 0

    @property
    def file(self) -> str:
        """The name of the file without its folders: for sentences about another place."""
        return self.path.rpartition("/")[2]

    def __str__(self) -> str:
        if self.cell:
            where = f" cell {self.cell}" + (f", line {self.line}" if self.line else "")
            return self.path + where
        line = f":{self.line}" if self.line else ""
        return f"{self.path}{line}:{self.column}" if self.column else self.path + line
