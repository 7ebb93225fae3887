"""All rules in code order, and which of them a run shall apply."""

from __future__ import annotations

from collections.abc import Iterable

from envcheck.judge.rules.base import RuleModule
from envcheck.judge.rules.conflicts import conflicting_requirements, unequal_pins
from envcheck.judge.rules.coverage import (
    development_import,
    missing_import,
    transitive_import,
    undeclared_import,
    unused_requirement,
)
from envcheck.judge.rules.drift import (
    build_drift,
    lock_drift,
    missing_distribution,
    python_drift,
    source_drift,
    stamp_drift,
    unlocked_distribution,
    version_drift,
)
from envcheck.judge.rules.environment import (
    broken_metadata,
    clobbered_package,
    duplicate_distribution,
    inconsistent_environment,
    leaking_site,
)
from envcheck.judge.rules.locks import orphaned_lock_entry, outdated_lock, uncovered_platform, unsatisfying_lock
from envcheck.judge.rules.notebooks import (
    conflicted_stamp,
    install_outside_kernel,
    other_kernel,
    python_mismatch,
    shadowing_module,
    unknown_kernel,
    unstamped_notebook,
)
from envcheck.judge.rules.pinning import (
    loose_requirement,
    mutable_source,
    partial_hashes,
    unpinned_notebook_install,
    unpinned_python,
    unpinned_requirement,
)
from envcheck.judge.rules.portability import (
    leaked_credential,
    local_path_requirement,
    machine_prefix,
    odd_encoding,
    platform_build,
)
from envcheck.judge.rules.reading import invalid_requirement, unparsable_cell, unreadable_file, unsupported_format
from envcheck.model.rules import Rule
from envcheck.model.settings import Settings

RULES: tuple[RuleModule, ...] = (
    conflicting_requirements,
    unequal_pins,
    undeclared_import,
    missing_import,
    unused_requirement,
    transitive_import,
    development_import,
    version_drift,
    missing_distribution,
    lock_drift,
    source_drift,
    build_drift,
    python_drift,
    unlocked_distribution,
    stamp_drift,
    inconsistent_environment,
    duplicate_distribution,
    broken_metadata,
    clobbered_package,
    leaking_site,
    unsatisfying_lock,
    outdated_lock,
    uncovered_platform,
    orphaned_lock_entry,
    other_kernel,
    unknown_kernel,
    python_mismatch,
    install_outside_kernel,
    unstamped_notebook,
    shadowing_module,
    conflicted_stamp,
    unpinned_requirement,
    loose_requirement,
    mutable_source,
    unpinned_notebook_install,
    partial_hashes,
    unpinned_python,
    local_path_requirement,
    machine_prefix,
    platform_build,
    odd_encoding,
    leaked_credential,
    unreadable_file,
    unparsable_cell,
    invalid_requirement,
    unsupported_format,
)


def find(code_or_name: str) -> RuleModule | None:
    """Return the rule of a code (``PIN001``) or name (``unpinned-requirement``), whatever its case, or ``None``."""
    wanted = code_or_name.strip().lower()
    return next((rule for rule in RULES if wanted in (rule.RULE.code.lower(), rule.RULE.name)), None)


def selected(settings: Settings) -> tuple[RuleModule, ...]:
    """Return the rules that the settings ask for, in code order.

    The longest code prefix that fits a rule decides; of equally long ones the one that ignores it.
    """
    return tuple(rule for rule in RULES if _is_selected(rule.RULE, settings))


def _is_selected(rule: Rule, settings: Settings) -> bool:
    by_default = 0 if rule.default and not settings.select else -1
    asked_for = max(by_default, _longest_fit(rule.code, (*settings.select, *settings.extend_select)))
    return asked_for > _longest_fit(rule.code, settings.ignore)


def _longest_fit(code: str, prefixes: Iterable[str]) -> int:
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix.upper())), default=-1)
