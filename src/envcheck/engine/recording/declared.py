"""Declarations and locks → one side of a comparison."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, field

from envcheck.engine.load import Facts
from envcheck.engine.locks import Locks, target_of
from envcheck.engine.named import Names
from envcheck.engine.reading.files import read_file
from envcheck.gather.declarations import requirements_txt
from envcheck.gather.documents.lock_texts import is_for
from envcheck.judge.evidence.stamped import source_of
from envcheck.judge.names.table import NameTable
from envcheck.model.constraints import CondaConstraint, Constraint
from envcheck.model.declarations import Declaration
from envcheck.model.environment import Environment
from envcheck.model.errors import UserError
from envcheck.model.locks import Selection
from envcheck.model.names import Ecosystem, NormalizedName, normalize
from envcheck.model.readings import Problem, ProblemKind, Reading, Reference, ReferenceKind
from envcheck.model.records import Record
from envcheck.model.requirements import DirectReference, Requirement, Role
from envcheck.model.settings import Settings
from envcheck.model.sides import TOOLS, Package, Side
from envcheck.model.stamps import LOCAL

_REFUSED = (ProblemKind.UNREADABLE_FILE, ProblemKind.UNSUPPORTED_FORMAT, ProblemKind.INVALID_REQUIREMENT)
# What conda-build leaves in direct_url.json, and pip freeze repeats: folders that existed while the package was built.
_DEBRIS = re.compile(r"/(?:croot|feedstock_root|conda-bld|bld|rattler-build_[^/]*|(?:tmp/|b/)?abs_[^/]*|tmp/build)/")
_FROZEN = re.compile(r"^# Editable [^(\n]*\((?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[^)\s]+)\)", re.MULTILINE)


class Reader(Struct, frozen=True):
    """What it takes to say what a file wants: the environment that it is asked for, and what the user chose."""

    environment: Environment
    settings: Settings
    table: NameTable

    def side(self, reading: Reading[Declaration], root: str, title: str, text: str = "") -> Side:
        """Return the side that a declaration or lock below ``root`` is; ``text`` is that of what pip may have written.

        Raises ``UserError`` for what its own tool would refuse.
        """
        problems = [problem for problem in reading.problems if problem.kind in _REFUSED]
        if problems:
            raise UserError(f"{title}: {_told(problems)}", problems[0].remedy or "repair it")
        if reading.value.lock:
            return self._of_lock(reading.value, root, title)
        entries = [*reading.value.requirements, *_included(reading.references, reading.value.path, root)]
        wanted = [entry for entry in entries if self._is_wanted(entry, reading.value)]
        side = _Drawn(self.table)
        side.draw(wanted)
        for found in _FROZEN.finditer(text):
            side.versions[normalize(found["name"])] = found["version"]
            side.sources[normalize(found["name"])] = LOCAL
        python = next((demand.constraint.exact for demand in reading.value.python if demand.constraint.exact), "")
        frozen = len(_FROZEN.findall(text))
        return side.side(title, "requirements", python or "", nameless=max(side.nameless - frozen, 0))

    def selection(self, declaration: Declaration, root: str, title: str) -> Selection:
        """Return what a lock wants here. Raises ``UserError`` where it has nothing for here."""
        target = target_of(self.environment, self.settings)
        if target is None or declaration.lock is None:
            raise ValueError("a lock is asked for an environment")
        facts = Facts(declarations={declaration.path: declaration})
        locks = Locks(root, facts, self.settings, posixpath.dirname)
        selection = locks.selection(declaration, declaration.lock, target)
        if selection.uncovered:
            here = f"Python {target.python} on {target.platform}"
            raise UserError(f"{title}: nothing in it for {here}: {selection.uncovered}", "--platform names another one")
        return Names(root, facts, self.environment).given(declaration, selection)[1]

    def _of_lock(self, declaration: Declaration, root: str, title: str) -> Side:
        selection = self.selection(declaration, root, title)
        side = _Drawn(self.table)
        side.draw(selection.entries)
        target = target_of(self.environment, self.settings)
        remark = f"{title}: for Python {target.python} on {target.platform}" if target else ""
        return side.side(title, "lock", "", spared=selection.own, remarks=(remark,), nameless=side.nameless)

    def _is_wanted(self, entry: Requirement, declaration: Declaration) -> bool:
        chosen = (*self.settings.extras, *self.settings.groups)
        is_chosen = not entry.group or entry.group in chosen or declaration.dialect == requirements_txt.NAME
        is_asked = entry.role is not Role.CONSTRAINT and is_chosen
        return is_asked and is_for(entry.marker, self.environment.markers)


class _Drawn(Struct):
    """The entries of a side as they are met."""

    table: NameTable
    versions: dict[NormalizedName, str] = field(default_factory=dict)
    sources: dict[NormalizedName, str] = field(default_factory=dict)
    packages: dict[NormalizedName, Package] = field(default_factory=dict)
    open: dict[NormalizedName, Constraint] = field(default_factory=dict)
    python: str = ""
    nameless: int = 0
    has_conda: bool = False

    def draw(self, entries: Iterable[Requirement]) -> None:
        """Take the entries."""
        for entry in entries:
            if not entry.name:
                self.nameless += 1
            elif entry.ecosystem is Ecosystem.CONDA:
                self._conda(entry)
            else:
                self._distribution(entry)

    def _conda(self, entry: Requirement) -> None:
        self.has_conda = True
        version = entry.constraint.exact
        if entry.name == "python":
            self.python = version or ""
        elif version:
            self.packages[entry.name] = Package(version, _build_of(entry))
        else:
            self.open[normalize(self.table.pypi_of(entry.name))] = entry.constraint

    def _distribution(self, entry: Requirement) -> None:
        direct = entry.direct if entry.direct and not _DEBRIS.search(entry.direct.url) else None
        if direct and _is_source(entry, direct):
            self.sources[entry.name] = source_of(direct)
        if entry.constraint.exact:
            self.versions[entry.name] = entry.constraint.exact
        else:
            self.open[entry.name] = entry.constraint

    def side(  # noqa: PLR0913 - each is named at the call
        self,
        title: str,
        kind: str,
        python: str,
        *,
        spared: frozenset[NormalizedName] = frozenset(),
        remarks: Sequence[str] = (),
        nameless: int = 0,
    ) -> Side:
        """Return what was drawn."""
        tools = frozenset[NormalizedName]() if self.has_conda else TOOLS
        said = [f"{title}: {nameless} without a name, left out"] if nameless else []
        return Side(
            Record(title, self.python or python, versions=self.versions, sources=self.sources),
            kind,
            self.packages,
            open={name: constraint for name, constraint in self.open.items() if name not in self.versions},
            spared=tools | spared,
            knows_conda=self.has_conda,
            remarks=(*remarks, *said),
        )


def _is_source(entry: Requirement, direct: DirectReference) -> bool:
    """Tell whether an entry comes from no index; some locks give the file of a release by its URL."""
    return bool(direct.url) and not (entry.role is Role.LOCKED and entry.index)


def _build_of(entry: Requirement) -> str:
    """Return the one build that a conda entry names, if it does."""
    constraint = entry.constraint
    return constraint.build if isinstance(constraint, CondaConstraint) and "*" not in constraint.build else ""


def _included(references: Iterable[Reference], path: str, root: str) -> Iterator[Requirement]:
    """Yield the requirements of the files that a requirements file takes in, and of those that these do."""
    pending, seen = [(path, reference) for reference in references], {path}
    while pending:
        origin, reference = pending.pop(0)
        target = posixpath.normpath(posixpath.join(posixpath.dirname(origin), reference.target))
        if reference.kind is not ReferenceKind.REQUIREMENTS or target in seen:
            continue
        seen.add(target)
        file = read_file(root, target) if not target.startswith("../") and not os.path.isabs(target) else None
        if file is None or isinstance(file, Problem):
            reason = file.message if file else "is outside of its folder"
            raise UserError(f"{origin}: {reference.target} {reason}", "give all in one file")
        reading = requirements_txt.read_as(file, Role.DECLARED)
        yield from reading.value.requirements
        pending += [(target, further) for further in reading.references]


def _told(problems: Sequence[Problem]) -> str:
    first = problems[0]
    where = f"line {first.place.line}: " if first.place.line else ""
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{where}{first.message}{more}"
