"""Which versions the index has, and which of them were withdrawn: as pip sees it, under the target interpreter."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping

import msgspec

from envcheck.lockers import pip_tools
from envcheck.lockers.base import Order, Run
from envcheck.lockers.children import run_child
from envcheck.model.errors import UserError

Versions = Mapping[str, Mapping[str, str]]
"""Name → version → why it was withdrawn (empty when it was not)."""


def versions_on_index(names: Iterable[str], order: Order, run: Run) -> Versions:
    """Return what the index has of each name for the interpreter of an order; nothing of names that it does not know.

    Raises ``UserError`` when the index cannot be asked.
    """
    child = os.path.join(os.path.dirname(__file__), "index_child.py")
    words = [order.interpreter or sys.executable, "-I", child, *pip_tools.folders(), "--", *names]
    said = run_child("pip", words, cwd=order.folder, run=run, variables={"PYTHONDONTWRITEBYTECODE": "1"})
    try:
        return msgspec.json.decode(said.printed, type=dict[str, dict[str, str]])
    except msgspec.DecodeError as error:
        raise UserError("pip gave no list of versions", "all that it said: -v") from error
