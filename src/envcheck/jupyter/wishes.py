"""Who wants a notebook stamped when it is saved."""

from __future__ import annotations

from enum import Enum


class Mode(Enum):
    """What is wished for a whole server."""

    ASKED = "asked"
    ALWAYS = "always"
    NEVER = "never"


def is_wanted(mode: Mode, *, folder: bool | None, has_stamp: bool) -> bool:
    """Tell whether a notebook is to be stamped: ``folder`` is what the settings of its project say, if anything.

    A server that never stamps is obeyed, then a project that says no; else it is enough that anybody asks.
    """
    if mode is Mode.NEVER or folder is False:
        return False
    return mode is Mode.ALWAYS or bool(folder) or has_stamp
