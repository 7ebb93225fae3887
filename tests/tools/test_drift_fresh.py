"""``envcheck drift --fresh`` beside an index of this machine that has moved on: each kind of move by its name."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec import Struct

from tests.support.indexes import PASSWORD, USER, configured, envcheck, guarded, make_prefix, pip
from tests.support.wheelhouse import write_index

pytestmark = pytest.mark.tools

SCHEMA = Path(__file__).parents[2] / "src/envcheck/schemas/drift.schema.json"
BEFORE = {"alpha 1.0": (), "beta 1.1": (), "gamma 2.0.0": ("shared>=1",), "shared 1.0": (), "still 3.0": ()}
LATER = {"alpha 2.0": (), "beta 1.2": (), "gamma 2.0.1": ("shared>=1",), "shared 1.0.1": ()}
NAMES = ["alpha", "beta", "gamma", "still"]


class World(Struct, frozen=True):
    """An environment and a lock of before, and an index of later."""

    folder: Path
    prefix: Path
    environ: Mapping[str, str]

    def drift(self, *words: str, declared: str = "\n".join(NAMES)) -> tuple[int, Any]:
        (self.folder / "project/requirements.in").write_text(declared, encoding="utf-8")
        asked = ("drift", "--fresh", "--prefix", str(self.prefix), "--format", "json", *words)
        done = envcheck(self.folder / "project", self.environ, *asked)
        assert PASSWORD not in done.said
        content = json.loads(done.said)
        jsonschema.validate(content, json.loads(SCHEMA.read_text(encoding="utf-8")))
        return done.code, content["declarations"][0]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    write_index(folder, BEFORE)
    with guarded(folder) as host:
        environ = configured(os.environ, folder, f"http://{USER}:{PASSWORD}@{host}/simple/")
        prefix = make_prefix(folder / "env")
        pip(prefix, environ, "install", "-q", *NAMES)
        (folder / "project").mkdir()
        (folder / "project/requirements.in").write_text("\n".join(NAMES), encoding="utf-8")
        assert envcheck(folder / "project", environ, "lock", "--prefix", prefix).code == 0
        write_index(folder, {**BEFORE, **LATER})
        withdraw(folder / "simple/beta/index.html", "beta-1.1", "broken <b>wheels</b>")
        yield World(folder, prefix, environ)


def withdraw(page: Path, file: str, reason: str) -> None:
    text = page.read_text(encoding="utf-8")
    escaped = reason.replace("<", "&lt;").replace(">", "&gt;")
    page.write_text(text.replace(f'<a href="{file}', f'<a data-yanked="{escaped}" href="{file}'), encoding="utf-8")


@pytest.mark.parametrize("tool", ["pip-tools", "uv"])
def test_every_move_is_named_the_worst_first(tool: str, world: World) -> None:
    code, found = world.drift("--with", tool)
    assert (code, found["failure"], found["entries"]) == (1, None, 5)
    moves = [(row["level"], row["name"], row["locked"], row["installed"], row["today"]) for row in found["drift"]]
    assert moves == [
        ("major", "alpha", "1.0", "1.0", "2.0"),
        ("minor", "beta", "1.1", "1.1", "1.2"),
        ("patch", "gamma", "2.0.0", "2.0.0", "2.0.1"),
        ("patch", "shared", "1.0", "1.0", "1.0.1"),
    ]
    assert found["drift"][1]["yanked"] == "yanked: broken <b>wheels</b>"


def test_what_is_pinned_to_a_withdrawn_version_is_said(world: World) -> None:
    code, found = world.drift(declared="beta==1.1\n")
    assert (code, [(row["level"], row["today"], row["yanked"]) for row in found["drift"]]) == (
        1,
        [("yanked", "1.1", "yanked: broken <b>wheels</b>")],
    )


@pytest.mark.parametrize("tool", ["pip-tools", "uv"])
def test_what_no_version_satisfies_is_named(tool: str, world: World) -> None:
    code, found = world.drift("--with", tool, declared="alpha>=9\nstill\n")
    assert code == 1
    assert "alpha>=9" in found["failure"]
    assert [(row["level"], row["name"], row["declared"]) for row in found["drift"]] == [
        ("unresolvable", "alpha", ">=9")
    ]


def test_nothing_moves(world: World) -> None:
    code, found = world.drift(declared="still\nalpha==1.0\n")
    assert (code, found["drift"]) == (0, [])


def test_people_see_a_table(world: World) -> None:
    (world.folder / "project/requirements.in").write_text("\n".join(NAMES), encoding="utf-8")
    done = envcheck(world.folder / "project", world.environ, "drift", "--fresh", "--prefix", world.prefix)
    assert done.code == 1
    lines = done.said.splitlines()
    assert lines[0] == "requirements.in: 4 of 5 would be others in a new install today, by pip-tools"
    assert lines[2].split() == ["major", "alpha", "2.0", "1.0", "-", "1.0", "any"]


def test_stamps_are_compared(world: World) -> None:
    notebook = world.folder / "project/analysis.ipynb"
    metadata = {
        "envcheck": {"schema": 1, "python": "3.11.7", "packages": {"still": "2.0"}},
        "language_info": {"name": "python"},
    }
    content = {"cells": [], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    notebook.write_text(json.dumps(content), encoding="utf-8")
    _, found = world.drift(declared="still\n")
    notebook.unlink()
    assert [(row["level"], row["stamped"], row["installed"]) for row in found["drift"]] == [("major", "2.0", "3.0")]


def test_network_must_be_asked_for(world: World) -> None:
    done = envcheck(world.folder / "project", world.environ, "drift")
    assert (done.code, done.said.splitlines()[1]) == (2, "hint: what is here is compared by envcheck --table")
