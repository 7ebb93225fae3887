"""Scripts with blocks of every sort mean to us what they mean to uv, and so does the notebook of juv."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import tomli
from packaging.requirements import Requirement

from envcheck.engine.discover import discover
from envcheck.engine.load import Facts, load
from envcheck.model.readings import ProblemKind

pytestmark = pytest.mark.tools

NO_BLOCK = "does not contain a PEP 723 metadata tag"
UV = [sys.executable, "-m", "uv"]
JUV = [*UV, "tool", "run", "--python", sys.executable, "juv==0.5.0"]
BLOCK = '# /// script\n# requires-python = ">=3.10"\n# dependencies = ["six>=1.10"]\n# ///\n'


def with_lines(*lines: str) -> str:
    return "\n".join(["# /// script", *(f"# {line}" if line else "#" for line in lines), "# ///", ""])


VARIANTS = {
    "plain": BLOCK + "import six\n",
    "CRLF": BLOCK.replace("\n", "\r\n"),
    "below a shebang": "#!/usr/bin/env -S uv run --script\n" + BLOCK,
    "below code": "import os\n\n" + BLOCK + "import six\n",
    "without last newline": BLOCK.rstrip(),
    "followed by comments": BLOCK + "# and so on\n",
    "indented": "".join(f"    {line}" for line in BLOCK.splitlines(keepends=True)),
    "of another type": BLOCK.replace("script", "other"),
    "without blank": BLOCK.replace("# /// script", "#/// script"),
    "blank at the end": BLOCK.replace("# /// script", "# /// script "),
    "empty": "# /// script\n# ///\n",
    "of an empty comment": "# /// script\n#\n# ///\n",
    "many lines": with_lines(
        "dependencies = [", '    "six",', "", "    'idna[all]>=3; sys_platform == \"linux\"',", "]"
    ),
    "unknown keys": with_lines('name = "x"', 'dependencies = ["six"]', "[tool.other]", "x = 1"),
    "two": BLOCK + "\n" + BLOCK,
    "never closed": "# /// script\n# dependencies = []\n\nimport os\n",
    "empty line inside": BLOCK.replace("# dep", "\n# dep"),
    "no blank inside": BLOCK.replace("# dep", "#dep"),
    "closed with a blank": BLOCK.replace("# ///\n", "# /// \n"),
    "closed twice": BLOCK + "# x = 1\n# ///\n",
    "opened twice": "# /// script\n" + BLOCK,
    "no TOML": with_lines("dependencies = [six"),
    "no requirement": with_lines('dependencies = ["six=1"]'),
    "a text for a list": with_lines('dependencies = "six"'),
    "a number for a requirement": with_lines("dependencies = [1]"),
    "a URL without name": with_lines('dependencies = ["https://host.example/x.zip"]'),
    "a path": with_lines('dependencies = ["./x"]'),
    "no specifier": with_lines('requires-python = "new"'),
    "a list for a specifier": with_lines('requires-python = ["3"]'),
}


def facts_of(folder: Path) -> Facts:
    return load(discover([str(folder)], root=str(folder)))


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environ = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH")}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, env=environ, check=False)


def wanted_by_lock(text: str) -> set[str]:
    manifest = tomli.loads(text).get("manifest", {})
    wanted = set()
    for entry in manifest.get("requirements", ()):
        extras = f"[{','.join(entry['extras'])}]" if "extras" in entry else ""
        marker = f"; {entry['marker']}" if "marker" in entry else ""
        wanted.add(str(Requirement(f"{entry['name']}{extras}{entry.get('specifier', '')}{marker}")))
    return wanted


@pytest.mark.parametrize("text", VARIANTS.values(), ids=VARIANTS.keys())
def test_uv_reads_the_same_block(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(text.encode())
    done = run([*UV, "export", "--script", "a.py"], tmp_path)  # `uv lock` would write a block where there is none
    facts = facts_of(tmp_path)
    problems = [problem for problem in facts.problems if problem.kind is ProblemKind.INVALID_REQUIREMENT]
    if NO_BLOCK in done.stderr:
        assert (facts.scripts, problems) == ({}, [])
    elif done.returncode:
        assert problems
    else:
        assert problems == []
        assert run([*UV, "lock", "--script", "a.py"], tmp_path).returncode == 0
        lock = (tmp_path / "a.py.lock").read_text(encoding="utf-8")
        declaration = facts.scripts["a.py"][0]
        assert {str(Requirement(r.raw)) for r in declaration.requirements} == wanted_by_lock(lock)
        assert [r.raw for r in declaration.python] in ([tomli.loads(lock)["requires-python"]], [])


@pytest.mark.parametrize("text", [f'x = """\n{BLOCK}"""\n', "\ufeff" + BLOCK], ids=["in a string", "byte order mark"])
def test_where_we_follow_the_text_of_the_specification_and_uv_does_not(text: str, tmp_path: Path) -> None:
    """A block is a comment, which a string is not; and a byte order mark belongs to no line."""
    (tmp_path / "a.py").write_bytes(text.encode())
    is_read_by_uv = run([*UV, "export", "--script", "a.py"], tmp_path).returncode == 0
    assert is_read_by_uv is not ("a.py" in facts_of(tmp_path).scripts)


def test_notebook_of_juv_is_read_with_its_lock(tmp_path: Path) -> None:
    for words in ("init a.ipynb", "add a.ipynb six>=1.10", "lock a.ipynb"):
        done = run([*JUV, *words.split()], tmp_path)
        assert done.returncode == 0, done.stderr
    facts = facts_of(tmp_path)
    (source,) = facts.sources
    assert wanted_by_lock(source.lock) == {"six>=1.10"}
    assert [(r.raw, r.place.cell > 0, r.place.line > 1) for r in facts.scripts["a.ipynb"][0].requirements] == [
        ("six>=1.10", True, True)
    ]
    assert len(facts.scripts["a.ipynb"]) == 2
