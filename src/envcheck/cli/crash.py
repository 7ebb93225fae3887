"""What is kept of a bug, so that it can be reported."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback

from envcheck import __version__


def write_crash_report(error: BaseException) -> str:
    """Write version, platform and traceback to a new file and return its path, empty when that cannot be done."""
    report = [
        f"envcheck {__version__}\n",
        f"Python {sys.version}\n",
        f"{platform.platform()}\n\n",
        *traceback.format_exception(error),
    ]
    try:
        descriptor, path = tempfile.mkstemp(prefix="envcheck-crash-", suffix=".txt")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines(report)
    except OSError:
        return ""
    return path
