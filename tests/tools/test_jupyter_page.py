"""JupyterLab in a real browser, with and without real-time collaboration: what a person sees and can reach by keyboard.

The browser is Debian's chromium, the driver (playwright) lives in an environment of its own. The pictures are kept
where ``ENVCHECK_PICTURES`` says, for somebody to look at.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.jupyter_servers import TOKEN, make_environment, notebook, running

pytestmark = [pytest.mark.tools, pytest.mark.timeout(600)]

STALE = {"schema": 1, "packages": {"six": "1.15.0"}}
QUIET = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}


@pytest.fixture(scope="module")
def chromium() -> str:
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("no chromium here (Debian: apt-get install chromium)")
    return found


@pytest.fixture(scope="module")
def with_driver(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_environment(tmp_path_factory.mktemp("driver"), ["playwright==1.65.2"])


@pytest.fixture(params=["alone", "together"])
def seen(
    request: pytest.FixtureRequest, with_jupyter: Path, with_driver: Path, chromium: str, tmp_path: Path
) -> dict[str, Any]:
    """Return what was seen of a notebook whose stamp has drifted, and its metadata afterwards."""
    version = subprocess.run(
        [with_jupyter, "-c", "import platform; print(platform.python_version())"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    pictures = Path(os.environ.get("ENVCHECK_PICTURES", tmp_path)) / request.param
    pictures.mkdir(parents=True, exist_ok=True)
    (tmp_path / "home" / "config" / "labconfig").mkdir(parents=True)
    (tmp_path / "home" / "config" / "labconfig" / "page_config.json").write_text(json.dumps(QUIET))
    is_alone = str(request.param == "alone")
    options = ["--LabApp.expose_app_in_browser=True", f"--YDocExtension.disable_rtc={is_alone}"]
    with running(with_jupyter, tmp_path / "work", tmp_path / "home", *options, module="jupyterlab") as server:
        content = notebook("import six", kernel="python3", stamp={**STALE, "python": version})
        (server.root / "nb.ipynb").write_text(json.dumps(content), encoding="utf-8")
        script = Path(__file__).parents[1] / "support" / "jupyter_page.py"
        command = [with_driver.parent / "python", script, chromium, server.url, TOKEN, "nb.ipynb", pictures]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return {**json.loads(done.stdout), "metadata": server.metadata("nb.ipynb"), "was": version}


def test_a_person_sees_the_drift_stamps_and_sees_that_it_is_gone(seen: dict[str, Any]) -> None:
    assert seen["at first"] == "env: 1 drifted"
    assert seen["rows"][0].split("\t")[0].strip() == "six"
    assert seen["after stamping"] == "env ok"
    assert seen["metadata"]["envcheck"]["packages"]["six"] != "1.15.0"
    assert seen["copied"] == f"six=={seen['metadata']['envcheck']['packages']['six']}\n"
    # reached and pressed by keyboard alone, said to those who cannot see it, readable in the dark theme (WCAG 2 AA)
    assert seen["role"] is True
    assert seen["label"] == "Environment of this notebook: env: 1 drifted. Show the versions"
    assert seen["outline"] == "solid"
    assert seen["focus in the panel"] == "Stamp"
    assert seen["contrast"] >= 4.5
    assert (seen["dialogs"], seen["errors"]) == (0, [])
