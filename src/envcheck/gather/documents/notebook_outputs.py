"""Notebook JSON → cells with the texts of their outputs, and the whole metadata: what ``notebook_json`` passes over.

Apart from it, because outputs are most of a notebook's bytes and only few commands ask for them. Texts are cut where no
record reaches, and freed of what only a terminal understands; this module imports msgspec.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import TypeVar

import msgspec
from msgspec import Struct

from envcheck.gather.documents import notebook_json
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind, RawFile, Reading

_T = TypeVar("_T")

LONGEST = 2**20
"""Characters of one output that are read: the longest `conda list` has a tenth of a million."""

# Colours and cursor movements, and what sets titles and links; both runs end before the next escape.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?)")
_TAG = re.compile(r"<(/?[A-Za-z!][^<>]{0,1000})>")
_BREAKING = re.compile(r"/?(?:br|p|div|tr|li|pre|summary|details|table|h[1-6])\b", re.IGNORECASE)
# html.unescape raises for numbers of thousands of digits.
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&#x27;", "'"), ("&nbsp;", " "))


class OutputKind(Enum):
    """How a text came to be in a notebook."""

    STREAM = "stream"
    RESULT = "result"
    """The value of an expression, or something displayed."""
    HTML = "html"
    """The same as HTML, without its tags."""
    ERROR = "error"


class Output(Struct, frozen=True):
    """The text of one output, and its number among those of its cell, from 1; lines end with a line feed.

    Adjacent pieces of one stream are one text with the number of the first.
    """

    number: int
    kind: OutputKind
    text: str


class RunCell(Struct, frozen=True):
    """A code cell with what it left when it ran."""

    number: int
    text: str
    outputs: tuple[Output, ...] = ()


class RunNotebook(Struct, frozen=True):
    """A notebook with its outputs; ``cells`` counts all cells, ``metadata`` is what JSON makes of it."""

    code: tuple[RunCell, ...] = ()
    cells: int = 0
    metadata: dict[str, object] = {}


_Text = str | list[str] | None


class _Mime(msgspec.Struct, gc=False):
    plain: _Text = msgspec.field(default=None, name="text/plain")
    html: _Text = msgspec.field(default=None, name="text/html")


class _Output(msgspec.Struct, gc=False):
    output_type: str = ""
    name: str | None = None
    stream: str | None = None  # the name in nbformat 3
    text: _Text = None
    html: _Text = None  # nbformat 3
    traceback: _Text = None
    data: _Mime | None = None


class _Cell(msgspec.Struct, gc=False):
    cell_type: str = ""
    source: _Text = None
    input: _Text = None
    outputs: list[_Output] | None = None


class _Sheet(msgspec.Struct, gc=False):
    cells: list[_Cell] = []


class _Notebook(msgspec.Struct, gc=False):
    cells: list[_Cell] | None = None
    worksheets: list[_Sheet] | None = None
    metadata: dict[str, object] | None = None
    nbformat: msgspec.Raw = msgspec.Raw()


_decoder = msgspec.json.Decoder(_Notebook)


def read(file: RawFile) -> Reading[RunNotebook]:
    """Return the code cells of a notebook with the texts of their outputs; a file that is none is a problem."""
    problems: list[Problem] = []
    try:
        found = _decoder.decode(file.data)
    except (ValueError, RecursionError):
        found = _Notebook()
    if found.cells is None and found.worksheets is None:
        lenient = notebook_json.read(file)
        if any(p.kind is ProblemKind.UNREADABLE_FILE and not p.place.cell for p in lenient.problems):
            return Reading(RunNotebook(), lenient.problems)
        try:
            found = _rescued(file, problems)
        except (ValueError, RecursionError):  # in what the plain reader passes over: a byte that is no UTF-8, depth
            return Reading(RunNotebook(), (_unreadable(file.path),))
    cells = found.cells
    if cells is None:
        cells = [cell for sheet in found.worksheets or () for cell in sheet.cells]
    if seam := notebook_json.seam_of(bytes(found.nbformat)):
        for cell in cells:
            cell.source = _joined(cell.input if cell.source is None else cell.source, seam)
    code = tuple(_run(cell, number, problems, file.path) for number, cell in enumerate(cells, 1) if _is_code(cell))
    return Reading(RunNotebook(code, len(cells), found.metadata or {}), tuple(problems))


def _is_code(cell: _Cell) -> bool:
    return cell.cell_type == "code"


def _run(cell: _Cell, number: int, problems: list[Problem], path: str) -> RunCell:
    outputs = []
    for output in _outputs(cell.outputs or ()):
        if len(output.text) > LONGEST:
            message = f"an output of more than {LONGEST} characters: the rest of it is not read"
            problems.append(Problem(ProblemKind.NOT_READ, Place(path, number), message))
        outputs.append(Output(output.number, output.kind, _clean(output.text[:LONGEST], output.kind)))
    return RunCell(number, _joined(cell.input if cell.source is None else cell.source), tuple(outputs))


def _outputs(outputs: list[_Output] | tuple[()]) -> Iterator[Output]:
    """Yield the outputs as they stand, pieces of a stream joined."""
    pieces: list[str] = []
    begun, last = 0, ""
    for number, output in enumerate(outputs, 1):
        name = f"stream {output.name or output.stream}" if output.output_type == "stream" else ""
        if pieces and name != last:
            yield Output(begun, OutputKind.STREAM, "".join(pieces))
            pieces = []
        last = name
        if name:
            begun = begun if pieces else number
            pieces.append(_joined(output.text))
        else:
            yield from _others(output, number)
    if pieces:
        yield Output(begun, OutputKind.STREAM, "".join(pieces))


def _others(output: _Output, number: int) -> Iterator[Output]:
    if output.traceback:
        yield Output(number, OutputKind.ERROR, _joined(output.traceback, "\n"))
    data = output.data or _Mime(output.text, output.html)
    if data.plain:
        yield Output(number, OutputKind.RESULT, _joined(data.plain))
    if data.html:
        yield Output(number, OutputKind.HTML, _joined(data.html))


def _joined(text: _Text, seam: str = "") -> str:
    return text if isinstance(text, str) else seam.join(text or ())


def _clean(text: str, kind: OutputKind) -> str:
    if "\x1b" in text:
        text = _ESCAPES.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _without_tags(text) if kind is OutputKind.HTML else text


def _without_tags(text: str) -> str:
    text = _TAG.sub(lambda tag: "\n" if _BREAKING.match(tag[1]) else "", text)
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text.replace("&amp;", "&")


def _unreadable(path: str) -> Problem:
    message = "the outputs are not JSON in UTF-8: no record in them is read"
    return Problem(ProblemKind.UNREADABLE_FILE, Place(path), message, "save it again from Jupyter")


def _rescued(file: RawFile, problems: list[Problem]) -> _Notebook:
    """Return what has the right shape of a notebook that is JSON as Python reads it, cell by cell."""
    import json

    text = file.data.decode(json.detect_encoding(file.data), "surrogatepass")
    tree = json.loads(text.removeprefix("\ufeff"), parse_int=float)
    cells = []
    for number, value in enumerate(notebook_json.cell_values(tree), 1):
        cell, problem = _cell(value, Place(file.path, number))
        cells.append(cell)
        problems.extend([problem] if problem else ())
    return _Notebook(cells, None, _converted(tree.get("metadata"), dict[str, object]))


def _cell(value: object, place: Place) -> tuple[_Cell, Problem | None]:
    cell = _converted(value, _Cell)
    if cell is not None:
        return cell, None
    parts = value if isinstance(value, dict) else {}
    listed = parts.get("outputs")
    outputs = [_converted(output, _Output) for output in listed] if isinstance(listed, list) else []
    kept = _converted({**parts, "outputs": None}, _Cell)
    what = "an output" if kept else "the cell"
    message = f"{what} is not of the notebook format and is left out"
    problem = Problem(ProblemKind.UNREADABLE_FILE, place, message, "clear the outputs of the cell and run it again")
    kept = kept or _Cell()
    kept.outputs = [output or _Output() for output in outputs]
    return kept, problem


def _converted(value: object, kind: type[_T]) -> _T | None:
    try:
        return msgspec.convert(value, kind)
    except ValueError:
        return None
