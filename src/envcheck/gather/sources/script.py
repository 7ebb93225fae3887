"""Python scripts, percent scripts with bare magics included."""

from __future__ import annotations

from envcheck.gather.documents import script_block
from envcheck.gather.documents.text import decode
from envcheck.gather.sources import cells
from envcheck.gather.sources.facts import Claims, assemble
from envcheck.model.places import Place
from envcheck.model.readings import RawFile, Reading
from envcheck.model.usage import Source, SourceKind

NAME = "script"


def claims(path: str) -> bool:
    """Tell whether a file is a Python script, by its name."""
    return path.endswith(".py")


def read(file: RawFile) -> Reading[Source]:
    """Return what a script uses; one that does not parse is read statement by statement, and that is a problem."""
    text = decode(file.data).text
    claims = Claims(block=script_block.find(text, Place(file.path, 0, 1)))
    return assemble(file.path, SourceKind.SCRIPT, claims, cells.read(text, file.path))
