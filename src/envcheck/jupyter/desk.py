"""What the hook and the address share: the server, and one thread that reads files for both."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from jupyter_server.services.contents.fileio import FileManagerMixin

from envcheck.engine.live.benches import Bench, Benches
from envcheck.engine.live.homes import Home, Homes
from envcheck.engine.live.kernels import Kernel, behind
from envcheck.jupyter.kernels import kernel_of

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

T = TypeVar("T")


class Desk:
    """The notebooks of one server; what is asked of its managers is asked on the server's thread, the rest is not."""

    def __init__(self, app: ServerApp) -> None:
        """Prepare to read; nothing is read yet."""
        self.log = app.log
        self._app = app
        root = os.path.abspath(getattr(app, "root_dir", "") or os.curdir)
        self._homes = Homes()
        self._benches = Benches(os.environ, root)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="envcheck")

    def kernel_of(self, path: str, name: str) -> Kernel | str:
        """Return the kernel of a notebook (a path of the contents API), or why there is none."""
        return kernel_of(self._app, path.strip("/"), name)

    def place_of(self, path: str) -> str:
        """Return where a path of the contents API lies on the disk, empty when it lies on none.

        Raises Jupyter's 404 for what is outside of its root.
        """
        contents = self._app.contents_manager
        if not isinstance(contents, FileManagerMixin):
            return ""
        return str(contents._get_os_path(path.strip("/")))  # noqa: SLF001 - nothing else checks as the manager does

    def do(self, work: Callable[[], T]) -> Future[T]:
        """Have something done on the thread that may read."""
        return self._worker.submit(work)

    def home_of(self, place: str) -> Home:
        """Return the project of a notebook on the disk."""
        return self._homes.of(place)

    def bench(self, home: Home, kernel: Kernel) -> Bench | str:
        """Return the bench for a project's notebook, or why its kernel has no environment; for the reading thread."""
        fact = behind(kernel, server_prefix=sys.prefix, environ=os.environ)
        if not fact.prefix:
            return f"its kernel {fact.name} leads to no environment here: {fact.how}"
        bench = self._benches.at(home, fact.prefix, kernel.environ)
        self._worker.submit(self._benches.renew, bench)
        return bench


def how_of(kernel: Kernel) -> str:
    """Return why the environment of a kernel is the one, in words."""
    return f"{'running' if kernel.is_running else 'its'} kernel {kernel.name}"
