"""Where an environment keeps its modules: conda prefixes first, then virtual environments, then installations."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from envcheck.gather.environments.files import read_text
from envcheck.gather.environments.interpreters import (
    UNKNOWN,
    Interpreter,
    from_folder,
    in_full,
    leading_version,
    library_folders,
)

if TYPE_CHECKING:
    from envcheck.gather.environments.conda import CondaPrefix


class Layout(Struct, frozen=True):
    """A prefix, its interpreter and its site folders in ``sys.path`` order.

    ``base_sites`` come after the user site: those of the installation behind a virtual environment that includes them.
    ``user_site`` tells whether the interpreter looks into the user's own folder. ``stdlib`` is its library folder.
    """

    prefix: str
    kind: str
    interpreter: Interpreter = UNKNOWN
    sites: tuple[str, ...] = ()
    base_sites: tuple[str, ...] = ()
    user_site: bool = True
    stdlib: str = ""
    conda: CondaPrefix | None = None


def kind_of(prefix: str) -> str:
    """Return ``conda``, ``venv`` or ``system``, empty for a folder that is no environment."""
    if not os.path.isdir(prefix):  # as nearly all that are tried: one look in place of seven
        return ""
    if os.path.isfile(f"{prefix}/conda-meta/history"):
        return "conda"
    if os.path.isfile(f"{prefix}/pyvenv.cfg"):
        return "venv"
    return "system" if _is_installation(prefix) else ""


def layout_of(prefix: str, program: str = "") -> Layout:
    """Return the layout of a prefix; ``program`` (``python3.9``) decides where an installation has several Pythons."""
    match kind_of(prefix):
        case "conda":
            return _conda(prefix)
        case "venv":
            return _venv(prefix)
        case "system":
            return _installation(prefix, program)
        case _:
            return Layout(prefix, "system", user_site=False)


def configuration_of(prefix: str) -> Mapping[str, str]:
    """Return the lines of a ``pyvenv.cfg``, keys in lower case."""
    lines = (line.partition("=") for line in read_text(f"{prefix}/pyvenv.cfg").splitlines())
    return {key.strip().lower(): value.strip() for key, equals, value in lines if equals and "\0" not in value}


def _conda(prefix: str) -> Layout:
    from envcheck.gather.environments.conda import read_conda_meta

    conda = read_conda_meta(prefix)
    record = conda.python()
    if record is None:
        return Layout(prefix, "conda", conda=conda, user_site=False)
    implementation = "pypy" if "pypy" in record.build else "cpython"
    interpreter = Interpreter(leading_version(record.version), implementation)
    named = from_folder(record.site.split("/")[1]) if record.site.count("/") == 2 else None
    if named:
        interpreter = replace(interpreter, threads=named.threads)
    sites = (f"{prefix}/{record.site}",) if named else _own_sites(prefix, interpreter)
    return Layout(prefix, "conda", interpreter, sites, stdlib=f"{prefix}/lib/{interpreter.folder}", conda=conda)


def _venv(prefix: str) -> Layout:
    configuration = configuration_of(prefix)
    base = _base_of(configuration)
    interpreter = _interpreter_of_venv(prefix, configuration)
    if base:
        # The base may have been upgraded since (3.11.2 → 3.11.9): the link runs what is there now.
        current = in_full(base, replace(interpreter, python=interpreter.short))
        interpreter = current if current.python.startswith(f"{interpreter.short}.") else interpreter
    shares = configuration.get("include-system-site-packages", "").lower() == "true"
    base_sites = layout_of(base, interpreter.folder).sites if shares and base else ()
    return Layout(prefix, "venv", interpreter, _own_sites(prefix, interpreter), base_sites, user_site=shares)


def _interpreter_of_venv(prefix: str, configuration: Mapping[str, str]) -> Interpreter:
    version = leading_version(configuration.get("version_info", "") or configuration.get("version", ""))
    is_pypy = configuration.get("implementation", "").lower() == "pypy"
    said = Interpreter(version, "pypy" if is_pypy else "cpython")
    # The folder that is there says more than the settings: free-threaded builds, PyPy, settings without a version.
    folders = [found for _, found in library_folders(prefix)]
    for found in folders:
        if found.short == said.short:
            return replace(found, python=version)
    return folders[0] if folders else said


def _base_of(configuration: Mapping[str, str]) -> str:
    """Return the prefix of the installation that a virtual environment was made from, empty when it is not here."""
    home, executable = configuration.get("home", ""), configuration.get("executable", "")
    # ``home`` may be a folder of links (/usr/local/bin): then the interpreter itself tells where it lives.
    for program in (f"{home}/python", executable):
        folder = os.path.dirname(os.path.normpath(program))
        base = os.path.dirname(folder) if os.path.basename(folder).lower() in ("bin", "scripts") else folder
        if kind_of(base) in ("conda", "system"):
            return base
    return ""


def _installation(prefix: str, program: str) -> Layout:
    if os.path.isdir(f"{prefix}/lib-python"):
        # PyPy before 3.8 has a layout of its own.
        interpreter = in_full(prefix, Interpreter(implementation="pypy"))
        return Layout(prefix, "system", interpreter, (f"{prefix}/site-packages",), stdlib=f"{prefix}/lib-python")
    folders = [(path, found) for path, found in library_folders(prefix) if os.path.isfile(f"{path}/os.py")]
    wanted = _wanted(prefix, program)
    if not folders:
        interpreter = in_full(prefix, UNKNOWN)
        return Layout(prefix, "system", interpreter, (f"{prefix}/Lib/site-packages",), stdlib=f"{prefix}/Lib")
    path, named = next((each for each in folders if each[1].folder == wanted), folders[0])
    interpreter = in_full(prefix, named)
    return Layout(prefix, "system", interpreter, _sites_of_installation(prefix, interpreter), stdlib=path)


def _wanted(prefix: str, program: str) -> str:
    """Return the library folder of a program: ``python3.11`` for ``python3`` when that is a link to it."""
    for name in (program, "python3", "python"):
        target = os.path.basename(os.path.realpath(f"{prefix}/bin/{name}")) if name else ""
        if from_folder(target):
            return target
    return ""


def _own_sites(prefix: str, interpreter: Interpreter) -> tuple[str, ...]:
    first = f"{prefix}/lib/{interpreter.folder}/site-packages"
    second = f"{prefix}/lib64/{interpreter.folder}/site-packages"
    if os.path.isdir(f"{prefix}/Lib/site-packages") and not os.path.isdir(first):
        return (f"{prefix}/Lib/site-packages",)
    # Fedora keeps extension modules apart in lib64; elsewhere lib64 is a link or absent.
    both = os.path.isdir(second) and not (os.path.isdir(first) and os.path.samefile(first, second))
    return (first, second) if both else (first,)


def _sites_of_installation(prefix: str, interpreter: Interpreter) -> tuple[str, ...]:
    major = interpreter.short.partition(".")[0]
    by_apt = f"{prefix}/lib/python{major}/dist-packages"
    by_version = f"{prefix}/lib/{interpreter.folder}/dist-packages"
    if os.path.isdir(by_apt) or (major == "2" and os.path.isdir(by_version)):
        # Debian's site.py: pip's folder, then those of apt; no site-packages.
        return (f"{prefix}/local/lib/{interpreter.folder}/dist-packages", by_apt, by_version)
    return _own_sites(prefix, interpreter)


def _is_installation(prefix: str) -> bool:
    if any(os.path.isfile(f"{folder}/os.py") for folder, _ in library_folders(prefix)):
        return True
    return any(
        os.path.isfile(f"{prefix}/{path}") for path in ("Lib/os.py", "lib-python/3/os.py", "lib-python/2.7/os.py")
    )
