"""What conda and mamba say that they install, where the transaction was carried out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from envcheck.gather.documents.notebook_outputs import Output, OutputKind
from envcheck.gather.traces.base import Outputs, Spot, Told
from envcheck.model.traces import Subject, Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.CONDA_INSTALL,)

_TOLD = Told(TraceKind.CONDA_INSTALL, Subject.CONDA)
_DONE = re.compile(
    r"Executing transaction: {0,9}(?:\.\.\.working\.\.\. {0,9})?(?:[-\\|/\x08 ]{0,9999})done|Transaction finished"
)
_GONE = re.compile(r"The following packages will be (?:REMOVED|removed).{0,9}")
_SECTION = re.compile(r"The following .{0,60}packages will be .{0,60}")
# mamba:  + numpy  1.26.4  py311h64a7726_0  conda-forge/linux-64  Cached
_ADDED = re.compile(r" {0,4}[+~] ([a-z0-9_][\w.-]{0,99}) {1,99}(\d\S{0,99}) {1,99}\S{1,99} {1,99}\S.*")
# conda:  numpy  conda-forge/linux-64::numpy-1.26.4-py311h64a7726_0, before 4.4  numpy: 1.11.1-py35_0; what is another
# now stands behind an arrow, with its name or without.
_ROW = re.compile(r" {2,9}([a-z0-9_][\w.-]{0,99}):? {1,99}(\S.*)")
_PACKAGE = re.compile(r"([a-z0-9_][\w.-]{0,99})-(\d[^\s-]{0,99})-\S{1,99}(?: .*)?")
_VERSION = re.compile(r"(\d[^\s-]{0,99})-\S{1,99}(?: .*)?")


def read(cell: Outputs) -> Iterator[Trace]:
    """Yield what was installed or changed."""
    for output in cell.outputs:
        if output.kind is OutputKind.STREAM and "transaction" in output.text.lower() and _DONE.search(output.text):
            yield from _of_output(output, cell)


def _of_output(output: Output, cell: Outputs) -> Iterator[Trace]:
    inside = False
    for number, line in enumerate(output.text.split("\n"), 1):
        spot, line = Spot(cell.place, output.number, number), line.rstrip()
        added = _ADDED.fullmatch(line)
        if added:
            yield from _told(spot, added[1], added[2])
        elif _SECTION.fullmatch(line):
            inside = not _GONE.fullmatch(line)
        elif inside:
            yield from _row(spot, line)


def _row(spot: Spot, line: str) -> Iterator[Trace]:
    row = _ROW.fullmatch(line)
    now = row[2].rpartition("-->")[2].strip() if row else ""
    channel, _, file = now.rpartition("::")
    package, version = _PACKAGE.fullmatch(file) if channel else None, _VERSION.fullmatch(now)
    if package:
        yield from _told(spot, package[1], package[2])
    elif row and version:
        yield from _told(spot, row[1], version[1])


def _told(spot: Spot, name: str, version: str) -> Iterator[Trace]:
    yield from _TOLD.trace(spot, name, version, Subject.PYTHON if name == "python" else Subject.CONDA)
