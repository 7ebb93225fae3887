"""What the manifest of a pixi.lock wants, for one of its environments on one platform."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from envcheck.gather.declarations.pixi_lock.packages import sorted_versions
from envcheck.gather.documents.pixi_entries import PixiEntry, read_entry
from envcheck.gather.documents.pixi_platforms import Platform
from envcheck.gather.documents.pixi_tables import (
    CONSTRAINTS,
    DEFAULT,
    Manifest,
    PixiEnvironment,
    Written,
    manifest_of,
    wanted,
)
from envcheck.gather.documents.reqentry import parse_entry
from envcheck.gather.documents.text import decode
from envcheck.gather.documents.toml_tables import Document, Path, parse
from envcheck.model.constraints import conda
from envcheck.model.names import Ecosystem, NormalizedName, normalize
from envcheck.model.readings import RawFile
from envcheck.model.requirements import DirectKind

_PYTHON = NormalizedName("python")
_PIXI = ("tool", "pixi")


class Source(Struct, frozen=True):
    """The manifest that a lock is made from: its file and text, and what it says."""

    path: str
    text: str
    document: Document
    manifest: Manifest
    root: tuple[str, ...]

    @property
    def is_pyproject(self) -> bool:
        """Whether it is a pyproject.toml."""
        return bool(self.root)


class Wish(Struct, frozen=True):
    """One thing that an environment wants; ``where`` leads to its text. A constraint wants nothing by itself."""

    entry: PixiEntry
    where: Path
    is_constraint: bool = False


def manifest_in(files: tuple[RawFile, ...]) -> Source | None:
    """Return the manifest that pixi takes, ``None`` when none of the files is one."""
    ranked = sorted(files, key=lambda f: f.path.rpartition("/")[2] == "pyproject.toml")
    for file in ranked:
        is_pyproject = file.path.rpartition("/")[2] == "pyproject.toml"
        text = decode(file.data).text
        document = parse(text)
        root = _PIXI if is_pyproject else ()
        if document.fault is None and document.table(*root):
            return Source(file.path, text, document, manifest_of(document, root), root)
        if not is_pyproject:
            return None
    return None


def wishes(source: Source, environment: PixiEnvironment, platform: Platform) -> Iterator[Wish]:
    """Yield what an environment wants; raises ``ValueError`` for what pixi refuses."""
    has_python = False
    for written in wanted(environment, platform):
        entry = read_entry(written.name, written.value, written.ecosystem)
        has_python = has_python or _is_default_python(written, entry)
        yield Wish(entry, written.path, is_constraint=written.table == CONSTRAINTS)
    if source.is_pyproject:
        yield from _of_project(source.document, environment, has_python=has_python)


def _is_default_python(written: Written, entry: PixiEntry) -> bool:
    is_run = written.table == "dependencies" and not written.selector
    return written.feature == DEFAULT and is_run and entry.name == _PYTHON


def _of_project(document: Document, environment: PixiEnvironment, *, has_python: bool) -> Iterator[Wish]:
    """Yield what a pyproject.toml adds: ``[project]`` to the default feature, groups to the features of their names."""
    project = document.table("project")
    features = {feature.name for feature in environment.features}
    if DEFAULT in features:
        yield from _listed(project.get("dependencies"), ("project", "dependencies"))
        python = project.get("requires-python")
        if isinstance(python, str) and not has_python:
            # ``==3.11.*`` is no exact version to conda either; the rest reads the same (``version_or_url_to_spec``).
            constraint = conda(python.strip().removeprefix("==").replace(" ", ""), text=python)
            entry = PixiEntry(_PYTHON, "python", Ecosystem.CONDA, python, constraint=constraint)
            yield Wish(entry, ("project", "requires-python"))
    for group, entries in document.table("project", "optional-dependencies").items():
        if group in features:
            yield from _listed(entries, ("project", "optional-dependencies", group))
    for group in document.table("dependency-groups"):
        if group in features:
            yield from _group(document, group, set())


def _group(document: Document, group: str, seen: set[str]) -> Iterator[Wish]:
    names = {normalize(name): name for name in document.table("dependency-groups")}
    name = names.get(normalize(group))
    if name is None or name in seen:
        return
    seen.add(name)
    entries = document.table("dependency-groups").get(name)
    yield from _listed(entries, ("dependency-groups", name))
    for entry in entries if isinstance(entries, list) else ():
        included = entry.get("include-group") if isinstance(entry, dict) else None
        if isinstance(included, str):
            yield from _group(document, included, seen)


def _listed(entries: object, path: Path) -> Iterator[Wish]:
    for number, text in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(text, str):
            found = parse_entry(text)
            name = normalize(found.name)
            yield Wish(
                PixiEntry(
                    name,
                    found.name,
                    Ecosystem.PYPI,
                    text,
                    constraint=found.constraint,
                    extras=found.extras,
                    marker=found.marker,
                    direct=found.direct,
                    odd=found.template or not name,
                ),
                (*path, number),
            )


def own_needs(source: Source) -> frozenset[tuple[str, str]] | None:
    """Return names and versions of all that a pyproject.toml says its project needs, ``None`` when it does not tell."""
    project = source.document.table("project")
    dynamic = project.get("dynamic", [])
    is_told = isinstance(dynamic, list) and not {"dependencies", "optional-dependencies"}.intersection(
        map(str, dynamic)
    )
    if not source.is_pyproject or not project or not is_told:
        return None
    lists = [project.get("dependencies"), *source.document.table("project", "optional-dependencies").values()]
    try:
        entries = [wish.entry for entries in lists for wish in _listed(entries, ())]
    except ValueError:
        return None
    # ``name[extra]`` stands for what that extra lists, and so it is locked.
    name = normalize(str(project.get("name", "")))
    return frozenset((e.name, sorted_versions(e.constraint.text)) for e in entries if e.name != name)


def all_wishes(source: Source, name: str, platform: Platform) -> list[Wish]:
    """Return what an environment wants, as far as it can be read."""
    environment = source.manifest.environments.get(name)
    found: list[Wish] = []
    try:
        for wish in wishes(source, environment, platform) if environment else ():
            found.append(wish)  # noqa: PERF402 - what came before something unreadable counts
    except ValueError:
        pass
    return found


def extras_wanted(source: Source, name: str, platform: Platform) -> dict[NormalizedName, frozenset[str]]:
    """Return the extras that an environment wants of PyPI packages by itself."""
    found: dict[NormalizedName, frozenset[str]] = {}
    for wish in all_wishes(source, name, platform):
        if wish.entry.ecosystem is Ecosystem.PYPI and wish.entry.extras:
            found[wish.entry.name] = found.get(wish.entry.name, frozenset()) | frozenset(wish.entry.extras)
    return found


def editables(source: Source, name: str, platform: Platform) -> frozenset[NormalizedName]:
    """Return the PyPI packages that an environment wants as editable: since version 7 the lock does not tell."""
    entries = (wish.entry for wish in all_wishes(source, name, platform))
    return frozenset(e.name for e in entries if e.direct and e.direct.kind is DirectKind.PATH and e.direct.editable)
