"""What ``%envcheck`` shows, as plain text and as HTML; everything in it comes from strangers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from msgspec import Struct

from envcheck.engine.live.uses import Uses
from envcheck.model.findings import Severity
from envcheck.model.records import Comparison, Difference
from envcheck.model.stampings import State, drifted, is_other_python
from envcheck.reporters.base import Look
from envcheck.reporters.paint import Line, Style, columns, paint
from envcheck.reporters.sanitize import sanitize

_PLAIN = Look()
_WORDS = {
    State.SAME: "as stamped",
    State.UNSTAMPED: "not stamped (%envcheck stamp)",
    State.UNJUDGED: "the stamp cannot be judged",
    State.LEFT_ALONE: "in another language",
}


class Shown(Struct, frozen=True):
    """A title, a table, and sentences below it; notebooks show it as HTML, everything else as text."""

    title: str
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    warnings: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return it as text."""
        lines: list[Line] = [[(Style.PLAIN, sanitize(self.title))]]
        if self.rows:
            cells = [[(Style.PLAIN, sanitize(cell) or "-") for cell in row] for row in self.rows]
            lines += columns([[(Style.PLAIN, title) for title in self.head], *cells])
        lines += [[(Style.PLAIN, f"! {sanitize(text)}")] for text in self.warnings]
        lines += [[(Style.PLAIN, sanitize(text))] for text in self.remarks]
        return paint(lines, _PLAIN).rstrip("\n")

    def _repr_html_(self) -> str:
        """Return it as HTML, in the colours of the page."""
        parts = [f"<p><strong>{_safe(self.title)}</strong></p>"]
        if self.rows:
            head = "".join(f'<th scope="col" style="text-align:left">{_safe(title)}</th>' for title in self.head)
            parts.append(
                f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(map(_html_row, self.rows))}</tbody></table>"
            )
        parts += [f"<p>⚠ {_safe(text)}</p>" for text in self.warnings]
        parts += [f"<p>{_safe(text)}</p>" for text in self.remarks]
        return "".join(parts)


def shown(uses: Uses, warnings: Iterable[str] = ()) -> Shown:
    """Return the table of what a notebook uses: declared, locked, stamped and in this kernel."""
    here = f"Python {uses.environment.python} in {uses.shown}"
    rows = tuple(
        (row.name, row.declared, row.locked, _stamped(uses, row.name), row.installed, "" if row.used else "required")
        for row in uses.rows
    )
    loud = [f for f in uses.findings if f.severity >= Severity.WARNING]
    return Shown(
        f"{uses.path or 'this session'}: {_state(uses)}; {here}",
        ("distribution", "declared", "locked", "stamped", "here", ""),
        rows,
        tuple(warnings),
        tuple(f"{f.code} {f.message}" for f in loud),
    )


def differences(uses: Uses) -> Shown:
    """Return the table of what is not as stamped any more."""
    comparison = uses.verdict.comparison if uses.verdict else None
    title = f"{uses.path or 'this session'}: {_state(uses)}"
    reasons = uses.verdict.reasons if uses.verdict else ("nobody knows which notebook this is",)
    rows = tuple(_differing(comparison)) if comparison else ()
    return Shown(title, ("distribution", "stamped", "here", ""), rows, remarks=tuple(reasons))


def _differing(comparison: Comparison) -> Iterator[tuple[str, ...]]:
    if is_other_python(comparison):
        yield "Python", comparison.before.python, comparison.after.python, ""
    for row in comparison.changed:
        new = "not stamped" if row.difference is Difference.EXTRA else ""
        yield row.name, row.before, row.after, new or ("" if row.is_direct else "required")


def _state(uses: Uses) -> str:
    verdict = uses.verdict
    if verdict is None:
        return "no notebook is known"
    if verdict.state is State.DRIFTED and verdict.comparison:
        return f"{len(drifted(verdict.comparison)) + is_other_python(verdict.comparison)} drifted since the stamp"
    return _WORDS.get(verdict.state, "")


def _stamped(uses: Uses, name: str) -> str:
    from envcheck.model.names import normalize

    return uses.stamped.get(normalize(name), "")


def _html_row(row: Sequence[str]) -> str:
    name, *rest = row
    cells = "".join(f'<td style="text-align:left">{_safe(cell) or "–"}</td>' for cell in rest)
    return f'<tr><th scope="row" style="text-align:left">{_safe(name)}</th>{cells}</tr>'


def _safe(text: str) -> str:
    return escape(sanitize(text))
