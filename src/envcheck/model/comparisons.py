"""Comparisons of specifiers (``>=1.2,<2``) that need no more than the order of versions, by PEP 440.

Nearly all do. packaging judges the others: to load its specifiers takes a fifth of the time of a small check.
"""

from __future__ import annotations

import operator
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from envcheck.model.versions import parse_version

if TYPE_CHECKING:
    from packaging.version import Version

_NUMBER = r"[0-9]{1,15}"
_SUFFIXES = "".join(rf"(?:[._-]?(?:{kind})[._-]?{_NUMBER})?" for kind in ("a|b|rc", "post", "dev"))
_COMPARISON = re.compile(rf"[ \t]*(~=|[=!<>]=|[<>])[ \t]*({_NUMBER}(?:\.{_NUMBER})*(?:(\.\*)|{_SUFFIXES}))[ \t]*")
_ORDERS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Comparison(Struct, frozen=True):
    """An operator and what follows it: as ``text``, and as the version, of which ``.*`` makes a mere ``prefix``."""

    operator: str
    text: str
    version: Version
    prefix: bool = False

    def accepts(self, version: Version) -> bool | None:
        """Tell whether a version satisfies the comparison, ``None`` when its order alone does not tell that."""
        if version.local or version.epoch:
            return None
        if self.prefix:
            return _begins(version, self.version.release) is (self.operator == "==")
        if self.operator == "~=":
            return version >= self.version and _begins(version, self.version.release[:-1])
        # What is a pre-release or post-release of the bound is neither above nor below it.
        if self.operator in ("<", ">") and _is_akin(version, self.version):
            return None
        return bool(_ORDERS[self.operator](version, self.version))


@lru_cache(maxsize=8192)
def comparisons(specifiers: str) -> tuple[Comparison, ...] | None:
    """Return the comparisons of a specifier text, ``None`` when packaging has to read it."""
    found = tuple(_comparison(part) for part in specifiers.split(",") if part.strip())
    return None if None in found else tuple(filter(None, found))


def _comparison(text: str) -> Comparison | None:
    found = _COMPARISON.fullmatch(text)
    if not found:
        return None
    compared, written, prefix = found.groups("")
    version = parse_version(written.removesuffix(prefix))
    if version is None or (prefix and compared not in ("==", "!=")) or (compared == "~=" and len(version.release) < 2):
        return None
    return Comparison(compared, written, version, bool(prefix))


def _begins(version: Version, prefix: tuple[int, ...]) -> bool:
    """Tell whether a version is of a series; what it does not say is zero."""
    padded = version.release + (0,) * (len(prefix) - len(version.release))
    return padded[: len(prefix)] == prefix


def _is_akin(left: Version, right: Version) -> bool:
    """Tell whether two versions are of one release, and not both that release itself."""
    final = not any(v.is_prerelease or v.is_postrelease for v in (left, right))
    return not final and _begins(left, right.release) and _begins(right, left.release)
