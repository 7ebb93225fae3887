"""The laws of edits on random files: pins touch their spans, are read again, are made once and can be undone."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from envcheck.gather.declarations import environment_yml, inline_script, requirements_txt, setup_cfg, source_edits
from envcheck.gather.declarations.base import Editor, FileEditor
from envcheck.gather.declarations.catalogue import editor_for
from envcheck.gather.documents.respec import conda_pin, pep508_pin
from envcheck.gather.documents.text_edits import placed
from envcheck.model.changes import Add, Edit, Editing, Pin, Remove
from envcheck.model.names import normalize
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Requirement
from tests.support.edit_laws import applied, check_pins, requirements_of, written

NAMES = ["pandas", "numpy", "Scikit_Learn", "tqdm", "zope.interface", "a", "python-dateutil", "PyYAML"]
SPECIFIERS = ["", ">=2", " >= 2 , < 3", "==1.0", "~=1.4", "[extra] >=1", "(>=1)", " ; python_version < '4'", "===1"]
CONDA = ["", "=1.2", "==1.2", " >=1,<2", ">=1.2=cuda*", "=1.2=py311h0_1", " 1.2", " =1.2 *openblas", "[version='>=1']"]
COMMENTS = ["", "  # why", " # [linux]"]
ENDS = st.sampled_from(["\n", "\r\n"])
VERSION = "987.65.4"

names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique_by=normalize)


def noise(*lines: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(lines), max_size=2, unique=True)


@st.composite
def entries(draw: st.DrawFn, specifiers: list[str]) -> list[str]:
    return [name + draw(st.sampled_from(specifiers)) for name in draw(names)]


@st.composite
def requirements_files(draw: st.DrawFn) -> RawFile:
    lines: list[str] = []
    for entry in draw(entries(SPECIFIERS)):
        lines += draw(noise("", "# note", "  ", "--pre", "-r other.txt", "-e .", "https://host.example/x.zip"))
        shape = draw(st.sampled_from(["{}", "  {}", "{}  ", "\\\n{}", "{} \\\n", "{} \\\n  # end"]))
        broken = entry.replace(" ; ", " \\\n ; ") if draw(st.booleans()) else entry
        lines.append(shape.format(broken) + (draw(st.sampled_from(COMMENTS)) if "\\" not in shape else ""))
    return finished(draw, "requirements.txt", lines)


def finished(draw: st.DrawFn, path: str, lines: list[str]) -> RawFile:
    end = draw(ENDS)
    text = "\n".join(lines).replace("\n", end) + (end if draw(st.booleans()) else "")
    mark = b"\xef\xbb\xbf" if draw(st.booleans()) and path.endswith(".txt") else b""
    return RawFile(path, mark + text.encode())


@st.composite
def environment_files(draw: st.DrawFn) -> RawFile:
    indent = draw(st.sampled_from(["", "  ", "    "]))
    lines = ["name: é𝒳", "dependencies: # all"]
    quoted = ["{}", '"{}"', "'{}'"]
    for entry in draw(entries(CONDA)):
        lines += draw(noise("", "# note"))
        shape = quoted[draw(st.integers(0, 1))] if "'" in entry else draw(st.sampled_from(quoted))
        lines.append(f"{indent}- {shape.format(entry)}{draw(st.sampled_from(COMMENTS))}")
    if draw(st.booleans()):
        lines.append(f"{indent}- pip:")
        for entry in draw(entries(SPECIFIERS)):
            shape = quoted[draw(st.integers(0, 1))] if "'" in entry else draw(st.sampled_from(quoted))
            lines.append(f"{indent}    - {shape.format(entry)}{draw(st.sampled_from(COMMENTS))}")
    return finished(draw, "environment.yml", [*lines, *draw(noise("", "prefix: /opt", "# end"))][:60])


@st.composite
def flow_files(draw: st.DrawFn) -> RawFile:
    written = [f'"{entry}"' if set(entry) & set(",[") else entry for entry in draw(entries(CONDA))]
    comma = draw(st.sampled_from([", ", ",", " , "]))
    return finished(draw, "environment.yml", [f"dependencies: [{comma.join(written)}]", "name: x"])


@st.composite
def setup_files(draw: st.DrawFn) -> RawFile:
    lines = ["[metadata]", "name = demo", "", "[options]"]
    if draw(st.booleans()):
        plain = [entry for entry in draw(entries(SPECIFIERS)) if ";" not in entry] or ["x"]
        lines.append(f"install_requires = {draw(st.sampled_from([';', '; ', ' ; '])).join(plain)}")
    else:
        lines += ["install_requires =", *_listed(draw), "zip_safe = no"]
    if draw(st.booleans()):
        lines += ["", "[options.extras_require]", "test =", *_listed(draw)]
    return finished(draw, "setup.cfg", lines)


def _listed(draw: st.DrawFn) -> list[str]:
    lines: list[str] = []
    for entry in draw(entries(SPECIFIERS)):
        lines += draw(noise("", "    # note", "# note"))
        lines.append(f"    {entry}{draw(st.sampled_from(COMMENTS))}")
    return lines


@st.composite
def scripts(draw: st.DrawFn) -> RawFile:
    lines = ["import os", "# /// script", *draw(noise("# # note", "#", '# requires-python = ">=3.10"'))[:1]]
    written = [f'"{entry}"' for entry in draw(entries(SPECIFIERS))]
    if draw(st.booleans()):
        lines += ["# dependencies = [", *(f"#   {entry},{draw(st.sampled_from(COMMENTS))}" for entry in written), "# ]"]
    else:
        lines.append(f"# dependencies = [{', '.join(written)}]")
    return finished(draw, "script.py", [*lines, "# [tool.uv]", "# ///", "os"])


FILES: list[tuple[Editor, st.SearchStrategy[RawFile]]] = [
    (requirements_txt, requirements_files()),
    (environment_yml, environment_files()),
    (environment_yml, flow_files()),
    (setup_cfg, setup_files()),
    (inline_script, scripts()),
]
few = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
kinds = pytest.mark.parametrize(("editor", "files"), FILES, ids=["requirements", "yaml", "flow", "setup", "script"])


def refused_pins(editing: Editing) -> list[Pin]:
    return [refusal.change for refusal in editing.refusals if isinstance(refusal.change, Pin)]


def specifier(requirement: Requirement) -> str:
    return f"=={VERSION}" if requirement.name == "python" else ""


@kinds
@few
@given(data=st.data())
def test_pins(editor: Editor, files: st.SearchStrategy[RawFile], data: st.DataObject) -> None:
    file = data.draw(files)
    pins = [Pin(r, VERSION, specifier(r)) for r in requirements_of(editor, file)]
    wanted = [pin for pin in pins if data.draw(st.booleans())]
    editing = check_pins(editor, file, wanted)
    assert all(pin.requirement.direct or "''" in file.data.decode() for pin in refused_pins(editing))


@kinds
@few
@given(data=st.data())
def test_removals_and_additions(editor: Editor, files: st.SearchStrategy[RawFile], data: st.DataObject) -> None:
    file = data.draw(files)
    found = [r for r in requirements_of(editor, file) if r.name != "python"]
    removals = [Remove(r) for r in found if data.draw(st.booleans())]
    new = data.draw(st.lists(st.sampled_from(["bokeh", "Zarr", "m2"]), max_size=3, unique=True))
    groups = ["", "pip"] if editor is environment_yml and b"dependencies: [" not in file.data else [""]
    adds = [Add(file.path, name, VERSION, group=data.draw(st.sampled_from(groups))) for name in new]
    editing = editor.edit(file, [*adds, *removals])
    refused = [refusal.change for refusal in editing.refusals]
    after = written(file, editing)
    assert editor.read(after).problems == editor.read(file).problems
    gone = [removal.requirement for removal in removals if removal not in refused]
    stayed = [(r.raw, r.group) for r in found if r not in gone]
    now = [
        (re.sub(rf"[ (]*(=={VERSION})\)?$", r"\1", r.raw), r.group)
        for r in requirements_of(editor, after)
        if r.name != "python"
    ]
    came = [(f"{add.name}=={VERSION}", "") for add in adds if add not in refused]
    assert sorted(now) == sorted(stayed + came)
    assert [each for each in now if each not in came] == stayed
    assert editor.edit(after, adds).edits == ()
    assert after.data.endswith(b"\n") or not file.data.endswith(b"\n") or after.data in (b"", b"\xef\xbb\xbf")


@kinds
@few
@given(data=st.data())
def test_nothing_is_done_to_a_file_that_has_changed(
    editor: Editor, files: st.SearchStrategy[RawFile], data: st.DataObject
) -> None:
    file, other = data.draw(files), data.draw(files)
    wanted = requirements_of(editor, other)
    standing = {(r.place.line, r.place.column, r.raw) for r in requirements_of(editor, file)}
    editing = editor.edit(file, [Pin(r, VERSION, specifier(r)) for r in wanted])
    strangers = [r for r in wanted if (r.place.line, r.place.column, r.raw) not in standing]
    assert {r.place for r in strangers} <= {pin.requirement.place for pin in refused_pins(editing)}


@kinds
@few
@given(data=st.data(), damage=st.tuples(st.integers(0, 400), st.integers(0, 40), st.text(max_size=8)))
def test_a_damaged_file_is_refused_or_edited_and_nothing_is_raised(
    editor: Editor, files: st.SearchStrategy[RawFile], data: st.DataObject, damage: tuple[int, int, str]
) -> None:
    file = data.draw(files)
    start, stop, text = damage
    broken = file.data.decode()[:start] + text + file.data.decode()[start + stop :]
    damaged = RawFile(file.path, broken.encode("utf-8", "replace"))
    wanted = [*requirements_of(editor, file), *requirements_of(editor, damaged)]
    changes = [Pin(r, VERSION) for r in wanted[::2]] + [Remove(r) for r in wanted[1::2]]
    editing = editor.edit(damaged, [*changes, Add(file.path, "bokeh", VERSION)])
    assert written(damaged, editing) is not None


@given(st.lists(st.sampled_from(NAMES), unique=True), st.lists(st.sampled_from(["b", "Q", "zz"]), unique=True))
def test_sorted_names_stay_sorted(known: list[str], new: list[str]) -> None:
    known = sorted(known, key=normalize)
    names = list(known)
    for shift, (index, name) in enumerate(placed(known, new)):
        names.insert(index + 1 + shift, name)
    assert names == sorted(names, key=normalize)


@pytest.mark.parametrize(
    ("text", "wanted", "pinned"),
    [
        ("pandas", "==2", "pandas==2"),
        ("pandas[x] >=1 ; y", "==2", "pandas[x] ==2 ; y"),
        ("pandas()", "==2", "pandas(==2)"),
        ("pandas @ https://host.example/x.zip", "==2", None),
    ],
)
def test_specifier_of_a_requirement(text: str, wanted: str, pinned: str | None) -> None:
    assert made(text, pep508_pin(text, wanted)) == pinned


@pytest.mark.parametrize(
    ("text", "wanted", "pinned"),
    [
        ("numpy 1.2", "==2", "numpy ==2"),
        ("numpy=1.2=py311h0_1", "==2", "numpy==2"),
        ("numpy=1.2=*openblas", "==2", "numpy==2=*openblas"),
        ("numpy * openblas", "==2", "numpy ==2 openblas"),
        ("numpy>=1=cuda*", "=2=cuda12_0", "numpy=2=cuda12_0"),
        ("numpy>=1=cuda*", ">=2,<=3", "numpy>=2,<=3=cuda*"),
        ("a::numpy[version='>=1',build=x]", "==2", "a::numpy[version='==2',build=x]"),
        ("numpy[build=x]", "==2", "numpy==2[build=x]"),
        ("numpy[version=1.2]", "==2", None),
        ("numpy[version='1.2']", "=2=h0", None),
    ],
)
def test_version_of_a_match_spec(text: str, wanted: str, pinned: str | None) -> None:
    assert made(text, conda_pin(text, wanted)) == pinned


def made(text: str, edit: Edit | None) -> str | None:
    return None if edit is None else applied(text, [edit])


@pytest.mark.parametrize(
    ("path", "editor"),
    [
        ("requirements/dev.in", requirements_txt),
        ("sub/constraints.txt", requirements_txt),
        ("environment-dev.yml", environment_yml),
        ("setup.cfg", setup_cfg),
        ("sub/run.py", source_edits),
        ("setup.py", None),
        ("conda-lock.yml", None),
        ("pylock.toml", None),
    ],
)
def test_file_has_its_editor(path: str, editor: FileEditor | None) -> None:
    assert editor_for(path) is editor


def test_two_wishes_for_one_entry_are_not_mixed() -> None:
    file = RawFile("requirements.txt", b"pandas\n")
    found = requirements_of(requirements_txt, file)[0]
    editing = requirements_txt.edit(file, [Pin(found, "1"), Remove(found), Pin(found, "1")])
    assert written(file, editing).data == b"pandas==1\n"
    assert [refusal.change for refusal in editing.refusals] == [Remove(found)]


def test_specifier_of_another_kind_is_refused() -> None:
    file = RawFile("requirements.txt", b"pandas\n")
    found = requirements_of(requirements_txt, file)[0]
    editing = requirements_txt.edit(file, [Pin(found, "1", "=1=py311_0")])
    assert editing.edits == ()
    assert len(editing.refusals) == 1
