"""Modules in lists of installed files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.environments.records import corruption, listing_below, module_names, top_modules


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        pytest.param(["pandas/__init__.py", "pandas/core/x.py"], {"pandas"}, id="package"),
        pytest.param(["six.py"], {"six"}, id="single file"),
        pytest.param(["_cffi.cpython-311-x86_64-linux-gnu.so"], {"_cffi"}, id="extension module"),
        pytest.param(
            ["x.abi3.so", "y.pyd", "z.cp311-win_amd64.pyd"], {"x", "y", "z"}, id="stable and Windows extensions"
        ),
        pytest.param(["google/cloud/storage/__init__.py"], {"google"}, id="namespace package"),
        pytest.param(["lib/native.so"], {"lib"}, id="package of extensions"),
        pytest.param(["pandas-stubs/__init__.pyi"], set(), id="stubs"),
        pytest.param(["typed/__init__.pyi", "typed/py.typed"], set(), id="stubs without a dash"),
        pytest.param(["share/doc.txt", "data/x.json"], set(), id="data folders"),
        pytest.param(["x-1.dist-info/METADATA", "__pycache__/six.cpython-311.pyc"], set(), id="metadata and caches"),
        pytest.param(["../../../bin/tool", "numpy.libs/libx.so"], set(), id="scripts and bundled libraries"),
        pytest.param(["81d243__mypyc.cpython-311.so", "a b.py"], set(), id="no identifiers"),
        pytest.param(["été/__init__.py"], {"été"}, id="not ASCII"),
        pytest.param(["a/x.txt", "b/y.py", "a/z.py"], {"a", "b"}, id="unsorted"),
    ],
)
def test_top_modules(paths: list[str], expected: set[str]) -> None:
    record = "".join(f"{path},sha256=abc,12\r\n" for path in paths).encode()

    assert top_modules(record) == expected
    assert top_modules("\n".join(paths).encode()) == expected


def test_module_names_below_the_wanted_tops() -> None:
    record = b"google/cloud/storage/__init__.py,,\ngoogle/cloud/storage/blob.py,,\ngoogle/x.abi3.so,,\nother/a.py,,\n"

    assert list(module_names(record, {"google"})) == ["google.cloud.storage", "google.cloud.storage.blob", "google.x"]


@pytest.mark.parametrize(
    ("record", "wrong"),
    [(b"", ""), (b"a.py,,\n", ""), (b"\xff\xfe,,", "UTF-8"), (b"a\0b,,", "NUL"), (b"hello\nworld", "commas")],
)
def test_corruption(record: bytes, wrong: str) -> None:
    assert wrong in corruption(record)
    assert bool(corruption(record)) is bool(wrong)


def test_listing_below_a_folder_of_a_conda_record() -> None:
    files = b'["bin/x", "lib/python3.11/site-packages/a.py","lib/python3.11/site-packages/b/c.py"]'

    assert listing_below(files, "lib/python3.11/site-packages") == b"a.py\nb/c.py"


@given(st.binary(max_size=200))
def test_never_raises(record: bytes) -> None:
    tops = top_modules(record)
    list(module_names(record, tops))
    corruption(record)
