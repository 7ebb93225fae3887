"""The text of a lock of this standard → its entries, and what an installer would refuse."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from envcheck.gather.declarations.pylock import NAME
from envcheck.gather.declarations.pylock.faults import is_specifier
from envcheck.gather.declarations.pylock.lock import Package, PyLock
from envcheck.gather.declarations.pylock.packages import pdm_dependencies, read_package
from envcheck.gather.declarations.pylock.tables import entries
from envcheck.gather.declarations.pylock.tables import text as text_at
from envcheck.gather.declarations.pylock.writers import inputs_of, manager_of
from envcheck.gather.documents import lock_texts
from envcheck.gather.documents.faults import Fault, encoding_problems
from envcheck.gather.documents.pep508 import read_python
from envcheck.gather.documents.reqfile import Origin, read_requirements
from envcheck.gather.documents.text import decode, ignores
from envcheck.gather.documents.toml_tables import Document, parse
from envcheck.model.declarations import Declaration, Link, LinkKind
from envcheck.model.locks import Manager
from envcheck.model.markers import is_marker
from envcheck.model.names import NormalizedName
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind, RawFile, Reading
from envcheck.model.requirements import DirectKind, Requirement, Role

_HEADER = "[[packages]]"
_VERSION = re.compile(r"1(?:\.\d+)*")
_PINNED = re.compile(r"^[A-Za-z0-9][\w.-]*(?:\[[^\]\n]*\])?\s*[=~<>!]=", re.MULTILINE)


def read_lock(file: RawFile) -> Reading[Declaration]:
    """Return the lock with its entries; of what is no lock of this standard, only why it is none."""
    text = decode(file.data)
    document = parse(text.text)
    manager = manager_of(text_at(document.tables, "created-by"), file.path, text.text)
    refusal = _refusal(document, text.text, file.path, manager)
    if refusal:
        return Reading(Declaration(file.path, NAME, governs=False, encoding=text.encoding), (refusal,))
    reader = _Reader(file.path, text.text, document.tables)
    packages = tuple(reader.packages())
    requirements = tuple(package.requirement for package in packages)
    python = tuple(reader.python())
    lock = PyLock(
        manager,
        inputs_of(file.path, text.text),
        any(pdm_dependencies(table) is not None or "dependencies" in table for table in reader.tables),
        packages,
        python[0].raw if python else "",
        tuple(reader.environments()),
        tuple(text for text in entries(document.tables, "default-groups") if isinstance(text, str)),
        frozenset(_own(requirements)),
        {key: text for key, text in document.table("tool", "pdm", "hashes").items() if isinstance(text, str)},
    )
    declaration = Declaration(
        file.path,
        NAME,
        requirements,
        python,
        tuple(_links(requirements)),
        governs=False,
        encoding=text.encoding,
        lock=lock,
        ignores=ignores(text.text, file.path),
    )
    return Reading(declaration, (*encoding_problems(text, file.path), *reader.problems))


def _refusal(document: Document, text: str, path: str, manager: Manager) -> Problem | None:
    """Return the problem of a text that is no lock of this standard, or of a version that is not known."""
    fault = lock_texts.conflict(text) or document.fault
    if fault and _PINNED.search(text) and _holds_requirements(text):
        remedy = f"rename it to requirements.txt, or make the lock with {manager.renew}"
        return Fault("holds requirements for pip, not TOML", 1, 1).problem(path, remedy)
    if fault:
        return lock_texts.unreadable(fault, path, manager.renew)
    version = document.tables.get("lock-version")
    if not isinstance(version, str) or not isinstance(document.tables.get("packages"), list):
        missing = "packages" if isinstance(version, str) else "lock-version"
        return Fault(f"no lock of PEP 751: {missing} is missing").problem(path, f"make it with {manager.renew}")
    if not _VERSION.fullmatch(version):
        return lock_texts.unsupported(path, f"lock-version {version} of PEP 751, which is not known", manager.renew)
    return None


def _holds_requirements(text: str) -> bool:
    """Tell whether most lines of a text mean something to pip (older uv: ``uv export -o pylock.toml``)."""
    found = read_requirements(text, Origin(Place("", 0, 1, 1), NAME, Role.LOCKED))
    return len(found.requirements) > len(found.problems)


class _Reader:
    """Goes through a lock once and keeps what an installer would refuse."""

    def __init__(self, path: str, text: str, document: Mapping[str, object]) -> None:
        self._path = path
        self._text = text
        self._document = document
        self.tables = [table for table in entries(document, "packages") if isinstance(table, Mapping)]
        self.problems: list[Problem] = []
        if not isinstance(document.get("created-by"), str):
            self._refuse(Place(path), "nothing says what it was created-by")

    def packages(self) -> Iterator[Package]:
        """Yield the entries, each at the line where it begins."""
        tables = entries(self._document, "packages")
        lines = lock_texts.lines_of(self._text, _HEADER)
        if len(lines) != len(tables):
            lines = [0] * len(tables)
        for line, table in zip(lines, tables, strict=True):
            place = Place(self._path, 0, line, 1 if line else 0)
            found = read_package(table, place)
            for fault in found.faults:
                self._refuse(place, fault)
            if found.package:
                yield found.package

    def python(self) -> Iterator[Requirement]:
        """Yield the demand of the whole lock on Python."""
        text = text_at(self._document, "requires-python")
        if text and is_specifier(text):
            place = self._top("requires-python")
            found = read_python(text, Origin(place, NAME, Role.LOCKED), place)
            if isinstance(found, Requirement):
                yield found
        elif "requires-python" in self._document:
            self._refuse(self._top("requires-python"), f"requires-python: {text or 'no text'} is no specifier")

    def environments(self) -> Iterator[str]:
        """Yield the markers of which one must hold."""
        for marker in entries(self._document, "environments"):
            if isinstance(marker, str) and is_marker(marker):
                yield marker
            else:
                self._refuse(self._top("environments"), f"environments: {marker} is no marker")

    def _top(self, key: str) -> Place:
        lines = lock_texts.lines_of(self._text, key)
        return Place(self._path, 0, lines[0] if lines else 0)

    def _refuse(self, place: Place, fault: str) -> None:
        remedy = "every installer refuses the lock: make it again"
        self.problems.append(Problem(ProblemKind.INVALID_REQUIREMENT, place, fault, remedy))


def _own(requirements: Iterable[Requirement]) -> Iterator[NormalizedName]:
    """Yield the name of the project itself: what stands in the folder of the lock."""
    for requirement in requirements:
        direct = requirement.direct
        if direct and direct.kind is DirectKind.PATH and posixpath.normpath(direct.url or "-") == ".":
            yield requirement.name


def _links(requirements: Iterable[Requirement]) -> Iterator[Link]:
    """Yield each index once, where it is named first."""
    seen = set()
    for requirement in requirements:
        if requirement.index and requirement.index not in seen:
            seen.add(requirement.index)
            yield Link(LinkKind.INDEX, requirement.index, requirement.place)
