"""``envcheck explain``."""

from __future__ import annotations

import pytest

from envcheck.cli.main import main
from envcheck.judge.catalogue import RULES


@pytest.mark.parametrize("rule", ["PIN001", "pin001", "unpinned-requirement"], ids=["code", "lower case", "name"])
def test_shows_the_page_of_a_rule(rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", rule]) == 0
    out = capsys.readouterr().out
    assert out.startswith("PIN001 unpinned-requirement (warning, since 0.1.0)\n")
    assert "**What it does**" in out


def test_lists_all_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [m.RULE.code for m in RULES]


@pytest.mark.parametrize(
    ("rule", "hint"),
    [
        pytest.param("PIN01", "did you mean PIN001?", id="code"),
        pytest.param("unpined-requirement", "did you mean unpinned-requirement?", id="name"),
        pytest.param("???", "envcheck explain lists the rules", id="nothing near"),
    ],
)
def test_an_unknown_rule_exits_2_with_the_nearest(rule: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", rule]) == 2
    assert capsys.readouterr().err == f"envcheck: no rule has the code or name {rule}\nhint: {hint}\n"
