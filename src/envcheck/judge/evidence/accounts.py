"""The traces of one notebook by distribution: the best guess at what it ran with, and what says otherwise."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from envcheck.judge.evidence.traces import PYTHON, TraceNames, agrees
from envcheck.model.traces import Meaning, Subject, Trace, TraceKind

_MEANINGS = (Meaning.INSTALLED, Meaning.LOCKED, Meaning.ASKED)
_BY_KERNEL = frozenset(
    (
        TraceKind.VERSION_PRINT,
        TraceKind.WATERMARK,
        TraceKind.SESSION_INFO,
        TraceKind.SHOW_VERSIONS,
        TraceKind.PYTHON_VERSION,
        TraceKind.BANNER,
    )
)
"""What the running kernel said itself; others look at files, which an install may change behind its back."""
_IN_METADATA = frozenset((TraceKind.NBPROJECT, TraceKind.LANGUAGE_INFO, TraceKind.CONDA_ENVIRONMENT))
"""What is kept apart from the outputs and may be older than these."""


class Account(Struct, frozen=True):
    """What a notebook tells of one distribution, or of Python.

    ``best`` is the trace to believe: the last of the most trustworthy kind. ``against`` are the traces that disagree
    with it, in reading order. ``key`` is the distribution; of a module that several have, or that is a part of one,
    the module as ``name`` is all there is, and ``candidates`` are what it may be of.
    """

    name: str
    key: str
    best: Trace
    traces: tuple[Trace, ...]
    against: tuple[Trace, ...] = ()
    candidates: tuple[str, ...] = ()


def accounts(traces: Iterable[Trace], names: TraceNames) -> tuple[Account, ...]:
    """Return an account for every distribution that traces speak of, Python first; hints are in none."""
    grouped: dict[tuple[str, str], list[Trace]] = {}
    candidates: dict[tuple[str, str], tuple[str, ...]] = {}
    for trace in traces:
        if trace.meaning is Meaning.HINT:
            continue
        meant = names.meant(trace)
        group = (meant.key or trace.name, meant.key)
        grouped.setdefault(group, []).append(trace)
        candidates[group] = meant.keys
    made = [_account(group, found, candidates[group]) for group, found in grouped.items()]
    return tuple(sorted(made, key=lambda account: (account.key != PYTHON, account.name, account.key)))


def _account(group: tuple[str, str], traces: list[Trace], candidates: tuple[str, ...]) -> Account:
    best = min(reversed(traces), key=_distrust)  # the first of equals, which is the last in the notebook
    return Account(
        *group,
        best=best,
        traces=tuple(traces),
        against=tuple(trace for trace in traces if _contradicts(trace, best)),
        candidates=candidates,
    )


def _distrust(trace: Trace) -> tuple[bool, int, int]:
    is_vague = not trace.version or (trace.subject is Subject.PYTHON and trace.version.count(".") < 2)
    kind = 0 if trace.kind in _BY_KERNEL else 2 if trace.kind in _IN_METADATA else 1
    return is_vague, _MEANINGS.index(trace.meaning), kind


def _contradicts(trace: Trace, best: Trace) -> bool:
    if best.meaning is Meaning.ASKED or not best.version:
        return False
    # A lock for all platforms has several versions of one name.
    if trace.meaning is Meaning.LOCKED and best.meaning is Meaning.LOCKED:
        return False
    return not (agrees(trace, best.version) or agrees(best, trace.version))
