"""PEP 440 versions, parsed once and compared without surprises."""

from __future__ import annotations

from functools import lru_cache

from packaging.version import Version


@lru_cache(maxsize=8192)
def parse_version(text: str) -> Version | None:
    """Return the parsed version, or ``None`` when the text is no PEP 440 version (``2004d``, ``None``)."""
    try:
        return Version(text)
    except ValueError:  # InvalidVersion, or more than the 4,300 digits that Python makes an integer of
        return None


def same_version(left: str, right: str) -> bool:
    """Tell whether two texts mean the same version (``1.0`` is ``1.0.0``); what does not parse compares as text."""
    parsed_left, parsed_right = parse_version(left), parse_version(right)
    if parsed_left is None or parsed_right is None:
        return left.strip().lower() == right.strip().lower()
    return parsed_left == parsed_right


def public_version(text: str) -> str:
    """Return the version without its local part: ``2.4.1+cu121`` → ``2.4.1``."""
    return text.partition("+")[0]
