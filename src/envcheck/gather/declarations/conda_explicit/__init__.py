"""Explicit specs: conda's list of package files (CEP 23), as ``conda list --explicit`` and conda-lock write it."""

from __future__ import annotations

import re

from envcheck.model.declarations import Declaration
from envcheck.model.readings import RawFile, Reading

NAME = "conda_explicit"

_SUBDIR = r"(?:linux|osx|win)-(?:64|32|arm64|aarch64|ppc64le|armv6l|armv7l|s390x|riscv64)"
_LOCKS = re.compile(rf"conda-.*\.lock|explicit.*\.lock|(?:.*[-_.])?{_SUBDIR}\.lock")
_TEXTS = re.compile(rf"(?:conda|explicit|spec-file|spec-list|spec_file)(?:[-_.].*)?\.txt|(?:.*[-_.])?{_SUBDIR}\.txt")
_OF_PIP = ("requirement", "reqs", "constraint")


def claims(path: str) -> bool:
    """Tell by its name whether a file may be a list of explicit specs; what is called requirements is pip's."""
    folder, _, name = path.lower().rpartition("/")
    if _LOCKS.fullmatch(name):
        return True
    is_of_pip = any(word in name for word in _OF_PIP) or folder.rpartition("/")[2] == "requirements"
    return not is_of_pip and _TEXTS.fullmatch(name) is not None


def read(file: RawFile) -> Reading[Declaration]:
    """Return what a list holds; a text that is called like one and is none says so and nothing else."""
    from envcheck.gather.declarations.conda_explicit.reading import read_lines

    return read_lines(file)
