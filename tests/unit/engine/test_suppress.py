"""What the user does not want to hear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from envcheck.engine.suppress import suppress
from envcheck.model.findings import Finding, Severity
from envcheck.model.places import Place
from envcheck.model.settings import Settings
from envcheck.model.usage import Ignore

HERE = Place("nb/a.ipynb", 3, 2, 5)


def _heard(place: Place, ignores: Sequence[Ignore] = (), per_file: Mapping[str, tuple[str, ...]] | None = None) -> bool:
    finding = Finding("PIN001", "unpinned-requirement", Severity.WARNING, place, "x")
    kept, silenced = suppress((finding,), settings=Settings(per_file_ignores=per_file or {}), ignores=ignores)
    assert len(silenced) == 1 - len(kept)
    return bool(kept)


@pytest.mark.parametrize(
    ("ignore", "heard"),
    [
        pytest.param(Ignore(HERE._replace(column=40)), False, id="no codes"),
        pytest.param(Ignore(HERE, ("PIN001",)), False, id="its code"),
        pytest.param(Ignore(HERE, ("PIN",)), False, id="its family"),
        pytest.param(Ignore(HERE, ("DRF", "PIN001")), False, id="one of several codes"),
        pytest.param(Ignore(HERE, ("PIN002",)), True, id="another code"),
        pytest.param(Ignore(HERE._replace(line=3)), True, id="another line"),
        pytest.param(Ignore(HERE._replace(cell=4)), True, id="another cell"),
        pytest.param(Ignore(HERE._replace(path="nb/b.ipynb")), True, id="another file"),
    ],
)
def test_an_inline_ignore_holds_for_its_line(ignore: Ignore, heard: bool) -> None:
    assert _heard(HERE, [ignore]) is heard


@pytest.mark.parametrize(
    ("glob", "heard"),
    [
        pytest.param("a.ipynb", False, id="name at any depth"),
        pytest.param("*.ipynb", False, id="pattern at any depth"),
        pytest.param("nb", False, id="folder"),
        pytest.param("nb/", False, id="folder with slash"),
        pytest.param("nb/*", False, id="anchored pattern"),
        pytest.param("/nb/a.ipynb", False, id="anchored path"),
        pytest.param("**/a.ipynb", False, id="any folder"),
        pytest.param("nb/**", False, id="everything below"),
        pytest.param("/a.ipynb", True, id="anchored elsewhere"),
        pytest.param("*/nb", True, id="too deep"),
        pytest.param("a", True, id="part of a name"),
        pytest.param("a.ipynb/", True, id="a folder of that name"),
        pytest.param("[", True, id="broken pattern"),
        pytest.param("", True, id="empty"),
    ],
)
def test_a_file_is_ignored_like_git_does(glob: str, heard: bool) -> None:
    assert _heard(HERE, per_file={glob: ("PIN",)}) is heard


def test_a_file_is_ignored_for_the_codes_given_only() -> None:
    assert _heard(HERE, per_file={"*.ipynb": ("DRF", "PIN002")})


def test_the_order_stays() -> None:
    findings = [Finding(f"PIN00{n}", "x", Severity.NOTE, Place("a", 0, n), "x") for n in (3, 1, 2)]
    kept, silenced = suppress(findings, settings=Settings(), ignores=[Ignore(Place("a", 0, 1))])
    assert [finding.code for finding in kept] == ["PIN003", "PIN002"]
    assert [finding.code for finding in silenced] == ["PIN001"]
