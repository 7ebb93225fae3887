"""envcheck inside Jupyter: an extension of the server, magics for the kernel, a status item for the page.

Loaded by Jupyter, which looks for the function below; everything else is imported when that is called.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _load_jupyter_server_extension(app: ServerApp) -> None:
    """Make a running server stamp notebooks as they are saved, and answer what their stamps say."""
    from envcheck.jupyter.server import load

    load(app)
