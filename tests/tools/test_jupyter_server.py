"""A real Jupyter server on loopback, with jupytext, with real-time collaboration, and with a kernel elsewhere."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.environments import build_environment
from tests.support.jupyter_servers import Server, make_environment, notebook, running

pytestmark = [pytest.mark.tools, pytest.mark.timeout(600)]

STALE = {"schema": 1, "python": "3.11.7", "packages": {"six": "1.15.0"}}


@pytest.fixture(scope="module")
def started(with_jupyter: Path, with_kernel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server as its users have it: jupytext and jupyter-collaboration are there."""
    folder = tmp_path_factory.mktemp("jupyter")
    register(with_kernel, folder / "home")
    with running(with_jupyter, folder / "work", folder / "home") as server:
        yield server


def register(kernel: Path, home: Path) -> None:
    """Make the kernel of another environment known by the name ``lab``."""
    home.mkdir(parents=True, exist_ok=True)
    spec = {
        "argv": [str(kernel), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "lab",
        "language": "python",
    }
    folder = home / "data" / "kernels" / "lab"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(spec))


def ran(content: dict[str, Any], count: int) -> dict[str, Any]:
    content["cells"][0]["execution_count"] = count
    return content


def test_a_save_stamps_with_the_packages_of_the_kernel(started: Server) -> None:
    (started.root / "all").mkdir()
    (started.root / "all" / "envcheck.toml").write_text("stamp-on-save = true\n")
    assert started.save("all/a.ipynb", notebook("import six", kernel="lab")).status == 201
    stamp = started.metadata("all/a.ipynb")["envcheck"]
    assert stamp["packages"] == {"six": "1.16.0"}  # not that of the server


def test_the_server_itself_is_the_kernel_that_python3_names(started: Server, with_jupyter: Path) -> None:
    started.save("all/b.ipynb", notebook("import six", kernel="python3"))
    version = installed(with_jupyter, "six")
    assert version != "1.16.0"
    assert started.metadata("all/b.ipynb")["envcheck"]["packages"] == {"six": version}


def installed(python: Path, name: str) -> str:
    code = f"from importlib.metadata import version; print(version({name!r}))"
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_nobody_asked_and_nothing_is_written(started: Server) -> None:
    started.save("plain.ipynb", notebook("import six", kernel="lab"))
    assert "envcheck" not in started.metadata("plain.ipynb")


def test_a_session_runs_the_kernel_that_counts(started: Server) -> None:
    """The notebook names the server's kernel, and runs in the other one."""
    started.save("all/c.ipynb", notebook("import six", kernel="python3"))
    session = {"path": "all/c.ipynb", "name": "c.ipynb", "type": "notebook", "kernel": {"name": "lab"}}
    begun = started.ask("POST", "/api/sessions", session)
    assert begun.status == 201
    try:
        started.save("all/c.ipynb", ran(notebook("import six", kernel="python3"), 1))
        assert started.metadata("all/c.ipynb")["envcheck"]["packages"] == {"six": "1.16.0"}
        assert started.status("all/c.ipynb").json["how"] == "running kernel lab"
    finally:
        started.ask("DELETE", f"/api/sessions/{begun.json['id']}")


def test_a_drifted_stamp_is_renewed_by_running_and_not_by_saving(started: Server) -> None:
    content = ran(notebook("import six", kernel="lab", stamp=STALE), 1)
    started.save("d.ipynb", content)
    started.save("d.ipynb", content)
    assert started.metadata("d.ipynb")["envcheck"] == STALE
    drifted = started.status("d.ipynb").json
    assert (drifted["state"], drifted["drifted"]) == ("drifted", 1)

    started.save("d.ipynb", ran(content, 2))
    assert started.metadata("d.ipynb")["envcheck"]["packages"] == {"six": "1.16.0"}
    assert started.status("d.ipynb").json["state"] == "ok"

    started.save("d.ipynb", ran(content, 2))  # the page still has the old stamp
    assert started.metadata("d.ipynb")["envcheck"]["packages"] == {"six": "1.16.0"}


def test_a_stamped_notebook_is_what_jupyter_itself_writes(started: Server, with_jupyter: Path) -> None:
    started.save("all/e.ipynb", notebook("import six", kernel="lab"))
    before = (started.root / "all" / "e.ipynb").read_bytes()
    code = (
        "import nbformat, sys; n = nbformat.read(sys.argv[1], 4); nbformat.validate(n); nbformat.write(n, sys.argv[1])"
    )
    subprocess.run([with_jupyter, "-c", code, started.root / "all" / "e.ipynb"], check=True)
    assert (started.root / "all" / "e.ipynb").read_bytes() == before


def test_cells_that_were_trusted_stay_trusted(started: Server) -> None:
    content = ran(notebook("import six", kernel="lab"), 1)
    content["cells"][0]["outputs"] = [
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<script>x</script>"}}
    ]
    content["cells"][0]["metadata"]["trusted"] = True
    started.save("all/trusted.ipynb", content)
    assert "envcheck" in started.metadata("all/trusted.ipynb")
    cell = started.ask("GET", "/api/contents/all/trusted.ipynb?content=1").json["content"]["cells"][0]
    assert cell["metadata"]["trusted"] is True


BROKEN: dict[str, Any] = {
    "no metadata": {"cells": [], "nbformat": 4, "nbformat_minor": 5},
    "odd metadata": {"cells": [], "metadata": {"envcheck": [1], "kernelspec": 3}, "nbformat": 4, "nbformat_minor": 5},
    "odd cells": {"cells": [{"cell_type": "code"}], "metadata": {"envcheck": {}}, "nbformat": 4, "nbformat_minor": 5},
    "no cells": {"metadata": {"envcheck": {}}, "nbformat": 4, "nbformat_minor": 5},
    "an old form": {"worksheets": [], "metadata": {"envcheck": {}}, "nbformat": 3, "nbformat_minor": 0},
    "nonsense for a form": {"cells": [], "metadata": {"envcheck": {}}, "nbformat": "x", "nbformat_minor": 5},
    "syntax errors": notebook("import six", "def ((", "\ud800", kernel="lab", stamp={"schema": 1}),
    "a newer stamp": notebook("import six", kernel="lab", stamp={"schema": 99, "packages": {"six": "1"}}),
    "a hostile stamp": notebook("import six", kernel="lab", stamp={"schema": 1, "packages": {"\x1b[31m": "--x"}}),
    "no such kernel": notebook("import six", kernel="nobody", stamp=STALE),
    "a hostile kernel": notebook("import six", kernel="../../etc/passwd", stamp=STALE),
    "R": {**notebook("library(x)", stamp=STALE), "metadata": {"language_info": {"name": "R"}, "envcheck": STALE}},
}


@pytest.fixture(scope="module")
def without(with_jupyter: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server on which nothing is ever stamped."""
    folder = tmp_path_factory.mktemp("without")
    with running(with_jupyter, folder / "work", folder / "home", "--EnvcheckStamp.mode=never") as server:
        yield server


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_saved_as_without_us(content: Any, started: Server, without: Server) -> None:
    answers = [server.save("broken.ipynb", content) for server in (started, without)]
    assert answers[0].status == answers[1].status
    if answers[0].status < 400:
        assert started.metadata("broken.ipynb").get("envcheck") == without.metadata("broken.ipynb").get("envcheck")
    assert "is saved without a new stamp" not in started.log.read_text(encoding="utf-8")


def test_files_and_folders_are_none_of_our_business(started: Server) -> None:
    model = {"type": "file", "format": "text", "content": "import six\n"}
    assert started.ask("PUT", "/api/contents/all/x.py", model).status == 201
    assert started.ask("PUT", "/api/contents/all/folder", {"type": "directory"}).status == 201


def test_the_hook_survives_jupytext_and_pairs_stay_paired(started: Server) -> None:
    log = started.log.read_text(encoding="utf-8")
    assert "Deriving" in log  # jupytext has put another contents manager in place
    content = notebook("import six", kernel="lab")
    content["metadata"]["jupytext"] = {"formats": "ipynb,py:percent"}
    started.save("all/paired.ipynb", content)
    assert started.metadata("all/paired.ipynb")["envcheck"]["packages"] == {"six": "1.16.0"}
    assert "import six" in (started.root / "all" / "paired.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "token", "status"),
    [
        pytest.param("all/a.ipynb", "", 403, id="nobody"),
        pytest.param("all/a.ipynb", "another", 403, id="another token"),
        pytest.param("../home/secret.ipynb", None, 404, id="outside"),
        pytest.param("all/../../home/secret.ipynb", None, 404, id="outside by a detour"),
        pytest.param(".hidden.ipynb", None, 404, id="hidden"),
        pytest.param("all/none.ipynb", None, 404, id="not there"),
        pytest.param("all", None, 404, id="a folder"),
        pytest.param("all/envcheck.toml", None, 400, id="no notebook"),
    ],
)
def test_the_address_tells_no_more_than_jupyter(path: str, token: str | None, status: int, started: Server) -> None:
    for place in (started.root / ".hidden.ipynb", started.root.parent / "home" / "secret.ipynb"):
        place.write_text(json.dumps(notebook("import six")))
    assert (started.status(path) if token is None else started.status(path, token=token)).status == status


def test_the_address_only_tells(started: Server) -> None:
    assert started.ask("POST", "/envcheck/status?path=all/a.ipynb", {}).status in (403, 405)
    assert started.ask("GET", "/envcheck/status").status == 400


AUTHORIZER = """
from jupyter_server.auth import Authorizer


class NoContents(Authorizer):
    def is_authorized(self, handler, user, action, resource):
        return resource != "contents"


c.ServerApp.authorizer_class = NoContents
"""


def test_whoever_may_not_read_notebooks_may_not_ask(with_jupyter: Path, tmp_path: Path) -> None:
    (tmp_path / "home" / "config").mkdir(parents=True)
    (tmp_path / "home" / "config" / "jupyter_server_config.py").write_text(AUTHORIZER)
    with running(with_jupyter, tmp_path / "work", tmp_path / "home") as server:
        (server.root / "a.ipynb").write_text(json.dumps(notebook("import six")))
        assert server.status("a.ipynb").status == 403


def test_all_notebooks_of_a_server_are_stamped_if_it_wants_that(
    with_jupyter: Path, with_kernel: Path, tmp_path: Path
) -> None:
    register(with_kernel, tmp_path / "home")
    with running(with_jupyter, tmp_path / "work", tmp_path / "home", "--EnvcheckStamp.mode=always") as server:
        server.save("a.ipynb", notebook("import six", kernel="lab"))
        assert server.metadata("a.ipynb")["envcheck"]["packages"] == {"six": "1.16.0"}


def test_whoever_installs_something_gets_it_with_the_next_save(started: Server, with_kernel: Path) -> None:
    content = notebook("import attr", kernel="lab", stamp={"schema": 1, "python": "3", "packages": {}})
    started.save("g.ipynb", content)
    pip = [str(with_kernel), "-m", "pip", "install", "-q", "--disable-pip-version-check", "attrs==24.2.0"]
    subprocess.run(pip, check=True)
    started.save("g.ipynb", ran(content, 1))
    assert started.metadata("g.ipynb")["envcheck"]["packages"] == {"attrs": "24.2.0"}


def test_a_save_takes_next_to_no_time_more(started: Server) -> None:
    """One after the other, so that a busy machine is busy for both."""
    cells = [f"import six\nx{n} = {n}\nprint(x{n})\n" for n in range(100)]
    stamped, plain = notebook(*cells, kernel="lab", stamp=STALE), notebook(*cells, kernel="lab")
    times: dict[str, list[float]] = {"stamped.ipynb": [], "unstamped.ipynb": []}
    for count in range(33):
        for path, content in (("stamped.ipynb", stamped), ("unstamped.ipynb", plain)):
            begun = time.perf_counter()
            assert started.save(path, ran(content, count)).status < 300
            times[path].append(time.perf_counter() - begun)
    with_stamp, without_stamp = (statistics.median(found[3:]) * 1000 for found in times.values())
    assert started.metadata("stamped.ipynb")["envcheck"]["packages"] == {"six": "1.16.0"}
    # -s shows the figures
    sys.stdout.write(f"a save takes {with_stamp:.1f} ms with a stamp, {without_stamp:.1f} ms without\n")
    assert with_stamp - without_stamp < 20


def test_a_save_does_not_wait_for_an_environment_that_is_slow_to_read(with_jupyter: Path, tmp_path: Path) -> None:
    """What is run is owed its stamp: it comes with a later save, in which nothing was run any more."""
    others = [{"name": f"other-{n}", "version": "1"} for n in range(4000)]
    build_environment(tmp_path / "big", {"distributions": [{"name": "six", "version": "1.16.0"}, *others]})
    register(tmp_path / "big" / "bin" / "python", tmp_path / "home")
    with running(with_jupyter, tmp_path / "work", tmp_path / "home", "--EnvcheckStamp.patience=0.1") as server:
        content = ran(notebook("import six", kernel="lab", stamp=STALE), 1)
        (server.root / "a.ipynb").write_text(json.dumps(content))
        assert server.save("a.ipynb", ran(content, 2)).status == 200
        assert server.metadata("a.ipynb")["envcheck"] == STALE
        assert "its stamp comes with the next save" in server.log.read_text(encoding="utf-8")

        until = time.monotonic() + 60
        while server.metadata("a.ipynb")["envcheck"] == STALE and time.monotonic() < until:
            time.sleep(0.5)
            server.save("a.ipynb", content)
        assert server.metadata("a.ipynb")["envcheck"]["packages"] == {"six": "1.16.0"}


def test_the_magic_in_a_real_kernel_knows_its_notebook(started: Server, with_jupyter: Path) -> None:
    """Asked over the kernel's own channels, as a page would."""
    started.save("m.ipynb", notebook("import six", kernel="python3"))
    session = {"path": "m.ipynb", "name": "m.ipynb", "type": "notebook", "kernel": {"name": "python3"}}
    begun = started.ask("POST", "/api/sessions", session).json
    connection = next((started.root.parent / "home" / "runtime").glob(f"kernel-{begun['kernel']['id']}.json"))
    code = """
import sys
from jupyter_client import BlockingKernelClient
client = BlockingKernelClient(connection_file=sys.argv[1])
client.load_connection_file()
client.start_channels()
client.wait_for_ready(timeout=60)
def show(message):
    if message["msg_type"] in ("execute_result", "error"):
        print(message["content"].get("data") or message["content"])
client.execute_interactive("%load_ext envcheck\\n%envcheck", output_hook=show, timeout=60)
client.stop_channels()
"""
    try:
        said = subprocess.run([with_jupyter, "-c", code, connection], capture_output=True, text=True, check=True).stdout
    finally:
        started.ask("DELETE", f"/api/sessions/{begun['id']}")
    assert "m.ipynb: not stamped" in said
    assert "text/html" in said
    assert installed(with_jupyter, "six") in said


@pytest.fixture(scope="session")
def with_kernel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment with a kernel and an old six."""
    return make_environment(tmp_path_factory.mktemp("kernel"), ["ipykernel", "six==1.16.0"])
