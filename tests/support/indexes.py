"""Indexes behind a password, environments that are made from them, and envcheck run beside them as users run it."""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from msgspec import Struct

from tests.support.interpreters import make_venv

USER, PASSWORD = "ada", "s3cret-of-ada"


class Done(Struct, frozen=True):
    """What a run of envcheck left: its exit code and all that it said."""

    code: int
    said: str


class _Guarded(SimpleHTTPRequestHandler):
    """Serves a folder to those who know the password."""

    def do_GET(self) -> None:
        expected = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") == expected:
            super().do_GET()
            return
        self.send_response(401)
        self.send_header("WWW-Authenticate", "Basic")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is that of the base
        """Say nothing."""


@contextmanager
def guarded(folder: Path) -> Iterator[str]:
    """Serve a folder behind a password, and give its host and port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Guarded, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def configured(environ: Mapping[str, str], folder: Path, index: str) -> dict[str, str]:
    """Return variables under which pip asks this index alone, and uv nothing of its own; caches are in the folder."""
    configuration = folder / "pip.conf"
    configuration.write_text(f"[global]\nindex-url = {index}\n", encoding="utf-8")
    kept = {k: v for k, v in environ.items() if not k.startswith(("PIP_", "UV_")) and k != "VIRTUAL_ENV"}
    return {
        **kept,
        "PIP_CONFIG_FILE": str(configuration),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_CACHE_DIR": str(folder / "uv-cache"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "NO_PROXY": "127.0.0.1",
        "COLUMNS": "200",
    }


def make_prefix(folder: Path, python: Path = Path(sys.executable)) -> Path:
    """Make an environment and return its folder."""
    make_venv(folder, python)
    return folder


def pip(prefix: Path, environ: Mapping[str, str], *words: str | Path) -> str:
    """Run pip for an environment, never for that of the tests."""
    assert prefix != Path(sys.prefix)
    command = [sys.executable, "-m", "pip", "--python", prefix / "bin/python", *words]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def envcheck(project: Path, environ: Mapping[str, str], *words: str | Path, **more: str) -> Done:
    """Run envcheck in a project."""
    done = subprocess.run(
        [sys.executable, "-m", "envcheck", *words],
        cwd=project,
        env={**environ, **more},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stderr or "-v" in words, done.stderr
    return Done(done.returncode, done.stdout + done.stderr)
