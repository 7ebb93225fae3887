"""Distributions from before wheels: egg-info folders and files, eggs."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from envcheck.gather.environments.catalogue import read_environment
from envcheck.model.environment import Environment
from tests.support.environments import build_environment

SITE = Path("lib/python3.11/site-packages")
HEADERS = "Metadata-Version: 1.1\nName: Demo\nVersion: 1.2\n"


def read(folder: Path, files: dict[str, str]) -> Environment:
    build_environment(folder, {})
    for name, text in files.items():
        (folder / SITE / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / SITE / name).write_text(text)
    return read_environment(str(folder), environ={})


@pytest.mark.parametrize(
    ("files", "modules"),
    [
        pytest.param({"Demo-1.2-py3.11.egg-info": HEADERS, "demo.py": ""}, {"demo"}, id="file"),
        pytest.param(
            {"Demo.egg-info/PKG-INFO": HEADERS, "Demo.egg-info/top_level.txt": "one\ntwo\n"},
            {"one", "two"},
            id="folder",
        ),
        pytest.param(
            {
                "Demo-1.2-py2.7.egg-info/PKG-INFO": HEADERS,
                "Demo-1.2-py2.7.egg-info/installed-files.txt": "../three/__init__.py\nPKG-INFO\n",
                "Demo-1.2-py2.7.egg-info/top_level.txt": "not_asked\n",
            },
            {"three"},
            id="installed files",
        ),
        pytest.param(
            {
                "easy-install.pth": "import sys\n./Demo-1.2-py3.11.egg\n",
                "Demo-1.2-py3.11.egg/EGG-INFO/PKG-INFO": HEADERS,
                "Demo-1.2-py3.11.egg/four/__init__.py": "",
            },
            {"four"},
            id="egg folder",
        ),
    ],
)
def test_egg_kinds(tmp_path: Path, files: dict[str, str], modules: set[str]) -> None:
    environment = read(tmp_path, files)

    assert [(found.shown_name, found.version) for found in environment.distributions] == [("Demo", "1.2")]
    assert set(environment.modules) == modules
    assert environment.problems == ()


def test_zipped_egg(tmp_path: Path) -> None:
    build_environment(tmp_path, {})
    with ZipFile(tmp_path / SITE / "Demo-1.2-py3.11.egg", "w") as archive:
        archive.writestr("EGG-INFO/PKG-INFO", HEADERS)
        archive.writestr("EGG-INFO/requires.txt", "numpy>=1\n")
        archive.writestr("demo/__init__.py", "")
    (tmp_path / SITE / "easy-install.pth").write_text("./Demo-1.2-py3.11.egg\n./broken.egg\n")
    (tmp_path / SITE / "broken.egg").write_bytes(b"PK\x03\x04 no archive")

    environment = read_environment(str(tmp_path), environ={})

    assert [(found.name, found.version, found.requires) for found in environment.distributions] == [
        ("demo", "1.2", ("numpy>=1",))
    ]
    assert environment.modules == {"demo": ("demo",)}
    assert "broken.egg" in environment.problems[0].message


def test_requirements_of_egg_info(tmp_path: Path) -> None:
    files = {"Demo.egg-info/PKG-INFO": HEADERS, "Demo.egg-info/requires.txt": "a\n[x]\nb>=2\n"}

    assert read(tmp_path, files).distributions[0].requires == ("a", 'b>=2; extra == "x"')


@pytest.mark.parametrize(
    ("version", "duplicates"), [("1.2", 0), ("1.2.0", 0), ("1.1", 1)], ids=["same", "spelled otherwise", "older"]
)
def test_egg_info_beside_dist_info_is_one_installation_when_versions_agree(
    tmp_path: Path, version: str, duplicates: int
) -> None:
    metadata = f"Name: demo\nVersion: {version}\n"
    environment = read(tmp_path, {"demo-1.2.dist-info/METADATA": HEADERS, "demo.egg-info/PKG-INFO": metadata})

    assert [found.version for found in environment.distributions] == ["1.2"]
    assert len(environment.duplicates) == duplicates
