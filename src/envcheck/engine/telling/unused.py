"""Ignores that silence nothing any more: said, so that they do not hide what comes later; never a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from envcheck.engine.suppress import matches
from envcheck.judge.catalogue import RULES, selected
from envcheck.model.findings import Finding
from envcheck.model.places import Place
from envcheck.model.report import Notice, NoticeKind
from envcheck.model.settings import Settings
from envcheck.model.usage import Ignore, Source
from envcheck.model.viewpoint import Viewpoint


class Silence(Struct, frozen=True):
    """What a run was asked not to say: its ignores, and the findings that they held back.

    ``is_whole`` is true when the whole project was looked at: of part of it, nobody can tell what the ignores of
    declarations and of the settings are for.
    """

    ignores: tuple[Ignore, ...]
    silenced: tuple[Finding, ...]
    settings: Settings
    is_whole: bool


def in_code(source: Source) -> Iterator[Ignore]:
    """Yield the ignores of a source that stand beside something that may be found wrong; others may be in a string."""
    lines = {used.place[:3] for used in source.imports} | {command.place[:3] for command in source.installs}
    yield from (ignore for ignore in source.ignores if ignore.place[:3] in lines)


def unused(silence: Silence, viewpoint: Viewpoint) -> Iterator[Notice]:
    """Yield a notice for each ignore, and each glob of ``per-file-ignores``, that held back no finding.

    Those are left out whose rules were not asked.
    """
    asked = {rule.RULE.code for rule in selected(silence.settings)}
    lines: dict[tuple[str, int, int], list[str]] = {}
    for finding in silence.silenced:
        lines.setdefault(finding.place[:3], []).append(finding.code)
    for ignore in sorted(silence.ignores, key=lambda ignore: (ignore.place, ignore.codes)):
        found = lines.get(ignore.place[:3], ())
        if _were_asked(ignore.codes, asked) and not _silences(ignore.codes, found):
            words = f"ignore[{', '.join(ignore.codes)}]" if ignore.codes else "ignore"
            message = f"# envcheck: {words} silences nothing; remove it"
            yield Notice(viewpoint.place(ignore.place), message, NoticeKind.UNUSED)
    for glob, codes in silence.settings.per_file_ignores.items() if silence.is_whole else ():
        here = [finding.code for finding in silence.silenced if matches(finding.place.path, glob)]
        if _were_asked(codes, asked) and not _silences(codes, here):
            message = f"per-file-ignores of {glob} ({', '.join(codes)}) silence nothing; remove them"
            yield Notice(Place(""), message, NoticeKind.UNUSED)


def _silences(codes: Sequence[str], found: Iterable[str]) -> bool:
    return any(not codes or code.startswith(tuple(codes)) for code in found)


def _were_asked(codes: Sequence[str], asked: set[str]) -> bool:
    """Tell whether all rules were asked that an ignore may be for.

    A prefix of several is not taken to be for those that are off; a code that no rule has is for nothing.
    """
    for code in codes or ("",):
        rules = [rule.RULE for rule in RULES if rule.RULE.code.startswith(code)]
        meant = rules if len(rules) == 1 else [rule for rule in rules if rule.default]
        if any(rule.code not in asked for rule in meant):
            return False
    return True
