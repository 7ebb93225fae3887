"""A real terminal window of 80 columns."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from collections.abc import Mapping

import pytest

fcntl = pytest.importorskip("fcntl")
pty = pytest.importorskip("pty")
termios = pytest.importorskip("termios")

PROGRAM = """
import os, sys
from envcheck.cli.output import deliver, look_of
from envcheck.model.findings import Finding, Severity
from envcheck.model.places import Place
from envcheck.model.report import Report
from envcheck.reporters.terminal import render
finding = Finding("PIN001", "x", Severity.ERROR, Place("requirements.txt", 0, 1, 1), "many words " * 20)
deliver(render(Report((finding,), notebooks=1), look_of(sys.stdout, environ=os.environ, color="auto")))
"""


def _shown(environ: Mapping[str, str]) -> str:
    """Return what a terminal of 80 columns receives."""
    inner, outer = pty.openpty()
    fcntl.ioctl(outer, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM")}
    try:
        subprocess.run(
            [sys.executable, "-c", PROGRAM], stdout=outer, env={**clean, "TERM": "xterm", **environ}, check=True
        )
        return str(os.read(inner, 65536), "utf-8").replace("\r\n", "\n")
    finally:
        os.close(inner)
        os.close(outer)


def test_is_colored_and_wrapped_with_a_hanging_indent() -> None:
    text = _shown({})
    assert "\x1b[1;31mPIN001\x1b[0m" in text
    lines = re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()
    assert max(map(len, lines)) <= 80
    assert all(line.startswith("    ") for line in lines[1:4])


def test_no_color_is_plain() -> None:
    assert "\x1b" not in _shown({"NO_COLOR": "1"})
