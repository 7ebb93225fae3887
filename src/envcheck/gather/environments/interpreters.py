"""Which Python an environment has: versions, implementations and the folders named after them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from msgspec import Struct

from envcheck.gather.environments.files import MEGABYTE, read_text

_FOLDER = re.compile(r"(python|pypy)(\d+\.\d+)(t?)")
# Compiled with the first use, since few runs need them.
_IN_HEADER = r'(?m)^#\s*define\s+(PY|PYPY)_VERSION\s+"([^"\s+]+)'
_LEADING = r"\d+(?:\.\d+){1,2}(?:(?:a|b|rc)\d+)?"


class Interpreter(Struct, frozen=True):
    """A Python as files tell it; ``python`` is ``3.11.7``, or ``3.11`` when nothing says more, or empty.

    ``release`` is the version of another implementation (PyPy's own); ``threads`` is ``t`` for a free-threaded build.
    """

    python: str = ""
    implementation: str = "cpython"
    release: str = ""
    threads: str = ""

    @property
    def short(self) -> str:
        """``3.11`` of ``3.11.7``."""
        return ".".join(self.python.split(".")[:2])

    @property
    def folder(self) -> str:
        """The name of its library folder: ``python3.11``, ``python3.13t``, ``pypy3.10``."""
        return ("pypy" if self.implementation == "pypy" else "python") + self.short + self.threads


UNKNOWN = Interpreter()


def leading_version(text: str) -> str:
    """Return the version that a text begins with: ``3.11.7`` of ``3.11.7.final.0``."""
    found = re.match(_LEADING, text.strip())
    return found[0] if found else ""


def from_folder(name: str) -> Interpreter | None:
    """Return the interpreter whose library folder has this name."""
    found = _FOLDER.fullmatch(name)
    if not found:
        return None
    return Interpreter(found[2], "pypy" if found[1] == "pypy" else "cpython", threads=found[3])


def library_folders(prefix: str) -> Iterator[tuple[str, Interpreter]]:
    """Yield (folder, interpreter) of every ``lib/pythonX.Y`` below a prefix, the newest first."""
    found = []
    for library in ("lib", "lib64"):
        try:
            names = os.listdir(f"{prefix}/{library}")
        except OSError:
            continue
        found += [(f"{prefix}/{library}/{name}", interpreter) for name in names if (interpreter := from_folder(name))]
    yield from sorted(
        found, key=lambda pair: ([int(part) for part in pair[1].python.split(".")], pair[0]), reverse=True
    )


def in_full(prefix: str, interpreter: Interpreter) -> Interpreter:
    """Return the interpreter with its full version, as the headers below its prefix or Debian's records tell it."""
    folder = interpreter.folder
    for include in (f"include/{folder}", f"include/{folder}m", "include"):
        found = dict(re.findall(_IN_HEADER, read_text(f"{prefix}/{include}/patchlevel.h")))
        version = found.get("PY", "")
        if version and (not interpreter.python or version.startswith(interpreter.short + ".")):
            implementation = "pypy" if "PYPY" in found else interpreter.implementation
            return Interpreter(version, implementation, found.get("PYPY", ""), interpreter.threads)
    version = _from_dpkg(interpreter.short) if prefix == "/usr" else ""
    if not version:
        return interpreter
    return Interpreter(version, interpreter.implementation, threads=interpreter.threads)


def _from_dpkg(short: str) -> str:
    text = read_text("/var/lib/dpkg/status", 64 * MEGABYTE)
    _, _, after = ("\n" + text).partition(f"\nPackage: python{short}-minimal\n")
    found = re.search(r"^Version: (?:\d+:)?(\d+\.\d+\.\d+)", after.partition("\n\n")[0], re.MULTILINE)
    return found[1] if found else ""
