"""RECORD and other lists of installed files: which modules they hold.

A *listing* is bytes with one path a line, relative to the site folder, POSIX; what follows a comma is ignored, so a
RECORD is a listing as it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator

_IMPORTABLE = (b".py", b".so", b".pyd")
_LONGEST_LINE = 8192
# Compiled with the first use, since few runs need it.
_MODULE = r"(?m)^((?:[^\W\d]\w*/)*[^\W\d]\w*)(?:\.py|(?:\.[\w-]+)*\.(?:so|pyd))(?=[,\r\n]|$)"


def top_modules(listing: bytes) -> frozenset[str]:
    """Return the top-level modules and packages of a listing: data folders, stubs and metadata are none."""
    tops: set[str] = set()
    # Nearly all are sorted already, so this costs little, and settled folders can be passed over in one step.
    lines = sorted(listing.split(b"\n"))
    position = 0
    while position < len(lines):
        head, slash, tail = lines[position].partition(b"/")
        if not slash:
            _add_file(tops, head)
        elif not _may_be_package(head) or (_is_importable(tail) and _add(tops, head)):
            position = bisect_left(lines, head + b"0", position)  # The zero is what follows the slash in ASCII.
            continue
        position += 1
    return frozenset(tops)


def _may_be_package(head: bytes) -> bool:
    return b"." not in head and b"-" not in head and head != b"__pycache__"


def _is_importable(rest: bytes) -> bool:
    path = rest.partition(b",")[0].rstrip()
    return path.endswith(_IMPORTABLE) and b"-" not in path.rpartition(b"/")[0]


def _add_file(tops: set[str], line: bytes) -> None:
    name = line.partition(b",")[0].rstrip()
    if name.endswith(b".py"):
        _add(tops, name[:-3])
    elif name.endswith(_IMPORTABLE):
        _add(tops, name.partition(b".")[0])


def _add(tops: set[str], name: bytes) -> bool:
    text = name.decode("utf-8", "replace")
    if not text.isidentifier():
        return False
    tops.add(text)
    return True


def module_names(listing: bytes, tops: Collection[str]) -> Iterator[str]:
    """Yield the dotted names of all modules and packages under these top-level names."""
    for match in re.finditer(_MODULE, listing.decode("utf-8", "replace")):
        path = match[1]
        if path.partition("/")[0] in tops and "/__pycache__/" not in path:
            yield path.replace("/", ".").removesuffix(".__init__")


def listing_below(files: bytes, site: str) -> bytes:
    """Return the listing of what lies below a folder in the JSON text of a list of paths (conda's records)."""
    start = b'"' + site.encode("utf-8", "replace") + b"/"
    return b"\n".join(re.findall(re.escape(start) + rb'([^"\n]+)"', files)) if start in files else b""


def is_regular(listing: bytes, top: str) -> bool:
    """Tell whether a listing holds this top-level name as a package with ``__init__.py`` or as a module."""
    pattern = rb"^%b(?:/__init__)?\.(?:py|[^,\n/]*so|pyd)(?:[,\r\n]|$)" % re.escape(top.encode())
    return re.search(pattern, listing, re.MULTILINE) is not None


def corruption(record: bytes) -> str:
    """Return what is wrong with a RECORD, empty when nothing is."""
    if b"\0" in record:
        return "it holds NUL bytes"
    if not record.isascii():
        try:
            record.decode("utf-8")
        except UnicodeDecodeError:
            return "it is not UTF-8"
    first = record[:_LONGEST_LINE].lstrip().partition(b"\n")[0]
    return "" if b"," in first or not first else "its lines have no commas"
