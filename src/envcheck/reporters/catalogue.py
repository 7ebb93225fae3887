"""All reporters by name; each is loaded when it is asked for."""

from __future__ import annotations

from envcheck.reporters.base import Reporter

NAMES = ("terminal", "table", "json")


def reporter(name: str) -> Reporter:
    """Return the reporter of this name, one of ``NAMES``."""
    match name:
        case "terminal":
            from envcheck.reporters import terminal

            return terminal
        case "table":
            from envcheck.reporters import table

            return table
        case "json":
            from envcheck.reporters import json

            return json
    raise KeyError(name)
