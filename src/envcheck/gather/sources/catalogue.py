"""All source readers; they are loaded with the first file that may be a source, for reading code takes many modules."""

from __future__ import annotations

from functools import cache

from envcheck.gather.sources.base import SourceReader

ENDINGS = (".ipynb", ".py")
"""Of the names of all sources: every reader claims some of them, and nothing else."""


def reader_for(path: str) -> SourceReader | None:
    """Return the reader that claims a file, or ``None``."""
    if not path.endswith(ENDINGS):
        return None
    return next((reader for reader in readers() if reader.claims(path)), None)


@cache
def readers() -> tuple[SourceReader, ...]:
    """Return all readers."""
    from envcheck.gather.sources import ipynb, script

    # mypy matches no module with a protocol of static methods; every reader is tested against it.
    return (ipynb, script)
