"""Versions that code printed: the lines of a cell's outputs that fit what the cell's own code prints, and only those.

A line fits by all that the code spells out. Where several templates look alike (``print(np.__version__)`` and
``print(pd.__version__)``), there must be as many lines as templates, which then stand in the order of the code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, islice

from msgspec import Struct

from envcheck.gather.documents.notebook_outputs import OutputKind
from envcheck.gather.traces.aliases import trees
from envcheck.gather.traces.base import Outputs, Spot, Told, is_version
from envcheck.gather.traces.outputs.printed_lines import Hole, Role, Template
from envcheck.gather.traces.outputs.version_templates import templates
from envcheck.model.traces import Subject, Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.VERSION_PRINT,)

_TOLD = Told(TraceKind.VERSION_PRINT, Subject.MODULE)
_WORTH = re.compile(r"version", re.IGNORECASE)
_VERSION = re.compile(r"[vV]?\d[\w.+!-]{0,99}")
_NAME = re.compile(r"[A-Za-z_][\w.-]{0,99}")
_LONGEST = 1000
_MOST = 50
"""Templates of a cell that are tried: each goes over all lines."""
_MOST_LINES = 20_000


class _Fit(Struct, frozen=True):
    """A line that fits a template, with the texts in its holes."""

    spot: Spot
    filled: tuple[tuple[Hole, str], ...]


def read(cell: Outputs) -> Iterator[Trace]:
    """Yield the versions that are printed or shown by code which names their modules."""
    if not cell.outputs or not _WORTH.search(cell.text):
        return
    found = _templates(cell)
    failed = any(output.kind is OutputKind.ERROR for output in cell.outputs)
    printed = _short(cell.lines(OutputKind.STREAM)) if found else []
    shown = list(_results(cell)) if any(template.is_result for template in found) else []
    for (is_result, _), alike in groupby(sorted(found, key=_look), key=_look):
        group = list(alike)
        fits = list(_fitting(group[0], shown if is_result else printed))
        if group[0].parts and not (failed and _is_bare(group[0])):
            yield from _matched(group, fits)


def _templates(cell: Outputs) -> list[Template]:
    results = sum(output.kind is OutputKind.RESULT for output in cell.outputs)
    found: list[Template] = []
    try:
        for tree in trees(cell.text):
            found += islice(templates(tree, cell.aliases, every=results > 1), _MOST)
    except RecursionError:  # expressions that nobody wrote
        return []
    return found


def _look(template: Template) -> tuple[bool, tuple[str, ...]]:
    return template.is_result, template.shape


def _short(lines: Iterator[tuple[Spot, str]]) -> list[tuple[Spot, str]]:
    return [(spot, line) for spot, line in islice(lines, _MOST_LINES) if line and len(line) <= _LONGEST]


def _results(cell: Outputs) -> Iterator[tuple[Spot, str]]:
    """Yield the shown values, each as one line."""
    for output in cell.outputs:
        if output.kind is OutputKind.RESULT and len(output.text) <= _LONGEST:
            yield Spot(cell.place, output.number, 1), " ".join(output.text.split())


def _fitting(template: Template, lines: Sequence[tuple[Spot, str]]) -> Iterator[_Fit]:
    for spot, line in lines:
        filled = _filled(template, line)
        if filled is not None:
            yield _Fit(spot, filled)


def _filled(template: Template, line: str) -> tuple[tuple[Hole, str], ...] | None:
    """Return what stands in the holes of a line, ``None`` when it is not of the template; linear in both."""
    filled: list[tuple[Hole, str]] = []
    position = 0
    for number, part in enumerate(template.parts):
        if isinstance(part, str):
            if not line.startswith(part, position):
                return None
            position += len(part)
            continue
        following = template.parts[number + 1] if number + 1 < len(template.parts) else ""
        end = _end(part, line, position, following if isinstance(following, str) else "")
        text = line[position:end] if end >= position else ""
        if end < position or (part.role is Role.VERSION and not is_version(text.lstrip("vV"))):
            return None
        filled.append((part, text))
        position = end
    return tuple(filled) if position == len(line) else None


def _end(hole: Hole, line: str, start: int, following: str) -> int:
    """Return where what fills a hole ends, -1 when nothing can fill it."""
    if hole.role is Role.ANYTHING:
        return line.find(following, start) if following else len(line)
    word = (_VERSION if hole.role is Role.VERSION else _NAME).match(line, start)
    if not word:
        return -1
    if not following or line.startswith(following, word.end()):
        return word.end()
    return line.rfind(following, start + 1, word.end() + len(following))


def _is_bare(template: Template) -> bool:
    """Tell whether nothing but the version stands in the lines of a template."""
    return not any(any(map(str.isalpha, part)) for part in template.parts if isinstance(part, str)) and not any(
        part.role is Role.NAME for part in template.parts if isinstance(part, Hole)
    )


def _matched(group: Sequence[Template], fits: Sequence[_Fit]) -> Iterator[Trace]:
    """Yield what the lines that fit a group of templates, which look alike, tell; nothing where that is not certain."""
    if _is_bare(group[0]) and not all(template.always for template in group):
        return
    if len(fits) == len(group):
        for template, fit in zip(group, fits, strict=True):
            yield from _told(template, fit)
    elif len(group) == 1:
        told = [list(_told(group[0], fit)) for fit in fits]
        by_name = {(trace.name, trace.version) for traces in told for trace in traces}
        if len({name for name, _ in by_name}) == len(by_name):  # in a loop, each name with its own version
            yield from (trace for traces in told for trace in traces)


def _told(template: Template, fit: _Fit) -> Iterator[Trace]:
    # Templates of one shape have their holes in the same order.
    holes = [part for part in template.parts if isinstance(part, Hole)]
    texts = [text for _, text in fit.filled]
    names: Mapping[str, str] = {
        hole.variable: text for hole, text in zip(holes, texts, strict=True) if hole.role is Role.NAME
    }
    for hole, text in zip(holes, texts, strict=True):
        name = hole.name or names.get(hole.variable, "")
        if hole.role is Role.VERSION and name:
            yield from _TOLD.trace(fit.spot, name, text, hole.subject)
