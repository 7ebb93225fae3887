"""Plans → environments, whole or not at all, and what their notebooks say of them."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator

from msgspec.structs import replace

from envcheck.engine.recording.sides import Asking
from envcheck.engine.restoring.planning import check_folder
from envcheck.engine.stamping.notebooks import find_notebooks
from envcheck.engine.stamping.verifying import verdicts
from envcheck.lockers.base import Run
from envcheck.lockers.installer import install, make_environment
from envcheck.model.errors import UserError
from envcheck.model.restoring import Plan
from envcheck.model.stampings import Verdict


def make(plan: Plan, run: Run) -> None:
    """Make the environment of a plan.

    Raises ``UserError`` with the cause when that fails; then, and when it is interrupted, the folder is as it was.
    """
    with _whole_or_not_at_all(plan):
        make_environment(plan.interpreter, plan.folder, run)
        install(plan.tool, plan.folder, plan.wanted, run)


def verify(plan: Plan, notebook: str, asking: Asking) -> Verdict:
    """Return how the stamp of a notebook compares with the environment that was made from it."""
    settings = replace(asking.settings, prefix=plan.folder, python="")
    notebooks = find_notebooks([notebook], settings, environ=asking.environ, cwd=asking.cwd)
    return next(iter(verdicts(notebooks)))


@contextlib.contextmanager
def _whole_or_not_at_all(plan: Plan) -> Iterator[None]:
    """Take a folder for the time that it is filled. Scripts in it hold its path, so that it cannot be moved later."""
    check_folder(plan.folder, plan.shown)
    is_new = not os.path.isdir(plan.folder)
    if is_new:
        try:
            os.mkdir(plan.folder)
        except OSError as error:
            raise UserError(f"{plan.shown} cannot be made: {error.strerror or error}", "give another folder") from error
    try:
        yield
    except BaseException:
        _empty(plan.folder)
        if is_new:
            with contextlib.suppress(OSError):
                os.rmdir(plan.folder)
        raise


def _empty(folder: str) -> None:
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                os.unlink(entry.path)
