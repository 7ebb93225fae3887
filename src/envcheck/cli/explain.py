"""Explain a rule: what it finds, why that is bad and what to write instead. Without a rule: the table of all rules."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from types import SimpleNamespace
from typing import TYPE_CHECKING

from envcheck.cli.arguments import add_color_option
from envcheck.cli.output import deliver, look_of
from envcheck.model.errors import UserError
from envcheck.reporters.pages import page, table
from envcheck.reporters.paint import paint

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from envcheck.judge.rules.base import RuleModule

EXAMPLES = """\
examples:
  envcheck explain PIN001
  envcheck explain version-drift
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of ``explain``."""
    parser.add_argument(
        "rule", nargs="?", metavar="RULE", help="code or name of a rule (default: the table of all rules)"
    )
    add_color_option(parser)


def run(options: SimpleNamespace) -> int:
    """Show one rule's page, or the table of all rules."""
    from envcheck.judge.catalogue import RULES, find

    look = look_of(sys.stdout, environ=os.environ, color=options.color)
    if options.rule is None:
        deliver(paint(table(module.RULE for module in RULES), look))
        return 0
    module = find(options.rule)
    if module is None:
        raise UserError(f"no rule has the code or name {options.rule}", _nearest(options.rule, RULES))
    deliver(paint(page(module.RULE, module.__doc__ or ""), look))
    return 0


def _nearest(word: str, modules: Iterable[RuleModule]) -> str:
    from difflib import get_close_matches

    known = {text.lower(): text for module in modules for text in (module.RULE.code, module.RULE.name)}
    close = get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    return f"did you mean {known[close[0]]}?" if close else "envcheck explain lists the rules"
