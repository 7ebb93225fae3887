"""ENV001 says what ``pip check`` says, in real virtual environments with made-up distributions."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from envcheck.gather.environments.catalogue import read_environment
from envcheck.judge.rules.environment import inconsistent_environment
from tests.support.environments import build_distribution
from tests.support.evidence import evidence

pytestmark = pytest.mark.tools

_MISSING = re.compile(r"(\S+) \S+ requires (\S+), which is not installed\.")
_CONFLICT = re.compile(r"(\S+) \S+ has requirement ([\w.-]+).*, but you have \S+ \S+\.")

Spec = Mapping[str, Any]


def made(name: str, version: str, *requires: str) -> Spec:
    return {"name": name, "version": version, "requires": requires}


@pytest.mark.parametrize(
    "distributions",
    [
        pytest.param([made("pandas", "2.1.4", "numpy>=1.23"), made("numpy", "1.26.4")], id="consistent"),
        pytest.param([made("pandas", "2.1.4", "numpy>=1.23", "pytz (>=2020.1)")], id="missing"),
        pytest.param([made("pandas", "2.1.4", "numpy<2,>=1.23"), made("NumPy", "2.0.1")], id="wrong version"),
        pytest.param(
            [
                made("a", "1", "b>=2; python_version >= '3'", "c; python_version < '3'", "d; extra == 'x'"),
                made("b", "1"),
            ],
            id="markers",
        ),
        pytest.param(
            [made("a", "1", "b==1.0", "c>=2"), made("b", "1.0+cu121"), made("c", "2.1rc1")], id="local and pre-release"
        ),
        pytest.param(
            [made("a", "1", "b[x]~=1.4", "c @ https://x.example/c.whl"), made("b", "1.3")], id="extras and url"
        ),
        pytest.param([made("a", "1", "b!=1.0"), made("b", "1.0"), made("c", "1", "b<1", "d_e.f")], id="several"),
    ],
)
def test_inconsistencies_are_those_of_pip_check(distributions: Sequence[Spec], tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path)], check=True)
    (site,) = tmp_path.glob("lib/python*/site-packages")
    for distribution in distributions:
        build_distribution(site, distribution)
    assert _ours(tmp_path) == _pips(tmp_path)


def _ours(prefix: Path) -> set[tuple[str, str]]:
    found = inconsistent_environment.check(evidence(env=read_environment(str(prefix), environ={})))
    return {(_required_by(finding.message), finding.distribution) for finding in found}


def _required_by(message: str) -> str:
    return message.partition(" ")[0].lower()


def _pips(prefix: Path) -> set[tuple[str, str]]:
    command = [sys.executable, "-m", "pip", "--python", str(prefix / "bin/python"), "check"]
    output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    named = (*_MISSING.findall(output), *_CONFLICT.findall(output))
    return {(who.lower(), re.sub(r"[-_.]+", "-", what).lower()) for who, what in named}
