"""The words of a command → what it does to the metadata of a notebook, as far as stamps are concerned.

Each tool was run on a stamped notebook (tests/tools/test_stamp_survives.py); what is not named here keeps them.
"""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from envcheck.model.stamps import KEY

_METADATA = f"metadata.{KEY}"


class Harm(Struct, frozen=True):
    """A tool that deletes stamps: when, and what keeps them."""

    tool: str
    when: str
    remedy: str


def harm_of(words: Sequence[str]) -> Harm | None:
    """Return what a command does to stamps, ``None`` when it keeps them, for all that is known."""
    found = list(_programs(words))
    for name, rest in found:
        check = _TOOLS.get(name.lower().replace("_", "-"))
        harm = check(rest) if check else None
        if harm:
            return harm
    return None


def words_of(command: str) -> list[str]:
    """Return the words of a command line as a shell splits them, roughly where it would not take it."""
    try:
        return shlex.split(command)
    except ValueError:
        return command.split()


def nbdev_harm(where: str = "pyproject.toml") -> Harm:
    """Return what nbdev does: of a notebook's metadata it keeps what it knows."""
    return Harm(
        "nbdev",
        "nbdev-clean keeps only the metadata that it knows",
        f'allowed_metadata_keys = ["{KEY}"] under [tool.nbdev] in {where}',
    )


def databooks_harm() -> Harm:
    """Return what databooks does: of a notebook's metadata it keeps nothing."""
    return Harm("databooks", "databooks meta deletes all metadata of notebooks", f"--nb-meta-keep {KEY}")


def _programs(words: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield every word that may be the name of a program (``python -m x``, ``uv run x``), with what follows it."""
    for index, word in enumerate(words):
        if not word.startswith("-") and "=" not in word:
            yield posixpath.basename(word.replace("\\", "/")).removesuffix(".exe"), words[index + 1 :]


def _values(words: Sequence[str], option: str) -> Iterator[str]:
    """Yield what an option is given, as ``--option value`` or ``--option=value``."""
    for index, word in enumerate(words):
        if word == option and index + 1 < len(words):
            yield words[index + 1]
        elif word.startswith(f"{option}="):
            yield word.partition("=")[2]


def strips_stamp(keys: str) -> bool:
    """Tell whether the extra keys of nbstripout hold the stamp, or a part of it."""
    return any(key == _METADATA or key.startswith(f"{_METADATA}.") for key in keys.split())


def nbstripout_harm(where: str) -> Harm:
    """Return what nbstripout does when somebody names the stamp among its extra keys."""
    return Harm("nbstripout", f"{where} names {_METADATA}", f"take {_METADATA} out of it")


def _nbstripout(words: Sequence[str]) -> Harm | None:
    kept = " ".join(_values(words, "--keep-metadata-keys")).split()
    named = " ".join(_values(words, "--extra-keys")).split()
    is_named = strips_stamp(" ".join(key for key in named if key not in kept))
    return nbstripout_harm("--extra-keys") if is_named else None


def _nb_clean(words: Sequence[str]) -> Harm | None:
    flags = [word for word in words if word.startswith("-") and not word.startswith("--")]
    option = "--remove-all-notebook-metadata"
    if option in words or any("M" in flag for flag in flags):
        return Harm("nb-clean", f"{option} deletes all metadata of notebooks", f"do without {option} (-M)")
    return None


def _nbdev_clean(words: Sequence[str]) -> Harm | None:  # noqa: ARG001 - its settings stand in a file
    return nbdev_harm()


def _databooks(words: Sequence[str]) -> Harm | None:
    return _databooks_meta(words[1:]) if "meta" in words[:1] else None


def _databooks_meta(words: Sequence[str]) -> Harm | None:
    return None if KEY in _values(words, "--nb-meta-keep") else databooks_harm()


def _nbconvert(words: Sequence[str]) -> Harm | None:
    mask = "ClearMetadataPreprocessor.preserve_nb_metadata_mask"
    clears = any("ClearMetadataPreprocessor.enabled" in word and not word.endswith("False") for word in words)
    keeps = any(mask in word and KEY in word for word in words)
    if not clears or keeps:
        return None
    return Harm("nbconvert", "ClearMetadataPreprocessor deletes all metadata", f"""--{mask}='{{("{KEY}",)}}'""")


_TOOLS: dict[str, Callable[[Sequence[str]], Harm | None]] = {
    "nbstripout": _nbstripout,
    "nb-clean": _nb_clean,
    "nbdev-clean": _nbdev_clean,
    "databooks": _databooks,
    "databooks-meta": _databooks_meta,
    "nbconvert": _nbconvert,
    "jupyter-nbconvert": _nbconvert,
}
