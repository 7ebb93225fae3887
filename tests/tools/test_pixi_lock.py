"""Locks of pixi's, written by hand and by rattler, as py-rattler reads them; and prefixes installed from them."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from envcheck.gather.environments.catalogue import read_environment
from envcheck.model.locks import Target
from envcheck.model.names import Ecosystem
from tests.support.conda_channel import CondaPackage as Made
from tests.support.conda_channel import make_channel, python_itself, python_package
from tests.support.pixi_locks import LOCKS
from tests.support.pixi_reading import by_rattler, by_us, lock_at

pytestmark = pytest.mark.tools

ENVIRONMENTS = {
    "default": ["python 3.11.*", "alpha", "beta-conda >=1", "libfoo"],
    "old": ["python 3.11.*", "alpha 1.1.*"],
    "bare": ["libfoo"],
}
PLATFORMS = ("linux-64", "osx-arm64", "win-64")


@pytest.fixture(scope="module")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("conda") / "channel"
    make_channel(
        folder,
        [
            python_itself("3.11.7"),
            Made("libfoo", "1.1", "h0_0", {"lib/libfoo.so": ""}, noarch=False),
            python_package("alpha", "1.1"),
            python_package("alpha", "1.2"),
            python_package("beta-conda", "1.5", distribution="beta"),
        ],
    )
    return folder


@pytest.fixture(scope="module")
def made(channel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a lock that rattler writes of what its solver finds: three environments on three platforms."""
    import rattler

    url = channel.as_uri()
    platforms = [rattler.LockPlatform(name) for name in PLATFORMS]
    lock = rattler.LockFile(platforms)

    async def fill() -> None:
        for name, specs in ENVIRONMENTS.items():
            lock.set_channels(name, [rattler.LockChannel(url + "/")])
            records = await rattler.solve(
                [rattler.Channel(url)],
                specs,
                platforms=["linux-64", "noarch"],
                virtual_packages=rattler.VirtualPackage.detect(),
            )
            for platform in platforms:
                for record in records:
                    lock.add_conda_package(name, platform, record)
                if name != "bare":
                    where = f"https://index.example/iniconfig-2.2.0-{platform.name.replace('-', '_')}.whl"
                    lock.add_pypi_package(name, platform, "iniconfig", "2.2.0", where)

    asyncio.run(fill())
    path = tmp_path_factory.mktemp("made") / "pixi.lock"
    lock.to_path(path)
    return path


def test_selections_of_a_lock_that_rattler_writes(made: Path) -> None:
    found = by_us(made)
    assert found == by_rattler(made)
    assert len(found) == len(ENVIRONMENTS) * len(PLATFORMS)
    assert sum(map(len, found.values())) == (5 + 3 + 1) * 3


@pytest.mark.parametrize("name", LOCKS)
def test_selections_of_written_locks(name: str, tmp_path: Path) -> None:
    path = tmp_path / "pixi.lock"
    path.write_text(LOCKS[name], encoding="utf-8")
    found = by_us(path)
    assert found == by_rattler(path)
    assert found


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_what_rattler_installs_from_a_lock_is_what_is_selected(environment: str, made: Path, tmp_path: Path) -> None:
    import rattler

    locked = rattler.LockFile.from_path(made).environment(environment)
    assert locked
    platform = next(platform for platform in locked.platforms() if platform.name == "linux-64")
    records = locked.conda_repodata_records_for_platform(platform)
    prefix = tmp_path / ".pixi" / "envs" / environment
    asyncio.run(rattler.install(records, prefix, cache_dir=tmp_path / "packages", show_progress=False))

    groups = () if environment == "default" else (environment,)
    selection = lock_at(made).select(Target("3.11.7", "linux-64", groups=groups), ())
    installed = read_environment(str(prefix), environ={}).conda

    wanted = {entry.name: entry for entry in selection.entries if entry.ecosystem is Ecosystem.CONDA}
    assert sorted(wanted) == sorted(package.name for package in installed)
    for package in installed:
        entry = wanted[package.name]
        assert entry.constraint.exact == package.version
        assert entry.constraint.allows(package.version, package.build)
        assert entry.hashes == (f"md5:{package.md5}", f"sha256:{package.sha256}")
        assert entry.channel == package.channel.rstrip("/")
        assert entry.platform == "linux-64"


def test_rattler_refuses_the_versions_that_we_refuse(tmp_path: Path) -> None:
    path = tmp_path / "pixi.lock"
    path.write_text(re.sub("version: 7", "version: 99", LOCKS["version 7"], count=1), encoding="utf-8")
    with pytest.raises(Exception, match="99"):
        by_rattler(path)
