"""Every claim of SECURITY.md has a test that exists, and every command a row."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from envcheck.cli.arguments import COMMANDS

NAMED = r"`(tests/[\w/]+\.py)::(\w+)`"


@pytest.fixture(scope="module")
def security(repository: Path) -> str:
    return (repository / "SECURITY.md").read_text(encoding="utf-8")


def rows(text: str, heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading, without its head."""
    section = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_command_has_a_row(security: str) -> None:
    assert [row[0].strip("`") for row in rows(security, "What each command may touch")] == sorted(
        COMMANDS, key=lambda name: (name != "check", name)
    )


def test_every_claim_has_a_test_that_exists(security: str, repository: Path) -> None:
    claims = rows(security, "The claims, and the tests behind them")
    assert len(claims) > 20
    for claim, tests in claims:
        named = re.findall(NAMED, tests)
        assert named, claim
        for path, name in named:
            tree = ast.parse((repository / path).read_text(encoding="utf-8"))
            defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
            assert name in defined, f"{claim}: {path}::{name}"
