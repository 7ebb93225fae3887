from __future__ import annotations

import pytest

from envcheck.jupyter.wishes import Mode, is_wanted


@pytest.mark.parametrize(
    ("mode", "folder", "has_stamp", "wanted"),
    [
        pytest.param(Mode.ASKED, None, False, False, id="nobody asks"),
        pytest.param(Mode.ASKED, None, True, True, id="the notebook has one"),
        pytest.param(Mode.ASKED, True, False, True, id="the folder asks"),
        pytest.param(Mode.ASKED, False, True, False, id="the folder says no"),
        pytest.param(Mode.ALWAYS, None, False, True, id="the server asks"),
        pytest.param(Mode.ALWAYS, False, False, False, id="the folder says no to the server"),
        pytest.param(Mode.NEVER, True, True, False, id="the server says no"),
    ],
)
def test_whoever_asks_is_heard_unless_somebody_says_no(
    mode: Mode, folder: bool | None, has_stamp: bool, wanted: bool
) -> None:
    assert is_wanted(mode, folder=folder, has_stamp=has_stamp) is wanted
