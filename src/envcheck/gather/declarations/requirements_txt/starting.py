"""How a new requirements file begins."""

from __future__ import annotations

from envcheck.model.starting import Start


def head(start: Start) -> str:
    """Return the comment at the top: the format has no other place for Python."""
    return f"# {start.remark}\n"
