"""Editable installs of every kind: where they point, and which modules they bring."""

from __future__ import annotations

from pathlib import Path

import pytest

from envcheck.gather.environments.catalogue import read_environment
from envcheck.model.environment import Environment
from tests.support.environments import build_environment

SITE = Path("lib/python3.11/site-packages")


def make_source(folder: Path, *paths: str) -> Path:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).touch()
    return folder


def read(folder: Path, source: Path, hooks: dict[str, str]) -> Environment:
    url = f'{{"url": "file://{source}", "dir_info": {{"editable": true}}}}'
    demo = {"name": "demo", "version": "1.0", "modules": list(hooks), "direct-url": url}
    build_environment(folder, {"distributions": [demo]})
    for name, text in hooks.items():
        (folder / SITE / name).write_text(text)
    return read_environment(str(folder), environ={})


@pytest.mark.parametrize(
    ("hooks", "expected"),
    [
        pytest.param({"__editable__.demo-1.0.pth": "{source}/src\n"}, {"demo", "helpers"}, id="setuptools path"),
        pytest.param(
            {
                "__editable__.demo-1.0.pth": "import __editable___demo_1_0_finder; f.install()",
                "__editable___demo_1_0_finder.py": "MAPPING: dict[str, str] = {{'demo': '{source}/src/demo'}}\n",
            },
            {"demo", "__editable___demo_1_0_finder"},
            id="setuptools finder",
        ),
        pytest.param({"_editable_impl_demo.pth": "{source}/src"}, {"demo", "helpers"}, id="hatchling"),
        pytest.param({"demo.pth": "# where\n\n{source}/src\nimport sys\n"}, {"demo", "helpers"}, id="poetry"),
        pytest.param({}, {"demo", "helpers"}, id="only direct_url.json"),
    ],
)
def test_modules_of_the_source_folder(tmp_path: Path, hooks: dict[str, str], expected: set[str]) -> None:
    source = make_source(tmp_path / "project", "src/demo/__init__.py", "src/helpers.py", "src/notes/x.txt", "setup.py")

    environment = read(tmp_path / "venv", source, {name: text.format(source=source) for name, text in hooks.items()})

    assert set(environment.modules) == expected
    assert set(environment.modules.values()) == {("demo",)}
    assert environment.distributions[0].direct is not None
    assert environment.distributions[0].direct.editable


def test_namespaces_of_source_folders_come_apart(tmp_path: Path) -> None:
    source = make_source(tmp_path / "project", "google/cloud/mine/__init__.py", "google/cloud/mine/a.py")
    venv = tmp_path / "venv"
    demo = {"name": "demo", "modules": ["demo.pth"]}
    storage = {"name": "storage", "modules": ["google/cloud/storage/__init__.py"]}
    build_environment(venv, {"distributions": [demo, storage]})
    (venv / SITE / "demo.pth").write_text(str(source))

    modules = read_environment(str(venv), environ={}).modules

    assert modules["google.cloud"] == ("demo", "storage")
    assert (modules["google.cloud.mine"], modules["google.cloud.storage"]) == (("demo",), ("storage",))


def test_egg_info_in_a_path_files_folder_is_no_second_distribution(tmp_path: Path) -> None:
    source = make_source(tmp_path / "project", "demo/__init__.py")
    (source / "demo.egg-info").mkdir()
    (source / "demo.egg-info/PKG-INFO").write_text("Name: demo\nVersion: 0.9\n")

    environment = read(tmp_path / "venv", source, {"demo.pth": str(source)})

    assert [(found.name, found.version) for found in environment.distributions] == [("demo", "1.0")]
    assert environment.duplicates == ()


def test_distributions_of_another_folder_on_the_path_count(tmp_path: Path) -> None:
    build_environment(tmp_path / "shared", {"distributions": [{"name": "far", "version": "3"}]})
    build_environment(tmp_path / "venv", {"distributions": [{"name": "near"}]})
    (tmp_path / "venv" / SITE / "shared.pth").write_text(str(tmp_path / "shared" / SITE))

    environment = read_environment(str(tmp_path / "venv"), environ={})

    assert [found.name for found in environment.distributions] == ["near", "far"]


def test_egg_link_of_setup_py_develop(tmp_path: Path) -> None:
    source = make_source(tmp_path / "project", "src/demo_lib/__init__.py")
    (source / "src/demo_lib.egg-info").mkdir()
    (source / "src/demo_lib.egg-info/PKG-INFO").write_text("Name: demo-lib\nVersion: 0.3\n")
    (source / "src/demo_lib.egg-info/requires.txt").write_text("numpy\n")
    venv = tmp_path / "venv"
    build_environment(venv, {})
    (venv / SITE / "demo-lib.egg-link").write_text(f"{source}/src\n../")
    (venv / SITE / "easy-install.pth").write_text(f"{source}/src\n")

    environment = read_environment(str(venv), environ={})
    (found,) = environment.distributions

    assert (found.name, found.version, found.requires) == ("demo-lib", "0.3", ("numpy",))
    assert found.direct is not None
    assert (found.direct.url, found.direct.editable) == (f"file://{source}/src", True)
    assert environment.modules == {"demo_lib": ("demo-lib",)}


def test_egg_link_to_nowhere_is_a_problem(tmp_path: Path) -> None:
    build_environment(tmp_path, {})
    (tmp_path / SITE / "demo.egg-link").write_text("/nowhere\n../")

    environment = read_environment(str(tmp_path), environ={})

    assert environment.distributions == ()
    assert "its egg-link points to /nowhere" in environment.problems[0].message


def test_endless_links_in_a_source_folder_end(tmp_path: Path) -> None:
    source = make_source(tmp_path / "project", "space/a/x.py")
    (source / "space/a/loop").symlink_to("..")
    (source / "self").symlink_to("self")

    environment = read(tmp_path / "venv", source, {"demo.pth": str(source)})

    assert set(environment.modules) == {"space"}
