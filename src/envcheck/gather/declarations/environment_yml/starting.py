"""How a new environment file begins."""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.gather.declarations.environment_yml.layout import written
from envcheck.model.starting import Start


def head(start: Start) -> str:
    """Return all that comes before the packages: name, channels, Python, and pip where it has something to install."""
    return "".join(f"{line}\n" for line in _lines(start))


def _lines(start: Start) -> Iterator[str]:
    yield f"# {start.remark}"
    yield f"name: {written(start.project, '', flow=False)}"
    if start.channels:
        yield "channels:"
        yield from (f"  - {written(channel, '', flow=False)}" for channel in start.channels)
    yield "dependencies:"
    if start.python:
        yield f"  - python{'>=' if start.is_minimum else '='}{start.series}"
    if start.pip:
        yield f"  - {start.pip}"
