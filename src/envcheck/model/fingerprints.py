"""What stays the same of a finding when lines move: by that it is known again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from envcheck.model.findings import Finding

# Where something stands, and how many more there are: both change when nothing is better or worse.
_LINES = r"(?<=[\w.\])])(?::\d+){1,2}(?![\w.:])"
_CELLS = r"\b(cell|line) \d+"
_FILES = r" in \d+ files\b"
_COUNTS = r"\b\d+ (more|notebooks|scripts|places|entries)\b"

_VERSIONS_MATTER = ("DRF", "LCK", "ENV")


class Identity(NamedTuple):
    """What a finding is about, without where in its file that stands."""

    code: str
    path: str
    distribution: str
    message: str


def identity(finding: Finding) -> Identity:
    """Return what is the same of a finding after lines or cells have moved."""
    message = finding.message
    # Another version in the environment is another drift; elsewhere it is said by the way.
    if finding.installed and not finding.code.startswith(_VERSIONS_MATTER):
        message = message.replace(finding.installed, "some version")
    message = re.sub(_LINES, "", message)
    message = re.sub(_FILES, "", re.sub(_CELLS, r"\1", message))
    return Identity(finding.code, finding.place.path, finding.distribution, re.sub(_COUNTS, r"some \1", message))


def fingerprints(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield a hexadecimal fingerprint for each finding; of several that are alike each gets one of its own."""
    from hashlib import sha256

    seen: dict[Identity, int] = {}
    for finding in findings:
        alike = identity(finding)
        seen[alike] = seen.get(alike, 0) + 1
        text = "\0".join((*alike, str(seen[alike])))
        yield sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
