"""What a user names → one side of a comparison, whatever it is: notebook, environment, lock, snapshot, list."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from envcheck.engine.choose import Environments, environment_of
from envcheck.engine.reading.files import read_file
from envcheck.engine.recording.declared import Reader
from envcheck.gather.declarations.base import Dialect
from envcheck.gather.declarations.catalogue import dialect_for
from envcheck.gather.documents.listings import read_listing
from envcheck.gather.documents.snapshot_reading import LARGEST, is_snapshot, read_snapshot
from envcheck.gather.documents.text import decode
from envcheck.gather.environments.interpreters import Interpreter
from envcheck.gather.environments.markers import markers_of
from envcheck.gather.environments.prefixes import prefix_of
from envcheck.gather.environments.programs import is_program, on_path
from envcheck.gather.sources import ipynb
from envcheck.judge.evidence.stamped import record_of_environment, record_of_stamp
from envcheck.judge.names.table import NameTable
from envcheck.model.environment import Environment
from envcheck.model.errors import UserError
from envcheck.model.readings import Problem, ProblemKind, RawFile
from envcheck.model.settings import Settings
from envcheck.model.sides import TOOLS, Side
from envcheck.model.stamps import Stamp
from envcheck.model.usage import Source

STDIN = "-"
_TEXTS = (".cfg", ".in", ".ipynb", ".json", ".lock", ".toml", ".txt", ".yaml", ".yml")
_KNOWN = "a notebook, an environment, a lock, a snapshot, requirements, or what pip or conda list"
_LIST = RawFile("conda-linux-64.lock", b"")  # under any other name an explicit list is none


class Asking(Struct, frozen=True):
    """A request: where the user stands, what was chosen, and what standard input holds."""

    settings: Settings
    environ: Mapping[str, str]
    cwd: str
    table: NameTable
    stdin: bytes = b""


class Opened(Struct, frozen=True):
    """What a name means: an environment, or a file that is yet to be read for one."""

    name: str
    environment: Environment | None = None
    file: RawFile | None = None
    folder: str = ""
    source: Source | None = None
    """The notebook that the file is, whose stamp is known to be one."""

    @property
    def python(self) -> str:
        """The Python that it speaks of itself, empty when it does not."""
        if self.environment:
            return self.environment.python
        return self.source.stamp.python if self.source and self.source.stamp else ""


def open_name(name: str, asking: Asking) -> Opened:
    """Return what a name means. Raises ``UserError`` when it means nothing that can be compared."""
    if name == STDIN:
        return _opened(name, RawFile("standard input", asking.stdin), asking.cwd)
    path = os.path.normpath(os.path.join(asking.cwd, os.path.expanduser(name)))
    if not os.path.lexists(path):
        program = on_path(name, asking.environ) if not os.path.dirname(name) else None
        if program is None:
            raise UserError(f"{name} does not exist", f"give {_KNOWN}")
        path = program
    if os.path.isdir(path) or (is_program(path) and not path.lower().endswith(_TEXTS)):
        return Opened(name, _environment(name, path, asking))
    folder, base = os.path.split(path)
    file = read_file(folder, base)
    if isinstance(file, Problem):
        raise UserError(f"{name}: {file.message}", file.remedy)
    return _opened(name, file, folder)


def _opened(name: str, file: RawFile, folder: str) -> Opened:
    if len(file.data) > LARGEST and not ipynb.claims(file.path):
        raise UserError(f"{name}: larger than {LARGEST >> 20} MiB", f"give {_KNOWN}")
    if ipynb.claims(file.path):
        return Opened(name, file=file, folder=folder, source=stamped(file, name))
    if is_snapshot(file.data):
        found = read_snapshot(file.data, os.path.join(folder, file.path))
        if isinstance(found, str):
            raise UserError(f"{name}: is no snapshot: {found}", "envcheck snapshot --output FILE writes one")
        return Opened(name, found)
    return Opened(name, file=file, folder=folder)


def stamped(file: RawFile, name: str) -> Source:
    """Return a notebook with a stamp that can be believed as a whole. Raises ``UserError`` for any other."""
    reading = ipynb.read(file)
    source, stamp = reading.value, reading.value.stamp
    kinds = (ProblemKind.UNREADABLE_FILE, ProblemKind.INVALID_REQUIREMENT, ProblemKind.UNSUPPORTED_FORMAT)
    for problem in reading.problems:
        if problem.kind in kinds and not problem.place.cell:
            raise UserError(f"{name}: {problem.message}", problem.remedy)
    if source.stamp_leftovers:
        raise UserError(f"{name}: a merge is not resolved in its stamp: {source.stamp_leftovers[0]}", "resolve it")
    if stamp is None:
        raise UserError(f"{name}: has no stamp", f"run it, then envcheck stamp {name}")
    return source


def _environment(name: str, path: str, asking: Asking) -> Environment:
    if not prefix_of(path, environ=asking.environ, folder=asking.cwd):
        raise UserError(f"{name}: there is no Python environment", f"give {_KNOWN}")
    named = Settings(prefix=path) if os.path.isdir(path) else Settings(python=path)
    found = Environments(named, root=asking.cwd, cwd=asking.cwd, environ=asking.environ).default_for(".").environment
    if found is None:
        raise UserError(f"{name}: there is no Python environment", f"give {_KNOWN}")
    return found


def side_of(opened: Opened, other: Opened, asking: Asking) -> Side:
    """Return the side that something is; a file is read for the environment of the other one, if that is one."""
    if opened.environment:
        return _side_of_environment(opened.environment, opened.name)
    stamp = opened.source.stamp if opened.source else None
    if stamp and not stamp.env:
        return _side_of_stamp(stamp, opened.name)
    reader = Reader(_asked_for(opened, other, asking), asking.settings, asking.table)
    if stamp:
        return _side_of_reference(stamp, opened, reader)
    return _side_of_text(opened, reader)


def _side_of_environment(environment: Environment, name: str) -> Side:
    kind = "snapshot" if environment.kind == "snapshot" else "environment"
    provides = {package.name: package.provides for package in environment.conda if package.provides}
    record = record_of_environment(environment, name)
    return Side(record, kind, provides=provides, knows_conda=bool(environment.conda))


def _side_of_stamp(stamp: Stamp, name: str) -> Side:
    return Side(record_of_stamp(stamp, name), "stamp", spared=TOOLS, knows_conda=bool(stamp.conda))


def _side_of_reference(stamp: Stamp, opened: Opened, reader: Reader) -> Side:
    """Return what the lock says that a stamp refers to, with the Python of the stamp."""
    title = f"{opened.name} ({stamp.env})"
    root, path = os.path.split(os.path.normpath(os.path.join(opened.folder, stamp.env)))
    file, dialect = read_file(root, path), dialect_for(path)
    if isinstance(file, Problem) or dialect is None:
        reason = file.message if isinstance(file, Problem) else "is no lock that is known"
        raise UserError(f"{title}: {reason}", "stamp the notebook again with --env")
    side = reader.side(dialect.read(file), root, title)
    return replace(side, record=replace(side.record, python=side.record.python or stamp.python))


def _side_of_text(opened: Opened, reader: Reader) -> Side:
    file = opened.file or RawFile(opened.name, b"")
    dialect, text = dialect_for(file.path), decode(file.data).text
    if dialect is None or dialect.NAME in ("requirements_txt", "conda_explicit"):
        if "@EXPLICIT" in text:
            dialect, file = dialect_for(_LIST.path), replace(_LIST, data=file.data)
        elif found := read_listing(text, opened.name):
            if isinstance(found, str):
                raise UserError(f"{opened.name}: {found}", f"give {_KNOWN}")
            return found
    return reader.side(_dialect(dialect, file).read(file), opened.folder, opened.name, text)


def _dialect(dialect: Dialect | None, file: RawFile) -> Dialect:
    """Return the dialect of a file; a text under any name is taken for requirements, as ``pip freeze`` writes them."""
    from envcheck.gather.declarations import requirements_txt

    is_claimed = (dialect is not None and dialect.NAME != "conda_explicit") or b"@EXPLICIT" in file.data
    return dialect if dialect and is_claimed else requirements_txt


def _asked_for(opened: Opened, other: Opened, asking: Asking) -> Environment:
    """Return the environment that a file is asked for: the other side, else one like the project's, on this host."""
    if other.environment:
        return other.environment
    python = opened.python or other.python
    if not python:
        chosen = environment_of([], asking.settings, environ=asking.environ, cwd=asking.cwd).environment
        if chosen and chosen.python:
            return chosen
        python = platform.python_version()
    return Environment("", "system", python, markers=markers_of(Interpreter(python)))
