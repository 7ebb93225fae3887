"""Stamps beside the real tools: Jupyter's choice of a kernel and its trust, git's merges, a real conda prefix."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from envcheck.engine.stamping.building import stamp_of_notebook, surroundings
from envcheck.engine.stamping.trust import Trust
from envcheck.gather.environments.catalogue import read_environment
from envcheck.gather.environments.prefixes import prefix_of
from envcheck.model.stampings import Outcome, State
from envcheck.model.stamps import Stamp
from tests.support.conda_channel import CondaPackage, install, make_channel, python_itself, python_package
from tests.support.environments import build_environment, write_kernelspec
from tests.support.interpreters import run, run_json
from tests.support.stamps import GOOD, SPEC, notebook, stamp_all, unstamp_all, verify_all

pytestmark = pytest.mark.tools

FOLDERS = {"home/.local/share/jupyter": "1.1", "extra": "1.2", "data": "1.3", "xdg/jupyter": "1.4", "ipython": "1.5"}
"""Where kernelspecs of one name lie, and the version of pandas in the environment of each."""
SETTINGS = {
    "plain": {},
    "environment first": {"JUPYTER_PREFER_ENV_PATH": "1"},
    "user first": {"JUPYTER_PREFER_ENV_PATH": "off"},
    "JUPYTER_PATH": {"JUPYTER_PATH": "{machine}/extra"},
    "JUPYTER_DATA_DIR": {"JUPYTER_DATA_DIR": "{machine}/data"},
    "XDG_DATA_HOME": {"XDG_DATA_HOME": "{machine}/xdg"},
    "IPYTHONDIR": {"IPYTHONDIR": "{machine}/ipython", "HOME": "{machine}/nobody"},
    "no such kernel": {"HOME": "{machine}/nobody"},
}
ASK = """
import json
from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.manager import KernelManager
try:
    print(json.dumps(KernelManager(kernel_name="lab").format_kernel_cmd()[0]))
except NoSuchKernel:
    print("null")
"""


@pytest.mark.parametrize("setting", SETTINGS)
def test_versions_are_those_of_the_kernel_that_jupyter_would_start(setting: str, tmp_path: Path) -> None:
    for folder, version in FOLDERS.items():
        prefix = tmp_path / "environments" / folder.replace("/", "-")
        build_environment(prefix, {"distributions": [{"name": "pandas", "version": version}]})
        write_kernelspec(tmp_path / folder, "lab", prefix)
    environ = {"HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"], "VIRTUAL_ENV": sys.prefix}
    environ |= {key: value.replace("{machine}", str(tmp_path)) for key, value in SETTINGS[setting].items()}
    interpreter = run_json([sys.executable, "-c", ASK], **environ)
    project = tmp_path / "project"
    project.mkdir()
    (project / "a.ipynb").write_bytes(notebook(more={"kernelspec": {"name": "lab", "display_name": "Lab"}}))

    [stamping] = stamp_all(project, environ=environ)

    if interpreter is None:
        assert stamping.outcome is Outcome.REFUSED
        assert "its kernel lab leads to no environment here" in stamping.reason
        return
    expected = read_environment(prefix_of(interpreter) or "", environ={})
    assert stamping.stamp is not None
    assert stamping.environment == expected.prefix
    assert dict(stamping.stamp.packages) == {d.name: d.version for d in expected.distributions}


def test_versions_are_those_of_a_real_conda_prefix(tmp_path: Path) -> None:
    pytest.importorskip("rattler")
    channel, prefix = tmp_path / "channel", tmp_path / "envs" / "lab"
    native = CondaPackage("libfoo", "1.1", "h0_0", {"lib/libfoo.so": ""}, noarch=False)
    bare = CondaPackage("bare", "3.0", files={"site-packages/bare_module.py": ""}, depends=["python"])
    alpha = python_package("alpha", "1.2")
    alpha = CondaPackage(**{**vars(alpha), "depends": [*alpha.depends, "libfoo", "beta"]})
    make_channel(channel, [python_itself("3.11.7"), native, bare, alpha, python_package("beta", "1.5")])
    install(channel, prefix, ["python 3.11.*", "alpha", "bare"])
    write_kernelspec(tmp_path / "jupyter", "lab", prefix)
    project = tmp_path / "project"
    project.mkdir()
    lab = {"kernelspec": {"name": "lab", "display_name": "Lab"}}
    (project / "a.ipynb").write_bytes(notebook("import alpha, bare_module\n", more=lab))
    environ = {"JUPYTER_PATH": str(tmp_path / "jupyter"), "HOME": str(tmp_path / "home")}

    [stamping] = stamp_all(project, environ=environ)

    assert stamping.stamp is not None
    assert dict(stamping.stamp.packages) == {"alpha": "1.2"}
    assert stamping.stamp.python == "3.11.7"
    assert stamping.stamp.conda["libfoo"] == "1.1"  # type: ignore[index]
    assert stamping.stamp.conda["bare"] == "3.0"  # type: ignore[index]
    assert stamping.stamp.missing == ()
    assert [verdict.state for verdict in verify_all(project, environ=environ)] == [State.SAME]


SIGN = """
import sys
from nbformat import read
from nbformat.sign import NotebookNotary
notary = NotebookNotary()
book = read(sys.argv[2], as_version=4)
if sys.argv[1] == "sign":
    notary.sign(book)
print(str(notary.check_signature(book)).lower())
"""


def jupyter(act: str, path: Path, environ: dict[str, str]) -> bool:
    """Sign a notebook or ask whether it is signed, as Jupyter does, in a process of its own."""
    return run([sys.executable, "-W", "ignore", "-c", SIGN, act, path], **environ).strip() == "true"


def test_trusted_notebooks_stay_trusted_and_others_do_not_become_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, prefix = tmp_path / "project", tmp_path / "environment"
    project.mkdir()
    build_environment(prefix, SPEC)
    (project / "trusted.ipynb").write_bytes(notebook())
    (project / "foreign.ipynb").write_bytes(notebook("import pandas, sys\n"))
    environ = {"JUPYTER_DATA_DIR": str(tmp_path / "data"), "HOME": str(tmp_path / "home")}
    assert jupyter("sign", project / "trusted.ipynb", environ)
    # Jupyter's own applications run this file of the current folder; whatever is checked must not be run.
    planted = f"open({str(tmp_path / 'was-run')!r}, 'w').close()\n"
    (project / "jupyter_config.py").write_text(planted, encoding="utf-8")
    monkeypatch.chdir(project)

    stamped = stamp_all(project, prefix, environ=environ)

    assert {stamping.outcome for stamping in stamped} == {Outcome.NEW}
    assert not (tmp_path / "was-run").exists()
    assert jupyter("ask", project / "trusted.ipynb", environ)
    assert not jupyter("ask", project / "foreign.ipynb", environ)


ODD = {
    "nbformat 5": notebook().replace(b'"nbformat": 4', b'"nbformat": 5'),
    "no minor": notebook().replace(b',\n "nbformat_minor": 5', b""),
    "cells that are none": notebook().replace(b'"cells": [', b'"cells": [1, null, '),
    "cells that are an object": b'{"cells": {}, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "old cells": b'{"worksheets": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "lone surrogate": notebook().replace(b"import pandas", b"import pandas \\ud800"),
}


@pytest.mark.parametrize("data", ODD.values(), ids=ODD.keys())
def test_what_jupyter_does_not_open_is_not_trusted(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_bytes(notebook())
    environ = {"JUPYTER_DATA_DIR": str(tmp_path / "data"), "HOME": str(tmp_path / "home")}
    assert jupyter("sign", tmp_path / "a.ipynb", environ)
    assert Trust(environ).covers(notebook())
    assert not Trust(environ).covers(data)
    Trust(environ).extend_to(data)


def test_nothing_is_signed_where_jupyter_never_signed(tmp_path: Path) -> None:
    trust = Trust({"JUPYTER_DATA_DIR": str(tmp_path)})
    assert not trust.covers(notebook())
    trust.extend_to(notebook())
    assert list(tmp_path.iterdir()) == []


def test_branches_with_different_bumps_merge_cleanly(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    git(project, "init", "-q", "-b", "main")
    versions = {"pandas": "2.2.0", "numpy": "1.26.4", "scipy": "1.12.0", "six": "1.16.0", "zarr": "2.17.0"}
    path = project / "a.ipynb"
    path.write_bytes(notebook("import pandas, numpy, scipy, six, zarr\n"))
    stamp_with(project, tmp_path / "base", versions)
    commit(project)
    git(project, "checkout", "-q", "-b", "one")
    stamp_with(project, tmp_path / "one", {**versions, "numpy": "2.0.0"})
    commit(project)
    git(project, "checkout", "-q", "-b", "other", "main")
    stamp_with(project, tmp_path / "other", {**versions, "zarr": "3.0.0"})
    commit(project)
    assert git(project, "diff", "--numstat", "main").split()[:2] == ["1", "1"]

    git(project, "merge", "-q", "one", "-m", "both")

    build(tmp_path / "both", {**versions, "numpy": "2.0.0", "zarr": "3.0.0"})
    assert [verdict.state for verdict in verify_all(project, tmp_path / "both")] == [State.SAME]
    assert [stamping.outcome for stamping in stamp_all(project, tmp_path / "both")] == [Outcome.SAME]


def stamp_with(project: Path, prefix: Path, versions: dict[str, str]) -> None:
    build(prefix, versions)
    stamp_all(project, prefix)


def build(prefix: Path, versions: dict[str, str]) -> None:
    build_environment(prefix, {"distributions": [{"name": n, "version": v} for n, v in versions.items()]})


def git(folder: Path, *words: str) -> str:
    author = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    return subprocess.run(["git", *author, *words], cwd=folder, capture_output=True, text=True, check=True).stdout


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "a state")


def test_a_save_by_jupyter_keeps_the_stamp_where_it_is(tmp_path: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    project, prefix = tmp_path / "project", tmp_path / "environment"
    project.mkdir()
    build_environment(prefix, SPEC)
    path, before = project / "a.ipynb", notebook()
    path.write_bytes(before)
    stamp_all(project, prefix)
    stamped = path.read_bytes()
    nbformat.write(nbformat.read(path, as_version=nbformat.NO_CONVERT), path)
    assert path.read_bytes() == stamped
    unstamp_all(project)
    assert path.read_bytes() == before


def test_a_notebook_in_memory_has_the_same_stamp(tmp_path: Path) -> None:
    project, prefix = tmp_path / "project", tmp_path / "environment"
    (project / "nb").mkdir(parents=True)
    (project / "nb/helper.py").write_text("", encoding="utf-8")
    (project / "requirements.txt").write_text("", encoding="utf-8")
    build_environment(prefix, SPEC)
    path = project / "nb/a.ipynb"
    path.write_bytes(notebook("import pandas, helper\n", {**GOOD, "python": "3.1.1", "note": "kept"}))
    [stamping] = stamp_all(project, prefix)
    environment, around = read_environment(str(prefix), environ={}), surroundings(str(path))
    for content in (path.read_bytes(), json.loads(path.read_bytes())):
        found = stamp_of_notebook(content, environment, around)
        assert found == stamping.stamp
        assert isinstance(found, Stamp)
        assert json.loads(found.unknown) == {"note": "kept"}
        assert found.missing == ()
