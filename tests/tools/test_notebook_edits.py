"""What a tool is handed when IPython and a shell have read an edited line: the spec that was wanted, whole."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell

from envcheck.model.changes import IntoKernel, Pin
from envcheck.model.readings import RawFile
from tests.support.notebook_edits import apply, edit, installs, requirements

pytestmark = pytest.mark.tools

PRINTER = '#!/bin/sh\nfor word in "$@"; do printf "%s\\n" "$word"; done >> "$ARGUMENTS"\n'


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """Yield an IPython whose installers write down what they are handed."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (tmp_path / "conda-meta").mkdir()
    (tmp_path / "conda-meta" / "history").write_text("", encoding="utf-8")
    for name in ("pip", "pip3", "conda", "uv", "python"):
        (folder / name).write_text(PRINTER, encoding="utf-8")
        (folder / name).chmod(stat.S_IRWXU)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    monkeypatch.setenv("ARGUMENTS", str(tmp_path / "arguments"))
    monkeypatch.setenv("CONDA_EXE", str(folder / "conda"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    # A history is a thread and a database, for each of many shells.
    monkeypatch.setattr(HistoryManager, "enabled", False)
    shell = InteractiveShell()
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(
        shell, "system", lambda line: subprocess.run(["bash", "-c", shell.var_expand(line)], check=False)
    )
    yield shell
    shell.restore_sys_module_state()


def _run(line: str) -> None:
    subprocess.run(["bash", "-c", line], check=False)


def handed(shell: InteractiveShell, cell: str) -> list[str]:
    """Return the words that an installer is handed when a cell runs."""
    written = Path("arguments")
    written.unlink(missing_ok=True)
    shell.run_cell(cell)
    return written.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("specifier", ["==2.1.4", ">=2.1.4,<3", "==2.1.*"])
@pytest.mark.parametrize(
    "cell",
    [
        "%pip install -q {}",
        "!pip install {} > /dev/null",
        "!python -m pip install {} | cat",
        "%uv pip install {}",
        "!pip3 install {} \\\n  -U",
        "%%bash\npip install {} \\\n  -U",
    ],
)
@pytest.mark.parametrize("spec", ["pandas", '"pandas"', "'pandas<9'", "pandas[x]", "pandas'>=1'", "pandas\\>=1"])
def test_tool_is_handed_the_spec(shell: InteractiveShell, cell: str, spec: str, specifier: str) -> None:
    tree = {"cells": [{"cell_type": "code", "source": cell.format(spec)}], "nbformat": 4}
    file = RawFile("a.ipynb", json.dumps(tree).encode())
    editing = edit(file, [Pin(found, "2.1.4", specifier) for found in requirements(file)])
    after = json.loads(apply(file, editing.edits).data)["cells"][0]["source"]

    name = "pandas[x]" if "[x]" in spec else "pandas"
    before = handed(shell, cell.format("'SPEC'"))
    assert editing.refusals == ()
    assert handed(shell, after) == [f"{name}{specifier}" if word == "SPEC" else word for word in before]


def test_quotes_of_the_conda_magic_never_reach_the_shell(shell: InteractiveShell) -> None:
    words = handed(shell, "%conda install 'numpy>=1'")
    assert words[-1] == "numpy"  # the rest has become a file: so such pins are refused
    assert Path("=1").exists()


@pytest.mark.parametrize(
    "cell", ["!pip install 'a>=1' b", "!pip3 install -q a", "!uv pip install a", "!conda install a=1"]
)
def test_magic_hands_over_what_the_shell_did(shell: InteractiveShell, cell: str) -> None:
    tree = {"cells": [{"cell_type": "code", "source": cell}], "nbformat": 4}
    file = RawFile("a.ipynb", json.dumps(tree).encode())
    editing = edit(file, [IntoKernel(command.place) for command in installs(file)])
    after = json.loads(apply(file, editing.edits).data)["cells"][0]["source"]

    ours = handed(shell, cell)
    assert after.startswith("%")
    assert [word for word in handed(shell, after) if word in ours] == ours
