"""Traces → distributions, the best guess for each, and how an environment compares."""

from __future__ import annotations

import pytest

from envcheck.judge.evidence.accounts import accounts
from envcheck.judge.evidence.traces import Ground, State, TraceNames, compare
from envcheck.judge.names.table import NameTable
from envcheck.model.places import Place
from envcheck.model.traces import Meaning, Subject, Trace, TraceKind

TABLE = NameTable(
    by_import={
        "sklearn": ("scikit-learn",),
        "cv2": ("opencv-python", "opencv-python-headless"),
        "google.genai": ("google-genai",),
    },
    by_conda={"pytorch": ("torch",), "py-opencv": ("opencv-python", "opencv-python-headless")},
    namespaces=frozenset({"google"}),
)
NAMES = TraceNames(TABLE)
D, M, C, P, H = Subject.DISTRIBUTION, Subject.MODULE, Subject.CONDA, Subject.PYTHON, Subject.HOST


def trace(
    name: str,
    version: str = "1.0",
    subject: Subject = D,
    *,
    kind: TraceKind = TraceKind.PIP_LIST,
    meaning: Meaning = Meaning.INSTALLED,
    cell: int = 1,
) -> Trace:
    return Trace(name, version, kind, meaning, subject, Place("a.ipynb", cell))


@pytest.mark.parametrize(
    ("subject", "name", "keys", "ground"),
    [
        pytest.param(D, "scikit-learn", ("scikit-learn",), Ground.RECORD, id="distribution"),
        pytest.param(M, "sklearn", ("scikit-learn",), Ground.TABLE, id="module in the table"),
        pytest.param(M, "Numpy_X", ("numpy-x",), Ground.OWN_NAME, id="module by its own name"),
        pytest.param(M, "cv2", ("opencv-python", "opencv-python-headless"), Ground.TABLE, id="ambiguous"),
        pytest.param(M, "google.genai", ("google-genai",), Ground.TABLE, id="dotted"),
        pytest.param(M, "tensorflow.keras", (), Ground.UNKNOWN, id="part of a module"),
        pytest.param(M, "google", (), Ground.UNKNOWN, id="namespace"),
        pytest.param(M, "json", (), Ground.UNKNOWN, id="standard library"),
        pytest.param(C, "pytorch", ("torch",), Ground.TABLE, id="conda, in the table"),
        pytest.param(C, "my_pkg", ("my-pkg",), Ground.OWN_NAME, id="conda, own name"),
        pytest.param(P, "python", ("python",), Ground.RECORD, id="Python"),
        pytest.param(H, "kaggle", (), Ground.UNKNOWN, id="platform"),
    ],
)
def test_what_a_trace_means(subject: Subject, name: str, keys: tuple[str, ...], ground: Ground) -> None:
    meant = NAMES.meant(trace(name, subject=subject))
    assert (meant.keys, meant.ground) == (keys, ground)
    assert meant.key == (keys[0] if len(keys) == 1 else "")


def test_the_environment_knows_best() -> None:
    names = TraceNames(TABLE, {"cv2": ("opencv-contrib-python",)})
    assert names.meant(trace("cv2", subject=M)).key == "opencv-contrib-python"


@pytest.mark.parametrize(
    ("told", "version", "state"),
    [
        pytest.param(trace("x", "1.0"), "1.0.0", State.SAME, id="same"),
        pytest.param(trace("x", "1.0"), "1.1", State.DRIFTED, id="drifted"),
        pytest.param(trace("x", "1.0+cu1"), "1.0", State.DRIFTED, id="other local version"),
        pytest.param(trace("x", "1.0", M), "1.0+cu1", State.SAME, id="module that leaves out the local version"),
        pytest.param(trace("x", "1.0+cu1", M), "1.0", State.DRIFTED, id="module with a local version"),
        pytest.param(trace("x", ""), "9", State.SAME, id="there, in whatever version"),
        pytest.param(trace("x", ">=1", meaning=Meaning.ASKED), "1.5", State.SAME, id="asked for and met"),
        pytest.param(trace("x", "<1", meaning=Meaning.ASKED), "1.5", State.DRIFTED, id="asked for, not met"),
        pytest.param(trace("x", "1.*", C, meaning=Meaning.ASKED), "1.5", State.SAME, id="asked of conda"),
        pytest.param(trace("x", "?", meaning=Meaning.ASKED), "1.5", State.SAME, id="a wish nobody can read"),
        pytest.param(trace("x", "1.0", meaning=Meaning.LOCKED), "1.1", State.DRIFTED, id="locked"),
    ],
)
def test_compared_with_what_is_installed(told: Trace, version: str, state: State) -> None:
    (found,) = compare([told], NAMES, {"x": version})
    assert (found.key, found.installed, found.state) == ("x", version, state)


@pytest.mark.parametrize(
    ("told", "installed", "expected"),
    [
        pytest.param(trace("x"), {}, ("x", "", State.MISSING), id="missing"),
        pytest.param(trace("jpeg", "9e", C), {}, ("jpeg", "", State.MISSING), id="missing from conda"),
        pytest.param(
            trace("jpeg", "9e", C), {"conda:jpeg": "9e"}, ("conda:jpeg", "9e", State.SAME), id="of conda alone"
        ),
        pytest.param(trace("pytorch", "1.9", C), {"torch": "1.9"}, ("torch", "1.9", State.SAME), id="conda's name"),
        pytest.param(
            trace("cv2", "4.9.0", M),
            {"opencv-python-headless": "4.9.0.80"},
            ("opencv-python-headless", "4.9.0.80", State.SAME),
            id="the one that is there",
        ),
        pytest.param(trace("cv2", "4.9.0", M), {}, ("", "", State.UNKNOWN), id="none of several"),
        pytest.param(
            trace("cv2", "4.9.0", M),
            {"opencv-python": "4", "opencv-python-headless": "4"},
            ("", "", State.UNKNOWN),
            id="several",
        ),
        pytest.param(
            trace("tensorflow.keras", "2.4.0", M), {"tensorflow": "2.4.1"}, ("", "", State.UNKNOWN), id="part"
        ),
    ],
)
def test_compared_with_names(told: Trace, installed: dict[str, str], expected: tuple[str, str, State]) -> None:
    (found,) = compare([told], NAMES, installed)
    assert (found.key, found.installed, found.state) == expected


@pytest.mark.parametrize(
    ("told", "python", "state"),
    [
        ("3.9.7", "3.9.7", State.SAME),
        ("3.9", "3.9.7", State.SAME),
        ("3.9.7", "3.9", State.SAME),
        ("3.9.1", "3.9.10", State.SAME),
        ("3.1", "3.10.2", State.DRIFTED),
        ("3.9.7", "", State.UNKNOWN),
    ],
)
def test_compared_with_python(told: str, python: str, state: State) -> None:
    (found,) = compare([trace("python", told, P)], NAMES, {"python": "0"}, python=python)
    assert found.state is state


def test_hints_are_not_compared() -> None:
    assert list(compare([trace("kaggle", "1", H, meaning=Meaning.HINT)], NAMES, {})) == []


def best(*traces: Trace) -> dict[str, tuple[str, int, list[str]]]:
    """Return for each account what is believed, of which cell, and what is said against it."""
    return {
        account.name: (account.best.version, account.best.place.cell, [other.version for other in account.against])
        for account in accounts(traces, NAMES)
    }


def test_names_of_one_distribution_are_one_account_and_python_comes_first() -> None:
    found = accounts([trace("scikit-learn"), trace("sklearn", subject=M), trace("python", "3.9", P)], NAMES)
    assert [(account.name, len(account.traces), account.against) for account in found] == [
        ("python", 1, ()),
        ("scikit-learn", 2, ()),
    ]


def test_the_last_of_the_most_trustworthy_kind_is_believed() -> None:
    listed = [trace("x", "1.0", cell=1), trace("x", "2.0", cell=9)]
    printed = [trace("x", "3.0", M, kind=TraceKind.VERSION_PRINT, cell=cell) for cell in (3, 4)]
    kept = trace("x", "4.0", kind=TraceKind.NBPROJECT, cell=0)
    assert best(*listed, kept) == {"x": ("2.0", 9, ["1.0", "4.0"])}
    assert best(*listed, *printed) == {"x": ("3.0", 4, ["1.0", "2.0"])}


def test_a_version_is_believed_before_a_path_and_a_full_one_before_a_series() -> None:
    assert best(trace("x", "1.0"), trace("x", "", M, kind=TraceKind.PATH, cell=5)) == {"x": ("1.0", 1, [])}
    whole = trace("python", "3.9.2", P, kind=TraceKind.LANGUAGE_INFO, cell=0)
    assert best(whole, trace("python", "3.9", P, kind=TraceKind.PATH)) == {"python": ("3.9.2", 0, [])}
    assert best(whole, trace("python", "3.8", P, kind=TraceKind.PATH)) == {"python": ("3.9.2", 0, ["3.8"])}


def test_installed_is_believed_before_locked_and_locked_before_asked_for() -> None:
    asked = trace("x", "<2", meaning=Meaning.ASKED, kind=TraceKind.SCRIPT_BLOCK)
    locked = [trace("x", v, meaning=Meaning.LOCKED, kind=TraceKind.UV_LOCK, cell=0) for v in ("1.0", "1.1")]
    assert best(asked) == {"x": ("<2", 1, [])}
    assert best(asked, *locked) == {"x": ("1.1", 0, [])}
    assert best(asked, *locked, trace("x", "2.0", cell=7)) == {"x": ("2.0", 7, ["<2", "1.0", "1.1"])}


def test_a_local_version_that_a_module_leaves_out_is_no_contradiction() -> None:
    assert best(trace("x", "1.0+cu1"), trace("x", "1.0", M, kind=TraceKind.WATERMARK, cell=2)) == {"x": ("1.0", 2, [])}


def test_an_uncertain_module_is_an_account_of_its_own() -> None:
    (found,) = accounts([trace("cv2", "4.9.0", M)], NAMES)
    assert (found.name, found.key, found.candidates) == ("cv2", "", ("opencv-python", "opencv-python-headless"))
