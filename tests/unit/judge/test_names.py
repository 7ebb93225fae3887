"""Names without an environment: the table, the standard library, hosts and local modules."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from envcheck.judge.names import stdlib
from envcheck.judge.names.local import LocalModules
from envcheck.judge.names.platform import platform_name
from envcheck.judge.names.table import parse_table
from envcheck.model.places import Place
from envcheck.model.scopes import ProjectFiles
from envcheck.model.usage import Import, Source, SourceKind

TABLE = parse_table(
    Path(__file__).parents[3].joinpath("src/envcheck/judge/names/names.tsv").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("sklearn.linear_model", ("scikit-learn",)),
        ("PIL.Image", ("pillow",)),
        ("yaml", ("pyyaml",)),
        ("google.cloud.storage", ("google-cloud-storage",)),
        ("google.cloud.bigquery", ("google-cloud-bigquery",)),
        ("azure.storage.blob", ("azure-storage-blob",)),
        ("numpy", ("numpy",)),
        ("my_own_thing", ()),
    ],
)
def test_import_names(module: str, expected: tuple[str, ...]) -> None:
    assert TABLE.distributions_of(module) == expected


def test_ambiguous_import_lists_all_candidates_the_likeliest_first() -> None:
    assert TABLE.distributions_of("cv2")[:2] == ("opencv-python", "opencv-python-headless")


@pytest.mark.parametrize(
    ("conda", "pypi"),
    [
        ("pytorch", "torch"),
        ("matplotlib-base", "matplotlib"),
        ("pytables", "tables"),
        ("numpy", "numpy"),
        ("own_name", "own-name"),
    ],
)
def test_conda_names(conda: str, pypi: str) -> None:
    assert TABLE.pypi_of(conda) == pypi


def test_users_names_come_before_the_table() -> None:
    table = TABLE.extended({"cv2": ("opencv-python-headless",), "house": ("House_Tools",)})
    assert table.distributions_of("cv2") == ("opencv-python-headless",)
    assert table.distributions_of("house.rooms") == ("house-tools",)


def test_every_row_has_three_columns() -> None:
    text = Path(__file__).parents[3].joinpath("src/envcheck/judge/names/names.tsv").read_text(encoding="utf-8")
    assert [row for row in text.splitlines() if not row.startswith("#") and row.count("\t") != 2] == []


def test_standard_library_of_this_python_is_known() -> None:
    public = {name for name in sys.stdlib_module_names if not name.startswith("_")}
    assert {name for name in public if not stdlib.is_stdlib_3(name)} == set()


@pytest.mark.parametrize(
    ("module", "python", "said"),
    [
        ("distutils.core", "3.12.1", "left the standard library in Python 3.12"),
        ("distutils.core", "3.11.7", ""),
        ("tomllib", "3.10.13", "came to the standard library in Python 3.11"),
        ("urllib2", "3.11.7", "was Python 2's"),
        ("urllib2", "2.7.18", ""),
        ("json", "3.11.7", ""),
        ("imp", "", ""),
    ],
)
def test_absence_from_a_python(module: str, python: str, said: str) -> None:
    assert stdlib.absence(module, python) == said


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("google.colab.drive", "google.colab"),
        ("google.cloud", ""),
        ("kaggle_secrets", "kaggle_secrets"),
        ("pandas", ""),
    ],
)
def test_hosted_modules(module: str, name: str) -> None:
    assert platform_name(module) == name


FILES = ProjectFiles(
    frozenset(
        {
            "nb/beside.py",
            "lib/deep/tool.py",
            "src/pack/__init__.py",
            "src/pack/inner/__init__.py",
            "src/pack/inner/work.py",
            "sklearn/example.py",
            "top.py",
        }
    ),
    frozenset({"nb", "lib", "lib/deep", "src", "src/pack", "src/pack/inner", "sklearn"}),
)
LOCAL = LocalModules(FILES, (".", "src"))


@pytest.mark.parametrize(
    ("path", "module", "found"),
    [
        ("nb/a.ipynb", "beside", ("nb/beside.py", True, True)),
        ("other/a.ipynb", "beside", None),
        ("nb/a.ipynb", "top", ("top.py", False, True)),
        ("nb/a.ipynb", "pack.inner", ("src/pack/__init__.py", False, True)),
        ("src/pack/inner/work.py", "pack", ("src/pack/__init__.py", False, True)),
        ("nb/a.ipynb", "sklearn.example", ("sklearn", False, False)),
        ("nb/a.ipynb", "sklearn.linear_model", None),
        ("nb/a.ipynb", "lib.deep", ("lib", False, False)),
    ],
)
def test_local_modules_as_python_finds_them(path: str, module: str, found: tuple[str, bool, bool] | None) -> None:
    source = Source(path, SourceKind.NOTEBOOK if path.endswith("ipynb") else SourceKind.SCRIPT)
    local = LOCAL.find(source, Import(module, Place(path)))
    assert (local and (local.path, local.beside, local.regular)) == found


def test_search_path_written_in_a_cell_is_followed() -> None:
    source = Source("nb/a.ipynb", SourceKind.NOTEBOOK, search_paths=("../lib/deep",))
    local = LOCAL.find(source, Import("tool", Place("nb/a.ipynb")))
    assert local is not None
    assert local.path == "lib/deep/tool.py"


def test_module_that_stands_elsewhere_is_named() -> None:
    assert LOCAL.elsewhere("tool") == "lib/deep/tool.py"
    assert LOCAL.elsewhere("absent") == ""
