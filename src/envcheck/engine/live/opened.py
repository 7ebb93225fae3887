"""A notebook as it is in somebody's hands, saved or not: its stamp, and what its stamp says of its kernel."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from envcheck.engine.live.benches import Bench
from envcheck.engine.live.runs import has_run
from envcheck.engine.reading.files import read_file
from envcheck.engine.stamping.building import kept, refuse
from envcheck.engine.stamping.notebooks import Fault, Notebook, notebook_of
from envcheck.engine.stamping.verifying import verdict_of
from envcheck.gather.documents.notebook_metadata import NotebookError, value_of
from envcheck.gather.documents.stamp_reading import read_stamp
from envcheck.gather.documents.stamp_writing import to_json
from envcheck.judge.evidence.requires import closure
from envcheck.model.readings import Problem, RawFile
from envcheck.model.stampings import State, Verdict
from envcheck.model.stamps import KEY, Stamp

_WANTED = ("kernelspec", "language_info", "language", "jupytext", KEY, "nbdime-conflicts")


def notebook_on_disk(path: str, root: str) -> Notebook:
    """Return the notebook at an absolute path; its own path is relative to the root of its project."""
    relative = _below(path, root)
    found = read_file(root, relative)
    if isinstance(found, Problem):
        nothing = notebook_of(RawFile(relative, b"{}"))
        return replace(nothing, data=b"", fault=Fault(found.message, found.remedy))
    return notebook_of(found)


def notebook_of_content(path: str, root: str, content: Mapping[str, object]) -> Notebook:
    """Return a notebook as a JSON object that has, or will have, an absolute path in the project at ``root``."""
    return notebook_of(RawFile(_below(path, root), json.dumps(_lean(content)).encode()))


def has_stamp(content: Mapping[str, object]) -> bool:
    """Tell whether a notebook has a stamp, of whatever kind."""
    return KEY in _metadata(content)


def kernel_name(content: Mapping[str, object]) -> str:
    """Return the name of the kernel that a notebook says it wants, empty when it says none."""
    kernelspec = _metadata(content).get("kernelspec")
    name = kernelspec.get("name") if isinstance(kernelspec, dict) else None
    return name if isinstance(name, str) else ""


class Judged(Struct, frozen=True):
    """What the stamp of an open notebook says of its kernel's environment, and the stamp that it would get now.

    ``prefix`` and ``python`` are those of the environment, empty where there is none.
    """

    verdict: Verdict
    fresh: Stamp | None = None
    prefix: str = ""
    python: str = ""


class Renewal(Struct, frozen=True):
    """The stamp, as JSON, with which a notebook shall be saved, ``None`` to leave what it has.

    ``has_run`` tells that it replaces one that had drifted, because cells were run.
    """

    stamp: Mapping[str, object] | None
    has_run: bool = False


class Saved(Struct, frozen=True):
    """What the last save of a notebook has left; empty where there was none."""

    data: bytes = b""

    @property
    def stamp(self) -> bytes | None:
        """The JSON text of its stamp."""
        try:
            return value_of(self.data, KEY)
        except NotebookError:
            return None


def saved_at(path: str) -> Saved:
    """Return what the last save has left at an absolute path."""
    found = read_file(*os.path.split(path))
    return Saved() if isinstance(found, Problem) else Saved(found.data)


def renewal(opened: Notebook, content: Mapping[str, object], saved: Saved, bench: Bench) -> Renewal:
    """Return the stamp with which an open notebook shall be saved.

    A stamp that has drifted is renewed when cells have been run since the last save, or when it is what somebody has
    put there just now; a mere save does not make the results those of other versions. What the page has in its hands
    may be older than what the last save wrote. Raises ``UserError`` for what is no notebook in Python, and where the
    stamp is of a newer form.
    """
    refuse(opened.source, opened.fault.reason if opened.fault else "")
    old = read_stamp(saved.stamp, opened.path).stamp if saved.stamp else opened.source.stamp
    if old is None:
        return Renewal(to_json(_fresh(opened, bench)))
    if old.env or not old.is_known:
        return Renewal(None)
    fresh = to_json(_fresh(opened, bench, direct_only=_is_direct_only(old, bench)))
    if fresh == _metadata(content).get(KEY) or not _has_drifted(old, opened, bench):
        return Renewal(fresh)
    is_run = bool(saved.data) and has_run(_tree(saved.data), content)
    return Renewal(fresh if is_run else to_json(old), is_run)


def renewed(opened: Notebook, bench: Bench) -> Mapping[str, object]:
    """Return the stamp of a notebook whose cells are known to have been run here."""
    refuse(opened.source, opened.fault.reason if opened.fault else "")
    old = opened.source.stamp
    return to_json(_fresh(opened, bench, direct_only=bool(old and _is_direct_only(old, bench))))


def _has_drifted(stamp: Stamp, opened: Notebook, bench: Bench) -> bool:
    notebook = replace(opened, source=replace(opened.source, stamp=stamp, stamp_leftovers=()))
    return verdict_of(bench.notebooks, notebook).state is State.DRIFTED


def _tree(data: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def judged(notebook: Notebook, bench: Bench, how: str) -> Judged:
    """Return what the stamp of an open notebook says of the environment; ``how`` is why it is that one."""
    verdict = verdict_of(bench.notebooks, notebook)
    environment = bench.look.choice.environment
    prefix, python = bench.look.choice.prefix, environment.python if environment else ""
    verdict = replace(verdict, environment=bench.notebooks.viewpoint.path(prefix), prefix=prefix, how=how)
    if notebook.fault or notebook.is_foreign:
        return Judged(verdict, prefix=prefix, python=python)
    if verdict.state is State.UNSTAMPED:
        verdict = replace(verdict, reasons=())
    return Judged(verdict, _fresh(notebook, bench), prefix, python)


def as_json(stamp: Stamp) -> dict[str, object]:
    """Return a stamp as it is written into a notebook."""
    return to_json(stamp)


def unjudged(path: str, reason: str) -> Judged:
    """Return that nothing can be said of a notebook, and why."""
    return Judged(Verdict(path, State.UNJUDGED, reasons=(reason,)))


def _fresh(notebook: Notebook, bench: Bench, *, direct_only: bool = False) -> Stamp:
    old = notebook.source.stamp
    return kept(old if old and old.is_known else None, bench.stamper.stamp(notebook.source, direct_only=direct_only))


def _is_direct_only(stamp: Stamp, bench: Bench) -> bool:
    """Tell whether somebody wanted no more in a stamp than what is imported (``envcheck stamp --direct``)."""
    if stamp.requires or not stamp.packages:
        return False
    return bool(closure(bench.stamper.environment, stamp.packages) - set(stamp.packages))


def _below(path: str, root: str) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")


def _metadata(content: Mapping[str, object]) -> Mapping[str, object]:
    found = content.get("metadata")
    return found if isinstance(found, dict) else {}


def _lean(content: Mapping[str, object]) -> Mapping[str, object]:
    """Return a notebook without what no stamp depends on: outputs, attachments, the state of widgets."""
    cells, metadata = content.get("cells"), _metadata(content)
    return {
        "cells": [_lean_cell(cell) for cell in cells] if isinstance(cells, list) else [],
        "metadata": {key: metadata[key] for key in _WANTED if key in metadata},
        "nbformat": content.get("nbformat", 4),
        "nbformat_minor": content.get("nbformat_minor", 5),
    }


def _lean_cell(cell: object) -> object:
    if not isinstance(cell, dict):
        return cell
    return {"cell_type": cell.get("cell_type"), "metadata": {}, "source": cell.get("source", "")}
