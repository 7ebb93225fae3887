"""A real Jupyter server on loopback, in an environment of its own, with folders of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

TOKEN = "a-token-of-a-test"
_PATIENCE = 60


class Answer:
    """What a server answers: its status and, where it is JSON, what it says."""

    def __init__(self, status: int, content: bytes) -> None:
        self.status = status
        self.content = content

    @property
    def json(self) -> Any:
        return json.loads(self.content)


class Server:
    """A running server; ``root`` is the folder of its notebooks, ``log`` the file that it writes to."""

    def __init__(self, url: str, root: Path, log: Path) -> None:
        self.url = url
        self.root = root
        self.log = log

    def ask(self, method: str, path: str, body: object = None, *, token: str = TOKEN) -> Answer:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"token {token}"
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:
                return Answer(answer.status, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read())

    def save(self, path: str, notebook: object) -> Answer:
        model = {"type": "notebook", "format": "json", "content": notebook}
        return self.ask("PUT", f"/api/contents/{quote(path)}", model)

    def status(self, path: str, *, token: str = TOKEN) -> Answer:
        return self.ask("GET", f"/envcheck/status?path={quote(path)}", token=token)

    def metadata(self, path: str) -> dict[str, Any]:
        """Return the metadata of a notebook as it is on the disk."""
        found: dict[str, Any] = json.loads((self.root / path).read_text(encoding="utf-8"))["metadata"]
        return found


def make_environment(folder: Path, requirements: Iterable[str]) -> Path:
    """Make a virtual environment with these requirements, and return its Python."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    command = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *requirements]
    subprocess.run(command, check=True)
    return python


def folders_of(home: Path) -> dict[str, str]:
    """Return the variables that keep Jupyter within a folder."""
    variables = {
        "HOME": home,
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "IPYTHONDIR": home / "ipython",
    }
    return {name: str(path) for name, path in variables.items()}


@contextmanager
def running(
    python: Path, root: Path, home: Path, *options: str, module: str = "jupyter_server", more: Mapping[str, str] = {}
) -> Iterator[Server]:
    """Run a server with its notebooks in ``root``, and its kernels and signatures in ``home``, until the end."""
    root.mkdir(parents=True, exist_ok=True)
    home.mkdir(parents=True, exist_ok=True)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    log = home / f"server-{port}.log"
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "JPY", "PYTHON", "VIRTUAL_ENV"))}
    command = [
        *(str(python), "-m", module, "--no-browser", f"--ServerApp.root_dir={root}", f"--ServerApp.port={port}"),
        *("--ServerApp.port_retries=0", "--ServerApp.ip=127.0.0.1", f"--IdentityProvider.token={TOKEN}"),
        *("--allow-root", *options),
    ]
    with log.open("wb") as output:
        environ = {**inherited, **folders_of(home), **more}
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=root, env=environ)
    server = Server(f"http://127.0.0.1:{port}", root, log)
    try:
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        if _answers(server):
            return
        time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{server.log.read_text(encoding='utf-8')}")


def _answers(server: Server) -> bool:
    try:
        return server.ask("GET", "/api/status").status == 200
    except OSError:
        return False


def notebook(*cells: str, kernel: str = "", stamp: object = None) -> dict[str, Any]:
    """Return a notebook of these code cells, as JupyterLab would send it."""
    metadata: dict[str, Any] = {"language_info": {"name": "python"}}
    if kernel:
        metadata["kernelspec"] = {"name": kernel, "display_name": kernel, "language": "python"}
    if stamp is not None:
        metadata["envcheck"] = stamp
    return {
        "cells": [
            {"cell_type": "code", "execution_count": None, "id": f"c{n}", "metadata": {}, "outputs": [], "source": text}
            for n, text in enumerate(cells)
        ],
        "metadata": metadata,
        "nbformat": 4,
        "nbformat_minor": 5,
    }
