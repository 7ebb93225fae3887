"""What conda-lock asks of a conda executable, answered by py-rattler: solving, installing explicit lists, running pip.

Started as a program: ``python conda_shim.py create --prefix … --dry-run --json -c CHANNEL SPEC…``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from hashlib import md5
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

VIRTUAL = "conda-lock-fake-repodata"


def record_json(record: Any) -> dict[str, Any]:
    """Return a record of the solver as conda prints it."""
    return {
        "name": record.name.normalized,
        "version": str(record.version),
        "build": str(record.build),
        "build_string": str(record.build),
        "build_number": record.build_number,
        "channel": record.channel,
        "base_url": record.channel,
        "platform": record.subdir,
        "subdir": record.subdir,
        "url": record.url,
        "fn": record.file_name,
        "dist_name": f"{record.name.normalized}-{record.version}-{record.build}",
        "md5": record.md5.hex(),
        "sha256": record.sha256.hex(),
        "depends": list(record.depends),
        "constrains": list(record.constrains),
        "timestamp": 0,
    }


def virtual_packages(channel: str, platform: str) -> list[Any]:
    """Return the packages of the channel in which conda-lock describes the machine."""
    import rattler

    index = Path(urlsplit(channel).path) / platform / "repodata.json"
    packages = json.loads(index.read_text(encoding="utf-8"))["packages"].values() if index.exists() else ()
    return [
        rattler.GenericVirtualPackage(
            rattler.PackageName(each["name"]), rattler.Version(each["version"]), rattler.BuildString(each["build"])
        )
        for each in packages
    ]


async def solve(channels: Sequence[str], specs: Sequence[str], platform: str) -> list[Any]:
    """Return the records that the solver finds for a platform."""
    import rattler

    found: list[Any] = await rattler.solve(
        sources=[rattler.Channel(channel) for channel in channels if VIRTUAL not in channel],
        specs=list(specs),
        platforms=[platform, "noarch"],
        virtual_packages=[p for channel in channels if VIRTUAL in channel for p in virtual_packages(channel, platform)],
    )
    return found


async def install(listing: Path, prefix: str) -> None:
    """Install the archives of an explicit list into a prefix."""
    import rattler

    records = []
    for line in listing.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith(("#", "@")):
            continue
        url, _, digest = line.strip().partition("#")
        path = Path(unquote(urlsplit(url).path))
        if md5(path.read_bytes()).hexdigest() != digest:
            raise SystemExit(f"{url} has another md5")
        record = await rattler.RepoDataRecord.from_package_archive(path)
        record.url, record.channel = url, url.rsplit("/", 2)[0]
        records.append(record)
    await rattler.install(records, target_prefix=prefix, show_progress=False, cache_dir=f"{prefix}.packages")


def make_runnable(prefix: Path) -> None:
    """Put the interpreter that runs this in the place of the stand-in of a prefix, with its own standard library."""
    interpreter = prefix / "bin/python"
    if interpreter.stat().st_size:
        return
    interpreter.unlink()
    shutil.copy2(Path(sys.executable).resolve(), interpreter)
    library = prefix / "lib" / f"python{sysconfig.get_python_version()}"
    for each in Path(sysconfig.get_path("stdlib")).iterdir():
        if each.name != "site-packages":
            (library / each.name).unlink(missing_ok=True)
            (library / each.name).symlink_to(each)


def main(words: list[str]) -> int:
    """Do what one of conda's commands does."""
    if words[0] in ("--version", "-V"):
        print("conda 99.0.0")  # noqa: T201
        return 0
    parser = argparse.ArgumentParser()
    parser.add_argument("command")
    parser.add_argument("--prefix", "-p")
    parser.add_argument("--file")
    parser.add_argument("--channel", "-c", action="append", default=[])
    for flag in ("--dry-run", "--json", "--override-channels", "--quiet", "--yes", "--show"):
        parser.add_argument(flag, action="store_true")
    asked, specs = parser.parse_known_args(words)
    if asked.command == "run":
        make_runnable(Path(asked.prefix))
        pip = [sys.executable, "-m", "pip", "--python", f"{asked.prefix}/bin/python", *specs[specs.index("pip") + 1 :]]
        return subprocess.run(pip, check=False).returncode
    if asked.command == "create" and asked.file:
        asyncio.run(install(Path(asked.file), asked.prefix))
        return 0
    if asked.command == "create" and asked.dry_run:
        found = asyncio.run(solve(asked.channel, specs, os.environ["CONDA_SUBDIR"]))
        actions = {name: [record_json(record) for record in found] for name in ("FETCH", "LINK")}
        print(json.dumps({"success": True, "dry_run": True, "prefix": asked.prefix, "actions": actions}))  # noqa: T201
        return 0
    print(json.dumps({"pkgs_dirs": [os.environ.get("CONDA_PKGS_DIRS", "")], "conda_version": "99.0.0"}))  # noqa: T201
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(status)  # py-rattler 0.28 sometimes crashes while the interpreter ends
