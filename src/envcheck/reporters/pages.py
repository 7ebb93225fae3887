"""The rules themselves, for ``envcheck explain``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from inspect import cleandoc

from envcheck.model.findings import Severity
from envcheck.model.rules import Rule
from envcheck.reporters.paint import Line, Style, columns

_STYLES = {Severity.ERROR: Style.ERROR, Severity.WARNING: Style.WARNING, Severity.NOTE: Style.NOTE}


def page(rule: Rule, text: str) -> Iterator[Line]:
    """Yield the page of a rule: its card, then its text as written."""
    card = f" {rule.name} ({rule.severity.word}, since {rule.since}{'' if rule.default else ', off unless selected'})"
    yield [(_STYLES[rule.severity], rule.code), (Style.STRONG, card)]
    yield ()
    for line in (cleandoc(text) or rule.summary).splitlines():
        yield [(Style.STRONG if line.startswith("**") else Style.PLAIN, line)]


def table(rules: Iterable[Rule]) -> Iterator[Line]:
    """Yield a line for each rule."""
    yield from columns(
        [
            [
                (_STYLES[rule.severity], rule.code),
                (Style.STRONG, rule.name),
                (Style.FAINT, rule.severity.word),
                (Style.PLAIN, rule.summary + ("" if rule.default else " (off unless selected)")),
            ]
            for rule in rules
        ]
    )
