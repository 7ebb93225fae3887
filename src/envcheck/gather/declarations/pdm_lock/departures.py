"""In what a pyproject.toml is no longer what its pdm.lock was made from, by meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from envcheck.gather.declarations.pdm_lock.entries import Entry
from envcheck.gather.declarations.pdm_lock.lock import PdmLock
from envcheck.gather.declarations.pdm_lock.project import Line, Project
from envcheck.gather.declarations.pdm_lock.selection import parsed
from envcheck.gather.declarations.pdm_lock.world import where
from envcheck.gather.documents.reqentry import Entry as Wanted
from envcheck.gather.documents.toml_tables import Path, places
from envcheck.gather.documents.vcs_urls import is_url
from envcheck.model.constraints import pep440
from envcheck.model.locks import Departure
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.places import Place
from envcheck.model.requirements import DirectKind, DirectReference
from envcheck.model.urls import normalize_url


class Comparison(Struct):
    """A project beside its lock; what stands where is found out with the first departure."""

    lock: PdmLock
    project: Project
    located: dict[Path, tuple[int, int]] | None = None
    named: dict[NormalizedName, list[Entry]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entry in self.lock.entries:
            self.named.setdefault(entry.name, []).append(entry)

    def departures(self) -> Iterator[Departure]:
        """Yield what the lock lacks or has otherwise than wanted, each name once, and what it was made for."""
        yield from self._python()
        groups = self.lock.groups or tuple(self.project.groups)
        for group in sorted(set(groups) - set(self.project.groups)):
            yield Departure(f"there is no group {group} any more")
        for group in sorted(set(self.project.groups) - set(groups)):
            # The default group is there without being written (``pdm lock --no-default`` leaves it out).
            for path, _ in self.project.groups[group][:1]:
                yield Departure(f"the group {group} is not locked", place=self._place(path))
        told = set()
        for group in groups:
            for departure in self.unmet(self.project.lines(group), group):
                if departure.words not in told:
                    told.add(departure.words)
                    yield departure

    def unmet(self, lines: tuple[Line, ...], group: str) -> Iterator[Departure]:
        """Yield the requirements of a group that nothing locked in it satisfies."""
        overrides = _overrides(self.project)
        for line in lines:
            wanted = parsed(line.text)
            name = normalize(wanted.name)
            if not name or name in self.project.excludes or name in ("python", self.project.name):
                continue
            words = self._fault(wanted, overrides.get(name, wanted), group)
            if words:
                yield Departure(words, name, self._place(line.path))

    def _fault(self, wanted: Wanted, effective: Wanted, group: str) -> str:
        """Return what is wrong with the entries of a name in all environments that it is wanted in."""
        region = where(wanted.marker, self.lock.scopes)
        found = [
            entry for entry in self.named.get(normalize(wanted.name), ()) if not entry.groups or group in entry.groups
        ]
        fitting = [(entry, where(entry.requirement.marker, self.lock.scopes)) for entry in found]
        here = [entry for entry, place in fitting if place & region]
        if not region:
            return ""
        if not here:
            elsewhere = normalize(wanted.name) in self.named
            return f"{wanted.name} is not locked for the group {group}" if elsewhere else f"{wanted.name} is new"
        if region - frozenset().union(*(place for _, place in fitting)):
            return f"{wanted.name} is not locked for all that it is wanted for"
        for entry in here:
            version = entry.requirement.constraint.exact
            if effective.direct or entry.requirement.direct:
                if not is_same_source(effective.direct, entry.requirement.direct):
                    return f"{wanted.name} comes from elsewhere"
            elif version and not effective.constraint.allows(version):
                return f"{wanted.name}{effective.constraint.text} does not allow {version}, which is locked"
        return ""

    def _python(self) -> Iterator[Departure]:
        wanted = self.project.document.table("project").get("requires-python")
        scopes = {scope.python for scope in self.lock.scopes}
        if isinstance(wanted, str) and len(scopes) == 1 and not is_same_range(wanted, next(iter(scopes))):
            place = self._place(("project", "requires-python"))
            yield Departure(f"requires-python is {wanted}, locked for {next(iter(scopes))}", place=place)

    def _place(self, path: Path) -> Place:
        if self.located is None:
            self.located = places(self.project.text)
        return Place(self.project.path, 0, *self.located.get(path, (0, 0)))


def _overrides(project: Project) -> Mapping[str, Wanted]:
    """Return what is wanted instead, by name (``get_requirement_from_override`` of pdm)."""
    overrides = project.resolution.get("overrides")
    found = {}
    for name, value in overrides.items() if isinstance(overrides, dict) else ():
        if isinstance(value, str):
            found[str(normalize(name))] = parsed(override_line(name, value))
    return found


def override_line(name: str, value: str) -> str:
    """Return the requirement that an override makes: a bare version is an exact one."""
    if is_url(value):
        return f"{name} @ {value}"
    try:
        pep440(value)
    except ValueError:
        return f"{name}=={value}"
    return f"{name}{value}"


def is_same_source(wanted: DirectReference | None, locked: DirectReference | None) -> bool:
    """Tell whether an entry comes from where a requirement wants it; of paths only that both are some."""
    if wanted is None or locked is None:
        return wanted is locked
    if wanted.kind is not locked.kind or wanted.editable is not locked.editable:
        return False
    if wanted.kind is DirectKind.PATH:
        return True
    if normalize_url(wanted.url) != normalize_url(locked.url):
        return False
    return wanted.revision in (locked.revision, locked.commit) if wanted.revision else locked.revision == locked.commit


def is_same_range(first: str, second: str) -> bool:
    """Tell whether two specifiers allow the same Pythons."""
    try:
        one, other = pep440(first), pep440(second)
    except ValueError:
        return first == second
    literals = {*one.literals, *other.literals}
    samples = [*literals, *(f"{text}.1" for text in literals), *(f"3.{minor}" for minor in range(25)), "2.7", "4.0"]
    return all(one.allows(sample) is other.allows(sample) for sample in samples)
