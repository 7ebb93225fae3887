"""YAML as programs write it, one key or one text to a line → the values that the whole grammar gives.

For one entry out of thousands: a parser costs too much to be started for each. What is laid out in any other way
(texts over several lines, anchors, tags, flow style, escapes) is left to :mod:`yaml_values`.
"""

from __future__ import annotations

from envcheck.gather.documents.yaml_values import Value, YamlMapping, load

# A plain text begins with none of them (YAML 1.2 §7.3.3), or is read with more care than is taken here.
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`")
_DEEPEST = 5


class _Odd(Exception):  # noqa: N818 - the layout is odd, nothing has gone wrong
    """The text is laid out in a way that is not known here."""


def entry_of(text: str, line: int) -> YamlMapping | None:
    """Return the mapping that is the one entry of a list, ``- `` included; ``None`` when it is none or broken.

    ``line`` is the number of its first line in the file.
    """
    lines = text.removesuffix("\n").split("\n")
    lines[0] = lines[0].replace("- ", "  ", 1)
    try:
        value, following = _value(lines, 0, "  ", 0)
    except _Odd:
        value, following = None, 0
    if value is None or following < len(lines):
        whole = load(text).value
        value = whole[0] if isinstance(whole, list) and len(whole) == 1 else None
    if not isinstance(value, YamlMapping):
        return None
    value.line = line
    return value


def top_of(text: str, line: int, skipped: str) -> YamlMapping | None:
    """Return the same for an entry of texts and lists of texts; what is nested below one key is skipped."""
    lines = text.removesuffix("\n").split("\n")
    lines[0] = lines[0].replace("- ", "  ", 1)
    found = YamlMapping(line)
    listed: list[Value] | None = None
    key, written = "", ""
    for each in lines:
        if each.startswith("  - "):
            value = text_of(each[4:])
            if value is None or written:
                return entry_of(text, line)
            if listed is None:
                found[key] = listed = []
            listed.append(value)
        elif each.startswith("   "):
            if key != skipped or written or listed is not None:
                return entry_of(text, line)
        else:
            key, _, written = each[2:].partition(":")
            value = text_of(written[1:]) if written != " []" else ""
            if value is None or key in found or not key.isidentifier() or written[:1] not in ("", " "):
                return entry_of(text, line)
            found[key], listed = (value if written != " []" else []), None
    return found


def text_of(written: str) -> str | None:
    """Return the text of a scalar on one line, ``None`` when it takes more to tell."""
    if written[:1] == "'":
        inner = written[1:-1].replace("''", "\n")
        return inner.replace("\n", "'") if len(written) > 1 and written[-1] == "'" and "'" not in inner else None
    if written[:1] in _INDICATORS or written != written.strip() or written[-1:] == ":":
        return None
    return None if ": " in written or " #" in written else written


def _value(lines: list[str], number: int, indent: str, depth: int) -> tuple[Value, int]:
    """Return what begins in a line, and the number of the line behind it."""
    if depth > _DEEPEST:
        raise _Odd
    return (_sequence if lines[number].startswith(f"{indent}- ") else _mapping)(lines, number, indent, depth)


def _sequence(lines: list[str], number: int, indent: str, depth: int) -> tuple[Value, int]:  # noqa: ARG001 - as above
    found: list[Value] = []
    start = f"{indent}- "
    while number < len(lines) and lines[number].startswith(start):
        found.append(_scalar(lines[number][len(start) :]))
        number += 1
    return found, number


def _mapping(lines: list[str], number: int, indent: str, depth: int) -> tuple[Value, int]:
    found = YamlMapping()
    width = len(indent)
    while number < len(lines) and lines[number].startswith(indent) and lines[number][width : width + 1] not in " -":
        key, colon, written = lines[number][width:].partition(":")
        key = text_of(key) or ""
        if not colon or not key or key in found or written[:1] not in ("", " "):
            raise _Odd
        number += 1
        if written:
            found[key] = _scalar(written[1:])
        elif inner := _indent_of(lines, number, indent):
            found[key], number = _value(lines, number, inner, depth + 1)
        else:
            found[key] = ""
    return found, number


def _indent_of(lines: list[str], number: int, outer: str) -> str:
    """Return the indent of what belongs to the key before, empty when nothing does."""
    line = lines[number] if number < len(lines) else ""
    if line.startswith(f"{outer}- "):
        return outer  # lists may stand as far left as their key
    inner = line[: len(line) - len(line.lstrip(" "))]
    return inner if len(inner) > len(outer) else ""


def _scalar(written: str) -> Value:
    if written in ("{}", "[]"):
        return YamlMapping() if written == "{}" else []
    text = text_of(written)
    if not text and written != "''":
        raise _Odd
    return text or ""
