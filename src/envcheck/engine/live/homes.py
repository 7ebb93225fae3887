"""Where notebooks belong: the root of their project and its settings, asked for at every save and looked up rarely."""

from __future__ import annotations

import os
import time

from msgspec import Struct, field

from envcheck.engine.discover import find_root
from envcheck.engine.settings.file import load_settings
from envcheck.model.errors import UserError
from envcheck.model.settings import Settings

_LASTS = 3.0
"""Seconds: saves may come in quick succession, and whoever edits the settings notices nothing of these."""


class Home(Struct, frozen=True):
    """The root of a project, absolute, and the settings that hold for a notebook in it."""

    root: str
    settings: Settings


class Homes(Struct):
    """The homes of notebooks, remembered for a few seconds."""

    _known: dict[str, tuple[float, Home]] = field(default_factory=dict)

    def of(self, path: str) -> Home:
        """Return the home of a notebook, given its absolute path, whether it exists or not."""
        folder = os.path.dirname(path)
        known = self._known.get(folder)
        if known is None or time.monotonic() - known[0] > _LASTS:
            known = self._known[folder] = time.monotonic(), home_of(path)
        return known[1]


def home_of(path: str) -> Home:
    """Return the home of a notebook or folder as it is now; a broken settings file is nobody's wishes."""
    folder = path if os.path.isdir(path) else os.path.dirname(path)
    root = find_root([folder])
    try:
        return Home(root, load_settings([folder], cwd=folder))
    except UserError:
        return Home(root, Settings())
