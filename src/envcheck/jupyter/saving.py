"""The stamp of a notebook, put into it on its way to the disk; a save never fails for it, nor waits for long."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate

from envcheck.engine.live.homes import Home
from envcheck.engine.live.kernels import Kernel
from envcheck.engine.live.opened import has_stamp, kernel_name, notebook_of_content, stamp_for_save
from envcheck.jupyter.desk import Desk
from envcheck.jupyter.wishes import Mode, is_wanted
from envcheck.model.errors import UserError
from envcheck.model.stamps import KEY

_OLDEST = 4


class Saving:
    """What happens before a save; ``patience`` is how long one may wait for what is not read yet, in seconds."""

    def __init__(self, desk: Desk, mode: Mode, patience: float) -> None:
        self._desk = desk
        self._mode = mode
        self._patience = patience
        self._late: Future[Mapping[str, object] | str | None] | None = None

    def before_save(self, model: dict[str, object], path: str) -> None:
        """Put a stamp into the model of a notebook that is about to be saved, if anybody wants one; never raises."""
        try:
            content = model.get("content")
            if model.get("type") == "notebook" and isinstance(content, dict):
                self._stamp(content, path)
        except Exception:
            self._desk.log.warning("envcheck: %s is saved without a new stamp", path, exc_info=True)

    def _stamp(self, content: dict[str, object], path: str) -> None:
        metadata, form = content.get("metadata"), content.get("nbformat", 0)
        if not isinstance(metadata, dict) or not isinstance(form, int) or form < _OLDEST:
            return
        place = self._desk.place_of(path)
        if not place or self._mode is Mode.NEVER or self._is_late():
            return
        home = self._desk.home_of(place)
        if not is_wanted(self._mode, folder=home.settings.stamp_on_save, has_stamp=has_stamp(content)):
            return
        kernel = self._desk.kernel_of(path, kernel_name(content))
        if isinstance(kernel, str):
            self._desk.log.info("envcheck: %s is not stamped: %s", path, kernel)
            return
        work = self._desk.do(lambda: self._made(home, place, content, kernel))
        try:
            stamp = work.result(self._patience)
        except TooLate:
            self._late = work
            self._desk.log.info("envcheck: %s will be stamped with its next save: still reading", path)
            return
        if isinstance(stamp, str):
            self._desk.log.info("envcheck: %s is not stamped: %s", path, stamp)
        elif stamp is not None:
            metadata[KEY] = dict(stamp)

    def _made(
        self, home: Home, place: str, content: Mapping[str, object], kernel: Kernel
    ) -> Mapping[str, object] | str | None:
        """Return the stamp, or why there is none; ``None`` leaves the one that is there. For the reading thread."""
        try:
            bench = self._desk.bench(home, kernel)
            if isinstance(bench, str):
                return bench
            return stamp_for_save(notebook_of_content(place, home.root, content), content, bench)
        except UserError as error:
            return error.message

    def _is_late(self) -> bool:
        """Tell whether what an earlier save waited for in vain is still going on."""
        if self._late is not None and self._late.done():
            self._late = None
        return self._late is not None
