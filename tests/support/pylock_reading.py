"""What packaging.pylock selects from a lock, and what our reader does, in the same words."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import tomli
from packaging import tags
from packaging.pylock import PackageDirectory, PackageVcs, Pylock, PylockSelectError, PylockValidationError

from envcheck.gather.declarations import pylock
from envcheck.model.locks import Target
from envcheck.model.readings import RawFile
from envcheck.model.requirements import DirectKind, DirectReference

Chosen = set[tuple[str, str, str]] | str
REFUSED = "refused"

_LINUX = ["manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64", "linux_x86_64"]
_LINUX += [f"manylinux_2_{minor}_x86_64" for minor in range(5, 41)] + [f"musllinux_1_{n}_x86_64" for n in range(4)]
PLATFORMS = {
    "linux-64": (_LINUX, {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}, "x86_64"),
    "osx-arm64": (
        list(tags.mac_platforms((26, 0), "arm64")),
        {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
        "arm64",
    ),
    "win-64": (["win_amd64"], {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"}, "AMD64"),
}
PYTHONS = ("3.10.13", "3.11.7", "3.13.0")


class Case(NamedTuple):
    """One question to a lock: our target, and the tags that packaging wants."""

    target: Target
    tags: Sequence[tags.Tag]

    def __str__(self) -> str:
        target = self.target
        return f"{target.python} {target.platform} {target.extras} {target.groups} {target.default_groups}"


def cases(extras: Sequence[str], groups: Sequence[str]) -> Iterator[Case]:
    """Yield every Python and platform with no, one and all of the extras and groups, with and without the defaults."""
    choices = {((), (), True), (tuple(extras), tuple(groups), True), ((), (), False), (tuple(extras), (), False)}
    choices |= {((extra,), (), True) for extra in extras} | {((), (group,), False) for group in groups}
    for python, platform, choice in itertools.product(PYTHONS, PLATFORMS, sorted(choices)):
        yield case(python, platform, *choice)


def case(
    python: str, platform: str, extras: tuple[str, ...] = (), groups: tuple[str, ...] = (), defaults: bool = True
) -> Case:
    platforms, names, machine = PLATFORMS[platform]
    series = tuple(map(int, python.split(".")[:2]))
    interpreter = f"cp{series[0]}{series[1]}"
    markers = {
        **names,
        "python_version": python.rpartition(".")[0],
        "python_full_version": python,
        "implementation_name": "cpython",
        "implementation_version": python,
        "platform_python_implementation": "CPython",
        "platform_machine": machine,
        "platform_release": "",
        "platform_version": "",
    }
    known = [*tags.cpython_tags(series, platforms=platforms)]
    known += tags.compatible_tags(series, interpreter=interpreter, platforms=platforms)
    return Case(Target(python, platform, markers, extras, groups, defaults), known)


def choices_of(data: bytes) -> tuple[list[str], list[str]]:
    """Return the extras and groups that a lock names."""
    tables = tomli.loads(data.decode())
    return tables.get("extras", []), tables.get("dependency-groups", [])


def is_valid(data: bytes) -> bool:
    try:
        Pylock.from_dict(tomli.loads(data.decode()))
    except PylockValidationError:
        return False
    return True


def by_packaging(data: bytes, asked: Case) -> Chosen:
    lock = Pylock.from_dict(tomli.loads(data.decode()))
    target = asked.target
    groups = {*target.groups, *((lock.default_groups or ()) if target.default_groups else ())}
    markers: Any = dict(target.markers)
    try:
        found = list(lock.select(environment=markers, tags=asked.tags, extras=target.extras, dependency_groups=groups))
    except PylockSelectError:
        return REFUSED
    return {(package.name, str(package.version or ""), _origin(source)) for package, source in found}


def _origin(source: object) -> str:
    if isinstance(source, PackageVcs):
        return source.commit_id
    return source.path if isinstance(source, PackageDirectory) else ""


def by_us(data: bytes, asked: Case) -> Chosen:
    lock = pylock.read(RawFile("pylock.toml", data)).value.lock
    assert lock
    selection = lock.select(asked.target, ())
    if selection.uncovered:
        assert selection.entries == ()
        return REFUSED
    return {(entry.name, entry.constraint.exact or "", _source(entry.direct)) for entry in selection.entries}


def _source(direct: DirectReference | None) -> str:
    if direct is None or direct.hashes:
        return ""
    return direct.commit or (direct.url if direct.kind is DirectKind.PATH else "")


def compare(path: Path) -> int:
    """Assert that both select the same from a lock whatever is asked, and return how often they were asked."""
    data = path.read_bytes()
    questions = list(cases(*choices_of(data)))
    for question in questions:
        assert by_us(data, question) == by_packaging(data, question), f"{path.name}: {question}"
    return len(questions)
