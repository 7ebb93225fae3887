"""Whatever is plugged in has its line in a catalogue: nobody can forget it."""

from __future__ import annotations

import re
from types import ModuleType

import pytest

from envcheck.gather.declarations.catalogue import DIALECTS, EDITORS
from envcheck.gather.sources.catalogue import readers
from envcheck.gather.traces.catalogue import METADATA_READERS, OUTPUT_READERS
from envcheck.judge.catalogue import RULES
from envcheck.judge.rules.base import RuleModule
from envcheck.reporters import catalogue as reporters
from tests.architecture.house import MODULES

SECTIONS = ["What it does", "Why this is bad", "Example", "Use instead", "Fix"]


def plugged(room: str, mark: str) -> set[str]:
    """Return the modules of a room that define what makes them pluggable."""
    return {module.dotted for module in MODULES if module.is_in(room) and module.defines(mark)}


@pytest.mark.parametrize(
    ("room", "mark", "listed"),
    [
        ("gather/sources", "claims", readers()),
        ("gather/declarations", "claims", tuple(dict.fromkeys((*DIALECTS, *EDITORS)))),
        ("gather/traces", "KINDS", (*OUTPUT_READERS, *METADATA_READERS)),
        ("judge/rules", "RULE", RULES),
    ],
    ids=["sources", "declarations", "traces", "rules"],
)
def test_catalogue_lists_every_module_once(room: str, mark: str, listed: tuple[ModuleType, ...]) -> None:
    names = [module.__name__ for module in listed]
    assert len(names) == len(set(names))
    assert set(names) == plugged(room, mark)


def test_every_reporter_is_listed_under_its_name() -> None:
    named = {reporters.reporter(name).NAME: name for name in reporters.NAMES}
    assert named == {name: name for name in reporters.NAMES}
    assert len(named) == len(plugged("reporters", "NAME"))


def test_rules_come_in_the_order_of_their_codes_and_have_names_of_their_own() -> None:
    codes = [rule.RULE.code for rule in RULES]
    assert codes == sorted(set(codes))
    assert len({rule.RULE.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.RULE.code)
def test_rule_has_a_page(rule: RuleModule) -> None:
    assert re.findall(r"^\*\*(.+)\*\*$", rule.__doc__ or "", re.MULTILINE) == SECTIONS
    assert rule.__name__.endswith(rule.RULE.name.replace("-", "_"))  # type: ignore[attr-defined]
