"""A notebook cell → its Python and its commands (magics, shell lines, questions), as IPython tells them apart.

The Python keeps its lines: where a command stood, ``pass`` stands. Lines that merely hold ``%``, ``!`` or ``?`` in an
expression, a string or a comment are left alone, because only the beginning of a logical line makes a command
(IPython.core.inputtransformer2).
"""

from __future__ import annotations

import re

from msgspec import Struct

from envcheck.gather.documents.cell_lines import line_after, statement_end

_MEASURING = ("time", "timeit", "prun", "memit", "mprun", "lprun", "snakeviz", "pyinstrument", "scalene", "heat")
PYTHON_BODIES = frozenset((*_MEASURING, "capture", "debug", "skip", "tb", "wait_for", "px", "python", "python3"))
"""Cell magics whose body is Python. Every other body is not, ``%%cython`` included: that is a language of its own."""
SHELL_BODIES = frozenset(("bash", "sh", "zsh", "!", "sx", "system", "cmd"))
_STATEMENT_LINES = frozenset(("timeit", "prun", "memit", "mprun", "lprun"))
_FILE_BODIES = frozenset(("writefile", "file"))

_INSTALLERS = ("pip", "conda", "mamba", "micromamba", "uv")
_BARE_NAMES = (*_INSTALLERS, "load_ext", "reload_ext", "run", "cd", "ls", "matplotlib", "pylab")
_BARE = rf"(?:{'|'.join(_BARE_NAMES)})"
_SIGNS = "%!?,;/"
# What may begin a command that is not assigned; the look ahead spares most lines the list of names.
_OPENING = rf"[ \t]*(?=[{_SIGNS}{''.join(name[0] for name in _BARE_NAMES)}])(?:[{_SIGNS}]|{_BARE}[ \t])"
_FIRST = re.compile(_OPENING)
# Each begins with a literal character, which the engine finds fast; joined into one they take three times as long.
_LATER = re.compile(r"\n" + _OPENING)
_ASSIGNED = re.compile(r"=[ \t]*[%!]")
_ASKING = re.compile(r"\?[ \t\r]*$", re.MULTILINE)
_COMMAND = re.compile(
    rf"""(?P<indent>[ \t]*)(?:
        (?P<sign>!!|\?\?|[%!?,;/])
      | (?P<bare>{_BARE}[ \t]+(?!(?:in|is|if|and|or|not|else|for)\b)[A-Za-z_.~])
      | (?P<target>[A-Za-z_*(\[](?:[^=\n\#'"]|'[^'\n]*'|"[^"\n]*")*)=[ \t]*(?P<assigned>!|%(?=[ \t]*[A-Za-z_]))
    )""",
    re.VERBOSE,
)
_CELL_MAGIC = re.compile(r"\s*%%(?P<name>\S*)[ \t]*(?P<rest>[^\n]*)(?:\n|\Z)")
_OPTIONS = re.compile(r"(?:-(?:[fslTDmc][ \t]+\S+|[nrpN][ \t]*\d+|[\w-]+)[ \t]+)*")
_LITERAL_NAME = re.compile(r"""(?:[^\s$"'{}]+|"[^"$\n{}]+"|'[^'$\n{}]+')(?=\s|\Z)""")


class Fragment(Struct, frozen=True):
    """Python text and the line of the cell on which it begins."""

    text: str
    line: int = 1


class Command(Struct, frozen=True):
    """What follows the ``sign`` (``%``, ``!``) of a command, raw: backslashes still join its lines.

    A shell body (``%%bash``) is one command of sign ``!``. ``line`` and ``column`` are those of the text.
    """

    sign: str
    text: str
    line: int = 1
    column: int = 1


class Cell(Struct, frozen=True):
    """A cell taken apart. ``writes`` is the file that ``%%writefile`` makes of it, when its name is literal."""

    python: tuple[Fragment, ...] = ()
    commands: tuple[Command, ...] = ()
    writes: str = ""


def split(text: str) -> Cell:
    """Return the Python and the commands of a cell; what a cell magic gives to another language is in neither."""
    start, line, python = 0, 1, []
    while magic := _CELL_MAGIC.match(text, start):
        name, rest = magic["name"], magic["rest"].strip()
        magic_line = line + text.count("\n", start, magic.start("name"))
        line += text.count("\n", start, magic.end())
        start = magic.end()
        if name == "script":
            name = _script(rest)
        if name in PYTHON_BODIES:
            if name in _STATEMENT_LINES:
                python.append(Fragment(without_options(rest), magic_line))
            continue
        return _foreign(name, rest, Fragment(text[start:], line), tuple(python))
    if not _may_command(text, start):
        return Cell((*python, Fragment(text[start:], line)))
    body, commands = _blanked(text, start, line)
    return Cell((*python, Fragment(body, line)), commands)


def _may_command(text: str, start: int) -> bool:
    """Tell cheaply whether a text may hold a command."""
    return (
        _FIRST.match(text, start) is not None
        or _LATER.search(text, start) is not None
        or (("%" in text or "!" in text) and _ASSIGNED.search(text, start) is not None)
        or ("?" in text and _ASKING.search(text, start) is not None)
    )


def _script(rest: str) -> str:
    """Return the program that ``%%script`` starts."""
    words = [word for word in rest.split() if not word.startswith("-")]
    return words[0].rpartition("/")[2] if words else ""


def _foreign(name: str, rest: str, body: Fragment, python: tuple[Fragment, ...]) -> Cell:
    if name in SHELL_BODIES:
        return Cell(python, (Command("!", body.text, body.line),))
    if name in _FILE_BODIES:
        is_python = rest.rstrip("\"'").endswith(".py")
        return Cell((*python, body) if is_python else python, (), first_argument(rest))
    return Cell(python)


def first_argument(arguments: str) -> str:
    """Return the first argument that is no option, unquoted; empty when it is interpolated or absent."""
    name = _LITERAL_NAME.match(without_options(arguments))
    return name[0].strip("\"'") if name else ""


def without_options(arguments: str) -> str:
    """Return the arguments of a magic after its options: the statement of ``%timeit -n 10 statement``."""
    options = _OPTIONS.match(arguments)
    return arguments[options.end() :] if options else arguments


def _blanked(text: str, start: int, line: int) -> tuple[str, tuple[Command, ...]]:
    """Return the Python of a cell with ``pass`` for each command, and the commands."""
    parts, commands = [], []
    while start < len(text):
        match = _COMMAND.match(text, start)
        end, asks = (line_after(text, start), False) if match else statement_end(text, start)
        lines = text.count("\n", start, end)
        if match or asks:
            parts.append(_indent(text, start) + "pass" + "\n" * lines)
        else:
            parts.append(text[start:end])
        if match:
            commands.append(_command(match, text, line, end))
        start, line = end, line + lines
    return "".join(parts), tuple(commands)


def _indent(text: str, start: int) -> str:
    end = start
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    return text[start:end]


def _command(match: re.Match[str], text: str, line: int, end: int) -> Command:
    if match["bare"]:
        sign, begin = "%", match.start("bare")
    else:
        sign, begin = match["sign"] or match["assigned"], match.end()
    while text[begin : begin + 1] in (" ", "\t"):
        begin += 1
    return Command("!" if sign == "!!" else sign, text[begin:end].rstrip(), line, begin - match.start() + 1)
