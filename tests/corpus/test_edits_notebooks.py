"""Pins written into the install lines of real notebooks: nothing else changes, and the cells still do the same."""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from envcheck.gather.documents.text import decode
from envcheck.model.changes import Change, IntoKernel, Pin
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Requirement
from tests.support.notebook_edits import apply, edit, installs, requirements, undo

NOTEBOOKS = 41
"""So many notebooks of the corpus install something by name; the rest get a line planted."""
VERSION = "7.8.9"
LINE = '%pip install -q pandas "numpy>=1" \\\\\\n    scipy\\n'
PLANTED = 348
"""So many of all are in Python and have a code cell to plant it in; lines of nbformat 2 would have no line ends."""

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def notebooks(corpus: Path) -> list[RawFile]:
    """Return the notebooks of the corpus."""
    return [RawFile(p.relative_to(corpus).as_posix(), p.read_bytes()) for p in sorted(corpus.rglob("*.ipynb"))]


def sources(file: RawFile) -> list[str]:
    """Return the text of every cell."""
    tree = json.loads(decode(file.data).text)
    cells = tree["cells"] if "cells" in tree else [cell for sheet in tree["worksheets"] for cell in sheet["cells"]]
    return ["".join(cell.get("source", cell.get("input", ""))) for cell in cells]


def transformed(text: str) -> str:
    """Return what IPython makes of a cell; a cell of another language, or none, as it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return str(TransformerManager().transform_cell(text))
        except SyntaxError:
            return text


def is_valid(file: RawFile) -> bool:
    """Tell whether nbformat accepts a notebook."""
    tree = json.loads(decode(file.data).text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            nbformat.validate(tree)
        except nbformat.ValidationError:
            return False
    return True


def check(file: RawFile, wanted: list[Requirement], specifier: str) -> RawFile:
    """Pin requirements and hold the result against every law; return the notebook that comes of it."""
    changes: list[Change] = [Pin(requirement, VERSION, specifier) for requirement in wanted]
    editing = edit(file, changes)
    after = apply(file, editing.edits)
    assert editing.refusals == ()
    assert undo(file, editing.edits, after) == file.data
    _check_lines(file, after, wanted)
    text = specifier or f"=={VERSION}"
    pairs = zip(requirements(file), requirements(after), strict=True)
    pinned = [now for before, now in pairs if before in wanted]
    assert {requirement.constraint.text for requirement in pinned} == {text}
    assert edit(after, [Pin(r, VERSION, specifier) for r in pinned]).edits == ()
    _check_cells(file, after, wanted, text)
    return after


def _check_lines(file: RawFile, after: RawFile, wanted: list[Requirement]) -> None:
    """The file has as many lines, and only those that hold the requirements read otherwise."""
    before, now = file.data.split(b"\n"), after.data.split(b"\n")
    changed = [old for old, new in zip(before, now, strict=True) if old != new]
    names = [requirement.raw.encode() for requirement in wanted]
    assert all(any(name in line for name in names) for line in changed)


def _check_cells(file: RawFile, after: RawFile, wanted: list[Requirement], text: str) -> None:
    """IPython makes the same of each cell but for the specs, however they are quoted."""
    for number, (old, new) in enumerate(zip(sources(file), sources(after), strict=True), 1):
        own = [requirement for requirement in wanted if requirement.place.cell == number]
        if not own:
            assert old == new
            continue
        assert without_specs(transformed(new), own, text) == without_specs(transformed(old), own, text), new


def without_specs(code: str, wanted: list[Requirement], text: str) -> str:
    """Return code without quotes, escapes and the specifiers of the requirements."""
    code = re.sub(r"""[\\"']""", "", code)
    for requirement in wanted:
        name = re.escape(re.split(r"[<>=!~ ;]", requirement.raw)[0])
        code = re.sub(
            rf"(?<![\w.-]){name}(?:{re.escape(text)}|[<>=!~]=[\w.*]+)", re.split(r"[<>=!~ ;]", requirement.raw)[0], code
        )
    return code


@pytest.mark.parametrize("specifier", ["", f"~={VERSION}"], ids=["exact", "compatible"])
def test_pins_go_into_the_cells_of_real_notebooks(notebooks: list[RawFile], specifier: str) -> None:
    seen = 0
    for file in notebooks:
        wanted = [r for r in requirements(file) if r.place.column and not r.template and not r.direct]
        if not wanted:
            continue
        seen += 1
        after = check(file, wanted, specifier)
        assert is_valid(after) == is_valid(file)
        for requirement in wanted:
            check(file, [requirement], specifier)
    assert seen == NOTEBOOKS


def test_shell_lines_of_real_notebooks_become_magics(notebooks: list[RawFile]) -> None:
    made = 0
    for file in notebooks:
        lines = [command for command in installs(file) if command.shell]
        editing = edit(file, [IntoKernel(command.place) for command in lines])
        after = apply(file, editing.edits)
        assert undo(file, editing.edits, after) == file.data
        assert len(editing.edits) + len(editing.refusals) == len(lines)
        assert sum(command.shell for command in installs(after)) == len(editing.refusals)
        assert [command.arguments for command in installs(after)] == [c.arguments for c in installs(file)]
        made += len(editing.edits)
    assert made


def planted(file: RawFile) -> RawFile | None:
    """Return a notebook whose first code cell begins with an install line, in the notebook's own writing."""
    text = decode(file.data).text
    found = re.search(r'"cell_type": ?"code"', text)
    source = found and re.compile(r'"(?:source|input)": ?(\[\s*)?"').search(text, found.end())
    if not source:
        return None
    line = LINE.replace('"', '\\"')
    if source[1]:
        seam = f'",{source[1][1:]}"'
        line = seam.join(f"{part}\\n" for part in line.split("\\n")[:-1]) + seam
    data = (text[: source.end()] + line + text[source.end() :]).encode(decode(file.data).encoding)
    return RawFile(file.path, data)


def test_pins_go_into_a_line_planted_in_every_real_notebook(notebooks: list[RawFile]) -> None:
    seen = 0
    for original in notebooks:
        file = planted(original)
        wanted = requirements(file)[:3] if file else []
        if file is None or [r.raw for r in wanted] != ["pandas", "numpy>=1", "scipy"]:
            continue
        seen += 1
        after = check(file, wanted, "")
        assert is_valid(after) == is_valid(original)
    assert seen == PLANTED
