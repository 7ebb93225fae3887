"""METADATA and PKG-INFO files on disk."""

from __future__ import annotations

from envcheck.gather.environments.files import MEGABYTE, is_absent, read_start, reason
from envcheck.gather.environments.metadata_headers import Headers, end_of_headers, parse_headers

_START = 16 * 1024
_MOST = 8 * MEGABYTE


def read_headers(path: str, complaints: list[str]) -> Headers | None:
    """Return the headers of a metadata file; ``None`` and a complaint when there are none to read."""
    file_name = path.replace("\\", "/").rpartition("/")[2]
    try:
        start = read_start(path, _START)
        if len(start) == _START and end_of_headers(start) < 0:
            start = read_start(path, _MOST)
    except OSError as error:
        missing = is_absent(error)
        complaints.append(f"{file_name} is missing" if missing else f"{file_name} cannot be read ({reason(error)})")
        return None
    if not start.strip():
        complaints.append(f"{file_name} is empty")
        return None
    return parse_headers(start, cut=len(start) == _START)
