"""PIN005 speaks of exactly the files that pip refuses for want of hashes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from envcheck.gather.declarations import requirements_txt
from envcheck.judge.rules.pinning import partial_hashes
from envcheck.model.declarations import Declaration
from envcheck.model.findings import Finding
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Role
from tests.support.evidence import environment, evidence
from tests.support.wheelhouse import sha256_of, write_wheel

pytestmark = pytest.mark.tools

G, D = "gamma==1.5 --hash={gamma}", "delta==0.9 --hash={delta}"
WHEEL = "file://{folder}/delta-0.9-py3-none-any.whl"
FILES = {
    "all": f"{G}\n{D}\n",
    "none": "gamma==1.5\ndelta==0.9\n",
    "some": f"{G}\ndelta==0.9\n",
    "continued": "gamma==1.5 \\\n    --hash={gamma}\ndelta==0.9 \\\n    --hash={delta}\n",
    "no version, but a hash": "gamma --hash={gamma}\ndelta>=0.5 --hash={delta}\n",
    "neither version nor hash": f"{G}\ndelta\n",
    "demanded": "--require-hashes\ngamma==1.5\n",
    "demanded and there": f"--require-hashes\n{G}\n",
    "not demanded": f"--no-require-hashes\n{G}\ndelta==0.9\n",
    "marker that is false, without hash": f"{G}\ndelta==0.9 ; sys_platform == 'win32'\n",
    "marker that is false, with hash": "gamma==1.5 ; sys_platform == 'win32' --hash={gamma}\ndelta==0.9\n",
    "hash in a URL": f"{G}\ndelta @ {WHEEL}#{{fragment}}\n",
    "URL without hash": f"{G}\ndelta @ {WHEEL}\n",
    "hash in a URL alone": f"delta @ {WHEEL}#{{fragment}}\ngamma==1.5\n",
    "wheel by its path": f"{G}\n./delta-0.9-py3-none-any.whl\n",
    "wheel by its path, with hash": f"{G}\n./delta-0.9-py3-none-any.whl --hash={{delta}}\n",
    "folder": f"{G}\n./folder\n",
    "folder with hash": f"{G}\n./folder --hash={{delta}}\n",
    "editable": f"{G}\n-e ./folder\n",
    "repository": f"{G}\nx @ git+file:///nowhere/x@0123456789abcdef0123456789abcdef01234567\n",
    "the same twice": f"{G}\ngamma==1.5\n",
    "the same twice, the first one without": f"gamma==1.5\n{G}\n",
    "hashes in constraints": "-c hashed-gamma.txt\ngamma==1.5\n",
    "hashes in constraints for another": "-c hashed-gamma.txt\ngamma==1.5\ndelta==0.9\n",
    "hashes in constraints, no version": "-c hashed-gamma.txt\ngamma\n",
    "constraints without hashes": f"-c plain.txt\n{G}\n",
    "included with hashes": "-r hashed-gamma.txt\ndelta==0.9\n",
    "included without": f"-r plain.txt\n{D}\n",
    "included, all with hashes": f"-r hashed-gamma.txt\n{D}\n",
}
OTHERS = {"hashed-gamma.txt": f"{G}\n", "plain.txt": "gamma==1.5\n"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hashes")
    for name, version in (("gamma", "1.5"), ("delta", "0.9")):
        write_wheel(folder, name, version)
    (folder / "folder").mkdir()
    (folder / "folder" / "pyproject.toml").write_text("[project]\nname = 'folder'\nversion = '1'\n", encoding="utf-8")
    for path, text in OTHERS.items():
        (folder / path).write_text(filled(text, folder), encoding="utf-8")
    return folder


def filled(text: str, folder: Path) -> str:
    gamma, delta = (sha256_of(folder / f"{stem}-py3-none-any.whl") for stem in ("gamma-1.5", "delta-0.9"))
    return text.format(gamma=gamma, delta=delta, folder=folder, fragment=delta.replace(":", "="))


def refused_by_pip(folder: Path) -> bool:
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--no-deps", "--no-index"]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    found = subprocess.run(
        [*command, "--find-links", str(folder), "-r", "requirements.txt"],
        cwd=folder,
        env={**kept, "PIP_CONFIG_FILE": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0 or "hash" in found.stderr, found.stderr
    return found.returncode != 0


def ours(folder: Path) -> list[Finding]:
    declarations: list[Declaration] = []
    for path in ("requirements.txt", *OTHERS):
        if path == "requirements.txt" or path in declarations[0].includes:
            text = (folder / path).read_bytes()
            limits = f"-c {path}" in (folder / "requirements.txt").read_text(encoding="utf-8")
            role = Role.CONSTRAINT if limits else Role.DECLARED
            declarations.append(requirements_txt.read_as(RawFile(path, text), role).value)
    false = [r for d in declarations for r in d.requirements if "win32" in r.marker]
    return list(partial_hashes.check(evidence(env=environment(), declarations=declarations, inapplicable=false)))


@pytest.mark.parametrize("text", FILES.values(), ids=FILES.keys())
def test_findings_are_refusals_of_pip(text: str, project: Path) -> None:
    (project / "requirements.txt").write_text(filled(text, project), encoding="utf-8")
    assert (ours(project) != []) == refused_by_pip(project)
