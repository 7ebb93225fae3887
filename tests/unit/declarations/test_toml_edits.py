"""Edits of pyproject.toml, pixi.toml and Pipfile: by fixtures in all line ends, and the laws over random files."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from envcheck.gather.declarations.catalogue import EDITORS, editor_for
from envcheck.gather.documents.toml_strings import quoted, spliced
from envcheck.model.changes import Add, Change, Pin, Remove, Replace
from envcheck.model.readings import RawFile
from tests.support.manifest_edits import applied, changes_of, demands, edited, editor_of, undone

NAMES = {"pyproject": "pyproject.toml", "pixi_toml": "pixi.toml", "pipfile": "Pipfile"}
FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "dialects"
CASES = [case for dialect in sorted(NAMES) for case in sorted((FIXTURES / dialect).iterdir())]
STYLES = {
    "as it is": lambda text: text.encode(),
    "with Windows line ends": lambda text: text.replace("\n", "\r\n").encode(),
    "without final line break": lambda text: text.rstrip("\n").encode(),
    "with byte order mark": lambda text: codecs.BOM_UTF8 + text.encode(),
}


def name_of(change: Change) -> str:
    """Return the name that a change is about."""
    return change.name if isinstance(change, Add) else change.requirement.name


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_fixture(case: Path, style: str) -> None:
    wanted = tomli.loads((case / "changes.toml").read_text(encoding="utf-8"))
    before, after = ((case / name).read_text(encoding="utf-8") for name in ("before", "after"))
    file = RawFile(NAMES[case.parent.name], STYLES[style](before))
    new, editing = edited(file, changes_of(file, wanted))
    assert new.data == STYLES[style](after)
    refused = {name_of(each.change): f"{each.reason}: {each.remedy}" for each in editing.refusals}
    assert refused.keys() == wanted.get("refused", {}).keys()
    assert [name for name, words in wanted.get("refused", {}).items() if words not in refused[name]] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_second_run_has_nothing_to_do(case: Path) -> None:
    wanted = tomli.loads((case / "changes.toml").read_text(encoding="utf-8"))
    file = RawFile(NAMES[case.parent.name], (case / "after").read_bytes())
    again = [each for each in changes_of(file, wanted) if isinstance(each, (Pin, Add))]
    assert editor_of(file.path).edit(file, again).edits == ()


@pytest.mark.parametrize("path", NAMES.values())
def test_no_changes_are_no_edits(path: str) -> None:
    assert editor_of(path).edit(RawFile(path, b"no [ TOML"), ()).edits == ()


def test_every_editor_is_found() -> None:
    assert {editor_of(path).NAME for path in NAMES.values()} <= {one.NAME for one in EDITORS}
    assert editor_for("poetry.lock") is None


PROJECT = '[project]\nname = "rivers"\ndependencies = ["pandas>=2", "numpy"]\n'


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (PROJECT.replace("pandas>=2", "pandas>=1"), "changed since"),
        (PROJECT.replace("name", "\nname"), "changed since"),
        (PROJECT + "x = [", "no TOML"),
        ("", "changed since"),
    ],
    ids=["other text", "other line", "broken", "empty"],
)
def test_changed_file_is_refused(now: str, reason: str) -> None:
    (pandas, *_) = demands(RawFile("pyproject.toml", PROJECT.encode()))
    editing = editor_of("pyproject.toml").edit(RawFile("pyproject.toml", now.encode()), [Pin(pandas, "2.1.4")])
    assert not editing.edits
    assert [reason in refusal.reason for refusal in editing.refusals] == [True]


def test_conflicting_changes_are_refused_once() -> None:
    file = RawFile("pyproject.toml", PROJECT.encode())
    (pandas, numpy) = demands(file)
    changes: list[Change] = [
        Pin(pandas, "2.1.4"),
        Pin(pandas, "2.1.4"),
        Pin(pandas, "2.2"),
        Remove(numpy),
        Pin(numpy, "1"),
    ]
    new, editing = edited(file, changes)
    assert new.data.decode() == PROJECT.replace('"pandas>=2", "numpy"', '"pandas==2.1.4"')
    assert [refusal.change for refusal in editing.refusals] == [changes[2], changes[4]]


@pytest.mark.parametrize("specifier", ["=2.1.4=h0_0", "2.1.4", '>=2"', ">=2\n", "==2 ; x"])
def test_wrong_specifier_is_refused(specifier: str) -> None:
    file = RawFile("pyproject.toml", PROJECT.encode())
    editing = editor_of(file.path).edit(file, [Pin(demands(file)[0], "2.1.4", specifier)])
    assert (editing.edits, len(editing.refusals)) == ((), 1)


def test_replaced_text_is_escaped() -> None:
    file = RawFile("pyproject.toml", PROJECT.replace('"numpy"', "'numpy'").encode())
    texts = ["pandas @ https://files.example/p.whl ; os_name == \"nt\" and sys_platform == 'win32'"] * 2
    changes: list[Change] = [
        Replace(one, text.replace("pandas", one.name)) for one, text in zip(demands(file), texts, strict=True)
    ]
    new, _ = edited(file, changes)
    assert [one.raw for one in demands(new)] == [
        text.replace("pandas", n) for n, text in zip(("pandas", "numpy"), texts, strict=True)
    ]


@given(value=st.text(max_size=8), part=st.text(max_size=4), quote=st.sampled_from(["'", '"']), data=st.data())
def test_spliced_string(value: str, part: str, quote: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(value)))
    stop = data.draw(st.integers(start, len(value)))
    value = value.encode("utf-8", "ignore").decode()
    source = quoted(value, quote)
    assert tomli.loads(f"x = {source}")["x"] == value
    found = spliced(source, min(start, len(value)), min(stop, len(value)), part.encode("utf-8", "ignore").decode())
    if found:
        new = source[: found[0]] + found[2] + source[found[1] :]
        wanted = value[:start] + part.encode("utf-8", "ignore").decode() + value[min(stop, len(value)) :]
        assert tomli.loads(f"x = {new}")["x"] == wanted


TEXTS = {
    "pyproject.toml": (
        "[project]",
        '[project]\ndependencies = ["a>=1", "b"]',
        'dependencies = [\n  \'a>=1\',# c\n  "b" ,\n\n"""c"""\n]',
        "dependencies = []",
        'dependencies = [ # c\n"d" , "e"\n , "f" # g\n]',
        "[dependency-groups]",
        'dev = ["a", {include-group = "x"}]',
        "[project.optional-dependencies]\nplot = [\n]",
        "[tool.poetry.dependencies]",
        'a = "*"',
        "b = {version='1', extras = [\"x\"]} # c",
        "b = {}",
        'c.version = ">1" # d',
        'd = [{version = "1", python = ">3"}, {version = "2"}]',
        '[tool.poetry.dependencies.e]\nversion = "1"',
        "[tool.poetry.group.dev.dependencies]",
        '[tool.poetry]\ndependencies.a = "1"',
        "[tool.poetry]\ndependencies = {a = '1', python = '3'}",
        '[[tool.poetry.dependencies.f]]\nversion = "1"\npython = "<3"',
        "[tool.uv]\ndev-dependencies = ['a',\n'b']",
        "[tool.pixi.dependencies]",
        "[tool.pixi.feature.x.pypi-dependencies]",
        "# comment",
        "",
        "  # indented comment",
    ),
    "pixi.toml": (
        "[dependencies]",
        "[pypi-dependencies]",
        "[feature.dev.dependencies]",
        'dependencies = {a = "1",b="*"}',
        'a = "*"',
        '"b.c" = { version = ">1", build = "h_0" } # c',
        "c = {}",
        "d = '1.*'",
        '[dependencies.e]\nversion = "1"',
        "f.version = '*'",
        "[workspace]",
        "# comment",
        "",
    ),
    "Pipfile": (
        "[packages]",
        "[dev-packages]",
        "[requires]",
        'python_version = "3.1"',
        'a = "*"',
        "b = {version='>1', extras=[\"x\"]} # c",
        "c = {}",
        "'d' = '1.0'",
        'e.version = "*"',
        '[packages.f]\nversion = "1"',
        "# comment",
        "",
    ),
}


@st.composite
def files(draw: st.DrawFn) -> RawFile:
    """Return files of lines that are usual in them, mostly TOML."""
    path = draw(st.sampled_from(sorted(TEXTS)))
    text = "\n".join(draw(st.lists(st.sampled_from(TEXTS[path]), min_size=1, max_size=7, unique=True)))
    text += draw(st.sampled_from(["", "\n"]))
    return RawFile(path, text.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))).encode())


@settings(max_examples=400)
@given(file=files(), data=st.data())
def test_laws(file: RawFile, data: st.DataObject) -> None:
    requirements = demands(file)
    wishes: list[Change] = [*(Pin(each, "2.1.4") for each in requirements), *(Remove(each) for each in requirements)]
    wishes += [Add(file.path, name, "7", group=group) for name in ("a", "m", "z.z") for group in ("", "dev", "plot")]
    changes = data.draw(st.lists(st.sampled_from(wishes), max_size=6, unique=True))
    new, editing = edited(file, changes)
    before, after = file.data.decode(), new.data.decode()
    assert undone(before, editing.edits, after) == before
    assert applied(before, editing.edits) == after
    assert ("\n" not in after.replace("\r\n", "")) if "\r\n" in before else ("\r" not in after)
    try:
        tomli.loads(before)
    except tomli.TOMLDecodeError:
        assert not editing.edits
        return
    tomli.loads(after)
    refused = {refusal.change for refusal in editing.refusals}
    assert [each for each in editing.refusals if "unusual" in each.reason] == []
    added = [each for each in changes if isinstance(each, Add) and each not in refused]
    assert editor_of(file.path).edit(new, added).edits == ()
    found = [each.name for each in demands(new)]
    assert [each for each in added if each.name.replace(".", "-") not in found and each.name not in found] == []


@settings(max_examples=300)
@given(file=files())
def test_pins_are_read_again(file: RawFile) -> None:
    for one in demands(file):
        new, editing = edited(file, [Pin(one, "2.1.4")])
        if editing.refusals:
            assert one.name == "python" or one.direct or one.template
            assert new == file
            continue
        again = demands(new)
        assert len(again) == len(demands(file))
        same = [each for each in again if (each.name, each.group) == (one.name, one.group)]
        assert one.name == "python" or any(each.constraint.exact == "2.1.4" for each in same)
        pins = [Pin(each, "2.1.4") for each in same if each.constraint.exact == "2.1.4"]
        assert editor_of(file.path).edit(new, pins).edits == ()


@given(text=st.text(alphabet="[]{}=,.\"'#\\\n\r ab1-", max_size=60), path=st.sampled_from(sorted(TEXTS)))
def test_never_raises(text: str, path: str) -> None:
    file = RawFile(path, text.encode())
    (pandas, *_) = demands(RawFile("pyproject.toml", PROJECT.encode()))
    editor_of(path).edit(file, [Pin(pandas, "1"), Remove(pandas), Add(path, "a", "1"), Replace(pandas, "x")])
