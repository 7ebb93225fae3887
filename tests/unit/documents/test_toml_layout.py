"""The layout of a TOML text: each string stands where the scanner of places says, and brackets enclose their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from envcheck.gather.documents.toml_layout import Node, layout
from envcheck.gather.documents.toml_tables import opening, places

TEXT = """\
a = [1, 2.5, 1979-05-27 07:32:00, [true, "x"], {b.c = 'd'},] # "no"
"quoted key" . e = { f = [], g = "h" }
[[t]]
i = '''
j'''
[[t]]
i = \"\"\"k\"\"\"
[t.u]
l = +1e3
"""


def nodes(found: list[Node]) -> Iterator[Node]:
    for node in found:
        yield node
        yield from nodes(node.nodes)


def agrees(text: str) -> None:
    """Check that both scanners find the same strings."""
    found = {}
    for section in layout(text).sections:
        for node in nodes(section.nodes):
            if node.kind == "string":
                position = node.value + opening(text[node.value : node.stop])
                line = text.count("\n", 0, position) + 1
                found[node.path] = (line, position - text.rfind("\n", 0, position))
            elif node.kind != "other":
                assert text[node.value] + text[node.stop - 1] in ("[]", "{}")
                assert len(node.nodes) - len(node.commas) in (0, 1)
    assert found == places(text)


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n")], ids=["lines", "Windows lines"])
def test_strings(text: str) -> None:
    agrees(text)


def test_parts() -> None:
    found = layout(TEXT)
    value = found.node(("a", 2))
    assert value
    assert TEXT[value.value : value.stop] == "1979-05-27 07:32:00"
    number = found.node(("t", 1, "u", "l"))
    assert number
    assert TEXT[number.start : number.stop] == "l = +1e3"
    assert [type(part).__name__ for _, part in found.parts(("t", 1))] == ["Section", "Section"]
    assert [TEXT[part.start : part.stop] for _, part in found.parts(("a", 4))] == ["{b.c = 'd'}"]


@pytest.mark.corpus
def test_corpus(corpus: Path) -> None:
    import tomli

    texts = [path.read_bytes().decode() for name in ("*.toml", "Pipfile") for path in sorted(corpus.rglob(name))]
    for text in texts:
        try:
            tomli.loads(text)
        except tomli.TOMLDecodeError:
            continue
        agrees(text)
    assert len(texts) > 20
