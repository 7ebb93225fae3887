"""``envcheck evidence``, with the real engine."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from envcheck.cli.main import main
from tests.support.ran_notebooks import cell, notebook, result, stream

METADATA = {
    "language_info": {"name": "python", "version": "3.11.7"},
    "papermill": {"version": "2.7.0"},
    "environment": {"dependencies": ["six=1.0=py_0", "numpy"]},
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current folder, with two notebooks that tell something and one that does not."""
    cells = (
        cell("%pip install pandas", stream("Successfully installed pandas-2.1.3\n")),
        cell("import pandas as pd\npd.__version__", result("'2.1.4'")),
        cell("import cv2\nprint('cv2', cv2.__version__)", stream("cv2 4.9.0\n")),
    )
    (tmp_path / "nb").mkdir()
    (tmp_path / "nb/a.ipynb").write_bytes(notebook(*cells, metadata=METADATA))
    (tmp_path / "b.ipynb").write_bytes(notebook(cell("1")))
    (tmp_path / "run.py").write_text("import os\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_shows_the_best_of_each_distribution(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence"]) == 0
    assert capsys.readouterr().out == (
        "nb/a.ipynb\n"
        "  python     3.11.7  language_info\n"
        "  cv2        4.9.0   version print, cell 3, output 1, line 1"
        "           a module of opencv-python or opencv-python-headless or opencv-contrib-python\n"
        "  numpy      any     asked-for by conda environment\n"
        "  pandas     2.1.4   version print, cell 2, output 1, line 1\n"
        "    but      2.1.3   successfully installed, cell 1, output 1, line 1\n"
        "  six        1.0     conda environment\n"
        "  papermill  2.7.0   papermill\n"
        "\n"
        "1 notebook tells nothing\n"
    )


def test_shows_every_trace_to_those_who_want_all(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "-v", "nb/a.ipynb"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [line[:2] for line in lines[1:]] == [
        ["python", "3.11.7"],
        ["six", "1.0"],
        ["numpy", "any"],
        ["papermill", "2.7.0"],
        ["pandas", "2.1.3"],
        ["pandas", "2.1.4"],
        ["cv2", "4.9.0"],
    ]


def test_json_follows_its_schema(folder: Path, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "c.ipynb").write_text("{")
    assert main(["evidence", "--format", "json"]) == 1
    content = json.loads(capsys.readouterr().out)
    schema = json.loads((repository / "src/envcheck/schemas/evidence.schema.json").read_bytes())
    jsonschema.validate(content, schema)
    b, c, a = content["notebooks"]
    assert [notebook["path"] for notebook in (a, b, c)] == ["nb/a.ipynb", "b.ipynb", "c.ipynb"]
    assert (b["traces"], [problem["kind"] for problem in c["problems"]]) == ([], ["unreadable-file"])
    assert {row["name"]: row["version"] for row in a["distributions"]} == {
        "python": "3.11.7",
        "cv2": "4.9.0",
        "numpy": None,
        "pandas": "2.1.4",
        "six": "1.0",
    }


def test_what_could_not_be_read_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "b.ipynb").write_text("{")
    assert main(["evidence", "b.ipynb"]) == 1
    assert "not JSON" in capsys.readouterr().out


def test_another_language_is_left_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "r.ipynb").write_bytes(notebook(cell("1"), metadata={"language_info": {"name": "R", "version": "4.3.1"}}))
    assert main(["evidence", "r.ipynb"]) == 0
    assert capsys.readouterr().out == "r.ipynb\n  is a notebook in r: not read\n"


def test_no_notebook_is_a_bad_request(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "run.py"]) == 2
    assert "no notebook in run.py" in capsys.readouterr().err


def test_hostile_texts_are_spelled_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = {"kaggle": {"dockerImageVersionId": "\x1b[2J\u202ehttps://u:secret@a.example/"}}
    (folder / "b.ipynb").write_bytes(notebook(metadata=told))
    for form in ("terminal", "json"):
        assert main(["evidence", "b.ipynb", "--format", form]) == 0
        out = capsys.readouterr().out
        assert out.isascii()
        assert "\x1b" not in out
        assert "secret" not in out


def test_the_users_own_names_count(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "envcheck.toml").write_text('name-map = { cv2 = "opencv-contrib-python" }\n')
    assert main(["evidence"]) == 0
    assert "opencv-contrib-python  4.9.0" in capsys.readouterr().out


@pytest.fixture
def environment(folder: Path) -> Path:
    """Return an environment with another pandas than the notebook's, and neither cv2 nor numpy."""
    site = folder / "env/lib/python3.11/site-packages"
    for name, version in (("pandas", "2.2.0"), ("six", "1.0")):
        (site / f"{name}-{version}.dist-info").mkdir(parents=True)
        (site / f"{name}-{version}.dist-info/METADATA").write_text(f"Name: {name}\nVersion: {version}\n")
    (folder / "env/pyvenv.cfg").write_text("version = 3.11.9\n")
    (folder / "env/bin").mkdir()
    (folder / "env/bin/python").touch()
    return folder / "env"


def test_verify_compares_evidence(environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "nb/a.ipynb", "--evidence", "--prefix", "env"]) == 1
    lines = [line.split()[:5] for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        ["nb/a.ipynb:", "2", "not", "as", "told,"],
        ["unknown", "cv2", "4.9.0", "version", "print,"],
        ["missing", "numpy", "any", "now", "nothing"],
        ["drifted", "pandas", "2.1.4", "now", "2.2.0"],
    ]


def test_verified_evidence_follows_its_schema(
    environment: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", ".", "--evidence", "--prefix", "env", "--format", "json"]) == 1
    content = json.loads(capsys.readouterr().out)
    jsonschema.validate(
        content, json.loads((repository / "src/envcheck/schemas/verified-evidence.schema.json").read_bytes())
    )
    assert [(row["path"], row["drifted"], len(row["traces"])) for row in content["notebooks"]] == [
        ("b.ipynb", 0, 0),
        ("nb/a.ipynb", 2, 5),
    ]


def test_evidence_that_agrees_is_right(environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (environment.parent / "b.ipynb").write_bytes(notebook(cell("!pip freeze", stream("six==1.0\n"))))
    assert main(["verify", "b.ipynb", "--evidence", "--prefix", "env"]) == 0
    assert capsys.readouterr().out == "b.ipynb: 1 as told\n"
