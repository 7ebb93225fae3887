"""``envcheck pin --write`` over real notebooks: their own install cells, and those of others planted into them.

The corpus has 41 notebooks that install anything at all, each of them by name and none by ``-r``; the cells of these go
into others as they are, with a ``-r`` line beside that must stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from envcheck.cli.main import main
from envcheck.gather.documents.text import decode
from envcheck.model.names import Ecosystem
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Requirement
from tests.corpus.test_edits_notebooks import is_valid, sources, transformed, without_specs
from tests.support.environments import build_environment
from tests.support.notebook_edits import requirements

OWN, PLANTED, CHANGED = 41, 80, 117
"""So many notebooks have install cells, into so many others one is planted, and so many ask for what can be pinned."""
VERSION = "7.8.9"
FROM_FILE = "%pip install -r requirements.txt  # as it is"

pytestmark = pytest.mark.corpus


def named(file: RawFile) -> list[Requirement]:
    """Return what the install lines of a notebook ask for by name."""
    return [r for r in requirements(file) if r.place.column and not r.template and not r.direct]


def install_cells(file: RawFile) -> Iterator[str]:
    """Yield the cells of a notebook that install something by name."""
    texts = sources(file)
    yield from (texts[number - 1] for number in sorted({r.place.cell for r in named(file)}))


def with_cells(file: RawFile, *texts: str) -> RawFile | None:
    """Return a notebook of format 4 with cells more at its beginning, otherwise byte for byte as it was."""
    text = decode(file.data).text
    found = re.search(r'"cells": ?\[', text)
    tree = json.loads(text)
    if found is None or tree.get("nbformat") != 4 or not tree.get("cells"):
        return None
    made: list[str] = []
    for number, source in enumerate(texts):
        cell: dict[str, object] = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
        cell |= {"id": f"planted-{number}"} if tree.get("nbformat_minor", 0) >= 5 else {}
        made.append(json.dumps({**cell, "source": source.splitlines(keepends=True)}, indent=1) + ",")
    data = "\n".join((text[: found.end()], *made, text[found.end() :].lstrip("\r\n")))
    return RawFile(file.path, data.encode(decode(file.data).encoding))


@pytest.fixture(scope="module")
def notebooks(corpus: Path) -> list[RawFile]:
    """Return the notebooks that install something by name, and others with a cell of these."""
    found = [RawFile(p.relative_to(corpus).as_posix(), p.read_bytes()) for p in sorted(corpus.rglob("*.ipynb"))]
    own = [file for file in found if named(file)]
    cells = [cell for file in own for cell in install_cells(file)]
    made: list[RawFile] = []
    for file in found:
        if file not in own and len(made) < PLANTED:
            donor = cells[len(made) % len(cells)]
            planted = with_cells(file, donor, FROM_FILE)
            if planted and named(planted):
                assert is_valid(planted) == is_valid(file)
                made.append(planted)
    assert len(cells) <= PLANTED  # each of them is planted somewhere
    return [*own, *made]


def environment(wanted: list[Requirement]) -> dict[str, object]:
    """Return a conda environment that has all that is wanted, from conda what is wanted of conda."""
    of_conda = {r.name for r in wanted if r.ecosystem is Ecosystem.CONDA}
    names = sorted({r.name for r in wanted})
    distributions = [{"name": n, "version": VERSION, **({"conda": n} if n in of_conda else {})} for n in names]
    packages = [{"name": name, "version": VERSION} for name in sorted(of_conda)]
    return {"kind": "conda", "distributions": distributions, "conda": packages}


def test_pins_are_written_into_real_notebooks(
    notebooks: list[RawFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "project"
    build_environment(project / ".venv", environment([r for file in notebooks for r in named(file)]))
    (project / "requirements.txt").write_text("", encoding="utf-8")
    for number, file in enumerate(notebooks):
        (project / f"{number:03}").mkdir()
        (project / f"{number:03}" / "notebook.ipynb").write_bytes(file.data)
    monkeypatch.chdir(project)
    assert main(["pin", "--write", "--prefix", ".venv"]) in (0, 1)  # some ask for versions before this one
    assert "Traceback" not in capsys.readouterr().err

    changed = 0
    for number, file in enumerate(notebooks):
        after = RawFile(file.path, (project / f"{number:03}" / "notebook.ipynb").read_bytes())
        changed += check(file, after)
    assert len(notebooks) == OWN + PLANTED
    assert changed == CHANGED


def check(file: RawFile, after: RawFile) -> bool:
    """Hold a notebook against what ``pin`` made of it, and tell whether that is something else."""
    pairs = list(zip(requirements(file), requirements(after), strict=True))
    pinned = [before for before, now in pairs if before.raw != now.raw]
    for before, now in pairs:
        is_open = before in named(file) and before.constraint.exact is None and before.constraint.allows(VERSION)
        assert (now.constraint.text == f"=={VERSION}") == is_open, (file.path, before.raw, now.raw)
    assert is_valid(after) == is_valid(file)
    lines = zip(file.data.split(b"\n"), after.data.split(b"\n"), strict=True)
    differing = [(old.decode(), new.decode()) for old, new in lines if old != new]
    for old, new in differing:
        assert without_specs(new, pinned, f"=={VERSION}") == without_specs(old, pinned, f"=={VERSION}")
    for index, (old, new) in enumerate(zip(sources(file), sources(after), strict=True), 1):
        own = [r for r in pinned if r.place.cell == index]
        assert bool(own) == (old != new)
        if own:
            text = f"=={VERSION}"
            assert without_specs(transformed(new), own, text) == without_specs(transformed(old), own, text), new
    return bool(pinned)
