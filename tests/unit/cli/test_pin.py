"""``envcheck pin`` and ``--fix``."""

from __future__ import annotations

from pathlib import Path

import pytest

from envcheck.cli.main import main
from tests.support.environments import build_environment

REQUIREMENTS = "# the analysis\npandas>=2  # tables\nrequests==2.31.0\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project that imports seaborn, which is installed and not declared."""
    (tmp_path / "requirements.txt").write_bytes(REQUIREMENTS.replace("\n", "\r\n").encode())
    (tmp_path / "analysis.py").write_text("import pandas, requests, seaborn\n", encoding="utf-8")
    versions = {"pandas": "2.1.4", "requests": "2.31.0", "seaborn": "0.13.2"}
    distributions = [{"name": name, "version": version} for name, version in versions.items()]
    build_environment(tmp_path / ".venv", {"distributions": distributions})
    monkeypatch.chdir(tmp_path)
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


def content(project: Path) -> str:
    return (project / "requirements.txt").read_bytes().decode()


def test_diff_is_shown_and_nothing_written(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = content(project)
    assert main(["pin"]) == 1
    said = capsys.readouterr()
    assert "-pandas>=2  # tables\n+pandas==2.1.4  # tables\n" in said.out
    assert "+seaborn==0.13.2\n" in said.out
    assert said.err == "2 changes to write (--write) in 1 file\n"
    assert content(project) == before


def test_pins_are_written_and_nothing_else(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pin", "--write"]) == 0
    assert capsys.readouterr().err == "2 changes written in 1 file\n"
    assert content(project) == "# the analysis\r\npandas==2.1.4  # tables\r\nrequests==2.31.0\r\nseaborn==0.13.2\r\n"
    assert main(["pin", "--write"]) == 0
    assert capsys.readouterr().err == "nothing to change\n"


def test_style_says_how_tight(project: Path) -> None:
    (project / "requirements.txt").write_text("pandas\nrequests\nseaborn\n", encoding="utf-8")
    assert main(["pin", "--write", "--style", "compatible"]) == 0
    assert content(project) == "pandas~=2.1.4\nrequests~=2.31.0\nseaborn~=0.13.2\n"


ADDED = {
    "Pipfile": ('[packages]\nrequests = "==2.31.0"\n', 'seaborn = "==0.13.2"\n'),
    "setup.cfg": ("[options]\ninstall_requires =\n    requests==2.31.0\n", "    seaborn==0.13.2\n"),
    "pyproject.toml": (
        '[project]\nname = "lab"\ndependencies = [\n    "requests==2.31.0",\n]\n',
        '    "seaborn==0.13.2",\n',
    ),
    "environment.yml": (
        "dependencies:\n  - python=3.11\n  - pip:\n    - requests==2.31.0\n",
        "    - seaborn==0.13.2\n",
    ),
    "pixi.toml": ('[pypi-dependencies]\nrequests = "==2.31.0"\n', 'seaborn = "==0.13.2"\n'),
}
"""Of each kind of declaration one that lacks what is imported, and the line that comes."""


@pytest.mark.parametrize(("file", "before", "line"), [(f, *texts) for f, texts in ADDED.items()], ids=list(ADDED))
def test_what_is_imported_is_added_to_every_kind_of_file(file: str, before: str, line: str, project: Path) -> None:
    (project / "requirements.txt").unlink()
    (project / "analysis.py").write_text("import requests, seaborn\n", encoding="utf-8")
    (project / file).write_text(before, encoding="utf-8")
    assert main(["pin", "--write"]) == 0
    after = (project / file).read_text(encoding="utf-8")
    assert line in after
    assert after.replace(line, "") == before


def test_what_nothing_declares_is_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "requirements.txt").unlink()
    (project / "analysis.py").write_text("import seaborn\n", encoding="utf-8")
    assert main(["pin", "--write"]) == 1
    assert ".: seaborn: no file declares anything here; envcheck init writes one" in capsys.readouterr().err
    main(["-q"])
    assert "(fix: add seaborn==0.13.2 to a new requirements.txt)" in capsys.readouterr().out


def test_file_behind_a_link_out_of_the_project_stays(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = content(project)
    elsewhere = project.parent / "elsewhere.txt"
    (project / "requirements.txt").rename(elsewhere)
    (project / "requirements.txt").symlink_to(elsewhere)
    assert main(["pin", "--write"]) == 1
    assert "requirements.txt: a link that leads out of the project" in capsys.readouterr().err
    assert content(project) == before


def test_hashed_file_is_never_half_updated(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    digest = "0" * 64
    text = f"pandas>=2 --hash=sha256:{digest}\nrequests==2.31.0 --hash=sha256:{digest}\n"
    (project / "requirements.txt").write_text(text, encoding="utf-8")
    assert main(["pin", "--write"]) == 1
    assert "pandas" in capsys.readouterr().err
    assert content(project) == text


def test_safe_fixes_are_written_before_the_report(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--fix", "-q", "--ignore", "PIN006"]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "2 changes written in 1 file\n"


def test_unsafe_fixes_must_be_asked_for(project: Path) -> None:
    (project / "requirements.txt").write_text("pandas==2.1.4\nplotly==5.18\nrequests==2.31.0\nseaborn==0.13.2\n")
    main(["--fix"])
    assert "plotly" in content(project)
    main(["--fix", "--unsafe-fixes"])
    assert "plotly" not in content(project)
