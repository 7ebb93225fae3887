r"""Paths in site-packages, of tracebacks and warnings: which Python ran, what was installed, rarely its version.

``/opt/conda/lib/python3.9/site-packages/pandas/core/frame.py``, ``c:\Python27\lib\site-packages\pymc\__init__.pyc``,
and folders that tell a version: ``numpy-1.11.0-py2.7-linux-x86_64.egg``, ``numpy-1.26.4.dist-info``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from envcheck.gather.documents.notebook_outputs import OutputKind
from envcheck.gather.traces.base import Outputs, Spot, Told
from envcheck.model.traces import Subject, Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.PATH,)

_TOLD = Told(TraceKind.PATH, Subject.MODULE)
_MARK = re.compile(r"(?:site|dist)-packages")
_LONGEST = 200
_PYTHON = re.compile(r"(?:[/\\]python(\d\.\d{1,2})t?[/\\]|[/\\][Pp]ython-?(\d)\.?(\d{1,2})(?:-\d\d)?[/\\][Ll]ib[/\\])$")
_FIRST = re.compile(r"[/\\]([A-Za-z0-9_][\w.+!-]{0,150})(?=([/\\]?))")
_TOLD_BY = re.compile(
    r"([A-Za-z0-9_][\w.]{0,99})-(\d[\w.+!]{0,50})(?:-py\d(?:\.\d{1,2})?(?:-[\w.-]{1,60})?)?\.(?:egg|dist-info|egg-info)"
)
_FILE = re.compile(r"([A-Za-z_]\w{0,99})\.py[co]?")
_MODULE = re.compile(r"[A-Za-z_]\w{0,99}")
_NOT_MODULES = frozenset(("__pycache__", "site", "_distutils_hack"))


def read(cell: Outputs) -> Iterator[Trace]:
    """Yield what paths tell, each fact once for a cell."""
    seen: set[tuple[str, str]] = set()
    for spot, line in cell.lines(OutputKind.STREAM, OutputKind.RESULT, OutputKind.ERROR, holding=("-packages",)):
        for mark in _MARK.finditer(line):
            for trace in _of_path(spot, line, mark):
                if (trace.name, trace.version) not in seen:
                    seen.add((trace.name, trace.version))
                    yield trace


def _of_path(spot: Spot, line: str, mark: re.Match[str]) -> Iterator[Trace]:
    python = _PYTHON.search(line[max(0, mark.start() - _LONGEST) : mark.start()])
    if python:
        yield from _TOLD.python(spot, python[1] or f"{python[2]}.{python[3]}")
    first = _FIRST.match(line, mark.end())
    if not first:
        return
    name, is_folder = first[1], first[2] != ""
    told, file = _TOLD_BY.fullmatch(name), _FILE.fullmatch(name)
    if told:
        yield from _TOLD.trace(spot, told[1], told[2], Subject.DISTRIBUTION)
    elif file and not is_folder:
        yield from _present(spot, file[1])
    elif is_folder and _MODULE.fullmatch(name):
        yield from _present(spot, name)


def _present(spot: Spot, module: str) -> Iterator[Trace]:
    if module not in _NOT_MODULES:
        yield from _TOLD.trace(spot, module, "")
