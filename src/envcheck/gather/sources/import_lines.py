"""Plain import lines → imports, without a parser: exactly what the syntax tree would tell, or ``None``.

Every line that holds the word ``import`` must be plain: one whole statement without indent, or a comment. Where the
text parses, such a line is a statement of the outermost level: it cannot stand in brackets, for ``import`` is a
keyword, so it could only be part of a string or continue another line, and both is looked at. Where the text does not
parse, such a line is one that would be rescued.
"""

from __future__ import annotations

import re
from keyword import kwlist

from envcheck.model.places import Place
from envcheck.model.usage import Import, ImportKind

_WORD = re.compile(r"\bimport\b")
# ASCII, because the parser normalizes other names.
_NAME = r"(?!as\b)[A-Za-z_][A-Za-z0-9_]*"
_KEYWORDS = frozenset(kwlist) - {"as"}
_APART = str.maketrans(".,", "  ")
_DOTTED = rf"{_NAME}(?:\.{_NAME})*"
_TAKEN = rf"{_NAME}(?(source)|(?:\.{_NAME})*)(?:[ \t]+as[ \t]+{_NAME})?"
_PLAIN = re.compile(
    rf"""(?:import|from[ \t]+(?P<source>\.*{_DOTTED}|\.+)[ \t]+import)[ \t]+
         (?P<taken>{_TAKEN}(?:[ \t]*,[ \t]*{_TAKEN})*|(?(source)\*|(?!)))
         [ \t]*(?:\#[^\n]*)?(?=\n|\Z)""",
    re.VERBOSE,
)
_COMMENT = re.compile(r"[ \t]*\#[^\n]*")

# What may hold the word without meaning it; a backslash before anything but an end of line is an error.
_PIECE = re.compile(
    r"""\#[^\n]*
      | '''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''
      | \"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*\"""
      | '(?!'')[^'\\\n]*(?:\\.[^'\\\n]*)*'
      | "(?!"")[^"\\\n]*(?:\\.[^"\\\n]*)*"
      | \\[^\n]""",
    re.VERBOSE | re.DOTALL,
)
# The fields of an f-string may hold its own quotes (PEP 701): with more than this in them, its end is not certain.
_FORMATTED = re.compile(r"[fFtT][rR]?\Z")
_FIELD = r"""\{[^{}'"#\\]*(?:(?:'[\w ]+'|"[\w ]+")[^{}'"#\\]*)*\}"""
_SIMPLE_FIELDS = re.compile(rf"[^{{}}]*(?:(?:\{{\{{|\}}\}}|{_FIELD})[^{{}}]*)*")
_STRING, _DOUBT = "$", '"'


def read(text: str, place: Place) -> list[Import] | None:
    """Return the imports of a Python text, or ``None`` when only the parser can tell; ``place`` is that of line one.

    Calls that import are not looked for.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        if "\r" in text:  # which ends a line for the parser
            return None
    if "'''" not in text and '"""' not in text:
        found = _lines(text, place)
        if found is not None:
            return found
    text = _PIECE.sub(_blank, text)
    return None if "'" in text or '"' in text else _lines(text, place)


def _lines(text: str, place: Place) -> list[Import] | None:
    """Return what the lines with the word import, of which none begins in a long string, import."""
    found: list[Import] = []
    line, counted = place.line, 0
    position = text.find("import")
    while position >= 0:
        end = position + 1
        if _WORD.match(text, position):
            start = text.rfind("\n", 0, position) + 1
            plain = _PLAIN.match(text, start)
            whole = plain or _COMMENT.match(text, start)
            if not whole or text[start - 2 : start] == "\\\n":
                return None
            end = whole.end()
            if plain:
                source, taken = plain.groups("")
                if not _KEYWORDS.isdisjoint(f"{source},{taken}".translate(_APART).split()):
                    return None
                line += text.count("\n", counted, start)
                counted = start
                found += _imports(source, taken, Place(place.path, place.cell, line))
        position = text.find("import", end)
    return found


def _imports(source: str, taken: str, place: Place) -> list[Import]:
    names = [part.split(None, 1)[0] for part in taken.split(",")]
    if not source:
        return [Import(name, place) for name in names]
    if source[0] == ".":
        return []
    return [Import(source, place, ImportKind.PLAIN, () if taken == "*" else tuple(names))]


def _blank(piece: re.Match[str]) -> str:
    """Return what stands for a comment or string, in as many lines: no name, and no quote unless in doubt."""
    text = piece[0]
    if text[0] == "#":
        return "#\\" if text[-1] == "\\" else "#"  # in code that does not parse, a rescue takes this for a continuation
    if text[0] == "\\":
        return _DOUBT
    before = piece.string[max(0, piece.start() - 2) : piece.start()]
    if "{" in text and _FORMATTED.search(before) and not _SIMPLE_FIELDS.fullmatch(text):
        return _DOUBT
    return _STRING + "\n" * text.count("\n") + _STRING
