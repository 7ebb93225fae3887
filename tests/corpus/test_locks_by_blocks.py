"""Every large lock of the corpus says the same whether it is read by blocks or as a whole."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from envcheck.gather.declarations import conda_lock, pixi_lock
from envcheck.gather.declarations.base import Dialect
from envcheck.gather.declarations.conda_lock import reading as conda_reading
from envcheck.gather.declarations.pixi_lock import reading as pixi_reading
from envcheck.model.declarations import Declaration
from envcheck.model.locks import IndexedEntries
from envcheck.model.readings import RawFile

pytestmark = pytest.mark.corpus


def whole(dialect: Dialect, module: ModuleType, file: RawFile) -> Declaration:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "layout_of", lambda _: None)
        return dialect.read(file).value


@pytest.mark.parametrize(
    ("dialect", "module", "pattern"),
    [(conda_lock, conda_reading, "conda-lock*.yml"), (pixi_lock, pixi_reading, "pixi.lock")],
    ids=["conda-lock", "pixi"],
)
def test_entries_are_the_same(corpus: Path, dialect: Dialect, module: ModuleType, pattern: str) -> None:
    compared = 0
    for path in sorted(corpus.rglob(pattern)):
        file = RawFile(pattern, path.read_bytes())
        lazy, eager = dialect.read(file).value, whole(dialect, module, file)
        assert isinstance(lazy.requirements, IndexedEntries), path
        assert tuple(lazy.requirements) == eager.requirements, path
        assert set(lazy.requirements.names()) == {(e.ecosystem, e.name) for e in eager.requirements}, path
        assert list(lazy.with_sources()) == list(eager.with_sources()), path
        compared += len(eager.requirements)
    assert compared > 3000
