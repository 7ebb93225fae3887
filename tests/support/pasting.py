"""What a person does with a suggestion: pastes it in place of what stands there, adds a line, deletes one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

Finding = dict[str, Any]

_SAID = re.compile(
    r"(?P<path>.+?)(?: cell (?P<cell>\d+))?(?:, line (?P<at>\d+)|:(?P<line>\d+)(?::(?P<column>\d+))?)?: "
    r"(?P<code>[A-Z]+\d{3}) (?P<message>.*) \(fix: (?P<text>.*)\)"
)
_ADD = re.compile(r"add (?P<entry>.+) to (?:(?P<group>\S+) in )?(?P<file>\S+|a new requirements\.txt)")
_REMOVE = re.compile(r"remove (?P<name>\S+) from .*")
# What ends an entry that stands in a file of lines: a comment, an option, the end of a list on one line.
_END = re.compile(r"\s*(?:\s#.*)?$|\s+--?[a-z].*$")
_HEADERS = {"Pipfile": "[packages]", "pixi.toml": "[dependencies]"}


@dataclass(frozen=True)
class Suggestion:
    """A line of the terminal's report that ends with a suggestion."""

    path: str
    cell: int
    line: int
    column: int
    code: str
    message: str
    text: str


def suggestions(output: str) -> list[Suggestion]:
    """Return what a report in the terminal suggests."""
    found = filter(None, map(_SAID.fullmatch, output.splitlines()))
    return [
        Suggestion(
            m["path"],
            int(m["cell"] or 0),
            int(m["at"] or m["line"] or 0),
            int(m["column"] or 0),
            m["code"],
            m["message"],
            m["text"],
        )
        for m in found
    ]


def paste(folder: Path, said: Suggestion, finding: Finding) -> None:
    """Do what a suggestion says; ``finding`` is the same as JSON, which knows columns in cells and other places."""
    added = _ADD.fullmatch(said.text)
    if added and added["file"] == "a new requirements.txt":
        (folder / "requirements.txt").write_text(added["entry"] + "\n", encoding="utf-8")
    elif added:
        _edit(folder / added["file"], lambda text: _with_entry(text, added["file"], added["entry"], added["group"]))
    elif _REMOVE.fullmatch(said.text):
        for place in sorted((finding, *finding["related"]), key=lambda place: -int(place["line"])):
            _edit(folder / place["path"], partial(_without_line, number=place["line"]), place["cell"] or 0)
    elif said.cell:
        _edit(folder / said.path, lambda text: _pasted(text, said, finding["column"], in_cell=True), said.cell)
    else:
        _edit(folder / said.path, lambda text: _pasted(text, said, said.column, in_cell=False))


def _edit(path: Path, change: Callable[[str], str], cell: int = 0) -> None:
    if path.suffix == ".ipynb":
        _edit_cell(path, cell, change)
        return
    text = path.read_bytes().decode("utf-8")
    path.write_bytes(change(text).encode("utf-8"))


def _edit_cell(path: Path, number: int, change: Callable[[str], str]) -> None:
    """Change a cell; without a number that which holds the block of the notebook."""
    tree = json.loads(path.read_text(encoding="utf-8"))
    block = (cell for cell in tree["cells"] if "# dependencies = [" in "".join(cell["source"]))
    cell = tree["cells"][number - 1] if number else next(block)
    cell["source"] = change("".join(cell["source"]))
    path.write_text(json.dumps(tree), encoding="utf-8")


def _pasted(text: str, said: Suggestion, column: int, *, in_cell: bool) -> str:
    lines = text.split("\n")
    line = lines[said.line - 1]
    start = column - 1
    if in_cell and said.text.startswith("%"):  # a line for a line
        assert line.startswith("!"), line
        lines[said.line - 1] = said.text
        return "\n".join(lines)
    quote = line[start - 1 : start]
    if quote and quote in "\"'":
        stop = line.index(quote, start)
    elif in_cell:
        found = re.search(r"""[\s;|&"']|$""", line[start:])
        stop = start + (found.start() if found else 0)
    else:
        found = re.compile(r";(?= [a-z]+$)" if said.path.endswith("setup.cfg") else r"(?!)").search(line, start)
        end = _END.search(line, start)
        stop = found.start() if found else end.start() if end else len(line)
    lines[said.line - 1] = line[:start] + said.text + line[stop:]
    return "\n".join(lines)


def _without_line(text: str, number: int) -> str:
    lines = text.split("\n")
    del lines[number - 1]
    return "\n".join(lines)


def _with_entry(text: str, file: str, entry: str, group: str) -> str:
    name = file.rpartition("/")[2]
    if name.endswith((".yml", ".yaml")):
        return _with_item(text, entry, group)
    if name.endswith((".py", ".ipynb")):
        return text.replace("# dependencies = [", f'# dependencies = [\n#   "{entry}",', 1)
    if name == "setup.cfg":
        return re.sub(r"(?m)^install_requires *=(.*)$", lambda m: _on_lines(m[1], entry), text, count=1)
    if name in _HEADERS or " = " in entry:
        header = f"[{group}]" if group else _HEADERS.get(name, "[tool.poetry.dependencies]")
        return text.replace(header, f"{header}\n{entry}", 1) if header in text else f"{text}\n{header}\n{entry}\n"
    if name == "pyproject.toml":
        return re.sub(r"(?m)^dependencies = \[", lambda m: f'{m[0]}\n    "{entry}",', text, count=1)
    return f"{text.rstrip()}\n{entry}\n"


def _on_lines(rest: str, entry: str) -> str:
    return "\n    ".join(["install_requires =", entry, *filter(None, (piece.strip() for piece in rest.split(";")))])


def _with_item(text: str, entry: str, group: str) -> str:
    """Return an environment.yml with an item more, in conda's list or in pip's."""
    if group and (found := re.search(r"(?m)^( *)- *pip:\n( *)- ", text)):
        return f"{text[: found.end()]}{entry}\n{found[2]}- {text[found.end() :]}"
    found = re.search(r"(?m)^dependencies:\n( *)- ", text)
    assert found, text
    item = f"pip:\n{found[1]}  - {entry}" if group else entry
    return f"{text[: found.end()]}{item}\n{found[1]}- {text[found.end() :]}"
