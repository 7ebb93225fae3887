"""``%envcheck`` in a real shell, in an environment made of files."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from envcheck.engine.live.uses import Asked, uses_of
from envcheck.jupyter import magics
from envcheck.jupyter.imported import Imported, told
from envcheck.jupyter.tables import Shown, differences, shown
from tests.support.environments import build_environment
from tests.support.jupyter_servers import notebook

PANDAS = {"name": "pandas", "version": "2.2.3", "requires": ["numpy"]}
NUMPY = {"name": "numpy", "version": "2.1.3"}
STAMP = {"schema": 1, "python": "3.11.7", "packages": {"pandas": "2.1.4"}, "requires": {"numpy": "2.1.3"}}


@pytest.fixture
def prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the environment that the kernel takes for its own."""
    build_environment(tmp_path / "env", {"distributions": [PANDAS, NUMPY]})
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "env"))
    return tmp_path / "env"


@pytest.fixture
def project(tmp_path: Path, prefix: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = tmp_path / "project"
    (project / ".git").mkdir(parents=True)
    (project / "requirements.txt").write_text("pandas>=2\n")
    monkeypatch.chdir(project)
    for name in ("JPY_SESSION_NAME", "VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    return project


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    shell = InteractiveShell()
    shell.run_line_magic("load_ext", "envcheck")
    yield shell
    shell.run_line_magic("unload_ext", "envcheck")
    assert "envcheck" not in shell.magics_manager.magics["line"]


def put(project: Path, shell: InteractiveShell, stamp: object = None) -> Path:
    path = project / "nb.ipynb"
    path.write_text(json.dumps(notebook("import pandas", stamp=stamp), indent=1, sort_keys=True) + "\n")
    shell.user_ns["__session__"] = str(path)
    return path


def say(shell: InteractiveShell, line: str = "") -> Shown:
    found = shell.run_line_magic("envcheck", line)
    assert isinstance(found, Shown)
    return found


def test_the_table_has_what_is_declared_stamped_and_here(project: Path, shell: InteractiveShell) -> None:
    put(project, shell, STAMP)
    found = say(shell)
    assert found.title.startswith("nb.ipynb: 1 drifted since the stamp; Python 3.11.7 in ")
    assert found.rows == (("pandas", ">=2", "", "2.1.4", "2.2.3", ""),)
    assert any("DRF008" in remark for remark in found.remarks)


def test_differences_are_those_from_the_stamp(project: Path, shell: InteractiveShell) -> None:
    put(project, shell, STAMP)
    assert say(shell, "diff").rows == (("pandas", "2.1.4", "2.2.3", ""),)


def test_stamping_writes_the_file_and_says_what_to_do_about_the_page(project: Path, shell: InteractiveShell) -> None:
    path = put(project, shell)
    found = say(shell, "stamp")
    assert found.rows == (("numpy", "2.1.3"), ("pandas", "2.2.3"))
    assert "reload it" in found.remarks[0]
    assert json.loads(path.read_text())["metadata"]["envcheck"]["packages"] == {"pandas": "2.2.3"}
    assert say(shell, "stamp").remarks == ()


def test_pins_are_shown_as_a_diff(project: Path, shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    put(project, shell)
    shell.run_line_magic("envcheck", "pin")
    assert "+pandas==2.2.3" in capsys.readouterr().out
    assert (project / "requirements.txt").read_text() == "pandas>=2\n"


def test_without_a_notebook_what_was_imported_here_counts(
    project: Path, shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "numpy", ModuleType("numpy"))
    monkeypatch.delitem(sys.modules, "pandas", raising=False)
    shell.history_manager.input_hist_raw.extend(["import numpy", "import pandas  # failed", "1 +"])
    found = say(shell)
    assert found.title.startswith("this session: no notebook is known")
    assert [row[0] for row in found.rows] == ["numpy"]


def test_what_ran_and_is_not_saved_counts_too(
    project: Path, shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(project, shell)
    monkeypatch.setitem(sys.modules, "numpy", ModuleType("numpy"))
    shell.history_manager.input_hist_raw.append("import numpy")
    assert [row[0] for row in say(shell).rows] == ["numpy", "pandas"]


@pytest.mark.parametrize("line", ["stamp", "pin"])
def test_nothing_is_written_for_nobody_knows_which_notebook(line: str, project: Path, shell: InteractiveShell) -> None:
    with pytest.raises(UsageError, match="which notebook"):
        magics.EnvcheckMagics.envcheck(shell.magics_manager.registry["EnvcheckMagics"], line)


def test_other_words_are_told_what_there_is(project: Path, shell: InteractiveShell) -> None:
    with pytest.raises(UsageError, match="stamp"):
        magics.EnvcheckMagics.envcheck(shell.magics_manager.registry["EnvcheckMagics"], "restamp")


PATHS = {
    "VS Code": ({"__vsc_ipynb_file__": "nb.ipynb"}, ""),
    "ipykernel": ({"__session__": "nb.ipynb"}, ""),
    "the server": ({}, "nb.ipynb"),
}


@pytest.mark.parametrize(("namespace", "variable"), PATHS.values(), ids=PATHS)
def test_the_notebook_is_the_one_that_somebody_names(
    namespace: dict[str, object], variable: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert magics.notebook_path(dict(namespace)) == ""
    (project / "nb.ipynb").write_text("{}")
    if variable:
        monkeypatch.setenv("JPY_SESSION_NAME", variable)
    assert magics.notebook_path(dict(namespace)) == str(project / "nb.ipynb")


def test_a_console_names_no_notebook(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "console-1")
    assert magics.notebook_path({"__session__": 3}) == ""


HOSTILE = "<img src=x onerror=alert(1)>\x1b[31m"


def test_what_strangers_wrote_stays_text() -> None:
    table = Shown(HOSTILE, ("a",), ((HOSTILE, ""),), (HOSTILE,), (HOSTILE,))
    page = table._repr_html_()
    assert "<img" not in page
    assert "\x1b" not in page + repr(table)
    assert repr(table).splitlines()[1:] == [
        "a",
        "<img src=x onerror=alert(1)>\\x1b[31m  -",
        "! <img src=x onerror=alert(1)>\\x1b[31m",
        "<img src=x onerror=alert(1)>\\x1b[31m",
    ]


def test_the_page_gets_a_table_with_headers(project: Path, prefix: Path) -> None:
    (project / "nb.ipynb").write_text(json.dumps(notebook("import pandas", stamp=STAMP)))
    uses = uses_of(Asked(str(prefix), str(project), {}, str(project / "nb.ipynb")))
    page = shown(uses, ["pandas: restart the kernel"])._repr_html_()
    assert page.count('scope="col"') == 6
    assert '<th scope="row" style="text-align:left">pandas</th>' in page
    assert "⚠ pandas: restart the kernel" in page
    assert differences(uses).rows == (("pandas", "2.1.4", "2.2.3", ""),)


def loaded(monkeypatch: pytest.MonkeyPatch, name: str, version: str) -> None:
    module = ModuleType(name)
    module.__dict__["__version__"] = version
    monkeypatch.setitem(sys.modules, name, module)


def test_a_distribution_that_is_installed_after_its_import_is_told(
    project: Path, shell: InteractiveShell, prefix: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(project, shell)
    loaded(monkeypatch, "pandas", "2.2.3")
    assert say(shell).warnings == ()

    time.sleep(0.05)
    old = prefix / "lib/python3.11/site-packages/pandas-2.2.3.dist-info"
    os.rename(old, old.with_name("pandas-3.0.0.dist-info"))
    metadata = old.with_name("pandas-3.0.0.dist-info") / "METADATA"
    metadata.write_text(metadata.read_text().replace("2.2.3", "3.0.0"))

    warning = "pandas: 3.0.0 was installed after this kernel had imported it (2.2.3 is loaded); restart the kernel"
    assert say(shell).warnings == (warning,)


def test_what_was_installed_before_its_import_is_right(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from envcheck.gather.environments.catalogue import read_environment

    watch = Imported()
    time.sleep(0.05)
    loaded(monkeypatch, "pandas", "of its own")
    watch.look()
    assert list(told(watch.changed(read_environment(str(prefix), environ={})))) == []
