"""What is to be made again, for people."""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.model.restoring import Plan
from envcheck.reporters.base import Look
from envcheck.reporters.paint import Line, Style, paint
from envcheck.reporters.sanitize import sanitize


def render(plan: Plan, look: Look, *, written: bool) -> str:
    """Return a plan, distribution by distribution, or only what is notable of it once it is carried out."""
    return paint(_lines(plan, written=written or look.verbosity < 0), look)


def _lines(plan: Plan, *, written: bool) -> Iterator[Line]:
    count = len(plan.wanted)
    what = f"Python {plan.python} ({plan.interpreter}), {count} distribution{'' if count == 1 else 's'} by {plan.tool}"
    yield [(Style.STRONG, sanitize(f"{plan.origin} → {plan.shown}")), (Style.PLAIN, sanitize(f": {what}"))]
    for remark in plan.remarks:
        yield [(Style.WARNING, f"  {sanitize(remark)}")]
    for wanted in plan.wanted:
        if wanted.url or not written:
            yield [(Style.WARNING if wanted.url else Style.PLAIN, f"  {sanitize(wanted.shown)}")]
    for name, reason in plan.left_out:
        yield [(Style.WARNING, f"  {sanitize(f'{name}: left out: {reason}')}")]
