"""Testimonies as plain objects: what ``envcheck evidence`` prints."""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.engine.testimony.notebooks import Testimonies
from envcheck.judge.evidence.accounts import Account, accounts
from envcheck.judge.evidence.traces import TraceNames
from envcheck.model.readings import Problem, Reading
from envcheck.model.traces import Meaning, Testimony, Trace
from envcheck.model.urls import redact
from envcheck.model.viewpoint import Viewpoint

Row = dict[str, object]


def evidence_rows(found: Testimonies, names: TraceNames) -> Row:
    """Return what each notebook tells, by the committed schema."""
    return {
        "schema": 1,
        "notebooks": [_notebook(reading, names, found.viewpoint) for reading in found.readings],
        "problems": [_problem(problem, found.viewpoint) for problem in found.problems],
    }


def _notebook(reading: Reading[Testimony], names: TraceNames, viewpoint: Viewpoint) -> Row:
    testimony = reading.value
    return {
        "path": viewpoint.path(testimony.path),
        "distributions": [_account(account) for account in accounts(testimony.traces, names)],
        "hints": [_trace(trace) for trace in testimony.traces if trace.meaning is Meaning.HINT],
        "traces": list(_traces(testimony, names)),
        "problems": [_problem(problem, viewpoint) for problem in reading.problems],
    }


def _account(account: Account) -> Row:
    return {
        "name": account.name,
        "distribution": account.key or None,
        "candidates": list(account.candidates),
        **said(account.best),
        "against": [said(trace) for trace in account.against],
    }


def _traces(testimony: Testimony, names: TraceNames) -> Iterator[Row]:
    for trace in testimony.traces:
        meant = names.meant(trace)
        yield {**_trace(trace), "distribution": meant.key or None, "ground": meant.ground.value}


def _trace(trace: Trace) -> Row:
    return {"name": trace.name, "subject": trace.subject.value, **said(trace)}


def said(trace: Trace) -> Row:
    """Return the version that a trace tells, and where it stands."""
    return {
        "version": redact(trace.version) or None,
        "meaning": trace.meaning.value,
        "kind": trace.kind.value,
        "cell": trace.place.cell,
        "output": trace.output,
        "line": trace.line,
    }


def _problem(problem: Problem, viewpoint: Viewpoint) -> Row:
    return {
        "path": viewpoint.path(problem.place.path),
        "cell": problem.place.cell,
        "line": problem.place.line,
        "kind": problem.kind.value,
        "message": problem.message,
        "remedy": problem.remedy or None,
    }
