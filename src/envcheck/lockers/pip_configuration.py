"""Which indexes pip is configured for: uv reads none of it, and is told."""

from __future__ import annotations

import ast
import os
import subprocess  # the one room that starts processes; how, is tested  # nosec B404
import sys
from collections.abc import Mapping

_SECTIONS = ("global.", "install.", ":env:.")  # each overrules the one before (pip 26 configuration.py)
_OWN = ("UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_CONFIG_FILE")
_SECONDS = 60


def for_uv(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that tell uv of pip's indexes, none where uv has been configured itself.

    They may hold credentials: they are for the environment of a child alone.
    """
    if any(environ.get(name) for name in _OWN) or any(os.path.exists(path) for path in _own_files(environ)):
        return {}
    settings = _settings(environ)
    variables = {
        "UV_DEFAULT_INDEX": settings.get("index-url", ""),
        "UV_INDEX": " ".join(settings.get("extra-index-url", "").split()),
        "UV_FIND_LINKS": ",".join(settings.get("find-links", "").split()),
        "UV_INSECURE_HOST": " ".join(settings.get("trusted-host", "").split()),
        "SSL_CERT_FILE": settings.get("cert", ""),
        "UV_NO_INDEX": "1" if settings.get("no-index", "").lower() in ("1", "true", "yes", "on") else "",
        # pip asks all indexes alike; uv by itself only the first that knows a name.
        "UV_INDEX_STRATEGY": "unsafe-best-match" if settings.get("extra-index-url") else "",
    }
    return {name: value for name, value in variables.items() if value and not environ.get(name)}


def _settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Return pip's settings as pip itself lists them; nothing where pip is not installed."""
    words = (sys.executable, "-I", "-m", "pip", "--disable-pip-version-check", "config", "list")
    try:
        listed = subprocess.run(  # noqa: S603 - our own interpreter, no shell  # nosec B603
            words, env=dict(environ), capture_output=True, check=False, timeout=_SECONDS, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    return read_settings(listed.stdout.decode("utf-8", "replace")) if listed.returncode == 0 else {}


def read_settings(listing: str) -> dict[str, str]:
    """Return the settings of ``pip config list`` that count for installing, by their names."""
    found: dict[str, dict[str, str]] = {section: {} for section in _SECTIONS}
    for line in listing.splitlines():
        key, _, written = line.partition("=")
        for section in _SECTIONS:
            if key.startswith(section):
                found[section][key.removeprefix(section)] = _literal(written)
    return {key: value for section in _SECTIONS for key, value in found[section].items()}


def _literal(written: str) -> str:
    try:
        value = ast.literal_eval(written)
    except (ValueError, SyntaxError):
        return written
    return value if isinstance(value, str) else written


def _own_files(environ: Mapping[str, str]) -> tuple[str, ...]:
    home = environ.get("XDG_CONFIG_HOME") or os.path.join(environ.get("HOME", ""), ".config")
    roaming = environ.get("APPDATA", "")
    return (
        os.path.join(home, "uv", "uv.toml"),
        "/etc/uv/uv.toml",
        *((os.path.join(roaming, "uv", "uv.toml"),) if roaming else ()),
    )
