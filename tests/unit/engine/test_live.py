"""Stamps of notebooks that are open, in environments made of files."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from envcheck.engine.live.benches import Bench, Benches
from envcheck.engine.live.homes import Homes, home_of
from envcheck.engine.live.kernels import Kernel, behind
from envcheck.engine.live.opened import has_stamp, judged, kernel_name, notebook_of_content, renewal, renewed, saved_at
from envcheck.model.errors import UserError
from envcheck.model.stampings import State
from tests.support.environments import build_distribution, build_environment
from tests.support.jupyter_servers import notebook

LONG_AGO = 1_600_000_000


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    """Return an environment in which nothing has changed for long."""
    requires = [{"name": "pandas", "version": "2.2.3", "requires": ["numpy"]}, {"name": "numpy", "version": "2.1.3"}]
    build_environment(tmp_path / "env", {"distributions": requires})
    settle(tmp_path / "env")
    return tmp_path / "env"


def settle(prefix: Path) -> None:
    for path in [prefix, *prefix.rglob("*")]:
        os.utime(path, (LONG_AGO, LONG_AGO))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    return root


def bench_in(root: Path, prefix: Path, benches: Benches | None = None) -> Bench:
    benches = benches or Benches({}, str(root))
    return benches.at(home_of(str(root / "nb.ipynb")), str(prefix), {})


def saved(root: Path, prefix: Path, content: Mapping[str, object]) -> Mapping[str, object] | None:
    path = str(root / "nb.ipynb")
    opened = notebook_of_content(path, str(root), content)
    return renewal(opened, content, saved_at(path), bench_in(root, prefix)).stamp


STAMP = {"packages": {"pandas": "2.2.3"}, "python": "3.11.7", "requires": {"numpy": "2.1.3"}, "schema": 1}
OLD = {**STAMP, "packages": {"pandas": "2.1.4"}}


def ran(count: int, stamp: object) -> dict[str, Any]:
    content = notebook("import pandas", stamp=stamp)
    content["cells"][0]["execution_count"] = count
    return content


def test_a_notebook_without_stamp_gets_one(root: Path, prefix: Path) -> None:
    assert saved(root, prefix, notebook("import pandas")) == STAMP


def test_a_cell_that_was_run_renews_a_drifted_stamp(root: Path, prefix: Path) -> None:
    (root / "nb.ipynb").write_text(json.dumps(ran(1, OLD)))
    assert saved(root, prefix, ran(2, OLD)) == STAMP


def test_it_is_told_when_a_run_is_what_renews_a_stamp(root: Path, prefix: Path) -> None:
    path = str(root / "nb.ipynb")
    Path(path).write_text(json.dumps(ran(1, OLD)))
    for count, has_run in ((1, False), (2, True)):
        content = ran(count, OLD)
        opened = notebook_of_content(path, str(root), content)
        assert renewal(opened, content, saved_at(path), bench_in(root, prefix)).has_run is has_run
        assert renewed(opened, bench_in(root, prefix)) == STAMP


def test_a_mere_save_keeps_a_drifted_stamp(root: Path, prefix: Path) -> None:
    (root / "nb.ipynb").write_text(json.dumps(ran(1, OLD)))
    assert saved(root, prefix, ran(1, OLD)) == OLD


def test_an_uploaded_notebook_keeps_its_stamp(root: Path, prefix: Path) -> None:
    assert saved(root, prefix, ran(1, OLD)) == OLD


def test_what_the_page_holds_is_older_than_what_was_saved(root: Path, prefix: Path) -> None:
    (root / "nb.ipynb").write_text(json.dumps(ran(1, STAMP)))
    assert saved(root, prefix, ran(1, OLD)) == STAMP


def test_a_stamp_that_somebody_has_just_put_there_counts(root: Path, prefix: Path) -> None:
    (root / "nb.ipynb").write_text(json.dumps(ran(1, OLD)))
    assert saved(root, prefix, ran(1, STAMP)) == STAMP


def test_imports_may_be_added_to_a_stamp_that_has_not_drifted(root: Path, prefix: Path) -> None:
    stamp = {"packages": {"numpy": "2.1.3"}, "python": "3.11.7", "schema": 1}
    (root / "nb.ipynb").write_text(json.dumps(notebook("import numpy", stamp=stamp)))
    found = saved(root, prefix, notebook("import numpy, pandas", stamp=stamp))
    assert found == {**stamp, "packages": {"numpy": "2.1.3", "pandas": "2.2.3"}}


def test_who_wanted_direct_imports_only_gets_no_more(root: Path, prefix: Path) -> None:
    direct = {"packages": {"pandas": "2.2.3"}, "python": "3.11.6", "schema": 1}
    assert saved(root, prefix, notebook("import pandas", stamp=direct)) == {**direct, "python": "3.11.7"}


def test_a_reference_to_a_lock_stays(root: Path, prefix: Path) -> None:
    assert saved(root, prefix, notebook("import pandas", stamp={"env": "pylock.toml", "schema": 1})) is None


def test_unknown_keys_of_a_stamp_stay(root: Path, prefix: Path) -> None:
    assert saved(root, prefix, notebook("import pandas", stamp={**STAMP, "note": "mine"})) == {**STAMP, "note": "mine"}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(notebook("import pandas", stamp={"schema": 99}), id="a newer stamp"),
        pytest.param(notebook("import pandas", stamp="x"), id="no stamp"),
        pytest.param({**notebook("library(x)"), "metadata": {"language_info": {"name": "R"}}}, id="R"),
    ],
)
def test_what_cannot_be_stamped_is_refused(content: dict[str, Any], root: Path, prefix: Path) -> None:
    with pytest.raises(UserError):
        saved(root, prefix, content)


def test_outputs_cost_nothing(root: Path, prefix: Path) -> None:
    content = notebook("import pandas")
    content["cells"][0]["outputs"] = [object()]  # what is not looked at need not even be JSON
    content["metadata"]["widgets"] = object()
    assert saved(root, prefix, content) == STAMP


def test_modules_of_the_project_are_no_distributions(root: Path, prefix: Path) -> None:
    (root / "pandas.py").write_text("")
    assert saved(root, prefix, notebook("import pandas"))["packages"] == {}  # type: ignore[index]


def test_an_environment_is_read_again_only_when_it_has_changed(root: Path, prefix: Path) -> None:
    benches = Benches({}, str(root))
    first = bench_in(root, prefix, benches)
    assert bench_in(root, prefix, benches) is first

    site = prefix / "lib/python3.11/site-packages"
    shutil.rmtree(site / "pandas-2.2.3.dist-info")
    build_distribution(site, {"name": "pandas", "version": "3.0.0"})
    second = bench_in(root, prefix, benches)

    assert second.stamper.record.versions["pandas"] == "3.0.0"  # type: ignore[index]


def test_what_has_just_changed_may_change_again_unseen(root: Path, prefix: Path) -> None:
    benches = Benches({}, str(root))
    os.utime(prefix / "lib/python3.11/site-packages")
    assert bench_in(root, prefix, benches) is not bench_in(root, prefix, benches)


def test_a_kernel_that_adds_to_the_path_has_an_environment_of_its_own(root: Path, prefix: Path, tmp_path: Path) -> None:
    build_distribution(tmp_path / "more", {"name": "polars", "version": "1.2.0"})
    home = home_of(str(root / "nb.ipynb"))
    benches = Benches({}, str(root))
    plain = benches.at(home, str(prefix), {})
    more = benches.at(home, str(prefix), {"PYTHONPATH": str(tmp_path / "more")})
    assert "polars" not in plain.stamper.record.versions
    assert more.stamper.record.versions["polars"] == "1.2.0"  # type: ignore[index]


def test_a_verdict_names_the_environment_and_why_it_is_that_one(root: Path, prefix: Path) -> None:
    found = judged(
        notebook_of_content(str(root / "nb.ipynb"), str(root), ran(1, OLD)),
        bench_in(root, prefix),
        "running kernel lab",
    )
    assert found.verdict.state is State.DRIFTED
    assert (found.verdict.prefix, found.verdict.how, found.python) == (str(prefix), "running kernel lab", "3.11.7")
    assert found.fresh is not None
    assert found.fresh.packages == {"pandas": "2.2.3"}


def test_settings_are_those_of_the_project(root: Path) -> None:
    assert home_of(str(root / "nb.ipynb")).settings.stamp_on_save is None
    (root / "envcheck.toml").write_text("stamp-on-save = true\n")
    assert home_of(str(root / "deep" / "nb.ipynb")).settings.stamp_on_save is True
    (root / "envcheck.toml").write_text("stamp-on-save = maybe\n")
    assert home_of(str(root / "nb.ipynb")).settings.stamp_on_save is None


def test_homes_are_remembered_for_a_moment(root: Path) -> None:
    homes = Homes()
    assert homes.of(str(root / "a.ipynb")) is homes.of(str(root / "b.ipynb"))


KERNELS = {
    "an interpreter": (["{env}/bin/python", "-m", "ipykernel_launcher"], {}, "env"),
    "the server's": (["python3", "-m", "ipykernel_launcher"], {}, "server"),
    "conda": (["x"], {"conda_env_path": "{env}"}, "env"),
    "elsewhere": (["{env}/bin/python"], {"kernel_provisioner": {"provisioner_name": "k8s"}}, ""),
    "here": (["{env}/bin/python"], {"kernel_provisioner": {"provisioner_name": "local-provisioner"}}, "env"),
    "gone": (["{env}/../gone/bin/python"], {}, ""),
    "a launcher": (["pixi", "run", "python"], {}, ""),
}


@pytest.mark.parametrize(("command", "metadata", "expected"), KERNELS.values(), ids=KERNELS)
def test_a_kernel_leads_to_its_environment(
    command: list[str], metadata: dict[str, Any], expected: str, prefix: Path, tmp_path: Path
) -> None:
    build_environment(tmp_path / "server", {})
    text = json.dumps([command, metadata]).replace("{env}", str(prefix))
    command, metadata = json.loads(text)
    fact = behind(Kernel("k", tuple(command), metadata=metadata), server_prefix=str(tmp_path / "server"), environ={})
    assert fact.prefix == (str(tmp_path / expected) if expected else "")


@pytest.mark.parametrize(
    ("metadata", "name"),
    [({"kernelspec": {"name": "lab"}}, "lab"), ({"kernelspec": 3}, ""), ({"kernelspec": {"name": 3}}, ""), (3, "")],
    ids=str,
)
def test_hostile_metadata_names_no_kernel(metadata: object, name: str) -> None:
    assert kernel_name({"metadata": metadata}) == name
    assert not has_stamp({"metadata": metadata})
