"""The text of a pdm.lock → its declaration."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from envcheck.gather.declarations.pdm_lock import NAME
from envcheck.gather.declarations.pdm_lock.entries import Entry, merged, read_entry
from envcheck.gather.declarations.pdm_lock.lock import RENEW, PdmLock
from envcheck.gather.declarations.pdm_lock.targets import read_scopes
from envcheck.gather.documents.faults import encoding_problems
from envcheck.gather.documents.lock_texts import (
    conflict,
    lines_of,
    tables_in,
    text_in,
    texts_in,
    unreadable,
    unsupported,
)
from envcheck.gather.documents.pep508 import read_python
from envcheck.gather.documents.reqfile import Origin
from envcheck.gather.documents.text import decode
from envcheck.gather.documents.toml_tables import Document, parse
from envcheck.model.declarations import Declaration
from envcheck.model.names import normalize
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind, RawFile, Reading
from envcheck.model.requirements import Requirement, Role

_NEWEST = 5
"""The last number of lock versions 4.x that is known: 4.5.1 is that of pdm 2.29."""
_INHERITS = "inherit_metadata"
_CROSSES = "cross_platform"


def read_lock(file: RawFile) -> Reading[Declaration]:
    """Return the locked entries, or what keeps them from being read."""
    text = decode(file.data)
    nothing = Declaration(file.path, NAME, governs=False, encoding=text.encoding)
    fault = conflict(text.text)
    document = Document(fault=fault) if fault else parse(text.text)
    if document.fault:
        return Reading(nothing, (unreadable(document.fault, file.path, RENEW),))
    version = text_in(document.table("metadata"), "lock_version")
    if not _is_known(version):
        what = f"lock version {version}" if version else "no lock of pdm 2: it has no [metadata] lock_version"
        return Reading(nothing, (unsupported(file.path, what, RENEW),))
    entries, problems = _entries(document, text.text, file.path)
    lock = _lock(file.path, document.table("metadata"), entries)
    declaration = Declaration(
        file.path,
        NAME,
        merged(entries),
        tuple(_python(document, text.text, file.path)),
        governs=False,
        encoding=text.encoding,
        lock=lock,
    )
    return Reading(declaration, (*encoding_problems(text, file.path), *problems))


def _is_known(version: str) -> bool:
    # Compatibility.NONE in pdm/project/lockfile/pdmlock.py: another major, or a newer minor.
    match = re.match(r"4(?:\.(\d{1,4}))?(?:\.\d+)*\Z", version)
    return match is not None and int(match[1] or 0) <= _NEWEST


def _lock(path: str, metadata: Mapping[str, object], entries: tuple[Entry, ...]) -> PdmLock:
    inputs = metadata.get("lock_inputs")
    return PdmLock(
        path,
        entries,
        read_scopes(tables_in(metadata, "targets")),
        tuple(map(normalize, texts_in(metadata, "groups"))) if isinstance(metadata.get("groups"), list) else None,
        inherits=_INHERITS in texts_in(metadata, "strategy"),
        crosses=_CROSSES in texts_in(metadata, "strategy") or "strategy" not in metadata,
        digest=text_in(metadata, "content_hash"),
        inputs=inputs if isinstance(inputs, dict) else None,
    )


def _entries(document: Document, text: str, path: str) -> tuple[tuple[Entry, ...], list[Problem]]:
    tables = tables_in(document.tables, "package")
    lines = lines_of(text, "[[package]]")
    if len(lines) != len(tables):
        lines = [0] * len(tables)
    files = document.table("metadata", "files")
    found, problems = [], []
    for table, line in zip(tables, lines, strict=True):
        place = Place(path, 0, line, 1 if line else 0)
        entry = read_entry(table, place, files)
        if entry is None:
            problems.append(_invalid(place, "an entry without a name"))
            continue
        found.append(entry)
        if not (text_in(table, "version") or entry.requirement.direct):
            problems.append(_invalid(place, f"{entry.requirement.shown_name}: an entry without a version"))
    return tuple(found), problems


def _invalid(place: Place, message: str) -> Problem:
    return Problem(ProblemKind.INVALID_REQUIREMENT, place, message, f"lock again with {RENEW}")


def _python(document: Document, text: str, path: str) -> Iterator[Requirement]:
    """Yield the one range of Pythons that all targets share; several are a matter of :meth:`PdmLock.select`."""
    ranges = {scope.python for scope in read_scopes(tables_in(document.table("metadata"), "targets"))}
    lines = lines_of(text, "[[metadata.targets]]")
    wanted = ranges.pop() if len(ranges) == 1 else ""
    if wanted and wanted != "*":
        place = Place(path, 0, lines[0] if lines else 0)
        found = read_python(wanted, Origin(place, NAME, Role.LOCKED), place)
        if isinstance(found, Requirement):
            yield found
