"""The version of Python: ``python --version``, ``sys.version`` and ``sys.version_info``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from envcheck.gather.documents.notebook_outputs import OutputKind
from envcheck.gather.traces.base import Outputs, Told
from envcheck.model.traces import Subject, Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.PYTHON_VERSION,)

_TOLD = Told(TraceKind.PYTHON_VERSION, Subject.PYTHON)
_VERSION = r"(\d\.\d{1,2}\.\d{1,3}(?:(?:a|b|rc)\d)?\+?)"
_ASKED = re.compile(r"\bpython[\d.]{0,5}['\"}]?,? {1,9}['\"]?(?:-V|-VV|--version)\b")
_ANSWER = re.compile(rf"Python {_VERSION}(?: :: .{{0,200}})?")
# 3.9.7 (default, Sep 16 2021, …) [GCC 7.5.0]; 3.9.16 | packaged by conda-forge | (main, …); 2.7.12 |Anaconda 4.1.1 …
_BANNER = re.compile(rf"(?<![\w.]){_VERSION} (?:\||\((?:default|main|tags|heads|v\d|r\d|\w{{1,40}}:))")
# With the date of its build it is a banner, whatever code printed it; behind the word Python it is another record's.
_DATE = r"[A-Z][a-z][a-z] [ \d]\d \d{4}, [\d:]{8}"
_DATED = re.compile(
    rf"(?<!Python )(?<!Python\t)(?<! python: )(?<![\w.]){_VERSION} (?:\|[^|]{{1,60}}\| )?\((?:default|main), {_DATE}\)"
)
_FIELDS = re.compile(r"sys\.version_info\(major=(\d), minor=(\d{1,2}), micro=(\d{1,3}),")


def read(cell: Outputs) -> Iterator[Trace]:
    """Yield what the lines about Python say; of a banner without date only where the code has ``sys.version``."""
    is_asked, is_printed = _ASKED.search(cell.text) is not None, "sys" in cell.text and "version" in cell.text
    holding: tuple[str, ...] = ("Python ",) if is_asked else ()
    holding += ("(", "|") if is_printed else ("sys.version_info(", "(default, ", "(main, ")
    for spot, line in cell.lines(OutputKind.STREAM, OutputKind.RESULT, holding=holding):
        answer = _ANSWER.fullmatch(line) if is_asked else None
        banner = (_BANNER if is_printed else _DATED).search(line)
        fields = _FIELDS.search(line)
        if answer or banner:
            yield from _TOLD.python(spot, (answer or banner or line)[1])
        elif fields:
            yield from _TOLD.python(spot, ".".join(fields.groups()))
