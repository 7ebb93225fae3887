"""What was done to stamps, or would be, in words: a line for each notebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from envcheck.model.stampings import Outcome, Stamping
from envcheck.reporters.base import Look
from envcheck.reporters.paint import Line, Style, paint
from envcheck.reporters.sanitize import sanitize

_DONE = {Outcome.NEW: "stamped", Outcome.CHANGED: "stamped anew", Outcome.REMOVED: "stamp taken away"}
_TO_DO = {Outcome.NEW: "not stamped", Outcome.CHANGED: "its stamp would change", Outcome.REMOVED: "stamped"}
_LOUDNESS = {Outcome.SAME: 1, Outcome.REFUSED: -1}
"""From which verbosity on an outcome is told, 0 for those that are not named."""
_STYLES = {Outcome.REFUSED: Style.ERROR, Outcome.SAME: Style.FAINT, Outcome.LEFT_ALONE: Style.FAINT}


def render(stampings: Sequence[Stamping], look: Look, *, written: bool) -> str:
    """Return a line for each notebook of which there is something to say, and how many stayed as they are."""
    lines = list(_lines(stampings, look, written=written))
    same = sum(stamping.outcome is Outcome.SAME for stamping in stampings)
    if same and look.verbosity >= 0:
        words = "1 notebook stays as it is" if same == 1 else f"{same} notebooks stay as they are"
        lines.append([(Style.PLAIN, words)])
    return paint(lines, look)


def _lines(stampings: Iterable[Stamping], look: Look, *, written: bool) -> Iterator[Line]:
    for stamping in stampings:
        if look.verbosity < _LOUDNESS.get(stamping.outcome, 0):
            continue
        yield [
            (Style.STRONG, sanitize(stamping.path)),
            (Style.PLAIN, ": "),
            (
                _STYLES.get(stamping.outcome, Style.GOOD if written else Style.WARNING),
                _words(stamping, written=written),
            ),
            (Style.FAINT, sanitize(_where(stamping))),
            (
                Style.WARNING,
                sanitize(f"; but {stamping.doubt}: run it here, and stamp it then") if stamping.doubt else "",
            ),
        ]


def _words(stamping: Stamping, *, written: bool) -> str:
    if stamping.outcome in (Outcome.REFUSED, Outcome.LEFT_ALONE):
        return sanitize("; ".join(filter(None, (stamping.reason, stamping.remedy))))
    if stamping.outcome is Outcome.SAME:
        return "as it is"
    return (_DONE if written else _TO_DO)[stamping.outcome] + _content(stamping)


def _content(stamping: Stamping) -> str:
    stamp = stamping.stamp
    if stamp is None:
        return ""
    if stamp.env:
        return sanitize(f" with {stamp.env}")
    parts = [f"Python {stamp.python}", f"{len(stamp.packages)} imported", f"{len(stamp.requires)} required"]
    if stamp.missing:
        parts.append(f"nothing provides {', '.join(stamp.missing)}")
    return sanitize(f" ({', '.join(parts)})")


def _where(stamping: Stamping) -> str:
    return f" in {stamping.environment} ({stamping.how})" if stamping.environment else ""
