"""Python's own parser, made quiet, and what it says of text that it refuses."""

from __future__ import annotations

import ast
import re
import warnings

from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind

UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What the parser raises for text that it refuses; NUL and lone surrogates are a ``ValueError``."""

# Compiled with the first use, since few runs need them.
_FIRST_INDENT = r"(?:[ \t]*\r?\n)*([ \t]+)\S"
_FIRST_PROMPT = r"\s*(?:>>>|In \[\d*\]:)"
_PROMPT = r"(?m)^[ \t]*(?:>>>|\.\.\.+:?|In \[\d*\]:)(?: |$)"


def parse(text: str) -> ast.Module:
    """Return the syntax tree of a text, without the parser's warnings; raises one of ``UNPARSABLE``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def as_entered(text: str) -> str:
    """Return a cell without a common indent and without prompts, which IPython strips too."""
    if text[:1].isspace() and (indent := re.match(_FIRST_INDENT, text)):
        text = re.sub("^" + indent[1], "", text, flags=re.MULTILINE)
    if (">>>" in text or "In [" in text) and re.match(_FIRST_PROMPT, text):
        text = re.sub(_PROMPT, "", text)
    return text


def problem(error: BaseException, place: Place) -> Problem:
    """Return what the parser says of a text that begins at ``place``."""
    reason, line = "it cannot be parsed", 1
    if isinstance(error, SyntaxError):
        reason, line = error.msg.partition(". ")[0], error.lineno or 1
    elif isinstance(error, (RecursionError, MemoryError)):
        reason = "nested too deeply"
    elif isinstance(error, ValueError):
        reason = "NUL bytes or lone surrogates in the text"
    return Problem(
        ProblemKind.UNPARSABLE_CELL,
        place._replace(line=place.line + line - 1),
        f"not Python: {reason[:1].lower()}{reason[1:]}",
        "correct it: what it imports could not be read with certainty",
    )
