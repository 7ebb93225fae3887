"""All environments that a requirement may be for, as a sample: what holds in all of them is taken to hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from envcheck.gather.declarations.pdm_lock.targets import Scope
from envcheck.gather.documents.lock_texts import is_for

_PYTHONS = ("2.7.18", *(f"3.{minor}.{micro}" for minor in range(6, 18) for micro in (0, 9)))
_PLATFORMS = (
    ("linux", "posix", "Linux", "x86_64"),
    ("linux", "posix", "Linux", "aarch64"),
    ("darwin", "posix", "Darwin", "arm64"),
    ("darwin", "posix", "Darwin", "x86_64"),
    ("win32", "nt", "Windows", "AMD64"),
)
_KEYS = ("sys_platform", "os_name", "platform_system", "platform_machine")

Environment = Mapping[str, str]


@lru_cache(maxsize=64)
def environments(scopes: tuple[Scope, ...]) -> tuple[Environment, ...]:
    """Return environments that a lock for these targets covers, all of them when it names none."""
    everywhere = (_environment(python, platform) for python in _PYTHONS for platform in _PLATFORMS)
    return tuple(one for one in everywhere if not scopes or any(scope.covers(one) for scope in scopes))


def _environment(python: str, platform: Iterable[str]) -> Environment:
    return {
        "python_full_version": python,
        "python_version": ".".join(python.split(".")[:2]),
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "implementation_version": python,
        "platform_release": "",
        "platform_version": "",
        "extra": "",
        **dict(zip(_KEYS, platform, strict=True)),
    }


@lru_cache(maxsize=4096)
def where(marker: str, scopes: tuple[Scope, ...]) -> frozenset[int]:
    """Return the numbers of the environments that a marker holds in."""
    return frozenset(n for n, one in enumerate(environments(scopes)) if is_for(marker, one))
