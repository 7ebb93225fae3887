"""A conda channel of small packages made on the spot, and real prefixes installed from it by rattler."""

from __future__ import annotations

import asyncio
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

PLATFORM = "linux-64"


@dataclass(frozen=True)
class CondaPackage:
    """A package to be made: ``files`` maps paths to contents; a ``noarch`` one is of Python, others of ``subdir``."""

    name: str
    version: str
    build: str = "0"
    files: Mapping[str, str] = field(default_factory=dict)
    depends: Sequence[str] = ()
    noarch: bool = True
    subdir: str = PLATFORM


def python_package(
    name: str, version: str, *, distribution: str = "", more: Mapping[str, str] | None = None
) -> CondaPackage:
    """Return a package that holds one Python distribution, as conda-build makes it from ``pip install .``."""
    distribution = distribution or name
    metadata = f"site-packages/{distribution}-{version}.dist-info"
    files = {
        f"site-packages/{distribution}/__init__.py": "",
        f"{metadata}/METADATA": f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n",
        f"{metadata}/INSTALLER": "conda\n",
        **{path.format(metadata=metadata): text for path, text in (more or {}).items()},
    }
    record = f"{metadata}/RECORD"
    files[record] = "".join(f"{path.removeprefix('site-packages/')},,\n" for path in [*files, record])
    return CondaPackage(name, version, "pyhd0_0", files, ["python"])


def python_itself(version: str) -> CondaPackage:
    """Return a stand-in for the interpreter's package; it holds nothing that runs."""
    folder = f"lib/python{'.'.join(version.split('.')[:2])}"
    return CondaPackage("python", version, "0_cpython", {f"{folder}/os.py": "", "bin/python": ""}, noarch=False)


def make_channel(folder: Path, packages: Sequence[CondaPackage]) -> None:
    """Write packages and the index of a channel."""
    from rattler.index import index_fs

    (folder / "noarch").mkdir(parents=True)
    for package in packages:
        _write(folder, package)
    asyncio.run(index_fs(folder, write_zst=False, write_shards=False, force=True))


def install(channel: Path, prefix: Path, specs: Sequence[str]) -> None:
    """Install into a prefix what rattler's solver finds for these specs."""
    import rattler

    wanted = [rattler.MatchSpec(spec) for spec in specs]  # as conda reads them, and not strictly

    async def solve_and_install() -> None:
        records = await rattler.solve(
            sources=[rattler.Channel(channel.as_uri())],
            specs=wanted,
            platforms=[PLATFORM, "noarch"],
            virtual_packages=rattler.VirtualPackage.detect(),
        )
        await rattler.install(
            records,
            target_prefix=prefix,
            cache_dir=prefix.parent / "packages",
            show_progress=False,
            # py-rattler 0.28 passes these on without unwrapping them.
            requested_specs=[spec._match_spec for spec in wanted],
        )

    asyncio.run(solve_and_install())


def _write(folder: Path, package: CondaPackage) -> None:
    subdir = "noarch" if package.noarch else package.subdir
    index = {
        "name": package.name,
        "version": package.version,
        "build": package.build,
        "build_number": 0,
        "depends": list(package.depends),
        "subdir": subdir,
        **({"noarch": "python"} if package.noarch else {}),
    }
    paths = [
        {
            "_path": path,
            "path_type": "hardlink",
            "sha256": sha256(text.encode()).hexdigest(),
            "size_in_bytes": len(text),
        }
        for path, text in package.files.items()
    ]
    members = {
        "info/index.json": json.dumps(index),
        "info/paths.json": json.dumps({"paths": paths, "paths_version": 1}),
        "info/files": "".join(f"{path}\n" for path in package.files),
        **(
            {"info/link.json": '{"noarch": {"type": "python"}, "package_metadata_version": 1}'}
            if package.noarch
            else {}
        ),
        **package.files,
    }
    target = folder / subdir / f"{package.name}-{package.version}-{package.build}.tar.bz2"
    target.parent.mkdir(exist_ok=True)
    with tarfile.open(target, "w:bz2") as archive:
        for path, text in members.items():
            member = tarfile.TarInfo(path)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
