"""Prove the project with nothing but Python: ``python3 -m tests [nox arguments]``.

Makes the locked development environment (``.nox/dev-<python>``, once per lock) and runs nox in it.
Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "dev.txt"
ENVIRONMENT = ROOT / ".nox" / f"dev-{sys.version_info.major}.{sys.version_info.minor}"
PROGRAMS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")


def prepare() -> None:
    """Make the development environment, unless it is there and made from this lock."""
    stamp = ENVIRONMENT / "locked-by"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return
    venv.create(ENVIRONMENT, clear=True, with_pip=True)
    pip = [str(PROGRAMS / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "--requirement", str(LOCK)], check=True)
    subprocess.run([*pip, "--no-build-isolation", "--no-deps", "--editable", str(ROOT)], check=True)
    stamp.write_text(wanted, encoding="ascii")


def main() -> int:
    """Run nox in the development environment and return its exit code."""
    if sys.version_info < (3, 10):
        sys.exit(f"Python 3.10 or newer is needed to run the tests, this is {sys.version.split()[0]}")
    prepare()
    path = os.pathsep.join((str(PROGRAMS), os.environ.get("PATH", os.defpath)))
    environment = {**os.environ, "PATH": path, "VIRTUAL_ENV": str(ENVIRONMENT)}
    return subprocess.run([str(PROGRAMS / "nox"), *sys.argv[1:]], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
