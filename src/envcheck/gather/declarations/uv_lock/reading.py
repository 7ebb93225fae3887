"""The text of a uv.lock → its entries and what it knows."""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.gather.declarations.uv_lock import NAME
from envcheck.gather.declarations.uv_lock.lock import UvLock
from envcheck.gather.declarations.uv_lock.packages import Package, missing, read_package
from envcheck.gather.documents.faults import Fault, encoding_problems
from envcheck.gather.documents.lock_texts import conflict, lines_of, unreadable, unsupported
from envcheck.gather.documents.pep508 import read_python
from envcheck.gather.documents.reqfile import Origin
from envcheck.gather.documents.text import decode, ignores
from envcheck.gather.documents.toml_tables import Document, parse
from envcheck.gather.documents.toml_values import tables
from envcheck.model.declarations import Declaration, Link, LinkKind
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind, RawFile, Reading
from envcheck.model.requirements import Requirement, Role

_VERSION = 1
_ENTRIES = ("package", "distribution")
"""The second is how the first releases that locked wrote it."""
_RENEW = "uv lock"


def read_lock(file: RawFile) -> Reading[Declaration]:
    """Return the entries and the lock; of another version than 1 nothing is read."""
    text = decode(file.data)
    document = parse(text.text)
    fault = conflict(text.text) or document.fault or _no_lock(document)
    version = document.tables.get("version")
    if fault:
        problem = unreadable(fault, file.path, _RENEW)
    elif version != _VERSION:
        problem = unsupported(file.path, f"version {version} of uv's locks is not known", _RENEW)
    else:
        reading = _read(file.path, text.text, document)
        return Reading(reading.value, (*encoding_problems(text, file.path), *reading.problems))
    return Reading(Declaration(file.path, NAME, governs=False, encoding=text.encoding), (problem,))


def _no_lock(document: Document) -> Fault | None:
    has_version = isinstance(document.tables.get("version"), int)
    return None if has_version else Fault("names no version, as every lock of uv does")


def _read(path: str, text: str, document: Document) -> Reading[Declaration]:
    key = next((key for key in _ENTRIES if key in document.tables), _ENTRIES[0])
    entries = tables(document.tables.get(key))
    lines = lines_of(text, f"[[{key}]]")
    if len(lines) != len(entries):
        lines = [0] * len(entries)
    places = [Place(path, 0, line, 1 if line else 0) for line in lines]
    found = [read_package(entry, place) for entry, place in zip(entries, places, strict=True)]
    packages = tuple(filter(None, found))
    nameless = [place for place, package in zip(places, found, strict=True) if package is None]
    lock = UvLock(path, packages, _recorded(document))
    python, problems = _python(path, text, lock.recorded.get("requires-python"))
    declaration = Declaration(
        path,
        NAME,
        tuple(package.entry for package in packages),
        python,
        tuple(_links(packages)),
        governs=False,
        ignores=ignores(text, path),
        lock=lock,
    )
    return Reading(declaration, (*problems, *_problems(packages, nameless)))


def _recorded(document: Document) -> dict[str, object]:
    """Return what the lock says of its inputs, apart from its entries."""
    return {key: value for key, value in document.tables.items() if key not in _ENTRIES}


def _python(path: str, text: str, wanted: object) -> tuple[tuple[Requirement, ...], tuple[Problem, ...]]:
    if not isinstance(wanted, str):
        return (), ()
    line = next(iter(lines_of(text, "requires-python")), 0)
    place = Place(path, 0, line, 1 if line else 0)
    found = read_python(wanted, Origin(place, NAME, Role.LOCKED), place)
    return ((), (found,)) if isinstance(found, Problem) else ((found,), ())


def _links(packages: tuple[Package, ...]) -> Iterator[Link]:
    """Yield each registry once, where the first of its entries stands."""
    seen = {"": None}
    for package in packages:
        if package.entry.index not in seen:
            seen[package.entry.index] = None
            if "://" in package.entry.index:
                yield Link(LinkKind.INDEX, package.entry.index, package.entry.place)


def _problems(packages: tuple[Package, ...], nameless: list[Place]) -> Iterator[Problem]:
    for place in nameless:
        yield _invalid(place, "an entry without a name")
    for package in packages:
        if not package.version and not package.is_tree:
            yield _invalid(package.entry.place, f"{package.entry.shown_name}: an entry without a version")
    for package, name in missing(packages):
        yield _invalid(package.entry.place, f"{package.entry.shown_name}: needs {name}, which has no entry")


def _invalid(place: Place, message: str) -> Problem:
    return Problem(
        ProblemKind.INVALID_REQUIREMENT, place, message, f"uv refuses this lock; make it again with {_RENEW}"
    )
