"""Names of metadata folders."""

from __future__ import annotations

import pytest

from envcheck.gather.environments.metadata_folders import FolderName, is_leftover, split_folder


@pytest.mark.parametrize(
    ("folder", "name", "version"),
    [
        ("pandas-2.1.4.dist-info", "pandas", "2.1.4"),
        ("ruamel.yaml-0.18.dist-info", "ruamel.yaml", "0.18"),
        ("foo-bar-1.0.dist-info", "foo-bar", "1.0"),
        ("foo-1.0-dev.dist-info", "foo", "1.0-dev"),
        ("torch-2.4.1+cu121.dist-info", "torch", "2.4.1+cu121"),
        ("six-1.16.0-py3.8.egg-info", "six", "1.16.0"),
        ("lxml-4.9-py3.11-linux-x86_64.egg-info", "lxml", "4.9"),
        ("project.egg-info", "project", ""),
        ("a-b-c.egg-info", "a", "b-c"),
        (".dist-info", "", ""),
    ],
)
def test_split(folder: str, name: str, version: str) -> None:
    assert split_folder(folder) == FolderName(name, version)


@pytest.mark.parametrize(("folder", "expected"), [("~andas-2.1.dist-info", True), ("pandas-2.1.dist-info", False)])
def test_leftovers_of_pip(folder: str, expected: bool) -> None:
    assert is_leftover(folder) is expected
