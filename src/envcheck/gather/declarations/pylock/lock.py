"""What a lock of this standard wants installed for one target (PEP 751, "Installation")."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from envcheck.gather.declarations.pylock.wheel_tags import fits_any
from envcheck.gather.declarations.pylock.writers import project_of
from envcheck.gather.documents.text import decode
from envcheck.gather.documents.toml_tables import parse
from envcheck.model.constraints import pep440
from envcheck.model.locks import Freshness, Manager, Selection, State, Target
from envcheck.model.markers import marker_holds
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Requirement


class Package(Struct, frozen=True):
    """One entry; ``wheels`` are the names of its files when it can be installed from wheels alone."""

    requirement: Requirement
    wheels: tuple[str, ...] = ()


class PyLock(Struct, frozen=True):
    """A lock as the standard knows it, with the hashes of its input that pdm adds by algorithm."""

    manager: Manager
    made_from: tuple[str, ...]
    knows_needs: bool
    packages: tuple[Package, ...]
    python: str = ""
    environments: tuple[str, ...] = ()
    default_groups: tuple[str, ...] = ()
    own: frozenset[NormalizedName] = field(default_factory=frozenset)
    pdm_hashes: Mapping[str, str] = field(default_factory=dict)

    def select(self, target: Target, manifests: tuple[RawFile, ...]) -> Selection:
        """Return the entries whose markers hold; nothing where an installer would refuse the lock as a whole."""
        own = self.own | _projects(manifests)
        uncovered = self._excluded(target)
        if uncovered:
            return Selection(own=own, uncovered=uncovered)
        chosen: dict[NormalizedName, Package] = {}
        holds = _Markers(self.default_groups, target)
        for package in self.packages:
            requirement = package.requirement
            if requirement.marker and not holds.of(requirement.marker):
                continue
            refusal = _refusal(package, target, twice=requirement.name in chosen)
            if refusal:
                return Selection(own=own, uncovered=refusal)
            chosen[requirement.name] = package
        return Selection(tuple(package.requirement for package in chosen.values()), own)

    def freshness(self, manifests: tuple[RawFile, ...]) -> Freshness:
        """Tell it by the hash that pdm writes; the standard itself has no place for what a lock was made from."""
        if not self.pdm_hashes:
            return Freshness(State.UNKNOWN)
        from envcheck.gather.declarations.pylock.pdm_hash import compare

        return compare(self.pdm_hashes, manifests)

    def _excluded(self, target: Target) -> str:
        """Return why the lock is not for this target, or empty text."""
        if not _accepts(self.python, target):
            return f"made for Python {self.python}"
        if self.environments and not any(_holds(marker, target.markers) for marker in self.environments):
            return f"made for {' or '.join(self.environments)}"
        return ""


class _Markers:
    """The markers of one selection: entries repeat them, so each is judged once."""

    def __init__(self, default_groups: tuple[str, ...], target: Target) -> None:
        self._markers = target.markers
        # Membership is by the name in its normal form, and so are the names in the file (packaging.markers).
        groups = (*target.groups, *(default_groups if target.default_groups else ()))
        self._chosen = {"extras": frozenset(target.extras), "dependency_groups": frozenset(groups)}
        self._known: dict[str, bool] = {}

    def of(self, marker: str) -> bool:
        """Tell whether a marker holds for the target with what is chosen of extras and groups."""
        if marker not in self._known:
            chooses = any(variable in marker for variable in self._chosen)
            self._known[marker] = self._chooses(marker) if chooses else _holds(marker, self._markers)
        return self._known[marker]

    def _chooses(self, marker: str) -> bool:
        from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName

        try:
            return Marker(marker).evaluate({**self._markers, **self._chosen}, context="lock_file")
        except (InvalidMarker, UndefinedComparison, UndefinedEnvironmentName):
            return True


def _holds(marker: str, markers: Mapping[str, str]) -> bool:
    """Tell whether a marker holds; one that is invalid has been reported, and holds."""
    try:
        return marker_holds(marker, markers)
    except (ValueError, KeyError):
        return True


def _refusal(package: Package, target: Target, *, twice: bool) -> str:
    """Return why an installer would refuse an entry that is wanted, or empty text."""
    requirement = package.requirement
    if not _accepts(requirement.python, target):
        return f"{requirement.raw} needs Python {requirement.python}"
    if twice:
        return f"{requirement.name} is locked twice for it"
    if package.wheels and not fits_any(package.wheels, target):
        return f"no file of {requirement.raw} is for Python {target.python} on {target.platform}"
    return ""


def _accepts(specifier: str, target: Target) -> bool:
    version = target.markers.get("python_full_version") or target.python
    if not (specifier and version):
        return True
    try:
        return pep440(specifier).allows(version)
    except ValueError:
        return True


def _projects(manifests: tuple[RawFile, ...]) -> frozenset[NormalizedName]:
    files = (file for file in manifests if file.path.endswith("pyproject.toml"))
    names = (project_of(parse(decode(file.data).text).tables) for file in files)
    return frozenset(normalize(name) for name in names if name)
