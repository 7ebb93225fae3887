"""What conda's version and build specs accept (CEP 29), in the standard library only.

Where CEP 29 and its two implementations part ways, the comment at the line says who is followed and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from msgspec import Struct

from envcheck.model.conda_order import CondaVersion, parse_conda_version

_LONGEST_SPEC = 1000
_LONGEST_TEXT = 200
_TOKENS = re.compile(r"\s*(\^[^$]*\$|[(),|]|[^\s(),|][^(),|]*)\s*")
# A repeated or special group, or a back reference: what makes a regex search take for ever. Few runs need these.
_WILD = r"\)\s*[*+?{]|\(\?|\\[0-9]"
_REPEATS = r"[*+{]"
_CHOICES = r"[?|]"
_CLAUSE = re.compile(r"(==|!=|<=|>=|~=|<|>|=)?([^=<>!~].*)", re.DOTALL)


class _Clause(Struct, frozen=True):
    """One comparison.

    ``operator`` is one of ``== != < <= > >= ~=``, ``=`` (starts with), ``!=*`` (does not), ``text`` (glob or regex),
    ``!text`` and ``any``.
    """

    operator: str
    literal: str = ""

    def allows(self, text: str, version: CondaVersion) -> bool:
        if self.operator == "any":
            return True
        if self.operator in ("text", "!text"):
            return _text_matches(self.literal, text) is (self.operator == "text")
        wanted = _literal(self.literal)
        if self.operator == "~=":
            return version >= wanted and _same_series(version, wanted)
        if self.operator in ("=", "!=*"):
            return version.starts_with(wanted) is (self.operator == "=")
        return _ordered(self.operator, version, wanted)


class _AllOf(Struct, frozen=True):
    parts: tuple[_Node, ...]

    def allows(self, text: str, version: CondaVersion) -> bool:
        return all(part.allows(text, version) for part in self.parts)


class _AnyOf(Struct, frozen=True):
    parts: tuple[_Node, ...]

    def allows(self, text: str, version: CondaVersion) -> bool:
        return any(part.allows(text, version) for part in self.parts)


_Node: TypeAlias = _Clause | _AllOf | _AnyOf


def _ordered(operator: str, version: CondaVersion, wanted: CondaVersion) -> bool:
    if version == wanted:
        return operator in ("==", "<=", ">=")
    # A bare ``!=1.2`` excludes just 1.2: conda and rattler agree on that against the letter of CEP 29.
    return operator == "!=" or operator[0] == ("<" if version < wanted else ">")


def _same_series(version: CondaVersion, wanted: CondaVersion) -> bool:
    # ``~=0.5.3`` is ``>=0.5.3,0.5.*`` (CEP 29; rattler wants the same local part as well).
    return version.starts_with(CondaVersion(wanted.segments[:-1], ()))


def _literal(text: str) -> CondaVersion:
    version = parse_conda_version(text)
    if version is None:
        raise ValueError(f"{text!r} is no conda version")
    return version


@lru_cache(maxsize=8192)
def _parse(spec: str) -> _Node:
    tokens = _tokens(spec)
    node, rest = _alternatives(tokens, 0)
    if rest != len(tokens):
        raise ValueError(f"{spec!r} is no version spec: {tokens[rest]!r} is not expected")
    return node


def _tokens(spec: str) -> list[str]:
    if len(spec) > _LONGEST_SPEC or spec.count("(") > 20:
        raise ValueError("a version spec of this size is not read")
    tokens: list[str] = []
    position = 0
    while position < len(spec):
        match = _TOKENS.match(spec, position)
        if match is None:
            raise ValueError(f"{spec!r} is no version spec")
        tokens.append(match[1])
        position = match.end()
    return tokens


def _alternatives(tokens: list[str], position: int) -> tuple[_Node, int]:
    """Return what stands between ``|``, and the position after it; ``,`` binds tighter."""
    part, position = _conjunction(tokens, position)
    parts = [part]
    while tokens[position : position + 1] == ["|"]:
        part, position = _conjunction(tokens, position + 1)
        parts.append(part)
    return (parts[0] if len(parts) == 1 else _AnyOf(tuple(parts))), position


def _conjunction(tokens: list[str], position: int) -> tuple[_Node, int]:
    part, position = _atom(tokens, position)
    parts = [part]
    while tokens[position : position + 1] == [","]:
        part, position = _atom(tokens, position + 1)
        parts.append(part)
    return (parts[0] if len(parts) == 1 else _AllOf(tuple(parts))), position


def _atom(tokens: list[str], position: int) -> tuple[_Node, int]:
    word = tokens[position] if position < len(tokens) else ""
    if word == "(":
        node, position = _alternatives(tokens, position + 1)
        if tokens[position : position + 1] != [")"]:
            raise ValueError("a parenthesis is not closed")
        return node, position + 1
    if word in ("", ")", ",", "|"):
        raise ValueError("a version is missing")
    return _clause("".join(word.split())), position + 1


def _clause(text: str) -> _Clause:
    if text.startswith("^"):
        return _Clause("text", _checked_regex(text))
    match = _CLAUSE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no version with an operator")
    operator, literal = match[1] or "==", match[2]
    core = literal.rstrip(".*") if literal.endswith("*") else literal
    if "*" not in literal:
        _literal(core)
        return _Clause(operator, core)
    return _starred(operator, literal, core)


def _starred(operator: str, literal: str, core: str) -> _Clause:
    """Return the clause of a literal with a glob at its end or inside."""
    if not core and operator in ("==", "="):
        return _Clause("any")
    if "*" in core and operator in ("==", "=", "!="):
        return _Clause("!text" if operator == "!=" else "text", literal)
    _literal(core)
    if operator == "~=":
        raise ValueError(f"{operator + literal!r}: * and {operator} do not go together")
    # CEP 29: ``pkg ==1.8.* *`` means ``pkg=1.8.*`` (rattler: ``==1.8``); a star after < or > says nothing (conda).
    return _Clause({"==": "=", "!=": "!=*"}.get(operator, operator), core)


def _checked_regex(text: str) -> str:
    # The pattern comes from somebody else's file: only what cannot run away on a short text is accepted.
    rich = len(re.findall(_REPEATS, text)) > 2 or len(re.findall(_CHOICES, text)) > 8 or re.search(_WILD, text)
    if rich or not text.endswith("$"):
        raise ValueError(f"{text!r}: only a plain regular expression between ^ and $ is read")
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{text!r}: {error}") from error
    return text


def _text_matches(pattern: str, text: str) -> bool:
    """Tell whether a text equals a pattern by CEP 29's string rules: regex, glob or plain text, whatever the case."""
    if pattern.startswith("^"):
        return len(text) <= _LONGEST_TEXT and re.search(pattern, text, re.IGNORECASE) is not None
    first, *rest = pattern.lower().split("*")
    text = text.lower()
    if not rest:
        return text == first
    if not text.startswith(first) or not text.endswith(rest[-1]):
        return False
    position = len(first)
    for part in rest[:-1]:
        found = text.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    return position + len(rest[-1]) <= len(text)


def check_spec(spec: str) -> None:
    """Return when the text is a version spec; raise ``ValueError``, which says why, when it is not."""
    _parse(spec)


def version_matches(spec: str, version: str) -> bool:
    """Tell whether a version is accepted by a spec; what is no conda version is accepted by none."""
    parsed = parse_conda_version(version)
    return parsed is not None and _parse(spec).allows(version, parsed)


@lru_cache(maxsize=8192)
def exact_version(spec: str) -> str | None:
    """Return the one version that the spec can accept: that of a ``==`` which stands in no alternative."""
    return next((c.literal for c in _required(_parse(spec)) if c.operator == "=="), None)


def _required(node: _Node) -> Iterator[_Clause]:
    """Yield the clauses that hold whatever alternative is taken."""
    match node:
        case _Clause():
            yield node
        case _AllOf():
            for part in node.parts:
                yield from _required(part)
        case _AnyOf():
            return


@lru_cache(maxsize=8192)
def literal_versions(spec: str) -> tuple[str, ...]:
    """Return the versions that the spec names, globs cut off, sorted as text."""
    return tuple(sorted({c.literal for c in _clauses(_parse(spec)) if c.operator not in ("any", "text", "!text")}))


def _clauses(node: _Node) -> Iterator[_Clause]:
    if isinstance(node, _Clause):
        yield node
    else:
        for part in node.parts:
            yield from _clauses(part)


def check_build(pattern: str) -> None:
    """Return when the text is a build pattern; raise ``ValueError``, which says why, when it is not."""
    if pattern.startswith("^"):
        _checked_regex(pattern)


def build_matches(pattern: str, build: str) -> bool:
    """Tell whether a build string matches a build pattern; a pattern that :func:`check_build` refuses matches none."""
    try:
        check_build(pattern)
    except ValueError:
        return False
    return _text_matches(pattern, build)
