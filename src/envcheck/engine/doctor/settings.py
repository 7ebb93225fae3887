"""The settings files of tools that clean or convert notebooks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from envcheck.engine.doctor.commands import Harm, databooks_harm, nbdev_harm, nbstripout_harm, strips_stamp
from envcheck.gather.documents import ini_lines
from envcheck.model.places import Place
from envcheck.model.removers import Remover
from envcheck.model.stamps import KEY

_NBDEV_MARKS = ("nbs_path", "lib_path", "nbdev_version")
_FILTER = "notebook_metadata_filter"


def of_pyproject(text: str, path: str) -> Iterator[Remover]:
    """Yield the tools set up in a ``pyproject.toml`` that delete stamps."""
    tools = _table(_toml(text), "tool")
    nbdev, databooks = tools.get("nbdev"), tools.get("databooks")
    if isinstance(nbdev, Mapping) and KEY not in _words(nbdev.get("allowed_metadata_keys")):
        yield _remover(nbdev_harm(path), text, path, r"\[tool\.nbdev\]")
    if isinstance(databooks, Mapping):
        kept = _table(databooks, "meta")
        if KEY not in _words(kept.get("nb-meta-keep", kept.get("nb_meta_keep"))):
            harm = Harm("databooks", databooks_harm().when, f'nb-meta-keep = ["{KEY}"] under [tool.databooks.meta]')
            yield _remover(harm, text, path, r"\[tool\.databooks")
    stripout = _table(tools, "nbstripout")
    if strips_stamp(" ".join(_words(stripout.get("extra_keys", stripout.get("extra-keys"))))):
        yield _remover(nbstripout_harm("extra_keys"), text, path, r"\[tool\.nbstripout")
    if "jupytext" in tools:
        yield from _of_jupytext(_table(tools, "jupytext"), text, path, r"\[tool\.jupytext")


def told_to_keep(text: str) -> frozenset[str]:
    """Return the tools that a ``pyproject.toml`` tells to keep stamps, so that their hooks keep them too."""
    tools = _table(_toml(text), "tool")
    kept = _table(_table(tools, "databooks"), "meta")
    said = {
        "nbdev": _table(tools, "nbdev").get("allowed_metadata_keys"),
        "databooks": kept.get("nb-meta-keep", kept.get("nb_meta_keep")),
    }
    return frozenset(tool for tool, words in said.items() if KEY in _words(words))


def of_jupytext_toml(text: str, path: str) -> Iterator[Remover]:
    """Yield what a ``jupytext.toml`` does to stamps."""
    yield from _of_jupytext(_toml(text), text, path, _FILTER)


def of_ini(text: str, path: str) -> Iterator[Remover]:
    """Yield the tools set up in a ``settings.ini`` (nbdev before 3) or a ``setup.cfg`` (nbstripout) that do it."""
    document = ini_lines.parse(text)
    default = document.sections.get("DEFAULT", {})
    if any(mark in default for mark in _NBDEV_MARKS):
        allowed = " ".join(line.text for line in document.lines("DEFAULT", "allowed_metadata_keys"))
        if KEY not in allowed.replace(",", " ").split():
            harm = Harm("nbdev", nbdev_harm().when, f"allowed_metadata_keys = {KEY}")
            yield _remover(harm, text, path, r"\[DEFAULT\]")
    for section in document.sections:
        keys = [*document.lines(section, "extra_keys"), *document.lines(section, "extrakeys")]
        if section == "nbstripout" and strips_stamp(" ".join(line.text for line in keys)):
            yield _remover(nbstripout_harm("extra_keys"), text, path, r"\[nbstripout\]")


def _of_jupytext(table: Mapping[str, object], text: str, path: str, mark: str) -> Iterator[Remover]:
    """Yield that text notebooks do not hold the stamp: what is kept of a pair is kept in its ``.ipynb``."""
    said = str(table.get(_FILTER, table.get("default_notebook_metadata_filter", "")))
    if "formats" not in table and _FILTER not in table:
        return
    allowed = {part.strip() for part in said.split(",")}
    if KEY in allowed or ("all" in allowed and f"-{KEY}" not in allowed):
        return
    formats = json.dumps(table.get("formats", ""))
    when = (
        "the text half of a pair has no stamp, so it is lost where only that is committed"
        if "ipynb" in formats or not formats.strip('"')
        else "notebooks are kept as text, without their stamp"
    )
    others = ",".join(sorted(allowed - {"", "-all", f"-{KEY}"}))
    remedy = f'{_FILTER} = "{f"{others}," if others else ""}{KEY}"'
    yield _remover(Harm("jupytext", when, remedy), text, path, mark)


def _remover(harm: Harm, text: str, path: str, mark: str) -> Remover:
    found = re.search(mark, text)
    line = text.count("\n", 0, found.start()) + 1 if found else 0
    return Remover(harm.tool, Place(path, 0, line), harm.when, harm.remedy)


def _toml(text: str) -> Mapping[str, object]:
    import tomli

    try:
        return tomli.loads(text)
    except (tomli.TOMLDecodeError, RecursionError):  # a finding of every check; here nothing can be told from it
        return {}


def _table(table: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = table.get(key)
    return found if isinstance(found, Mapping) else {}


def _words(value: object) -> list[str]:
    if isinstance(value, str):
        return value.replace(",", " ").split()
    return [part for part in value if isinstance(part, str)] if isinstance(value, list) else []
