"""Match specs are read as CEP 29 writes them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from envcheck.gather.documents.matchspec import MatchSpec, parse, parse_any


def meaning(text: str) -> MatchSpec:
    """Return what a text says, without the text."""
    return replace(parse(text), text="", shown_name="", written="")


@pytest.mark.parametrize(
    "text", "pkg=1.8|pkg =1.8|pkg = 1.8|pkg 1.8.*|pkg 1.8.* *|pkg=1.8.*|pkg=1.8.*=*|pkg =1.8.* *".split("|")
)
def test_fuzzy_version(text: str) -> None:
    assert meaning(text) == MatchSpec("pkg", "1.8.*")


@pytest.mark.parametrize("text", ["pkg ==1.8.* *", "pkg[version=1.8.*]", 'pkg[version="1.8.*"]', "pkg[version='=1.8']"])
def test_other_ways_to_write_a_fuzzy_version(text: str) -> None:
    assert meaning(text) == MatchSpec("pkg", "1.8.*")


@pytest.mark.parametrize(
    "text", "pkg 1.8|pkg 1.8 *|pkg==1.8|pkg == 1.8|pkg=1.8=*|pkg==1.8=*|pkg ==1.8 *|pkg[version=1.8]".split("|")
)
def test_exact_version(text: str) -> None:
    assert meaning(text) == MatchSpec("pkg", "==1.8")


@pytest.mark.parametrize(
    "text", ["pkg 1.8 b", "pkg=1.8=b", "pkg==1.8=b", "pkg ==1.8 b", "pkg = 1.8 = b", "pkg[version=1.8,build=b]"]
)
def test_exact_version_and_build(text: str) -> None:
    assert meaning(text) == MatchSpec("pkg", "==1.8", "b")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("pkg", MatchSpec("pkg"), id="name"),
        pytest.param("PKG", MatchSpec("pkg"), id="upper case"),
        pytest.param("_libgcc_mutex", MatchSpec("_libgcc_mutex"), id="underscore first"),
        pytest.param("pkg *", MatchSpec("pkg"), id="any version"),
        pytest.param("pkg =1.8 b", MatchSpec("pkg", "1.8.*", "b"), id="fuzzy with build"),
        pytest.param("pkg >=1.2, <2 | 3.*", MatchSpec("pkg", ">=1.2,<2|3.*"), id="blanks in the version"),
        pytest.param("pkg>=1.2,<2 py39*", MatchSpec("pkg", ">=1.2,<2", "py39*"), id="range and build"),
        pytest.param("pkg * *cuda*", MatchSpec("pkg", "", "*cuda*"), id="build alone"),
        pytest.param("pkg=1.2|1.3", MatchSpec("pkg", "=1.2|1.3"), id="alternatives"),
        pytest.param("pkg!=1.2", MatchSpec("pkg", "!=1.2"), id="exclusion"),
        pytest.param("pkg 1!2.0", MatchSpec("pkg", "==1!2.0"), id="epoch"),
        pytest.param("conda-forge::pkg=1", MatchSpec("pkg", "1.*", channel="conda-forge"), id="channel"),
        pytest.param("c/linux-64::pkg", MatchSpec("pkg", channel="c", subdir="linux-64"), id="channel and subdir"),
        pytest.param("c/label/dev::pkg", MatchSpec("pkg", channel="c/label/dev"), id="label"),
        pytest.param("c:space:pkg", MatchSpec("pkg", channel="c"), id="namespace is ignored"),
        pytest.param(
            "https://index.example:8080/c/noarch::pkg 1",
            MatchSpec("pkg", "==1", channel="https://index.example:8080/c", subdir="noarch"),
            id="channel by URL",
        ),
        pytest.param("pkg[version='>=1,<2', build=b_0]", MatchSpec("pkg", ">=1,<2", "b_0"), id="brackets"),
        pytest.param("pkg=1[version='>=3']", MatchSpec("pkg", ">=3"), id="brackets win"),
        pytest.param("pkg[name=other]", MatchSpec("pkg"), id="but for the name"),
        pytest.param("pkg[channel=c/noarch]", MatchSpec("pkg", channel="c", subdir="noarch"), id="channel in brackets"),
        pytest.param(
            "pkg[md5=12ab, sha256=34cd]", MatchSpec("pkg", extra=(("md5", "12ab"), ("sha256", "34cd"))), id="others"
        ),
        pytest.param(r"pkg[version='^1\.[0-9]$']", MatchSpec("pkg", r"^1\.[0-9]$"), id="regular expression"),
        pytest.param("pkg 1.2  # why", MatchSpec("pkg", "==1.2"), id="comment"),
        pytest.param("pkg[build=x]  # [linux]", MatchSpec("pkg", "", "x"), id="comment with brackets"),
    ],
)
def test_spec(text: str, wanted: MatchSpec) -> None:
    assert meaning(text) == wanted


@pytest.mark.parametrize(
    "url",
    [
        "https://index.example/c/linux-64/my-pkg-1.8-py39_0.conda",
        "https://index.example/c/linux-64/my-pkg-1.8-py39_0.tar.bz2#d41d8cd98f00b204e9800998ecf8427e",
    ],
)
def test_url_of_a_package(url: str) -> None:
    assert meaning(url) == MatchSpec("my-pkg", "==1.8", "py39_0", "https://index.example/c", "linux-64", url=url)


def test_path_of_a_package_has_no_channel() -> None:
    assert meaning("./my-pkg-1.8-py39_0.conda") == MatchSpec(
        "my-pkg", "==1.8", "py39_0", url="./my-pkg-1.8-py39_0.conda"
    )


def test_what_was_written_is_kept() -> None:
    spec = parse(" conda-forge::Pkg [version='>=1']  # why")
    assert (spec.text, spec.shown_name, spec.written) == ("conda-forge::Pkg [version='>=1']", "Pkg", "[version='>=1']")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("", "name is missing", id="nothing"),
        pytest.param("c::", "name is missing", id="only a channel"),
        pytest.param("py*", "no package name", id="a pattern"),
        pytest.param("{{ pkg }}", "no package name", id="a template"),
        pytest.param("pkg@1.2", "no package name", id="not conda's @"),
        pytest.param("pkg; python_version<'3'", "no package name", id="a marker"),
        pytest.param("pkg=", "no version", id="no version after ="),
        pytest.param("pkg>=", "no version", id="no version after >="),
        pytest.param("pkg===1.2", "no version", id="pip's ==="),
        pytest.param("pkg >=1.2 <2", "no build string", id="comma forgotten"),
        pytest.param("pkg 1.2 b c", "no build string", id="four words"),
        pytest.param("pkg[version='1.2", "brackets", id="open brackets"),
        pytest.param("pkg[version='1.2']x", "brackets", id="text after brackets"),
        pytest.param("pkg[extra]", "no key=value", id="pip's extras"),
        pytest.param("pkg[build='^(a+)+$']", "regular expression", id="expression that runs away"),
        pytest.param("https://u:secret@index.example/x", "URL", id="URL of something else"),
        pytest.param("https://index.example/x.conda", "package file", id="package file without version"),
        pytest.param("a" * 3000, "length", id="endless"),
    ],
)
def test_text_is_no_spec(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as caught:
        parse(text)
    assert "secret" not in str(caught.value)


@given(st.one_of(st.text(max_size=60), st.text("pkg=<>!~|,*[]'\"#:/ .1", max_size=60)))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert parse(text).name


@pytest.mark.parametrize(
    "text", ["numpy", "numpy=1.2", "numpy==1.2", "Py-XGBoost=1.7", "a_b.c==2024.1.0", "x=3", "pkg-1.0-0.conda", "1.2"]
)
def test_everyday_specs_are_read_like_all_others(text: str) -> None:
    assert parse(text) == parse_any(text)


@given(st.from_regex(r"[A-Za-z0-9_.-]{1,8}(==?[0-9]{1,3}(\.[0-9]{1,3}){0,3})?", fullmatch=True))
def test_any_everyday_spec_is_read_like_all_others(text: str) -> None:
    assert _outcome(parse, text) == _outcome(parse_any, text)


def _outcome(read: Callable[[str], MatchSpec], text: str) -> MatchSpec | str:
    try:
        return read(text)
    except ValueError as error:
        return str(error)
