"""What versions are accepted, by PEP 440 or by conda's rules (CEP 29, CEP 33)."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from msgspec import Struct
from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet

from envcheck.model import conda_versions
from envcheck.model.versions import parse_version


class Constraint(Protocol):
    """A set of accepted versions."""

    @property
    def text(self) -> str:
        """The constraint as written, empty when everything is accepted."""

    @property
    def exact(self) -> str | None:
        """The one accepted version, or ``None`` when there is not exactly one."""

    @property
    def literals(self) -> tuple[str, ...]:
        """The versions that the text names: witnesses for comparing constraints of different kinds."""

    def allows(self, version: str, build: str = "") -> bool:
        """Tell whether an installed version (and conda build) is accepted; pre-releases are not special."""


class AnyVersion(Struct, frozen=True):
    """Accepts everything."""

    text: str = ""
    exact: None = None
    literals: tuple[str, ...] = ()

    def allows(self, version: str, build: str = "") -> bool:  # noqa: ARG002 - everything
        """Return true, always."""
        return True


ANY = AnyVersion()


@lru_cache(maxsize=8192)
def _specifiers(text: str) -> SpecifierSet:
    return SpecifierSet(text)


class Pep440Constraint(Struct, frozen=True):
    """A PEP 440 specifier set (``>=1.2,<2``); made by :func:`pep440`, which has checked the text."""

    text: str

    @property
    def specifiers(self) -> SpecifierSet:
        """The parsed set, from packaging."""
        return _specifiers(self.text)

    @property
    def exact(self) -> str | None:
        """The version of a lone ``==`` or ``===`` without wildcard."""
        clauses = list(self.specifiers)
        return next((c.version for c in clauses if _is_exact(c)), None)

    @property
    def literals(self) -> tuple[str, ...]:
        """The versions named by the clauses, wildcards cut off."""
        return tuple(sorted(c.version.removesuffix(".*") for c in self.specifiers))

    def allows(self, version: str, build: str = "") -> bool:  # noqa: ARG002 - PEP 440 knows no builds
        """Tell whether a version is in the set; what is no PEP 440 version matches only ``===`` of the same text."""
        if parse_version(version) is None:
            return any(c.operator == "===" and c.version == version for c in self.specifiers)
        return self.specifiers.contains(version, prereleases=True)


def _is_exact(clause: Specifier) -> bool:
    return clause.operator in ("==", "===") and not clause.version.endswith(".*")


def pep440(text: str) -> Constraint:
    """Return the constraint of a PEP 440 specifier text; empty text and ``*`` accept everything.

    Raises ``ValueError`` for text that is no specifier.
    """
    stripped = text.strip()
    if stripped in ("", "*"):
        return ANY
    try:
        _specifiers(stripped)
    except InvalidSpecifier as error:
        raise ValueError(str(error)) from error
    return Pep440Constraint(stripped)


class CondaConstraint(Struct, frozen=True):
    """A conda version spec and build (``1.2.*``, ``>=1,<2|3.*``; ``py311h1_0``); made by :func:`conda`."""

    text: str
    version: str = ""
    build: str = ""

    @property
    def exact(self) -> str | None:
        """The version of ``==1.2``, ``name 1.2`` and ``name=1.2=build``; ``name=1.2`` is fuzzy and has none."""
        return conda_versions.exact_version(self.version) if self.version else None

    @property
    def literals(self) -> tuple[str, ...]:
        """The versions named by the spec, wildcards cut off."""
        return conda_versions.literal_versions(self.version) if self.version else ()

    def allows(self, version: str, build: str = "") -> bool:
        """Tell whether a version (and, where both sides name one, a build) is accepted, by CEP 33 and CEP 29."""
        if self.build and build and not conda_versions.build_matches(self.build, build):
            return False
        return not self.version or conda_versions.version_matches(self.version, version)


def conda(version: str, build: str = "", *, text: str = "") -> Constraint:
    """Return the constraint of a conda version spec in its normal form (``==1.2``, ``1.2.*``, ``>=1,<2``).

    ``text`` is how the user wrote it. Raises ``ValueError`` for text that is no version spec.
    """
    version = "" if version.strip() == "*" else version.strip()
    build = "" if build.strip() == "*" else build.strip()
    if not version and not build:
        return ANY
    if version:
        conda_versions.check_spec(version)
    return CondaConstraint(text or version, version, build)
