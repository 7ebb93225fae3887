"""The environment these tests run in, as importlib.metadata sees it: requirements, and who owns which module."""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from importlib.metadata import Distribution, distributions
from pathlib import PurePosixPath

import pytest

from envcheck.gather.environments.catalogue import read_environment
from envcheck.model.environment import Environment
from envcheck.model.names import normalize
from tests.support.interpreters import run_json

pytestmark = pytest.mark.tools

SUFFIXES = (".py", ".so", ".pyd")


@pytest.fixture(scope="module")
def environment() -> Environment:
    return read_environment(sys.prefix, environ={})


@pytest.fixture(scope="module")
def expected() -> dict[str, Distribution]:
    found: dict[str, Distribution] = {}
    for distribution in distributions():
        found.setdefault(normalize(distribution.name), distribution)
    return found


def test_raw_requirements(environment: Environment, expected: dict[str, Distribution]) -> None:
    found = {each.name: list(each.requires) for each in environment.distributions}

    assert found == {name: distribution.requires or [] for name, distribution in expected.items()}


def test_other_headers(environment: Environment, expected: dict[str, Distribution]) -> None:
    for found in environment.distributions:
        metadata = expected[found.name].metadata
        assert found.requires_python == (metadata["Requires-Python"] or "")
        assert list(found.provides_extras) == (metadata.get_all("Provides-Extra") or [])
        scripts = {"console_scripts", "gui_scripts"}
        assert found.plugin is any(point.group not in scripts for point in expected[found.name].entry_points)


def test_every_module_of_a_record_leads_to_its_owner(
    environment: Environment, expected: dict[str, Distribution]
) -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for name, distribution in expected.items():
        for file in distribution.files or ():
            module = module_of(file)
            if module:
                owners[module].add(name)

    wrong = {
        module: owners_of(environment, module)
        for module, names in owners.items()
        if not names & {*owners_of(environment, module)}
    }
    vague = [module for module, names in owners.items() if len(owners_of(environment, module)) > len(names)]

    assert wrong == {}
    # A namespace package belongs to all that have a part of it; a module that one distribution owns is never vague.
    assert [module for module in vague if len(owners[module]) == 1 and "." in module] == []
    assert len(owners) > 1000


def module_of(file: PurePosixPath) -> str:
    """Return the dotted name that imports a file of a RECORD, empty when nothing does."""
    parts = [*file.parent.parts, file.name.partition(".")[0]]
    stem_is_plain = file.suffix != ".py" or file.name.count(".") == 1
    if not file.name.endswith(SUFFIXES) or not stem_is_plain or not all(part.isidentifier() for part in parts):
        return ""
    return ".".join(parts).removesuffix(".__init__")


def owners_of(environment: Environment, module: str) -> tuple[str, ...]:
    """Return the owners of the longest prefix of a module."""
    prefix = module
    while prefix:
        if prefix in environment.modules:
            return environment.modules[prefix]
        prefix = prefix.rpartition(".")[0]
    return ()


def test_search_path_of_the_system_python_is_read_in_its_order() -> None:
    python = "/usr/bin/python3"
    if not os.path.exists(python):
        pytest.skip("no system Python here")
    code = (
        "import importlib.metadata as m, json; "
        "print(json.dumps([[d.metadata['Name'], str(d._path.parent)] for d in m.distributions()]))"
    )
    listed = run_json([python, "-c", code], PYTHONNOUSERSITE="1")
    expected: dict[str, str] = {}
    for name, site in listed:
        expected.setdefault(normalize(name), site)

    environment = read_environment(python, environ={})

    assert {found.name: found.site for found in environment.distributions} == expected
