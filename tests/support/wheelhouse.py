"""An index of wheels that do nothing, made on the spot and served from this machine: what resolvers need, no more."""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Distributions = Mapping[str, tuple[str, ...]]
"""``name version`` → what it requires; ``[extra]`` before a requirement puts it behind an extra."""


def write_wheel(folder: Path, name: str, version: str, requires: tuple[str, ...] = (), python: str = "") -> Path:
    """Write a wheel with one empty module, the same bytes at every run."""
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Python: {python}"] if python else []
    for text in requires:
        extra, _, requirement = text[1:].partition("]") if text.startswith("[") else ("", "", text)
        lines += [f"Provides-Extra: {extra}", f"Requires-Dist: {requirement.strip()}; extra == '{extra}'"] * bool(extra)
        lines += [f"Requires-Dist: {text}"] * (not extra)
    stem = name.replace("-", "_")
    metadata = f"{stem}-{version}.dist-info"
    files = {
        f"{stem}/__init__.py": "",
        f"{metadata}/METADATA": "\n".join([*lines, "", ""]),
        f"{metadata}/WHEEL": "Wheel-Version: 1.0\nGenerator: made\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{metadata}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{metadata}/RECORD"])
    path = folder / f"{stem}-{version}-py3-none-any.whl"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in files.items():
            archive.writestr(zipfile.ZipInfo(member), text)
    return path


def write_index(folder: Path, distributions: Distributions) -> None:
    """Write a simple index (PEP 503) with the wheels of all distributions into ``simple/`` of a folder."""
    for described, requires in distributions.items():
        name, version = described.split()
        write_wheel(folder / "simple" / name, name, version, requires)
    for project in (folder / "simple").iterdir():
        links = (
            f'<a href="{file.name}#sha256={_digest(file)}">{file.name}</a>' for file in sorted(project.glob("*.whl"))
        )
        (project / "index.html").write_text("<!DOCTYPE html><html><body>" + "\n".join(links) + "</body></html>")


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is that of the base
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder at an address of this machine, and give its URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
