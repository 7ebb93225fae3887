"""How a declaration begins: what its dialect reads in it, before and after something is added."""

from __future__ import annotations

import pytest
import tomli

from envcheck.gather.declarations import environment_yml, pyproject, requirements_txt
from envcheck.gather.declarations.base import Starter
from envcheck.gather.declarations.catalogue import STARTERS, dialect_for
from envcheck.gather.documents.text_edits import rewritten
from envcheck.model.changes import Add
from envcheck.model.readings import RawFile
from envcheck.model.starting import Start

FULL = Start("tour", python="3.11.7", channels=("conda-forge", "lab: x"), pip="pip==24.0")
ENTRIES = [("alpha", "~=2.1"), ("tools", " @ git+https://git.example/t@" + "a" * 40), ("zlib-tools", "==1.0")]


def test_catalogue_names_files_of_their_dialects() -> None:
    found = {name: dialect.NAME for name in STARTERS if (dialect := dialect_for(name))}
    assert found == {
        "requirements.txt": requirements_txt.NAME,
        "environment.yml": environment_yml.NAME,
        "pyproject.toml": pyproject.NAME,
    }


@pytest.mark.parametrize(("name", "starter"), STARTERS.items())
@pytest.mark.parametrize("start", [FULL, Start("tour")], ids=["full", "bare"])
def test_what_is_added_is_read(name: str, starter: Starter, start: Start) -> None:
    begun = starter.begin(start, "")
    group = "pip" if name == "environment.yml" else ""
    changes = [Add(name, entry, "1", wanted, group) for entry, wanted in ENTRIES]
    editing = starter.edit(RawFile(name, begun.encode()), changes)
    assert editing.refusals == ()
    text = rewritten(begun, editing.edits)
    dialect = dialect_for(name)
    assert dialect is not None
    reading = dialect.read(RawFile(name, text.encode()))
    assert reading.problems == ()
    found = [r for r in reading.value.requirements if r.name not in ("pip", "python")]
    assert [(r.name, r.constraint.text) for r in found] == [("alpha", "~=2.1"), ("tools", ""), ("zlib-tools", "==1.0")]
    assert bool(reading.value.python) is (bool(start.python) and name != "requirements.txt")


def test_names_that_yaml_would_take_apart_are_quoted() -> None:
    assert '  - "lab: x"\n' in environment_yml.begin(FULL, "")


def test_python_is_named_where_the_format_has_no_place() -> None:
    assert requirements_txt.begin(FULL, "").startswith("# Python 3.11.7; ")
    assert "Python" not in requirements_txt.begin(Start("tour"), "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.9"\n',
            {"name": "a", "version": "1", "requires-python": ">=3.9"},
            id="whole",
        ),
        pytest.param(
            '[project]\nname = "a"\ndynamic = ["version", "requires-python"]\n',
            {"name": "a", "dynamic": ["version", "requires-python"]},
            id="dynamic",
        ),
        pytest.param(
            "[build-system]\nrequires = []\n",
            {"name": "tour", "version": "0.0.0", "requires-python": "==3.11.*"},
            id="build system only",
        ),
        pytest.param(
            "[tool.uv]\n", {"name": "tour", "version": "0.0.0", "requires-python": "==3.11.*"}, id="settings only"
        ),
    ],
)
def test_project_table_gets_what_it_lacks(text: str, expected: dict[str, object]) -> None:
    begun = pyproject.begin(FULL, text)
    assert begun.startswith(text)
    assert tomli.loads(begun)["project"] == expected


@pytest.mark.parametrize(
    "text",
    [
        '[tool.poetry]\nname = "a"\n',
        '[tool.pixi.project]\nname = "a"\n',
        "[project\n",
        'project = "a"\n',
        "[[project]]\n",
    ],
    ids=["poetry", "pixi", "no TOML", "text", "list"],
)
def test_what_others_govern_or_nobody_reads_stays(text: str) -> None:
    assert pyproject.begin(FULL, text) == text
