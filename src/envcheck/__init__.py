"""The library face of envcheck, which tells where notebooks, declarations and the installed environment disagree.

    >>> import envcheck
    >>> report = envcheck.check(["notebooks"])  # doctest: +SKIP
    >>> [f.message for f in report.findings if f.severity is envcheck.Severity.ERROR]  # doctest: +SKIP

Nothing is loaded before it is used, so that ``import envcheck`` costs next to nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False  # importing it from typing would cost as much as the rest of the start-up
if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from types import ModuleType

    from IPython.core.interactiveshell import InteractiveShell

    from envcheck.model.errors import UserError
    from envcheck.model.findings import Finding, Severity
    from envcheck.model.report import Report
    from envcheck.model.settings import Settings

__version__ = "0.1.0"

__all__ = ["Finding", "Report", "Settings", "Severity", "UserError", "__version__", "check"]

_HOMES = {
    "Finding": "findings",
    "Report": "report",
    "Settings": "settings",
    "Severity": "findings",
    "UserError": "errors",
}


def check(paths: Sequence[str | os.PathLike[str]] = (".",), *, settings: Settings | None = None) -> Report:
    """Return what ``envcheck PATH…`` reports about these files and folders.

    Without ``settings`` those of the project's settings file hold, as on the command line. Raises :class:`UserError`
    for a bad request (a path that does not exist, a broken settings file), and for nothing else.
    """
    import os

    from envcheck.engine.check import run_check
    from envcheck.engine.settings.file import load_settings

    here = os.getcwd()
    places = [os.fspath(path) for path in paths]
    wishes = load_settings(places, cwd=here) if settings is None else settings
    return run_check(places, wishes, environ=os.environ, cwd=here)


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Give a kernel the magic ``%envcheck`` (``%load_ext envcheck``)."""
    _magics().load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Take the magic away again."""
    _magics().unload(shell)


def _magics() -> ModuleType:
    # By name, for everything imports this module for its version, and nothing else may know what is inside Jupyter.
    from importlib import import_module

    return import_module("envcheck.jupyter.magics")


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Return where a Jupyter server finds what it loads."""
    return [{"module": "envcheck.jupyter"}]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Return where ``jupyter labextension develop`` finds what it links."""
    return [{"src": "jupyter/labextension", "dest": "envcheck"}]


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"envcheck.model.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
