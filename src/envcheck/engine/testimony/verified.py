"""Testimonies beside the environments that their notebooks have now: what ``envcheck verify --evidence`` prints."""

from __future__ import annotations

from envcheck.engine.stamping.notebooks import Fault, Notebook, Notebooks
from envcheck.engine.testimony.compared import installed_versions
from envcheck.engine.testimony.notebooks import trace_names
from envcheck.engine.testimony.rows import said
from envcheck.gather.traces.catalogue import read
from envcheck.judge.evidence.accounts import accounts
from envcheck.judge.evidence.traces import Comparison, State, compare
from envcheck.model.environment import Environment
from envcheck.model.readings import RawFile
from envcheck.model.settings import Settings
from envcheck.model.traces import Testimony

Row = dict[str, object]


def verified_rows(notebooks: Notebooks) -> Row:
    """Return for each notebook the best trace of every distribution, with what is installed of it."""
    return {"schema": 1, "notebooks": [_notebook(notebook, notebooks) for notebook in notebooks.each()]}


def has_drifted(content: Row) -> bool:
    """Tell whether something is not as a notebook tells, or could not be compared at all."""
    rows = content["notebooks"]
    return isinstance(rows, list) and any(row["fault"] or row["drifted"] for row in rows)


def best_comparisons(testimony: Testimony, environment: Environment, settings: Settings) -> tuple[Comparison, ...]:
    """Return the comparison of the best trace of each distribution: what an install in a later cell undid is past."""
    names = trace_names(settings, environment.modules)
    best = [account.best for account in accounts(testimony.traces, names)]
    return tuple(compare(best, names, installed_versions(environment), python=environment.python))


def _notebook(notebook: Notebook, notebooks: Notebooks) -> Row:
    fault, found, prefix = notebook.fault, tuple[Comparison, ...](), ""
    if not fault and not notebook.is_foreign:
        choice = notebooks.environment_of(notebook.source)
        if isinstance(choice, Fault):
            fault = choice
        elif choice.environment:
            prefix = notebooks.viewpoint.path(choice.prefix)
            testimony = read(RawFile(notebook.path, notebook.data)).value
            found = best_comparisons(testimony, choice.environment, notebooks.settings)
    return {
        "path": notebooks.viewpoint.path(notebook.path),
        "environment": prefix or None,
        "fault": "; ".join(filter(None, (fault.reason, fault.remedy))) if fault else None,
        "drifted": sum(comparison.state in (State.DRIFTED, State.MISSING) for comparison in found),
        "traces": [_compared(comparison) for comparison in found],
    }


def _compared(comparison: Comparison) -> Row:
    return {
        "name": comparison.key or comparison.trace.name,
        "distribution": comparison.key or None,
        **said(comparison.trace),
        "installed": comparison.installed or None,
        "state": comparison.state.value,
    }
