"""Names of metadata folders (``NAME-VERSION.dist-info``, ``NAME-VERSION-pyX.Y.egg-info``) and what they say."""

from __future__ import annotations

import re

from msgspec import Struct

from envcheck.model.versions import parse_version

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
# Compiled with the first use, since few runs need it.
_PYTHON_TAG = r"-py\d(?:\.\d+)?(?:-[\w.-]+)?$"
_PLAIN_VERSION = re.compile(r"\d+(?:\.\d+)*")


class FolderName(Struct, frozen=True):
    """Name and version as a metadata folder spells them, either of them possibly empty."""

    name: str
    version: str


def split_folder(folder: str) -> FolderName:
    """Return what the name of a metadata folder (or file, or egg) says."""
    stem, _, suffix = folder.rpartition(".")
    if suffix != "dist-info":
        stem = re.sub(_PYTHON_TAG, "", stem)
    parts = stem.split("-")
    if len(parts) <= 2:
        return FolderName(parts[0], parts[1] if len(parts) == 2 else "")
    # Names should have no dash here, but some installers write them: the last dash before a valid version separates.
    for cut in range(len(parts) - 1, 0, -1):
        version = "-".join(parts[cut:])
        if is_version(version):
            return FolderName("-".join(parts[:cut]), version)
    return FolderName(parts[0], "-".join(parts[1:]))


def is_name(text: str) -> bool:
    """Tell whether a text is a valid distribution name."""
    return _NAME.fullmatch(text) is not None


def is_version(text: str) -> bool:
    """Tell whether a text is a PEP 440 version."""
    return _PLAIN_VERSION.fullmatch(text) is not None or parse_version(text) is not None


def is_leftover(folder: str) -> bool:
    """Tell whether pip left this behind when it was interrupted (``~andas-2.1.dist-info``)."""
    return folder.startswith(("~", "-"))
