"""What ``envcheck init`` writes, installed anew by the tools that read it: the same versions, nothing to find."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from envcheck.cli.main import main
from envcheck.gather.environments.catalogue import read_environment
from tests.support import conda_environments as made
from tests.support import conda_shim
from tests.support.conda_channel import install
from tests.support.interpreters import run
from tests.support.planted import Ground, Installer, ground, write_notebook
from tests.support.wheelhouse import served

pytestmark = pytest.mark.tools

SERIES = ".".join(platform.python_version().split(".")[:2])


@pytest.fixture(scope="module")
def earth(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return ground(tmp_path_factory.mktemp("ground"))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project of two notebooks and two scripts without declarations."""
    folder = tmp_path / "study"
    folder.mkdir()
    write_notebook(folder / "one.ipynb", ["alpha", "tools", "json"])
    write_notebook(folder / "two.ipynb", ["delta", "plots"])
    (folder / "plots.py").write_text("import alpha\n", encoding="utf-8")
    (folder / "report.py").write_text("import plots\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def versions(prefix: Path) -> dict[str, str]:
    """Return what is installed, without what installers bring along."""
    found = {d.name: d.version for d in read_environment(str(prefix), environ={}).distributions}
    return {name: version for name, version in found.items() if name not in ("pip", "setuptools", "study")}


@pytest.mark.parametrize("uv", [False, True], ids=["pip", "uv"])
@pytest.mark.parametrize("file", ["requirements.txt", "pyproject.toml"])
def test_new_environment_is_the_same(earth: Ground, project: Path, file: str, uv: bool) -> None:
    installer = Installer(earth, uv=uv)
    old, new = installer.make(project.parent / "old"), installer.make(project.parent / "new")
    installer.call(project, old, "install", "alpha==1.0", "delta==1.0", earth.tools)
    assert main(["init", "--write", "--prefix", str(old), "--to", file]) == 0
    if file == "requirements.txt" or uv:
        installer.call(project, new, "install", "-r", file)
    else:
        # Builds are isolated, and their setuptools would come from an index.
        run([new / "bin/python", "-m", "ensurepip"])
        run([new / "bin/python", "-m", "pip", "install", "-q", "setuptools>=77"])
        installer.call(project, new, "install", "--no-build-isolation", ".")
    assert versions(new) == versions(old) == {"alpha": "1.0", "beta": "1.0", "delta": "1.0", "tools": "1.0"}
    assert main(["--prefix", str(new), "--exclude", "build"]) == 0
    assert main(["pin", "--prefix", str(new), "--exclude", "build"]) == 0


@pytest.fixture(scope="module")
def channels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, str]]:
    """Give a folder with channels and an index, its URL, and a commit of the repository in it."""
    pytest.importorskip("rattler")
    folder = tmp_path_factory.mktemp("channels")
    made.write_channels(folder)
    made.write_wheels(folder / "simple")
    commit, _ = made.make_repository(folder / "tools", "tools")
    with served(folder) as url:
        yield folder, url, commit


def test_new_prefix_is_the_same(channels: tuple[Path, str, str], project: Path) -> None:
    folder, url, commit = channels
    write_notebook(project / "two.ipynb", ["beta", "demo_lib", "plots"])
    old, new = project.parent / "old", project.parent / "new"
    install(folder / "forge", old, [f"python =={made.PYTHON}", "alpha ==1.2", "beta-conda ==1.4", "pip"])
    conda_shim.make_runnable(old)
    made.pip(old, "install", "--index-url", f"{url}/simple", "demo-lib==1.4")
    made.pip(old, "install", f"git+{url}/tools.git@{commit}")
    assert main(["init", "--write", "--prefix", str(old)]) == 0

    written = yaml.safe_load((project / "environment.yml").read_text(encoding="utf-8"))
    *conda, pip = written["dependencies"]
    assert conda == [f"python={SERIES}", "pip==24.0", "alpha==1.2", "beta-conda==1.4"]
    assert pip == {"pip": ["demo-lib==1.4", f"tools @ git+{url}/tools.git@{commit}"]}
    assert "channels" not in written, "nobody else can reach a folder of this machine"

    install(folder / "forge", new, conda)
    conda_shim.make_runnable(new)
    made.pip(new, "install", "--index-url", f"{url}/simple", *pip["pip"])
    assert versions(new) == versions(old)
    assert main(["--prefix", str(new)]) == 0
