"""Forty lines of a failing tool come down to the one that says why."""

from __future__ import annotations

import pytest

from envcheck.lockers.causes import cause_of

PIP_TOOLS = """\
  ERROR: Cannot install rich>=13 and rich<12 because these package versions have conflicting dependencies.
Traceback (most recent call last):
  File "site-packages/resolvelib/resolvers.py", line 1, in resolve
    raise ResolutionImpossible(self.state.backtrack_causes)
pip._vendor.resolvelib.resolvers.exceptions.ResolutionImpossible: [RequirementInformation(...)]
"""
UV = """\
  × No solution found when resolving dependencies:
  ╰─▶ Because nosuch was not found and you require
      nosuch, it fails.
"""
GIT = """\
  error: subprocess-exited-with-error
  × git clone https://ada:s3cret@index.example/x.git did not run successfully.
  │ exit code: 128
  ╰─> [1 lines of output]
      fatal: no such host
      [end of output]
  note: This error originates from a subprocess, and is likely not a problem with pip.
"""
CASES = {
    "pip-tools": (
        PIP_TOOLS,
        "Cannot install rich>=13 and rich<12 because these package versions have conflicting dependencies",
    ),
    "uv": (
        UV,
        "No solution found when resolving dependencies; Because nosuch was not found and you require nosuch, it fails",
    ),
    "git, with a password": (
        GIT,
        "git clone https://***@index.example/x.git did not run successfully; exit code: 128; fatal: no such host",
    ),
    "an exception alone": (
        "Traceback (most recent call last):\n  File x\nValueError: no such thing\n",
        "ValueError: no such thing",
    ),
    "last words": ("one\ntwo\n\n", "two"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("said", "cause"), CASES.values(), ids=CASES.keys())
def test_cause(said: str, cause: str) -> None:
    assert cause_of(said.splitlines()) == cause


def test_endless_cause_is_cut() -> None:
    assert len(cause_of([f"ERROR: {'x' * 100_000}"])) < 700
