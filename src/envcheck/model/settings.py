"""What the user asked for, from the command line and the settings file together."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from envcheck.model.findings import Severity


class Settings(Struct, frozen=True):
    """A whole run's wishes; every field has the default of a bare ``envcheck .``.

    ``select`` and ``ignore`` hold code prefixes (``PIN``, ``DRF001``); an empty ``select`` means the rules that are on
    by default, ``extend_select`` adds to them. ``per_file_ignores`` maps path globs to code prefixes, ``severity`` code
    prefixes and ``per_file_severity`` path globs and code prefixes to what takes the place of a rule's own severity.
    ``baseline`` is the absolute path of the file of known findings, empty for none. ``exclude`` holds
    path globs, ``name_map`` import names (dotted) to distributions. ``python`` and ``prefix`` are paths as the user
    gave them. ``extras``, ``groups`` (normalised), ``default_groups`` and ``platform`` (a conda subdir, empty for that
    of the environment) choose what of a lock is to be installed. ``jobs`` processes read sources (0: as many as pay),
    and what they read is kept for the next run if it is ``cached``.
    """

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    fail_on: Severity = Severity.WARNING
    name_map: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    python: str = ""
    prefix: str = ""
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    default_groups: bool = True
    platform: str = ""
    severity: Mapping[str, Severity] = field(default_factory=dict)
    per_file_severity: Mapping[str, Mapping[str, Severity]] = field(default_factory=dict)
    baseline: str = ""
    locked: bool = False
    """Only drift and locks: the job that must fail when there is no lock."""
    jobs: int = 1
    cached: bool = False
    stamp_on_save: bool | None = None
    """Whether Jupyter stamps every notebook that it saves, or none; ``None`` where nobody says."""
