"""Files become facts, and what they refer to is followed."""

from __future__ import annotations

from pathlib import Path

import pytest

from envcheck.engine.discover import discover
from envcheck.engine.load import Facts, load, read_file
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
