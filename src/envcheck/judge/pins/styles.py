"""How tight a pin is: just this version, those compatible with it, or this one and all newer."""

from __future__ import annotations

from enum import Enum

from envcheck.model.names import Ecosystem
from envcheck.model.versions import parse_version


class Style(Enum):
    """What a pin accepts besides the version itself."""

    EXACT = "exact"
    COMPATIBLE = "compatible"
    MINIMUM = "minimum"


def specifier(version: str, ecosystem: Ecosystem, style: Style, *, build: str = "") -> str:
    """Return the specifier of a version in an ecosystem's grammar; ``build`` counts for exact pins of conda alone.

    ``compatible`` lets the last but one part of the release stay (``~=2.1.4``, for conda ``>=2.1.4,<2.2``); a version
    that has no such parts is pinned exactly.
    """
    parsed = parse_version(version)
    if style is Style.MINIMUM:
        return f">={version}"
    if style is Style.COMPATIBLE and parsed is not None:
        release = [*parsed.release, 0][: max(len(parsed.release), 2)]
        if ecosystem is Ecosystem.PYPI:
            return f"~={version}" if len(parsed.release) > 1 else f"~={version}.0"
        upper = ".".join(str(part) for part in (*release[:-2], release[-2] + 1))
        return f">={version},<{upper}"
    if ecosystem is Ecosystem.CONDA and build:
        return f"={version}={build}"
    return f"=={version}"
