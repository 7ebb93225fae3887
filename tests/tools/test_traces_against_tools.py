"""What pip, uv, watermark and session_info really print is read back as what is really installed."""

from __future__ import annotations

import platform
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

import pytest

from envcheck.model.traces import Subject, TraceKind
from tests.support.interpreters import run
from tests.support.ran_notebooks import cell, stream, traces
from tests.support.wheelhouse import write_wheel

pytestmark = pytest.mark.tools

INSTALLED = {"alpha": "1.0", "Beta.Two": "2.0.post1", "gamma-x": "3.1+cu121", "delta": "0.0.0.dev4"}
NORMALIZED = {"alpha": "1.0", "beta-two": "2.0.post1", "gamma-x": "3.1+cu121", "delta": "0.0.0.dev4"}
PROGRAM = """\
import numpy as np, yaml
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "watermark")
shell.push({"np": np, "yaml": yaml})
shell.run_line_magic("watermark", "-v -m -p numpy,yaml -iv -w")
"""


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a wheel for each made-up distribution."""
    folder = tmp_path_factory.mktemp("wheels")
    for name, version in INSTALLED.items():
        write_wheel(folder, name.replace(".", "_"), version)
    return folder


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """Return the interpreter of a fresh environment with pip."""
    venv.create(tmp_path / "env", with_pip=True)
    return tmp_path / "env" / "bin" / "python"


def told(source: str, printed: str, kind: TraceKind) -> dict[str, str]:
    """Return what a cell with some output tells, from one kind of record."""
    return {trace.name: trace.version for trace in traces(cell(source, stream(printed))) if trace.kind is kind}


def wanted(wheels: Path) -> Sequence[str]:
    return ["--no-index", "--find-links", str(wheels), *INSTALLED]


def test_pip(python: Path, wheels: Path) -> None:
    pip: list[str | Path] = [python, "-m", "pip"]
    first = run([*pip, "install", *wanted(wheels)])
    again = run([*pip, "install", *wanted(wheels)])
    assert told("%pip install", first, TraceKind.PIP_INSTALL) == NORMALIZED
    assert told("%pip install", again, TraceKind.SATISFIED) == NORMALIZED
    assert NORMALIZED.items() <= told("!pip list", run([*pip, "list"]), TraceKind.PIP_LIST).items()
    assert told("!pip freeze", run([*pip, "freeze"]), TraceKind.PIP_FREEZE) == NORMALIZED
    assert told("!pip show", run([*pip, "show", *INSTALLED]), TraceKind.PIP_SHOW) == NORMALIZED
    shown = told("!pip --version", run([*pip, "--version"]), TraceKind.PIP_SHOW)
    assert (shown["python"], set(shown)) == (platform.python_version().rpartition(".")[0], {"pip", "python"})


def test_pip_freeze_of_files(python: Path, wheels: Path) -> None:
    pip: list[str | Path] = [python, "-m", "pip"]
    run([*pip, "install", "--no-index", *(str(wheel) for wheel in wheels.iterdir())])
    assert told("!pip freeze", run([*pip, "freeze"]), TraceKind.PIP_FREEZE) == NORMALIZED


def test_uv(python: Path, wheels: Path) -> None:
    uv: list[str | Path] = [sys.executable, "-m", "uv", "pip"]
    aimed: list[str | Path] = ["--python", python]
    done = subprocess.run([*uv, "install", *aimed, *wanted(wheels)], check=True, capture_output=True, text=True)
    assert told("!uv pip install", done.stderr, TraceKind.UV_INSTALL).items() >= NORMALIZED.items()
    assert NORMALIZED.items() <= told("!uv pip list", run([*uv, "list", *aimed]), TraceKind.PIP_LIST).items()
    assert NORMALIZED.items() <= told("!uv pip freeze", run([*uv, "freeze", *aimed]), TraceKind.PIP_FREEZE).items()


def test_python_version(python: Path) -> None:
    assert told("!python --version", run([python, "--version"]), TraceKind.PYTHON_VERSION) == {
        "python": platform.python_version()
    }
    banner = run([python, "-c", "import sys; print(sys.version)"])
    assert told("import sys\nprint(sys.version)", banner, TraceKind.PYTHON_VERSION) == {
        "python": platform.python_version()
    }


def test_watermark_and_session_info(python: Path) -> None:
    run([python, "-m", "pip", "install", "-q", "watermark", "session-info", "session-info2", "numpy", "pyyaml"])
    listed = told("!pip list", run([python, "-m", "pip", "list"]), TraceKind.PIP_LIST)
    own = {"numpy": listed["numpy"], "yaml": listed["pyyaml"]}
    marked = told("%watermark -p numpy,yaml -iv -v", run([python, "-c", PROGRAM]), TraceKind.WATERMARK)
    assert marked == {
        **own,
        "python": platform.python_version(),
        "IPython": listed["ipython"],
        "watermark": marked["watermark"],
    }

    code = "import numpy, yaml, session_info; session_info.show(html=False)"
    first = told(code, run([python, "-c", code]), TraceKind.SESSION_INFO)
    assert own.items() <= first.items()
    assert first["python"] == platform.python_version()

    code = "import numpy, yaml; from session_info2 import session_info; print(session_info())"
    second = traces(cell(code, stream(run([python, "-c", code]))))
    found = {trace.name: trace.version for trace in second if trace.subject is Subject.DISTRIBUTION}
    assert {"numpy": listed["numpy"], "pyyaml": listed["pyyaml"]}.items() <= found.items()
