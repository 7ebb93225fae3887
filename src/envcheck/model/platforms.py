"""Platforms by their conda names (subdirs), and the marker variables that they stand for."""

from __future__ import annotations

from collections.abc import Mapping

_SYSTEMS = {
    "linux": {"os_name": "posix", "platform_system": "Linux", "sys_platform": "linux"},
    "osx": {"os_name": "posix", "platform_system": "Darwin", "sys_platform": "darwin"},
    "win": {"os_name": "nt", "platform_system": "Windows", "sys_platform": "win32"},
}
# What conda calls a machine, and what Python calls it on each system (``platform.machine()``).
_MACHINES = {
    "linux": {"64": "x86_64", "32": "i686"},
    "osx": {"64": "x86_64"},
    "win": {"64": "AMD64", "32": "x86", "arm64": "ARM64"},
}
_SUBDIRS = """
    linux-32 linux-64 linux-aarch64 linux-armv6l linux-armv7l linux-ppc64le linux-riscv64 linux-s390x
    osx-64 osx-arm64 win-32 win-64 win-arm64
"""
PLATFORMS = tuple(_SUBDIRS.split())
"""The subdirs that a lock may be asked about."""


def markers_of(subdir: str) -> dict[str, str]:
    """Return the marker variables that a subdir of :data:`PLATFORMS` decides."""
    system, _, machine = subdir.partition("-")
    return {**_SYSTEMS[system], "platform_machine": _MACHINES[system].get(machine, machine)}


def subdir_of(markers: Mapping[str, str]) -> str:
    """Return the subdir of a marker environment, empty for a platform that conda has no name for."""
    machine = markers.get("platform_machine", "").lower()
    for subdir in PLATFORMS:
        known = markers_of(subdir)
        if known["sys_platform"] == markers.get("sys_platform") and known["platform_machine"].lower() == machine:
            return subdir
    return ""
