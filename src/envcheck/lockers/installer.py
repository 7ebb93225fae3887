"""pip or uv installing exactly what they are told into an environment that is made for it."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping
from importlib import metadata
from importlib.util import find_spec

from msgspec.structs import replace

from envcheck.lockers.base import Run
from envcheck.lockers.children import run_child
from envcheck.lockers.pip_configuration import for_uv
from envcheck.lockers.pip_tools import python_needed
from envcheck.lockers.uv import program
from envcheck.model.errors import UserError
from envcheck.model.restoring import Wanted
from envcheck.model.urls import has_credentials
from envcheck.model.versions import parse_version

TOOLS = ("pip", "uv")
_FIRST_WITH_PYTHON = parse_version("22.3")  # pip --python
# What would have more, less or something else installed than is asked for, or in another place.
_TWISTING = re.compile(
    r"PIP_(?:REQUIREMENT|CONSTRAINT|EDITABLE|TARGET|PREFIX|ROOT|USER|REQUIRE_HASHES|PYTHON|DRY_RUN|SRC|GROUP)\w*"
    r"|UV_(?:CONSTRAINT|OVERRIDE|EXCLUDE|REQUIRE_HASHES|NO_VERIFY_HASHES|PYTHON|SYSTEM_PYTHON|TARGET|PREFIX)"
    r"|UV_PROJECT_ENVIRONMENT|VIRTUAL_ENV|CONDA_PREFIX|PYTHONHOME|PYTHONPATH|__PYVENV_LAUNCHER__"
)
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.!+_-]*")
_HASH = re.compile(r"sha(?:256|384|512):[0-9a-f]+")
# No $ and no backslash: pip puts variables in for ${NAME}, and joins lines (pip 26 req_file.py).
_URL = re.compile(
    r"(?:https?|(?:git|hg|svn|bzr)\+(?:https?|ssh))://[A-Za-z0-9\[][A-Za-z0-9._~:\[\]@-]*/[A-Za-z0-9._~:/?\[\]@!&()*,;=%+#-]*"
)
_AT_OPTION = re.compile(r"@-|/-[^/]*@")


def unable(tool: str, python: str, environ: Mapping[str, str]) -> str:
    """Return why a tool cannot install for a Python here, with what to do; empty when it can."""
    if tool == "uv":
        return "" if program(environ) else "uv is not installed; pip install uv, or put it on PATH"
    if find_spec("pip") is None:
        return "pip is not installed beside envcheck; use --with uv"
    version = parse_version(metadata.version("pip"))
    if version is None or _FIRST_WITH_PYTHON is None or version < _FIRST_WITH_PYTHON:
        return "pip before 22.3 installs for no other Python; upgrade it, or use --with uv"
    needed = python_needed()
    if needed and python and not needed.contains(python, prereleases=True):
        return f"pip {version} needs Python {needed}, not {python}; use --with uv"
    return ""


def requirements_of(wanted: Iterable[Wanted]) -> str:
    """Return the requirements file that asks for exactly these, a line each.

    Raises ``UserError`` for a name, version, URL or hash that could be read as anything else: the last gate before an
    installer, whoever has looked at it before.
    """
    every = tuple(wanted)
    # pip wants hashes for all lines or for none.
    is_hashed = bool(every) and all(one.hashes and not one.url for one in every)
    return "".join(f"{_line(one, is_hashed=is_hashed)}\n" for one in every)


def refusal(wanted: Wanted) -> str:
    """Return why something cannot be asked of an installer, empty when it can."""
    if not _NAME.fullmatch(wanted.name):
        return f"{wanted.name!r} is no name of a distribution"
    if wanted.url:
        if has_credentials(wanted.url):
            return f"{wanted.name}: its source holds a password"
        is_url = _URL.fullmatch(wanted.url) and not _AT_OPTION.search(wanted.url)
        return "" if is_url else f"{wanted.name}: {wanted.url!r} is no source that an installer may be given"
    is_version = _VERSION.fullmatch(wanted.version) and parse_version(wanted.version)
    return "" if is_version else f"{wanted.name}: {wanted.version!r} is no version"


def _line(wanted: Wanted, *, is_hashed: bool) -> str:
    reason = refusal(wanted)
    if is_hashed and not reason:
        reason = next((f"{text!r} is no hash" for text in wanted.hashes if not _HASH.fullmatch(text)), "")
    if reason:
        raise UserError(f"refused: {reason}", "nothing was installed")
    hashes = "".join(f" --hash={text}" for text in wanted.hashes) if is_hashed else ""
    return f"{wanted.shown}{hashes}"


def make_environment(interpreter: str, folder: str, run: Run) -> None:
    """Make a virtual environment without pip in a folder. Raises ``UserError`` with the cause when it fails."""
    with tempfile.TemporaryDirectory(prefix="envcheck-restore-") as elsewhere:
        words = [interpreter, "-I", "-m", "venv", "--without-pip", folder]
        run_child("venv", words, cwd=elsewhere, run=_untwisted(run), variables={})


def install(tool: str, folder: str, wanted: Iterable[Wanted], run: Run) -> None:
    """Install exactly what is wanted into an environment. Raises ``UserError`` with the cause when it fails.

    The child runs in a folder of its own: no settings of a project speak into it.
    """
    text = requirements_of(wanted)
    if not text:
        return
    with tempfile.TemporaryDirectory(prefix="envcheck-restore-") as elsewhere:
        file = os.path.join(elsewhere, "requirements.txt")
        with open(file, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        python = interpreter_in(folder)
        if tool == "uv":
            words = [program(run.environ), "pip", "install", "--python", python, "--no-python-downloads"]
            words += ["--no-progress", "--color=never", *(["--require-hashes"] if " --hash=" in text else [])]
        else:
            words = [sys.executable, "-I", "-m", "pip", "--python", python, "install", "--no-input"]
            words += ["--disable-pip-version-check", "--progress-bar=off"]
        # What an installer has not cleared away when it is ended goes with the folder.
        variables = {**(for_uv(run.environ) if tool == "uv" else {}), "TMPDIR": elsewhere}
        words += ["--no-deps", "--requirement", file]
        run_child(tool, words, cwd=elsewhere, run=_untwisted(run), variables=variables)


def interpreter_in(folder: str) -> str:
    """Return the path of the interpreter of a virtual environment."""
    return os.path.join(folder, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))


def _untwisted(run: Run) -> Run:
    kept = {name: value for name, value in run.environ.items() if not _TWISTING.fullmatch(name)}
    return replace(run, environ=kept)
