"""Which reports a command line asks for, and each to where it belongs."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from envcheck import __version__
from envcheck.cli.output import append, deliver, look_of
from envcheck.model.errors import UserError
from envcheck.reporters.catalogue import NAMES, WITH_FIXES, WITH_PLACES, reporter

if TYPE_CHECKING:
    from envcheck.model.report import Report

_SUMMARY = "GITHUB_STEP_SUMMARY"


class Target(NamedTuple):
    """A format, and the file that it is written to; empty for standard output."""

    format: str
    file: str = ""


def target(text: str) -> Target:
    """Return what ``FORMAT`` or ``FORMAT:FILE`` asks for. Raises argparse's complaint for an unknown format."""
    name, _, file = text.partition(":")
    if name not in NAMES:
        from argparse import ArgumentTypeError

        raise ArgumentTypeError(f"invalid choice: {name!r} (choose from {', '.join(NAMES)})")
    return Target(name, "" if file == "-" else file)


def targets_of(options: SimpleNamespace) -> list[Target]:
    """Return the reports to write. Raises ``UserError`` when two of them would go to one place."""
    targets: list[Target] = options.targets or [Target(NAMES[0])]
    if options.output:
        if len(targets) > 1 or targets[0].file:
            raise UserError("--output is for one format", "name the file with its format: --format sarif:out.sarif")
        targets = [Target(targets[0].format, "" if options.output == "-" else options.output)]
    places = [_place(target) for target in targets]
    for index, place in enumerate(places):
        if place in places[:index]:
            both = f"{targets[places.index(place)].format} and {targets[index].format}"
            where = targets[index].file or "standard output"
            raise UserError(f"{both} would both be written to {where}", "give each a file: --format sarif:out.sarif")
    return targets


def _place(target: Target) -> str:
    """Return what tells two places apart: commands may stand between the lines of another report, in any log."""
    if target.file:
        return os.path.abspath(target.file)
    return "a log" if target.format == "github" else ""


def show(report: Report, targets: Sequence[Target], options: SimpleNamespace) -> None:
    """Write a report in each format. Raises ``UserError`` for a file that cannot be written, when all others are."""
    report = replace(_with_details(report, {target.format for target in targets}), version=__version__)
    failures = []
    for name, file in targets:
        stream = None if file else sys.stdout
        look = look_of(stream, environ=os.environ, color=options.color, verbosity=options.verbosity)
        try:
            deliver(reporter(name).render(report, look), file)
            if name == "github" and os.environ.get(_SUMMARY):
                _summarize(report, os.environ[_SUMMARY])
        except UserError as error:
            failures.append(error)
    if failures:
        raise failures[0]


def _with_details(report: Report, formats: set[str]) -> Report:
    if formats & WITH_PLACES:
        from envcheck.engine.telling.details import with_places

        report = with_places(report, os.getcwd())
    if formats & WITH_FIXES:
        from envcheck.engine.telling.details import with_fixes

        report = with_fixes(report, os.getcwd())
    return report


def _summarize(report: Report, path: str) -> None:
    from envcheck.reporters.github import summary

    append(summary(report), path)
