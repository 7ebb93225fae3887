"""All lockers by name, each loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from envcheck.lockers.base import Locker

NAMES = ("pip-tools", "uv", "pip", "conda-lock")


def locker(name: str) -> Locker:
    """Return the locker of a name in :data:`NAMES`."""
    return cast("Locker", import_module(f"envcheck.lockers.{name.replace('-', '_')}"))
