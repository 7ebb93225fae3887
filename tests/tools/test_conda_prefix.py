"""A real conda prefix, installed by rattler from a channel made on the spot."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from envcheck.gather.environments.catalogue import read_environment
from envcheck.model.environment import CondaPackage, Environment
from tests.support.conda_channel import CondaPackage as Made
from tests.support.conda_channel import install, make_channel, python_itself, python_package
from tests.support.interpreters import make_wheel, run

pytestmark = pytest.mark.tools

SITE = "lib/python3.11/site-packages"
DEBRIS = {"{metadata}/direct_url.json": '{"url": "file:///home/conda/feedstock_root/work", "dir_info": {}}'}


@pytest.fixture(scope="module")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("rattler")
    folder = tmp_path_factory.mktemp("conda") / "channel"
    bare = Made("bare", "3.0", files={"site-packages/bare_module.py": ""}, depends=["python"])
    native = Made("libfoo", "1.1", "h0_0", {"lib/libfoo.so": ""}, noarch=False)
    alpha = python_package("alpha", "1.2")
    beta = python_package("beta-conda", "1.5", distribution="beta", more=DEBRIS)
    make_channel(folder, [python_itself("3.11.7"), native, alpha, beta, bare])
    return folder


@pytest.fixture
def prefix(channel: Path, tmp_path: Path) -> Path:
    install(channel, tmp_path / "env", ["python 3.11.*", "alpha", "beta-conda >=1", "bare", "libfoo"])
    return tmp_path / "env"


def read(prefix: Path) -> Environment:
    return read_environment(str(prefix), environ={})


def package(environment: Environment, name: str) -> CondaPackage:
    return next(found for found in environment.conda if found.name == name)


def test_records_are_those_of_rattler(prefix: Path) -> None:
    import rattler

    expected = {
        (record.name.normalized, str(record.version), str(record.build), record.subdir, record.url, record.md5.hex())
        for record in map(rattler.PrefixRecord.from_path, sorted((prefix / "conda-meta").glob("*.json")))
        if record.md5
    }

    found = {(each.name, each.version, each.build, each.subdir, each.url, each.md5) for each in read(prefix).conda}

    assert found == expected
    assert len(found) == 5


def test_python_and_distributions(prefix: Path) -> None:
    environment = read(prefix)

    assert (environment.kind, environment.python, environment.problems) == ("conda", "3.11.7", ())
    assert [(found.name, found.version, found.conda, found.direct) for found in environment.distributions] == [
        ("alpha", "1.2", "alpha", None),
        ("beta", "1.5", "beta-conda", None),
    ]
    assert package(environment, "beta-conda").provides == ("beta",)
    assert environment.modules == {"alpha": ("alpha",), "bare_module": ("conda:bare",), "beta": ("beta",)}
    assert all(found.requested for found in environment.conda)


def test_what_pip_installs_over_it(prefix: Path, tmp_path: Path) -> None:
    wheels = [make_wheel(tmp_path, "beta", "1.9"), make_wheel(tmp_path, "gamma", "0.1")]
    for folder in (prefix / SITE).glob("beta*"):
        shutil.rmtree(folder)  # What pip uninstalls first.
    run([sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "--target", prefix / SITE, *wheels])

    environment = read(prefix)

    assert package(environment, "beta-conda").clobbered == {"beta": "1.9"}
    assert package(environment, "alpha").clobbered == {}
    assert {found.name: (found.version, found.conda) for found in environment.distributions} == {
        "alpha": ("1.2", "alpha"),
        "beta": ("1.9", ""),
        "gamma": ("0.1", ""),
    }


def test_what_is_taken_away_from_it(prefix: Path) -> None:
    shutil.rmtree(prefix / SITE / "alpha-1.2.dist-info")

    assert package(read(prefix), "alpha").clobbered == {"alpha": ""}
