"""Whatever lies in a project, a check says what is wrong with it, where and what would help, and checks the rest.

Each project holds one bad file beside ``requirements.txt``, whose loose ``pandas`` must be found in spite of it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from envcheck.cli.main import main
from tests.support.powers import powerless

# Measured from a small process: a child inherits the peak of the one that starts it.
MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
"""


def notebook(source: str, output: str = "", *, times: int = 1) -> str:
    """Return a notebook that holds one code cell so many times; ``output`` is raw JSON."""
    cell = f'{{"cell_type": "code", "metadata": {{}}, "outputs": [{output}], "source": {json.dumps(source)}}}'
    return f'{{"cells": [{",".join([cell] * times)}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}'


DEEP = 100_000
GOOD = notebook("import numpy")
BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))


@dataclass(frozen=True)
class Bad:
    """A bad file, the code of the finding that it must get, and what the finding must say."""

    name: str
    content: bytes
    code: str = "READ001"
    says: str = ""
    line: int | None = None


BAD = {
    "truncated notebook": Bad("bad.ipynb", b'{"cells": [{"cell_type": "code", "source": ["import'),
    "concatenated notebooks": Bad("bad.ipynb", (GOOD + GOOD).encode()),
    "merge markers": Bad("bad.ipynb", f"<<<<<<< HEAD\n{GOOD}\n=======\n{GOOD}\n>>>>>>> theirs\n".encode()),
    "empty notebook": Bad("bad.ipynb", b"", says="empty"),
    "notebook that is a list": Bad("bad.ipynb", b"[]"),
    "notebook that is a number": Bad("bad.ipynb", b"1e999"),
    "notebook without cells": Bad("bad.ipynb", b'{"metadata": {}, "nbformat": 4}'),
    "notebook whose cells are numbers": Bad("bad.ipynb", b'{"cells": [1, 2], "metadata": {}, "nbformat": 4}'),
    "notebook in UTF-16": Bad("bad.ipynb", GOOD.encode("utf-16"), "PRT004"),
    "notebook in latin-1": Bad(
        "bad.ipynb", notebook("import numpy  # Größe").encode().replace(b"\\u00f6\\u00df", b"\xf6\xdf")
    ),
    "notebook of NUL bytes": Bad("bad.ipynb", bytes(1_000)),
    "deep notebook": Bad("bad.ipynb", b"[" * DEEP),
    "deep output": Bad("bad.ipynb", notebook("import numpy", "[" * DEEP + "]" * DEEP).encode()),
    "cell that is no Python": Bad("bad.ipynb", notebook("import numpy;\nfor x in:").encode(), "READ002"),
    "deep cell": Bad("bad.ipynb", notebook("import numpy;\n" + "(" * DEEP).encode(), "READ002"),
    "script that is no Python": Bad("bad.py", b"import numpy;\ndef f(:\n", "READ002"),
    "script of NUL bytes": Bad("bad.py", b"import numpy;\n\0\0\0\n", "READ002"),
    "deep script": Bad("bad.py", b"import numpy;\nx = " + b"-" * DEEP + b"1\n", "READ002"),
    "requirements in UTF-16": Bad("requirements-bad.txt", "numpy==1.26.4\n".encode("utf-16"), "PRT004"),
    "requirements in latin-1": Bad("requirements-bad.txt", "numpy==1.26.4  # Größe\n".encode("latin-1"), "PRT004"),
    "requirements with NUL bytes": Bad("requirements-bad.txt", b"numpy==1.26.4\nsci\0py\n", "READ003"),
    "requirement that pip refuses": Bad("requirements-bad.txt", b"numpy==1.26.4\nscipy=>1.0\n", "READ003"),
    "requirement that colours the terminal": Bad("requirements-bad.txt", b"\x1b[31mscipy\x1b[0m\n", "READ003"),
    "requirements that include themselves": Bad("requirements-bad.txt", b"-r requirements-bad.txt\n", "READ003"),
    "requirements that include what is not there": Bad(
        "requirements-bad.txt", b"\n-r nowhere.txt\n", "READ003", "nowhere.txt", line=2
    ),
    "environment with python tags": Bad(
        "environment.yml", b"dependencies:\n  - !!python/object/apply:os.abort []\n", "READ003"
    ),
    "environment that is a bomb": Bad("environment.yml", f"{BOMB}dependencies: *a29\n".encode(), "READ003"),
    "environment that is a list": Bad("environment.yml", b"- numpy\n"),
    "environment with tabs": Bad("environment.yml", b"dependencies:\n\t- numpy\n"),
    "deep environment": Bad("environment.yml", b"dependencies: " + b"[" * DEEP),
    "pyproject with an error": Bad("pyproject.toml", b'[project]\nname = "x\n', line=2),
    "deep pyproject": Bad("pyproject.toml", b"x = " + b"[" * DEEP),
    "pyproject of wrong types": Bad("pyproject.toml", b'[project]\nname = "x"\ndependencies = "numpy"\n', "READ003"),
    "setup.cfg with an error": Bad("setup.cfg", b"install_requires = numpy\n"),
    "file name of two lines": Bad("bad\nname.ipynb", b""),
    "file name that colours the terminal": Bad("bad\x1b[31m.ipynb", b""),
    "file name that is no UTF-8": Bad("bad\udcff.ipynb", b""),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project whose ``requirements.txt`` deserves a finding, and go there."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "requirements.txt").write_text("pandas\n", encoding="utf-8")
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(folder)
    return folder


Check = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def check(project: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    """Return a function that checks the project for people and for machines, and returns the findings."""

    def checked() -> list[dict[str, Any]]:
        assert main([]) == 1
        for_people = capsys.readouterr()
        assert "Traceback" not in for_people.out + for_people.err
        assert not any(character < " " and character != "\n" for character in for_people.out + for_people.err)
        assert main(["--format", "json"]) == 1
        output = capsys.readouterr()
        assert output.err == ""
        findings: list[dict[str, Any]] = json.loads(output.out)["findings"]
        assert any(f["code"] == "PIN001" and f["path"] == "requirements.txt" for f in findings)
        return findings

    return checked


@pytest.mark.timeout(60)
@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_bad_file_is_a_finding_and_the_run_goes_on(bad: Bad, project: Path, check: Check) -> None:
    (project / bad.name).write_bytes(bad.content)
    about = [finding for finding in check() if finding["path"] == bad.name]
    said = next(finding for finding in about if finding["code"] == bad.code)
    assert bad.says in said["message"]
    assert bad.line in (None, said["line"])
    assert bad.code == "READ002" or "; " in said["message"], "no remedy"


def test_byte_order_mark_is_no_obstacle(project: Path, check: Check) -> None:
    (project / "good.ipynb").write_bytes(GOOD.encode("utf-8-sig"))
    assert [f["code"] for f in check() if f["path"] == "good.ipynb"] == ["COV002"]


def test_folder_that_links_to_itself_is_read_once(project: Path, check: Check) -> None:
    (project / "good.ipynb").write_text(GOOD, encoding="utf-8")
    (project / "loop").symlink_to(project, target_is_directory=True)
    assert [f["path"] for f in check() if f["code"] == "COV002"] == ["good.ipynb"]


def test_file_that_links_to_itself_is_a_finding(project: Path, check: Check) -> None:
    (project / "loop.ipynb").symlink_to("loop.ipynb")
    assert [f["code"] for f in check() if f["path"] == "loop.ipynb"] == ["READ001"]


def test_link_to_nothing_is_a_finding(project: Path, check: Check) -> None:
    (project / "gone.ipynb").symlink_to("nowhere.ipynb")
    assert [f["code"] for f in check() if f["path"] == "gone.ipynb"] == ["READ001"]


def test_named_pipe_is_a_finding_and_nobody_waits_for_it(project: Path, check: Check) -> None:
    os.mkfifo(project / "pipe.ipynb")
    assert [f["code"] for f in check() if f["path"] == "pipe.ipynb"] == ["READ001"]


@pytest.mark.parametrize("name", ["secret.ipynb", "secret"])
def test_file_or_folder_without_permission_is_a_finding(name: str, project: Path) -> None:
    secret = project / name
    secret.write_text(GOOD) if secret.suffix else secret.mkdir()
    secret.chmod(0)
    try:
        command = powerless([sys.executable, "-m", "envcheck", "--format", "json"])
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    finally:
        secret.chmod(0o700)
    assert (done.returncode, done.stderr) == (1, "")
    codes = {(finding["path"], finding["code"]) for finding in json.loads(done.stdout)["findings"]}
    assert {(name, "READ001"), ("requirements.txt", "PIN001")} <= codes


BAD_REQUESTS = {
    "nowhere": "nowhere",
    "nowhere\x1b[31m": "nowhere",
    "--python nowhere": "nowhere",
    "--prefix nowhere": "nowhere",
    "--select NOPE": "NOPE",
    "--format poem": "poem",
    "--config nowhere.toml": "nowhere.toml",
    "explain NOPE001": "NOPE001",
    "empty": "nothing to check",
}


@pytest.mark.parametrize(("words", "says"), BAD_REQUESTS.items(), ids=map(repr, BAD_REQUESTS))
def test_bad_request_ends_with_2_and_says_what_would_do(
    words: str, says: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "empty").mkdir()
    assert main(words.split(" ")) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert says in output.err
    assert "hint: " in output.err
    assert "Traceback" not in output.err
    assert "\x1b" not in output.err


@pytest.mark.parametrize(
    "text", ["[tool\n", f"x = {'9' * 5000}\n", "select = 1\n", "nope = 1\n", 'select = ["NOPE"]\n']
)
def test_bad_settings_file_is_a_bad_request(text: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "envcheck.toml").write_text(text, encoding="utf-8")
    assert main([]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert "envcheck.toml" in output.err


def test_notebook_of_200_megabytes_takes_no_more_than_half_its_size_again(project: Path) -> None:
    image = json.dumps({"output_type": "display_data", "data": {"image/png": "A" * 4_000_000}, "metadata": {}})
    size = (project / "giant.ipynb").write_text(notebook("import numpy", image, times=50), encoding="utf-8")
    assert size > 200_000_000
    command = [sys.executable, "-c", MEASURED, sys.executable, "-m", "envcheck", "--format", "json"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    assert {"COV002"} == {f["code"] for f in json.loads(done.stdout)["findings"] if f["path"] == "giant.ipynb"}
    assert int(done.stderr) * (1 if sys.platform == "darwin" else 1024) <= 1.5 * size
