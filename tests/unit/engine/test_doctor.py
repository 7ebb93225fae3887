from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from envcheck.engine.doctor.commands import harm_of, words_of
from envcheck.engine.doctor.hooks import of_git, of_git_hook, of_pre_commit
from envcheck.engine.doctor.looking import removers
from envcheck.engine.doctor.settings import of_ini, of_jupytext_toml, of_pyproject
from envcheck.model.errors import UserError
from envcheck.model.removers import Remover

DELETES = {
    "nbstripout, the stamp": ("nbstripout --extra-keys 'metadata.envcheck cell.metadata.tags'", "nbstripout"),
    "nbstripout, a part of it": ("nbstripout --extra-keys=metadata.envcheck.packages", "nbstripout"),
    "nb-clean": ("nb-clean clean --remove-all-notebook-metadata", "nb-clean"),
    "nb-clean, short": ("nb-clean clean -eM nb", "nb-clean"),
    "nbdev": ("nbdev-clean --fname nbs", "nbdev"),
    "nbdev before 3": ("nbdev_clean", "nbdev"),
    "databooks": ("databooks meta . --yes", "databooks"),
    "nbconvert": ("jupyter nbconvert --ClearMetadataPreprocessor.enabled=True nb.ipynb", "nbconvert"),
    "by its path": ("/opt/tools/bin/nb-clean clean -M", "nb-clean"),
    "as a module": ("python -m databooks meta .", "databooks"),
    "run by another": ("uv run --group dev nb-clean clean -M", "nb-clean"),
    "quotes that do not end": ("nb-clean clean -M 'nb", "nb-clean"),
}
KEEPS = {
    "nbstripout": "nbstripout nb.ipynb",
    "nbstripout, other keys": "nbstripout --extra-keys 'metadata.kernelspec metadata.envchecker'",
    "nbstripout, kept": "nbstripout --extra-keys metadata.envcheck --keep-metadata-keys metadata.envcheck",
    "nb-clean": "nb-clean clean -e nb.ipynb",
    "databooks, other command": "databooks fix .",
    "databooks, told": "databooks meta . --nb-meta-keep envcheck",
    "nbconvert": "jupyter nbconvert --execute --inplace nb.ipynb",
    "nbconvert, told": (
        """jupyter nbconvert --ClearMetadataPreprocessor.enabled=True """
        """--ClearMetadataPreprocessor.preserve_nb_metadata_mask='{("envcheck",)}'"""
    ),
    "another": "ruff format",
    "nothing": "",
}


@pytest.mark.parametrize(("command", "tool"), DELETES.values(), ids=DELETES)
def test_commands_that_delete_stamps_are_known(command: str, tool: str) -> None:
    harm = harm_of(words_of(command))
    assert harm is not None
    assert harm.tool == tool


@pytest.mark.parametrize("command", KEEPS.values(), ids=KEEPS)
def test_commands_that_keep_stamps_are_left_alone(command: str) -> None:
    assert harm_of(words_of(command)) is None


HOOKS = """
repos:
  - repo: https://git.example/nb-clean
    rev: v5
    hooks:
      - id: nb-clean
        args:
          - -M
      - id: ruff
  - repo: local
    hooks:
      - id: strip
        name: strip
        entry: nbstripout --extra-keys metadata.envcheck
        language: system
      - id: databooks-meta
"""
CONFIG = r"""
[core]
	bare = false
[filter "nbstripout"]
	clean = \"/usr/bin/python3\" -m nbstripout
	extrakeys = metadata.celltoolbar metadata.envcheck
[filter "clean"] clean = nb-clean clean -M
"""
Detect = Callable[[str, str], Iterator[Remover]]
FOUND: dict[str, tuple[Detect, str, list[tuple[str, int]]]] = {
    "hooks": (of_pre_commit, HOOKS, [("nb-clean", 6), ("nbstripout", 12), ("databooks", 16)]),
    "filters": (of_git, CONFIG, [("nbstripout", 6), ("nb-clean", 7)]),
    "a hook of git": (of_git_hook, "#!/bin/sh\n# nb-clean clean -M\nnb-clean clean -M *.ipynb\n", [("nb-clean", 3)]),
    "nbdev": (of_pyproject, '[project]\nname = "x"\n[tool.nbdev]\nnbs_path = "nbs"\n', [("nbdev", 3)]),
    "nbdev, told": (of_pyproject, '[tool.nbdev]\nallowed_metadata_keys = ["envcheck"]\n', []),
    "nbdev before 3": (of_ini, "[DEFAULT]\nlib_name = x\nnbs_path = nbs\n", [("nbdev", 1)]),
    "nbdev before 3, told": (of_ini, "[DEFAULT]\nnbs_path = nbs\nallowed_metadata_keys = toc envcheck\n", []),
    "settings of others": (of_ini, "[metadata]\nname = x\n", []),
    "nbstripout": (of_ini, "[nbstripout]\nextra_keys = metadata.envcheck\n", [("nbstripout", 1)]),
    "databooks": (of_pyproject, "[tool.databooks.meta]\nrm-outs = true\n", [("databooks", 1)]),
    "databooks, told": (of_pyproject, '[tool.databooks.meta]\nnb-meta-keep = ["envcheck"]\n', []),
    "jupytext, pairs": (of_pyproject, '[tool.jupytext]\nformats = "ipynb,py:percent"\n', [("jupytext", 1)]),
    "jupytext, told": (of_jupytext_toml, 'formats = "md"\nnotebook_metadata_filter = "kernelspec,envcheck"\n', []),
    "jupytext, all": (of_jupytext_toml, 'formats = "md"\nnotebook_metadata_filter = "all,-toc"\n', []),
    "jupytext, all but it": (
        of_jupytext_toml,
        'formats = "md"\nnotebook_metadata_filter = "all,-envcheck"\n',
        [("jupytext", 2)],
    ),
    "jupytext, no pairs": (of_jupytext_toml, "comment_magics = true\n", []),
    "no TOML": (of_pyproject, "[tool.nbdev\n", []),
    "no YAML": (of_pre_commit, "repos: [\n", []),
    "other YAML": (of_pre_commit, "repos: 3\n", []),
    "odd hooks": (of_pre_commit, "repos:\n- hooks: [3, {id: [x]}, {entry: 5}]\n- 4\n", []),
}


@pytest.mark.parametrize(("detect", "text", "expected"), FOUND.values(), ids=FOUND)
def test_what_is_set_up_is_found_with_its_line(detect: Detect, text: str, expected: list[tuple[str, int]]) -> None:
    found = list(detect(text, "file"))
    assert [(remover.tool, remover.place.line) for remover in found] == expected
    assert all(remover.when and remover.remedy for remover in found)


def test_a_hook_keeps_what_its_settings_keep(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".pre-commit-config.yaml").write_text("repos:\n- hooks:\n  - id: databooks-meta\n  - id: nbdev_clean\n")
    assert [remover.tool for remover in removers(".", cwd=str(tmp_path))] == ["databooks", "nbdev"]

    keep = '[tool.nbdev]\nallowed_metadata_keys = ["envcheck"]\n[tool.databooks.meta]\nnb-meta-keep = ["envcheck"]\n'
    (tmp_path / "pyproject.toml").write_text(keep)

    assert removers(".", cwd=str(tmp_path)) == ()


def test_a_worktree_is_cleaned_by_the_filters_of_its_repository(tmp_path: Path) -> None:
    own = tmp_path / "repository" / ".git" / "worktrees" / "w"
    own.mkdir(parents=True)
    (own / "commondir").write_text("../..\n")
    (tmp_path / "repository" / ".git" / "config").write_text(CONFIG)
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / ".git").write_text(f"gitdir: {own}\n")

    found = removers(str(tree), cwd=str(tmp_path / "repository"))

    assert [str(remover.place) for remover in found] == [".git/config:6", ".git/config:7"]


def test_settings_count_from_the_folder_up_to_the_root(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "nb" / "deep").mkdir(parents=True)
    (tmp_path / "nb" / "jupytext.toml").write_text('formats = "ipynb,md"\n')
    assert [str(r.place) for r in removers("nb/deep", cwd=str(tmp_path))] == ["nb/jupytext.toml"]
    assert removers(".", cwd=str(tmp_path)) == ()


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no nowhere"):
        removers("nowhere", cwd=str(tmp_path))
