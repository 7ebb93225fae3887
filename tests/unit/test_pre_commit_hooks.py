"""The hooks that other repositories use by name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from envcheck.cli.arguments import COMMANDS
from envcheck.engine.doctor.commands import harm_of, words_of


@pytest.fixture(scope="module")
def hooks(repository: Path) -> dict[str, Any]:
    text = (repository / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    return {hook["id"]: hook for hook in yaml.safe_load(text)}


def test_hooks_have_the_names_that_the_documents_say(hooks: dict[str, Any], repository: Path) -> None:
    assert sorted(hooks) == ["envcheck", "envcheck-pin", "envcheck-stamp", "envcheck-verify"]
    told = set(re.findall(r"- id: ([\w-]+)", (repository / "docs" / "ci.md").read_text(encoding="utf-8")))
    assert told <= set(hooks)


def test_hooks_run_commands_that_there_are(hooks: dict[str, Any]) -> None:
    for hook in hooks.values():
        program, *rest = words_of(hook["entry"])
        assert (program, hook["language"]) == ("envcheck", "python")
        assert rest[:1] == [] or rest[0] in COMMANDS
        assert harm_of([program, *rest]) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("nb/a.ipynb", {"envcheck", "envcheck-pin", "envcheck-stamp", "envcheck-verify"}),
        ("src/a.py", {"envcheck", "envcheck-pin"}),
        ("requirements-dev.txt", {"envcheck", "envcheck-pin"}),
        ("environment.yml", {"envcheck", "envcheck-pin"}),
        ("pyproject.toml", {"envcheck", "envcheck-pin"}),
        ("uv.lock", {"envcheck", "envcheck-pin"}),
        ("envcheck.toml", {"envcheck", "envcheck-pin"}),
        ("README.md", set()),
        ("notes.txt", set()),
    ],
)
def test_hooks_run_for_what_concerns_them(path: str, expected: set[str], hooks: dict[str, Any]) -> None:
    assert {name for name, hook in hooks.items() if re.search(hook["files"], path)} == expected
