"""Which Pythons are here, by files alone: none of these interpreters can run."""

from __future__ import annotations

from pathlib import Path

import pytest

from envcheck.gather.environments.pythons import pythons
from tests.support.environments import build_environment


def installation(prefix: Path, version: str) -> Path:
    """Write what makes a Python installation of a folder."""
    short = ".".join(version.split(".")[:2])
    for path, text in (
        (f"lib/python{short}/os.py", ""),
        (f"include/python{short}/patchlevel.h", f'#define PY_VERSION "{version}"\n'),
        (f"bin/python{short}", "#!/bin/sh\nexit 97\n"),
    ):
        (prefix / path).parent.mkdir(parents=True, exist_ok=True)
        (prefix / path).write_text(text, encoding="utf-8")
    (prefix / f"bin/python{short}").chmod(0o755)
    (prefix / "bin/python3").symlink_to(f"python{short}")
    return prefix


@pytest.fixture
def home(tmp_path: Path) -> Path:
    installation(tmp_path / "usr", "3.11.2")
    installation(tmp_path / "pyenv/versions/3.9.18", "3.9.18")
    installation(tmp_path / "home/.local/share/uv/python/cpython-3.12.1-linux", "3.12.1")
    build_environment(tmp_path / "venv", {"python": "3.10.4"})
    (tmp_path / "pyenv/shims").mkdir()
    (tmp_path / "pyenv/shims/python3").write_text("#!/bin/sh\n", encoding="utf-8")
    (tmp_path / "pyenv/shims/python3").chmod(0o755)
    return tmp_path


def test_all_places_are_looked_at(home: Path) -> None:
    path = ":".join(str(home / name) for name in ("pyenv/shims", "usr/bin", "venv/bin", "nowhere"))
    environ = {"PATH": f"{path}:relative", "PYENV_ROOT": str(home / "pyenv"), "HOME": str(home / "home")}
    found = [(each.version, each.implementation) for each in pythons("3.11", environ)]
    assert found == [("3.11.2", "cpython"), ("3.10.4", "cpython"), ("3.9.18", "cpython"), ("3.12.1", "cpython")]


def test_each_is_named_once_and_others_come_last(home: Path) -> None:
    environ = {"PATH": str(home / "usr/bin"), "HOME": str(home / "home")}
    more = [str(home / "usr/bin/python3.11"), str(home / "pyenv/versions/3.9.18/bin/python3"), "/nowhere/python"]
    assert [each.version for each in pythons("3.11", environ, more)] == ["3.11.2", "3.12.1", "3.9.18"]
