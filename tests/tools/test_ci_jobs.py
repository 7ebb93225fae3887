"""The jobs as CI systems run them: every step of action.yml by its own shell, with the variables that a runner sets."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.tools

REPOSITORY = Path(__file__).parents[2]
_EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")


class Runner:
    """Does what a runner does with the steps of a composite action that are commands."""

    def __init__(self, folder: Path, workspace: Path, **inputs: str) -> None:
        self.workspace = workspace
        self.temp = folder / "temp"
        self.temp.mkdir(parents=True)
        self.summary = folder / "summary.md"
        self.action: Any = yaml.safe_load((REPOSITORY / "action.yml").read_text(encoding="utf-8"))
        defaults = {name: str(each.get("default", "")) for name, each in self.action["inputs"].items()}
        self.values = {f"inputs.{name}": value for name, value in {**defaults, **inputs}.items()}

    def run(self) -> tuple[int, str]:
        """Run the steps in their order until one fails; those that use another action are left out."""
        said = ""
        for step in self.action["runs"]["steps"]:
            if "run" not in step:
                continue
            code, output = self._step(step)
            said += output
            if code:
                return code, said
        return 0, said

    def _step(self, step: Any) -> tuple[int, str]:
        outputs = self.temp / "output"
        outputs.write_text("", encoding="utf-8")
        assert "${{" not in step["run"], "what is put into a script can be a script"
        environ = {
            **{k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "CONDA_PREFIX")},
            **{name: self._evaluated(text) for name, text in step.get("env", {}).items()},
            "GITHUB_ACTION_PATH": str(REPOSITORY),
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_WORKSPACE": str(self.workspace),
            "CI": "true",
        }
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]  # as the runner's own
        done = subprocess.run(shell, cwd=self.workspace, env=environ, capture_output=True, text=True, check=False)
        for line in outputs.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            self.values[f"steps.{step.get('id')}.outputs.{name}"] = value
        return done.returncode, done.stdout + done.stderr

    def _evaluated(self, text: str) -> str:
        return _EXPRESSION.sub(lambda found: self.values.get(found[1], ""), text)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The environment of the action, installed once by its own script, as its cache keeps it."""
    folder = tmp_path_factory.mktemp("action")
    runner = Runner(folder, REPOSITORY / "fixtures/demo")
    runner.run()
    return runner.temp / "envcheck"


def runner(installed: Path, folder: Path, workspace: Path, **inputs: str) -> Runner:
    made = Runner(folder / "runner", workspace, **inputs)
    (made.temp / "envcheck").symlink_to(installed)
    return made


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return shutil.copytree(REPOSITORY / "fixtures/demo", tmp_path / "demo")


def test_findings_are_annotations_and_fail_the_job(installed: Path, demo: Path, tmp_path: Path) -> None:
    job = runner(installed, tmp_path, demo, python="env")
    code, said = job.run()
    assert code == 1
    assert re.search(r"^::error file=requirements\.txt,line=3,.*title=.*DRF001", said, re.MULTILINE)
    assert re.search(r"^::warning file=notebooks/01_levels\.ipynb,line=\d+,.*cell 2", said, re.MULTILINE)
    assert Path(job.values["steps.check.outputs.sarif"]).is_file()
    assert "DRF001" in job.summary.read_text(encoding="utf-8")


def test_inputs_reach_envcheck_whole(installed: Path, demo: Path, tmp_path: Path) -> None:
    odd = demo / "note books; echo $(id)"
    (demo / "notebooks").rename(odd)
    page = tmp_path / "page.html"
    job = runner(installed, tmp_path, demo, path=f"{odd.name}\nclean.py", python="env", format=f"html:{page}")
    (demo / "clean.py").write_text("import json\n", encoding="utf-8")
    code, said = job.run()
    assert code == 1, said
    assert "uid=" not in said
    assert page.is_file()


def test_job_passes_where_nothing_is_severe_enough(installed: Path, demo: Path, tmp_path: Path) -> None:
    (demo / "clean.py").write_text("import json\n", encoding="utf-8")
    shutil.rmtree(demo / "notebooks")
    for path in ("requirements.txt", "environment.yml"):
        (demo / path).unlink()
    code, said = runner(installed, tmp_path, demo, path="clean.py", **{"fail-on": "error"}).run()
    assert code == 0, said


def test_bad_input_is_a_bad_request(installed: Path, demo: Path, tmp_path: Path) -> None:
    code, said = runner(installed, tmp_path, demo, **{"fail-on": "--nonsense"}).run()
    assert code == 2, said


def test_baseline_lets_old_findings_pass(installed: Path, demo: Path, tmp_path: Path) -> None:
    words = ["check", "--prefix", "env", "--write-baseline", "baseline.json"]
    subprocess.run([installed / "bin/envcheck", *words], cwd=demo, check=True, capture_output=True)
    job = runner(installed, tmp_path, demo, python="env", baseline="baseline.json")
    code, said = job.run()
    assert code == 0, said


def test_actions_are_named_by_their_commits() -> None:
    texts = [(REPOSITORY / name).read_text(encoding="utf-8") for name in ("action.yml", "docs/ci.md")]
    used = [line.split("uses:")[1].strip() for text in texts for line in text.splitlines() if "uses:" in line]
    assert used
    assert all(re.search(r"@[0-9a-f]{40} # v\d", each) for each in used if "OWNER" not in each)


def test_gitlab_template_is_two_documents_with_one_job() -> None:
    spec, jobs = yaml.safe_load_all((REPOSITORY / "templates/envcheck.yml").read_text(encoding="utf-8"))
    inputs = set(spec["spec"]["inputs"])
    assert list(jobs) == ["envcheck"]
    assert set(re.findall(r"inputs\.(\w+)", str(jobs))) == inputs
