"""The text of a Pipfile.lock → its declaration."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from envcheck.gather.declarations.pipfile_lock import NAME
from envcheck.gather.declarations.pipfile_lock.lock import RENEW, PipfileLock
from envcheck.gather.documents.faults import Fault, encoding_problems
from envcheck.gather.documents.lock_texts import conflict, locked, tables_in, text_in, texts_in, unreadable, unsupported
from envcheck.gather.documents.pep508 import read_python
from envcheck.gather.documents.pipfile_tables import categories, read_spec
from envcheck.gather.documents.reqentry import InvalidEntry
from envcheck.gather.documents.reqfile import Origin, invalid
from envcheck.gather.documents.text import decode
from envcheck.model.declarations import Declaration, Link, LinkKind
from envcheck.model.places import Place
from envcheck.model.readings import Problem, RawFile, Reading
from envcheck.model.requirements import Requirement, Role

_SPEC = 6
"""The one ``pipfile-spec`` there has been since 2017."""
_META = re.compile(r'^([ \t]+)"_meta"', re.MULTILINE)


def read_lock(file: RawFile) -> Reading[Declaration]:
    """Return the locked entries, or what keeps them from being read."""
    text = decode(file.data)
    nothing = Declaration(file.path, NAME, governs=False, encoding=text.encoding)
    tables = _tables(text.text)
    if isinstance(tables, Fault):
        return Reading(nothing, (unreadable(tables, file.path, RENEW),))
    meta = tables.get("_meta")
    spec = meta.get("pipfile-spec") if isinstance(meta, dict) else None
    if not isinstance(meta, dict) or spec != _SPEC:
        what = f"pipfile-spec {spec}" if spec is not None else "no lock of pipenv: it has no pipfile-spec"
        return Reading(nothing, (unsupported(file.path, what, RENEW),))
    reader = _Reader(file.path, _lines(text.text), meta)
    found = list(reader.entries(tables))
    entries = tuple(sorted((one for one in found if isinstance(one, Requirement)), key=lambda one: one.group != ""))
    problems = tuple(one for one in found if isinstance(one, Problem))
    declaration = Declaration(
        file.path,
        NAME,
        entries,
        tuple(reader.python()),
        tuple(reader.links()),
        governs=False,
        encoding=text.encoding,
        lock=reader.lock(entries),
    )
    return Reading(declaration, (*encoding_problems(text, file.path), *problems))


def _tables(text: str) -> Mapping[str, object] | Fault:
    import json

    fault = conflict(text)
    if fault:
        return fault
    try:
        tables = json.loads(text)
    except json.JSONDecodeError as error:
        return Fault(f"no JSON: {error.msg.lower()}", error.lineno, error.colno)
    except (RecursionError, ValueError) as error:  # too deep, or a number of too many digits
        return Fault(str(error))
    return tables if isinstance(tables, dict) else Fault("no JSON object", 1, 1)


def _lines(text: str) -> Mapping[tuple[str, str], int]:
    """Return the lines of the entries by category and name, for a text with one key on a line, as pipenv has it."""
    meta = _META.search(text)
    if meta is None:
        return {}
    indent = re.escape(meta[1])
    key = rf'^{indent}(?P<inner>{indent})?"(?P<key>(?:[^"\\\n]|\\.)*)"[ \t]*:'
    found, category, number, position = {}, "", 1, 0
    for match in re.finditer(key, text, re.MULTILINE):
        if not match["inner"]:
            category = match["key"]
            continue
        number += text.count("\n", position, match.start())
        position = match.start()
        found[category, match["key"]] = number
    return found


class _Reader:
    """Makes entries of the categories of one lock."""

    def __init__(self, path: str, lines: Mapping[tuple[str, str], int], meta: Mapping[str, object]) -> None:
        self._path = path
        self._lines = lines
        self._meta = meta
        self._sources = tables_in(meta, "sources")
        self._indexes = {text_in(source, "name"): text_in(source, "url") for source in reversed(self._sources)}

    def entries(self, tables: Mapping[str, object]) -> Iterator[Requirement | Problem]:
        """Yield the entries of all categories, and what cannot be one."""
        keys = {id(table): key for key, table in tables.items()}
        for group, table in categories(tables):
            for name, spec in table.items():
                line = self._lines.get((keys[id(table)], name), 0)
                place = Place(self._path, 0, line, 1 if line else 0)
                try:
                    yield self._entry(name, spec, place, group)
                except InvalidEntry as error:
                    yield invalid(place, name, error.reason, f"lock again with {RENEW}")

    def _entry(self, name: str, spec: object, place: Place, group: str) -> Requirement:
        wanted = read_spec(name, spec)
        table = spec if isinstance(spec, dict) else {}
        return locked(
            wanted.name,
            wanted.constraint.exact or "",
            place,
            NAME,
            marker=wanted.marker,
            group=group,
            extras=wanted.extras,
            hashes=texts_in(table, "hashes"),
            direct=wanted.direct,
            index="" if wanted.direct else self._index(table),
        )

    def _index(self, table: Mapping[str, object]) -> str:
        """Return the URL of an entry's index; one that names none comes from the first."""
        named = text_in(table, "index")
        return self._indexes.get(named, "") if named else next((text_in(one, "url") for one in self._sources), "")

    def python(self) -> Iterator[Requirement]:
        """Yield the demand on Python."""
        requires = self._meta.get("requires")
        for key, ending in (("python_full_version", ""), ("python_version", ".*")):
            version = text_in(requires, key).strip() if isinstance(requires, dict) else ""
            if version and version != "*":
                place = Place(self._path, 0, self._lines.get(("_meta", "requires"), 0))
                text = f"=={version}{ending}" if version[0].isdigit() and "*" not in version else version
                found = read_python(text, Origin(place, NAME, Role.LOCKED), place)
                if isinstance(found, Requirement):
                    yield found
                return

    def links(self) -> Iterator[Link]:
        """Yield the indexes, in order."""
        place = Place(self._path, 0, self._lines.get(("_meta", "sources"), 0))
        for url in dict.fromkeys(text_in(source, "url") for source in self._sources):
            if url:
                yield Link(LinkKind.INDEX, url, place)

    def lock(self, entries: tuple[Requirement, ...]) -> PipfileLock:
        """Return what the lock knows beside its entries."""
        digest, requires = self._meta.get("hash"), self._meta.get("requires")
        return PipfileLock(
            self._path,
            entries,
            text_in(digest, "sha256") if isinstance(digest, dict) else "",
            self._sources,
            requires if isinstance(requires, dict) else {},
        )
