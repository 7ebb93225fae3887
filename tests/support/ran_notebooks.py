"""Notebooks that have run: cells with their saved outputs, as bytes and as what is read of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from envcheck.gather.traces.catalogue import read
from envcheck.model.readings import RawFile
from envcheck.model.traces import Trace, TraceKind

Fact = tuple[str, str, str]


def stream(text: str, name: str = "stdout") -> dict[str, object]:
    """Return what a cell printed."""
    return {"output_type": "stream", "name": name, "text": text.splitlines(keepends=True)}


def result(plain: str, html: str = "") -> dict[str, object]:
    """Return the value that a cell showed."""
    data = {"text/plain": plain, **({"text/html": html} if html else {})}
    return {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}


def error(*lines: str) -> dict[str, object]:
    """Return the traceback of a cell that failed."""
    return {"output_type": "error", "ename": "E", "evalue": "e", "traceback": list(lines)}


def cell(source: str, *outputs: Mapping[str, object]) -> dict[str, object]:
    """Return a code cell with its outputs."""
    return {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": source, "outputs": list(outputs)}


def notebook(*cells: Mapping[str, object], metadata: Mapping[str, object] | None = None) -> bytes:
    """Return a notebook of nbformat 4."""
    document = {"cells": list(cells), "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document).encode()


def traces(*cells: Mapping[str, object], metadata: Mapping[str, object] | None = None) -> tuple[Trace, ...]:
    """Return all that a notebook tells."""
    return read(RawFile("a.ipynb", notebook(*cells, metadata=metadata))).value.traces


def facts(found: Sequence[Trace], kind: TraceKind | None = None) -> list[Fact]:
    """Return subject, name and version of traces, of one kind or of all."""
    return [(t.subject.value, t.name, t.version) for t in found if kind in (None, t.kind)]
