"""Every conda spec of the corpus' environment files means to us what it means to py-rattler, at the place we say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from envcheck.gather.declarations import environment_yml
from envcheck.model.declarations import Declaration
from envcheck.model.names import Ecosystem
from envcheck.model.readings import RawFile
from tests.support.rattler_reading import by_rattler, by_us

pytestmark = pytest.mark.corpus


def declarations(corpus: Path) -> Iterator[tuple[Path, Declaration]]:
    """Yield every environment file with what we read in it."""
    for path in sorted(corpus.rglob("*.y*ml")):
        name = path.relative_to(corpus).as_posix()
        if environment_yml.claims(name):
            yield path, environment_yml.read(RawFile(name, path.read_bytes())).value


def specs(path: Path) -> list[str]:
    """Return the conda specs of a file as PyYAML's loader without tags sees them."""
    loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return [entry for entry in loaded["dependencies"] if isinstance(entry, str)]


def test_all_specs_are_read_and_mean_the_same(corpus: Path) -> None:
    wanted, found = [], []
    for path, declaration in declarations(corpus):
        wanted += specs(path)
        both = (*declaration.requirements, *declaration.python)
        found += [r.raw for r in both if r.ecosystem is Ecosystem.CONDA]
    assert sorted(found) == sorted(wanted)
    assert len(found) > 300
    assert [spec for spec in dict.fromkeys(wanted) if by_us(spec) != by_rattler(spec)] == []


def test_every_requirement_stands_at_its_place(corpus: Path) -> None:
    for path, declaration in declarations(corpus):
        lines = path.read_text(encoding="utf-8").splitlines()
        for requirement in (*declaration.requirements, *declaration.python):
            rest = lines[requirement.place.line - 1][requirement.place.column - 1 :]
            assert rest.startswith(requirement.raw), requirement.place
