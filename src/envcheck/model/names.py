"""Names of distributions, as the two ecosystems spell them."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import NewType

NormalizedName = NewType("NormalizedName", str)
"""A name normalised by PEP 503 (PyPI) or lower-cased (conda, CEP 26: ``_`` and ``-`` differ)."""

_SEPARATORS = re.compile(r"[-_.]+")


class Ecosystem(Enum):
    """Whose rules a name and a version follow."""

    PYPI = "pypi"
    CONDA = "conda"

    # Members are single: the hash of the object does, and Enum's own is a function in Python, called at every look-up.
    __hash__ = object.__hash__


@lru_cache(maxsize=8192)
def normalize(name: str) -> NormalizedName:
    """Return the PEP 503 form of a distribution name: lower case, runs of ``-_.`` become ``-``."""
    return NormalizedName(_SEPARATORS.sub("-", name).lower())


def normalize_in(ecosystem: Ecosystem, name: str) -> NormalizedName:
    """Return a name in the normal form of its ecosystem."""
    return normalize(name) if ecosystem is Ecosystem.PYPI else NormalizedName(name.lower())
