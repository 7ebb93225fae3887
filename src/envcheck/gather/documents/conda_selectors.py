"""Platforms as conda's files name them → environment markers (PEP 508)."""

from __future__ import annotations

import re

_LINUX = 'sys_platform == "linux"'
_MAC = 'sys_platform == "darwin"'
_WINDOWS = 'sys_platform == "win32"'

# The words of conda-lock's selectors; arm64 is a Mac there, aarch64 and ppc64le are Linux.
_SELECTORS = {
    "linux": _LINUX,
    "linux64": f'{_LINUX} and platform_machine == "x86_64"',
    "aarch64": f'{_LINUX} and platform_machine == "aarch64"',
    "ppc64le": f'{_LINUX} and platform_machine == "ppc64le"',
    "osx": _MAC,
    "osx64": f'{_MAC} and platform_machine == "x86_64"',
    "arm64": f'{_MAC} and platform_machine == "arm64"',
    "win": _WINDOWS,
    "win64": f'{_WINDOWS} and platform_machine == "AMD64"',
    "unix": 'sys_platform != "win32"',
}
_FILE_WORDS = {
    **dict.fromkeys(("linux", "linux64", "ubuntu"), _LINUX),
    **dict.fromkeys(("osx", "osx64", "mac", "macos", "darwin"), _MAC),
    **dict.fromkeys(("win", "win64", "windows"), _WINDOWS),
}
_COMMENT = re.compile(r"#\s*\[([a-z0-9]+)\]")
_KEY = re.compile(r"sel\(\s*([a-z0-9]+)\s*\)")


def comment_marker(comment: str) -> str:
    """Return the marker of a selector in a comment (``# [win]``), empty when there is none that conda-lock knows."""
    match = _COMMENT.search(comment)
    return _SELECTORS.get(match[1], "") if match else ""


def key_marker(key: str) -> str:
    """Return the marker of a key like ``sel(linux)``, empty when it is no selector."""
    match = _KEY.fullmatch(key)
    return _SELECTORS.get(match[1], "") if match else ""


def file_marker(word: str) -> str:
    """Return the marker of a word in a file's name (``environment_win.yml``), empty when it is no platform."""
    return _FILE_WORDS.get(word, "")


def both(left: str, right: str) -> str:
    """Return the marker that holds where both hold."""
    if not left or not right or left == right:
        return left or right
    return f"({left}) and ({right})"
