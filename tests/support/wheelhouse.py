"""Wheels made of names alone, so that real installers and compilers have something to choose from without a network."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable
from pathlib import Path


def write_wheel(
    folder: Path, name: str, version: str, requires: Iterable[str] = (), extras: Iterable[str] = ()
) -> Path:
    """Write a wheel without any code and return its path."""
    stem = f"{name.replace('-', '_')}-{version}"
    path = folder / f"{stem}-py3-none-any.whl"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Provides-Extra: {extra}" for extra in extras]
    lines += [f"Requires-Dist: {text}" for text in requires]
    tags = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{stem}.dist-info/METADATA", "\n".join([*lines, "", ""]))
        wheel.writestr(f"{stem}.dist-info/WHEEL", tags)
        wheel.writestr(f"{stem}.dist-info/RECORD", "")
    return path


def sha256_of(path: Path) -> str:
    """Return ``sha256:…`` of a file."""
    return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
