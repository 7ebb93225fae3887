"""Programs on ``PATH``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping


def on_path(name: str, environ: Mapping[str, str]) -> str | None:
    """Return the first program of this name on ``PATH``."""
    return next((path for folder in folders(environ) if is_program(path := os.path.join(folder, name))), None)


def folders(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the absolute folders of ``PATH``; a relative one means another folder each time and is left out."""
    for folder in environ.get("PATH", "").split(os.pathsep):
        if os.path.isabs(folder):
            yield folder


def is_program(path: str) -> bool:
    """Tell whether a path is a file that may be started."""
    return os.path.isfile(path) and os.access(path, os.X_OK)
