"""What becomes of install lines and blocks: the spec changes, in quotes where a shell needs them, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.documents.text import decode
from envcheck.model.changes import Add, Change, IntoKernel, Pin, Remove, Replace
from envcheck.model.places import Place
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Requirement
from tests.support.notebook_edits import apply, edit, installs, requirements, undo

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "dialects"
CASES = sorted(
    path.parent for name in ("notebook_install", "source_edits") for path in (FIXTURES / name).rglob("before.*")
)


def notebook(cell: str) -> RawFile:
    tree = {"cells": [{"cell_type": "code", "source": cell}], "metadata": {}, "nbformat": 4}
    return RawFile("a.ipynb", json.dumps(tree).encode())


def cell_of(file: RawFile) -> str:
    text: str = json.loads(file.data)["cells"][0]["source"]
    return text


def pins(file: RawFile, specifier: str = "") -> list[Change]:
    return [Pin(requirement, "2.1.4", specifier) for requirement in requirements(file)]


def pinned(cell: str, specifier: str = "") -> tuple[str, list[str]]:
    file = notebook(cell)
    editing = edit(file, pins(file, specifier))
    return cell_of(apply(file, editing.edits)), [refusal.reason for refusal in editing.refusals]


@pytest.mark.parametrize(
    ("cell", "specifier", "expected"),
    [
        pytest.param("%pip install pandas", "", "%pip install pandas==2.1.4", id="bare"),
        pytest.param("!pip install 'pandas>=2' -q", "", "!pip install 'pandas==2.1.4' -q", id="single quotes"),
        pytest.param('%pip install "pandas"', "", '%pip install "pandas==2.1.4"', id="double quotes"),
        pytest.param("%pip install pandas", "~=2.1.4", '%pip install "pandas~=2.1.4"', id="quotes for ~="),
        pytest.param("!pip install pandas", ">=2.1.4", '!pip install "pandas>=2.1.4"', id="quotes for >="),
        pytest.param("%pip install pandas", "==2.1.*", '%pip install "pandas==2.1.*"', id="quotes for *"),
        pytest.param("%pip install 'a' b", ">=1", "%pip install 'a>=1' 'b>=1'", id="quotes like its neighbours"),
        pytest.param("!pip install pandas>=2,<3", "", "!pip install pandas==2.1.4", id="a redirection that is none"),
        pytest.param("!pip install 'pandas'>=2", "", "!pip install pandas==2.1.4", id="quotes around the name alone"),
        pytest.param("!pip install pandas'>=2'", ">=2.1", "!pip install 'pandas>=2.1'", id="quotes around the version"),
        pytest.param("!pip install pandas\\>=2", "", "!pip install pandas==2.1.4", id="a backslash"),
        pytest.param("%pip install a[b]", "", "%pip install a[b]==2.1.4", id="bare extras"),
        pytest.param("%pip install a[b]", ">=1", '%pip install "a[b]>=1"', id="extras that get quotes"),
        pytest.param("%pip install \"a; os_name=='nt'\"", "", "%pip install \"a==2.1.4; os_name=='nt'\"", id="marker"),
        pytest.param(
            '%pip install "a; os_name==\\"nt\\""', "", '%pip install "a==2.1.4; os_name==\\"nt\\""', id="escaped quotes"
        ),
        pytest.param("%pip install a>/dev/null", "", "%pip install a==2.1.4>/dev/null", id="redirection"),
        pytest.param("%pip install a  # b", "", "%pip install a==2.1.4  # b", id="comment"),
        pytest.param(
            "x = 1\n\n  !pip install -U a b", "", "x = 1\n\n  !pip install -U a==2.1.4 b==2.1.4", id="indented"
        ),
        pytest.param("!uv pip install --system a", "", "!uv pip install --system a==2.1.4", id="uv"),
        pytest.param("!pip install a && pip install b", "", "!pip install a==2.1.4 && pip install b==2.1.4", id="two"),
        pytest.param("%%bash\nset -e\npip install a\n", "", "%%bash\nset -e\npip install a==2.1.4\n", id="shell cell"),
        pytest.param(
            "!pip install a \\\n  b \\\r\n  c",
            "",
            "!pip install a==2.1.4 \\\n  b==2.1.4 \\\r\n  c==2.1.4",
            id="continued",
        ),
        pytest.param("%conda install -y numpy=1.2", "", "%conda install -y numpy==2.1.4", id="conda fuzzy"),
        pytest.param("!mamba install 'numpy >=1,<2'", "", "!mamba install 'numpy ==2.1.4'", id="conda with a blank"),
        pytest.param("%conda install c::numpy", "=2.1.4=h0_0", "%conda install c::numpy=2.1.4=h0_0", id="conda build"),
        pytest.param("!conda install numpy", ">=2,<3", '!conda install "numpy>=2,<3"', id="conda range"),
        pytest.param("%pip install torch", "==2.1+cu121", "%pip install torch==2.1+cu121", id="local version"),
        pytest.param("pip install é a", "", "pip install é a==2.1.4", id="bare magic"),
    ],
)
def test_spec_is_written_where_it_stands(cell: str, specifier: str, expected: str) -> None:
    assert pinned(cell, specifier)[0] == expected
    assert pinned(expected, specifier) == (expected, [])


@pytest.mark.parametrize(
    ("cell", "specifier", "reason"),
    [
        pytest.param("%pip install pandas=={version}", "", "a variable tells", id="IPython's variable"),
        pytest.param("!pip install pandas==$V", "", "a variable tells", id="shell's variable"),
        pytest.param("!pip install git+https://host.example/a#egg=a", "", "comes from a URL", id="repository"),
        pytest.param("!pip install -e .", "", "comes from a URL", id="path"),
        pytest.param("get_ipython().system('pip install a')", "", "string of Python", id="call"),
        pytest.param("!pip install 'a", "", "never closed", id="open quote"),
        pytest.param("!pip install a >=2", "", "blanks part", id="blank before the version"),
        pytest.param("%conda install numpy", ">=2", "IPython drops the quotes", id="%conda has no quotes"),
        pytest.param("!conda install 'numpy[version=1.2]'", "", "there is no place", id="conda's brackets"),
    ],
)
def test_what_cannot_be_pinned_is_refused(cell: str, specifier: str, reason: str) -> None:
    after, reasons = pinned(cell, specifier)
    assert after == cell
    assert reasons
    assert reason in reasons[0]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("!pip install a", "%pip install a"),
        ("!pip3 -q install a | tail -1", "%pip -q install a | tail -1"),
        ("  ! python -m pip install a", "  %pip install a"),
        ("!uv pip install a", "%uv pip install a"),
        ("!conda install -y numpy=1.2", "%conda install -y numpy=1.2"),
        ("!mamba install a", "%mamba install a"),
        ("!pip install \\\n  a", "%pip install \\\n  a"),
        ("!pip install a && ls", "%pip install a && ls"),
    ],
)
def test_shell_line_becomes_a_magic(cell: str, expected: str) -> None:
    file = notebook(cell)
    changes = [IntoKernel(command.place) for command in installs(file)]
    editing = edit(file, changes)
    after = apply(file, editing.edits)
    assert (cell_of(after), editing.refusals) == (expected, ())
    assert [command.shell for command in installs(after)] == [False]
    assert edit(after, [IntoKernel(command.place) for command in installs(after)]).edits == ()


@pytest.mark.parametrize(
    "cell",
    [
        "x = !pip install a",
        "!!pip install a",
        "%sx pip install a",
        "%%bash\npip install a",
        "!cd x && pip install a",
        "!pip list; pip install a",
        "!/opt/venv/bin/pip install a",
        "!python3.9 -m pip install a",
        "!sudo pip install a",
        "!conda install 'numpy>=1.2'",
        "!conda install -n base numpy",
        "!uv pip install --system a",
        "get_ipython().system('pip install a')",
    ],
)
def test_what_is_more_than_an_install_line_stays_with_its_shell(cell: str) -> None:
    file = notebook(cell)
    editing = edit(file, [IntoKernel(command.place) for command in installs(file)])
    assert editing.edits == ()
    assert len(editing.refusals) == 1
    assert editing.refusals[0].remedy


def test_pin_and_magic_are_made_together() -> None:
    file = notebook("!pip3 install a")
    changes = [*(IntoKernel(command.place) for command in installs(file)), *pins(file)]
    assert cell_of(apply(file, edit(file, changes).edits)) == "%pip install a==2.1.4"


def test_range_keeps_conda_out_of_the_magic_that_drops_quotes() -> None:
    file = notebook("!conda install a")
    changes = [*(IntoKernel(command.place) for command in installs(file)), *pins(file, ">=2")]
    editing = edit(file, changes)
    assert cell_of(apply(file, editing.edits)) == '!conda install "a>=2"'
    assert [type(refusal.change) for refusal in editing.refusals] == [IntoKernel]


@pytest.mark.parametrize(
    ("cell", "gone", "expected"),
    [
        ("%pip install a b c", "b", "%pip install a c"),
        ("%pip install -q a 'b>=1'", "b", "%pip install -q a"),
        ("%pip install a b", "a", "%pip install b"),
        ("%pip install a \\\n  b \\\n  c", "b", "%pip install a \\\n  c"),
        ("%pip install a \\\n  b", "b", "%pip install a"),
        ("%pip install a -r b.txt", "a", "%pip install -r b.txt"),
        ("%pip install a", "a", None),
        ("%pip install a b", "ab", "%pip install b"),
        ("%pip install x -e git+https://host.example/a#egg=a", "a", None),
    ],
)
def test_removed_word_takes_its_blanks_along(cell: str, gone: str, expected: str | None) -> None:
    file = notebook(cell)
    editing = edit(file, [Remove(found) for found in requirements(file) if found.name in list(gone)])
    assert cell_of(apply(file, editing.edits)) == (expected or cell)
    assert len(editing.refusals) == (1 if expected is None or gone == "ab" else 0)


@pytest.mark.parametrize(
    ("cell", "text", "expected"),
    [
        ("%pip install a", "a @ https://host.example/a", '%pip install "a @ https://host.example/a"'),
        ("%pip install 'a'", 'a ; x=="y"', "%pip install 'a ; x==\"y\"'"),
        ("%pip install a", "a; x=='y'", "%pip install \"a; x=='y'\""),
        ("%pip install 'a'", "a; x=='y'", None),
        ("%pip install a", "a==$x", None),
        ("%pip install a", "a; x=='y' or z==\"w\"", None),
        (
            "%pip install git+https://h.example/b@v1#egg=b",
            "git+https://h.example/b@0a1b#egg=b",
            '%pip install "git+https://h.example/b@0a1b#egg=b"',
        ),
    ],
)
def test_replaced_word_gets_quotes_when_it_needs_them(cell: str, text: str, expected: str | None) -> None:
    file = notebook(cell)
    editing = edit(file, [Replace(found, text) for found in requirements(file)])
    assert cell_of(apply(file, editing.edits)) == (expected or cell)
    assert len(editing.refusals) == (expected is None)


def test_what_changed_meanwhile_is_refused() -> None:
    before, now = notebook("%pip install pandas"), notebook("%pip install  pandas")
    (refusal,) = edit(now, pins(before)).refusals
    assert "changed since" in refusal.reason
    assert [r.reason for r in edit(RawFile("a.ipynb", b"{"), pins(before)).refusals] == [refusal.reason]


def test_second_change_of_a_word_is_refused() -> None:
    file = notebook("%pip install a")
    (found,) = requirements(file)
    editing = edit(file, [Pin(found, "1"), Pin(found, "2"), Remove(found)])
    assert len(editing.edits) == 1
    assert len(editing.refusals) == 2


def test_nothing_is_added_to_cells() -> None:
    editing = edit(notebook("%pip install a"), [Add("a.ipynb", "b", "1")])
    assert editing.edits == ()
    assert editing.refusals[0].remedy


def test_no_changes_no_edits() -> None:
    assert edit(notebook("%pip install a"), []).edits == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case_reads_as_wanted(case: Path) -> None:
    (before,) = case.glob("before.*")
    wanted = tomli.loads((case / "changes.toml").read_text("utf-8"))
    file = RawFile(f"a{before.suffix}", before.read_bytes())
    changes: list[Change] = []
    for found in requirements(file):
        if found.name in wanted.get("pin", {}):
            value = wanted["pin"][found.name]
            changes.append(Pin(found, value.lstrip("=~<>"), "" if value[0].isdigit() else value))
        if found.name in wanted.get("remove", []):
            changes.append(Remove(found))
    if wanted.get("into-kernel"):
        changes += [IntoKernel(command.place) for command in installs(file)]
    editing = edit(file, changes)
    assert apply(file, editing.edits).data == before.with_name(f"after{before.suffix}").read_bytes()
    assert undo(file, editing.edits, apply(file, editing.edits)) == file.data
    assert len(editing.refusals) == wanted.get("refused", 0)


NAMES = st.sampled_from(["a", "bb", "c.d", "e[f]", "Pandas", "é"])
WORDS = st.one_of(
    st.builds(
        lambda name, spec, quote: f"{quote}{name}{spec}{quote}",
        NAMES,
        st.sampled_from(["", ">=1", "==1.0", "~=1"]),
        st.sampled_from(["", "'", '"']),
    ),
    st.sampled_from(
        [
            "-q",
            "--user",
            "-r x.txt",
            "{v}",
            "a==$v",
            ".",
            "> x",
            "2>&1",
            "| tail",
            "&& pip install z",
            "# x",
            "\\\n",
            "\\\r\n  ",
            "'",
            '"',
            "\\",
            ";",
        ]
    ),
)
HEADS = st.sampled_from(
    [
        "%pip install ",
        "!pip install ",
        "!conda install ",
        "%conda install ",
        "%%bash\npip install ",
        "!uv pip install -q ",
    ]
)
CELLS = st.builds(
    lambda head, words, tail: head + " ".join(words) + tail,
    HEADS,
    st.lists(WORDS, max_size=6),
    st.sampled_from(["", "\n", "\nx = 1\n!pip install y"]),
)


@given(CELLS, st.sampled_from(["", ">=2.1.4", "~=2.1.4", "==2.1.*"]), st.booleans())
def test_pins_obey_the_laws(cell: str, specifier: str, is_list: bool) -> None:
    tree = {
        "cells": [{"cell_type": "code", "source": cell.splitlines(keepends=True) if is_list else cell}],
        "nbformat": 4,
    }
    file = RawFile("a.ipynb", json.dumps(tree, indent=1).encode())
    changes = pins(file, specifier)
    editing = edit(file, changes)
    after = apply(file, editing.edits)
    refused = [refusal.change for refusal in editing.refusals]
    before = requirements(file)
    found = requirements(after)
    assert [r.name for r in found] == [r.name for r in before]
    wanted = specifier or "==2.1.4"
    for change, requirement in zip(changes, found, strict=True):
        if change not in refused:
            assert requirement.constraint.text.replace(" ", "") == wanted
    again = edit(after, pins(after, specifier))
    assert again.edits == ()
    assert undo(file, editing.edits, after) == file.data


@given(
    CELLS,
    st.binary(max_size=20),
    st.integers(0, 400),
    st.sampled_from(["pin", "remove", "replace", "kernel"]),
    st.text(max_size=8),
)
def test_editing_a_damaged_file_never_raises(cell: str, damage: bytes, position: int, kind: str, text: str) -> None:
    file = notebook(cell)
    damaged = RawFile("a.ipynb", file.data[:position] + damage + file.data[position + len(damage) :])
    changes: list[Change] = [_change(kind, found, text) for found in requirements(file)]
    editing = edit(damaged, changes)
    if not decode(damaged.data).lossy:
        apply(damaged, editing.edits)


def _change(kind: str, found: Requirement, text: str) -> Change:
    if kind == "kernel":
        return IntoKernel(found.place)
    if kind == "remove":
        return Remove(found)
    return Pin(found, "1", text) if kind == "pin" else Replace(found, text)


def test_place_without_a_cell_is_refused() -> None:
    (refusal,) = edit(notebook("%pip install a"), [IntoKernel(Place("a.ipynb", 7, 1, 1))]).refusals
    assert "changed since" in refusal.reason
