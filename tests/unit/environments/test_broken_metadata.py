"""Every way in which metadata is broken is said, and none stops the reading (formats.md §9.3)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from envcheck.gather.environments.catalogue import read_environment
from envcheck.model.environment import Environment
from envcheck.model.readings import ProblemKind
from tests.support.environments import build_environment

SITE = Path("lib/python3.11/site-packages")


def read(folder: Path, broken: dict[str, object], spoil: Callable[[Path], object] | None = None) -> Environment:
    sound = {"name": "sound", "version": "1.0"}
    build_environment(
        folder, {"python": "3.11.7", "distributions": [sound, {"name": "demo", "version": "1.0", **broken}]}
    )
    if spoil:
        spoil(folder / SITE / str(broken.get("folder", "demo-1.0.dist-info")))
    return read_environment(str(folder), environ={})


def raw(text: str) -> dict[str, object]:
    return {"metadata": text}


@pytest.mark.parametrize(
    ("broken", "spoil", "message", "installed"),
    [
        pytest.param({}, lambda p: (p / "METADATA").unlink(), "METADATA is missing", "demo 1.0", id="missing"),
        pytest.param(raw(""), None, "METADATA is empty", "demo 1.0", id="empty"),
        pytest.param(raw("Version: 1.0\n"), None, "METADATA has no Name", "demo 1.0", id="no name"),
        pytest.param(raw("Name: demo\n"), None, "METADATA has no Version", "demo 1.0", id="no version"),
        pytest.param(raw("Nothing\n"), None, "METADATA has no Name and no Version", "demo 1.0", id="neither"),
        pytest.param(
            raw("Name: demo\nVersion: foo-bar\n"),
            None,
            "'foo-bar' is no valid version",
            "demo foo-bar",
            id="bad version",
        ),
        pytest.param(
            raw("Name: demo\nVersion: 2.0\n"),
            None,
            "folder says version 1.0, METADATA says 2.0",
            "demo 2.0",
            id="versions",
        ),
        pytest.param(
            raw("Name: other\nVersion: 1.0\n"),
            None,
            "folder is named demo, METADATA says other",
            "other 1.0",
            id="names",
        ),
        pytest.param(
            raw("Name: \x1b[31m\nVersion: 1.0\n"),
            None,
            r"'\x1b[31m', which is no valid name",
            "demo 1.0",
            id="escapes in name",
        ),
        pytest.param(
            {},
            lambda p: (p / "METADATA").write_bytes(b"Name: demo\nVersion: 1.0\n\n\xe9"),
            "not UTF-8",
            "demo 1.0",
            id="latin-1",
        ),
        pytest.param(
            {"requires": ["foo (>=1.0.*)"]}, None, "'foo (>=1.0.*)' is no valid", "demo 1.0", id="requirement"
        ),
        pytest.param(
            {}, lambda p: (p / "RECORD").write_bytes(b"\xff,,\n"), "RECORD is corrupt", "demo 1.0", id="record"
        ),
        pytest.param({}, lambda p: (p / "RECORD").unlink(), "RECORD is missing", "demo 1.0", id="no record"),
        pytest.param({"direct-url": "{"}, None, "direct_url.json is corrupt", "demo 1.0", id="direct_url no JSON"),
        pytest.param({"direct-url": "{}"}, None, "it names no url", "demo 1.0", id="direct_url without url"),
    ],
)
def test_broken(
    tmp_path: Path,
    broken: dict[str, object],
    spoil: Callable[[Path], object] | None,
    message: str,
    installed: str,
) -> None:
    environment = read(tmp_path, broken, spoil)

    assert [f"{found.shown_name} {found.version}" for found in environment.distributions] == [installed, "sound 1.0"]
    (problem,) = environment.problems
    assert problem.kind is ProblemKind.BROKEN_METADATA
    assert problem.message.startswith("demo 1.0: ")
    assert message in problem.message
    assert problem.remedy
    assert problem.place.path == str(tmp_path / SITE / "demo-1.0.dist-info")


@pytest.mark.parametrize(
    ("broken", "version"),
    [
        pytest.param(raw("Name: demo\nVersion: 1.0\nMetadata-Version: 9.9\n"), "1.0", id="unknown metadata version"),
        pytest.param({"version": "1.0-dev", "folder": "demo-1.0.dev0.dist-info"}, "1.0-dev", id="version not normal"),
        pytest.param({"version": "1.0-1", "folder": "demo-1.0_1.dist-info"}, "1.0-1", id="escaped dash in folder"),
        pytest.param({"name": "De.mo", "folder": "de_mo-1.0.dist-info"}, "1.0", id="name not normal"),
        pytest.param({"installer": ""}, "1.0", id="no installer"),
    ],
)
def test_odd_but_sound(tmp_path: Path, broken: dict[str, object], version: str) -> None:
    environment = read(tmp_path, broken)

    assert environment.problems == ()
    assert environment.distributions[0].version == version


def test_empty_metadata_folder_counts_by_its_name(tmp_path: Path) -> None:
    build_environment(tmp_path, {})
    (tmp_path / SITE / "demo-1.0.dist-info").mkdir()

    environment = read_environment(str(tmp_path), environ={})

    assert [(found.name, found.version) for found in environment.distributions] == [("demo", "1.0")]
    assert "METADATA is missing" in environment.problems[0].message


def test_folder_without_usable_name_is_said_and_skipped(tmp_path: Path) -> None:
    build_environment(tmp_path, {})
    (tmp_path / SITE / "-.dist-info").mkdir()
    (tmp_path / SITE / ".dist-info").mkdir()

    environment = read_environment(str(tmp_path), environ={})

    assert environment.distributions == ()
    assert len(environment.problems) == 3


def test_leftover_of_pip_is_said_and_skipped(tmp_path: Path) -> None:
    environment = read(tmp_path, {"name": "demo", "folder": "~emo-1.0.dist-info"})

    assert [found.name for found in environment.distributions] == ["sound"]
    assert environment.problems[0].message == "~emo-1.0.dist-info: left behind by an interrupted pip"
    assert environment.problems[0].remedy == "delete it"
