"""What a start costs: modules that are loaded, not seconds, so that the test is the same everywhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import tomli

import envcheck

HEAVY = {
    *("argparse", "re", "dataclasses", "packaging", "rich", "tomli", "yaml", "msgspec", "json", "pathlib", "typing"),
    *("logging", "subprocess", "importlib.metadata", "inspect", "ast", "asyncio", "concurrent", "difflib", "tempfile"),
}


def _loaded(code: str, repository: Path) -> set[str]:
    """Return the modules that are loaded after some code has run, with nothing of site-packages before it."""
    program = f"import sys; sys.path.insert(0, {str(repository / 'src')!r})\n{code}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import envcheck", id="import"),
        pytest.param("from envcheck.cli.main import main; main(['--version'])", id="--version"),
        pytest.param("from envcheck.cli.main import main; main(['-V'])", id="-V"),
    ],
)
def test_loads_nothing_heavy(code: str, repository: Path) -> None:
    ours = {"__future__", "envcheck", "envcheck.cli", "envcheck.cli.main"}
    assert _loaded(code, repository) - _loaded("", repository) <= ours
    assert not _loaded(code, repository) & HEAVY


def test_help_loads_no_engine_and_no_rich(repository: Path) -> None:
    program = "from envcheck.cli.main import main; main(['--help'])"
    done = subprocess.run(
        [sys.executable, "-c", f"{program}; import sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {"rich", "yaml", "envcheck.gather", "envcheck.judge", "envcheck.engine.check"}


def test_the_version_is_that_of_the_project(repository: Path) -> None:
    project = tomli.loads((repository / "pyproject.toml").read_text())["project"]
    assert envcheck.__version__ == project["version"]


def test_python_m_envcheck_is_envcheck() -> None:
    done = subprocess.run([sys.executable, "-m", "envcheck", "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"envcheck {envcheck.__version__}\n")
