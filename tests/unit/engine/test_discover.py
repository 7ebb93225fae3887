"""Which files a run looks at."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from envcheck.engine.discover import Project, discover, find_root
from envcheck.model.errors import UserError


def laid(folder: Path, *paths: str) -> Path:
    for path in paths:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("")
    return folder


def found(folder: Path, *paths: str, exclude: tuple[str, ...] = ()) -> Project:
    return discover([str(folder / p) for p in paths] or [str(folder)], root=str(folder), exclude=exclude)


def test_sources_and_declarations_are_found_in_order(tmp_path: Path) -> None:
    laid(tmp_path, "b.ipynb", "a.py", "requirements.txt", "deep/environment.yml", "notes.txt")
    project = found(tmp_path)
    assert project.sources == ("a.py", "b.ipynb")
    assert project.declarations == ("deep/environment.yml", "requirements.txt")


@pytest.mark.parametrize(
    "path",
    [
        ".git/a.py",
        "__pycache__/a.py",
        ".ipynb_checkpoints/a-checkpoint.ipynb",
        "node_modules/a.py",
        "thing.egg-info/requires.txt",
        ".nox/tests/a.py",
    ],
)
def test_folders_that_are_never_entered(tmp_path: Path, path: str) -> None:
    assert found(laid(tmp_path, path, "kept.py")).sources == ("kept.py",)


@pytest.mark.parametrize("mark", ["pyvenv.cfg", "conda-meta/history"])
def test_environments_are_not_scanned(tmp_path: Path, mark: str) -> None:
    laid(tmp_path, f"env/{mark}", "env/lib/a.py", "kept.py")
    assert found(tmp_path).sources == ("kept.py",)


def test_gitignore_is_respected_but_ignored_modules_are_importable(tmp_path: Path) -> None:
    laid(tmp_path, "settings.py", "data/a.ipynb", "kept.ipynb")
    (tmp_path / ".gitignore").write_text("settings.py\ndata/\n")
    project = found(tmp_path)
    assert project.sources == ("kept.ipynb",)
    assert "settings.py" in project.files.modules


def test_asked_for_by_name_an_ignored_file_is_read(tmp_path: Path) -> None:
    laid(tmp_path, "a.ipynb")
    (tmp_path / ".gitignore").write_text("*.ipynb\n")
    assert found(tmp_path, "a.ipynb").sources == ("a.ipynb",)


def test_excluded_globs(tmp_path: Path) -> None:
    laid(tmp_path, "old/a.ipynb", "a.ipynb", "b.py")
    assert found(tmp_path, exclude=("old", "*.py")).sources == ("a.ipynb",)


def test_declarations_above_come_with_a_folder_below(tmp_path: Path) -> None:
    laid(
        tmp_path, "requirements.txt", "binder/environment.yml", "nb/a.ipynb", "other/requirements.txt", "other/b.ipynb"
    )
    project = found(tmp_path, "nb")
    assert project.sources == ("nb/a.ipynb",)
    assert project.declarations == ("binder/environment.yml", "requirements.txt")


def test_loops_of_links_end(tmp_path: Path) -> None:
    laid(tmp_path, "nb/a.ipynb")
    os.symlink(tmp_path, tmp_path / "nb" / "again")
    assert found(tmp_path).sources == ("nb/a.ipynb",)


def test_named_pipe_and_broken_link_are_problems(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ipynb")
    os.symlink(tmp_path / "absent", tmp_path / "link.py")
    problems = found(tmp_path).problems
    assert [(p.place.path, p.message) for p in problems] == [
        ("link.py", "a broken link: left unread"),
        ("pipe.ipynb", "not a regular file: left unread"),
    ]


def test_missing_path_is_a_bad_request(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="absent"):
        found(tmp_path, "absent")


def test_repository_is_the_root(tmp_path: Path) -> None:
    laid(tmp_path, ".git/HEAD", "deep/requirements.txt", "deep/nb/a.ipynb")
    assert find_root([str(tmp_path / "deep" / "nb")]) == str(tmp_path)


def test_without_repository_the_nearest_declaration_is_the_root(tmp_path: Path) -> None:
    laid(tmp_path, "deep/requirements.txt", "deep/nb/a.ipynb")
    assert find_root([str(tmp_path / "deep" / "nb" / "a.ipynb")]) == str(tmp_path / "deep")


def test_names_with_line_ends_and_escapes_are_names(tmp_path: Path) -> None:
    name = "odd\n\x1b[31m.ipynb"
    assert found(laid(tmp_path, name)).sources == (name,)
