"""Environments, read from their files alone: the public face of this room."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from envcheck.gather.environments.identities import broken
from envcheck.gather.environments.installed import Installed, Ownership
from envcheck.gather.environments.layouts import Layout, kind_of, layout_of
from envcheck.gather.environments.markers import markers_of
from envcheck.gather.environments.ownership import map_modules
from envcheck.gather.environments.prefixes import prefix_of
from envcheck.gather.environments.search_paths import ReadEntry, read_path
from envcheck.model.environment import CondaPackage, Distribution, Environment
from envcheck.model.readings import Problem


def read_environment(prefix: str, *, how_found: str = "", environ: Mapping[str, str] = os.environ) -> Environment:
    """Return everything installed under a prefix, without running anything; whatever is broken is a problem in it.

    ``prefix`` may also be an interpreter, which tells more where several share a prefix (``/usr/bin/python3.9``).
    ``environ`` decides about the user site and ``PYTHONPATH``.
    """
    program = ""
    if not os.path.isdir(prefix):
        program = os.path.basename(os.path.realpath(prefix))
        prefix = prefix_of(prefix, environ=environ) or prefix
    layout = layout_of(os.path.abspath(prefix), program)
    entries = list(read_path(layout, environ, layout.conda.owners() if layout.conda else {}))
    first = list(_first_of_each_name(entries))
    ownerships = [owned for installed, _ in first for owned in installed.ownerships]
    return Environment(
        prefix=layout.prefix,
        kind=layout.kind,
        python=layout.interpreter.python,
        how_found=how_found,
        implementation=layout.interpreter.implementation,
        markers=markers_of(layout.interpreter),
        distributions=tuple(distribution for _, distribution in first),
        duplicates=tuple(later for read in entries for later in read.site.duplicates),
        conda=_conda(layout, entries),
        modules=map_modules([*ownerships, *_bare_modules(layout)]),
        problems=tuple(_problems(layout, entries)),
        externally_managed=os.path.isfile(f"{layout.stdlib}/EXTERNALLY-MANAGED"),
        leaks=tuple(read.entry.folder for read in entries if read.entry.leaked and read.supplies),
    )


def _first_of_each_name(entries: Sequence[ReadEntry]) -> Iterator[tuple[Installed, Distribution]]:
    seen = set()
    for read in entries:
        for installed in read.site.installed:
            distribution = installed.distribution
            if distribution is None or distribution.name in seen:
                continue
            seen.add(distribution.name)
            yield installed, replace(distribution, leaked=True) if read.entry.leaked else distribution


def _conda(layout: Layout, entries: Sequence[ReadEntry]) -> tuple[CondaPackage, ...]:
    if layout.conda is None:
        return ()
    from envcheck.gather.environments.conda import packages_of

    # Later ones first: of two in one folder, the one that counts has the last word.
    found = [later for read in entries for later in read.site.duplicates]
    found += [each.distribution for read in entries for each in read.site.installed if each.distribution]
    return packages_of(layout.conda, layout.sites, found)


def _bare_modules(layout: Layout) -> Iterator[Ownership]:
    if layout.conda:
        from envcheck.gather.environments.conda import bare_modules

        yield from bare_modules(layout.conda, layout.sites)


def _problems(layout: Layout, entries: Sequence[ReadEntry]) -> Iterator[Problem]:
    if not kind_of(layout.prefix):
        message = "no Python environment: neither conda-meta/history nor pyvenv.cfg nor a Python installation is here"
        yield broken(layout.prefix, message, "name the folder of an environment, or its interpreter")
    if layout.conda:
        yield from layout.conda.problems
    for read in entries:
        yield from read.site.problems
