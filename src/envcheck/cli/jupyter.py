"""Switch envcheck's part of Jupyter on or off: stamps on save, the status item and its panel; or say how it stands.

Installing envcheck into the environment that runs Jupyter switches it on. What is written are Jupyter's own settings.
"""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

from envcheck.cli.output import deliver

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from envcheck.engine.live.switches import Switch

EXAMPLES = """\
examples:
  envcheck jupyter status
  envcheck jupyter disable                      for the environment that this envcheck is in
  envcheck jupyter disable --user               for this user, in every environment

in jupyter_server_config.py: c.EnvcheckStamp.mode = "always" (every notebook), "asked" (default) or "never"
exit codes: 0 done, or all of it on; 1 status: not all of it is on; 2 a bad request
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of ``jupyter``."""
    parser.add_argument("action", choices=("enable", "disable", "status"))
    parser.add_argument("--user", action="store_true", help="for this user, in place of this environment")


def run(options: SimpleNamespace) -> int:
    """Switch, or say how things stand."""
    from envcheck.engine.live.switches import levels, state, switch
    from envcheck.reporters.sanitize import sanitize

    given = levels(sys.prefix, os.environ)
    said = []
    if options.action != "status":
        written = switch(given, of_user=options.user, on=options.action == "enable")
        said += [f"written: {path}" for path in written] or ["nothing to change"]
    found = state(given)
    said += _said(found)
    deliver("".join(f"{sanitize(line)}\n" for line in said))
    return int(options.action == "status" and not (found.server and found.page))


def _said(found: Switch) -> list[str]:
    from importlib.util import find_spec

    lines = [f"environment: {sys.prefix}"]
    if find_spec("jupyter_server") is None:
        lines.append("no jupyter_server here: install envcheck-nb[jupyter] into the environment that runs Jupyter")
    by = f" ({found.said_by})" if found.said_by else ""
    lines.append(f"stamps on save: {'on' if found.server else 'off'}{by}")
    lines.append(f"status item and panel: {'on' if found.page else 'off'}")
    return lines
