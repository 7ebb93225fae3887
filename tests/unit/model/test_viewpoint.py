"""Paths as they look from where the user stands."""

from __future__ import annotations

import pytest

from envcheck.model.places import Place
from envcheck.model.viewpoint import Viewpoint


@pytest.mark.parametrize(
    ("cwd", "path", "shown"),
    [
        ("/work/project", "nb/a.ipynb", "nb/a.ipynb"),
        ("/work/project/nb", "nb/a.ipynb", "a.ipynb"),
        ("/work/project/nb", "requirements.txt", "/work/project/requirements.txt"),
        ("/work", "nb/a.ipynb", "project/nb/a.ipynb"),
        ("/work/project", ".", "."),
        ("/work", ".", "project"),
        ("/work/project", "/work/project/.venv/x", ".venv/x"),
        ("/work/project", "/elsewhere/x", "/elsewhere/x"),
        ("/work/pro", "nb/a.ipynb", "/work/project/nb/a.ipynb"),
        ("", "nb/a.ipynb", "nb/a.ipynb"),
    ],
)
def test_path(cwd: str, path: str, shown: str) -> None:
    assert Viewpoint("/work/project", cwd).path(path) == shown


def test_place_keeps_its_numbers() -> None:
    assert Viewpoint("/p", "/p/nb").place(Place("nb/a.ipynb", 3, 2, 1)) == Place("a.ipynb", 3, 2, 1)
