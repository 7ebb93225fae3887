"""YAML becomes plain nodes with places; whatever a text holds, nothing is made of it and nothing is raised."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.documents.yaml_events import compose
from envcheck.gather.documents.yaml_nodes import Mapping, Node, Scalar, Sequence


def plain(node: Node | None) -> object:
    """Return a tree of nodes as lists, dictionaries and texts."""
    match node:
        case Scalar():
            return node.text
        case Sequence():
            return [plain(inner) for inner in node.nodes]
        case Mapping():
            return {key.text: plain(value) for key, value in node.pairs}
        case None:
            return None


def value_of(text: str) -> Scalar:
    root = compose(text).root
    assert isinstance(root, Mapping)
    value = root.get("a")
    assert isinstance(value, Scalar)
    return value


@pytest.mark.parametrize(
    ("text", "value", "line", "column"),
    [
        pytest.param("a: x", "x", 1, 4, id="plain"),
        pytest.param("é: 1\na: x", "x", 2, 4, id="line after letters beyond ASCII"),
        pytest.param("a: 'it''s'", "it's", 1, 5, id="single quotes"),
        pytest.param('a: "x\\ty"', "x\ty", 1, 5, id="double quotes"),
        pytest.param("a: !!python/unicode 'x'", "x", 1, 22, id="python tag"),
        pytest.param("a: &mark x", "x", 1, 10, id="anchor"),
        pytest.param("a: !!str  # why\n  x", "x", 2, 3, id="tag in the line before"),
        pytest.param("a: |\n\n   x\n   y\n", "\nx\ny\n", 2, 4, id="literal block"),
        pytest.param("a: >-\n  x\n  y\n", "x y", 2, 3, id="folded block"),
        pytest.param("b: &m x\na: *m", "x", 1, 7, id="alias stands where its anchor is"),
        pytest.param("a: 1.10", "1.10", 1, 4, id="number as written"),
        pytest.param("a: 1\na: 2", "2", 2, 4, id="the last of doubled keys"),
    ],
)
def test_scalar_stands_at(text: str, value: str, line: int, column: int) -> None:
    found = value_of(text)
    assert (found.text, found.line, found.column) == (value, line, column)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        pytest.param("a:\n\t- b\n", 2, "a tab", id="tab"),
        pytest.param("a: [1\n", 2, "expected", id="open bracket"),
        pytest.param("a: b: c", 1, "mapping values", id="two colons"),
        pytest.param("{% if x %}\na: b\n", 1, "template", id="Jinja"),
        pytest.param("a: 1\na: 2\n", 2, "twice", id="doubled key"),
        pytest.param("a: 1\n---\nb: 2\n", 2, "second", id="two documents"),
        pytest.param("a: *nobody", 1, "&nobody", id="alias of nothing"),
        pytest.param("a: \0", 0, "control characters", id="NUL"),
        pytest.param("a: \ud800", 0, "surrogates", id="lone surrogate"),
        pytest.param("[" * 100_000, 1, "deeper", id="deep brackets"),
        pytest.param("- " * 100_000, 1, "deeper", id="deep lists"),
        pytest.param("&a [*a]", 1, "&a", id="list within itself"),
    ],
)
def test_fault(text: str, line: int, words: str) -> None:
    (fault,) = compose(text).faults
    assert words in fault.message
    assert fault.line == line


def test_tags_construct_nothing() -> None:
    text = "a: !!python/object/apply:os.system ['echo trap']\nb: !!python/tuple [x]\n"
    assert plain(compose(text).root) == {"a": ["echo trap"], "b": ["x"]}


def test_alias_bomb_stays_small() -> None:
    levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40))
    root = compose("a0: &a0 [x]\n" + levels).root
    assert isinstance(root, Mapping)
    assert len(root.pairs) == 40
    assert len(repr(root)) < 200


def test_keys_that_are_no_scalars_are_left_out() -> None:
    assert plain(compose("? [x]\n: 1\nb: 2\n").root) == {"b": "2"}


@given(st.one_of(st.text(), st.text("ab:-[]{}&*!|>#'\"\n \t%,?")))
def test_any_text_is_read_as_by_pyyaml_or_has_a_fault(text: str) -> None:
    document = compose(text)
    if document.faults:
        return
    try:
        wanted = yaml.load(text, Loader=yaml.CBaseLoader)
    except yaml.constructor.ConstructorError:  # keys that are no scalars, lists within themselves
        return
    assert plain(document.root) == wanted
