"""Snapshots on disk: the environment of another machine, in a file."""

from __future__ import annotations

import os

from envcheck.gather.documents.snapshot_reading import LARGEST, read_snapshot
from envcheck.model.environment import Environment
from envcheck.model.errors import UserError


def snapshot_at(path: str, *, how_found: str = "") -> Environment:
    """Return the environment that a file holds. Raises ``UserError`` with the reason when it holds none."""
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}", "check its permissions") from error
    found = read_snapshot(data, os.path.abspath(path), how_found=how_found)
    if isinstance(found, str):
        raise UserError(f"{path}: is no snapshot: {found}", "envcheck snapshot --output FILE writes one")
    return found
