"""Who owns which module."""

from __future__ import annotations

from pathlib import Path

import pytest

from envcheck.gather.environments.catalogue import read_environment
from tests.support.environments import build_environment

SITE = Path("lib/python3.11/site-packages")


def modules(folder: Path, *distributions: dict[str, object]) -> dict[str, tuple[str, ...]]:
    build_environment(folder, {"distributions": distributions})
    return {key: tuple(owners) for key, owners in read_environment(str(folder), environ={}).modules.items()}


def test_lone_owner_has_only_the_top(tmp_path: Path) -> None:
    found = modules(
        tmp_path, {"name": "PyYAML", "modules": ["yaml/__init__.py", "yaml/loader.py", "_yaml/__init__.py"]}
    )

    assert found == {"_yaml": ("pyyaml",), "yaml": ("pyyaml",)}


def test_namespace_packages_come_apart(tmp_path: Path) -> None:
    found = modules(
        tmp_path,
        {
            "name": "google-cloud-storage",
            "modules": ["google/cloud/storage/__init__.py", "google/cloud/storage/blob.py"],
        },
        {"name": "google-cloud-bigquery", "modules": ["google/cloud/bigquery/__init__.py"]},
        {"name": "protobuf", "modules": ["google/protobuf/__init__.py", "google/protobuf/any.py"]},
        {"name": "googleapis", "modules": ["google/api.py", "google/type/x.abi3.so"]},
    )

    assert found == {
        "google": ("google-cloud-bigquery", "google-cloud-storage", "googleapis", "protobuf"),
        "google.api": ("googleapis",),
        "google.cloud": ("google-cloud-bigquery", "google-cloud-storage"),
        "google.cloud.bigquery": ("google-cloud-bigquery",),
        "google.cloud.storage": ("google-cloud-storage",),
        "google.protobuf": ("protobuf",),
        "google.type": ("googleapis",),
    }


def test_package_that_others_extend_belongs_to_who_owns_its_init(tmp_path: Path) -> None:
    found = modules(
        tmp_path,
        {"name": "pystac-core", "modules": ["pystac/__init__.py", "pystac/extensions/__init__.py"]},
        {"name": "pystac-ext-eo", "modules": ["pystac/extensions/eo.py"]},
    )

    assert found == {
        "pystac": ("pystac-core",),
        "pystac.extensions": ("pystac-core",),
        "pystac.extensions.eo": ("pystac-ext-eo",),
    }


def test_record_with_backslashes(tmp_path: Path) -> None:
    build_environment(tmp_path, {"distributions": [{"name": "demo", "modules": []}]})
    (tmp_path / SITE / "demo-1.0.dist-info/RECORD").write_text("other\\__init__.py,,\n")

    assert read_environment(str(tmp_path), environ={}).modules == {"other": ("demo",)}


def test_rivals_for_one_package_are_both_named(tmp_path: Path) -> None:
    found = modules(
        tmp_path,
        {"name": "opencv-python", "modules": ["cv2/__init__.py", "cv2/gui.py"]},
        {"name": "opencv-python-headless", "modules": ["cv2/__init__.py"]},
    )

    assert found["cv2"] == ("opencv-python", "opencv-python-headless")
    assert found["cv2.gui"] == ("opencv-python",)


@pytest.mark.parametrize(
    ("record", "top_level", "folder", "expected"),
    [
        pytest.param("", "yaml\n_yaml\n", "", {"yaml", "_yaml"}, id="top_level.txt without RECORD"),
        pytest.param("", "", "demo_lib/__init__.py", {"demo_lib"}, id="folder of the same name"),
        pytest.param("", "", "demo_lib.py", {"demo_lib"}, id="module of the same name"),
        pytest.param("", "", "", set(), id="nothing tells it"),
    ],
)
def test_without_record(tmp_path: Path, record: str, top_level: str, folder: str, expected: set[str]) -> None:
    build_environment(tmp_path, {"distributions": [{"name": "demo-lib", "modules": [], "installer": ""}]})
    metadata = tmp_path / SITE / "demo_lib-1.0.dist-info"
    (metadata / "RECORD").unlink()
    if top_level:
        (metadata / "top_level.txt").write_text(top_level)
    if folder:
        (tmp_path / SITE / folder).parent.mkdir(exist_ok=True)
        (tmp_path / SITE / folder).touch()

    assert set(read_environment(str(tmp_path), environ={}).modules) == expected


def test_source_folder_without_init_never_beats_an_installed_package(tmp_path: Path) -> None:
    source = tmp_path / "project"
    for path in ("project/__init__.py", "diffusers/example.py", "tools/run.py"):
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).touch()
    venv = tmp_path / "venv"
    project = {"name": "project", "modules": ["__editable__.project-1.0.pth"]}
    build_environment(venv, {"distributions": [project, {"name": "diffusers"}]})
    (venv / SITE / "__editable__.project-1.0.pth").write_text(f"{source}\n")

    found = read_environment(str(venv), environ={}).modules

    assert found == {"diffusers": ("diffusers",), "project": ("project",), "tools": ("project",)}
