"""Options as optparse reads them, and those of requirements files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from envcheck.gather.documents.shell_words import Word


class Spelling(Struct, frozen=True):
    """What an option is called for short messages and comparisons, and whether a value follows it."""

    name: str
    takes_value: bool


class Option(Struct, frozen=True):
    """One use of an option under its main name; a switch has the empty value."""

    name: str
    value: Word


class Arguments(NamedTuple):
    """Words told apart; ``faults`` are optparse's objections, in order."""

    options: tuple[Option, ...]
    operands: tuple[Word, ...]
    faults: tuple[str, ...]


OptionTable = Mapping[str, Spelling]


def option_table(*, values: str, switches: str) -> OptionTable:
    """Return a table of option groups; spellings of one option are joined by ``|``, the main name first."""
    table = {}
    for groups, takes_value in ((values, True), (switches, False)):
        for group in groups.split():
            spellings = group.split("|")
            table.update(dict.fromkeys(spellings, Spelling(spellings[0], takes_value)))
    return table


# pip 26.3: pip._internal.req.req_file.SUPPORTED_OPTIONS and SUPPORTED_OPTIONS_REQ.
FILE_OPTIONS = option_table(
    values="--index-url|-i|--pypi-url --extra-index-url --constraint|-c --requirement|-r --editable|-e"
    " --find-links|-f --no-binary --only-binary --all-releases --only-final --trusted-host --use-feature"
    " --hash --config-settings|-C",
    switches="--no-index --prefer-binary --require-hashes --no-require-hashes --pre",
)


def read_options(words: Sequence[Word], table: OptionTable) -> Arguments:
    """Return words told apart, with clusters, ``=``, unique abbreviations and ``--`` as in optparse."""
    options: list[Option] = []
    operands: list[Word] = []
    faults: list[str] = []
    rest = iter(words)
    for word in rest:
        text = word.value
        if text == "--":
            operands.extend(rest)
        elif text.startswith("--"):
            _read_long(word, rest, table, options, faults)
        elif text.startswith("-") and text != "-":
            _read_cluster(word, rest, table, options, faults)
        else:
            operands.append(word)
    return Arguments(tuple(options), tuple(operands), tuple(faults))


def _read_long(word: Word, rest: Iterator[Word], table: OptionTable, options: list[Option], faults: list[str]) -> None:
    spelled, equals, _ = word.value.partition("=")
    spelling = table.get(spelled) or _abbreviated(spelled, table, faults)
    if spelling is None:
        return
    if not spelling.takes_value:
        if equals:
            faults.append(f"{spelled} takes no value")
        options.append(Option(spelling.name, _tail(word, len(word.value))))
        return
    value = _tail(word, len(spelled) + 1) if equals else next(rest, None)
    _add(spelling.name, spelled, value, options, faults)


def _abbreviated(spelled: str, table: OptionTable, faults: list[str]) -> Spelling | None:
    found = {table[known] for known in table if known.startswith(spelled)}
    if len(found) == 1:
        return found.pop()
    faults.append(f"ambiguous option: {spelled}" if found else f"no such option: {spelled}")
    return None


def _read_cluster(
    word: Word, rest: Iterator[Word], table: OptionTable, options: list[Option], faults: list[str]
) -> None:
    for index, letter in enumerate(word.value[1:], 2):
        spelling = table.get("-" + letter)
        if spelling is None:
            faults.append(f"no such option: -{letter}")
        elif spelling.takes_value:
            value = _tail(word, index) if index < len(word.value) else next(rest, None)
            _add(spelling.name, "-" + letter, value, options, faults)
            return
        else:
            options.append(Option(spelling.name, _tail(word, len(word.value))))


def _add(name: str, spelled: str, value: Word | None, options: list[Option], faults: list[str]) -> None:
    if value is None:
        faults.append(f"{spelled} wants a value")
    else:
        options.append(Option(name, value))


def _tail(word: Word, index: int) -> Word:
    """Return the part of a word from an index on; its span is exact unless quotes or escapes stand inside the word."""
    exact = word.stop - word.start == len(word.value)
    return Word(word.value[index:], word.start + index if exact else word.start, word.stop)
