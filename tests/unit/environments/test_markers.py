"""PEP 508 environments."""

from __future__ import annotations

import sys

import pytest
from packaging.markers import Marker, default_environment

from envcheck.gather.environments.interpreters import Interpreter
from envcheck.gather.environments.markers import markers_of


def test_equals_packaging_for_the_running_python() -> None:
    version = "{}.{}.{}".format(*sys.version_info[:3])

    assert markers_of(Interpreter(version, sys.implementation.name)) == dict(default_environment())


@pytest.mark.parametrize(
    ("interpreter", "marker"),
    [
        (Interpreter("3.6.15"), "python_version < '3.7' and python_full_version == '3.6.15'"),
        (Interpreter("3.10.14", "pypy", "7.3.17"), "platform_python_implementation == 'PyPy'"),
        (Interpreter("3.10.14", "pypy", "7.3.17"), "implementation_version == '7.3.17'"),
    ],
)
def test_another_python(interpreter: Interpreter, marker: str) -> None:
    assert Marker(marker).evaluate(dict(markers_of(interpreter)))


@pytest.mark.skipif(sys.platform != "linux", reason="about Linux")
def test_python_2_called_linux_linux2() -> None:
    assert markers_of(Interpreter("2.7.18"))["sys_platform"] == "linux2"
