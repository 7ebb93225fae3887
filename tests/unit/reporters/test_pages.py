"""Pages and the table of rules."""

from __future__ import annotations

from envcheck.model.findings import Severity
from envcheck.model.rules import Rule
from envcheck.reporters.base import Look
from envcheck.reporters.pages import page, table
from envcheck.reporters.paint import paint

ON = Rule("PIN001", "unpinned-requirement", "any version is accepted", Severity.WARNING)
OFF = Rule("ENV005", "modified-files", "files differ", Severity.ERROR, since="0.3.0", default=False)


def test_a_page_is_its_card_and_its_text() -> None:
    text = "Summary.\n\n    **What it does**\n\n    Finds it.\n    "
    assert paint(page(OFF, text), Look()) == (
        "ENV005 modified-files (error, since 0.3.0, off unless selected)\n\nSummary.\n\n**What it does**\n\nFinds it.\n"
    )


def test_a_page_without_text_has_its_summary() -> None:
    assert paint(page(ON, ""), Look()).endswith("\n\nany version is accepted\n")


def test_the_table_has_a_line_for_each_rule() -> None:
    assert paint(table([ON, OFF]), Look()) == (
        "PIN001  unpinned-requirement  warning  any version is accepted\n"
        "ENV005  modified-files        error    files differ (off unless selected)\n"
    )
