"""What holds for outputs of any text: nothing raises, and nothing takes long."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envcheck.gather.documents.notebook_outputs import Output, OutputKind
from envcheck.gather.traces.base import Outputs
from envcheck.gather.traces.catalogue import METADATA_READERS, OUTPUT_READERS, read
from envcheck.model.places import Place
from envcheck.model.readings import RawFile
from envcheck.model.traces import TraceKind
from tests.support.ran_notebooks import cell, error, notebook, result, stream

WORDS = [
    *("watermark", "session_info", "pip list", "pip freeze", "pip show", "conda list", "conda env export"),
    *("sys.version", "print(", ")", "%s", "{}", "f'", "'", '"', "np.__version__", "import numpy as np", "import sys"),
    *("Successfully installed ", "Requirement already satisfied: ", "Package Version", "------- -------", "1.0"),
    *("/lib/python3.9/site-packages/", "numpy", " ", "  ", "\n", "\r", "\t", "\x1b[", "\x00", "\ud800", "(", "-->"),
    *("Executing transaction: done", "The following NEW packages will be INSTALLED:", "INSTALLED VERSIONS", "<pre>"),
    *("é", "::", "-----", "%", "!", "=="),
]
texts = st.lists(st.sampled_from(WORDS) | st.text(max_size=5), max_size=20).map("".join)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
KEYS = ["language_info", "nbproject", "environment", "uv.lock", "requirements", "runt", "papermill", "kaggle", "name"]
metadata = st.dictionaries(st.sampled_from([*KEYS, "version", "dependencies", "uv", "conda"]), json_values, max_size=5)


@given(source=texts, text=texts, more=texts)
@settings(max_examples=60)
def test_outputs_of_any_text_are_read(source: str, text: str, more: str) -> None:
    kinds = (OutputKind.STREAM, OutputKind.RESULT, OutputKind.ERROR, OutputKind.HTML)
    saved = tuple(Output(number, kind, text + more) for number, kind in enumerate(kinds, 1))
    outputs = Outputs(Place("a.ipynb", 1), source, saved, {"np": "numpy"}, frozenset({"numpy"}))
    for reader in OUTPUT_READERS:
        for trace in reader.read(outputs):
            assert trace.kind in reader.KINDS
            assert trace.name
            assert "\n" not in trace.name + trace.version


@given(values=metadata)
@settings(max_examples=40)
def test_metadata_of_any_shape_is_read(values: dict[str, object]) -> None:
    for reader in METADATA_READERS:
        for trace in reader.read(values, "a.ipynb"):
            assert trace.kind in reader.KINDS


@given(data=st.binary(max_size=200) | json_values.map(lambda value: repr(value).encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read(data: bytes) -> None:
    read(RawFile("a.ipynb", data))


def test_every_kind_has_one_reader() -> None:
    kinds = [kind for reader in OUTPUT_READERS for kind in reader.KINDS]
    kinds += [kind for reader in METADATA_READERS for kind in reader.KINDS]
    assert sorted(kinds, key=lambda kind: kind.value) == sorted(TraceKind, key=lambda kind: kind.value)


LINES = {
    "spaces": " " * 2000,
    "word and spaces": "a" + " " * 2000 + "x",
    "words": "a-1-" * 500,
    "dashes": "--" * 1000,
    "digits": "1." * 1000,
    "names": "numpy 1.0 " * 200,
    "tags": "<" * 2000,
    "open tags": "<a " * 700,
    "entities": "&#" + "9" * 2000,
    "escapes": "\x1b[" * 1000,
    "open escapes": "\x1b[" + "0" * 2000,
    "titles": "\x1b]" * 1000,
    "paths": "/lib/python3.9/site-packages" * 70,
    "arrows": "  a " + "1-1 --> " * 250,
    "brackets": "a (" * 700,
    "pins": "a==" * 700,
    "at": "a @ file://" + "/a-1-" * 400,
    "satisfied": "Requirement already satisfied: a" + " (1" * 600,
    "installed": "Successfully installed " + "a-" * 1000,
    "transaction": "Executing transaction: " + "- " * 900,
    "version 2": "Python version " + " " * 1900 + ":",
    "sys": "3.9.7 (" * 280,
    "table": "| " + "a" * 99 + " " * 1900,
    "colon": "a: " + " " * 1990,
    "lines": "a\n" * 1000,
}
ASKS = """\
import sys, numpy as np
print(np.__version__, x, sys.version)
print(x, np.__version__, 'a')
# watermark, session_info, python --version, sc.logging.print_header()
# pip list, pip freeze, pip show, conda list, conda env export
np.__version__, x
"""


@pytest.mark.parametrize("kind", [OutputKind.STREAM, OutputKind.RESULT, OutputKind.HTML], ids=lambda kind: kind.value)
@pytest.mark.parametrize("line", LINES.values(), ids=LINES.keys())
def test_no_text_takes_long(line: str, kind: OutputKind) -> None:
    text = "INSTALLED VERSIONS\nThe following NEW packages will be INSTALLED:\n" + f"{line}\n" * 100
    saved = (
        stream(text) if kind is OutputKind.STREAM else result(text) if kind is OutputKind.RESULT else result("x", text)
    )
    data = notebook(cell(ASKS, saved, error(line * 10)))
    begun = time.process_time()
    read(RawFile("a.ipynb", data))
    assert time.process_time() - begun < 2.0


def test_code_of_any_depth_is_read() -> None:
    for code in (
        "+".join(["a"] * 3000),
        "(" * 150 + "a" + ")" * 150,
        "f(" * 90 + ")" * 90,
        "a." * 5000 + "__version__",
    ):
        read(RawFile("a.ipynb", notebook(cell(f"print({code}, np.__version__)", stream("1.0\n")))))
