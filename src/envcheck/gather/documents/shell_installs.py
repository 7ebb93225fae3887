"""Shell text → the install commands of pip, conda and uv in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

# What may hold a separator without being one comes first: IPython's {expression} does, a shell's { group; } does not.
_PIECE = re.compile(
    r"""\{[^{}\s][^{}\n]*\} | "(?:[^"\\]|\\.)*" | '[^']*' | \\. | \d*[<>]&\d? | &>>?
      | (?P<end>&&|\|\|?|[;&()\n]|(?<!\S)\#[^\n]*)""",
    re.VERBOSE | re.DOTALL,
)
_CONTINUATION = re.compile(r"\\\r?\n")
_WORD = re.compile(r"""(?:\{[^{}\n]*\}|"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'])+|["']""", re.DOTALL)
_FOLDERS = re.compile(r"[^{}]*[/\\]")

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_KEYWORDS = ("then", "do", "else", "if", "while", "!", "{")
_PREFIXES = frozenset(("sudo", "env", "time", "exec", "nohup", "command", "builtin", *_KEYWORDS))
_PYTHON = re.compile(r"(?:python|pypy)[\d.]*w?(?:\.exe)?|py(?:\.exe)?|[{$].*")
_PIP = re.compile(r"pip[\d.]*(?:\.exe)?")
_CONDA = re.compile(r"(?:conda|mamba|micromamba)(?:\.exe|\.bat)?")


class ShellInstall(Struct, frozen=True):
    """One install command: its tool, the text after ``install``, and the offset of that text.

    ``arguments`` is as written, with the backslashes and breaks of joined lines, so that each word can be told its
    place. ``kernel`` is true when the command names the kernel's own interpreter or prefix.
    """

    tool: str
    arguments: str
    offset: int
    kernel: bool


def find(text: str) -> Iterator[ShellInstall]:
    """Yield the install commands of a shell text, several to a line as ``&&``, ``;`` and ``|`` part them."""
    if "install" not in text:
        return
    joined = _CONTINUATION.sub(lambda match: " " * len(match[0]), text)
    for start, end in _spans(joined):
        for found in _command(joined, start, end):
            stop = found.offset + len(found.arguments)
            yield replace(found, arguments=text[found.offset : stop])


def _spans(joined: str) -> Iterator[tuple[int, int]]:
    start = 0
    for piece in _PIECE.finditer(joined):
        if piece["end"]:
            yield start, piece.start()
            start = piece.end()
    yield start, len(joined)


def _command(text: str, start: int, end: int) -> Iterator[ShellInstall]:
    segment = text[start:end]
    if "install" not in segment:
        return
    spans = list(_WORD.finditer(segment))
    words = [span[0] for span in spans]
    tool, position = _tool(words)
    position = _after_options(words, position)
    if tool and words[position : position + 1] == ["install"] and position + 1 < len(words):
        offset = spans[position + 1].start()
        kernel = "sys.executable" in segment or "sys.prefix" in segment
        yield ShellInstall(tool, segment[offset:].rstrip(), start + offset, kernel)


def _tool(words: list[str]) -> tuple[str, int]:
    """Return the tool that a command starts (empty: none) and the position of the word after it."""
    position = _program(words)
    name = _base_name(words, position)
    if _PYTHON.fullmatch(name):
        position = _after_options(words, position + 1)
        if words[position - 1] == "-m":
            name = _base_name(words, position)
    if _PIP.fullmatch(name):
        return "pip", position + 1
    if _CONDA.fullmatch(name):
        return "conda", position + 1
    if name == "uv":
        position = _after_options(words, position + 1)
        if words[position : position + 1] == ["pip"]:
            return "uv", position + 1
    return "", position


def _program(words: list[str]) -> int:
    """Return the position of the word that names the program: after ``sudo -H``, ``A=b``, ``then`` and the like."""
    prefixed = False
    for position, word in enumerate(words):
        if word in _PREFIXES:
            prefixed = True
        elif not (_ASSIGNMENT.match(word) or (prefixed and word.startswith("-"))):
            return position
    return len(words)


def _base_name(words: list[str], position: int) -> str:
    return _FOLDERS.sub("", words[position].strip("\"'")) if position < len(words) else ""


def _after_options(words: list[str], position: int) -> int:
    """Return the position of the first word that is neither an option nor, as far as can be told, the value of one."""
    while position < len(words) and words[position].startswith("-"):
        position += 1
        if words[position - 1] != "-m" and _is_value(words, position):
            position += 1
    return position


def _is_value(words: list[str], position: int) -> bool:
    """Tell whether the word after an option is its value: then a subcommand or another option must still follow."""
    word, following = [*words[position : position + 2], "", ""][:2]
    return word not in ("install", "pip") and not word.startswith("-") and following.startswith(("-", "install", "pip"))
