"""What a pdm.lock was made for (``[[metadata.targets]]``), and whether that covers an environment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from envcheck.gather.documents.lock_texts import text_in
from envcheck.model.constraints import pep440

_SYSTEMS = {"manylinux": "linux", "musllinux": "linux", "linux": "linux", "alpine": "linux"} | {
    "windows": "win32",
    "win": "win32",
    "macos": "darwin",
    "macosx": "darwin",
}
_ALIASES = {"linux": "x86_64", "alpine": "x86_64", "windows": "amd64", "macos": "arm64"}
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64", "i686": "x86", "i386": "x86", "win32": "x86"}
_PLATFORM = re.compile(r"([a-z]+)(?:_\d+_\d+)?_([a-z]\w*)\Z")
_RELEASE = re.compile(r"\d+(?:\.\d+)*")


class Scope(Struct, frozen=True):
    """One target: a range of Pythons, a platform in pdm's words and an implementation, each empty for any."""

    python: str = ""
    platform: str = ""
    implementation: str = ""

    def covers(self, environment: Mapping[str, str]) -> bool:
        """Tell whether an environment is one of those meant; what is not known of it is no obstacle.

        As ``EnvSpec.compare`` of dep-logic: versions of glibc and of macOS only make pdm warn.
        """
        return (
            self._covers_python(environment.get("python_full_version", ""))
            and self.implementation in ("", environment.get("implementation_name", "") or self.implementation)
            and self._covers_platform(environment)
        )

    def _covers_python(self, version: str) -> bool:
        release = _RELEASE.match(version)  # pdm takes 3.14.0rc1 for 3.14.0
        try:
            return not release or pep440(self.python).allows(release[0])
        except ValueError:
            return True

    def _covers_platform(self, environment: Mapping[str, str]) -> bool:
        system, machine = self.parts
        found = environment.get("platform_machine", "").lower()
        return not system or (
            environment.get("sys_platform", system) in ("", system)
            and (not found or _MACHINES.get(found, found) == machine)
        )

    @property
    def parts(self) -> tuple[str, str]:
        """The platform as ``sys_platform`` and machine, both empty when there is none or its name is not known."""
        match = _PLATFORM.match(self.platform)
        name, machine = (match[1], match[2]) if match else (self.platform, _ALIASES.get(self.platform, ""))
        return (_SYSTEMS.get(name, name), _MACHINES.get(machine, machine)) if machine else ("", "")

    def __str__(self) -> str:
        python = f"Python {self.python}" if self.python else "any Python"
        return " ".join(filter(None, (self.implementation, python, self.platform and f"on {self.platform}")))


def read_scopes(tables: Iterable[Mapping[str, object]]) -> tuple[Scope, ...]:
    """Return the targets of a lock."""
    keys = ("requires_python", "platform", "implementation")
    return tuple(Scope(*(text_in(table, key) for key in keys)) for table in tables)


def uncovered(scopes: tuple[Scope, ...], environment: Mapping[str, str]) -> str:
    """Return in a few words for what else a lock was made, empty when it covers the environment."""
    if not scopes or any(scope.covers(environment) for scope in scopes):
        return ""
    return f"made for {' and '.join(map(str, scopes))}"
