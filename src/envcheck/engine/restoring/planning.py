"""A stamped notebook and a folder → what is to be made there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from envcheck.engine.reading.files import read_file
from envcheck.engine.recording.declared import Reader
from envcheck.engine.recording.sides import Asking, stamped
from envcheck.gather.declarations.catalogue import dialect_for
from envcheck.gather.environments.interpreters import Interpreter
from envcheck.gather.environments.markers import markers_of
from envcheck.gather.environments.pythons import Python, pythons
from envcheck.gather.sources import ipynb
from envcheck.judge.evidence.stamped import source_of
from envcheck.lockers.installer import TOOLS, refusal, unable
from envcheck.model.declarations import Declaration
from envcheck.model.environment import Environment
from envcheck.model.errors import UserError
from envcheck.model.names import Ecosystem
from envcheck.model.readings import Problem
from envcheck.model.requirements import DirectKind, Requirement
from envcheck.model.restoring import Plan, Wanted
from envcheck.model.stamps import LOCAL, Stamp
from envcheck.model.usage import Source
from envcheck.model.versions import parse_version

_INSTALLABLE = ("requirements_txt", "pylock")
_HASHES = ("sha256:", "sha384:", "sha512:")  # those that pip takes
_OLDEST = (3, 4)  # python -I -m venv --without-pip
_LOCAL_REASON = "came from a folder of one machine, and nothing of an index may take its place"


class Request(Struct, frozen=True):
    """What is asked for: paths as the user wrote them, and ``tool`` empty for the one that can do it."""

    notebook: str
    folder: str
    tool: str
    asking: Asking


class _Content(Struct):
    """What a stamp asks for, before it is known with which Python."""

    origin: str
    stamped: str
    implementation: str = "cpython"
    wanted: tuple[Wanted, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    lock: Declaration | None = None
    root: str = ""


def plan(request: Request) -> Plan:
    """Return what is to be made. Raises ``UserError`` where that cannot be done, or not without harm."""
    folder = os.path.normpath(os.path.join(request.asking.cwd, os.path.expanduser(request.folder)))
    check_folder(folder, request.folder)
    content = _content(request)
    python = _python(content, request.asking.environ)
    if content.lock:
        _read_lock(content, content.lock, python, request.asking)
    for wanted in content.wanted:
        if reason := refusal(wanted):
            raise UserError(f"{request.notebook}: refused: {reason}", "nothing was made; stamp the notebook again")
    tool = _tool(request, python.version)
    return Plan(
        content.origin,
        folder,
        request.folder,
        python.path,
        python.version,
        content.stamped,
        tool,
        content.wanted,
        content.left_out,
        (*_remarks(content, python), *content.remarks),
    )


def check_folder(folder: str, shown: str) -> None:
    """Raise ``UserError`` unless a folder is empty, or could be made."""
    hint = "give a folder that does not exist yet, or is empty"
    if os.path.islink(folder):
        raise UserError(f"{shown} is a link", hint)
    if os.path.lexists(folder):
        try:
            is_empty = os.path.isdir(folder) and not os.listdir(folder)
        except OSError as error:
            raise UserError(f"{shown} cannot be read: {error.strerror or error}", hint) from error
        if not is_empty:
            raise UserError(f"{shown} is not empty" if os.path.isdir(folder) else f"{shown} is no folder", hint)
    elif not os.path.isdir(os.path.dirname(folder)):
        raise UserError(f"{shown}: the folder that it is to be in does not exist", "make that first")


def _content(request: Request) -> _Content:
    path = os.path.normpath(os.path.join(request.asking.cwd, os.path.expanduser(request.notebook)))
    if not ipynb.claims(path):
        raise UserError(f"{request.notebook} is no notebook", "give the path of an .ipynb file")
    file = read_file(os.path.dirname(path), os.path.basename(path))
    if isinstance(file, Problem):
        raise UserError(f"{request.notebook}: {file.message}", file.remedy)
    source = stamped(file, request.notebook)
    stamp = source.stamp or Stamp()
    if stamp.env:
        return _of_reference(source, stamp, os.path.dirname(path), request.notebook)
    if not stamp.python:
        raise UserError(f"{request.notebook}: its stamp does not say which Python it ran on", "stamp it anew")
    versions = sorted(stamp.versions.items())
    wanted = (_wanted(name, version, stamp.sources.get(name, "")) for name, version in versions)
    left_out = tuple((f"{name} {v}", _LOCAL_REASON) for name, v in versions if stamp.sources.get(name) == LOCAL)
    found = tuple(one for one in wanted if one.url != LOCAL)
    remarks = tuple(_of_conda(stamp)) + tuple(f"{module} was imported in vain" for module in stamp.missing)
    return _Content(request.notebook, stamp.python, stamp.implementation or "cpython", found, left_out, remarks)


def _wanted(name: str, version: str, source: str) -> Wanted:
    return Wanted(name, "" if source else version, source)


def _of_conda(stamp: Stamp) -> Iterator[str]:
    if stamp.conda:
        listed = ", ".join(f"{name} {version}" for name, version in sorted(stamp.conda.items()))
        yield f"conda's {listed}: not to be had from pip or uv; install them another way"


def _of_reference(source: Source, stamp: Stamp, folder: str, shown: str) -> _Content:
    """Return the lock that a stamp refers to, which is read when it is known for which Python."""
    origin = f"{shown} ({stamp.env})"
    root, name = os.path.split(os.path.normpath(os.path.join(folder, stamp.env)))
    file, dialect = read_file(root, name), dialect_for(name)
    if isinstance(file, Problem) or dialect is None:
        reason = file.message if isinstance(file, Problem) else "is no lock that is known"
        raise UserError(f"{origin}: {reason}", "stamp the notebook again with --env")
    reading = dialect.read(file)
    lock = reading.value.lock
    if lock and dialect.NAME not in _INSTALLABLE:
        follow = f"run: {lock.manager.follow}"
        raise UserError(f"{origin}: {stamp.env} is the lock of {lock.manager.name}, which installs it itself", follow)
    if lock is None or reading.problems:
        reason = reading.problems[0].message if reading.problems else "is no lock"
        raise UserError(f"{origin}: {reason}", "lock again, then stamp the notebook with --env")
    return _Content(origin, stamp.python or source.python, lock=reading.value, root=root)


def _read_lock(content: _Content, declaration: Declaration, python: Python, asking: Asking) -> None:
    """Take what a lock wants for a Python."""
    markers = markers_of(Interpreter(python.version, python.implementation))
    like = Environment("", "system", python.version, implementation=python.implementation, markers=markers)
    reader = Reader(like, asking.settings, asking.table)
    entries = reader.selection(declaration, content.root, content.origin).entries
    drawn = [(entry, _wanted_of(entry)) for entry in entries]
    content.wanted = tuple(wanted for _, wanted in drawn if wanted and wanted.url != LOCAL)
    content.left_out = tuple(_left_out(entry, wanted) for entry, wanted in drawn if not wanted or wanted.url == LOCAL)
    hashed = sum(bool(wanted.hashes) for wanted in content.wanted)
    if 0 < hashed < len(content.wanted):
        content.remarks = ("some entries of the lock have no hash, so that none is compared",)


def _wanted_of(entry: Requirement) -> Wanted | None:
    if entry.ecosystem is Ecosystem.CONDA or not entry.name:
        return None
    if entry.direct and not entry.index:
        source = LOCAL if entry.direct.kind is DirectKind.PATH else source_of(entry.direct)
        return Wanted(entry.name, url=source)
    return Wanted(
        entry.name, entry.constraint.exact or "", hashes=tuple(h for h in entry.hashes if h.startswith("sha"))
    )


def _left_out(entry: Requirement, wanted: Wanted | None) -> tuple[str, str]:
    return (entry.shown_name or entry.raw, _LOCAL_REASON if wanted else "is nothing that pip or uv could install")


def _python(content: _Content, environ: Mapping[str, str]) -> Python:
    """Return the Python to use: the very version, else the newest of its series. Raises ``UserError`` without any."""
    short = ".".join(content.stamped.split(".")[:2])
    wanted = parse_version(content.stamped)
    if wanted and wanted.release[:2] < _OLDEST:
        raise UserError(f"Python {content.stamped} has no virtual environments", "3.4 is the first that will do")
    here = [each for each in pythons(short, environ, [sys.executable]) if each.implementation == content.implementation]
    fitting = [each for each in here if not short or each.version.startswith(f"{short}.")]
    if content.lock:
        demands = content.lock.python
        fitting = [each for each in fitting if all(demand.constraint.allows(each.version) for demand in demands)]
    if not fitting:
        name = "" if content.implementation == "cpython" else f"{content.implementation} "
        raise UserError(
            f"{content.origin}: {name}Python {short or 'that its lock accepts'} is not here"
            f" (found: {', '.join(_versions(here)) or 'none'})",
            f"install Python {short}, with pyenv or uv python install {short}, or put it on PATH",
        )
    exact = (each for each in fitting if each.version == content.stamped)
    return next(exact, max(fitting, key=lambda each: _release(each.version)))


def _versions(found: Iterable[Python]) -> list[str]:
    return [str(version) for version in sorted({each.version for each in found}, key=_release)]


def _release(text: str) -> tuple[int, ...]:
    version = parse_version(text)
    return version.release if version else ()


def _remarks(content: _Content, python: Python) -> Iterator[str]:
    if content.stamped and python.version != content.stamped:
        yield f"Python {python.version}, not {content.stamped}: that very version is not here, the series is the same"
    local = [wanted.shown for wanted in content.wanted if "+" in wanted.version]
    if local:
        yield f"local builds, which most indexes do not have: {', '.join(local)}"


def _tool(request: Request, python: str) -> str:
    reasons = {}
    for name in (request.tool,) if request.tool else TOOLS:
        reasons[name] = unable(name, python, request.asking.environ)
        if not reasons[name]:
            return name
    message, _, hint = next(iter(reasons.values())).partition("; ")
    raise UserError(message, hint)


def refuse_sources(made: Plan) -> None:
    """Raise ``UserError`` where a plan takes from elsewhere than an index what nobody has allowed."""
    if made.sources:
        listed = ", ".join(wanted.shown for wanted in made.sources)
        raise UserError(
            f"{made.origin}: refused: not from an index: {listed}",
            "whoever owns these runs code here; --allow-sources installs them",
        )
