"""Every folder of fixtures/projects is a small project that says in expected.toml what envcheck must find in it."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import tomli

from envcheck.cli.main import main
from envcheck.judge.catalogue import RULES
from tests.support.environments import build_environment, write_kernelspec

PROJECTS = sorted(path.parent for path in Path(__file__).parents[2].glob("fixtures/projects/*/expected.toml"))
FOREIGN = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "NO_COLOR", "CI")
HOMES = {"venv": ".venv", "conda": ".pixi/envs/default"}

Finding = tuple[str, str, int, int]
Table = Mapping[str, Any]


def expectation(project: Path) -> dict[str, Any]:
    return tomli.loads((project / "expected.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
def test_project_gets_exactly_the_findings_it_expects(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = expectation(project)
    folder = build_project(project, expected, tmp_path)
    enter(folder, tmp_path, monkeypatch)
    for name, value in expected.get("variables", {}).items():
        monkeypatch.setenv(name, value)
    code = main([*expected.get("arguments", ()), "--format", "json"])
    output = capsys.readouterr()
    assert output.err == ""
    found = json.loads(output.out)["findings"]
    differences = difference(found, expected.get("findings", ()))
    assert not differences, "\n".join([expected["why"], *differences])
    assert code == expected["exit"]


def build_project(project: Path, expected: Table, place: Path) -> Path:
    """Lay the project, its odd files, its environment and its kernels below ``place`` and return its folder."""
    folder = place / project.name
    shutil.copytree(project, folder, symlinks=True, ignore=shutil.ignore_patterns("expected.toml"))
    for path, content in expected.get("files", {}).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(base64.b64decode(content))
    if environment := expected.get("environment"):
        build_environment(folder / HOMES[environment.get("kind", "venv")], environment)
    for name, kernel in expected.get("kernels", {}).items():
        build_environment(folder / ".kernels" / name, kernel)
        write_kernelspec(place / "jupyter", name, folder / ".kernels" / name)
    return folder


def enter(folder: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Go into the project, in a shell that knows no environment, no kernel and no Python but the project's own."""
    for name in FOREIGN:
        monkeypatch.delenv(name, raising=False)
    (place / "empty").mkdir()
    for name in ("HOME", "PATH", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(place / "empty"))
    monkeypatch.setenv("JUPYTER_PATH", str(place / "jupyter"))
    monkeypatch.chdir(folder)


def difference(found: Iterable[Table], expected: Iterable[Table]) -> list[str]:
    """Return one line for each finding that is missing, not expected, or worded otherwise than expected."""
    wanted: dict[Finding, list[Table]] = {}
    for entry in expected:
        wanted.setdefault(identity(entry), []).append(entry)
    got: dict[Finding, list[Table]] = {}
    for entry in found:
        got.setdefault(identity(entry), []).append(entry)
    lines = [f"missing: {shown(key)}" for key in wanted.keys() - got.keys()]
    lines += [f"not expected: {shown(key)}: {got[key][0]['message']}" for key in got.keys() - wanted.keys()]
    for key in wanted.keys() & got.keys():
        lines += [f"{shown(key)}: {reason}" for entry in wanted[key] if (reason := disagreement(entry, got[key]))]
    return sorted(lines)


def disagreement(entry: Table, found: Iterable[Table]) -> str:
    """Return how the message or fix of all findings at a place differs from the expected entry; empty if one agrees."""
    messages = [finding["message"] for finding in found]
    if not any(entry.get("message", "") in message for message in messages):
        return f"{entry['message']!r} is not in {messages}"
    fixes = [text for finding in found if finding["fix"] for text in fix_texts(finding["fix"])]
    if "fix" in entry and not any(entry["fix"] in text for text in fixes):
        return f"the fix {entry['fix']!r} is not in {fixes}"
    return ""


def fix_texts(fix: Table) -> list[str]:
    return [fix["title"], fix["text"] or "", *(edit["new"] for edit in fix["edits"])]


def identity(entry: Table) -> Finding:
    return entry["code"], entry["path"], entry.get("cell") or 0, entry.get("line") or 0


def shown(finding: Finding) -> str:
    code, path, cell, line = finding
    return f"{code} {path}" + (f" cell {cell}" if cell else "") + (f" line {line}" if line else "")


@pytest.mark.parametrize("proof", ["fires", "silent"])
def test_every_rule_has_a_project_that_proves_it(proof: str) -> None:
    cases = [expectation(project) for project in PROJECTS]
    proven = {case["rule"] for case in cases if case["proves"] == proof}
    assert sorted({module.RULE.code for module in RULES} - proven) == []


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
def test_project_is_about_the_rule_that_it_names(project: Path) -> None:
    expected = expectation(project)
    assert expected["proves"] in ("fires", "silent")
    codes = {finding["code"] for finding in expected.get("findings", ())}
    assert (expected["rule"] in codes) == (expected["proves"] == "fires")
