"""Files become facts, and what they refer to is followed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from envcheck.engine.discover import discover
from envcheck.engine.load import Facts, _Loading, load
from envcheck.engine.reading.files import read_file
from envcheck.engine.reading.one import read_one
from envcheck.model.declarations import Declaration
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind
from envcheck.model.requirements import Role


def loaded(folder: Path, **files: str) -> Facts:
    for name, text in files.items():
        target = folder / name.replace("__", "/").replace("_", ".")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return load(discover([str(folder)], root=str(folder)))


def messages(facts: Facts, kind: ProblemKind) -> list[tuple[str, int, str]]:
    return [(p.place.path, p.place.line, p.message) for p in facts.problems if p.kind is kind]


def test_included_files_are_read_and_named(tmp_path: Path) -> None:
    facts = loaded(
        tmp_path, requirements_txt="-r base.txt\n-c pins.txt\n", base_txt="numpy\n", pins_txt="numpy==1.26\n"
    )
    assert facts.included == {"requirements.txt": ["base.txt", "pins.txt"]}
    assert [r.role for r in facts.declarations["base.txt"].requirements] == [Role.DECLARED]
    assert [r.role for r in facts.declarations["pins.txt"].requirements] == [Role.CONSTRAINT]


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("-r requirements.txt\n", ProblemKind.INVALID_REQUIREMENT, "requirements.txt includes itself"),
        ("-r absent.txt\n", ProblemKind.INVALID_REQUIREMENT, "absent.txt does not exist"),
        ("-r ../../../etc/hosts\n", ProblemKind.NOT_READ, "../../../etc/hosts is outside the project: not read"),
        (
            "-r https://index.example/r.txt\n",
            ProblemKind.NOT_READ,
            "https://index.example/r.txt is on the network: not read",
        ),
    ],
    ids=["itself", "absent", "outside", "network"],
)
def test_references_that_lead_nowhere(tmp_path: Path, text: str, kind: ProblemKind, message: str) -> None:
    facts = loaded(tmp_path, requirements_txt=text)
    assert messages(facts, kind) == [("requirements.txt", 1, message)]


def test_longer_cycles_end_and_are_said_once(tmp_path: Path) -> None:
    facts = loaded(tmp_path, requirements_txt="-r a.txt\n", a_txt="-r b.txt\n", b_txt="-r requirements.txt\nnumpy\n")
    assert len(messages(facts, ProblemKind.INVALID_REQUIREMENT)) == 1
    assert facts.declarations["b.txt"].requirements[0].name == "numpy"


def test_file_that_another_includes_still_governs_its_own_folder(tmp_path: Path) -> None:
    facts = loaded(tmp_path, dev__requirements_txt="-r ../requirements.txt\n", requirements_txt="numpy\n")
    assert facts.declarations["requirements.txt"].governs


@pytest.mark.parametrize("path", ["absent.txt", ".", "nul\0name"])
def test_unreadable_files_are_problems(tmp_path: Path, path: str) -> None:
    assert isinstance(read_file(str(tmp_path), path), Problem)


SCRIPT = '# /// script\n# dependencies = ["six", "idna=3"]\n# ///\nimport six\n'


def test_block_of_a_script_is_a_declaration_of_its_own(tmp_path: Path) -> None:
    facts = loaded(tmp_path, a_py=SCRIPT, b_py="import os\n", requirements_txt="numpy\n")
    (own,) = facts.scripts["a.py"]
    assert [(r.raw, r.place.line) for r in own.requirements] == [("six", 2)]
    assert list(facts.declarations) == ["requirements.txt"]
    assert [d.path for d in facts.every_declaration()] == ["requirements.txt", "a.py"]
    assert [line for _, line, _ in messages(facts, ProblemKind.INVALID_REQUIREMENT)] == [2]


def test_lock_beside_a_script_is_of_the_script_alone(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(SCRIPT)
    lock = Declaration("a.py.lock", "uv_lock", governs=False)
    loading = _Loading(str(tmp_path), Facts(declarations={lock.path: lock}))
    loading.source(read_one(str(tmp_path), "a.py"))
    assert [d.path for d in loading.facts.scripts["a.py"]] == ["a.py", "a.py.lock"]
    assert loading.facts.declarations == {}


def test_lock_in_a_notebook_is_read_as_that_of_uv(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "source": SCRIPT}
    notebook = {"cells": [cell], "metadata": {"uv.lock": 'version = 1\n[[package]]\nname = "six"\n'}}
    facts = loaded(tmp_path, a_ipynb=json.dumps(notebook))
    own, lock = facts.scripts["a.ipynb"]
    assert (own.path, lock.path, own.dialect != lock.dialect) == ("a.ipynb", "a.ipynb", True)
    # Of the text in the metadata no line can be named.
    assert {problem.place for problem in facts.problems if not problem.place.cell} <= {Place("a.ipynb")}
    assert {requirement.place.line for requirement in lock.requirements} <= {0}
