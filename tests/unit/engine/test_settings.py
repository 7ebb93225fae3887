"""The settings file, and what the command line says against it."""

from __future__ import annotations

from pathlib import Path

import pytest

from envcheck.engine.settings.file import Wishes, load_settings, merge, read_settings
from envcheck.model.errors import UserError
from envcheck.model.findings import Severity
from envcheck.model.settings import Settings

FULL = """
select = ["PIN", "DRF001"]
extend-select = ["NBK"]
ignore = ["PIN002"]
exclude = ["old", "data/*.ipynb"]
fail-on = "error"
python = "python3.11"

[per-file-ignores]
"demo/*" = ["COV"]
"x.py" = "PIN001"

[name-map]
cv2 = "opencv-python-headless"
"google.cloud" = ["google-cloud-storage", "google-cloud-bigquery"]
"""


def _read(text: str, folder: Path, name: str = "envcheck.toml") -> Wishes:
    (folder / name).write_text(text)
    return read_settings(str(folder / name), shown=name)


def test_every_key_is_read(tmp_path: Path) -> None:
    assert _read(FULL, tmp_path) == Wishes(
        select=("PIN", "DRF001"),
        extend_select=("NBK",),
        ignore=("PIN002",),
        per_file_ignores={"demo/*": ("COV",), "x.py": ("PIN001",)},
        exclude=("old", "data/*.ipynb"),
        fail_on=Severity.ERROR,
        name_map={
            "cv2": ("opencv-python-headless",),
            "google.cloud": ("google-cloud-storage", "google-cloud-bigquery"),
        },
        python="python3.11",
    )


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        pytest.param("selct = []", "envcheck.toml: unknown key 'selct'", "did you mean select?", id="misspelt key"),
        pytest.param("jobs = 3", "envcheck.toml: unknown key 'jobs'", "the keys are baseline", id="unknown key"),
        pytest.param("select = 'PIN'", "select: expected a list of texts, not 'PIN'", "", id="text for list"),
        pytest.param("ignore = [1]", "ignore: expected a list of texts, not [1]", "", id="number in list"),
        pytest.param("fail-on = 'never'", "fail-on: expected error, warning or note, not 'never'", "", id="severity"),
        pytest.param("fail-on = 1", "fail-on: expected error, warning or note, not 1", "", id="number for severity"),
        pytest.param("python = true", "python: expected a text, not True", "", id="truth for text"),
        pytest.param("name-map = ['a']", "name-map: expected a table of texts", "", id="list for table"),
        pytest.param("[name-map]\na = 1", "name-map: expected a table of texts", "", id="number in table"),
        pytest.param("select = ['PIX']", "select: no rule begins with 'PIX'", "did you mean PIN?", id="unknown code"),
        pytest.param("ignore = ['']", "ignore: no rule begins with ''", "envcheck explain", id="empty code"),
        pytest.param("ignore = ['version-drift']", "no rule begins with 'version-drift'", "write DRF001", id="name"),
        pytest.param("[per-file-ignores]\n'a' = ['X']", "per-file-ignores: a: no rule begins with 'X'", "", id="glob"),
        pytest.param("select = [", "envcheck.toml: not valid TOML: ", "", id="broken"),
        pytest.param("a = " + "[" * 100_000, "envcheck.toml: not valid TOML: ", "", id="deep"),
    ],
)
def test_a_mistake_is_named(text: str, message: str, hint: str, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        _read(text, tmp_path)
    assert message in caught.value.message
    assert caught.value.message.startswith("envcheck.toml: ")
    assert hint in caught.value.hint


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    (tmp_path / "envcheck.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match="not valid TOML"):
        read_settings(str(tmp_path / "envcheck.toml"), shown="envcheck.toml")


@pytest.mark.parametrize("table", ["[tool]\nenvcheck = 1", "[tool.envcheck]\nselect = 1"])
def test_a_mistake_in_pyproject_is_named(table: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"pyproject\.toml: "):
        _read(table, tmp_path, "pyproject.toml")


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    assert _read("python = 'env/bin/python'", tmp_path).python == str(tmp_path / "env/bin/python")
    (tmp_path / ".venv").mkdir()
    assert _read("prefix = '.venv'", tmp_path).prefix == str(tmp_path / ".venv")


@pytest.mark.parametrize(
    ("project", "command_line", "expected"),
    [
        pytest.param(Wishes(), Wishes(), Settings(), id="nothing"),
        pytest.param(
            Wishes(ignore=("PIN",), exclude=("a",), extend_select=("NBK",)),
            Wishes(ignore=("DRF",), exclude=("b",), extend_select=("ENV",)),
            Settings(ignore=("PIN", "DRF"), exclude=("a", "b"), extend_select=("NBK", "ENV")),
            id="lists add up",
        ),
        pytest.param(
            Wishes(select=("PIN",), ignore=("PIN001",), extend_select=("NBK",)),
            Wishes(select=("PIN001",)),
            Settings(select=("PIN001",)),
            id="--select is the last word on rules",
        ),
        pytest.param(
            Wishes(fail_on=Severity.ERROR),
            Wishes(fail_on=Severity.NOTE),
            Settings(fail_on=Severity.NOTE),
            id="--fail-on",
        ),
        pytest.param(Wishes(python="a"), Wishes(prefix="b"), Settings(prefix="b"), id="--prefix replaces python"),
        pytest.param(Wishes(python="a"), Wishes(), Settings(python="a"), id="python of the project"),
    ],
)
def test_the_command_line_wins(project: Wishes, command_line: Wishes, expected: Settings) -> None:
    assert merge(project, command_line) == expected


@pytest.mark.parametrize(
    ("files", "ignored"),
    [
        pytest.param({}, (), id="none"),
        pytest.param({"envcheck.toml": "ignore = ['PIN']"}, ("PIN",), id="own file"),
        pytest.param({"pyproject.toml": "[tool.envcheck]\nignore = ['PIN']"}, ("PIN",), id="pyproject"),
        pytest.param(
            {"pyproject.toml": "[tool.envcheck]\nignore = ['DRF']", "envcheck.toml": "ignore = ['PIN']"},
            ("PIN",),
            id="own file before pyproject",
        ),
        pytest.param(
            {"envcheck.toml": "ignore = ['PIN']", "sub/pyproject.toml": "[tool.other]\nx = 'envcheck'"},
            ("PIN",),
            id="a pyproject without our table is none",
        ),
        pytest.param(
            {"envcheck.toml": "ignore = ['PIN']", "sub/envcheck.toml": "ignore = ['DRF']"}, ("DRF",), id="the nearest"
        ),
        pytest.param(
            {"envcheck.toml": "ignore = ['PIN']", "sub/pyproject.toml": "[project\nname = "},
            ("PIN",),
            id="a broken pyproject is a finding, not a bad request",
        ),
    ],
)
def test_the_nearest_file_holds(files: dict[str, str], ignored: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "sub").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert load_settings(["sub"], cwd=str(tmp_path)).ignore == ignored


def test_no_file_above_the_project_holds(tmp_path: Path) -> None:
    (tmp_path / "project/.git").mkdir(parents=True)
    (tmp_path / "envcheck.toml").write_text("ignore = ['PIN']")
    assert load_settings(["project"], cwd=str(tmp_path)) == Settings()


def test_globs_are_relative_to_their_file(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/envcheck.toml").write_text(
        "exclude = ['/old', 'x/*.py', '*.md']\n[per-file-ignores]\n'a.py' = 'PIN'\n'/b.py' = 'PIN'"
    )
    settings = load_settings(["sub"], cwd=str(tmp_path))
    assert settings.exclude == ("sub/old", "sub/x/*.py", "sub/**/*.md")
    assert settings.per_file_ignores == {"sub/**/a.py": ("PIN",), "sub/b.py": ("PIN",)}


def test_a_file_can_be_given(tmp_path: Path) -> None:
    (tmp_path / "envcheck.toml").write_text("ignore = ['PIN']")
    (tmp_path / "other.toml").write_text("ignore = ['DRF']")
    assert load_settings(["."], cwd=str(tmp_path), explicit="other.toml").ignore == ("DRF",)


def test_a_given_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^other.toml: No such file"):
        load_settings(["."], cwd=str(tmp_path), explicit="other.toml")


def test_unknown_codes_of_the_command_line_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="--select: no rule begins with 'PON'"):
        load_settings(["."], cwd=str(tmp_path), wishes=Wishes(select=("PON",)))
