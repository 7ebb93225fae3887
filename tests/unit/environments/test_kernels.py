"""From kernel names to environments."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from envcheck.gather.environments.jupyter_folders import Server
from envcheck.gather.environments.kernels import resolve
from envcheck.model.scopes import KernelFact
from tests.support.environments import build_environment, write_kernelspec


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine with a Jupyter server, another environment, a conda installation and a home."""
    build_environment(tmp_path / "server", {})
    build_environment(tmp_path / "other", {})
    build_environment(tmp_path / "conda", {"kind": "conda"})
    build_environment(tmp_path / "conda/envs/My_Env", {"kind": "conda"})
    build_environment(tmp_path / "far/apart", {"kind": "conda"})
    (tmp_path / "home/.conda").mkdir(parents=True)
    (tmp_path / "home/.conda/environments.txt").write_text(f"{tmp_path}/gone\n{tmp_path}/far/apart\n")
    return tmp_path


def ask(machine: Path, name: str, *, interpreter_hash: str = "", **environ: str) -> KernelFact:
    known = {"HOME": str(machine / "home"), "CONDA_EXE": str(machine / "conda/bin/conda")}
    server = Server(str(machine / "server"), {**known, **environ})
    return resolve(name, server, interpreter_hash=interpreter_hash)


def kernelspec(machine: Path, argv: list[str], where: str = "home/.local/share/jupyter", **more: object) -> None:
    path = machine / where / "kernels/demo/kernel.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"argv": argv, "language": "python", **more}))


@pytest.mark.parametrize(
    ("argv", "prefix", "names_environment"),
    [
        pytest.param(["{machine}/other/bin/python", "-m", "ipykernel"], "other", True, id="absolute"),
        pytest.param(["python", "-m", "ipykernel"], "server", False, id="python is the server's"),
        pytest.param(["python3.11", "-m", "ipykernel"], "server", False, id="its minor version too"),
        pytest.param(["{prefix}/bin/python"], "server", True, id="prefix"),
        pytest.param(["{resource_dir}/../../../../../../other/bin/python"], "other", True, id="resource folder"),
        pytest.param(["/usr/bin/env", "X=1", "{machine}/other/bin/python"], "other", True, id="env"),
        pytest.param(
            ["conda", "run", "-p", "{machine}/far/apart", "python"], "far/apart", True, id="conda run by prefix"
        ),
        pytest.param(["mamba", "run", "--name=My_Env", "python"], "conda/envs/My_Env", True, id="mamba run by name"),
        pytest.param(["conda", "run", "-n", "base", "python"], "conda", True, id="conda run in base"),
        pytest.param(["conda", "run", "-n", "absent", "python"], "", True, id="conda run in nothing"),
        pytest.param(
            ["python", "-m", "nb_conda_kernels.runner", "{machine}/conda", "{machine}/far/apart", "python"],
            "far/apart",
            True,
            id="nb_conda_kernels runner",
        ),
        pytest.param(["pixi", "run", "python"], "", True, id="pixi decides at start"),
        pytest.param(["/opt/bin/uv", "run", "python"], "", True, id="uv decides at start"),
        pytest.param(["python", "-m", "poetry_kernel"], "", True, id="poetry decides at start"),
        pytest.param(["bash", "-c", "python"], "", True, id="a wrapper may do anything"),
        pytest.param(["{machine}/deleted/bin/python"], "", True, id="deleted environment"),
    ],
)
def test_kernelspec(machine: Path, argv: list[str], prefix: str, names_environment: bool) -> None:
    kernelspec(machine, [each.replace("{machine}", str(machine)) for each in argv])

    fact = ask(machine, "Demo")

    assert fact.found
    assert fact.prefix == (str(machine / prefix) if prefix else "")
    assert fact.names_environment is names_environment
    assert "kernel.json" in fact.how


@pytest.mark.parametrize("name", ["python3", "Python3"])
def test_python3_names_no_environment(machine: Path, name: str) -> None:
    fact = ask(machine, name)

    assert (fact.found, fact.names_environment, fact.prefix) == (True, False, str(machine / "server"))


def test_python3_registered_with_a_path_still_names_none(machine: Path) -> None:
    write_kernelspec(machine / "home/.local/share/jupyter", "python3", machine / "other")

    fact = ask(machine, "python3")

    assert (fact.names_environment, fact.prefix) == (False, str(machine / "other"))


def test_missing_kernel(machine: Path) -> None:
    fact = ask(machine, "nobody")

    assert (fact.found, fact.prefix) == (False, "")


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("conda-env-My_Env-py", "conda/envs/My_Env"),
        ("conda-env-my_env-py", "conda/envs/My_Env"),
        ("conda-env-far-apart-py", "far/apart"),
        ("conda-base-py", "conda"),
        ("conda-root-py", "conda"),
        ("conda-env-absent-py", ""),
    ],
)
def test_names_of_nb_conda_kernels(machine: Path, name: str, prefix: str) -> None:
    fact = ask(machine, name)

    assert (fact.found, fact.names_environment) == (bool(prefix), True)
    assert fact.prefix == (str(machine / prefix) if prefix else "")


def test_recorded_conda_environment(machine: Path) -> None:
    kernelspec(machine, ["python"], metadata={"conda_env_path": str(machine / "far/apart")})

    assert ask(machine, "demo").prefix == str(machine / "far/apart")


def test_kernel_of_another_language(machine: Path) -> None:
    kernelspec(machine, ["R"], language="R")

    fact = ask(machine, "demo")

    assert (fact.found, fact.names_environment, fact.prefix) == (True, False, "")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"argv": []}', '{"argv": [1]}', "[" * 100_000], ids=range(6))
def test_unreadable_kernelspec(machine: Path, text: str) -> None:
    kernelspec(machine, [])
    (machine / "home/.local/share/jupyter/kernels/demo/kernel.json").write_text(text)

    fact = ask(machine, "demo")

    assert (fact.found, fact.prefix) == (True, "")
    assert "cannot be read" in fact.how


def test_hash_of_vscode(machine: Path) -> None:
    shortened = sha256(f"{machine}/server/python".encode()).hexdigest()
    full = sha256(f"{machine}/far/apart/bin/python".encode()).hexdigest()

    assert ask(machine, "python3", interpreter_hash=shortened).prefix == str(machine / "server")
    assert ask(machine, "python3", interpreter_hash=full).names_environment
    assert ask(machine, f"python3811jvsc74a57bd0{full}").prefix == str(machine / "far/apart")
    assert not ask(machine, "python3", interpreter_hash="0" * 64).names_environment


@pytest.mark.parametrize(
    ("environ", "where"),
    [
        ({}, "server/share/jupyter"),
        ({"JUPYTER_PREFER_ENV_PATH": "no"}, "home/.local/share/jupyter"),
        ({"JUPYTER_PATH": "{machine}/extra"}, "extra"),
        ({"JUPYTER_DATA_DIR": "{machine}/data", "JUPYTER_PREFER_ENV_PATH": "0"}, "data"),
        ({"XDG_DATA_HOME": "{machine}/xdg", "JUPYTER_PREFER_ENV_PATH": "0"}, "xdg/jupyter"),
    ],
    ids=["the environment first", "the user first", "JUPYTER_PATH", "JUPYTER_DATA_DIR", "XDG_DATA_HOME"],
)
def test_order_of_folders(machine: Path, environ: dict[str, str], where: str) -> None:
    for folder in ("server/share/jupyter", "home/.local/share/jupyter", "extra", "data", "xdg/jupyter"):
        kernelspec(machine, [f"{machine}/{folder}/bin/python"], folder)
        build_environment(machine / folder, {})

    fact = ask(machine, "demo", **{key: value.replace("{machine}", str(machine)) for key, value in environ.items()})

    assert fact.prefix == str(machine / where)


def test_without_a_server(machine: Path) -> None:
    kernelspec(machine, ["python"])

    fact = resolve("demo", Server(None, {"HOME": str(machine / "home")}))

    assert (fact.found, fact.prefix) == (True, "")
