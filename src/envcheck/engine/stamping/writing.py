"""Stamps into notebooks and out of them: what would be written, and the writing."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from envcheck.engine.stamping.building import kept, refuse
from envcheck.engine.stamping.notebooks import Fault, Notebook, Notebooks
from envcheck.engine.stamping.references import Reference
from envcheck.engine.stamping.trust import Trust
from envcheck.engine.writing.files import replace_file
from envcheck.gather.documents.notebook_metadata import NotebookError, with_value, without_value
from envcheck.gather.documents.stamp_writing import to_json
from envcheck.judge.evidence.records import compare_pythons
from envcheck.model.errors import UserError
from envcheck.model.records import PythonDifference, Record
from envcheck.model.stampings import Outcome, Stamping
from envcheck.model.stamps import KEY, Stamp


class Wish(Struct, frozen=True):
    """What a stamp is to hold: ``direct_only`` no more than what is imported, ``lock`` a reference in place of it."""

    direct_only: bool = False
    lock: Reference | None = None


def stampings(notebooks: Notebooks, wish: Wish) -> Iterator[Stamping]:
    """Yield what stamping makes of each notebook, one in memory at a time; nothing is written."""
    for notebook in notebooks.each():
        stamping = Stamping(notebooks.viewpoint.path(notebook.path), notebook.path, Outcome.REFUSED)
        if notebook.is_foreign and not notebook.fault:
            reason = f"is a notebook in {notebook.source.language}"
            yield replace(stamping, outcome=Outcome.LEFT_ALONE, reason=reason)
            continue
        try:
            yield _stamping(notebooks, notebook, wish, stamping)
        except (UserError, NotebookError) as error:
            yield _refused(stamping, error)


def unstampings(notebooks: Notebooks) -> Iterator[Stamping]:
    """Yield what taking the stamp away makes of each notebook, whatever its stamp is; nothing is written."""
    for notebook in notebooks.each():
        stamping = Stamping(notebooks.viewpoint.path(notebook.path), notebook.path, Outcome.REFUSED)
        if not notebook.data and notebook.fault:
            yield replace(stamping, reason=notebook.fault.reason, remedy=notebook.fault.remedy)
            continue
        try:
            new = without_value(notebook.data, KEY)
        except NotebookError as error:
            yield _refused(stamping, error)
            continue
        outcome = Outcome.REMOVED if new != notebook.data else Outcome.SAME
        yield replace(stamping, outcome=outcome, old=notebook.data, new=new)


def written(root: str, stamping: Stamping, trust: Trust) -> Stamping:
    """Write a notebook if it is to be written and return what came of it; a failure is a refusal.

    A notebook that Jupyter trusts stays trusted.
    """
    if not stamping.is_to_write:
        return stamping
    is_trusted = trust.covers(stamping.old)
    try:
        replace_file(root, stamping.file, old=stamping.old, new=stamping.new)
    except UserError as error:
        return replace(_refused(stamping, error), new=stamping.old)
    if is_trusted:
        trust.extend_to(stamping.new)
    return stamping


def _stamping(notebooks: Notebooks, notebook: Notebook, wish: Wish, stamping: Stamping) -> Stamping:
    if notebook.fault:
        return replace(stamping, reason=notebook.fault.reason, remedy=notebook.fault.remedy)
    refuse(notebook.source)
    if wish.lock:
        return _with(stamping, notebook, Stamp(env=wish.lock.from_notebook(notebook.path)))
    choice = notebooks.environment_of(notebook.source)
    if isinstance(choice, Fault):
        return replace(stamping, reason=choice.reason, remedy=choice.remedy)
    stamp = notebooks.stamper(choice).stamp(notebook.source, direct_only=wish.direct_only)
    seen = replace(
        stamping,
        environment=notebooks.viewpoint.path(choice.prefix),
        how=choice.how,
        doubt=_doubt(notebook.source.python, stamp.python),
    )
    return _with(seen, notebook, stamp)


def _with(stamping: Stamping, notebook: Notebook, stamp: Stamp) -> Stamping:
    old, data = notebook.source.stamp, notebook.data
    stamp = kept(old, stamp)
    new = with_value(data, KEY, to_json(stamp))
    outcome = Outcome.SAME if new == data else Outcome.CHANGED if old else Outcome.NEW
    return replace(stamping, outcome=outcome, stamp=stamp, old=data, new=new)


def _doubt(ran: str, here: str) -> str:
    """Return what speaks against it that a notebook ran here: the Python that it says it was run on last."""
    difference = compare_pythons(Record(python=ran), Record(python=here))
    return f"it was last run on Python {ran}" if difference is PythonDifference.MINOR else ""


def _refused(stamping: Stamping, error: UserError | NotebookError) -> Stamping:
    if isinstance(error, NotebookError):
        return replace(stamping, reason=error.reason, remedy=error.remedy)
    reason = error.message.removeprefix(f"{stamping.file}: ")
    return replace(stamping, outcome=Outcome.REFUSED, reason=reason, remedy=error.hint)
