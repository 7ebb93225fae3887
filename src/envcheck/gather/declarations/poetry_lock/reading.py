"""The text of a poetry.lock → its entries, and the lock that selects among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from envcheck.gather.declarations.poetry_lock import NAME
from envcheck.gather.declarations.poetry_lock.entries import read_locked
from envcheck.gather.declarations.poetry_lock.lock import RENEW, Generation, PoetryLock
from envcheck.gather.declarations.poetry_lock.locked import Locked, names_in
from envcheck.gather.documents.faults import Fault, encoding_problems
from envcheck.gather.documents.lock_texts import conflict, lines_of, unreadable, unsupported
from envcheck.gather.documents.poetry_constraints import poetry_constraint
from envcheck.gather.documents.text import Text, decode, ignores
from envcheck.gather.documents.toml_tables import Document, parse
from envcheck.model.constraints import ANY
from envcheck.model.declarations import Declaration, Link, LinkKind
from envcheck.model.names import Ecosystem, NormalizedName, normalize
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind, RawFile, Reading
from envcheck.model.requirements import Requirement, Role

_KNOWN = {"1.0": (1, 0), "1.1": (1, 1), "2.0": (2, 0), "2.1": (2, 1)}
_WRITER = re.compile(r"#[^\n]*\bPoetry (\d{1,6})\.(\d{1,6})")
_URL = re.compile(r"""^url = "([^"\\\n]*)"[ \t]*$""", re.MULTILINE)
_PYTHON = re.compile(r"^python-versions =", re.MULTILINE)


def read_lock(file: RawFile) -> Reading[Declaration]:
    """Return the declaration of a lock, without requirements when the file is none that can be read."""
    text = decode(file.data)
    nothing = Declaration(file.path, NAME, governs=False, encoding=text.encoding)
    fault = conflict(text.text)
    document = Document() if fault else parse(text.text)
    fault = fault or document.fault
    if fault:
        return Reading(nothing, (unreadable(fault, file.path, RENEW),))
    version = document.table("metadata").get("lock-version")
    generation = _KNOWN.get(version) if isinstance(version, str) else None
    if generation is None:
        what = f"lock-version {version} is not known" if version else "no lock-version: a lock of Poetry before 1.1"
        return Reading(nothing, (unsupported(file.path, what, RENEW),))
    return _read(file.path, text, document, generation)


def _read(path: str, text: Text, document: Document, version: tuple[int, int]) -> Reading[Declaration]:
    packages = document.tables.get("package", [])
    problems = list(encoding_problems(text, path))
    if not isinstance(packages, list):
        fault = Fault("package is no list of tables", 0, 0)
        return Reading(
            Declaration(path, NAME, governs=False, encoding=text.encoding), (unreadable(fault, path, RENEW),)
        )
    entries = list(_entries(packages, document, _places(path, text.text, len(packages)), version))
    problems += _incomplete(path, len(packages) - sum(bool(e.requirement.constraint.exact) for e in entries))
    requirements = tuple(entry.requirement for entry in entries)
    metadata = document.table("metadata")
    python = metadata.get("python-versions")
    written = _WRITER.match(text.text)
    content_hash = metadata.get("content-hash")
    generation = Generation(version, (int(written[1]), int(written[2])) if written else ())
    lock = PoetryLock(
        path,
        generation,
        tuple(entries),
        tuple((normalize(extra), names_in(names)) for extra, names in document.table("extras").items()),
        python if isinstance(python, str) else "",
        content_hash if isinstance(content_hash, str) else "",
    )
    declaration = Declaration(
        path,
        NAME,
        requirements,
        tuple(_python(lock.python, path, text.text)),
        tuple(_links(requirements, path, text.text)),
        governs=False,
        encoding=text.encoding,
        lock=lock,
        ignores=ignores(text.text, path),
    )
    return Reading(declaration, tuple(problems))


def _places(path: str, text: str, count: int) -> list[Place]:
    lines = lines_of(text, "[[package]]")
    return [Place(path, 0, line, 1) for line in lines] if len(lines) == count else [Place(path)] * count


def _entries(
    packages: list[object], document: Document, places: list[Place], version: tuple[int, int]
) -> Iterator[Locked]:
    # The oldest locks hold all hashes at the end, by name (Poetry's Locker._get_locked_package).
    files = document.table("metadata", "files") or document.table("metadata", "hashes")
    for package, place in zip(packages, places, strict=True):
        if isinstance(package, Mapping) and isinstance(package.get("name"), str):
            yield read_locked(package, place, files, walks=version < (2, 1))


def _incomplete(path: str, count: int) -> list[Problem]:
    if not count:
        return []
    what = f"{count} {'entry has' if count == 1 else 'entries have'} no name or no version"
    remedy = f"do not repair it by hand: run {RENEW}"
    return [Problem(ProblemKind.INVALID_REQUIREMENT, Place(path), what, remedy)]


def _python(text: str, path: str, lock: str) -> Iterator[Requirement]:
    try:
        constraint = poetry_constraint(text) if text else ANY
    except ValueError:
        return
    if constraint is not ANY:
        # The last one: packages have the same key.
        found = [match.start() for match in _PYTHON.finditer(lock)]
        place = Place(path, 0, lock.count("\n", 0, found[-1]) + 1, 1) if found else Place(path)
        name = NormalizedName("python")
        yield Requirement(name, text, Ecosystem.PYPI, place, constraint, Role.LOCKED, NAME, shown_name="python")


def _links(requirements: tuple[Requirement, ...], path: str, text: str) -> Iterator[Link]:
    """Yield each index once, where it is named first."""
    indexes = dict.fromkeys(requirement.index for requirement in requirements if requirement.index)
    lines: dict[str, int] = {}
    number, position = 1, 0
    for match in _URL.finditer(text) if indexes else ():
        number += text.count("\n", position, match.start())
        position = match.start()
        lines.setdefault(match[1], number)
    for index in indexes:
        yield Link(LinkKind.INDEX, index, Place(path, 0, lines.get(index, 0), 1 if index in lines else 0))
