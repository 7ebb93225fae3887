"""Stamp → what is written into a notebook: the same stamp, the same characters, whoever writes it and when."""

from __future__ import annotations

import json
from collections.abc import Mapping

from envcheck.model.names import NormalizedName
from envcheck.model.stamps import Stamp


def to_json(stamp: Stamp) -> dict[str, object]:
    """Return a stamp as a JSON object with sorted keys; what is empty is left out."""
    known: dict[str, object] = {"schema": stamp.schema}
    if stamp.env:
        known["env"] = stamp.env
    else:
        texts = {"python": stamp.python, "implementation": stamp.implementation}
        tables = {"packages": stamp.packages, "requires": stamp.requires, "sources": stamp.sources}
        known |= {"packages": {}} | {key: text for key, text in texts.items() if text}
        known |= {key: _sorted(table) for key, table in (*tables.items(), ("conda", stamp.conda)) if table}
        if stamp.missing:
            known["missing"] = sorted(stamp.missing)
    return _sorted({**json.loads(stamp.unknown or "{}"), **known})


def _sorted(table: Mapping[NormalizedName, str] | Mapping[str, object]) -> dict[str, object]:
    return dict(sorted(table.items()))
