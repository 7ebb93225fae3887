"""All source readers."""

from __future__ import annotations

from envcheck.gather.sources import ipynb, script
from envcheck.gather.sources.base import SourceReader

# mypy matches no module with a protocol of static methods; every reader is tested against it.
READERS: tuple[SourceReader, ...] = (ipynb, script)


def reader_for(path: str) -> SourceReader | None:
    """Return the reader that claims a file, or ``None``."""
    return next((reader for reader in READERS if reader.claims(path)), None)
