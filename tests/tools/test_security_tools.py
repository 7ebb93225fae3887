"""What tools that look for weaknesses say of our own code and of the action that others run."""

from __future__ import annotations

import json
import subprocess
import venv
from pathlib import Path

import pytest

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of programs of an environment that holds the tools."""
    folder = tmp_path_factory.mktemp("security")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    command = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "bandit>=1.8", "zizmor>=1.20"]
    subprocess.run(command, check=True)
    return folder / "bin"


def test_bandit_has_nothing_to_say(programs: Path, repository: Path) -> None:
    command = [str(programs / "bandit"), "-q", "-r", str(repository / "src"), "-f", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert [f"{r['filename']}:{r['line_number']}: {r['test_id']}" for r in report["results"]] == []
    assert report["errors"] == []
    assert report["metrics"]["_totals"]["loc"] > 10_000


def test_zizmor_has_nothing_to_say(programs: Path, repository: Path) -> None:
    workflows = [repository / "action.yml", *(repository / ".github").rglob("*.y*ml")]
    command = [str(programs / "zizmor"), "--offline", "--format", "json", *map(str, workflows)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout) == [], done.stderr


def test_both_would_find_something(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("import pickle\npickle.loads(b'')\n", encoding="utf-8")
    steps = "runs:\n  using: composite\n  steps:\n    - run: echo ${{ inputs.x }}\n      shell: bash\n"
    (tmp_path / "action.yml").write_text(
        f"name: x\ndescription: x\ninputs:\n  x:\n    default: ''\n{steps}", encoding="utf-8"
    )
    found = subprocess.run([programs / "bandit", "-q", "-r", tmp_path], capture_output=True, check=False)
    assert found.returncode == 1
    found = subprocess.run(
        [programs / "zizmor", "--offline", tmp_path / "action.yml"], capture_output=True, check=False
    )
    assert found.returncode > 10
