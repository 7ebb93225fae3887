"""Everything that the metadata folders of distributions say, in the shape in which ``pip inspect`` prints it.

Checks need few headers and read those by hand; this reads all of them, as the standard library does.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from email.header import Header, decode_header, make_header
from email.message import Message
from email.parser import Parser
from typing import TypeAlias

from envcheck.gather.environments.files import MEGABYTE, is_absent, read_text, read_whole, reason
from envcheck.model.environment import Distribution
from envcheck.model.names import normalize

Json: TypeAlias = "str | bool | list[str] | Mapping[str, Json]"

_LARGEST = 8 * MEGABYTE
# The fields of the core metadata, and which may stand there several times (pip 26, metadata/_json.py).
_ONCE = """\
    Metadata-Version Name Version Summary Description Description-Content-Type Keywords Home-page Download-URL Author
    Author-email Maintainer Maintainer-email License License-Expression Requires-Python
"""
_SEVERAL = """\
    Dynamic Platform Supported-Platform License-File Classifier Requires-Dist Requires-External Project-URL
    Provides-Extra Provides-Dist Obsoletes-Dist
"""


def inspected(distribution: Distribution, complaints: list[str]) -> dict[str, Json]:
    """Return what pip tells of an installed distribution; what cannot be read is a complaint."""
    place = distribution.place.path
    told: dict[str, Json] = {"metadata": _metadata(distribution, complaints), "metadata_location": place}
    direct = _direct_url(distribution)
    if direct:
        told["direct_url"] = direct
    if distribution.installer:
        told["installer"] = distribution.installer
    if place.endswith(".dist-info"):
        told["requested"] = os.path.isfile(f"{place}/REQUESTED")
    return told


def _metadata(distribution: Distribution, complaints: list[str]) -> dict[str, Json]:
    """Return all that the metadata says; where that is another name or none, what is known all the same."""
    known: dict[str, Json] = {"name": distribution.shown_name, "version": distribution.version}
    place = distribution.place.path
    try:
        data = read_whole(_file_of(place), _LARGEST)
    except OSError as error:
        if not is_absent(error):
            complaints.append(f"{place}: its metadata cannot be read ({reason(error)})")
        return known
    # As Python reads it: what is no UTF-8 stays as it is, and turns up as a header of unknown charset.
    found = _fields(Parser().parsestr(data.decode("utf-8", "surrogateescape")))
    is_other = normalize(str(found.get("name", ""))) != distribution.name
    return {**found, **known} if is_other else found


def _file_of(place: str) -> str:
    if os.path.isfile(place):  # an egg-info that is a file
        return place
    return f"{place}/{'METADATA' if place.endswith('.dist-info') else 'PKG-INFO'}"


def _fields(message: Message) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for field in _ONCE.split():
        if field in message:
            found[_key(field)] = _text(message[field])
    for field in _SEVERAL.split():
        if field in message:
            found[_key(field)] = [_text(value) for value in message.get_all(field, [])]
    words = found.get("keywords")
    if isinstance(words, str):
        found["keywords"] = [word.strip() for word in words.split(",")] if "," in words else words.split()
    body = message.get_payload()
    if body and isinstance(body, str):
        found["description"] = body.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return dict(sorted(found.items()))


def _key(field: str) -> str:
    return field.lower().replace("-", "_")


def _text(value: Header | str) -> str:
    """Return a header; one with bytes that are no ASCII is UTF-8, or Latin-1, which everything is."""
    if not isinstance(value, Header):
        return value
    chunks = [(chunk, _charset(chunk, charset)) for chunk, charset in decode_header(value)]
    return str(make_header(chunks))


def _charset(chunk: bytes | str, charset: str | None) -> str | None:
    if charset != "unknown-8bit" or isinstance(chunk, str):
        return charset
    try:
        chunk.decode("utf-8")
    except UnicodeDecodeError:
        return "latin1"
    return "utf-8"


def _direct_url(distribution: Distribution) -> Mapping[str, Json]:
    """Return ``direct_url.json`` as it stands there, and for editable installs of the older kind what pip makes up.

    Whatever is wrong with the file, is a problem of the environment.
    """
    direct = distribution.direct
    try:
        found = json.loads(read_text(f"{distribution.place.path}/direct_url.json") or "{}")
    except (ValueError, RecursionError):
        return {}
    if isinstance(found, dict) and isinstance(found.get("url"), str):
        return found
    return {"url": direct.url, "dir_info": {"editable": True}} if direct and direct.editable else {}
