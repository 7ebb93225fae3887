"""The parts of code that parse although the whole does not: first whole statements, then lone import lines."""

from __future__ import annotations

import ast
import re
from bisect import bisect
from collections.abc import Iterator
from contextlib import suppress

from msgspec import Struct

from envcheck.gather.documents.cell_lines import long_strings, statement_starts
from envcheck.gather.documents.python_syntax import UNPARSABLE, parse
from envcheck.gather.sources.words import may_use

_NAME = r"[^\W\d]\w*"
_DOTTED = rf"{_NAME}(?:\.{_NAME})*"
_AS = rf"(?:[ \t]+as[ \t]+{_NAME})?"
_END = r"[ \t]*(?=[;#\\\r\n]|\Z)"
_HEAD = r"(?:(?:try|else|finally|(?:if|elif|except|with|while|for|def|class)\b[^:\n]*):[ \t]*)?"
_IMPORT_LINE = re.compile(
    rf"""(?<!\\\n)^(?P<indent>[ \t]*)(?:>>>[ ]?|\.\.\.[ ]?|In[ ]\[\d*\]:[ ]?)?(?P<head>{_HEAD})(?P<statement>
        import[ \t]+{_DOTTED}{_AS}(?:[ \t]*,[ \t]*{_DOTTED}{_AS})*{_END}
      | (?P<from>from[ \t]+{_DOTTED}[ \t]+import)(?:
          [ \t]*\([^()]*\)?
        | [ \t]+(?:\*|{_NAME}{_AS}(?:[ \t]*,[ \t]*{_NAME}{_AS})*)[ \t]*,?{_END}))""",
    re.VERBOSE | re.MULTILINE,
)
_LINE = re.compile(r"^(?P<indent>[ \t]*)(?P<word>\w*)(?P<rest>[^\n]*)", re.MULTILINE)
_CATCHING = re.compile(r"[ \t]*(?::|.*\b(?:ImportError|ModuleNotFoundError|Exception|BaseException)\b)")
# Words with which a statement goes on that began before.
_GOES_ON = re.compile(r"(?:else|elif|except|finally)\b|[ \t\r\n#)\]}]")


class _Suite(Struct, frozen=True):
    """What a line opens: its indent, the ``try`` its lines stand in (0: none), and the ``try`` that it continues."""

    indent: int
    attempt: int
    chain: int


def trees(text: str) -> Iterator[tuple[int, ast.Module]]:
    """Yield syntax trees of what can be saved, each with the number of lines before it."""
    start = lines = 0
    for end in [*_block_starts(text), len(text)]:
        block = text[start:end]
        if may_use(block):
            try:
                yield lines, parse(block)
            except UNPARSABLE:
                yield from _lone_imports(block, lines)
        lines += block.count("\n")
        start = end


def _block_starts(text: str) -> Iterator[int]:
    """Yield where the statements of the outermost level begin, without the first."""
    for start in statement_starts(text):
        if start and not _GOES_ON.match(text, start):
            yield start


def _lone_imports(block: str, lines: int) -> Iterator[tuple[int, ast.Module]]:
    """Yield the trees of the lines that import something, whatever stands around them."""
    strings = list(long_strings(block))
    guarded = _guarded_lines(block)
    position = counted = number = 0
    while match := _IMPORT_LINE.search(block, position):
        before = bisect(strings, (match.start(),)) - 1
        if before >= 0 and match.start() < strings[before][1]:
            position = strings[before][1]  # not the end of the match, which may lie beyond the string
            continue
        position = match.end()
        number += block.count("\n", counted, match.start())
        counted = match.start()
        tree = _lone_import(match, guarded=number in guarded)
        if tree:
            yield lines + number, tree


def _lone_import(match: re.Match[str], *, guarded: bool) -> ast.Module | None:
    texts = [match["statement"]]
    if match["from"]:
        texts.append(match["from"] + " *")
    for text in texts:
        with suppress(*UNPARSABLE):
            return parse(f"try: {text}\nexcept ImportError: pass" if guarded else text)
    return None


def _guarded_lines(block: str) -> set[int]:
    """Return the lines, from 0, that stand in a ``try`` which catches ImportError, told by indentation alone."""
    attempts: list[int] = []
    caught = set()
    stack: list[_Suite] = []
    for number, line in enumerate(_LINE.finditer(block)):
        indent, word = len(line["indent"].expandtabs()), line["word"]
        sibling = None
        while word and stack and stack[-1].indent >= indent:
            sibling = stack.pop()
        outer = inner = stack[-1].attempt if stack else 0
        chain = 0
        if word == "try":
            inner = chain = number + 1
        elif word == "except" and sibling and sibling.indent == indent and sibling.chain:
            chain = sibling.chain
            if _CATCHING.match(line["rest"]):
                caught.add(chain)
                inner = chain
        if word:
            stack.append(_Suite(indent, inner, chain))
        attempts.append(inner if word else outer)
    return {number for number, attempt in enumerate(attempts) if attempt in caught}
