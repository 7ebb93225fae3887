"""The stamp of a notebook, put into it on its way to the disk; a save never fails for it, nor waits for long."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate

from msgspec import Struct

from envcheck.engine.live.homes import Home
from envcheck.engine.live.kernels import Kernel
from envcheck.engine.live.opened import (
    Renewal,
    has_stamp,
    kernel_name,
    notebook_of_content,
    renewal,
    renewed,
    saved_at,
)
from envcheck.jupyter.desk import Desk
from envcheck.jupyter.wishes import Mode, is_wanted
from envcheck.model.errors import UserError
from envcheck.model.stamps import KEY

_OLDEST = 4


class _Draft(Struct, frozen=True):
    """A notebook that is about to be saved: its path for Jupyter, its place on the disk, what is to be written."""

    path: str
    place: str
    home: Home
    content: Mapping[str, object]
    kernel: Kernel


class Saving:
    """What happens before a save; ``patience`` is how long one may wait for what is not read yet, in seconds."""

    def __init__(self, desk: Desk, mode: Mode, patience: float) -> None:
        """Prepare; nobody has saved anything yet."""
        self._desk = desk
        self._mode = mode
        self._patience = patience
        self._late: Future[Renewal | str] | None = None
        self._owed: set[str] = set()  # paths whose cells were run, and whose stamp came too late for that save

    def before_save(self, model: dict[str, object], path: str) -> None:
        """Put a stamp into the model of a notebook that is about to be saved, if anybody wants one; never raises."""
        try:
            content = model.get("content")
            if self._mode is not Mode.NEVER and model.get("type") == "notebook" and isinstance(content, dict):
                self._stamp(content, path)
        except Exception:
            self._desk.log.warning("envcheck: %s is saved without a new stamp", path, exc_info=True)

    def _stamp(self, content: dict[str, object], path: str) -> None:
        metadata, form = content.get("metadata"), content.get("nbformat", 0)
        place = self._desk.place_of(path)
        if not (isinstance(metadata, dict) and isinstance(form, int) and form >= _OLDEST and place):
            return
        home = self._desk.home_of(place)
        if not is_wanted(self._mode, folder=home.settings.stamp_on_save, has_stamp=has_stamp(content)):
            return
        kernel = self._desk.kernel_of(path, kernel_name(content))
        made = kernel if isinstance(kernel, str) else self._renewal(_Draft(path, place, home, content, kernel))
        if isinstance(made, str):
            self._desk.log.info("envcheck: %s gets no new stamp: %s", path, made)
        elif made.stamp is not None:
            metadata[KEY] = made.stamp

    def _renewal(self, draft: _Draft) -> Renewal | str:
        """Return the new stamp, or why there is none."""
        if self._late is not None and not self._late.done():
            return self._postponed(draft)
        self._late = None
        work = self._desk.do(lambda: self._made(draft))
        try:
            made = work.result(self._patience)
        except TooLate:
            self._late = work
            work.add_done_callback(lambda done: self._note(done, draft.path))
            return self._postponed(draft)
        self._owed.discard(draft.path)
        return made

    def _postponed(self, draft: _Draft) -> Renewal:
        """Return the stamp of the last save: that which the page holds may be an older one."""
        self._desk.log.info("envcheck: %s: still reading; its stamp comes with the next save", draft.path)
        stamp = saved_at(draft.place).stamp
        return Renewal(json.loads(stamp) if stamp else None)

    def _made(self, draft: _Draft) -> Renewal | str:
        """Return the new stamp, or why there is none; for the reading thread."""
        saved = saved_at(draft.place)  # first, before this save has replaced it
        try:
            bench = self._desk.bench(draft.home, draft.kernel)
            if isinstance(bench, str):
                return bench
            notebook = notebook_of_content(draft.place, draft.home.root, draft.content)
            if draft.path in self._owed:
                return Renewal(renewed(notebook, bench))
            return renewal(notebook, draft.content, saved, bench)
        except UserError as error:
            return error.message

    def _note(self, done: Future[Renewal | str], path: str) -> None:
        """Note whose cells were run when the answer comes after its save."""
        made = done.result() if done.exception() is None else ""
        if isinstance(made, Renewal) and made.has_run:
            self._owed.add(path)
