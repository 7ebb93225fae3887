"""Notebook JSON → code cells and what the metadata claims; outputs are skipped, never decoded.

msgspec decodes the ordinary notebook into typed structs and passes over everything else without building it, so a
notebook costs little more than its own bytes. What it refuses (byte order marks of UTF-16, NaN, lone surrogates, a cell
of the wrong shape) gets a second, lenient reading. This module imports msgspec: import it only when a notebook is read.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import TypeVar

import msgspec
from msgspec import Struct

from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind, RawFile, Reading
from envcheck.model.stamps import KEY
from envcheck.model.usage import KernelClaim

_T = TypeVar("_T")

_SAVE_AGAIN = "save it again from Jupyter, or delete it"
_REPAIR = "repair or delete the cell"
_CONFLICT = r"(?m)^(?:<{7}|={7}|>{7})(?:[ \r\n]|\Z)"


class CodeCell(Struct, frozen=True, gc=False):
    """A code cell: its number among all cells, from 1, and its text."""

    number: int
    text: str


class Notebook(Struct, frozen=True):
    """A notebook as its JSON tells it.

    ``cells`` counts all cells; ``languages`` are those that kernelspec and language_info claim, as written.
    ``lock`` is the text of the lock that juv keeps in the metadata under the key ``uv.lock``. ``stamp`` is the JSON
    text of the stamp, ``conflicts`` that of what nbdime could not merge in the metadata; empty where there is none.
    """

    code: tuple[CodeCell, ...] = ()
    cells: int = 0
    languages: tuple[str, str] = ("", "")
    kernel: KernelClaim | None = None
    python: str = ""
    lock: str = ""
    stamp: bytes = b""
    conflicts: bytes = b""


class _Cell(msgspec.Struct, gc=False):
    cell_type: str = ""
    source: str | list[str] | None = None
    input: str | list[str] | None = None


class _Sheet(msgspec.Struct, gc=False):
    cells: list[_Cell] = []


class _Kernel(msgspec.Struct, gc=False):
    name: str = ""
    display_name: str = ""
    language: str = ""


class _Language(msgspec.Struct, gc=False):
    name: str = ""
    version: str = ""


class _Interpreter(msgspec.Struct, gc=False):
    hash: str = ""


class _Editor(msgspec.Struct, gc=False):
    interpreter: _Interpreter | None = None


class _Metadata(msgspec.Struct, gc=False):
    kernelspec: _Kernel | None = None
    language_info: _Language | None = None
    interpreter: _Interpreter | None = None
    vscode: _Editor | None = None
    lock: str | None = msgspec.field(default=None, name="uv.lock")
    envcheck: msgspec.Raw = msgspec.Raw()
    conflicts: msgspec.Raw = msgspec.field(default=msgspec.Raw(), name="nbdime-conflicts")


class _Notebook(msgspec.Struct, gc=False):
    cells: list[_Cell] | None = None
    worksheets: list[_Sheet] | None = None
    metadata: _Metadata | None = None
    nbformat: msgspec.Raw = msgspec.Raw()


_decoder = msgspec.json.Decoder(_Notebook)


class _NotANotebookError(ValueError):
    """Why a file is no notebook, and the line that shows it (0: none)."""

    def __init__(self, reason: str, line: int = 0, remedy: str = _SAVE_AGAIN) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.remedy = remedy


def read(file: RawFile) -> Reading[Notebook]:
    """Return the code cells and claims of a notebook; a file that is none is an empty notebook and a problem."""
    data: bytes | memoryview = file.data
    if file.data.startswith(codecs.BOM_UTF8):
        data = memoryview(file.data)[len(codecs.BOM_UTF8) :]  # a slice of the bytes would be a copy of them
    try:
        found = _decoder.decode(data)
        if found.cells is not None or found.worksheets is not None:
            return Reading(_notebook(found, _sheet_cells(found)))
    except (ValueError, RecursionError):
        pass
    try:
        return _lenient(file)
    except _NotANotebookError as error:
        place = Place(file.path, 0, error.line)
        return Reading(Notebook(), (Problem(ProblemKind.UNREADABLE_FILE, place, error.reason, error.remedy),))


def _sheet_cells(found: _Notebook) -> list[_Cell]:
    if found.cells is not None:
        return found.cells
    return [cell for sheet in found.worksheets or () for cell in sheet.cells]


def _notebook(found: _Notebook, cells: list[_Cell]) -> Notebook:
    metadata = found.metadata or _Metadata()
    seam = seam_of(bytes(found.nbformat))
    language = metadata.language_info or _Language()
    return Notebook(
        code=tuple([CodeCell(n, _text(cell, seam)) for n, cell in enumerate(cells, 1) if cell.cell_type == "code"]),
        cells=len(cells),
        languages=((metadata.kernelspec or _Kernel()).language, language.name),
        kernel=_claim(metadata),
        python=language.version,
        lock=metadata.lock or "",
        stamp=bytes(metadata.envcheck),
        conflicts=bytes(metadata.conflicts),
    )


def seam_of(nbformat: bytes) -> str:
    """Return what stands between the lines of a cell, by the JSON of a notebook's version."""
    return "\n" if nbformat == b"2" else ""  # nbformat/v2/rwbase.py rejoin_lines; 3 and 4 keep line ends in the lines


def _text(cell: _Cell, seam: str) -> str:
    source = cell.input if cell.source is None else cell.source
    return source if isinstance(source, str) else seam.join(source or ())


def _claim(metadata: _Metadata) -> KernelClaim | None:
    spec = metadata.kernelspec or _Kernel()
    interpreter = metadata.interpreter or (metadata.vscode and metadata.vscode.interpreter) or _Interpreter()
    if not (spec.name or spec.display_name or interpreter.hash):
        return None
    return KernelClaim(spec.name, spec.display_name, interpreter.hash)


def _lenient(file: RawFile) -> Reading[Notebook]:
    import json  # a notebook that needs it is rare

    problems: list[Problem] = []
    encoding = json.detect_encoding(file.data)
    try:
        text = file.data.decode(encoding, "surrogatepass")
    except UnicodeDecodeError as error:
        line = file.data.count(b"\n", 0, error.start) + 1
        raise _NotANotebookError(f"not {encoding.upper()}: {error.reason}", line, "save it as UTF-8") from error
    if encoding.startswith(("utf-16", "utf-32")):
        message = f"{encoding[:6].upper()}, which Jupyter does not read"
        problems.append(Problem(ProblemKind.ODD_ENCODING, Place(file.path), message, "save it as UTF-8"))
    tree = _parse(text)
    if not isinstance(tree, dict):
        raise _NotANotebookError(f"the top level is {_kind(tree)}, not a notebook")
    cells: list[_Cell] = []
    for number, value in enumerate(cell_values(tree), 1):
        cell = _converted(value, _Cell)
        cells.append(cell or _Cell())
        if cell is None:
            message = "the cell is not of the notebook format and is left out"
            problems.append(Problem(ProblemKind.UNREADABLE_FILE, Place(file.path, number), message, _REPAIR))
    return Reading(
        _notebook(_Notebook(metadata=_metadata(tree.get("metadata")), nbformat=_spelled(tree, "nbformat")), cells),
        tuple(problems),
    )


def _parse(text: str) -> object:
    import json

    if not text.strip():
        raise _NotANotebookError("the file is empty")
    try:
        return _loaded(text)
    except RecursionError as error:
        raise _NotANotebookError("nested too deeply to be read") from error
    except json.JSONDecodeError as error:
        conflict = re.search(_CONFLICT, text)
        if conflict:
            line = text.count("\n", 0, conflict.start()) + 1
            raise _NotANotebookError("merge conflict markers", line, "resolve the merge (nbdime can)") from error
        raise _NotANotebookError(f"not JSON: {error.msg[:1].lower()}{error.msg[1:]}", error.lineno) from error


def _loaded(text: str) -> object:
    import json

    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except ValueError:  # Python makes no integer of more than 4,300 digits; nothing here depends on such a number
        return json.loads(text, parse_int=float)


def _kind(tree: object) -> str:
    return {list: "a list", str: "a string", bool: "a truth value", type(None): "null"}.get(type(tree), "a number")


def cell_values(tree: dict[str, object]) -> Iterator[object]:
    """Yield the cells of a parsed notebook as they are, of all its worksheets; raises for what is no notebook."""
    cells, sheets = tree.get("cells"), tree.get("worksheets")
    if isinstance(cells, list):
        yield from cells
    elif isinstance(sheets, list):
        for sheet in sheets:
            inner = sheet.get("cells") if isinstance(sheet, dict) else None
            yield from inner if isinstance(inner, list) else ()
    elif tree.get("nbformat") not in (2, 3):  # which Jupyter opens without worksheets
        raise _NotANotebookError("a JSON object without cells, not a notebook")


def _converted(value: object, kind: type[_T]) -> _T | None:
    try:
        return msgspec.convert(value, kind)
    except ValueError:  # of the wrong shape, or with a lone surrogate in a key
        return None


def _metadata(value: object) -> _Metadata:
    """Return what of the metadata has the right shape, part by part."""
    parts = value if isinstance(value, dict) else {}
    return _Metadata(
        kernelspec=_converted(parts.get("kernelspec"), _Kernel),
        language_info=_converted(parts.get("language_info"), _Language),
        interpreter=_converted(parts.get("interpreter"), _Interpreter),
        vscode=_converted(parts.get("vscode"), _Editor),
        lock=_converted(parts.get("uv.lock"), str),
        envcheck=_spelled(parts, KEY),
        conflicts=_spelled(parts, "nbdime-conflicts"),
    )


def _spelled(parts: dict[str, object], key: str) -> msgspec.Raw:
    """Return the JSON text of a key again; nothing when it is not there."""
    import json

    return msgspec.Raw(json.dumps(parts[key]).encode()) if key in parts else msgspec.Raw()
