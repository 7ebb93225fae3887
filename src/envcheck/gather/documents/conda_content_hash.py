"""The hash that conda-lock keeps of what it locked, computed again from environment.yml.

It is made of the specs, the channels and the virtual packages that the solver was told, and those differ between
versions of conda-lock and by options (``--with-cuda``). So an equal hash proves that nothing has changed, and another
one proves nothing; its authors say as much (conda/conda-lock#432).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import TypeAlias

from msgspec import Struct

from envcheck.gather.documents.conda_inputs import Channel, Wish

_Json: TypeAlias = "str | int | list[str] | dict[str, _Json]"
_TIME = 1577854800000
_ARCHITECTURES = {
    "linux-64": "x86_64",
    "linux-aarch64": "aarch64",
    "linux-ppc64le": "ppc64le",
    "osx-64": "x86_64",
    "osx-arm64": "arm64",
    "win-64": "x86_64",
}
_GLIBC = ("2.28", "2.17")  # since conda-lock 2.5, and before
_CUDA = "11.4"
_NEW_FIELDS = ("markers", "subdirectory")  # conda-lock 3.0 hashed them even when empty


class Inputs(Struct, frozen=True):
    """What goes into the hash for one platform; ``cuda`` are versions of CUDA that may have been given."""

    platform: str
    channels: tuple[Channel, ...]
    wishes: tuple[Wish, ...]
    repositories: tuple[str, ...] = ()
    cuda: tuple[str, ...] = ()


def is_hash_of(recorded: str, inputs: Inputs) -> bool:
    """Tell whether a recorded hash is that of the inputs, as some conda-lock since 1.2 computes it."""
    from hashlib import sha256

    if any(wish.form is None for wish in inputs.wishes):
        return False
    machines = [json.dumps(each, sort_keys=True) for each in _machines(inputs)]
    for separators, keep in product(((",", ":"), (", ", ": ")), (False, True)):
        head = json.dumps({"channels": _channels(inputs, separators)}, sort_keys=True)[:-1]
        if inputs.repositories:
            texts = [_compact({"url": url}, separators) for url in inputs.repositories]
            head += f', "pip_repositories": {json.dumps(texts)}'
        head += f', "specs": {json.dumps(_specs(inputs, keep_empty=keep), sort_keys=True)}, "virtual_package_hash": '
        beginning = sha256(head.encode())
        for machine in machines:
            whole = beginning.copy()
            whole.update(f"{machine}}}".encode())
            if whole.hexdigest() == recorded.lower():
                return True
    return False


def _compact(value: dict[str, str | list[str]], separators: tuple[str, str]) -> str:
    return json.dumps(value, separators=separators, ensure_ascii=False)


def _channels(inputs: Inputs, separators: tuple[str, str]) -> list[str]:
    return [_compact({"url": c.url, "used_env_vars": list(c.used_env_vars)}, separators) for c in inputs.channels]


def _specs(inputs: Inputs, *, keep_empty: bool) -> list[dict[str, str | bool | list[str] | None]]:
    wishes = sorted(inputs.wishes, key=lambda wish: (wish.manager, wish.name))
    left_out = () if keep_empty else _NEW_FIELDS
    forms = [dict(wish.form or {}) for wish in wishes]
    return [{k: v for k, v in form.items() if v is not None or k not in left_out} for form in forms]


def _machines(inputs: Inputs) -> Iterator[dict[str, _Json]]:
    """Yield the fake repodata of virtual packages that the solver may have been given."""
    platform = inputs.platform
    noarch: _Json = {"info": {"subdir": "noarch"}, "packages": {}}
    if platform not in _ARCHITECTURES:
        yield {"noarch": noarch, platform: {}}
        return
    is_linux, has_cuda = platform.startswith("linux"), not platform.startswith("osx")
    cudas = dict.fromkeys((_CUDA, "", *inputs.cuda)) if has_cuda else ("",)
    doubles = (True, False) if platform == "osx-64" else (False,)
    for cuda, glibc, double, spurious in product(cudas, _GLIBC if is_linux else ("",), doubles, (True, False)):
        versions = {"__archspec": ["1"], "__osx": ["11.0", "10.15"][: 1 + double]}
        versions |= {"__unix": ["0"], "__linux": ["5.10"], "__win": ["0"], "__glibc": [glibc], "__cuda": [cuda]}
        yield {"noarch": noarch, platform: _repodata(platform, versions, spurious=spurious)}


def _repodata(platform: str, versions: dict[str, list[str]], *, spurious: bool) -> _Json:
    system = platform.partition("-")[0]
    absent = {"linux": ("__osx", "__win"), "osx": ("__linux", "__win"), "win": ("__osx", "__linux", "__unix")}[system]
    packages: dict[str, _Json] = {}
    for name, known in versions.items():
        for version in known:
            if name in absent or not version:
                continue
            text = _ARCHITECTURES[platform] if name == "__archspec" else ""
            # conda-lock up to 3.0.2 put the build number behind the build, and still hashes as if it did.
            build = (f"{text}_0" if spurious else text) or "0"
            packages[f"{name}-{version}-{build if text else '0'}.tar.bz2"] = {
                "build": build if text else "0",
                "build_number": 0,
                "build_string": text,
                "depends": [],
                "name": name,
                "noarch": "",
                "package_type": "virtual_system",
                "subdir": platform,
                "timestamp": _TIME,
                "version": version,
            }
    return {"info": {"subdir": platform}, "packages": packages}
