"""What ``pip install`` says when it is done: "Successfully installed" and "Requirement already satisfied"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from envcheck.gather.documents.notebook_outputs import OutputKind
from envcheck.gather.traces.base import Outputs, Spot, Told
from envcheck.model.traces import Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.PIP_INSTALL, TraceKind.SATISFIED)

_INSTALLED = Told(TraceKind.PIP_INSTALL)
_SATISFIED = Told(TraceKind.SATISFIED)
_DONE = "Successfully installed "
_FOUND = "Requirement already "
_WORD = re.compile(r"([A-Za-z0-9][\w.-]{0,99})-(\d[^\s-]{0,99})")
_ALREADY = re.compile(
    r" {0,20}Requirement already (?:satisfied|up-to-date)(?: \(use --upgrade to upgrade\))?: "
    r"([A-Za-z0-9][\w.-]{0,99}).*"
)
_BRACKETS = re.compile(r"\((\d[^()\s]{0,99})\)$")


def read(cell: Outputs) -> Iterator[Trace]:
    """Yield what was installed or found installed."""
    for spot, line in cell.lines(OutputKind.STREAM, OutputKind.RESULT, holding=(_DONE, _FOUND)):
        if line.lstrip(" ").startswith(_DONE):
            yield from _installed(spot, line)
        elif _FOUND in line:
            yield from _satisfied(spot, line)


def _installed(spot: Spot, line: str) -> Iterator[Trace]:
    for word in line.split()[2:]:
        found = _WORD.fullmatch(word)
        if found:
            yield from _INSTALLED.trace(spot, found[1], found[2])


def _satisfied(spot: Spot, line: str) -> Iterator[Trace]:
    found = _ALREADY.fullmatch(line)
    if found:
        version = _BRACKETS.search(line)  # absent before pip 10
        yield from _SATISFIED.trace(spot, found[1], version[1] if version else "")
