"""Real cells: what their lines and words alone tell is what reading them in full tells."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from envcheck.gather.documents import magics, notebook_json
from envcheck.gather.sources import cells, import_lines, words
from envcheck.model.places import Place
from envcheck.model.readings import RawFile
from tests.support.import_trees import agrees
from tests.support.mutants import mutants

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def texts(corpus: Path) -> list[str]:
    """Return the text of every different code cell of the corpus."""
    notebooks = (RawFile(path.name, path.read_bytes()) for path in sorted(corpus.rglob("*.ipynb")))
    return sorted({cell.text for notebook in notebooks for cell in notebook_json.read(notebook).value.code})


@pytest.fixture(scope="module")
def fragments(texts: list[str]) -> list[str]:
    """Return the Python with the word import of every cell."""
    found = (fragment.text for text in texts for fragment in magics.split(text).python)
    return [text for text in found if "import" in text]


def test_cell_without_the_words_holds_no_fact(texts: list[str]) -> None:
    passed_over = [text for text in texts if not words.may_tell(text)]
    assert len(passed_over) > 3 * len(texts) // 4
    with mock.patch.object(words, "may_tell", return_value=True):
        assert [text for text in passed_over if cells.read(text, "a.ipynb", 1)] == []


def test_plain_lines_tell_what_the_tree_tells(fragments: list[str]) -> None:
    settled = [text for text in fragments if import_lines.read(text, Place("a.ipynb", 1, 1)) is not None]
    assert len(settled) > 0.95 * len(fragments)
    assert [text for text in settled if not agrees(text)] == []


@settings(max_examples=1_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_cells_tell_what_their_trees_tell(fragments: list[str], data: st.DataObject) -> None:
    assert agrees(data.draw(mutants(fragments)))
