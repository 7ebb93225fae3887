"""Every requirement of real requirements files and environment files is pinned, one by one and all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from envcheck.gather.declarations import environment_yml, requirements_txt, setup_cfg
from envcheck.gather.declarations.base import Editor
from envcheck.model.changes import Add, Pin, Remove
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Requirement
from tests.support.edit_laws import check_pins, requirements_of, undone, written

pytestmark = pytest.mark.corpus

EDITORS: tuple[Editor, ...] = (requirements_txt, environment_yml, setup_cfg)
FEWEST = {"requirements_txt": 14, "environment_yml": 14, "setup_cfg": 1}


def files(corpus: Path) -> Iterator[tuple[Editor, RawFile]]:
    for path in sorted(corpus.rglob("*")):
        name = path.relative_to(corpus).as_posix()
        for editor in EDITORS:
            if editor.claims(name) and path.is_file():
                yield editor, RawFile(name, path.read_bytes())


def pin(requirement: Requirement) -> Pin:
    return Pin(requirement, "987.65.4")


def is_free(requirement: Requirement) -> bool:
    return not requirement.direct and not requirement.template


def test_requirements_are_pinned_one_by_one_and_all_at_once(corpus: Path) -> None:
    seen, pinned = Counter[str](), 0
    for editor, file in files(corpus):
        seen[editor.NAME] += 1
        found = requirements_of(editor, file)
        for requirement in found[:30]:
            check_pins(editor, file, [pin(requirement)])
        editing = check_pins(editor, file, [pin(requirement) for requirement in found])
        if editor.read(file).value.lock is not None:
            assert editing.edits == ()
            assert len(editing.refusals) == len(found)
            assert all(refusal.remedy.startswith("lock again: ") for refusal in editing.refusals)
            continue
        refused = [refusal.change for refusal in editing.refusals]
        assert refused == [pin(r) for r in found if not is_free(r)], file.path
        pinned += len(editing.edits)
    assert {name: seen[name] >= fewest for name, fewest in FEWEST.items()} == dict.fromkeys(FEWEST, True)
    assert pinned > 300


def test_an_addition_is_one_line_and_its_removal_undoes_it(corpus: Path) -> None:
    for editor, file in files(corpus):
        declaration = editor.read(file).value
        if declaration.lock or not declaration.governs:
            continue
        for group in ("", "pip") if editor is environment_yml else ("",):
            added = editor.edit(file, [Add(file.path, "envcheck-addition", "1.2", group=group)])
            assert added.refusals == ()
            after = written(file, added)
            new = [r for r in requirements_of(editor, after) if r.name == "envcheck-addition"]
            assert [(r.constraint.exact, r.raw) for r in new] == [("1.2", "envcheck-addition==1.2")]
            assert len(requirements_of(editor, after)) == len(requirements_of(editor, file)) + 1
            assert editor.edit(after, [Add(file.path, "envcheck-addition", "1.2", group=group)]).edits == ()
            lone = group == "pip" and "pip:" not in file.data.decode()
            if not lone:
                assert written(after, editor.edit(after, [Remove(new[0])])).data == file.data, file.path
            text = file.data.decode()
            assert undone(text, added.edits)


def test_removals_take_their_lines_alone(corpus: Path) -> None:
    for editor, file in files(corpus):
        found = requirements_of(editor, file)
        if editor.read(file).value.lock:
            continue
        for requirement in found[:30]:
            editing = editor.edit(file, [Remove(requirement)])
            assert editing.refusals == ()
            after = written(file, editing)
            assert len(after.data.splitlines()) == len(file.data.splitlines()) - 1
            assert len(requirements_of(editor, after)) == len(found) - 1
        emptied = written(file, editor.edit(file, [Remove(requirement) for requirement in found]))
        assert requirements_of(editor, emptied) == []
        assert editor.read(emptied).problems == editor.read(file).problems
