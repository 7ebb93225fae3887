"""The tools that people run on notebooks, really run on a stamped one: the stamp survives, or ``doctor`` has warned."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from envcheck.cli.main import main
from envcheck.engine.doctor.looking import removers
from tests.support.environments import build_environment
from tests.support.jupyter_servers import folders_of, make_environment, notebook

pytestmark = [pytest.mark.tools, pytest.mark.timeout(600)]

CLEANERS = ["nbstripout==0.9.1", "nb-clean==5.0.0", "nbconvert", "papermill", "jupytext", "nbdime", "ipykernel"]
DISTRIBUTIONS = [{"name": "six", "version": "1.16.0"}, {"name": "attrs", "version": "24.2.0", "modules": ["attr.py"]}]


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of programs of an environment with most of the tools."""
    return make_environment(tmp_path_factory.mktemp("cleaners"), CLEANERS).parent


@pytest.fixture(scope="module")
def destroyers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of programs of an environment with the two that keep nothing that they do not know."""
    return make_environment(tmp_path_factory.mktemp("destroyers"), ["nbdev==3.3.26", "databooks==1.4.0"]).parent


class Project:
    """A repository with one stamped notebook."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self._environ = {**os.environ, **folders_of(home), "GIT_CONFIG_GLOBAL": os.devnull}

    @property
    def path(self) -> Path:
        return self.folder / "nb.ipynb"

    @property
    def stamp(self) -> Any:
        return json.loads(self.path.read_text(encoding="utf-8"))["metadata"].get("envcheck")

    def run(self, programs: Path | None, *command: str) -> None:
        """Run a program of an environment in the project, which is put first on PATH as activating it does."""
        environ = dict(self._environ)
        if programs:
            environ["PATH"] = f"{programs}{os.pathsep}{environ['PATH']}"
        done = subprocess.run(command, cwd=self.folder, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def warned(self) -> list[str]:
        """Return the tools that ``doctor`` names."""
        return [remover.tool for remover in removers(".", cwd=str(self.folder))]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    build_environment(tmp_path / "env", {"distributions": DISTRIBUTIONS})
    project = Project(tmp_path / "project", tmp_path / "home")
    project.folder.mkdir()
    project.run(None, "git", "init", "-q")
    content = notebook("import json", "try:\n    import six, attr\nexcept ImportError:\n    pass\n", kernel="python3")
    project.path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    assert main(["stamp", "-q", str(project.path), "--prefix", str(tmp_path / "env")]) == 0
    assert project.stamp["packages"] == {"attrs": "24.2.0", "six": "1.16.0"}
    return project


SURVIVED = {
    "nbstripout": "nbstripout nb.ipynb",
    "nbstripout with other keys": "nbstripout --extra-keys metadata.kernelspec nb.ipynb",
    "nb-clean": "nb-clean clean nb.ipynb",
    "nbconvert --execute": "jupyter nbconvert --to notebook --execute --inplace nb.ipynb",
    "nbconvert --clear-output": "jupyter nbconvert --clear-output --inplace nb.ipynb",
    "papermill": "papermill nb.ipynb nb.ipynb",
}


@pytest.mark.parametrize("command", SURVIVED.values(), ids=SURVIVED)
def test_the_stamp_survives(command: str, project: Project, tools: Path) -> None:
    before = project.stamp
    project.run(tools, *command.split())
    assert project.stamp == before


def test_the_stamp_survives_a_git_filter(project: Project, tools: Path) -> None:
    project.run(tools, "nbstripout", "--install", "--attributes", ".gitattributes")
    assert project.warned() == []
    project.run(tools, "git", "add", ".")
    shown = subprocess.run(["git", "show", ":nb.ipynb"], cwd=project.folder, capture_output=True, check=True).stdout
    assert json.loads(shown)["metadata"]["envcheck"] == project.stamp

    project.run(None, "git", "config", "filter.nbstripout.extrakeys", "metadata.envcheck")
    assert project.warned() == ["nbstripout"]
    project.run(tools, "git", "add", "--renormalize", ".")
    shown = subprocess.run(["git", "show", ":nb.ipynb"], cwd=project.folder, capture_output=True, check=True).stdout
    assert "envcheck" not in json.loads(shown)["metadata"]


LOST = {
    "nbstripout": (["nbstripout", "--extra-keys", "metadata.envcheck"], []),
    "nb-clean": (["nb-clean", "clean", "--remove-all-notebook-metadata"], []),
    "nbconvert": (
        ["jupyter", "nbconvert", "--to", "notebook", "--inplace", "--ClearMetadataPreprocessor.enabled=True"],
        ["""--ClearMetadataPreprocessor.preserve_nb_metadata_mask={("envcheck",)}"""],
    ),
}


@pytest.mark.parametrize(("command", "remedy"), LOST.values(), ids=LOST)
def test_doctor_has_warned_of_a_hook_that_deletes_the_stamp(
    command: list[str], remedy: list[str], project: Project, tools: Path
) -> None:
    hook = {"id": "clean", "language": "system", "entry": command[0], "args": command[1:]}
    config = project.folder / ".pre-commit-config.yaml"
    config.write_text(json.dumps({"repos": [{"repo": "local", "hooks": [hook]}]}))
    assert len(project.warned()) == 1
    before = project.stamp

    if remedy:
        config.write_text(json.dumps({"repos": [{"hooks": [{**hook, "args": [*command[1:], *remedy]}]}]}))
        assert project.warned() == []
        project.run(tools, *command, *remedy, "nb.ipynb")
        assert project.stamp == before
    project.run(tools, *command, "nb.ipynb")
    assert project.stamp is None


NBDEV = '[project]\nname = "x"\nversion = "1"\n[tool.nbdev]\nnbs_path = "."\nlib_path = "x"\n{more}\n'


def test_nbdev_keeps_the_stamp_when_it_is_told(project: Project, destroyers: Path) -> None:
    before, settings = project.stamp, project.folder / "pyproject.toml"
    settings.write_text(NBDEV.format(more='allowed_metadata_keys = ["envcheck"]'))
    assert project.warned() == []
    project.run(destroyers, "nbdev-clean", "--fname", "nb.ipynb")
    assert project.stamp == before

    settings.write_text(NBDEV.format(more=""))
    assert project.warned() == ["nbdev"]
    project.run(destroyers, "nbdev-clean", "--fname", "nb.ipynb")
    assert project.stamp is None


def test_databooks_keeps_the_stamp_when_it_is_told(project: Project, destroyers: Path) -> None:
    before, settings = project.stamp, project.folder / "pyproject.toml"
    settings.write_text('[tool.databooks.meta]\nnb-meta-keep = ["envcheck"]\n')
    assert project.warned() == []
    project.run(destroyers, "databooks", "meta", ".", "--yes")
    assert project.stamp == before

    settings.write_text("[tool.databooks.meta]\nrm-outs = false\n")
    assert project.warned() == ["databooks"]
    project.run(destroyers, "databooks", "meta", ".", "--yes")
    assert project.stamp is None


def test_a_pair_of_jupytext_keeps_the_stamp_in_its_notebook(project: Project, tools: Path) -> None:
    before, settings = project.stamp, project.folder / "jupytext.toml"
    settings.write_text('formats = "ipynb,py:percent"\n')
    assert project.warned() == ["jupytext"]  # for the case that the text is all that is committed
    project.run(tools, "jupytext", "--sync", "nb.ipynb")
    text = project.folder / "nb.py"
    text.write_text(text.read_text(encoding="utf-8").replace("import json", "import json, csv"), encoding="utf-8")
    project.run(tools, "jupytext", "--sync", "nb.py")
    assert "csv" in project.path.read_text(encoding="utf-8")
    assert project.stamp == before

    project.path.unlink()
    project.run(tools, "jupytext", "--sync", "nb.py")
    assert project.stamp is None


def test_the_text_half_of_a_pair_keeps_the_stamp_when_it_is_told(project: Project, tools: Path) -> None:
    before = project.stamp
    told = 'formats = "ipynb,py:percent"\nnotebook_metadata_filter = "envcheck"\n'
    (project.folder / "jupytext.toml").write_text(told)
    assert project.warned() == []
    project.run(tools, "jupytext", "--sync", "nb.ipynb")
    project.path.unlink()
    project.run(tools, "jupytext", "--sync", "nb.py")
    assert project.stamp == before


def bumped(project: Project, name: str, version: str, path: Path) -> Path:
    content = json.loads(project.path.read_text(encoding="utf-8"))
    content["metadata"]["envcheck"]["packages"][name] = version
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return path


def test_two_branches_with_different_bumps_merge(project: Project, tools: Path) -> None:
    base = shutil.copy(project.path, project.folder / "base.ipynb")
    mine = bumped(project, "six", "1.17.0", project.folder / "mine.ipynb")
    theirs = bumped(project, "attrs", "25.1.0", project.folder / "theirs.ipynb")
    project.run(tools, "nbmerge", str(base), str(mine), str(theirs), "--out", str(project.path))
    assert project.stamp["packages"] == {"attrs": "25.1.0", "six": "1.17.0"}


def test_two_branches_with_the_same_bump_leave_a_conflict_that_is_found(
    project: Project, tools: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = shutil.copy(project.path, project.folder / "base.ipynb")
    mine = bumped(project, "six", "1.17.0", project.folder / "mine.ipynb")
    theirs = bumped(project, "six", "1.18.0", project.folder / "theirs.ipynb")
    command = [tools / "nbmerge", base, mine, theirs, "--out", project.path]
    assert subprocess.run(command, cwd=project.folder, capture_output=True, check=False).returncode == 1
    main(["check", str(project.path), "--select", "NBK007", "--prefix", str(project.folder.parent / "env")])
    assert "NBK007" in capsys.readouterr().out
