"""Real conda prefixes that can be changed as users change them: by conda's transactions and by pip, without network."""

from __future__ import annotations

import asyncio
import platform
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.conda_channel import PLATFORM, CondaPackage, make_channel, python_itself, python_package
from tests.support.interpreters import make_wheel, run
from tests.support.planted import write_project
from tests.support.wheelhouse import sha256_of

if TYPE_CHECKING:
    from rattler import RepoDataRecord

PYTHON = platform.python_version()
OTHER_PYTHON = "3.12.1" if not PYTHON.startswith("3.12.") else "3.11.7"
OTHER_PATCH = f"{PYTHON.rpartition('.')[0]}.99"
SITE = f"lib/python{'.'.join(PYTHON.split('.')[:2])}/site-packages"
DEBRIS = {"{metadata}/direct_url.json": '{"url": "file:///home/conda/feedstock_root/work", "dir_info": {}}'}


def make_repository(folder: Path, name: str) -> tuple[str, str]:
    """Write a repository with two commits of one version, and return both."""
    write_project(folder, name, "0.1")
    git: list[str | Path] = ["git", "-C", folder, "-c", "user.name=tests", "-c", "user.email=tests@index.example"]
    run(["git", "init", "--quiet", "--initial-branch=main", folder])
    commits = []
    for number in ("first", "second"):
        (folder / "NOTES").write_text(f"{number}\n", encoding="utf-8")
        run([*git, "add", "."])
        run([*git, "commit", "--quiet", "--message", number])
        commits.append(run([*git, "rev-parse", "HEAD"]).strip())
    run(["git", "clone", "--quiet", "--bare", folder, f"{folder}.git"])
    run(["git", "-C", f"{folder}.git", "update-server-info"])
    return commits[0], commits[1]


def rebuilt(package: CondaPackage, build: str) -> CondaPackage:
    """Return a package in another build."""
    return replace(package, build=build, files={**package.files, f"share/{package.name}": build})


def write_channels(folder: Path) -> None:
    """Write the channel ``forge``, one of another name, and a mirror whose file of ``alpha`` is another one."""
    alpha = python_package("alpha", "1.2")
    foo = CondaPackage("libfoo", "1.1", "h0_0", {"lib/libfoo.so": ""}, noarch=False)
    python = replace(python_itself(PYTHON), depends=["libfoo"])
    packages = [
        python,
        rebuilt(python, "1_cpython"),
        *(replace(python_itself(version), depends=["libfoo"]) for version in (OTHER_PATCH, OTHER_PYTHON)),
        foo,
        rebuilt(foo, "h1_1"),
        alpha,
        rebuilt(alpha, "pyhd0_1"),
        python_package("alpha", "1.1"),
        *(python_package("beta-conda", version, distribution="beta", more=DEBRIS) for version in ("1.4", "1.5")),
        python_package("pip", "24.0"),
        python_package("stray", "3.0"),
    ]
    make_channel(folder / "forge", packages)
    make_channel(folder / "other", [alpha, foo])
    make_channel(folder / "mirror" / "forge", [replace(alpha, files={**alpha.files, "share/alpha": "made again"})])


def write_wheels(folder: Path) -> None:
    """Write the pages of an index: what is not in the channels, and newer ones of what is."""
    wheels = [("demo-lib", "1.4"), ("demo-lib", "1.5"), ("loose", "2.0"), ("beta", "1.9"), ("alpha", "1.2")]
    for name in sorted({name for name, _ in wheels}):
        page = folder / name
        page.mkdir(parents=True)
        files = [make_wheel(page, name, version) for each, version in wheels if each == name]
        links = "".join(f'<a href="{file.name}#{sha256_of(file).replace(":", "=")}">{file.name}</a>' for file in files)
        (page / "index.html").write_text(f"<!DOCTYPE html><html><body>{links}</body></html>", encoding="utf-8")


def pip(prefix: Path, *words: str | Path) -> None:
    """Run pip on the environment of a prefix."""
    command = [sys.executable, "-m", "pip", "--python", prefix / "bin/python", *words]
    run(command, NO_PROXY="127.0.0.1")


def transact(prefix: Path, channel: Path, specs: Sequence[str], *, drop: str = "") -> None:
    """Change what conda has installed: other packages in the place of those of their name, or one away."""
    import rattler

    async def change() -> None:
        there = [rattler.PrefixRecord.from_path(path) for path in sorted((prefix / "conda-meta").glob("*.json"))]
        wanted = await solved(channel, specs)
        names = {record.name.normalized for record in wanted} | {drop}
        kept = [record for record in there if record.name.normalized not in names]
        await rattler.install(
            [*kept, *wanted],
            target_prefix=prefix,
            cache_dir=prefix.parent / "packages",
            show_progress=False,
            reinstall_packages=names,
        )

    asyncio.run(change())


async def solved(channel: Path, specs: Sequence[str]) -> list[RepoDataRecord]:
    """Return the records of the specs alone, without what they depend on."""
    import rattler

    found = []
    for spec in map(rattler.MatchSpec, specs):
        sources, gateway = [rattler.Channel(channel.as_uri())], rattler.Gateway()
        answers = await gateway.query(sources, [PLATFORM, "noarch"], [spec], recursive=False)
        found.append(next(record for records in answers for record in records))
    return found
