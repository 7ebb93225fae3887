"""Conda prefixes: records, ownership, and what pip did to them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from envcheck.gather.environments.catalogue import read_environment
from envcheck.gather.environments.conda_records import parse_record
from envcheck.model.environment import Environment
from tests.support.environments import build_environment

SITE = Path("lib/python3.11/site-packages")


def read(folder: Path, **spec: object) -> Environment:
    build_environment(folder, {"kind": "conda", **spec})
    return read_environment(str(folder), environ={})


def test_record_has_all_its_facts(tmp_path: Path) -> None:
    pandas = {
        "name": "pandas",
        "version": "2.1.4",
        "build": "py311h1_0",
        "depends": ["numpy"],
        "requested": True,
        "md5": "0",
    }
    owned = {"name": "pandas", "version": "2.1.4", "conda": "pandas"}

    environment = read(tmp_path, python="3.11.7", conda=[pandas], distributions=[owned])
    found, python = environment.conda

    assert (environment.kind, environment.python) == ("conda", "3.11.7")
    assert (found.name, found.version, found.build, found.channel) == ("pandas", "2.1.4", "py311h1_0", "conda-forge")
    assert (found.depends, found.requested, found.md5, found.subdir) == (("numpy",), True, "0", "linux-64")
    assert (found.provides, found.clobbered) == (("pandas",), {})
    assert found.place.path == str(tmp_path / "conda-meta/pandas-2.1.4-py311h1_0.json")
    assert (python.name, python.requested) == ("python", False)
    assert environment.distributions[0].conda == "pandas"


def test_conda_wins_over_pyvenv_cfg(tmp_path: Path) -> None:
    build_environment(tmp_path, {"kind": "conda"})
    (tmp_path / "pyvenv.cfg").write_text("home = /nowhere/bin\nversion = 3.9.1\n")

    assert read_environment(str(tmp_path), environ={}).kind == "conda"


def test_names_of_conda_and_python_come_from_files(tmp_path: Path) -> None:
    owned = [{"name": name, "conda": "tools"} for name in ("beta", "gamma")]

    environment = read(tmp_path, conda=[{"name": "tools"}], distributions=[*owned, {"name": "by-pip"}])

    assert environment.conda[1].provides == ("beta", "gamma")
    assert {found.name: found.conda for found in environment.distributions} == {
        "beta": "tools",
        "gamma": "tools",
        "by-pip": "",
    }


def test_builders_direct_url_is_debris(tmp_path: Path) -> None:
    debris = '{"url": "file:///home/conda/feedstock_root/x", "dir_info": {}}'
    owned = {"name": "owned", "conda": "owned", "installer": "pip", "direct-url": debris}
    marked = {"name": "marked", "installer": "conda", "direct-url": "not even JSON"}

    environment = read(tmp_path, conda=[{"name": "owned"}], distributions=[owned, marked])

    assert [found.direct for found in environment.distributions] == [None, None]
    assert environment.problems == ()


@pytest.mark.parametrize(
    ("standing", "clobbered"),
    [([{"name": "Beta", "version": "1.9"}], {"beta": "1.9"}), ([], {"beta": ""})],
    ids=["replaced by pip", "removed"],
)
def test_clobbered(tmp_path: Path, standing: list[dict[str, str]], clobbered: dict[str, str]) -> None:
    record = {"name": "beta-conda", "version": "1.5", "files": [f"{SITE}/beta-1.5.dist-info/METADATA"]}

    environment = read(tmp_path, conda=[record], distributions=standing)

    assert environment.conda[0].clobbered == clobbered
    assert environment.conda[0].provides == ("beta",)


EDITABLE = '{"url": "file:///projects/beta", "dir_info": {"editable": true}}'


@pytest.mark.parametrize(
    ("installer", "listed", "replaced"),
    [("pip", False, True), ("pip", True, False), ("conda", False, False)],
    ids=["by pip", "in the package", "by conda"],
)
def test_same_version_in_the_place_of_the_package(tmp_path: Path, installer: str, listed: bool, replaced: bool) -> None:
    metadata = f"{SITE}/beta-1.5.dist-info"
    files = [f"{metadata}/METADATA", *([f"{metadata}/direct_url.json"] if listed else [])]
    there = {"name": "beta", "version": "1.5", "installer": installer, "direct-url": EDITABLE}

    environment = read(tmp_path, conda=[{"name": "beta-conda", "files": files}], distributions=[there])

    (found,) = environment.distributions
    assert (found.conda == "", found.direct is not None) == (replaced, replaced)
    assert environment.conda[0].clobbered == ({"beta": "1.5"} if replaced else {})


@pytest.mark.parametrize(
    "files",
    [["lib/python3.9/site-packages/beta-1.5.dist-info/RECORD"], [f"{SITE}/beta-1.5.dist-info/RECORD"]],
    ids=["of a Python that was replaced", "of another record now"],
)
def test_not_clobbered(tmp_path: Path, files: list[str]) -> None:
    old, new = {"name": "beta-old", "files": files}, {"name": "beta"}

    environment = read(tmp_path, conda=[old, new], distributions=[{"name": "beta", "version": "2", "conda": "beta"}])

    assert [found.clobbered for found in environment.conda] == [{}, {}, {}]


def test_modules_without_a_distribution_belong_to_the_conda_package(tmp_path: Path) -> None:
    record = {"name": "libthing-python", "files": [f"{SITE}/thing.py", f"{SITE}/thing_data/x.txt", "bin/thing"]}

    environment = read(tmp_path, conda=[record])

    assert environment.modules == {"thing": ("conda:libthing-python",)}


def test_record_of_conda_stands_in_for_a_missing_record(tmp_path: Path) -> None:
    record = {"name": "old", "files": [f"{SITE}/old_module.py", f"{SITE}/old-1.0-py3.11.egg-info"]}
    build_environment(tmp_path, {"kind": "conda", "conda": [record]})
    (tmp_path / SITE / "old-1.0-py3.11.egg-info").write_text("Name: old\nVersion: 1.0\n")

    environment = read_environment(str(tmp_path), environ={})

    assert environment.distributions[0].conda == "old"
    assert environment.modules == {"old_module": ("old",)}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": 1}', '{"name": "x"}', "[" * 100_000], ids=str)
def test_unreadable_record_is_a_problem(tmp_path: Path, text: str) -> None:
    build_environment(tmp_path, {"kind": "conda", "distributions": [{"name": "demo"}]})
    (tmp_path / "conda-meta/broken-1-0.json").write_text(text)
    (tmp_path / "conda-meta/._python.json").write_text("a Macintosh's debris")

    environment = read_environment(str(tmp_path), environ={})

    assert [problem.place.path for problem in environment.problems] == [str(tmp_path / "conda-meta/broken-1-0.json")]
    assert "the record cannot be read" in environment.problems[0].message
    assert len(environment.distributions) == 1


def test_two_records_of_one_name_are_a_problem(tmp_path: Path) -> None:
    environment = read(tmp_path, conda=[{"name": "x", "version": version} for version in ("1", "2")])

    assert "x: conda has two records of it" in environment.problems[0].message


def test_record_that_does_not_fit_the_type_is_read_leniently() -> None:
    text = {
        "name": "Tk",
        "version": "8.6",
        "build": 3,
        "md5": None,
        "depends": None,
        "requested_spec": "None",
        "files": ["lib\\x.py", "Lib/site-packages/tk-8.6.dist-info/RECORD", 7],
    }
    record = parse_record(json.dumps(text).encode())

    assert (record.name, record.version, record.build, record.md5, record.depends) == ("tk", "8.6", "", "", ())
    assert record.requested is False
    assert record.metadata == (("Lib/site-packages", "tk-8.6.dist-info"),)


@pytest.mark.parametrize(
    ("wishes", "requested"),
    [
        ({}, False),
        ({"requested_spec": "None"}, False),
        ({"requested_spec": ""}, False),
        ({"requested_spec": "pandas"}, True),
        ({"requested_specs": []}, False),
        ({"requested_specs": ["pandas >=2"]}, True),
    ],
)
def test_requested(wishes: dict[str, object], requested: bool) -> None:
    record = parse_record(json.dumps({"name": "pandas", "version": "1", **wishes}).encode())

    assert record.requested is requested


def test_prefix_without_python(tmp_path: Path) -> None:
    (tmp_path / "conda-meta").mkdir()
    (tmp_path / "conda-meta/history").touch()
    (tmp_path / "conda-meta/zlib-1-0.json").write_text('{"name": "zlib", "version": "1"}')

    environment = read_environment(str(tmp_path), environ={"HOME": "/nowhere"})

    assert (environment.kind, environment.python, environment.distributions) == ("conda", "", ())
    assert [found.name for found in environment.conda] == ["zlib"]
