"""Paths as they look from where the user stands."""

from __future__ import annotations

import pytest

from envcheck.model.places import Place
from envcheck.model.viewpoint import Viewpoint


@pytest.mark.parametrize(
    ("cwd", "path", "shown"),
    [
        ("/srv/project", "nb/a.ipynb", "nb/a.ipynb"),
        ("/srv/project/nb", "nb/a.ipynb", "a.ipynb"),
        ("/srv/project/nb", "requirements.txt", "/srv/project/requirements.txt"),
        ("/srv", "nb/a.ipynb", "project/nb/a.ipynb"),
        ("/srv/project", ".", "."),
        ("/srv", ".", "project"),
        ("/srv/project", "/srv/project/.venv/x", ".venv/x"),
        ("/srv/project", "/elsewhere/x", "/elsewhere/x"),
        ("/srv/pro", "nb/a.ipynb", "/srv/project/nb/a.ipynb"),
        ("", "nb/a.ipynb", "nb/a.ipynb"),
    ],
)
def test_path(cwd: str, path: str, shown: str) -> None:
    assert Viewpoint("/srv/project", cwd).path(path) == shown


def test_place_keeps_its_numbers() -> None:
    assert Viewpoint("/p", "/p/nb").place(Place("nb/a.ipynb", 3, 2, 1)) == Place("a.ipynb", 3, 2, 1)
