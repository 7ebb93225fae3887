"""Kernels resolved as jupyter_client does it, asked in processes of its own under several settings."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from envcheck.gather.environments.jupyter_folders import Server, jupyter_folders
from envcheck.gather.environments.kernels import resolve
from envcheck.gather.environments.prefixes import prefix_of
from tests.support.environments import build_environment, write_kernelspec
from tests.support.interpreters import run_json

pytestmark = pytest.mark.tools

NAMES = ["python3", "Analysis", "analysis", "plain", "minor", "both", "nobody", "base-kernel"]
ASK = """
import json, sys
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from jupyter_client.manager import KernelManager
from jupyter_core.paths import jupyter_path
answer = {"folders": jupyter_path(), "kernels": {}}
for name in sys.argv[1:]:
    try:
        spec = KernelSpecManager().get_kernel_spec(name)
    except NoSuchKernel:
        answer["kernels"][name] = None
        continue
    manager = KernelManager(kernel_name=name)
    command = manager.format_kernel_cmd()
    answer["kernels"][name] = [spec.resource_dir, command[0]]
print(json.dumps(answer))
"""
SETTINGS = {
    "plain": {},
    "environment first": {"JUPYTER_PREFER_ENV_PATH": "1"},
    "user first": {"JUPYTER_PREFER_ENV_PATH": "off"},
    "JUPYTER_PATH": {"JUPYTER_PATH": "{machine}/extra/:{machine}/more"},
    "JUPYTER_DATA_DIR": {"JUPYTER_DATA_DIR": "{machine}/data", "JUPYTER_PREFER_ENV_PATH": "0"},
    "XDG_DATA_HOME": {"XDG_DATA_HOME": "{machine}/xdg"},
    "IPYTHONDIR": {"IPYTHONDIR": "{machine}/ipython"},
    "conda": {"CONDA_PREFIX": sys.prefix, "CONDA_DEFAULT_ENV": "work"},
    "no user site": {"PYTHONNOUSERSITE": "1", "PYTHONUSERBASE": "{machine}/base"},
    "user base": {"PYTHONUSERBASE": "{machine}/base"},
}


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Kernelspecs of the same and of different names in every folder that may count."""
    folders = ["home/.local/share/jupyter", "extra", "more", "data", "xdg/jupyter", "base/share/jupyter", "ipython"]
    for folder in folders:
        environment = tmp_path / "environments" / folder.replace("/", "-")
        build_environment(environment, {})
        for name in ("analysis", "both") if folder != "base/share/jupyter" else ("base-kernel",):
            write_kernelspec(tmp_path / folder, name, environment)
    for name, program in (("plain", "python"), ("minor", "python{}.{}".format(*sys.version_info[:2]))):
        path = tmp_path / "home/.local/share/jupyter/kernels" / name / "kernel.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"argv": [program, "-m", "ipykernel"], "display_name": name, "language": "python"}))
    return tmp_path


@pytest.mark.parametrize("setting", SETTINGS)
def test_same_folders_and_same_interpreters(setting: str, machine: Path) -> None:
    environ = {key: value.replace("{machine}", str(machine)) for key, value in SETTINGS[setting].items()}
    environ |= {"HOME": str(machine / "home"), "PATH": os.environ["PATH"]}
    expected = run_json([sys.executable, "-c", ASK, *NAMES], **environ)

    assert jupyter_folders(sys.prefix, environ) == list(dict.fromkeys(expected["folders"]))
    for name, answer in expected["kernels"].items():
        fact = resolve(name, Server(sys.prefix, environ))
        found = Server(sys.prefix, environ).kernelspec(name)
        assert fact.found is (answer is not None), name
        if answer is None:
            continue
        folder, interpreter = answer
        native = found is None and name == "python3"
        assert native or found == os.path.join(folder, "kernel.json")
        assert fact.prefix == prefix_of(interpreter), name
        assert fact.names_environment is (interpreter != sys.executable), name
