"""Import hooks of editable installs, read and never run."""

from __future__ import annotations

import pytest

from envcheck.gather.environments.finders import link_target, mapped_modules


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            "MAPPING: dict[str, str] = {'pkg': '/src/pkg', 'ns.sub': '/x'}", {"pkg", "ns.sub"}, id="setuptools"
        ),
        pytest.param("MAPPING = {'pkg': '/src/pkg'}", {"pkg"}, id="older setuptools"),
        pytest.param(
            "from editables.redirector import X as F\nF.install()\nF.map_module('pkg', '/src/pkg/__init__.py')",
            {"pkg"},
            id="editables",
        ),
        pytest.param(
            "install({'pkg': '/src/pkg/__init__.py', 'pkg.a': '/a'}, {}, None)", {"pkg", "pkg.a"}, id="scikit-build"
        ),
        pytest.param("install(\n 'name',\n {'pkg', 'other'},\n '/build',\n)", {"pkg", "other"}, id="meson"),
        pytest.param("raise SystemExit", set(), id="something else"),
        pytest.param("MAPPING = {1: 2, **x}\nMAPPING = f()", set(), id="not literal"),
        pytest.param("MAPPING = {'../../etc': 'x', 'a b': 'y'}", set(), id="no module names"),
        pytest.param("def (", set(), id="broken"),
        pytest.param("(" * 10_000, set(), id="deep"),
        pytest.param("\0", set(), id="NUL"),
    ],
)
def test_mapped_modules(source: str, expected: set[str]) -> None:
    assert mapped_modules(source) == expected


def test_egg_link_is_its_first_line() -> None:
    assert link_target("\n/home/me/project\n../") == "/home/me/project"
    assert link_target("") == ""
