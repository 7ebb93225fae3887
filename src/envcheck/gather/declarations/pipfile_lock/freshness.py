"""Whether a Pipfile.lock follows its Pipfile, as ``pipenv verify`` tells it, and in what it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from envcheck.gather.declarations.pipfile_lock.lock import PipfileLock
from envcheck.gather.documents.lock_texts import tables_in
from envcheck.gather.documents.pipfile_tables import categories, read_spec
from envcheck.gather.documents.reqentry import Entry, InvalidEntry
from envcheck.gather.documents.text import decode
from envcheck.gather.documents.toml_tables import Document, Path, parse, places
from envcheck.model.locks import Departure, Freshness, State
from envcheck.model.names import normalize
from envcheck.model.places import Place
from envcheck.model.readings import RawFile
from envcheck.model.requirements import DirectKind, Requirement
from envcheck.model.urls import normalize_url

_UNKNOWN = Freshness(State.UNKNOWN)
_KEYS = {"": "packages"}
# ``Pipfile.calculate_hash`` of pipenv: what is none of these is a category to it, even [build-system].
_SECTIONS = frozenset(
    ["source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv", "default", "develop"]
)
_USUAL = "ea54b0bbe7265718f693c8ad30c2c2275f64f0b1105ee0b550aff3561d73124d"
"""The SHA-256 of the sources, as JSON, that pipenv takes when a Pipfile names none."""


def judged(lock: PipfileLock, manifests: tuple[RawFile, ...]) -> Freshness:
    """Return the state of a lock; without a Pipfile, or in a lock without a hash, nothing can be told."""
    file = next((one for one in manifests if one.path in lock.made_from), None)
    if file is None or not lock.digest:
        return _UNKNOWN
    text = decode(file.data).text
    document = parse(text)
    if document.fault:
        return _UNKNOWN
    has_sources = "source" in document.tables
    sources: object = document.tables["source"] if has_sources else list(lock.sources)
    digests = [_digest(document.tables, sources, spelling) for spelling in (normalize, str)]
    # A Pipfile without sources is hashed with the usual ones, whatever else was recorded (PIPENV_PYPI_MIRROR).
    is_known = has_sources or _sha256(sources) == _USUAL
    if lock.digest in digests and is_known:
        return Freshness(State.FRESH)
    departures = tuple(_departures(lock, document, text, file.path))
    if lock.digest in digests:
        departures += (Departure("the sources are gone"),)
    return Freshness(State.CHANGED, departures) if departures or (is_known and any(digests)) else _UNKNOWN


def _digest(tables: Mapping[str, object], sources: object, spelling: Callable[[str], str]) -> str:
    def spelled(key: str) -> object:
        table = tables.get(key, {})
        return {spelling(name): spec for name, spec in table.items()} if isinstance(table, dict) else table

    content: dict[str, object] = {
        "_meta": {"sources": sources, "requires": tables.get("requires", {})},
        "default": spelled("packages"),
        "develop": spelled("dev-packages"),
        **{key: spelled(key) for key in tables if key not in _SECTIONS},
    }
    return _sha256(content)


def _sha256(content: object) -> str:
    """Return the digest of a value as JSON, empty when it cannot be JSON (dates)."""
    import hashlib
    import json

    try:
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        return ""
    return hashlib.sha256(text.encode()).hexdigest()


def _departures(lock: PipfileLock, document: Document, text: str, path: str) -> Iterator[Departure]:
    """Yield what the lock lacks or has otherwise than wanted, and what it was made for."""
    located = places(text)
    locked = {(entry.group, entry.name): entry for entry in lock.entries}
    for group, table in categories(document.tables):
        for name, spec in table.items():
            words = _fault(name, spec, locked.get((group, normalize(name))))
            if words:
                yield Departure(words, normalize(name), _place(path, located, (_KEYS.get(group, group), name)))
    requires = document.table("requires")
    for key in ("python_version", "python_full_version"):
        now, before = requires.get(key), lock.requires.get(key)
        if now != before:
            place = _place(path, located, ("requires", key))
            yield Departure(f"{key} is {now or 'gone'}, locked for {before or 'any'}", place=place)
    now_urls = [one.get("url") for one in tables_in(document.tables, "source")]
    if now_urls and now_urls != [one.get("url") for one in lock.sources]:
        yield Departure("the sources are others", place=_place(path, located, ("source", 0, "url")))


def _place(path: str, located: Mapping[Path, tuple[int, int]], key: Path) -> Place:
    line = located.get(key) or next((place for one, place in located.items() if one[: len(key)] == key), (0, 0))
    return Place(path, 0, *line)


def _fault(name: str, spec: object, entry: Requirement | None) -> str:
    """Return what is wrong with the entry of a requirement, empty when it may be what the requirement asks for."""
    try:
        wanted = read_spec(name, spec)
    except InvalidEntry:
        return f"{name} is no requirement any more"
    if entry is None:
        return f"{name} is new"
    if not _is_same_source(wanted, entry):
        return f"{name} comes from elsewhere"
    version = entry.constraint.exact
    if version and not wanted.constraint.allows(version):
        return f"{name}{wanted.constraint.text} does not allow {version}, which is locked"
    return ""


def _is_same_source(wanted: Entry, entry: Requirement) -> bool:
    one, other = wanted.direct, entry.direct
    if one is None or other is None:
        return one is other
    if one.kind is not other.kind or one.editable is not other.editable:
        return False
    # What a branch or tag was when it was locked is a commit now, which nothing here can compare.
    return one.kind is DirectKind.PATH or normalize_url(one.url) == normalize_url(other.url)
