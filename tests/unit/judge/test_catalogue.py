from __future__ import annotations

import ast
from pathlib import Path

import pytest

from envcheck.judge.catalogue import RULES, find, selected
from envcheck.judge.rules.base import RuleModule
from envcheck.model.settings import Settings

ROOM = Path(__file__).resolve().parents[3] / "src" / "envcheck" / "judge" / "rules"
HEADINGS = ["**What it does**", "**Why this is bad**", "**Example**", "**Use instead**", "**Fix**"]

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.RULE.code)


def module_name(rule: RuleModule) -> str:
    return rule.__name__.removeprefix("envcheck.judge.rules.")  # type: ignore[attr-defined,no-any-return]


def has_card(file: Path) -> bool:
    body = ast.parse(file.read_text(encoding="utf-8")).body
    return any(
        isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Name) and n.targets[0].id == "RULE" for n in body
    )


def test_every_rule_is_registered() -> None:
    files = [file.relative_to(ROOM).with_suffix("").parts for file in ROOM.glob("*/*.py") if has_card(file)]
    assert sorted(".".join(parts) for parts in files) == sorted(map(module_name, RULES))


def test_rules_are_in_code_order_with_codes_and_names_of_their_own() -> None:
    codes = [rule.RULE.code for rule in RULES]
    assert codes == sorted(set(codes))
    assert len({rule.RULE.name for rule in RULES}) == len(RULES)


@each_rule
def test_file_is_called_like_its_rule(rule: RuleModule) -> None:
    assert module_name(rule).rpartition(".")[2] == rule.RULE.name.replace("-", "_")


@each_rule
def test_page_has_every_heading_in_order(rule: RuleModule) -> None:
    page = rule.__doc__ or ""
    assert [line for line in page.splitlines() if line in HEADINGS] == HEADINGS
    assert all(part.strip() for part in page.split("**")[0::2])


@each_rule
def test_card_speaks_in_lower_case_without_full_stop(rule: RuleModule) -> None:
    summary = rule.RULE.summary
    assert summary
    assert not summary.endswith(".")


@pytest.mark.parametrize("wanted", ["PIN001", "pin001", "unpinned-requirement", " PIN001 "])
def test_rule_is_found_by_code_or_name(wanted: str) -> None:
    found = find(wanted)
    assert found
    assert found.RULE.code == "PIN001"


def test_unknown_rule_is_not_found() -> None:
    assert find("PIN999") is None


def codes(settings: Settings) -> set[str]:
    return {rule.RULE.code for rule in selected(settings)}


DEFAULT = {rule.RULE.code for rule in RULES if rule.RULE.default}
PIN = {rule.RULE.code for rule in RULES if rule.RULE.code.startswith("PIN")}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        pytest.param(Settings(), DEFAULT, id="default"),
        pytest.param(Settings(select=("PIN",)), PIN, id="select a family"),
        pytest.param(Settings(select=("pin001",)), {"PIN001"}, id="select in lower case"),
        pytest.param(Settings(ignore=("PIN",)), DEFAULT - PIN, id="ignore a family"),
        pytest.param(Settings(select=("PIN",), ignore=("PIN001",)), PIN - {"PIN001"}, id="ignore one of a family"),
        pytest.param(Settings(select=("PIN001",), ignore=("PIN",)), {"PIN001"}, id="longest prefix wins"),
        pytest.param(Settings(select=("PIN001",), ignore=("PIN001",)), set(), id="ignore wins a tie"),
        pytest.param(Settings(select=("DRF001",), extend_select=("PIN",)), {"DRF001"} | PIN, id="extend a selection"),
        pytest.param(Settings(extend_select=("PIN",)), DEFAULT | PIN, id="extend the default"),
        pytest.param(
            Settings(ignore=("PIN",), extend_select=("PIN002",)), (DEFAULT - PIN) | {"PIN002"}, id="bring one back"
        ),
        pytest.param(Settings(select=("XYZ",)), set(), id="unknown prefix"),
    ],
)
def test_selection_is_by_code_prefix(settings: Settings, expected: set[str]) -> None:
    assert codes(settings) == expected
