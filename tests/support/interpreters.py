"""Real Pythons of this machine, and wheels small enough to be made on the spot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

SYSTEM = Path("/usr/bin/python3")
_WHEEL = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py2-none-any\nTag: py3-none-any\n"


def interpreters() -> list[Path]:
    """Return the interpreters of pyenv's versions and the system's own."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found = sorted(root.glob("versions/*/bin/python"))
    return [path for path in [*found, SYSTEM] if path.exists()]


def run(command: Sequence[str | Path], **environ: str) -> str:
    """Run a program in a bare environment and return what it prints."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "SYSTEMROOT") if key in os.environ}
    finished = subprocess.run(
        [str(word) for word in command],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env={**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_PYTHON_VERSION_WARNING": "1", **environ},
    )
    assert finished.returncode == 0, f"{command}\n{finished.stdout}\n{finished.stderr}"
    return finished.stdout


def run_json(command: Sequence[str | Path], **environ: str) -> Any:
    """Run a program and return the JSON it prints."""
    return json.loads(run(command, **environ))


def make_wheel(
    folder: Path, name: str, version: str, requires: Sequence[str] = (), headers: Sequence[str] = ()
) -> Path:
    """Write a wheel for any Python with one module; ``headers`` are further lines of its metadata."""
    stem = name.replace("-", "_")
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += "".join(f"Requires-Dist: {text}\n" for text in requires)
    metadata += "".join(f"{line}\n" for line in headers)
    record = f"{stem}-{version}.dist-info/RECORD"
    files = {
        f"{stem}/__init__.py": "",
        f"{stem}-{version}.dist-info/METADATA": metadata,
        f"{stem}-{version}.dist-info/WHEEL": _WHEEL,
    }
    path = folder / f"{stem}-{version}-py2.py3-none-any.whl"
    with ZipFile(path, "w") as archive:
        for member, text in files.items():
            archive.writestr(member, text)
        archive.writestr(record, "".join(f"{member},,\n" for member in [*files, record]))
    return path


def make_venv(folder: Path, python: Path = Path(sys.executable), *, system_site: bool = False) -> Path:
    """Make a virtual environment without pip and return its interpreter."""
    options = ["--system-site-packages"] if system_site else []
    run([python, "-m", "venv", "--without-pip", *options, folder])
    return folder / "bin/python"
