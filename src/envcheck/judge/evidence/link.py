"""Facts about the same thing laid side by side: the only place where that is decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from envcheck.judge.evidence.dossier import Dossier, Use
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.evidence.imports import Resolver
from envcheck.judge.evidence.locked import LockView, view
from envcheck.judge.evidence.requires import dependents, marker_holds
from envcheck.judge.evidence.wishes import wishes_of_stamps
from envcheck.judge.names.local import LocalModules
from envcheck.judge.names.table import NameTable
from envcheck.model.environment import CondaPackage, Distribution, Environment
from envcheck.model.names import Ecosystem, NormalizedName, normalize
from envcheck.model.on_demand import OnDemand
from envcheck.model.requirements import Requirement, Role
from envcheck.model.scopes import LockFact, Scope
from envcheck.model.settings import Settings
from envcheck.model.usage import Source

CONDA = "conda:"
"""Prefix of the keys of conda packages that hold no Python distribution."""


def link(scope: Scope, settings: Settings, inventory: Inventory) -> Evidence:
    """Return the evidence of a scope: every import, requirement and installed thing under its one name.

    ``inventory`` is that of the scope's environment: made once, used by every scope that shares it.
    """
    keys = {r: inventory.key_of(r.ecosystem, r.name) for r in _requirements(scope)}
    locks = tuple(view(fact, inventory.key_of) for fact in _most_binding_first(scope.locks))
    resolver = _resolver(scope, inventory, _asked_for(keys, locks))
    uses = tuple(use for source in scope.sources for use in _uses(resolver, source))
    own = {source.path for source in scope.sources}
    others = (use for s in scope.companions if s.path not in own for use in _uses(resolver, s))
    return Evidence(
        scope,
        settings,
        _dossiers(inventory, keys, uses, locks, wishes_of_stamps((*scope.sources, *scope.companions))),
        uses,
        frozenset(key for use in (*uses, *others) for key in use.keys),
        keys,
        _inapplicable(scope.environment, (*keys, *(demand for d in scope.declarations for demand in d.python))),
        inventory.required_by,
        locks,
    )


class Inventory(Struct, frozen=True):
    """What is installed, by the names that others use for it."""

    environment: Environment | None
    table: NameTable
    distributions: Mapping[NormalizedName, Distribution]
    conda: Mapping[NormalizedName, CondaPackage]
    required_by: Mapping[NormalizedName, tuple[str, ...]]
    shared: frozenset[str]
    """Top-level module names below which several distributions own something."""
    _keys: dict[NormalizedName, str] = field(default_factory=dict)
    """The keys of conda names that were asked for: locks repeat them for each of their platforms, and each other."""

    @classmethod
    def of(cls, environment: Environment | None, table: NameTable) -> Inventory:
        """Return the inventory of an environment; the first of a name on the path wins."""
        if environment is None:
            return cls(None, table, {}, {}, {}, frozenset())
        distributions = {d.name: d for d in reversed(environment.distributions)}
        packages = {p.name: p for p in environment.conda}
        shared = frozenset(module.partition(".")[0] for module in environment.modules if "." in module)
        return cls(environment, table, distributions, packages, dependents(environment), shared)

    def key_of(self, ecosystem: Ecosystem, name: NormalizedName) -> str:
        """Return the dossier key of a name: its PyPI name, whatever the ecosystem calls it."""
        if ecosystem is Ecosystem.PYPI:
            return name
        if name not in self._keys:
            self._keys[name] = self._key_of_conda(name)
        return self._keys[name]

    def _key_of_conda(self, name: NormalizedName) -> str:
        package = self.conda.get(name)
        if package:
            return self.key_of_package(package)
        likely = self.table.pypi_of(name)
        namesake = self.distributions.get(NormalizedName(likely))
        # python-graphviz provides the distribution graphviz: the package of that name is another thing.
        return CONDA + name if namesake and namesake.conda else likely

    def key_of_package(self, package: CondaPackage) -> str:
        """Return the dossier key of a conda package: the distribution that it provides, else ``conda:name``."""
        likely = normalize(self.table.pypi_of(package.name))
        if likely in package.provides:
            return likely
        if len(package.provides) == 1:
            return package.provides[0]
        return CONDA + package.name

    def package_of(self, key: str) -> CondaPackage | None:
        """Return the conda package behind a key, if conda installed it."""
        if key.startswith(CONDA):
            return self.conda.get(NormalizedName(key.removeprefix(CONDA)))
        distribution = self.distributions.get(NormalizedName(key))
        return self.conda.get(NormalizedName(distribution.conda)) if distribution else None


def _requirements(scope: Scope) -> Iterator[Requirement]:
    for declaration in scope.declarations:
        if not declaration.lock:
            yield from (r for r in declaration.requirements if r.name)


def _most_binding_first(locks: Iterable[LockFact]) -> Iterable[LockFact]:
    return sorted(locks, key=lambda fact: fact.selection.is_optional)


def _asked_for(keys: Mapping[Requirement, str], locks: Iterable[LockView]) -> frozenset[str]:
    declared = {key for r, key in keys.items() if r.role in (Role.DECLARED, Role.AD_HOC)}
    return frozenset(declared.union(*(lock.held for lock in locks)))


def _resolver(scope: Scope, inventory: Inventory, declared: frozenset[str]) -> Resolver:
    roots = tuple(dict.fromkeys((scope.root, f"{scope.root}/src" if scope.root != "." else "src", ".", "src")))
    own = frozenset(d.project for d in scope.declarations if d.project)
    local = LocalModules(scope.files, roots)
    return Resolver(scope.environment, local, inventory.table, inventory.shared, declared, own)


def _uses(resolver: Resolver, source: Source) -> Iterator[Use]:
    for imported in source.imports:
        yield from resolver.resolve(source, imported)


def _dossiers(
    inventory: Inventory,
    keys: Mapping[Requirement, str],
    uses: Iterable[Use],
    locks: tuple[LockView, ...],
    stamped: Mapping[NormalizedName, tuple[Requirement, ...]],
) -> dict[str, Dossier]:
    """Return a dossier for each name that is used or asked for; what is merely installed has none."""
    used: dict[str, list[Use]] = {}
    for use in uses:
        for key in use.keys:
            used.setdefault(key, []).append(use)
    asked: dict[str, list[Requirement]] = {}
    for requirement, key in keys.items():
        asked.setdefault(key, []).append(requirement)
    dossiers = {}
    # What a lock holds and nobody speaks of needs no dossier.
    for key in sorted({*used, *asked}.union(*(lock.selected for lock in locks))):
        installed = inventory.distributions.get(NormalizedName(key))
        requirements = tuple(asked.get(key, ()))
        held = OnDemand(_held(key, locks))
        dossiers[key] = Dossier(
            key,
            _shown(key, installed, requirements or held),
            tuple(used.get(key, ())),
            requirements,
            installed,
            inventory.package_of(key),
            inventory.required_by.get(NormalizedName(key), ()),
            tuple(entry for lock in locks for entry in lock.selected.get(key, ())),
            held,
            stamped.get(NormalizedName(key), ()),
        )
    return dossiers


def _held(key: str, locks: Iterable[LockView]) -> Iterator[Requirement]:
    for lock in locks:
        yield from lock.held.get(key, ())


def _shown(key: str, installed: Distribution | None, requirements: Sequence[Requirement]) -> str:
    if requirements and requirements[0].shown_name:
        return requirements[0].shown_name
    return installed.shown_name if installed else key.removeprefix(CONDA)


def _inapplicable(environment: Environment | None, asked: Iterable[Requirement]) -> frozenset[Requirement]:
    """Return the requirements whose marker is false here; without environment every marker may hold somewhere."""
    if environment is None:
        return frozenset()
    markers = tuple(sorted(environment.markers.items()))
    return frozenset(r for r in asked if r.marker and not marker_holds(r.marker, markers))
