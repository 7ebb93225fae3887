"""Whether a wheel could be installed on a target, by its file name alone.

More is accepted than by an installer on its own machine: nobody can tell the C library or the macOS of another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from envcheck.model.locks import Target

_LINUX = r"(?:manylinux\w*?|musllinux_\d+_\d+|linux)"
_PLATFORMS = {
    "linux-64": rf"{_LINUX}_x86_64",
    "linux-32": rf"{_LINUX}_i[3-6]86",
    "linux-aarch64": rf"{_LINUX}_aarch64",
    "linux-armv7l": rf"{_LINUX}_armv7l",
    "linux-ppc64le": rf"{_LINUX}_ppc64le",
    "linux-s390x": rf"{_LINUX}_s390x",
    "linux-riscv64": rf"{_LINUX}_riscv64",
    "osx-64": r"macosx_\d+_\d+_(?:x86_64|universal2|universal|intel|fat64|fat32)",
    "osx-arm64": r"macosx_\d+_\d+_(?:arm64|universal2)",
    "win-64": r"win_amd64",
    "win-32": r"win32",
    "win-arm64": r"win_arm64",
}
_IMPLEMENTATIONS = {"cpython": "cp", "pypy": "pp"}
_PYTHON = re.compile(r"(py|cp|pp)(\d)(\d*)")


def fits_any(names: Iterable[str], target: Target) -> bool:
    """Tell whether one of these wheels fits; a name that is none fits, since it says nothing."""
    return any(fits(name, target) for name in names)


def fits(name: str, target: Target) -> bool:
    """Tell whether a wheel's tags allow it on the target's Python and platform, as far as those are known."""
    parts = name.removesuffix(".whl").split("-")
    if len(parts) < 5:
        return True
    pythons, abis, platforms = (part.split(".") for part in parts[-3:])
    platforms = [platform for platform in platforms if _runs_on(platform, target)]
    if platforms == ["any"]:
        abis = [abi for abi in abis if abi == "none"]  # what is compiled is for some platform
    return bool(platforms) and any(_runs_by(python, abi, target) for python in pythons for abi in abis)


def _runs_on(platform: str, target: Target) -> bool:
    wanted = _PLATFORMS.get(target.platform)
    return platform == "any" or wanted is None or re.fullmatch(wanted, platform) is not None


def _runs_by(python: str, abi: str, target: Target) -> bool:
    """Tell whether an interpreter takes a pair of tags (packaging.tags: cpython_tags, compatible_tags)."""
    found, version = _PYTHON.fullmatch(python), _series(target.python)
    if not found or version is None:
        return version is None
    family, wanted = found[1], (int(found[2]), int(found[3] or 0))
    if family == "py":
        return abi == "none" and wanted[0] == version[0] and wanted <= version
    if family != _IMPLEMENTATIONS.get(target.markers.get("implementation_name", "cpython")):
        return False
    if abi == "abi3":
        return wanted[0] == version[0] and (3, 2) <= wanted <= version
    # A letter more is another build: free-threaded or for debugging; m was that of every CPython up to 3.7.
    return wanted == version and (family == "pp" or abi in ("none", python, f"{python}m"))


def _series(python: str) -> tuple[int, int] | None:
    found = re.match(r"(\d+)\.(\d+)", python)
    return (int(found[1]), int(found[2])) if found else None
