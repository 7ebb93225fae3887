"""``envcheck stamp``, ``unstamp`` and ``verify``, with the real engine."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from envcheck.cli.main import main
from envcheck.engine.stamping import trust
from tests.support.environments import build_environment, write_kernelspec
from tests.support.stamps import GOOD, SPEC, notebook

COMMIT = "0123456789abcdef0123456789abcdef01234567"
PYLOCK = f"""\
lock-version = "1.0"
created-by = "made"
[[packages]]
name = "pandas"
version = "2.1.4"
wheels = [{{ name = "pandas-2.1.4-py3-none-any.whl", url = "https://files.example/pandas-2.1.4-py3-none-any.whl", \
hashes = {{ sha256 = "{"0" * 64}" }} }}]
[[packages]]
name = "numpy"
version = "1.26.4"
wheels = [{{ name = "numpy-1.26.4-py3-none-any.whl", url = "https://files.example/numpy-1.26.4-py3-none-any.whl", \
hashes = {{ sha256 = "{"0" * 64}" }} }}]
[[packages]]
name = "unrelated"
version = "9.0"
wheels = [{{ name = "unrelated-9.0-py3-none-any.whl", url = "https://files.example/unrelated-9.0-py3-none-any.whl", \
hashes = {{ sha256 = "{"0" * 64}" }} }}]
"""

Said = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project with an environment and a notebook that imports pandas."""
    folder = tmp_path / "project"
    (folder / "nb").mkdir(parents=True)
    (folder / "nb/a.ipynb").write_bytes(notebook())
    build_environment(folder / ".venv", SPEC)
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX", "JUPYTER_DATA_DIR", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(folder)
    return folder


def stamp_in(path: Path) -> Any:
    return json.loads(path.read_bytes())["metadata"].get("envcheck")


def put(project: Path, stamp: object, more: Mapping[str, object] | None = None) -> bytes:
    data = notebook(stamp=stamp, more=more)
    (project / "nb/a.ipynb").write_bytes(data)
    return data


def upgrade(project: Path, **versions: str) -> None:
    """Install other versions into the project's environment."""
    shutil.rmtree(project / ".venv")
    distributions = [{**d, "version": versions.get(d["name"], d["version"])} for d in SPEC["distributions"]]
    build_environment(project / ".venv", {**SPEC, "distributions": distributions})


def verified(capsys: Said, *words: str) -> tuple[int, dict[str, Any]]:
    """Return the exit code of ``verify`` and its one notebook."""
    capsys.readouterr()
    code = main(["verify", "--format", "json", *words])
    found = json.loads(capsys.readouterr().out)
    assert len(found["notebooks"]) == 1
    return code, found["notebooks"][0]


def test_stamp_is_written_once(project: Path, capsys: Said) -> None:
    path, before = project / "nb/a.ipynb", (project / "nb/a.ipynb").read_bytes()
    assert main(["stamp"]) == 0
    assert "nb/a.ipynb: stamped (Python 3.11.7, 1 imported, 1 required) in .venv" in capsys.readouterr().err
    assert stamp_in(path) == GOOD
    assert path.read_bytes() == notebook(stamp=GOOD)
    os.utime(path, (1, 1))
    path.chmod(0o444)
    assert main(["stamp", "nb/a.ipynb"]) == 0
    assert capsys.readouterr().err == "1 notebook stays as it is\n"
    assert path.stat().st_mtime == 1
    path.chmod(0o644)
    assert main(["unstamp"]) == 0
    assert path.read_bytes() == before
    assert main(["unstamp"]) == 0


def test_check_and_diff_write_nothing(project: Path, capsys: Said) -> None:
    before = (project / "nb/a.ipynb").read_bytes()
    assert main(["stamp", "--check"]) == 1
    assert main(["stamp", "--diff"]) == 0
    assert '+    "pandas": "2.2.0"\n' in capsys.readouterr().out
    assert main(["stamp", "--check", "--diff"]) == 1
    assert (project / "nb/a.ipynb").read_bytes() == before
    main(["stamp"])
    assert main(["stamp", "--check"]) == 0
    upgrade(project, numpy="2.0.0")
    assert main(["stamp", "--check"]) == 1
    assert "its stamp would change" in capsys.readouterr().err
    assert main(["unstamp", "--check"]) == 1
    assert stamp_in(project / "nb/a.ipynb") == GOOD


def test_direct_stamps_what_is_imported(project: Path) -> None:
    assert main(["stamp", "--direct"]) == 0
    assert stamp_in(project / "nb/a.ipynb") == {key: value for key, value in GOOD.items() if key != "requires"}
    assert main(["stamp", "--direct", "--check"]) == 0
    assert main(["verify"]) == 0


def test_unknown_keys_are_kept(project: Path) -> None:
    put(project, {**GOOD, "python": "3.9.0", "note": {"b": 1, "a": [None]}})
    assert main(["stamp"]) == 0
    assert stamp_in(project / "nb/a.ipynb") == {**GOOD, "note": {"b": 1, "a": [None]}}


@pytest.mark.parametrize(
    "stamp",
    [{**GOOD, "schema": 2}, {"schema": 9, "all": []}, "text", [], {}, {**GOOD, "more": "x" * 1_000_001}],
    ids=["newer", "much newer", "text", "list", "empty", "huge"],
)
def test_what_may_not_be_written_over_is_refused_and_never_right(stamp: object, project: Path, capsys: Said) -> None:
    data = put(project, stamp)
    assert main(["stamp"]) == 1
    assert "nb/a.ipynb: " in capsys.readouterr().err
    assert (project / "nb/a.ipynb").read_bytes() == data
    code, found = verified(capsys)
    assert (code, found["state"]) == (1, "unjudged")
    assert found["reasons"]
    assert main(["unstamp"]) == 0
    assert (project / "nb/a.ipynb").read_bytes() == notebook()


HOSTILE: Mapping[str, object] = {
    "escape sequence": {**GOOD, "packages": {"num\x1b[31mpy": "1.0"}},
    "option as version": {**GOOD, "packages": {"numpy": "--index-url=https://evil.example"}},
    "password": {**GOOD, "sources": {"numpy": "https://me:hunter2-hunter2-hunter2@git.example/numpy"}},
    "a version and a half": {**GOOD, "requires": {"pandas": "1.0", "numpy": "1.26.4"}},
}


@pytest.mark.parametrize("stamp", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_stamps_are_reported_and_written_anew(stamp: object, project: Path, capsys: Said) -> None:
    put(project, stamp)
    code, found = verified(capsys)
    assert (code, found["state"]) == (1, "unjudged")
    assert main(["verify"]) == 1
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "hunter2" not in said + json.dumps(found)
    assert main(["check", "--select", "READ,NBK007,DRF008"]) == 1
    assert "hunter2" not in capsys.readouterr().out
    assert main(["stamp"]) == 0
    assert stamp_in(project / "nb/a.ipynb") == GOOD


def test_verify_tells_what_has_drifted(project: Path, capsys: Said, repository: Path) -> None:
    schema = json.loads((repository / "src/envcheck/schemas/verify.schema.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    main(["stamp"])
    assert verified(capsys)[0] == 0
    upgrade(project, pandas="2.3.0", numpy="2.0.0")
    assert main(["verify", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, schema)
    assert found["summary"]["drifted"] == 1
    rows = {row["name"]: row for row in found["notebooks"][0]["distributions"]}
    assert {name: (r["difference"], r["direct"], r["stamped"], r["here"]) for name, r in rows.items()} == {
        "pandas": ("version", True, "2.2.0", "2.3.0"),
        "numpy": ("version", False, "1.26.4", "2.0.0"),
    }
    assert main(["verify"]) == 1
    assert capsys.readouterr().out == (
        "nb/a.ipynb: drifted, 1 imported and 1 required in .venv (.venv in the project)\n"
        "    pandas  2.2.0 → 2.3.0\n"
        "    numpy   1.26.4 → 2.0.0  required\n"
        "\n"
        "0 of 1 notebook as stamped\n"
    )
    assert main(["verify", "--format", "table"]) == 1
    assert capsys.readouterr().out.splitlines()[:4] == [
        "notebook    distribution  stamped  here",
        "nb/a.ipynb  Python        3.11.7   3.11.7",
        "nb/a.ipynb  pandas        2.2.0    2.3.0   differs",
        "nb/a.ipynb  numpy         1.26.4   2.0.0   differs",
    ]


@pytest.mark.parametrize(
    ("python", "difference", "code"),
    [("3.11.1", "patch", 0), ("3.10.7", "minor", 1), ("", "", 1)],
    ids=["patch", "minor", "unknown"],
)
def test_python_of_another_series_is_drift(
    python: str, difference: str, code: int, project: Path, capsys: Said
) -> None:
    put(project, {**GOOD, "python": python} if python else {"packages": {}, "schema": 1})
    got, found = verified(capsys)
    assert got == code
    assert (found["python"] or {}).get("difference", "") == difference


def test_what_is_used_besides_is_said_and_no_drift(project: Path, capsys: Said) -> None:
    data = notebook("import pandas, unrelated, nowhere\n", {**GOOD, "missing": ["gone"]})
    (project / "nb/a.ipynb").write_bytes(data)
    code, found = verified(capsys)
    assert (code, found["state"]) == (0, "same")
    assert [row["name"] for row in found["distributions"] if row["difference"] == "extra"] == ["unrelated"]
    assert found["remarks"] == [
        "nowhere is imported, and nothing here provides it",
        "gone was imported in vain when it was stamped",
    ]


def test_a_notebook_without_stamp_is_never_right(project: Path, capsys: Said) -> None:
    code, found = verified(capsys)
    assert (code, found["state"]) == (1, "unstamped")
    assert "envcheck stamp nb/a.ipynb" in found["reasons"][0]


def test_other_languages_are_left_alone(project: Path, capsys: Said) -> None:
    put(project, None, {"kernelspec": {"display_name": "R", "language": "R", "name": "ir"}})
    assert main(["stamp"]) == 0
    assert "is a notebook in r" in capsys.readouterr().err
    assert main(["verify"]) == 0
    assert stamp_in(project / "nb/a.ipynb") is None


def test_the_kernels_environment_counts(project: Path, tmp_path: Path, capsys: Said) -> None:
    build_environment(tmp_path / "lab", {"python": "3.9.18", "distributions": [{"name": "pandas", "version": "1.5.3"}]})
    write_kernelspec(tmp_path / "jupyter", "lab", tmp_path / "lab")
    put(project, None, {"kernelspec": {"display_name": "Lab", "language": "python", "name": "lab"}})
    assert main(["stamp"]) == 0
    assert stamp_in(project / "nb/a.ipynb")["packages"] == {"pandas": "1.5.3"}
    assert main(["verify"]) == 0
    assert main(["verify", "--kernel", "python3"]) == 1
    assert main(["stamp", "--kernel", "python3"]) == 0
    assert stamp_in(project / "nb/a.ipynb") == GOOD
    assert main(["stamp", "--kernel", "LAB"]) == 0
    assert main(["stamp", "--prefix", ".venv"]) == 0
    assert stamp_in(project / "nb/a.ipynb") == GOOD


def test_a_kernel_that_is_not_here_is_no_other_one(project: Path, capsys: Said) -> None:
    data = put(project, GOOD, {"kernelspec": {"display_name": "Lab", "language": "python", "name": "lost"}})
    assert main(["stamp"]) == 1
    assert "its kernel lost leads to no environment here" in capsys.readouterr().err
    assert (project / "nb/a.ipynb").read_bytes() == data
    code, found = verified(capsys)
    assert (code, found["state"]) == (1, "unjudged")
    assert main(["verify", "--prefix", ".venv"]) == 0


def test_juv_notebooks_have_no_environment_of_the_project(project: Path, capsys: Said) -> None:
    block = "# /// script\n# dependencies = ['pandas']\n# ///\nimport pandas\n"
    (project / "nb/a.ipynb").write_bytes(notebook(block))
    assert main(["stamp"]) == 1
    assert "made anew from the metadata of the script" in capsys.readouterr().err
    assert main(["stamp", "--prefix", ".venv"]) == 0
    assert stamp_in(project / "nb/a.ipynb") == GOOD


def test_sources_are_told_without_secrets(project: Path, capsys: Said) -> None:
    url = {
        "url": "https://me:hunter2-hunter2-hunter2@git.example/numpy",
        "vcs_info": {"vcs": "git", "commit_id": COMMIT},
    }
    folder = '{"url": "file:///home/me/p", "dir_info": {"editable": true}}'
    distributions = [
        {
            "name": "pandas",
            "version": "2.2.0",
            "requires": ["numpy"],
            "direct-url": folder,
        },
        {"name": "numpy", "version": "1.26.4", "direct-url": json.dumps(url)},
    ]
    build_environment(project / "other", {"distributions": distributions})
    assert main(["stamp", "--prefix", "other"]) == 0
    expected = {"numpy": f"git+https://git.example/numpy@{COMMIT}", "pandas": "local"}
    assert stamp_in(project / "nb/a.ipynb")["sources"] == expected
    assert main(["verify", "--prefix", "other"]) == 0
    capsys.readouterr()
    assert main(["verify"]) == 1
    assert "pandas  2.2.0 from local → from an index" in capsys.readouterr().out


def test_a_lock_is_referred_to(project: Path, capsys: Said) -> None:
    (project / "pylock.analysis.toml").write_text(PYLOCK, encoding="utf-8")
    assert main(["stamp", "--env", "pylock.analysis.toml"]) == 0
    assert stamp_in(project / "nb/a.ipynb") == {"env": "../pylock.analysis.toml", "schema": 1}
    assert main(["stamp", "--env", "pylock.analysis.toml", "--check"]) == 0
    code, found = verified(capsys)
    assert code == 1
    rows = {row["name"]: (row["difference"], row["direct"]) for row in found["distributions"]}
    assert rows == {"pandas": ("version", True), "numpy": ("same", False)}
    upgrade(project, pandas="2.1.4")
    assert verified(capsys)[0] == 0
    (project / "pylock.analysis.toml").unlink()
    code, found = verified(capsys)
    assert (code, found["state"]) == (1, "unjudged")
    assert "pylock.analysis.toml: cannot be opened" in found["reasons"][0]


@pytest.mark.parametrize(
    ("lock", "reason"),
    [
        ("nowhere.toml", "nowhere.toml: cannot be opened"),
        ("../pylock.toml", "outside of the project"),
        ("nb/a.ipynb", "no lock that is known"),
        ("requirements.txt", "is no lock"),
        ("pylock.broken.toml", "pylock.broken.toml: "),
    ],
)
def test_what_is_no_lock_is_no_reference(lock: str, reason: str, project: Path, capsys: Said) -> None:
    (project / "requirements.txt").write_text("pandas\n", encoding="utf-8")
    (project / "pylock.broken.toml").write_text("[", encoding="utf-8")
    (project / ".git").mkdir()
    assert main(["stamp", "--env", lock]) == 2
    assert reason in capsys.readouterr().err
    assert stamp_in(project / "nb/a.ipynb") is None


def test_a_reference_out_of_the_project_is_not_followed(project: Path, capsys: Said) -> None:
    (project / ".git").mkdir()
    put(project, {"env": "../../pylock.toml", "schema": 1})
    (project.parent / "pylock.toml").write_text(PYLOCK, encoding="utf-8")
    code, found = verified(capsys)
    assert (code, found["state"]) == (1, "unjudged")
    assert "outside of the project" in found["reasons"][0]


def test_merge_leftovers_are_never_right(project: Path, capsys: Said) -> None:
    put(project, GOOD, {"nbdime-conflicts": {"local_diff": [{"key": "envcheck", "op": "patch"}]}})
    code, found = verified(capsys)
    assert (code, found["state"]) == (1, "unjudged")
    assert "nbdime-conflicts" in found["reasons"][0]


BROKEN = {
    "invalid JSON": b'{"cells": [',
    "second stamp": notebook(stamp=GOOD).replace(b'"envcheck": {', b'"envcheck": {"schema": 1},\n  "envcheck": {'),
    "merge markers": notebook().replace(b' "nbformat"', b'<<<<<<< HEAD\n "nbformat"', 1),
    "UTF-16": notebook().decode().encode("utf-16"),
    "text behind": notebook() + b"\\n",
    "nbformat 3": b'{"metadata": {}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": []}]}',
    "no metadata": b'{"cells": [], "nbformat": 4, "nbformat_minor": 5}',
    "empty": b"",
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_broken_notebooks_are_refused_untouched_and_the_others_stamped(
    data: bytes, project: Path, capsys: Said
) -> None:
    (project / "nb/bad.ipynb").write_bytes(data)
    assert main(["stamp"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert [line for line in said if line.startswith("nb/bad.ipynb: ") and len(line) > 40]
    assert (project / "nb/bad.ipynb").read_bytes() == data
    assert stamp_in(project / "nb/a.ipynb") == GOOD
    assert main(["verify"]) == 1
    assert main(["unstamp"]) == 1
    assert (project / "nb/bad.ipynb").read_bytes() == data


def test_read_only_notebooks_are_refused(project: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "nb/a.ipynb").chmod(0o444)
    monkeypatch.setattr(os, "access", lambda *_: False)  # as it is for everybody but root, who runs some tests
    assert main(["stamp"]) == 1
    assert "nb/a.ipynb: read-only; make it writable" in capsys.readouterr().err


def test_a_notebook_that_changes_meanwhile_is_refused(
    project: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project / "nb/a.ipynb"
    # The one moment between reading and writing that can be taken hold of without a second process.
    monkeypatch.setattr(trust.Trust, "covers", lambda *_: bool(path.write_bytes(notebook("import os\n"))) and False)
    assert main(["stamp"]) == 1
    assert "nb/a.ipynb: changed since it was read; run it again" in capsys.readouterr().err
    assert path.read_bytes() == notebook("import os\n")


def test_mode_and_links_stay(project: Path) -> None:
    (project / "nb/real.ipynb").write_bytes(notebook())
    (project / "nb/a.ipynb").unlink()
    (project / "nb/a.ipynb").symlink_to("real.ipynb")
    (project / "nb/real.ipynb").chmod(0o640)
    assert main(["stamp", "nb/a.ipynb"]) == 0
    assert (project / "nb/a.ipynb").is_symlink()
    assert stat.S_IMODE((project / "nb/real.ipynb").stat().st_mode) == 0o640
    assert stamp_in(project / "nb/real.ipynb") == GOOD


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["stamp", "nowhere.ipynb"], "there is no"),
        (["verify", ".venv"], "no notebook in .venv"),
        (["stamp", "--direct", "--env", "x"], "not allowed with"),
        (["stamp", "--prefix", "nb"], "there is no Python environment"),
        (["verify", "--format", "sarif"], "invalid choice"),
    ],
)
def test_bad_requests(words: list[str], says: str, project: Path, capsys: Said) -> None:
    assert main(words) == 2
    assert says in capsys.readouterr().err


def test_without_environment_nothing_is_stamped(project: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(project / ".venv")
    monkeypatch.setenv("PATH", "")
    assert main(["stamp"]) == 1
    assert "nb/a.ipynb: no environment: none found; --prefix or --python names" in capsys.readouterr().err


@pytest.mark.parametrize(("python", "doubts"), [("3.9.1", True), ("3.11.1", False), ("4.0-ish", False)])
def test_a_notebook_that_ran_on_another_python_is_doubted(
    python: str, doubts: bool, project: Path, capsys: Said
) -> None:
    put(project, None, {"language_info": {"name": "python", "version": python}})
    assert main(["stamp"]) == 0
    assert (f"but it was last run on Python {python}: run it here" in capsys.readouterr().err) is doubts
    assert stamp_in(project / "nb/a.ipynb") == GOOD


def test_quiet_says_only_what_went_wrong(project: Path, capsys: Said) -> None:
    (project / "nb/bad.ipynb").write_bytes(b"")
    assert main(["stamp", "-q"]) == 1
    assert capsys.readouterr().err == "nb/bad.ipynb: the file is empty; save it again from Jupyter, or delete it\n"
    assert main(["verify", "-q"]) == 1
    assert capsys.readouterr().out.count("\n") == 1


def test_a_check_never_calls_a_newer_stamp_right(project: Path, capsys: Said) -> None:
    put(project, {**GOOD, "schema": 2})
    assert main(["check", "--select", "READ"]) == 1
    assert "READ004 the stamp is of schema 2; this envcheck knows 1; update envcheck" in capsys.readouterr().out
