"""Lines of requirements files: joined, stripped, split, and where each part stands."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from envcheck.gather.documents.reqline import logical_lines, split_line
from envcheck.gather.documents.shell_words import command_words, split_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("a\n\n \nb", [(1, "a"), (4, "b")], id="blank lines"),
        pytest.param("# a\n  # b\n#\nc # d\n", [(4, "c")], id="comments"),
        pytest.param("a#b\n", [(1, "a#b")], id="no blank before the mark"),
        pytest.param("a==1 \\\n  --hash=x\n", [(1, "a==1   --hash=x")], id="continued"),
        pytest.param("a\\\nb", [(1, "ab")], id="continued without a blank"),
        pytest.param("a \\\n# b\nc", [(1, "a"), (3, "c")], id="continued into a comment"),
        pytest.param("# a \\\nb", [(2, "b")], id="a comment does not go on"),
        pytest.param("a # b \\\nc\nd", [(1, "a"), (3, "d")], id="a comment after something does"),
        pytest.param("a \\", [(1, "a")], id="continued into nothing"),
        pytest.param("\\\n\\\na", [(1, "a")], id="continued from nothing"),
        pytest.param("a\r\nb\rc\x0cd\u2028e", [(1, "a"), (2, "b"), (3, "c"), (4, "d"), (5, "e")], id="line ends"),
    ],
)
def test_lines_are_pips(text: str, expected: list[tuple[int, str]]) -> None:
    assert [(line.number, line.text) for line in logical_lines(text)] == expected


@given(st.text(alphabet="ab \\#\n\t=-", max_size=60))
@example("\\\n \\\n  a \\\n# b")
def test_every_character_is_found_where_its_place_says(text: str) -> None:
    physical = text.splitlines()
    for line in logical_lines(text):
        for index, character in enumerate(line.text):
            number, column = line.at(index)
            # The blank before a comment line that ends a continued one is pip's invention.
            assert physical[number - 1][column - 1 : column] == character or column == 0


@pytest.mark.parametrize(
    ("text", "entry", "editable", "reference", "ignored"),
    [
        pytest.param("a==1", ("a==1", 0, 4), False, None, (), id="entry alone"),
        pytest.param(
            "a==1 ; x < '-1' --hash=sha256:b", ("a==1 ; x < '-1'", 0, 15), False, None, (), id="entry and hash"
        ),
        pytest.param("a-b", ("a-b", 0, 3), False, None, (), id="a dash inside a name"),
        pytest.param("-e ./x", ("./x", 3, 6), True, None, (), id="editable"),
        pytest.param("-e './x y'", ("./x y", 4, 9), True, None, (), id="editable in quotes"),
        pytest.param("--editable=./x", ("./x", 11, 14), True, None, (), id="editable by its long name"),
        pytest.param("-r a.txt", None, False, "a.txt", (), id="reference"),
        pytest.param(
            "-c a.txt -r b.txt", None, False, "b.txt", ("--constraint a.txt",), id="requirements before constraints"
        ),
        pytest.param("-e a -e b", ("a", 3, 4), True, None, ("--editable b",), id="two editables"),
        pytest.param("a -r b.txt", ("a", 0, 1), False, None, ("--requirement b.txt",), id="reference after an entry"),
        pytest.param("- a", None, False, None, ("-", "a"), id="a dash alone"),
        pytest.param("-i https://index.example", None, False, None, (), id="option alone"),
    ],
)
def test_line_is_split_as_pip_splits_it(
    text: str, entry: tuple[str, int, int] | None, editable: bool, reference: str | None, ignored: tuple[str, ...]
) -> None:
    parts = split_line(text)
    assert (parts.entry, parts.editable, parts.ignored, parts.fault) == (entry, editable, ignored, "")
    assert (parts.reference.value.value if parts.reference else None) == reference


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("--frob", "no such option: --frob", id="unknown option"),
        pytest.param("-z", "no such option: -z", id="unknown letter"),
        pytest.param("--no", "ambiguous option: --no", id="ambiguous abbreviation"),
        pytest.param("-r", "-r wants a value", id="no value"),
        pytest.param("--pre=1", "--pre takes no value", id="value for a switch"),
        pytest.param("a --hash=md5:b", "--hash wants sha256:…, sha384:… or sha512:…", id="weak hash"),
        pytest.param("a -C b", "--config-settings wants KEY=VALUE", id="setting without a value"),
        pytest.param("-r 'b", "a quote is never closed", id="open quote"),
    ],
)
def test_bad_option_is_a_fault(text: str, fault: str) -> None:
    assert split_line(text).fault == fault


@given(st.text(alphabet="a'\"\\ \t-é", max_size=20))
def test_words_are_those_of_shlex(text: str) -> None:
    try:
        expected = shlex.split(text)
    except ValueError:
        with pytest.raises(ValueError, match=r"quote|backslash"):
            split_words(text)
    else:
        assert [word.value for word in split_words(text)] == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("a  b", ["a", "b"], id="blanks"),
        pytest.param("\"a b\" 'c' d\\ e", ["a b", "c", "d e"], id="quotes"),
        pytest.param("a # b", ["a"], id="comment"),
        pytest.param("a#b", ["a#b"], id="mark inside a word"),
        pytest.param("a > log 2>&1 b >>x", ["a", "b"], id="redirections"),
        pytest.param("a && b", ["a"], id="next command"),
        pytest.param("a; b", ["a"], id="after a semicolon"),
        pytest.param("a | tee log", ["a"], id="pipe"),
        pytest.param(
            "{' '.join(x)} $(cat r.txt) `ls -l` ${A B}",
            ["{' '.join(x)}", "$(cat r.txt)", "`ls -l`", "${A B}"],
            id="atoms",
        ),
        pytest.param("a \\\n  b", ["a", "b"], id="continued"),
        pytest.param("a { b", ["a", "{", "b"], id="lone brace"),
    ],
)
def test_command_is_split_as_a_shell_splits_it(text: str, words: list[str]) -> None:
    assert [word.value for word in command_words(text).words] == words


def test_specifier_without_quotes_is_lost_to_the_shell() -> None:
    assert [word.value for word in command_words("'a>=1' b>=2 c<3 d > log").lost] == ["b>=2", "c<3"]


def test_open_quote_runs_to_the_end() -> None:
    line = command_words("a 'b c ")
    assert ([word.value for word in line.words], line.unbalanced) == (["a", "b c"], True)


@given(st.text(alphabet="ab'\"\\ \t{}$()`<>&|;#=1\n", max_size=30))
def test_command_words_never_raise(text: str) -> None:
    for value, start, stop in command_words(text).words:
        assert 0 <= start <= stop <= len(text)
        assert len(value) <= stop - start
