"""Tell auditors' tools what is in an environment or a lock: as CycloneDX 1.6, or in the shape of pip inspect.

CycloneDX needs the extra sbom: pip install "envcheck-nb[sbom]". The same environment or lock makes the same bytes: no
time is told unless --timestamp asks for it, and the serial number is made from the content.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING

from envcheck import __version__
from envcheck.cli.arguments import add_lock_options, add_paths, paths_of, settings_of, working_folder
from envcheck.cli.output import deliver
from envcheck.model.errors import UserError

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from datetime import datetime

    from envcheck.model.bills import Bill
    from envcheck.model.settings import Settings

_FORMATS = ("cyclonedx", "pip-inspect")

EXAMPLES = """\
examples:
  envcheck sbom --output sbom.cdx.json          the environment of this project
  envcheck sbom --prefix ~/conda/envs/lab       conda packages and what pip has installed
  envcheck sbom --lock uv.lock --platform osx-arm64 --python 3.12
  envcheck sbom --format pip-inspect            as pip inspect, without running a Python

exit codes: 0 everything was read; 1 something could not be, and is not in it; 2 a bad request
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of ``sbom``."""
    add_paths(parser)
    group = parser.add_argument_group("what is looked at")
    environment = group.add_mutually_exclusive_group()
    environment.add_argument("--python", metavar="PATH", help="the environment of this interpreter")
    environment.add_argument("--prefix", metavar="DIR", help="the environment in this folder")
    group.add_argument("--lock", metavar="FILE", default="", help="what this lock wants there, in place of what is")
    group.add_argument("--config", metavar="FILE", default="", help="settings file, in place of the project's own")
    add_lock_options(parser)
    output = parser.add_argument_group("output")
    output.add_argument("--format", choices=_FORMATS, default=_FORMATS[0], help=f"default: {_FORMATS[0]}")
    output.add_argument("--timestamp", action="store_true", help="tell the time: SOURCE_DATE_EPOCH, or now")
    output.add_argument("--output", metavar="FILE", default="", help="write to this file")
    parser.set_defaults(jobs=0, no_cache=True)


def run(options: SimpleNamespace) -> int:
    """Write what was asked for, say what is missing in it, and return 1 when something is."""
    from envcheck.engine.exchange.asked import environment_for, inspection

    if options.format == "pip-inspect" and options.lock:
        raise UserError("pip inspects what is installed, not locks", "--format cyclonedx tells what a lock wants")
    paths = paths_of(options)
    settings = settings_of(options, paths)
    if options.format == "pip-inspect":
        from envcheck.reporters.json import document

        environment = environment_for(paths, settings, environ=os.environ, cwd=working_folder())
        content, missing = inspection(environment)
        deliver(document(content), options.output)
        return _complained(missing)
    from envcheck.reporters.cyclonedx import render

    made = _time() if options.timestamp else None
    bill = _bill(paths, settings, options.lock)
    deliver(render(bill, __version__, made), options.output)
    return _complained(f"{problem.place}: {problem.message}" for problem in bill.problems)


def _bill(paths: Sequence[str], settings: Settings, lock: str) -> Bill:
    from envcheck.engine.exchange.asked import bill_of, environment_for

    folder = working_folder()
    environment = environment_for(paths, settings, environ=os.environ, cwd=folder)
    if not lock:
        return bill_of(environment, paths, cwd=folder)
    from envcheck.engine.exchange.locked import bill_of_lock

    return bill_of_lock(os.path.normpath(os.path.join(folder, lock)), environment, settings)


def _time() -> datetime:
    """Return the time to be told. Raises ``UserError`` for a ``SOURCE_DATE_EPOCH`` that is none."""
    from datetime import datetime, timezone

    told = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        return datetime.fromtimestamp(int(told), timezone.utc) if told else datetime.now(timezone.utc)
    except (ValueError, OverflowError, OSError) as error:
        raise UserError(f"SOURCE_DATE_EPOCH {told} is no time", "give seconds since 1970, or leave it out") from error


def _complained(missing: Iterable[str]) -> int:
    """Say on standard error what could not be read, and return 1 when something could not."""
    from envcheck.model.urls import redact
    from envcheck.reporters.sanitize import sanitize

    lines = [f"envcheck: {sanitize(redact(text))}\n" for text in missing]
    sys.stderr.write("".join(lines))
    return int(bool(lines))
