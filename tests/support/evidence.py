"""Small builders for the nouns that rules receive, so that a test says only what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace
from packaging.requirements import Requirement as ParsedRequirement

from envcheck.gather.documents import matchspec
from envcheck.judge.evidence.dossier import Certainty, Dossier, ModuleOrigin, Use
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.evidence.locked import LockView, view
from envcheck.judge.evidence.requires import dependents
from envcheck.model.constraints import ANY, conda, pep440
from envcheck.model.declarations import Declaration
from envcheck.model.environment import CondaPackage, Distribution, Environment
from envcheck.model.locks import Departure, Freshness, Manager, Selection, State, Target
from envcheck.model.names import Ecosystem, NormalizedName, normalize
from envcheck.model.places import Place
from envcheck.model.readings import Problem, RawFile
from envcheck.model.requirements import DirectReference, Requirement, Role
from envcheck.model.scopes import KernelFact, LockFact, ProjectFiles, Scope
from envcheck.model.settings import Settings
from envcheck.model.usage import Import, ImportKind, KernelClaim, Source, SourceKind

PREFIX = "/envs/analysis"
SITE = f"{PREFIX}/lib/python3.11/site-packages"
MARKERS = {
    "implementation_name": "cpython",
    "implementation_version": "3.11.7",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_release": "",
    "platform_system": "Linux",
    "platform_version": "",
    "python_full_version": "3.11.7",
    "python_version": "3.11",
    "sys_platform": "linux",
}
_SPECIFIER = re.compile(r"[\w.-]+\s*(?:\[[^\]]*\])?\s*\(?([^;()]*)\)?")


def requirement(
    text: str,
    *,
    path: str = "requirements.txt",
    line: int = 1,
    cell: int = 0,
    role: Role = Role.DECLARED,
    group: str = "",
    direct: DirectReference | None = None,
    hashes: tuple[str, ...] = (),
    template: bool = False,
) -> Requirement:
    """Return a PyPI requirement written as ``text``: PEP 508; with ``direct`` a ``name @ url`` or a bare URL."""
    if direct is None:
        parsed, specifier = ParsedRequirement(text), _SPECIFIER.match(text)
        name, extras, marker = parsed.name, tuple(sorted(parsed.extras)), str(parsed.marker or "")
        constraint = pep440(specifier[1] if specifier else "")
    else:
        name, extras, marker, constraint = (text.partition(" @ ")[0] if " @ " in text else ""), (), "", ANY
    return Requirement(
        name=normalize(name),
        raw=text,
        ecosystem=Ecosystem.PYPI,
        place=Place(path, cell, line, 1),
        constraint=constraint,
        role=role,
        dialect=_dialect(path, role),
        group=group,
        marker=marker,
        extras=extras,
        hashes=hashes,
        direct=direct,
        template=template,
        shown_name=name,
    )


def conda_requirement(
    text: str,
    *,
    path: str = "environment.yml",
    line: int = 1,
    cell: int = 0,
    role: Role = Role.DECLARED,
    group: str = "",
    hashes: tuple[str, ...] = (),
) -> Requirement:
    """Return a conda requirement written as ``text``, a match spec."""
    spec = matchspec.parse(text)
    return Requirement(
        name=NormalizedName(spec.name),
        raw=text,
        ecosystem=Ecosystem.CONDA,
        place=Place(path, cell, line, 1),
        constraint=conda(spec.version, spec.build, text=text.partition(spec.name)[2].strip()),
        role=role,
        dialect=_dialect(path, role),
        group=group,
        hashes=hashes,
        channel=spec.channel,
        shown_name=spec.name,
    )


def _dialect(path: str, role: Role) -> str:
    if role is Role.AD_HOC:
        return "notebook_install"
    name = path.rpartition("/")[2]
    if name == "pyproject.toml":
        return "pyproject"
    return "environment_yml" if name.endswith((".yml", ".yaml")) else "requirements_txt"


def installed(
    name: str,
    version: str,
    *,
    requires: tuple[str, ...] = (),
    direct: DirectReference | None = None,
    installer: str = "pip",
    conda: str = "",
    leaked: bool = False,
    plugin: bool = False,
    extras: tuple[str, ...] = (),
    site: str = SITE,
) -> Distribution:
    """Return an installed distribution."""
    folder = f"{name.replace('-', '_')}-{version}.dist-info"
    return Distribution(
        name=normalize(name),
        shown_name=name,
        version=version,
        place=Place(f"{site}/{folder}"),
        requires=requires,
        provides_extras=extras,
        direct=direct,
        installer="conda" if conda else installer,
        site=site,
        conda=conda,
        leaked=leaked,
        plugin=plugin,
    )


def conda_package(
    name: str,
    version: str,
    build: str = "py311h1_0",
    *,
    provides: Iterable[str] = (),
    clobbered: Mapping[str, str] | None = None,
    channel: str = "conda-forge",
    sha256: str = "",
) -> CondaPackage:
    """Return a conda package as its record describes it; ``provides`` are the Python distributions that it owns."""
    return CondaPackage(
        name=NormalizedName(name),
        version=version,
        build=build,
        place=Place(f"{PREFIX}/conda-meta/{name}-{version}-{build}.json"),
        channel=channel,
        sha256=sha256,
        provides=tuple(normalize(p) for p in provides),
        clobbered=clobbered or {},
    )


def environment(
    *distributions: Distribution,
    python: str = "3.11.7",
    kind: str = "",
    packages: tuple[CondaPackage, ...] = (),
    duplicates: tuple[Distribution, ...] = (),
    problems: tuple[Problem, ...] = (),
    leaks: tuple[str, ...] = (),
    prefix: str = PREFIX,
) -> Environment:
    """Return an environment; it is conda's when it has conda packages and no other ``kind`` is given."""
    minor = ".".join(python.split(".")[:2])
    return Environment(
        prefix=prefix,
        kind=kind or ("conda" if packages else "venv"),
        python=python,
        how_found="VIRTUAL_ENV",
        markers={**MARKERS, "python_version": minor, "python_full_version": python, "implementation_version": python},
        distributions=distributions,
        duplicates=duplicates,
        conda=packages,
        problems=problems,
        leaks=leaks,
    )


def source(
    path: str = "analysis.ipynb",
    *,
    kernel: KernelClaim | None = None,
    python: str = "",
    language: str = "python",
    cells: int = 1,
) -> Source:
    """Return a source of the kind that its file name says."""
    kind = SourceKind.NOTEBOOK if path.endswith(".ipynb") else SourceKind.SCRIPT
    return Source(path, kind, language, kernel=kernel, python=python, cells=cells if kind is SourceKind.NOTEBOOK else 0)


def use(
    module: str,
    *keys: str,
    path: str = "analysis.ipynb",
    cell: int = 1,
    line: int = 1,
    kind: ImportKind = ImportKind.PLAIN,
    names: tuple[str, ...] = (),
    origin: ModuleOrigin = ModuleOrigin.THIRD_PARTY,
    certainty: Certainty = Certainty.RECORD,
    local_path: str = "",
    elsewhere: str = "",
) -> Use:
    """Return an import of ``module``; its dossier is that of the top-level name unless ``keys`` say otherwise."""
    by = source(path)
    imported = Import(module, Place(path, cell if by.kind is SourceKind.NOTEBOOK else 0, line, 1), kind, names)
    third_party = origin is ModuleOrigin.THIRD_PARTY
    found = keys or ((normalize(imported.top),) if third_party else ())
    return Use(by, imported, origin, tuple(found), certainty, local_path, elsewhere)


def declaration(
    path: str, *requirements: Requirement, python: tuple[Requirement, ...] = (), project: str = ""
) -> Declaration:
    """Return a declaration; a file of constraints or of install lines alone does not govern."""
    governs = not requirements or any(r.role is Role.DECLARED for r in requirements)
    return Declaration(path, _dialect(path, Role.DECLARED), requirements, python, governs=governs, project=project)


def evidence(
    requirements: Sequence[Requirement] = (),
    env: Environment | None = None,
    *,
    uses: Sequence[Use] = (),
    declarations: Sequence[Declaration] | None = None,
    sources: Sequence[Source] | None = None,
    same: Mapping[str, str] | None = None,
    inapplicable: Iterable[Requirement] = (),
    required_by: Mapping[str, tuple[str, ...]] | None = None,
    companion_keys: Iterable[str] = (),
    kernels: Sequence[tuple[str, KernelFact]] = (),
    files: ProjectFiles | None = None,
    problems: tuple[Problem, ...] = (),
    primary: bool = True,
    settings: Settings | None = None,
    locks: Sequence[LockFact] = (),
) -> Evidence:
    """Return the evidence of a scope.

    Declarations are made from the paths of the requirements unless given, sources from uses and install lines likewise.
    ``same`` maps conda names to the dossier keys that they share with PyPI (``{"pytorch": "torch"}``).
    """
    plain = [r for r in requirements if r.role is not Role.LOCKED]
    made = tuple(declarations) if declarations is not None else tuple(_declarations(plain))
    locks = (*locks, *_locks([r for r in requirements if r.role is Role.LOCKED]))
    views = tuple(view(fact, partial(_key_of_name, env, same or {})) for fact in locks)
    asked = [r for d in made for r in d.requirements]
    keys = {r: _key(r, env, same or {}) for r in asked if r.name}
    ad_hoc = (source(r.place.path) for r in asked if r.role is Role.AD_HOC)
    own = tuple(sources) if sources is not None else tuple(dict.fromkeys((*(u.source for u in uses), *ad_hoc)))
    scope = Scope(
        root=".",
        sources=own,
        declarations=(*made, *(fact.declaration for fact in locks)),
        environment=env,
        how_chosen=env.how_found if env else "",
        companions=own,
        primary=primary,
        files=files or ProjectFiles(),
        kernels=tuple(kernels),
        problems=problems,
        locks=tuple(locks),
    )
    return Evidence(
        scope,
        settings or Settings(),
        dict(_dossiers(keys, uses, env, required_by or {}, views)),
        tuple(uses),
        frozenset({*companion_keys, *(key for u in uses for key in u.keys)}),
        keys,
        frozenset(inapplicable),
        dependents(env) if env else {},
        views,
    )


def _declarations(requirements: Sequence[Requirement]) -> Iterator[Declaration]:
    for path, group in groupby(sorted(requirements, key=lambda r: r.place.path), key=lambda r: r.place.path):
        yield declaration(path, *group)


def _locks(entries: Sequence[Requirement]) -> Iterator[LockFact]:
    for path, group in groupby(sorted(entries, key=lambda r: r.place.path), key=lambda r: r.place.path):
        yield lock(*group, path=path)


def locked(
    text: str, *, path: str = "uv.lock", line: int = 1, needs: tuple[str, ...] = (), **parts: object
) -> Requirement:
    """Return an entry of a lock, written as a pin."""
    entry = requirement(text, path=path, line=line, role=Role.LOCKED)
    return replace(entry, needs=tuple(map(normalize, needs)), **parts)


class PlainLock(Struct, frozen=True):
    """What makes a declaration a lock; scopes carry what locks answer, so rules never ask it."""

    manager: Manager
    made_from: tuple[str, ...] = ()
    knows_needs: bool = True

    def select(self, target: Target, manifests: tuple[RawFile, ...]) -> Selection:
        """Select nothing."""
        return Selection()

    def freshness(self, manifests: tuple[RawFile, ...]) -> Freshness:
        """Tell nothing."""
        return Freshness(State.UNKNOWN)


UV = Manager("uv", "uv sync", "uv lock")


def lock(
    *entries: Requirement,
    path: str = "",
    manager: Manager = UV,
    manifests: tuple[str, ...] = ("pyproject.toml",),
    selected: Sequence[Requirement] | None = None,
    own: tuple[str, ...] = (),
    uncovered: str = "",
    state: State = State.UNKNOWN,
    departures: tuple[Departure, ...] = (),
    at_home: bool = True,
    python: tuple[Requirement, ...] = (),
    is_optional: bool = False,
) -> LockFact:
    """Return a lock as a scope carries it; all its entries are wanted unless ``selected`` says which."""
    where = path or (entries[0].place.path if entries else "uv.lock")
    held = Declaration(where, "uv_lock", entries, python, governs=False, lock=PlainLock(manager, manifests))
    wanted = tuple(entries if selected is None else selected)
    selection = Selection(() if uncovered else wanted, frozenset(map(normalize, own)), uncovered, is_optional)
    return LockFact(held, manager, selection, Freshness(state, departures), manifests, at_home, knows_needs=True)


def _key(asked: Requirement, env: Environment | None, same: Mapping[str, str]) -> str:
    return _key_of_name(env, same, asked.ecosystem, asked.name)


def _key_of_name(env: Environment | None, same: Mapping[str, str], ecosystem: Ecosystem, name: NormalizedName) -> str:
    if ecosystem is Ecosystem.PYPI:
        return name
    package = next((p for p in env.conda if p.name == name), None) if env else None
    if package and not package.provides:
        return f"conda:{name}"
    return same.get(name) or (package.provides[0] if package else normalize(name))


def _dossiers(
    keys: Mapping[Requirement, str],
    uses: Sequence[Use],
    env: Environment | None,
    required_by: Mapping[str, tuple[str, ...]],
    locks: tuple[LockView, ...],
) -> Iterator[tuple[str, Dossier]]:
    distributions = {str(d.name): d for d in reversed(env.distributions)} if env else {}
    packages = {str(p.name): p for p in env.conda} if env else {}
    for key in sorted(
        {*keys.values(), *(k for u in uses for k in u.keys), *required_by}.union(*(lock.held for lock in locks))
    ):
        requirements = tuple(r for r, k in keys.items() if k == key)
        found = distributions.get(key)
        held = tuple(entry for lock in locks for entry in lock.held.get(key, ()))
        wanted = tuple(entry for lock in locks for entry in lock.selected.get(key, ()))
        named = requirements or held
        shown = named[0].shown_name if named else found.shown_name if found else key
        owner = packages.get(found.conda) if found else packages.get(key.removeprefix("conda:"))
        mine = tuple(u for u in uses if key in u.keys)
        yield key, Dossier(key, shown, mine, requirements, found, owner, required_by.get(key, ()), wanted, held)
