"""Before and after of the cases in fixtures/dialects: what each dialect makes of changes."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli
from packaging.utils import canonicalize_name

from envcheck.gather.declarations import environment_yml, inline_script, requirements_txt, setup_cfg
from envcheck.gather.declarations.base import Editor
from envcheck.model.changes import Add, Change, Pin, Remove, Replace, name_in
from envcheck.model.readings import RawFile
from tests.support.edit_laws import requirements_of, written

EDITORS: dict[str, tuple[Editor, str]] = {
    "requirements_txt": (requirements_txt, "requirements.txt"),
    "environment_yml": (environment_yml, "environment.yml"),
    "setup_cfg": (setup_cfg, "setup.cfg"),
    "inline_script": (inline_script, "script.py"),
}
FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "dialects"
CASES = [case for name in EDITORS for case in sorted((FIXTURES / name).iterdir())]


def specified(text: str) -> tuple[str, str]:
    """Return a version and the specifier of a text that is either."""
    return text.lstrip("=<>~!").split(",")[0].split("=")[0], "" if text[0].isdigit() else text


def added(path: str, text: str) -> Add:
    """Return the addition of ``name==1.2``, or of ``group: name==1.2``."""
    group, _, entry = text.rpartition(": ")
    name, _, version = entry.partition("==")
    return Add(path, name, version, group=group)


def changes_of(case: Path, editor: Editor, file: RawFile) -> list[Change]:
    wanted = tomli.loads((case / "changes.toml").read_text())
    found = {str(canonicalize_name(r.name)): r for r in requirements_of(editor, file)}
    pins = [Pin(found[name], *specified(text)) for name, text in wanted.get("pin", {}).items()]
    replacements = [Replace(found[name], text) for name, text in wanted.get("replace", {}).items()]
    removals = [Remove(found[name]) for name in wanted.get("remove", ())]
    return [*pins, *replacements, *removals, *(added(file.path, text) for text in wanted.get("add", ()))]


def name_of(change: Change) -> str:
    return canonicalize_name(name_in(change))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_changes_make_after_of_before(case: Path) -> None:
    editor, path = EDITORS[case.parent.name]
    wanted = tomli.loads((case / "changes.toml").read_text())
    file = RawFile(path, (case / "before").read_bytes())
    changes = changes_of(case, editor, file)
    editing = editor.edit(file, changes)
    after = written(file, editing)
    assert after.data.decode() == (case / "after").read_bytes().decode()
    assert sorted(name_of(refusal.change) for refusal in editing.refusals) == sorted(wanted.get("refused", ()))
    assert all(wanted.get("remedy", "") in refusal.remedy for refusal in editing.refusals)
    assert editor.read(after).problems == editor.read(file).problems
    assert editor.edit(file, ()).edits == ()
