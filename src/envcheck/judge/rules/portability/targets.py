"""Paths in declarations, and whose machine they belong to."""

from __future__ import annotations

import posixpath
import re

_VCS = re.compile(r"(?:git|hg|svn|bzr)\+(?=file:)", re.IGNORECASE)
_FILE = re.compile(r"file:(?://(?:localhost)?(?=/)|(?://)?)", re.IGNORECASE)
_DRIVE = re.compile(r"/?[A-Za-z]:[\\/]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
# ${HOME}, {root:uri} of hatch, %(here)s, %HOME%: filled in by the tool, so perhaps portable; not %20 of a URL.
_VARIABLE = re.compile(r"\$[\w({]|\{|%\(|%[A-Za-z_]\w*%")
# Compiled with the first use, since few runs need them.
_HOME = r"(?i)~|/(?:home|root|Users|[A-Z]/Users)/|/?[A-Z]:[\\/](?:Users|Documents and Settings)[\\/]"
# Where conda's packages are built: `pip freeze` copies these folders from their direct_url.json.
_CONDA_BUILD = r"(?i)(?:^|/)(?:croot|conda-bld|feedstock_root|ci_(?:py)?\d+|build/80754af9)/|^/?[A-Z]:/(?:bld|ci)/"


def local_path(target: str) -> str:
    """Return the path that a URL or path text names on the machine itself; empty for other places and for variables."""
    bare = _VCS.sub("", target.strip()).partition("#")[0]
    path = _FILE.sub("", bare, count=1)
    if path == bare and _SCHEME.match(path) and not _DRIVE.match(path):
        return ""
    return "" if _VARIABLE.search(path) else path


def is_absolute(path: str) -> bool:
    """Tell whether a path names a place of one machine: from its root, a drive, a share or a home folder."""
    return path.startswith(("/", "~", "\\\\")) or _DRIVE.match(path) is not None


def leaves_project(path: str, declaring: str) -> bool:
    """Tell whether a relative path, seen from the folder of the declaring file, points outside the project."""
    folder = posixpath.dirname(declaring)
    return posixpath.normpath(posixpath.join(folder, path.replace("\\", "/"))).split("/")[0] == ".."


def is_in_home(path: str) -> bool:
    """Tell whether a path lies in somebody's home folder (Linux, macOS, Windows)."""
    return re.match(_HOME, path) is not None


def is_conda_build(path: str) -> bool:
    """Tell whether a path lies in a folder where conda builds packages (``/croot/…``, ``…/feedstock_root/…``)."""
    return is_absolute(path) and re.search(_CONDA_BUILD, path.replace("\\", "/")) is not None


def wheel_version(path: str) -> str:
    """Return the version in a wheel's file name, or empty."""
    parts = path.rpartition("/")[2].split("-")
    return parts[1] if len(parts) >= 5 and path.endswith(".whl") else ""
