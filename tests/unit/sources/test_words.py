"""No fact is lost because a cell lacks the words that were looked for first."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envcheck.gather.sources import cells, words
from envcheck.gather.sources.facts import Fact
from envcheck.model.readings import Problem

PIECES = (
    *("import a", "from b import c", "__import__('d')", "importlib.import_module('e')", "sys.path += ['f']"),
    *("sys.path.append(", "addsitedir('g')", "get_ipython().system('", "get_ipython().magic('run h.py')"),
    *("!pip install i", "%pip install j", "pip install k", "!{sys.executable} -m pip install l", "%conda install m"),
    *("%load_ext n", "load_ext o", "%reload_ext q", "%run r.py", "run s.py", "% run\tt.py", "x = %run u"),
    *(
        "%%writefile v.py",
        "%%file w.py",
        "%%bash",
        "%%sh",
        "%%time",
        "%%capture",
        "%%script bash",
        "%time ",
        "%timeit ",
    ),
    *(
        "# envcheck: ignore",
        "#envcheck:ignore[A]",
        "%sx ",
        "%system ",
        "!",
        "!!",
        "%",
        "%%",
        "x = !",
        "run ",
        "install",
    ),
    *("\n", "\n", "\n    ", "\\\n", "\r\n", " ", "\t", "?", "(", ")", "'", "'''", "#", ";", "if x:", "&& "),
)


def facts(text: str) -> list[Fact]:
    return [fact for fact in cells.read(text, "a.ipynb", 1) if not isinstance(fact, Problem)]


@settings(max_examples=500)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=8).map("".join))
def test_cell_without_the_words_holds_no_fact(text: str) -> None:
    found = facts(text)
    with mock.patch.object(words, "may_tell", return_value=True):
        assert found == facts(text)


TELLING = {
    "import": "import a",
    "folder": "sys.path.append('a')",
    "site folder": "site.addsitedir('a')",
    "call of IPython": "get_ipython().system('pip install a')",
    "install line": "!pip install a",
    "extension": "load_ext a",
    "written file": "%%writefile a.py",
    "written file, the old way": "%%capture\n%%file a.py",
    "run": "x = 1\n% run a.py",
    "bare run": "x = 1\n  run a.py",
    "ignore": "x = 1  # envcheck: ignore",
}


@pytest.mark.parametrize("text", TELLING.values(), ids=TELLING.keys())
def test_cell_with_the_words_is_read(text: str) -> None:
    assert words.may_tell(text)
    assert facts(text)


@pytest.mark.parametrize(
    "text", ["", "x = 1", "x % run", "print('%d%%' % x)", "%matplotlib inline", "!ls", "x.run (1)"]
)
def test_cell_without_the_words_is_passed_over(text: str) -> None:
    assert not words.may_tell(text)
