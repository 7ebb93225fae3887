"""What versions are accepted, by PEP 440 or by conda's rules (CEP 29, CEP 33)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from envcheck.model import conda_versions
from envcheck.model.comparisons import comparisons
from envcheck.model.versions import parse_version

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet


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
    from packaging.specifiers import SpecifierSet

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
        return _exact(self.text)

    @property
    def literals(self) -> tuple[str, ...]:
        """The versions named by the clauses, wildcards cut off."""
        return _literals(self.text)

    def allows(self, version: str, build: str = "") -> bool:  # noqa: ARG002 - PEP 440 knows no builds
        """Tell whether a version is in the set; what is no PEP 440 version matches only ``===`` of the same text."""
        parsed = parse_version(version)
        if parsed is None:
            return ("===", version) in _clauses(self.text)
        simple = comparisons(self.text)
        told = [None] if simple is None else [comparison.accepts(parsed) for comparison in simple]
        if None not in told:
            return all(told)
        return self.specifiers.contains(version, prereleases=True)


def _clauses(text: str) -> Iterator[tuple[str, str]]:
    """Yield operator and version of every clause."""
    simple = comparisons(text)
    if simple is None:
        yield from ((clause.operator, clause.version) for clause in _specifiers(text))
    else:
        yield from ((comparison.operator, comparison.text) for comparison in simple)


# Rules ask for these of the same few texts again and again.
@lru_cache(maxsize=8192)
def _exact(text: str) -> str | None:
    return next((v for o, v in _clauses(text) if o in ("==", "===") and not v.endswith(".*")), None)


@lru_cache(maxsize=8192)
def _literals(text: str) -> tuple[str, ...]:
    return tuple(sorted(version.removesuffix(".*") for _, version in _clauses(text)))


def pep440(text: str) -> Constraint:
    """Return the constraint of a PEP 440 specifier text; empty text and ``*`` accept everything.

    Raises ``ValueError`` for text that is no specifier.
    """
    stripped = text.strip()
    if stripped in ("", "*"):
        return ANY
    if comparisons(stripped) is None:
        _specifiers(stripped)
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


class AnyOf(Struct, frozen=True):
    """A version is accepted that one of the alternatives accepts (Poetry's ``||``), which PEP 440 cannot say."""

    text: str
    alternatives: tuple[Constraint, ...]

    @property
    def exact(self) -> str | None:
        """The version on which all alternatives agree."""
        found = {alternative.exact for alternative in self.alternatives}
        return found.pop() if len(found) == 1 else None

    @property
    def literals(self) -> tuple[str, ...]:
        """The versions that the alternatives name."""
        return tuple(sorted({literal for alternative in self.alternatives for literal in alternative.literals}))

    def allows(self, version: str, build: str = "") -> bool:
        """Tell whether one of the alternatives accepts a version."""
        return any(alternative.allows(version, build) for alternative in self.alternatives)
