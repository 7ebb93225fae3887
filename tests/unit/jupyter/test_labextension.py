"""The page's part is data: a wrong name in it shows only as a status item that is not there."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

import envcheck

EXTENSION = Path(envcheck.__file__).parent / "jupyter" / "labextension"


@pytest.fixture(scope="module")
def package() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
    return found


def test_version_is_that_of_envcheck(package: dict[str, Any]) -> None:
    assert package["version"] == envcheck.__version__


def test_its_only_script_is_named_by_its_content_for_browsers_keep_what_they_know(package: dict[str, Any]) -> None:
    (script,) = (EXTENSION / "static").iterdir()
    digest = hashlib.sha256(script.read_bytes()).hexdigest()[:12]
    assert script.name == f"remoteEntry.{digest}.js"
    assert package["jupyterlab"]["_build"]["load"] == f"static/{script.name}"


def test_the_container_has_the_name_by_which_jupyterlab_asks_for_it(package: dict[str, Any]) -> None:
    (script,) = (EXTENSION / "static").iterdir()
    assert f"const NAME = '{package['name']}';" in script.read_text(encoding="utf-8")


def test_the_servers_part_is_switched_on_by_the_name_that_it_has() -> None:
    shipped = json.loads((EXTENSION.parent / "jupyter_server_config.json").read_text(encoding="utf-8"))
    assert shipped == {"ServerApp": {"jpserver_extensions": {"envcheck": True}}}
    assert envcheck._jupyter_server_extension_points() == [{"module": "envcheck.jupyter"}]


def test_what_jupyterlab_is_told_to_link_is_there() -> None:
    (place,) = envcheck._jupyter_labextension_paths()
    assert (Path(envcheck.__file__).parent / place["src"] / "package.json").is_file()
    assert place["dest"] == "envcheck"
