"""Stamps beside the environments that their notebooks have now."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from msgspec.structs import replace

from envcheck.engine.choose import Choice
from envcheck.engine.stamping.building import Stamper
from envcheck.engine.stamping.notebooks import Fault, Notebook, Notebooks
from envcheck.engine.stamping.references import record_of_lock
from envcheck.judge.evidence.records import restricted
from envcheck.judge.evidence.stamped import record_of_stamp, since
from envcheck.model.records import Comparison, PythonDifference
from envcheck.model.stampings import State, Verdict, drifted, is_other_python
from envcheck.model.stamps import Stamp
from envcheck.model.usage import Source


def verdicts(notebooks: Notebooks) -> Iterator[Verdict]:
    """Yield what the stamp of each notebook says of its environment, one notebook in memory at a time."""
    for notebook in notebooks.each():
        yield verdict_of(notebooks, notebook)


def verdict_of(notebooks: Notebooks, notebook: Notebook) -> Verdict:
    """Return what the stamp of one notebook says of its environment."""
    verdict = Verdict(notebooks.viewpoint.path(notebook.path), State.UNJUDGED)
    reasons = tuple(_against_judging(notebook))
    stamp = notebook.source.stamp
    if notebook.is_foreign and not notebook.fault:
        reason = f"is a notebook in {notebook.source.language}"
        return replace(verdict, state=State.LEFT_ALONE, reasons=(reason,))
    if reasons:
        return replace(verdict, reasons=reasons)
    if stamp is None:
        reason = f"run it, then envcheck stamp {verdict.path}"
        return replace(verdict, state=State.UNSTAMPED, reasons=(reason,))
    return _verdict(notebooks, notebook.source, stamp, verdict)


def _against_judging(notebook: Notebook) -> Iterator[str]:
    if notebook.fault:
        yield _sentence(notebook.fault.reason, notebook.fault.remedy)
    for leftover in notebook.source.stamp_leftovers:
        yield f"a merge is not resolved in its stamp: {leftover}; resolve it, run it and stamp it anew"
    for problem in notebook.problems:
        yield _sentence(problem.message, problem.remedy)


def _sentence(reason: str, remedy: str) -> str:
    return f"{reason}; {remedy}" if remedy else reason


def _verdict(notebooks: Notebooks, source: Source, stamp: Stamp, verdict: Verdict) -> Verdict:
    choice = notebooks.environment_of(source)
    if isinstance(choice, Fault):
        return replace(verdict, reasons=(_sentence(choice.reason, choice.remedy),))
    stamper = notebooks.stamper(choice)
    fresh = stamper.stamp(source)
    compared = _compared(notebooks, source, stamp, stamper, fresh)
    verdict = _seen_in(verdict, notebooks, choice)
    if isinstance(compared, str):
        return replace(verdict, reasons=(compared,))
    is_drifted = drifted(compared) or is_other_python(compared)
    state = State.DRIFTED if is_drifted else State.SAME
    return replace(verdict, state=state, comparison=compared, remarks=tuple(_remarks(stamp, fresh)))


def _compared(notebooks: Notebooks, source: Source, stamp: Stamp, stamper: Stamper, fresh: Stamp) -> Comparison | str:
    """Return the stamp, or the lock that it refers to, beside the environment; or why that cannot be done."""
    if not stamp.env:
        compared = since(record_of_stamp(stamp), stamper.record, fresh)
        is_blind = compared.python is PythonDifference.UNKNOWN
        return "its stamp does not say which Python it ran on; stamp it anew" if is_blind else compared
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source.path), stamp.env))
    record = record_of_lock(path, root=notebooks.project.root, settings=notebooks.settings, stamper=stamper)
    if isinstance(record, str):
        return f"its stamp refers to {record}"
    # The lock holds what other notebooks need too, and where things come from is judged with the lock itself (DRF004).
    used, packages = set(fresh.versions), set(fresh.conda)
    record = replace(
        record,
        versions=restricted(record.versions, used),
        conda=restricted(record.conda, packages),
        direct=frozenset(fresh.packages),
    )
    there = replace(stamper.record, sources={}, conda=stamper.record.conda if record.conda else {})
    return since(record, there, fresh)


def _seen_in(verdict: Verdict, notebooks: Notebooks, choice: Choice) -> Verdict:
    shown = notebooks.viewpoint.path(choice.prefix)
    return replace(verdict, environment=shown, prefix=choice.prefix, how=choice.how)


def _remarks(stamp: Stamp, fresh: Stamp) -> Iterator[str]:
    """Yield what has become of modules that nothing provides."""
    if stamp.env:
        return
    for module in fresh.missing:
        if module not in stamp.missing:
            yield f"{module} is imported, and nothing here provides it"
    for module in stamp.missing:
        if module not in fresh.missing:
            yield f"{module} was imported in vain when it was stamped"
