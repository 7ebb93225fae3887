"""Code prefixes that somebody wrote, and what they may have meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from envcheck.judge.catalogue import RULES
from envcheck.judge.rules.base import RuleModule
from envcheck.model.errors import UserError


def known_codes(prefixes: Iterable[str], where: str) -> tuple[str, ...]:
    """Return code prefixes in upper case. Raises ``UserError`` for one that no code begins with."""
    found = tuple(prefixes)
    for prefix in found:
        if not prefix or not any(rule.RULE.code.startswith(prefix.upper()) for rule in RULES):
            raise UserError(f"{where}: no rule begins with {prefix!r}", _nearest_rule(prefix, RULES))
    return tuple(prefix.upper() for prefix in found)


def nearest(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return the question whether the nearest known word was meant, or what to say when none is near."""
    close = get_close_matches(word, sorted(known), n=1)
    return f"did you mean {close[0]}?" if close else otherwise


def _nearest_rule(prefix: str, modules: Iterable[RuleModule]) -> str:
    by_name = {module.RULE.name: module.RULE.code for module in modules}
    if prefix in by_name:
        return f"write {by_name[prefix]}"
    codes = {part for code in by_name.values() for part in (code, code.rstrip("0123456789"))}
    return nearest(prefix.upper(), codes, "envcheck explain lists the rules")
