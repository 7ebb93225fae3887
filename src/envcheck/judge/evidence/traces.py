"""Traces of versions → the distributions that they mean, and how an environment compares with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum

from msgspec import Struct, field

from envcheck.judge.names.stdlib import is_stdlib
from envcheck.judge.names.table import NameTable
from envcheck.model.constraints import conda, pep440
from envcheck.model.names import normalize
from envcheck.model.traces import Meaning, Subject, Trace
from envcheck.model.versions import public_version, same_version

PYTHON = "python"
"""The key of the interpreter, which is no distribution."""
_SHORT = frozenset(("cv2",))
"""Modules whose own version lacks the last part of their distribution's (opencv-python 4.9.0.80 is cv2 4.9.0)."""


class Ground(Enum):
    """What tells which distribution a trace means."""

    RECORD = "record"
    """The trace names it, or the files of the environment do."""
    TABLE = "table"
    OWN_NAME = "own-name"
    """No table knows the name, so that it most likely is the distribution's."""
    UNKNOWN = "unknown"
    """Several distributions have the module, or it is part of one and may have a version of its own."""


class Meant(Struct, frozen=True):
    """The distributions that a trace may mean, best first; one when it is certain enough to compare."""

    keys: tuple[str, ...]
    ground: Ground

    @property
    def key(self) -> str:
        """The distribution, empty when it is not certain which."""
        return self.keys[0] if len(self.keys) == 1 and self.ground is not Ground.UNKNOWN else ""


class TraceNames(Struct, frozen=True):
    """What resolves the names of traces; ``modules`` are those of the environment where there is one."""

    table: NameTable
    modules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def meant(self, trace: Trace) -> Meant:
        """Return which distribution a trace means; none for platforms and modules of the standard library."""
        match trace.subject:
            case Subject.PYTHON:
                return Meant((PYTHON,), Ground.RECORD)
            case Subject.DISTRIBUTION:
                return Meant((trace.name,), Ground.RECORD)
            case Subject.CONDA:
                return self._of_conda(trace.name)
            case Subject.MODULE:
                return self._of_module(trace.name)
            case Subject.HOST:
                return Meant((), Ground.UNKNOWN)

    def _of_conda(self, name: str) -> Meant:
        known = self.table.by_conda.get(name, ())
        if known:
            return Meant(tuple(map(normalize, known[:1])), Ground.TABLE)  # the likeliest, as everywhere
        return Meant((normalize(name),), Ground.OWN_NAME)

    def _of_module(self, module: str) -> Meant:
        """Return what the whole dotted name means: the version of ``tensorflow.keras`` is not that of tensorflow."""
        found = self.modules.get(module, ())
        if found:
            return Meant(found, Ground.RECORD)
        known = self.table.by_import.get(module, ())
        if known:
            return Meant(tuple(map(normalize, known)), Ground.TABLE)
        if "." in module or module in self.table.namespaces or is_stdlib(module):
            return Meant((), Ground.UNKNOWN)
        return Meant((normalize(module),), Ground.OWN_NAME)


class State(Enum):
    """How an environment compares with a trace."""

    SAME = "same"
    DRIFTED = "drifted"
    MISSING = "missing"
    UNKNOWN = "unknown"
    """It cannot be said: which distribution is meant, or what is installed."""


class Comparison(Struct, frozen=True):
    """A trace beside what is installed of the distribution that it means; ``installed`` is empty for nothing."""

    trace: Trace
    key: str
    installed: str
    state: State


def compare(
    traces: Iterable[Trace], names: TraceNames, installed: Mapping[str, str], *, python: str = ""
) -> Iterator[Comparison]:
    """Yield for every trace whether an environment is as it tells; hints are left out, for they tell of others.

    ``installed`` maps normalised names of distributions, and ``conda:name`` for packages that hold none, to versions;
    ``python`` is the version of the interpreter, empty when it is not known.
    """
    for trace in traces:
        if trace.meaning is not Meaning.HINT:
            yield _compared(trace, names.meant(trace), installed, python)


def _compared(trace: Trace, meant: Meant, installed: Mapping[str, str], python: str) -> Comparison:
    if trace.subject is Subject.PYTHON:
        # As with stamps, another patch of the same Python is no drift.
        near = trace.meaning is not Meaning.ASKED and trace.version.split(".")[:2] == python.split(".")[:2]
        state = State.UNKNOWN if not python else State.SAME if near or agrees(trace, python) else State.DRIFTED
        return Comparison(trace, PYTHON, python, state)
    there = [key for key in meant.keys if key in installed]
    if trace.subject is Subject.CONDA and not there:
        there = [key for key in (f"conda:{trace.name}",) if key in installed]
    if len(there) > 1 or (not meant.key and not there):
        return Comparison(trace, "", "", State.UNKNOWN)
    if not there:
        return Comparison(trace, meant.key, "", State.MISSING)
    version = installed[there[0]]
    return Comparison(trace, there[0], version, State.SAME if agrees(trace, version) else State.DRIFTED)


def agrees(trace: Trace, version: str) -> bool:
    """Tell whether a version is what a trace tells; a trace without a version agrees with all."""
    if not trace.version:
        return True
    if trace.meaning is Meaning.ASKED:
        return _allows(trace, version)
    if trace.subject is Subject.PYTHON:
        return _is_in_series(version, trace.version) or _is_in_series(trace.version, version)
    if trace.subject is Subject.MODULE:
        # Modules often leave out the local part of their distribution's version.
        left = trace.version if "+" in trace.version else public_version(version)
        short = trace.name in _SHORT and version.startswith(f"{trace.version}.")
        return same_version(left, version if "+" in trace.version else trace.version) or short
    return same_version(trace.version, version)


def _is_in_series(version: str, series: str) -> bool:
    whole = version.rstrip("+")
    return f"{whole}.".startswith(f"{series.rstrip('+')}.")


def _allows(trace: Trace, version: str) -> bool:
    try:
        constraint = conda(trace.version) if trace.subject is Subject.CONDA else pep440(trace.version)
    except ValueError:
        return True  # a wish that nobody can read is none
    return constraint.allows(version)
