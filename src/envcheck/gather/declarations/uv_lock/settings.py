"""The settings that a uv.lock recorded against those of the manifests: Pythons, members, environments, resolution."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from envcheck.gather.declarations.uv_lock.manifests import Manifest, python_marker
from envcheck.gather.documents.marker_algebra import truths
from envcheck.gather.documents.toml_values import table, tables, text, texts
from envcheck.model.constraints import ANY, Constraint, pep440
from envcheck.model.globs import Pattern
from envcheck.model.locks import Departure
from envcheck.model.names import normalize
from envcheck.model.urls import redact

if TYPE_CHECKING:
    from envcheck.gather.declarations.uv_lock.lock import UvLock

_OPTIONS = (
    ("resolution", "resolution-mode", "highest"),
    ("prerelease", "prerelease-mode", "if-necessary-or-explicit"),
    ("fork-strategy", "fork-strategy", "requires-python"),
)
_ENVIRONMENTS = (("environments", "supported-markers"), ("required-environments", "required-markers"))
_LIBC = "minimum-libc-version"
_INDEXES = ("index-url", "extra-index-url", "find-links")
_Conflict = frozenset[tuple[str, ...]]
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?([Zz]|[+]00:00)")


def compare_settings(
    lock: UvLock, root: Manifest, members: list[Manifest], settings: Manifest | None
) -> tuple[list[Departure], bool]:
    """Return what differs, and whether all of it could be compared; ``settings`` is a uv.toml that takes precedence."""
    chosen = settings.document.tables if settings else root.uv
    recorded = lock.recorded
    words = [
        *_pythons(recorded, members),
        *_options(recorded, chosen),
        *_environments(recorded, root),
        *_excluded(lock, root),
    ]
    if not root.is_script:
        words += _members(lock, root)
    words += _indexes(lock, [chosen, root.uv, *(member.uv for member in members)])
    found, complete = _conflicts(recorded, root, members)
    described, known = _described(recorded, root)
    return [Departure(each) for each in (*words, *found, *described)], complete and known


def _pythons(recorded: Mapping[str, object], members: Iterable[Manifest]) -> Iterator[str]:
    """Compare the Pythons that all members allow with those of the lock, by what they allow."""
    wanted = text(recorded.get("requires-python"))
    found = [
        text((member.document.tables if member.is_script else member.project).get("requires-python"))
        for member in members
    ]
    together = ",".join(filter(None, found))
    if not together:
        return  # uv takes the Python that it runs with
    if not same_pythons(together, wanted):
        yield f"requires-python is {together} now, not {wanted}"


def same_pythons(left: str, right: str) -> bool:
    """Tell whether two specifiers begin and end with the same Pythons; uv does not care for gaps between them."""
    ours, theirs = (
        [index for index, holds in enumerate(truth) if holds]
        for truth in truths([python_marker(left), python_marker(right)])
    )
    return (ours[:1], ours[-1:]) == (theirs[:1], theirs[-1:])


def _members(lock: UvLock, root: Manifest) -> Iterator[str]:
    """Compare the members of the workspace with what its patterns name, as far as that can be told without looking."""
    workspace = table(root.uv.get("workspace"))
    recorded = set(lock.members)
    places = {package.name: posixpath.normpath(package.target or ".") for package in lock.packages if package.is_tree}
    if recorded and "workspace" not in root.uv:
        yield "the project is no workspace any more"
        return
    patterns, excluded = texts(workspace.get("members")), texts(workspace.get("exclude"))
    for name in sorted(recorded):
        path = places.get(name, "")
        if path == "." or not path:
            continue
        if not _matches(path, patterns) or _matches(path, excluded):
            yield f"{name} ({path}) is no member of the workspace any more"
    for pattern in patterns:
        path = posixpath.normpath(pattern)
        if not re.search(r"[*?\[]", path) and path not in (".", *places.values()) and not _matches(path, excluded):
            yield f"{path} is a new member of the workspace"


def _matches(path: str, patterns: Iterable[str]) -> bool:
    parts = path.split("/")
    split = (posixpath.normpath(pattern).split("/") for pattern in patterns)
    return any(Pattern(tuple(each), negated=False, folders_only=False).matches(parts) for each in split)


def _options(recorded: Mapping[str, object], chosen: Mapping[str, object]) -> Iterator[str]:
    options = table(recorded.get("options"))
    for key, recorded_key, default in _OPTIONS:
        ours, theirs = text(chosen.get(key)) or default, text(options.get(recorded_key)) or default
        if ours != theirs:
            yield f"{key} is {ours} now, not {theirs}"
    if table(chosen.get(_LIBC)) != table(options.get(_LIBC)):
        yield f"{_LIBC} is other now"
    wanted = text(chosen.get("exclude-newer"))
    span, moment = text(options.get("exclude-newer-span")), text(options.get("exclude-newer"))
    if bool(wanted) is not bool(span or moment):
        yield f"exclude-newer is {wanted or 'not set'} now, not {span or moment or 'not set'}"
    elif wanted and not span and not _same_moment(wanted, moment):
        yield f"exclude-newer is {wanted} now, not {moment}"
    ours_of, theirs_of = table(chosen.get("exclude-newer-package")), table(options.get("exclude-newer-package"))
    for name in sorted(set(map(normalize, ours_of)) ^ set(map(normalize, theirs_of))):
        yield f"exclude-newer of {name} is other now"


def _same_moment(wanted: str, moment: str) -> bool:
    """Tell whether two moments may be the same; of a mere date only its day counts, which ends where uv ran."""
    ours, theirs = _MOMENT.fullmatch(wanted), _MOMENT.fullmatch(moment)
    if not ours or not theirs:
        return True
    return (ours[1], ours[2].removesuffix(":00")) == (theirs[1], theirs[2].removesuffix(":00"))


def _environments(recorded: Mapping[str, object], root: Manifest) -> Iterator[str]:
    python = _specifier(text(recorded.get("requires-python")))
    for key, recorded_key in _ENVIRONMENTS:
        value = root.uv.get(key)
        ours, theirs = texts([value] if isinstance(value, str) else value), texts(recorded.get(recorded_key))
        meant = truths([*ours, *theirs], python)
        if meant[: len(ours)] != meant[len(ours) :]:
            yield f"{key} of [tool.uv] are others now"


def _specifier(wanted: str) -> Constraint:
    try:
        return pep440(wanted)
    except ValueError:
        return ANY


def _excluded(lock: UvLock, root: Manifest) -> Iterator[str]:
    ours = set(map(normalize, texts(root.uv.get("exclude-dependencies"))))
    theirs = set(map(normalize, texts(table(lock.recorded.get("manifest")).get("excludes"))))
    locked = {package.name for package in lock.packages}
    for name in sorted((ours & (theirs | locked)) ^ theirs):
        yield f"{name} is {'excluded' if name in ours else 'not excluded any more'}"


def _conflicts(recorded: Mapping[str, object], root: Manifest, members: Iterable[Manifest]) -> tuple[list[str], bool]:
    """Compare the sets of extras and groups that exclude each other."""
    theirs = _sets(recorded.get("conflicts"), "")
    ours: set[_Conflict] = set()
    for manifest in {each.path: each for each in (root, *members)}.values():
        if not manifest.is_script:
            ours |= _sets(manifest.uv.get("conflicts"), manifest.name)
    if ours == theirs:
        return [], True
    includes = any(not isinstance(entry, str) for each in _groups(root) for entry in each)
    if ours < theirs and includes:
        return [], False  # uv adds the groups that include one of a set
    return ["conflicts of [tool.uv] are others now"], True


def _groups(root: Manifest) -> Iterator[list[object]]:
    yield from (each for each in root.document.table("dependency-groups").values() if isinstance(each, list))


def _sets(value: object, project: str) -> set[_Conflict]:
    lists = map(tables, value if isinstance(value, list) else ())
    return {frozenset(_item(each, project) for each in items) for items in lists} - {frozenset()}


def _item(entry: Mapping[str, object], project: str) -> tuple[str, ...]:
    package, extra, group = (normalize(text(entry.get(key))) for key in ("package", "extra", "group"))
    return package or project, extra, group


def _described(recorded: Mapping[str, object], root: Manifest) -> tuple[list[str], bool]:
    """Compare ``dependency-metadata``: what the manifest says of packages in place of their own metadata."""
    ours = tables(root.uv.get("dependency-metadata"))
    theirs = tables(table(recorded.get("manifest")).get("dependency-metadata"))
    if {_description(each) for each in ours} == {_description(each) for each in theirs}:
        return [], True
    left, right = ({normalize(text(entry.get("name"))) for entry in entries} for entries in (ours, theirs))
    return [f"dependency-metadata of {name} is other now" for name in sorted(left ^ right)], left != right


def _description(entry: Mapping[str, object]) -> tuple[object, ...]:
    keys = ("requires-dist", "requires_dist"), ("requires-python", "requires_python"), ("provides-extras",)
    name, version = normalize(text(entry.get("name"))), text(entry.get("version"))
    values = (next((entry[key] for key in each if key in entry), None) for each in keys)
    return (name, version, *(str(value).replace(" ", "").replace('"', "'") for value in values))


def _indexes(lock: UvLock, settings: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Yield registries of the lock that are not set any more, where any is set."""
    named: set[str] = set()
    for each in settings:
        entries = (each.get(key) for key in _INDEXES)
        urls = chain.from_iterable(texts([entry] if isinstance(entry, str) else entry) for entry in entries)
        named |= {*urls, *(text(index.get("url")) for index in tables(each.get("index")))}
        if any(index.get("default") is True for index in tables(each.get("index"))) or each.get("index-url"):
            named.add("")
    if not named:
        return
    known = {_index(url, lock.folder) for url in named}
    for registry in sorted({package.target for package in lock.packages if package.kind == "registry"}):
        if _index(registry, lock.folder) not in known and ("" in named or "://" not in registry):
            yield f"the index {redact(registry)} is not set any more"


def _index(url: str, folder: str) -> str:
    if "://" in url:
        return re.sub(r"(?<=://)[^/@]*@", "", url).rstrip("/")
    return posixpath.normpath(posixpath.join("/", folder, url))
