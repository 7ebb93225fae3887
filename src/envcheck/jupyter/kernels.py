"""Which kernel a notebook of this server has, or would get: asked of the server's own managers, on its own thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from envcheck.engine.live.kernels import Kernel

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def kernel_of(app: ServerApp, path: str, name: str) -> Kernel | str:
    """Return the kernel of a notebook's session, else the one of a name (or the default one), else why there is none.

    ``path`` is that of the contents API.
    """
    gateway = getattr(app, "gateway_config", None)
    if gateway is not None and gateway.gateway_enabled:
        return "its kernels run behind a gateway, whose environments cannot be read from here"
    running = _running(app, path)
    if running is not None:
        return running
    wanted = name or app.kernel_manager.default_kernel_name
    try:
        spec = app.kernel_spec_manager.get_kernel_spec(wanted)
    except KeyError:  # NoSuchKernel is one
        return f"there is no kernel {wanted} here"
    return _kernel(wanted, spec, is_running=False)


def _running(app: ServerApp, path: str) -> Kernel | None:
    """Return the kernel of the session at a path.

    The public way to ask is a coroutine, and a hook that runs before a save cannot wait for one.
    """
    sessions = app.session_manager
    if getattr(sessions, "cursor", None) is None:
        return None
    cursor = sessions.connection.cursor()  # the manager's own may be in the middle of a question
    try:
        rows = cursor.execute("SELECT kernel_id FROM session WHERE path=?", (path,)).fetchall()
    finally:
        cursor.close()
    for row in rows:
        identifier = row[0]
        if identifier in app.kernel_manager:
            manager = app.kernel_manager.get_kernel(identifier)
            if manager.kernel_spec is not None:
                return _kernel(manager.kernel_name, manager.kernel_spec, is_running=True)
    return None


def _kernel(name: str, spec: Any, *, is_running: bool) -> Kernel:
    environ = {str(key): str(value) for key, value in dict(spec.env).items()}
    return Kernel(
        name, tuple(map(str, spec.argv)), spec.resource_dir, spec.language, environ, dict(spec.metadata), is_running
    )
