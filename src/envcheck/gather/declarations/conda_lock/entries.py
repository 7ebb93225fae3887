"""One entry of a conda-lock.yml → what is locked, for each of its categories."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from envcheck.gather.declarations.conda_lock import NAME
from envcheck.gather.documents.conda_packages import locked_package, package_file
from envcheck.gather.documents.lock_texts import locked
from envcheck.gather.documents.vcs_urls import direct_reference
from envcheck.gather.documents.yaml_values import Value, YamlMapping
from envcheck.model.declarations import Link, LinkKind
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind
from envcheck.model.requirements import DirectReference, Requirement

_MOST_CATEGORIES = 16  # of one entry: an alias could name a list of thousands at every entry
_HASHES = ("md5", "sha256")


class EntryReader(Struct):
    """Reads entries one after the other; ``links`` are the channels of their URLs and indexes with credentials."""

    path: str
    entries: list[Requirement] = field(default_factory=list)
    links: dict[str, Link] = field(default_factory=dict)
    _nameless: list[int] = field(default_factory=list)
    _versionless: list[tuple[str, int]] = field(default_factory=list)
    _needs: dict[tuple[int, bool], tuple[NormalizedName, ...]] = field(default_factory=dict)

    def read(self, each: Value) -> None:
        """Read one entry; one without name or manager is noted and left out."""
        line = each.line if isinstance(each, YamlMapping) else 0
        manager = each.text("manager") if isinstance(each, YamlMapping) else ""
        if not isinstance(each, YamlMapping) or not each.text("name") or manager not in ("conda", "pip"):
            self._nameless.append(line)
            return
        if manager == "conda" and each.text("name").startswith("__"):  # CEP 30: what the machine is
            return
        place = Place(self.path, 0, line, 1 if line else 0)
        make = self._package if manager == "conda" else self._distribution
        for group in _groups(each):
            self.entries.append(make(each, place, group))

    def _package(self, each: YamlMapping, place: Place, group: str) -> Requirement:
        file = package_file(each.text("url"))
        version = each.text("version") or (file.version if file else "")
        if not version:
            self._versionless.append((each.text("name"), each.line))
        if file and file.channel not in self.links:
            self.links[file.channel] = Link(LinkKind.CHANNEL, file.channel, place)
        return locked_package(
            each.text("name"),
            version,
            each.text("build") or (file.build if file else ""),
            place,
            NAME,
            channel=file.channel if file else "",
            platform=each.text("platform"),
            group=group,
            hashes=_hashes(each),
            needs=self._names(each, is_conda=True),
        )

    def _distribution(self, each: YamlMapping, place: Place, group: str) -> Requirement:
        direct = _direct(each)
        if not (each.text("version") or direct):
            self._versionless.append((each.text("name"), each.line))
        self._note_credentials(each.text("url"), place)
        return locked(
            each.text("name"),
            each.text("version"),
            place,
            NAME,
            group=group,
            hashes=() if direct else _hashes(each),  # conda-lock writes the commit of a repository as a sha256
            direct=direct,
            needs=self._names(each, is_conda=False),
            platform=each.text("platform"),
        )

    def _note_credentials(self, url: str, place: Place) -> None:
        scheme, _, rest = url.partition("://")
        host = rest.partition("/")[0]
        if "@" in host:
            index = f"{scheme}://{host}/"
            self.links.setdefault(index, Link(LinkKind.INDEX, index, place))

    def _names(self, each: YamlMapping, *, is_conda: bool) -> tuple[NormalizedName, ...]:
        # Made once for each mapping: aliases can hang the same large one on every entry.
        wanted = each.mapping("dependencies")
        key = (id(wanted), is_conda) if wanted else (0, is_conda)
        if key not in self._needs:
            self._needs[key] = needs_of(wanted, is_conda=is_conda)
        return self._needs[key]

    def problems(self) -> list[Problem]:
        """Return what is wrong with entries: one problem for all that miss the same."""
        found = []
        if self._nameless:
            what = f"an entry without name or manager{_more(len(self._nameless))}"
            found.append(self._problem(self._nameless[0], what))
        if self._versionless:
            name, line = self._versionless[0]
            found.append(self._problem(line, f"{name}: an entry without version{_more(len(self._versionless))}"))
        return found

    def _problem(self, line: int, what: str) -> Problem:
        place = Place(self.path, 0, line, 1 if line else 0)
        return Problem(ProblemKind.INVALID_REQUIREMENT, place, what, "lock again with conda-lock")


def needs_of(names: Iterable[str], *, is_conda: bool) -> tuple[NormalizedName, ...]:
    """Return the names that an entry needs, without what the machine is (CEP 30)."""
    wanted = (name for name in names if not name.startswith("__"))
    return tuple(NormalizedName(name.lower()) if is_conda else normalize(name) for name in wanted)


def _more(count: int) -> str:
    return f" (and {count - 1} more like it)" if count > 1 else ""


def _groups(each: YamlMapping) -> tuple[str, ...]:
    """Return the categories of an entry; whatever belongs to main is for everybody and needs no other one."""
    named = texts(each.get("categories"))[:_MOST_CATEGORIES] or (each.text("category") or "main",)
    return ("",) if "main" in named else tuple(dict.fromkeys(named))


def _hashes(each: YamlMapping) -> tuple[str, ...]:
    recorded = each.mapping("hash")
    return tuple(f"{kind}:{recorded.text(kind).lower()}" for kind in _HASHES if recorded.text(kind))


def _direct(each: YamlMapping) -> DirectReference | None:
    source = each.mapping("source")
    if source.text("type") != "url" or not source.text("url"):
        return None
    try:
        return direct_reference(source.text("url"))
    except ValueError:
        return None


def texts(value: Value | None) -> tuple[str, ...]:
    """Return the texts of a list, without what is none."""
    return tuple(text for text in value if isinstance(text, str)) if isinstance(value, list) else ()
