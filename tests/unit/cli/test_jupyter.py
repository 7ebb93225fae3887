from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from envcheck.cli.main import main


@pytest.fixture
def prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the environment that this envcheck takes for its own; its user has folders of their own."""
    prefix = tmp_path / "env"
    prefix.mkdir()
    (prefix / "pyvenv.cfg").write_text("version = 3.11.7\n")
    monkeypatch.setattr(sys, "prefix", str(prefix))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("JUPYTER_PREFER_ENV_PATH", raising=False)
    return prefix


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_an_editable_installation_gets_what_a_wheel_would_bring(
    prefix: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["jupyter", "status"]) == 1
    assert "stamps on save: off\nstatus item and panel: off\n" in capsys.readouterr().out

    assert main(["jupyter", "enable"]) == 0
    shipped = prefix / "etc/jupyter/jupyter_server_config.d/envcheck.json"
    assert read(shipped) == {"ServerApp": {"jpserver_extensions": {"envcheck": True}}}
    page = prefix / "share/jupyter/labextensions/envcheck"
    assert (page / read(page / "package.json")["jupyterlab"]["_build"]["load"]).is_file()
    capsys.readouterr()
    assert main(["jupyter", "status"]) == 0
    assert f"stamps on save: on ({shipped})\nstatus item and panel: on\n" in capsys.readouterr().out

    assert main(["jupyter", "enable"]) == 0
    assert capsys.readouterr().out.startswith("nothing to change\n")


def test_it_is_switched_off_and_on_in_jupyters_own_files(prefix: Path) -> None:
    main(["jupyter", "enable"])
    server = prefix / "etc/jupyter/jupyter_server_config.json"
    server.write_text(json.dumps({"ServerApp": {"port": 1, "jpserver_extensions": {"jupyterlab": True}}}))

    assert main(["jupyter", "disable"]) == 0
    assert main(["jupyter", "status"]) == 1
    extensions = {"jupyterlab": True, "envcheck": False}
    assert read(server) == {"ServerApp": {"port": 1, "jpserver_extensions": extensions}}
    page = prefix / "etc/jupyter/labconfig/page_config.json"
    assert read(page) == {"disabledExtensions": {"envcheck": True}}

    assert main(["jupyter", "enable"]) == 0
    assert main(["jupyter", "status"]) == 0
    assert read(server)["ServerApp"]["jpserver_extensions"] == {"jupyterlab": True, "envcheck": True}


def test_a_user_may_switch_it_off_for_themselves_unless_the_environment_comes_first(
    prefix: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["jupyter", "enable"])
    assert main(["jupyter", "disable", "--user"]) == 0
    assert read(tmp_path / "config/jupyter_server_config.json")["ServerApp"] == {
        "jpserver_extensions": {"envcheck": False}
    }
    assert main(["jupyter", "status"]) == 1  # the page's part: the environment says nothing of it
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    assert main(["jupyter", "status"]) == 1


@pytest.mark.parametrize("text", ["{", "[]", '{"ServerApp": 3}'], ids=["no JSON", "a list", "a number inside"])
def test_settings_that_are_broken_stay_as_they_are(text: str, prefix: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server = prefix / "etc/jupyter/jupyter_server_config.json"
    server.parent.mkdir(parents=True)
    server.write_text(text)
    assert main(["jupyter", "disable"]) == 2
    assert "repair it" in capsys.readouterr().err
    assert server.read_text() == text
