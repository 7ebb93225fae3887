"""uv is told of the indexes that pip is configured for, unless it has been configured itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from envcheck.lockers.pip_configuration import for_uv, read_settings

LISTING = """\
:env:.index-url='https://env.example/simple'
global.extra-index-url='https://one.example/simple\\nhttps://two.example/simple'
global.index-url='https://global.example/simple'
install.index-url='https://install.example/simple'
install.trusted-host='one.example'
download.timeout='10'
"""


def test_what_is_nearer_to_the_command_wins() -> None:
    assert read_settings(LISTING) == {
        "index-url": "https://env.example/simple",
        "extra-index-url": "https://one.example/simple\nhttps://two.example/simple",
        "trusted-host": "one.example",
    }


@pytest.mark.parametrize("listing", ["", "=", "global.x", "global.x=not python", "global.x=[1]", "\0"])
def test_odd_listing_is_survived(listing: str) -> None:
    assert all(isinstance(value, str) for value in read_settings(listing).values())


def test_uv_is_told_of_indexes(tmp_path: Path) -> None:
    configuration = tmp_path / "pip.conf"
    configuration.write_text(
        "[global]\nindex-url = https://one.example/simple\nextra-index-url = https://two.example/simple\n",
        encoding="utf-8",
    )
    told = for_uv({"PIP_CONFIG_FILE": str(configuration), "HOME": str(tmp_path), "PATH": ""})
    assert told["UV_DEFAULT_INDEX"] == "https://one.example/simple"
    assert told["UV_INDEX"].split()[-1] == "https://two.example/simple"
    assert told["UV_INDEX_STRATEGY"] == "unsafe-best-match"


@pytest.mark.parametrize("variable", ["UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_FIND_LINKS"])
def test_uv_that_is_configured_is_left_alone(variable: str, tmp_path: Path) -> None:
    assert for_uv({variable: "https://own.example", "HOME": str(tmp_path)}) == {}


def test_uv_with_a_file_of_its_own_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".config/uv").mkdir(parents=True)
    (tmp_path / ".config/uv/uv.toml").touch()
    assert for_uv({"HOME": str(tmp_path), "PIP_INDEX_URL": "https://one.example"}) == {}
