"""A virtual environment, read whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from envcheck.gather.environments.catalogue import read_environment
from envcheck.model.requirements import DirectKind
from tests.support.environments import build_environment

SITE = Path("lib/python3.11/site-packages")


def test_distribution_has_all_its_facts(tmp_path: Path) -> None:
    pandas = {
        "name": "Pandas",
        "version": "2.1.4",
        "requires": ["numpy>=1.23", "pytest; extra == 'test'"],
        "extras": ["test"],
        "requires-python": ">=3.9",
        "installer": "uv",
        "direct-url": '{"url": "https://files.example/p.whl", "archive_info": {}}',
    }
    build_environment(tmp_path, {"distributions": [pandas]})

    environment = read_environment(str(tmp_path), how_found="--prefix", environ={})
    (found,) = environment.distributions

    assert (environment.kind, environment.python, environment.how_found) == ("venv", "3.11.7", "--prefix")
    assert (found.name, found.shown_name, found.version) == ("pandas", "Pandas", "2.1.4")
    assert found.requires == ("numpy>=1.23", "pytest; extra == 'test'")
    assert (found.provides_extras, found.requires_python, found.installer) == (("test",), ">=3.9", "uv")
    assert found.direct is not None
    assert found.direct.kind is DirectKind.URL
    assert found.site == str(tmp_path / SITE)
    assert found.place.path == str(tmp_path / SITE / "Pandas-2.1.4.dist-info")
    assert (found.conda, found.leaked, found.plugin) == ("", False, False)


@pytest.mark.parametrize(
    ("entry_points", "plugin"),
    [
        ("", False),
        ("[console_scripts]\na = b:c\n[gui_scripts]\nd = e:f\n", False),
        ("[console_scripts]\na = b:c\n[ pandas.plotting ]\nx = y\n", True),
    ],
    ids=["none", "scripts", "others"],
)
def test_entry_points_make_a_plugin(tmp_path: Path, entry_points: str, plugin: bool) -> None:
    build_environment(tmp_path, {"distributions": [{"name": "demo", "entry-points": entry_points}]})

    assert read_environment(str(tmp_path), environ={}).distributions[0].plugin is plugin


def test_second_metadata_of_a_name_is_a_duplicate(tmp_path: Path) -> None:
    versions = [{"name": "demo", "version": version} for version in ("1.9", "1.10", "2.0.dev1")]
    build_environment(tmp_path, {"distributions": [*versions, {"name": "other"}]})

    environment = read_environment(str(tmp_path), environ={})

    assert [(found.name, found.version) for found in environment.distributions] == [
        ("demo", "2.0.dev1"),
        ("other", "1.0"),
    ]
    assert [found.version for found in environment.duplicates] == ["1.10", "1.9"]
    assert environment.problems == ()


def test_broken_one_of_two_does_not_count(tmp_path: Path) -> None:
    build_environment(tmp_path, {"distributions": [{"name": "demo", "version": version} for version in ("1.0", "2.0")]})
    (tmp_path / SITE / "demo-2.0.dist-info/METADATA").unlink()

    environment = read_environment(str(tmp_path), environ={})

    assert [found.version for found in environment.distributions] == ["1.0"]
    assert [found.version for found in environment.duplicates] == ["2.0"]


def test_system_site_packages_come_after_its_own(tmp_path: Path) -> None:
    base, venv = tmp_path / "base", tmp_path / "venv"
    build_environment(base, {"distributions": [{"name": "both", "version": "1.0"}, {"name": "shared"}]})
    (base / "pyvenv.cfg").unlink()
    (base / "lib/python3.11/os.py").touch()
    own = [{"name": "both", "version": "2.0"}]
    build_environment(venv, {"home": str(base / "bin"), "include-system-site-packages": True, "distributions": own})

    environment = read_environment(str(venv), environ={})

    assert [(found.name, found.version) for found in environment.distributions] == [("both", "2.0"), ("shared", "1.0")]
    assert environment.duplicates == ()
    assert not any(found.leaked for found in environment.distributions)


def test_same_folder_by_two_ways_is_read_once(tmp_path: Path) -> None:
    build_environment(tmp_path, {"distributions": [{"name": "demo"}]})
    (tmp_path / "lib64").symlink_to("lib")
    (tmp_path / SITE / "again.pth").write_text("../../../lib64/python3.11/site-packages\n")

    assert len(read_environment(str(tmp_path), environ={}).distributions) == 1


def test_not_an_environment_is_a_problem(tmp_path: Path) -> None:
    environment = read_environment(str(tmp_path), environ={})

    assert environment.distributions == ()
    assert "no Python environment" in environment.problems[0].message


def test_nothing_of_it_runs(tmp_path: Path) -> None:
    build_environment(tmp_path, {"distributions": [{"name": "demo"}]})
    trap = f"import os; open({str(tmp_path / 'sprung')!r}, 'w')\n"
    for name in ("trap.pth", "sitecustomize.py", "usercustomize.py", "demo/__init__.py"):
        (tmp_path / SITE / name).write_text(trap)

    read_environment(str(tmp_path), environ={})
    read_environment(str(tmp_path / "bin/python"), environ={})

    assert not (tmp_path / "sprung").exists()


def test_pipes_loops_and_folders_in_place_of_files_stop_nothing(tmp_path: Path) -> None:
    build_environment(tmp_path, {"distributions": [{"name": "demo"}, {"name": "sound"}]})
    metadata = tmp_path / SITE / "demo-1.0.dist-info"
    (metadata / "METADATA").unlink()
    os.mkfifo(metadata / "METADATA")
    os.mkfifo(tmp_path / SITE / "piped.pth")
    os.mkfifo(tmp_path / SITE / "piped.egg-info")
    (metadata / "RECORD").unlink()
    (metadata / "RECORD").mkdir()
    (metadata / "direct_url.json").symlink_to("direct_url.json")
    (tmp_path / SITE / "looped-1.0.dist-info").symlink_to("looped-1.0.dist-info")

    environment = read_environment(str(tmp_path), environ={})
    messages = "\n".join(problem.message for problem in environment.problems)

    assert {found.name for found in environment.distributions} == {"demo", "looped", "piped", "sound"}
    assert "METADATA cannot be read (not a regular file)" in messages
    assert "RECORD cannot be read (not a regular file)" in messages
    assert "direct_url.json cannot be read" in messages


def test_unreadable_folder_is_a_problem(tmp_path: Path) -> None:
    build_environment(tmp_path, {})
    (tmp_path / SITE).rmdir()
    (tmp_path / SITE).symlink_to("site-packages")

    environment = read_environment(str(tmp_path), environ={})

    assert "the folder cannot be read" in environment.problems[0].message


def test_nul_characters_in_paths_stop_nothing(tmp_path: Path) -> None:
    url = '{"url": "file:///x%00y", "dir_info": {"editable": true}}'
    build_environment(
        tmp_path, {"home": "/x\0/bin", "distributions": [{"name": "demo", "modules": [], "direct-url": url}]}
    )
    (tmp_path / SITE / "bad.egg-link").write_text("/a\0b\n../")
    (tmp_path / SITE / "bad.pth").write_text("/a\0b\n")

    environment = read_environment(str(tmp_path), environ={})

    assert [found.name for found in environment.distributions] == ["demo"]


def test_venvs_based_on_each_other_end(tmp_path: Path) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        spec = {"home": str(tmp_path / other / "bin"), "include-system-site-packages": True}
        build_environment(tmp_path / one, {**spec, "distributions": [{"name": one}]})

    assert [found.name for found in read_environment(str(tmp_path / "a"), environ={}).distributions] == ["a"]


def test_huge_description_costs_nothing(tmp_path: Path) -> None:
    build_environment(tmp_path, {"distributions": [{"name": "demo"}]})
    with (tmp_path / SITE / "demo-1.0.dist-info/METADATA").open("r+b") as file:
        file.truncate(1 << 30)

    environment = read_environment(str(tmp_path), environ={})

    assert environment.distributions[0].version == "1.0"


def test_headers_longer_than_the_first_read_are_read(tmp_path: Path) -> None:
    metadata = "Name: demo\nDescription: x\n" + "        long\n" * 20_000 + "Version: 7\n\n"
    build_environment(tmp_path, {"distributions": [{"name": "demo", "version": "7", "metadata": metadata}]})

    assert read_environment(str(tmp_path), environ={}).problems == ()
