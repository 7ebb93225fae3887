"""Small wheels that install nothing, and a folder of them that pip takes for an index: what lock tools resolve over."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable
from pathlib import Path


def write_wheel(folder: Path, name: str, version: str, requires: Iterable[str] = (), python: str = "") -> Path:
    """Write the wheel of an empty distribution; ``requires`` may name extras (``rich; extra == "tty"``)."""
    stem = f"{name.replace('-', '_')}-{version}"
    requires = tuple(requires)
    extras = sorted({text.split("extra == ")[1].strip("\"' )") for text in requires if "extra == " in text})
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Python: {python}"] if python else []
    lines += [f"Provides-Extra: {extra}" for extra in extras]
    lines += [f"Requires-Dist: {text}" for text in requires]
    files = {
        "METADATA": "\n".join([*lines, "", ""]),
        "WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files["RECORD"] = "".join(f"{stem}.dist-info/{file},,\n" for file in (*files, "RECORD"))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(zipfile.ZipInfo(f"{stem}.dist-info/{file}"), text)
    return path


def write_index(folder: Path, wheels: Iterable[Path]) -> str:
    """Write the pages of a simple index (PEP 503) over wheels and return its URL."""
    pages: dict[str, list[str]] = {}
    for wheel in wheels:
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        name = wheel.name.partition("-")[0].replace("_", "-").lower()
        pages.setdefault(name, []).append(f'<a href="{wheel.as_uri()}#sha256={digest}">{wheel.name}</a>')
    for name, links in pages.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "index.html").write_text("<!DOCTYPE html>\n" + "\n".join(links) + "\n", encoding="utf-8")
    return folder.as_uri()
