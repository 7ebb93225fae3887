"""An index of wheels that do nothing, made on the spot and served from this machine: what resolvers need, no more."""

from __future__ import annotations

import hashlib
import re
import threading
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Distributions = Mapping[str, tuple[str, ...]]
"""``name version`` → what it requires; ``[extra]`` before a requirement puts it behind an extra."""


_BEHIND_EXTRA = re.compile(r"\[([^\]]+)\]\s*(.+)")
_EXTRA = re.compile(r"""extra\s*==\s*["']([^"']+)["']""")


def write_wheel(
    folder: Path, name: str, version: str, requires: Iterable[str] = (), *, python: str = "", extras: Iterable[str] = ()
) -> Path:
    """Write a wheel with one empty module, the same bytes at every run; ``[extra] name`` requires it for an extra."""
    texts = [_BEHIND_EXTRA.sub(r"\2; extra == '\1'", text) for text in requires]
    known = dict.fromkeys((*extras, *(extra for text in texts for extra in _EXTRA.findall(text))))
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Python: {python}"] if python else []
    lines += [f"Provides-Extra: {extra}" for extra in known]
    lines += [f"Requires-Dist: {text}" for text in texts]
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


def sha256_of(path: Path) -> str:
    """Return ``sha256:…`` of a file."""
    return f"sha256:{_digest(path)}"


def write_pages(folder: Path, wheels: Iterable[Path]) -> str:
    """Write the pages of a simple index (PEP 503) over wheels that lie elsewhere, and return the URL of its folder."""
    pages: dict[str, list[str]] = {}
    for wheel in wheels:
        name = wheel.name.partition("-")[0].replace("_", "-").lower()
        pages.setdefault(name, []).append(f'<a href="{wheel.as_uri()}#sha256={_digest(wheel)}">{wheel.name}</a>')
    for name, links in pages.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "index.html").write_text("<!DOCTYPE html>\n" + "\n".join(links) + "\n", encoding="utf-8")
    return folder.as_uri()


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
