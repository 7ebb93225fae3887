"""The drift table."""

from __future__ import annotations

from collections.abc import Callable

from envcheck.model.report import Report, TableRow
from envcheck.reporters import table
from envcheck.reporters.base import Look


def test_looks_like_its_golden_file(report: Report, golden: Callable[[str, str], None]) -> None:
    golden("table.txt", table.render(report, Look()))


def test_says_so_when_nothing_disagrees() -> None:
    assert table.render(Report(), Look()) == "nothing disagrees\n"


def test_quiet_table_is_rows_only() -> None:
    row = TableRow(".", "pandas", "==2", "", "1", 0)
    assert table.render(Report(table=(row,)), Look(verbosity=-1)).splitlines()[1:] == [
        "pandas        ==2       -       1          -"
    ]


def test_nothing_that_was_read_reaches_the_terminal_raw() -> None:
    row = TableRow(".", "pan\x1b[31mdas", "==2\u202e", "", "1", 0)
    text = table.render(Report(table=(row,)), Look())
    assert "\x1b" not in text
    assert "\u202e" not in text
