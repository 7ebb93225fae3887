"""All reporters by name; each is loaded when it is asked for."""

from __future__ import annotations

from envcheck.reporters.base import Reporter

NAMES = ("terminal", "table", "json", "concise", "github", "gitlab", "sarif", "junit", "markdown", "html")
WITH_PLACES = frozenset({"concise", "github", "gitlab", "sarif"})
"""Those that say where in a notebook's file a cell stands."""
WITH_FIXES = frozenset({"sarif"})
"""Those that say what a fix would write."""


def reporter(name: str) -> Reporter:
    """Return the reporter of this name, one of ``NAMES``."""
    found = _for_people(name) or _for_programs(name)
    if found is None:
        raise KeyError(name)
    return found


def _for_people(name: str) -> Reporter | None:
    match name:
        case "terminal":
            from envcheck.reporters import terminal

            return terminal
        case "table":
            from envcheck.reporters import table

            return table
        case "concise":
            from envcheck.reporters import concise

            return concise
        case "markdown":
            from envcheck.reporters import markdown

            return markdown
        case "html":
            from envcheck.reporters import html

            return html
    return None


def _for_programs(name: str) -> Reporter | None:
    match name:
        case "json":
            from envcheck.reporters import json

            return json
        case "github":
            from envcheck.reporters import github

            return github
        case "gitlab":
            from envcheck.reporters import gitlab

            return gitlab
        case "sarif":
            from envcheck.reporters import sarif

            return sarif
        case "junit":
            from envcheck.reporters import junit

            return junit
    return None
