"""``GET /envcheck/status?path=…``: what the stamp of a notebook says, behind Jupyter's own doors."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado.web import HTTPError, authenticated

from envcheck.engine.live.opened import judged, notebook_of_content, notebook_on_disk, unjudged
from envcheck.jupyter.answers import answer
from envcheck.jupyter.desk import how_of
from envcheck.model.errors import UserError

if TYPE_CHECKING:
    from envcheck.engine.live.homes import Home
    from envcheck.engine.live.kernels import Kernel
    from envcheck.engine.live.opened import Judged
    from envcheck.engine.stamping.notebooks import Notebook
    from envcheck.jupyter.desk import Desk


class Status(APIHandler):
    """Whoever may read notebooks may ask."""

    auth_resource = "contents"

    def initialize(self, desk: Desk) -> None:
        """Take the desk that the server has."""
        self._desk = desk

    @authenticated
    @authorized
    async def get(self) -> None:
        """Answer for the notebook that ``path`` names; 404 for one that Jupyter would not show either."""
        path = self.get_query_argument("path").strip("/")
        place = self._desk.place_of(path) or os.path.abspath(path)
        home = self._desk.home_of(place)
        notebook = await self._notebook(path, place, home)
        name = notebook.source.kernel.name if notebook.source.kernel else ""
        kernel = self._desk.kernel_of(path, name)
        if isinstance(kernel, str):
            found = unjudged(path, kernel)
        else:
            found = await asyncio.wrap_future(self._desk.do(lambda: self._judged(home, notebook, kernel)))
        self.finish(answer(found, path))

    async def _notebook(self, path: str, place: str, home: Home) -> Notebook:
        """Return the notebook as it is on the disk.

        Jupyter's manager would decode, validate and compare the signature of every output: too slow to be asked often.
        """
        contents = self.contents_manager
        if not await ensure_async(contents.file_exists(path)):
            raise HTTPError(404, f"there is no notebook {path}")
        if not contents.allow_hidden and await ensure_async(contents.is_hidden(path)):
            raise HTTPError(404, f"there is no notebook {path}")
        if path.endswith(".ipynb") and self._desk.place_of(path):
            return await asyncio.wrap_future(self._desk.do(lambda: notebook_on_disk(place, home.root)))
        model = await ensure_async(contents.get(path, content=True))
        if model["type"] != "notebook":
            raise HTTPError(400, f"{path} is no notebook")
        return notebook_of_content(place, home.root, model["content"])

    def _judged(self, home: Home, notebook: Notebook, kernel: Kernel) -> Judged:
        try:
            bench = self._desk.bench(home, kernel)
            return unjudged(notebook.path, bench) if isinstance(bench, str) else judged(notebook, bench, how_of(kernel))
        except UserError as error:
            return unjudged(notebook.path, error.message)
