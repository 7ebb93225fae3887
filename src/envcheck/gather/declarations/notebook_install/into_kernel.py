"""``!pip install`` → ``%pip install``: the line's own program becomes the magic of the same tool."""

from __future__ import annotations

import re

from envcheck.gather.declarations.notebook_install.words import InstallLine, Unwritable, is_unsafe
from envcheck.gather.documents.cell_texts import CellText
from envcheck.gather.documents.install_options import INSTALL_OPTIONS
from envcheck.gather.documents.reqoptions import read_options
from envcheck.model.changes import Edit

_SIGN = re.compile(r"[ \t]*(![ \t]*)\Z")
_BLANK = r"(?:[ \t]|\\\r?\n)"
_PROGRAM = re.compile(
    rf"(?:python3?{_BLANK}+-m{_BLANK}+)?(?:pip3?|(?P<uv>uv)(?={_BLANK}+pip{_BLANK}))(?={_BLANK})"
    rf"|(?P<conda>conda|mamba|micromamba)(?={_BLANK})"
)
_OTHER_COMMAND = re.compile(r"[;&|\n]")
_OWN_LINE = "write the magic as a line of its own"
# Of each tool those that choose an environment themselves.
_CHOOSING = frozenset(("--name", "--prefix", "--python", "--system", "--target", "--root"))


def edit(cell: CellText, line: InstallLine, *, quoted: bool = False) -> Edit | None:
    """Return the edit that makes a magic of a shell line; ``quoted`` when it gets words that need their quotes.

    Raises :class:`Unwritable` for what is more than an install line: no magic would do the same.
    """
    if not line.install.shell:
        return None
    begin = cell.offset(line.command.line, line.command.column)
    sign = _SIGN.search(cell.text, cell.text.rfind("\n", 0, begin) + 1, begin)
    if sign is None or line.command.sign != "!" or not _begins_line(cell.text, sign.start()):
        raise Unwritable("a shell runs more than this line, or Python takes what it prints", _OWN_LINE)
    before = cell.text[begin : line.start]
    program = _PROGRAM.match(before)
    if program is None or _OTHER_COMMAND.search(re.sub(r"\\\r?\n", " ", before)):
        raise Unwritable("it begins with something else than the installer", _OWN_LINE)
    options, _, _ = read_options(line.line.words, INSTALL_OPTIONS[line.install.tool])
    if any(option.name in _CHOOSING for option in options) or "--python" in before:
        raise Unwritable("the line names the environment that it installs into", "delete that option first")
    if program["conda"] and (quoted or any(is_unsafe(word.value) for word in line.line.words)):
        raise Unwritable("IPython drops the quotes of this magic", "pin one exact version, which needs no quotes")
    magic = program["conda"] or program["uv"] or "pip"
    return _least_edit(cell.text, sign.start(1), begin + program.end(), f"%{magic}")


def _begins_line(text: str, position: int) -> bool:
    return position == 0 or text[position - 1] == "\n"


def _least_edit(text: str, start: int, stop: int, new: str) -> Edit:
    """Return the edit of the sign alone where the program is spelled like the magic."""
    return Edit(start, start + 1, new[0]) if text[start + 1 : stop] == new[1:] else Edit(start, stop, new)
