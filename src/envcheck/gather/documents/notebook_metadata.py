"""One key of a notebook's metadata read, written or taken away; every other byte stays where it is.

The bytes are read as Latin-1, so that the index of a character is that of a byte (JSON's own syntax is ASCII), and the
scanner of the json module only says where values end. Nothing but the value itself is ever written anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import itemgetter

from msgspec import Struct

_BOM = "\xef\xbb\xbf"
"""The byte order mark of UTF-8, read as Latin-1."""
_BLANKS = re.compile(r"[ \t\r\n]*")
_CONFLICT = re.compile(rb"(?m)^(?:<{7}|={7}|>{7})(?:[ \r\n]|\Z)")
_OLDEST = 4
_SAVE_AGAIN = "open it in Jupyter and save it again"
# Python refuses to make an integer of more than 4,300 digits; what is passed over does not matter.
_value_at = json.JSONDecoder(parse_int=float).raw_decode


class NotebookError(ValueError):
    """Why the metadata of a file cannot be written without touching the rest, and what would help."""

    def __init__(self, reason: str, remedy: str = _SAVE_AGAIN) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


class _Member(Struct, frozen=True):
    """A member of an object: where its key and its value begin, and where it ends."""

    key: str
    start: int
    begin: int
    stop: int


class _Document(Struct, frozen=True):
    """A notebook with the spans of its metadata; ``lead`` are the blanks before its first key."""

    text: str
    lead: str
    metadata: _Member
    members: tuple[_Member, ...]
    close: int
    own: _Member | None


def value_of(data: bytes, key: str) -> bytes | None:
    """Return the JSON text of a key of the metadata, ``None`` without it; raises ``NotebookError``."""
    own = _document(data, key).own
    return data[own.begin : own.stop] if own else None


def with_value(data: bytes, key: str, value: object) -> bytes:
    """Return a notebook whose metadata has this value, in the notebook's own layout; raises ``NotebookError``.

    The same bytes come back when it says so already. A new key goes where it sorts, or first where keys are unsorted,
    so that lines are only added.
    """
    document = _document(data, key)
    own = document.own
    if own and _canonical(data[own.begin : own.stop]) == _canonical(json.dumps(value)):
        return data
    start, stop, text = _insertion(document, key, value)
    return data[:start] + text.encode("ascii") + data[stop:]


def without_value(data: bytes, key: str) -> bytes:
    """Return a notebook without a key of its metadata: what was there before it was put in; raises ``NotebookError``.

    Only of empty metadata with blanks in it (``{ }``), which no known tool writes, the blanks do not come back.
    """
    document = _document(data, key)
    members, own = document.members, document.own
    if own is None:
        return data
    if len(members) == 1:
        return data[: document.metadata.begin] + b"{}" + data[document.close + 1 :]
    place = members.index(own)
    if place + 1 < len(members):
        return data[: own.start] + data[members[place + 1].start :]
    return data[: members[place - 1].stop] + data[own.stop :]


def _canonical(text: bytes | str) -> str:
    """Return JSON in one spelling; a key that stands there twice stays twice."""
    try:
        return json.dumps(json.loads(text, object_pairs_hook=lambda pairs: sorted(pairs, key=itemgetter(0))))
    except (ValueError, RecursionError):  # an integer of thousands of digits
        return str(text)


def _insertion(document: _Document, key: str, value: object) -> tuple[int, int, str]:
    """Return the span that the key is written over, and the text."""
    members, own = document.members, document.own
    newline = "\r\n" if "\r\n" in document.lead else "\n"
    unit = document.lead.rpartition("\n")[2] or " "
    colon = document.text[document.metadata.start : document.metadata.begin].rpartition(":")[2]
    first = document.text[document.metadata.begin + 1 : members[0].start] if members else newline + unit * 2
    is_spread = "\n" in document.lead and "\n" in first  # else all of the metadata is on one line and stays there
    gap = first if is_spread else " " if colon else ""
    body = json.dumps(
        value,
        sort_keys=True,
        indent=unit if is_spread else None,
        separators=("," if is_spread else f",{gap}", f":{colon}"),
    )
    if is_spread:
        body = body.replace("\n", gap)
    entry = f'"{key}":{colon}{body}'
    if own:
        return own.begin, own.stop, body
    if not members:
        inside = f"{gap}{entry}{newline}{unit}" if is_spread else entry
        return document.metadata.begin, document.close + 1, f"{{{inside}}}"
    keys = [member.key for member in members]
    is_sorted = all(one <= other for one, other in pairwise(keys))
    if is_sorted and keys[-1] < key:
        return members[-1].stop, members[-1].stop, f",{gap}{entry}"
    following = next(member for member in members if member.key > key or not is_sorted)
    return following.start, following.start, f"{entry},{gap}"


def _document(data: bytes, key: str) -> _Document:
    _refuse_encodings(data)
    text = data.decode("latin-1")
    start = _after(text, len(_BOM) if text.startswith(_BOM) else 0)
    try:
        top = _top(text, start)
        metadata = _metadata(text, {member.key: member for member in top})
        members, end = _members(text, metadata.begin)
    except RecursionError as error:
        raise NotebookError("nested too deeply to be read", "clear its outputs") from error
    except NotebookError:
        raise
    except ValueError as error:
        raise _not_json(data, str(error)) from error
    own = [member for member in members if member.key == key]
    if len(own) > 1:
        raise NotebookError(f"its metadata holds {key} twice", "a merge did that: delete one of the two")
    lead = text[start + 1 : top[0].start]
    return _Document(text, lead, metadata, tuple(members), end, own[0] if own else None)


def _refuse_encodings(data: bytes) -> None:
    encoding = json.detect_encoding(data)
    if encoding.startswith(("utf-16", "utf-32")):
        raise NotebookError(f"{encoding[:6].upper()}, which Jupyter does not read", "save it as UTF-8")
    if not data.strip():
        raise NotebookError("the file is empty")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotebookError(f"not UTF-8: {error.reason}", "save it as UTF-8") from error


def _not_json(data: bytes, reason: str) -> NotebookError:
    if _CONFLICT.search(data):
        return NotebookError("merge conflict markers", "resolve the merge (nbdime can)")
    return NotebookError(f"not JSON: {reason[:1].lower()}{reason[1:]}")


def _top(text: str, start: int) -> Sequence[_Member]:
    """Return the members of the notebook itself; raises ``NotebookError`` when they, or it, are not alone."""
    top, close = _members(text, start)
    if _after(text, close + 1) != len(text):
        raise NotebookError("something follows the notebook in its file", "delete what follows the last brace")
    if len({member.key for member in top}) < len(top):
        raise NotebookError("a key stands there twice")
    return top


def _metadata(text: str, top: dict[str, _Member]) -> _Member:
    """Return the metadata of a notebook; raises ``NotebookError`` for what is no notebook, or an old one."""
    if "nbformat" not in top or not (top.keys() & {"cells", "worksheets"}):
        raise NotebookError("a JSON object without cells or nbformat, not a notebook")
    form = text[top["nbformat"].begin : top["nbformat"].stop]
    if not form.isdecimal() or int(form) < _OLDEST:
        raise NotebookError(f"nbformat {form[:20]}: only nbformat {_OLDEST} and later is written")
    found = top.get("metadata")
    if found is None or text[found.begin] != "{":
        raise NotebookError("it has no metadata that is an object")
    return found


def _members(text: str, start: int) -> tuple[Sequence[_Member], int]:
    """Return the members of the object that begins at an index, and where its brace closes; raises ``ValueError``."""
    if text[start : start + 1] != "{":
        raise NotebookError("the top level is no object, so no notebook")
    found = tuple(_each_member(text, start))
    return found, _after(text, found[-1].stop if found else start + 1)


def _each_member(text: str, start: int) -> Iterator[_Member]:
    position = _after(text, start + 1)
    if text[position : position + 1] == "}":
        return
    while True:
        begin = position
        if text[begin : begin + 1] != '"':
            raise ValueError(f"a key is wanted at byte {begin}")
        key, position = _value_at(text, begin)
        value = _after(text, _past(text, position, ":"))
        _, stop = _value_at(text, value)
        yield _Member(str(key), begin, value, stop)
        position = _after(text, stop)
        if text[position : position + 1] == "}":
            return
        position = _after(text, _past(text, position, ","))


def _past(text: str, position: int, mark: str) -> int:
    position = _after(text, position)
    if text[position : position + 1] != mark:
        raise ValueError(f"{mark} is wanted at byte {position}")
    return position + 1


def _after(text: str, position: int) -> int:
    found = _BLANKS.match(text, position)
    return found.end() if found else position
