"""Paths against the patterns of ``.gitignore`` files, as gitignore(5) says, in time linear in their length."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

_DEEP = "**"


class Pattern(Struct, frozen=True):
    """One line of an ignore file: its path components, whether it takes back, and whether it is for folders only."""

    components: tuple[str, ...]
    negated: bool
    folders_only: bool

    def matches(self, parts: Iterable[str]) -> bool:
        """Tell whether the components of a path match, following all ways through the pattern at once."""
        end = len(self.components)
        reached = self._past_deep({0})
        for part in parts:
            ahead: set[int] = set()
            for index in reached - {end}:
                if self.components[index] == _DEEP:
                    ahead.update((index, index + 1))
                elif _component(self.components[index]).fullmatch(part):
                    ahead.add(index + 1)
            reached = self._past_deep(ahead)
        return end in reached

    def _past_deep(self, reached: set[int]) -> set[int]:
        """Add what lies behind a ``**`` that stands for no folder at all; at the end it stands for one at least."""
        for index in range(len(self.components) - 1):
            if index in reached and self.components[index] == _DEEP:
                reached.add(index + 1)
        return reached


class IgnoreFile(Struct, frozen=True):
    """The patterns of one ignore file; ``folder`` is the path of its folder below the root, empty for the root."""

    folder: str
    patterns: tuple[Pattern, ...]

    def verdict(self, path: str, *, is_folder: bool) -> bool | None:
        """Tell whether the last matching pattern ignores ``path``; ``None`` when none matches."""
        if not self.patterns:
            return None
        below = path[len(self.folder) + 1 :] if self.folder else path
        parts = below.split("/")
        for pattern in reversed(self.patterns):
            if (is_folder or not pattern.folders_only) and pattern.matches(parts):
                return not pattern.negated
        return None


def parse_ignore_file(text: str, folder: str) -> IgnoreFile:
    """Return the patterns of an ignore file's text."""
    patterns = (_pattern(line) for line in text.splitlines())
    return IgnoreFile(folder, tuple(pattern for pattern in patterns if pattern))


def is_ignored(path: str, files: Iterable[IgnoreFile], *, is_folder: bool) -> bool:
    """Tell whether a path is ignored; ``files`` go from the innermost folder outwards, the first verdict counts."""
    verdicts = (file.verdict(path, is_folder=is_folder) for file in files)
    return next((verdict for verdict in verdicts if verdict is not None), False)


def _pattern(line: str) -> Pattern | None:
    line = _without_end_blanks(line.rstrip("\r"))
    if not line or line.startswith("#"):
        return None
    negated = line.startswith("!")
    line = line.removeprefix("!")
    folders_only = line.endswith("/")
    line = line.rstrip("/")
    if not line:
        return None
    components = tuple(line.removeprefix("/").split("/"))
    return Pattern(components if "/" in line else (_DEEP, *components), negated, folders_only)


def _without_end_blanks(line: str) -> str:
    stripped = line.rstrip(" \t")
    escaped = stripped.endswith("\\") and len(stripped) < len(line)
    return line[: len(stripped) + 1] if escaped else stripped


# Compiled with the first use, since few runs need it.
_PIECE = r"(?s)\*+|\?|\[[!^]?\]?[^\]]*\]|\\.|."


@lru_cache(maxsize=1024)
def _component(glob: str) -> re.Pattern[str]:
    """Return the expression of one component; between stars the first fit is taken and kept: nothing is retried.

    The trick is that of :mod:`fnmatch`: a group inside a lookahead never gives back what it matched.
    """
    pieces = [""]
    for token in re.findall(_PIECE, glob):
        if token.startswith("*"):
            pieces.append("")
        else:
            pieces[-1] += _token(token)
    if len(pieces) == 1:
        return _compiled(pieces[0])
    first, *middle, last = pieces
    kept = "".join(f"(?=(.*?{piece}))\\{number}" for number, piece in enumerate(filter(None, middle), 1))
    return _compiled(f"{first}{kept}.*{last}")


def _token(text: str) -> str:
    if text == "?":
        return "."
    if text == "[":  # never closed: git lets the pattern match nothing
        return "(?!)"
    if text.startswith("["):
        inside = text[1:-1].replace("\\", "\\\\").replace("[", "\\[")
        return f"[{'^' + inside[1:] if inside[:1] in ('!', '^') else inside}]"
    return re.escape(text[1:] if text.startswith("\\") and len(text) > 1 else text)


def _compiled(expression: str) -> re.Pattern[str]:
    try:
        return re.compile(expression, re.DOTALL)
    except re.error:  # a range that runs backwards: git, too, lets it match nothing
        return re.compile("(?!)")
