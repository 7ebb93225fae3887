"""``[metadata.lock_inputs]`` (pdm 2.29): the names that a lock was made from, without versions, and other inputs.

After ``pdm/project/lockfile/freshness.py``: a lock is fresh when the inputs are the same and what is locked satisfies
every requirement. Requirements of URLs and paths are recorded as fingerprints of their normal form.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Mapping

from msgspec import Struct, field

from envcheck.gather.declarations.pdm_lock.departures import Comparison, is_same_range
from envcheck.gather.declarations.pdm_lock.entries import DEFAULT, from_root
from envcheck.gather.declarations.pdm_lock.freshness import members_of
from envcheck.gather.declarations.pdm_lock.project import Line, Project, read_project
from envcheck.gather.declarations.pdm_lock.selection import parsed
from envcheck.gather.declarations.pdm_lock.world import where
from envcheck.gather.documents.lock_texts import tables_in, text_in, texts_in
from envcheck.gather.documents.reqentry import Entry as Wanted
from envcheck.model.locks import Departure, Freshness, State
from envcheck.model.readings import RawFile
from envcheck.model.requirements import DirectKind

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_OPAQUE = "url-sha256:"
_VOLATILE = ("dependencies", "optional-dependencies", "requires-python", "version")
_SECRET = ("username", "password")
_LISTS = ("include_packages", "exclude_packages")


def judged_inputs(comparison: Comparison, manifests: tuple[RawFile, ...]) -> Freshness:
    """Return the state of a lock that recorded its inputs."""
    judgement = _Judgement(comparison, {file.path: file for file in manifests})
    recorded = comparison.lock.inputs or {}
    judgement.project(comparison.project, _table(recorded, "project"))
    workspace = _table(recorded, "workspace")
    members = members_of(comparison.project, manifests)
    for folder in sorted({*workspace, *members}):
        if folder not in members:
            judgement.unseen = True
        else:
            judgement.project(members[folder], _table(workspace, folder))
            judgement.unmet(members[folder], (DEFAULT,))
    judgement.unmet(comparison.project, comparison.lock.groups or (DEFAULT,))
    departures = tuple(dict.fromkeys(judgement.departures))
    if departures:
        return Freshness(State.CHANGED, departures)
    return Freshness(State.UNKNOWN if judgement.unseen else State.FRESH)


class _Judgement(Struct):
    """Collects what differs; ``unseen`` is set when something that counts is not among the manifests."""

    comparison: Comparison
    manifests: Mapping[str, RawFile]
    unseen: bool = False
    departures: list[Departure] = field(default_factory=list)

    def project(self, project: Project, recorded: Mapping[str, object]) -> None:
        """Compare the inputs of one project with what is recorded of it."""
        metadata = project.document.table("project")
        if not is_same_range(text_in(metadata, "requires-python"), text_in(recorded, "requires-python")):
            self._tell("requires-python is another")
        resolution = {key: value for key, value in project.resolution.items() if key != "lock_inputs"}
        if _plain(resolution) != _plain(_table(recorded, "resolution")):
            self._tell("[tool.pdm.resolution] is another")
        sources = tables_in(project.document.table("tool", "pdm"), "source")
        if [_source(one) for one in sources] != list(tables_in(recorded, "sources")):
            self._tell("[[tool.pdm.source]] are others")
        if "package" in recorded and _package(project) != recorded["package"]:
            self._tell(f"{project.path} describes another distribution")
        if {*_VOLATILE}.intersection(texts_in(metadata, "dynamic")) and "package" in recorded:
            self._tell(f"{project.path} has dynamic metadata, which is never fresh to pdm")
        self._groups(project, recorded)

    def _groups(self, project: Project, recorded: Mapping[str, object]) -> None:
        groups = _table(recorded, "groups")
        for group in sorted({*groups} ^ {*project.groups}):
            self._tell(f"the group {group} is {'gone' if group in groups else 'new'}")
        local = _table(recorded, "local")
        for group in sorted({*groups} & {*project.groups}):
            lines = project.lines(group)
            wanted = Counter(self._input(project, line) for line in lines)
            before = Counter(map(self._recorded, texts_in(groups, group)))
            if wanted - before or not _are_members(before - wanted, project):
                self._tell(f"the requirements of {group} are others")
            for line in lines:
                self._local(project, line, local)

    def _input(self, project: Project, line: Line) -> object:
        wanted = parsed(line.text)
        if wanted.direct or line.text.startswith("-e "):
            return _opaque(_normal_line(line.text, wanted, self._folder(project, wanted)))
        return self._meaning(wanted)

    def _recorded(self, text: str) -> object:
        return text if text.startswith(_OPAQUE) else self._meaning(parsed(text))

    def _meaning(self, wanted: Wanted) -> object:
        name = _shown(wanted.name)
        region = where(wanted.marker, ()) if wanted.marker else None
        return name, frozenset(wanted.extras), region

    def _local(self, project: Project, line: Line, local: Mapping[str, object]) -> None:
        """Compare a folder that a requirement names with what is recorded of it."""
        wanted = parsed(line.text)
        if not wanted.direct or wanted.direct.kind is not DirectKind.PATH:
            return
        found = self._folder(project, wanted)
        recorded = local.get(_opaque(_normal_line(line.text, wanted, found)))
        if found is None or not isinstance(recorded, dict):
            self.unseen = self.unseen or isinstance(recorded, dict) or found is None
        elif found.is_valid and "volatile" not in recorded:
            self.project(found, recorded)
            self.unmet(found, (DEFAULT,))
        else:
            self._tell(f"{wanted.name} has dynamic metadata, which is never fresh to pdm")

    def _folder(self, project: Project, wanted: Wanted) -> Project | None:
        if not wanted.direct or wanted.direct.kind is not DirectKind.PATH:
            return None
        folder = from_root(wanted.direct.url)
        path = posixpath.normpath(posixpath.join(posixpath.dirname(project.path), folder, "pyproject.toml"))
        file = self.manifests.get(path)
        return read_project(file) if file else None

    def unmet(self, project: Project, groups: tuple[str, ...]) -> None:
        """Note the requirements of a project that the lock does not satisfy."""
        beside = Comparison(self.comparison.lock, project)
        for group in groups:
            self.departures += beside.unmet(project.lines(group), group)

    def _tell(self, words: str) -> None:
        self.departures.append(Departure(words))


def _are_members(rest: Counter[object], project: Project) -> bool:
    """Tell whether all that is left of a record may be members of a workspace, which nobody writes down.

    Their fingerprints are those of absolute paths with some build backends, and compared as members anyway.
    """
    return not rest or (bool(project.members) and all(isinstance(one, str) and one.startswith(_OPAQUE) for one in rest))


def _table(table: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = table.get(key)
    return found if isinstance(found, dict) else {}


def _shown(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name)


def _opaque(text: str) -> str:
    return _OPAQUE + _digest(text)


def _digest(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()


def _normal_line(text: str, wanted: Wanted, local: Project | None) -> str:
    """Return a requirement of a URL as pdm spells it (``FileRequirement.as_line``)."""
    is_editable = text.startswith("-e ")
    body, _, marker = text.removeprefix("-e ").strip().partition(" ;" if ";" in text else "\0")
    url, _, fragment = body.partition("@ ")[2 if not is_editable and "@ " in body else 0].strip().partition("#")
    egg = re.search(r"(?:^|&)egg=([^&\[]+)", fragment)
    subdirectory = re.search(r"(?:^|&)subdirectory=([^&]+)", fragment)
    written = egg[1] if egg else text_in(local.document.table("project"), "name") if local else ""
    name = _shown(written or wanted.name)
    extras = f"[{','.join(sorted(wanted.extras))}]" if wanted.extras and name else ""
    fragments = [subdirectory[0].lstrip("&")] if subdirectory else []
    if is_editable and name:
        fragments.insert(0, f"egg={name}{extras}")
    ending = f"#{'&'.join(fragments)}" if fragments else ""
    condition = f" ; {wanted.marker}" if marker else ""
    if is_editable:
        return f"-e {url}{ending}{condition}"
    return f"{name}{extras}{' @ ' if name else ''}{url}{ending}{condition}"


def _plain(value: object) -> object:
    """Return a value with the URLs in it as fingerprints, and dates as texts."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, str):
        return f"sha256:{_digest(value)}" if _URL.search(value) else value
    return value if isinstance(value, (bool, int, float)) else str(value)


def _source(table: Mapping[str, object]) -> Mapping[str, object]:
    found = {key: value for key, value in table.items() if key not in _SECRET}
    if isinstance(found.get("url"), str):
        found["url"] = f"sha256:{_digest(text_in(found, 'url'))}"
    for key in _LISTS:
        if key in found:
            found[key] = sorted(texts_in(found, key))
    plain = _plain(found)
    return plain if isinstance(plain, dict) else {}


def _package(project: Project) -> Mapping[str, object]:
    metadata, settings = project.document.table("project"), project.document.table("tool", "pdm")
    is_distribution = settings.get("distribution", True)
    if "package-type" in settings:
        is_distribution = settings["package-type"] == "library"
    return {
        "build-system": _plain(dict(project.document.table("build-system"))),
        "distribution": bool(project.name) and is_distribution,
        "dynamic": sorted(texts_in(metadata, "dynamic")),
        "name": text_in(metadata, "name"),
        "version": text_in(metadata, "version"),
    }
