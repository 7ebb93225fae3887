"""What other tools keep in the metadata of a notebook, and juv's cell."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from envcheck.model.traces import Meaning, TraceKind
from tests.support.ran_notebooks import cell, traces

LOCK = """\
version = 1
requires-python = ">=3.11"

[manifest]
requirements = [{ name = "rich" }]

[[package]]
name = "rich"
version = "13.9.4"
source = { registry = "https://index.example/simple" }

[[package]]
name = "numpy"
version = "2.2.0"
source = { registry = "https://index.example/simple" }
resolution-markers = ["python_full_version < '3.12'"]

[[package]]
name = "numpy"
version = "2.3.0"
source = { registry = "https://index.example/simple" }

[[package]]
name = "mine"
version = "0.1"
source = { editable = "." }
"""
PIPFILE = {
    "packages": {"tensorflow": {"version": "==2.5.0"}, "Boto3": "*", "pandas": ">=1.2"},
    "requires": {"python_version": "3.8"},
}
PIPFILE_LOCK = {"_meta": {}, "default": {"boto3": {"version": "==1.17.0", "hashes": []}}, "develop": {}}
SCRIPT = (
    '# /// script\n# requires-python = ">=3.11"\n# dependencies = ["rich>=13,<14", "pandas[excel]", "???"]\n# ///\n'
)

CASES: dict[str, tuple[Mapping[str, object], list[tuple[str, str, str, Meaning]]]] = {
    "language_info": (
        {"language_info": {"name": "python", "version": "3.11.7"}},
        [("python", "python", "3.11.7", Meaning.INSTALLED)],
    ),
    "language_info of a language on Python": ({"language_info": {"name": "coconut", "version": "3.0.2"}}, []),
    "papermill": (
        {"papermill": {"version": "2.3.3", "parameters": {}}},
        [("distribution", "papermill", "2.3.3", Meaning.HINT)],
    ),
    "nbproject": (
        {"nbproject": {"id": "x", "pypackage": {"pandas": "2.0.2", "nowhere": ""}}},
        [("distribution", "pandas", "2.0.2", Meaning.INSTALLED)],
    ),
    "nbproject before 0.8": (
        {"nbproject": {"dependency": {"pandas": "1.4.3"}}},
        [("distribution", "pandas", "1.4.3", Meaning.INSTALLED)],
    ),
    "uv.lock": (
        {"uv.lock": LOCK},
        [
            ("python", "python", ">=3.11", Meaning.ASKED),
            ("distribution", "rich", "13.9.4", Meaning.LOCKED),
            ("distribution", "numpy", "2.2.0", Meaning.LOCKED),
            ("distribution", "numpy", "2.3.0", Meaning.LOCKED),
        ],
    ),
    "jupyterlab-requirements": (
        {"requirements": json.dumps(PIPFILE), "requirements_lock": json.dumps(PIPFILE_LOCK)},
        [
            ("distribution", "tensorflow", "==2.5.0", Meaning.ASKED),
            ("distribution", "boto3", "", Meaning.ASKED),
            ("distribution", "pandas", ">=1.2", Meaning.ASKED),
            ("python", "python", "==3.8.*", Meaning.ASKED),
            ("distribution", "boto3", "1.17.0", Meaning.LOCKED),
        ],
    ),
    "runt": (
        {
            "runt": {
                "schema_version": "1",
                "uv": {"dependencies": ["pandas>=2"], "requires-python": ">=3.10"},
                "conda": {"dependencies": ["numpy=1.26", "python 3.11.*"], "channels": ["conda-forge"]},
            }
        },
        [
            ("distribution", "pandas", ">=2", Meaning.ASKED),
            ("python", "python", ">=3.10", Meaning.ASKED),
            ("conda", "numpy", "1.26.*", Meaning.ASKED),
            ("python", "python", "3.11.*", Meaning.ASKED),
        ],
    ),
    "nteract, before runt": (
        {"uv": {"dependencies": ["rich"]}},
        [("distribution", "rich", "", Meaning.ASKED)],
    ),
    "conda environment": (
        {
            "environment": {
                "name": "lab",
                "dependencies": ["python=3.4.3=0", "numpy=1.9.2=py34_0", "scipy", {"pip": ["rich==1.0", "six>=1"]}],
            }
        },
        [
            ("python", "python", "3.4.3", Meaning.INSTALLED),
            ("conda", "numpy", "1.9.2", Meaning.INSTALLED),
            ("conda", "scipy", "", Meaning.ASKED),
            ("distribution", "rich", "1.0", Meaning.INSTALLED),
            ("distribution", "six", ">=1", Meaning.ASKED),
        ],
    ),
    "Vertex AI, under the same key": (
        {"environment": {"name": "common-cpu.m95", "type": "gcloud", "uri": "registry.example/base-cpu:m95"}},
        [("host", "vertex", "registry.example/base-cpu:m95", Meaning.HINT)],
    ),
    "Kaggle": ({"kaggle": {"dockerImageVersionId": 31328}}, [("host", "kaggle", "31328", Meaning.HINT)]),
    "Databricks": (
        {"application/vnd.databricks.v1+notebook": {"environmentMetadata": {"environment_version": "5"}}},
        [("host", "databricks", "5", Meaning.HINT)],
    ),
    "SageMaker": (
        {"kernelspec": {"name": "python3__SAGEMAKER_INTERNAL__arn:aws:x:image/datascience-1.0"}},
        [("host", "sagemaker", "arn:aws:x:image/datascience-1.0", Meaning.HINT)],
    ),
    "Colab": ({"colab": {"provenance": []}}, [("host", "colab", "", Meaning.HINT)]),
}


@pytest.mark.parametrize(("metadata", "expected"), CASES.values(), ids=CASES.keys())
def test_metadata(metadata: Mapping[str, object], expected: list[tuple[str, str, str, Meaning]]) -> None:
    found = traces(metadata=metadata)
    assert [(t.subject.value, t.name, t.version, t.meaning) for t in found] == expected
    assert {trace.place.cell for trace in found} <= {0}


def test_script_block() -> None:
    found = traces(cell("1"), cell(SCRIPT))
    assert [(t.name, t.version, t.meaning, t.kind, t.place.cell) for t in found] == [
        ("rich", "<14,>=13", Meaning.ASKED, TraceKind.SCRIPT_BLOCK, 2),
        ("pandas", "", Meaning.ASKED, TraceKind.SCRIPT_BLOCK, 2),
        ("python", ">=3.11", Meaning.ASKED, TraceKind.SCRIPT_BLOCK, 2),
    ]


KEYS = ("language_info", "papermill", "nbproject", "uv.lock", "requirements", "requirements_lock", "runt", "uv")


@pytest.mark.parametrize("key", [*KEYS, "conda", "environment", "kaggle", "colab", "kernelspec"])
@pytest.mark.parametrize("value", [None, 1, "x", "{", "[", [1], {"version": 1}, {"dependencies": 3, "x": [{}]}])
def test_metadata_of_another_shape_tells_nothing(key: str, value: object) -> None:
    assert [trace for trace in traces(metadata={key: value}) if trace.name != "colab"] == []
