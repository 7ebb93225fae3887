"""Real files, damaged: by bytes, by lines, by words of other files, and by what is awkward in every format."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

AWKWARD = tuple(
    part if isinstance(part, bytes) else part.encode()
    for part in (
        *(
            "\0",
            "\n",
            "\r",
            "\r\n",
            "\t",
            "\x0c",
            "\x85",
            "\u2028",
            "\ufeff",
            "é",
            "e\u0301",
            "\u202e",
            "🐼",
            "\x1b[31m",
        ),
        *(b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xfe\xff", b"\xef\xbb\xbf"),
        *(
            '"',
            "'",
            '"""',
            "'''",
            "\\",
            "\\\n",
            "\\u",
            "\\ud800",
            "`",
            "#",
            " #",
            "//",
            "/*",
            "=",
            "==",
            "===",
            "~=",
            "!=",
        ),
        *(">=", "<", "*", ".*", "^", "|", ",", ";", ":", "::", ": ", "- ", "? ", "&a ", "*a", "!!", "<<: ", "@", " @ "),
        *(
            "[",
            "]",
            "{",
            "}",
            "(",
            ")",
            "[[",
            "]]",
            "[" * 3000,
            "{" * 3000,
            "(" * 3000,
            "{{",
            "}}",
            "${X}",
            "$(x)",
            "%",
        ),
        *(
            "0",
            "-1",
            "1e999",
            "NaN",
            "Infinity",
            "9" * 5000,
            "0x1",
            "1_000",
            "true",
            "null",
            "None",
            "~",
            "yes",
            "[]",
            "{}",
        ),
        *('""', "1!", "+local", ".post1", ".dev0", "rc1", "v1", "2024-01-01", "12:30:00", "*" * 5000, "a" * 20000),
        *(
            "--hash=sha256:0",
            "-r x",
            "-e .",
            "git+https://x@y/z",
            "file:///",
            "http://[::1",
            "../../..",
            "~/x",
            "C:\\x",
        ),
        *(
            "; python_version < '3'",
            "[extra]",
            "import ",
            "from . import ",
            "%pip install ",
            "!pip ",
            "%%bash\n",
            "?",
            "async ",
        ),
        *(
            "<<<<<<< HEAD\n",
            "=======\n",
            ">>>>>>> x\n",
            "e=" * 2000,
            "((" * 40 + "a" + "))" * 40,
            "a." * 2000,
            "-" * 5000,
        ),
    )
)
LARGEST = 60_000
"""Bytes of a mutant: what is quadratic shows itself, and a thousand of them take no hour."""

Mutation = Callable[[bytearray, random.Random, Sequence[bytes]], None]


def mutant(seeds: Sequence[bytes], chance: random.Random) -> bytes:
    """Return one of the seeds after a few mutations."""
    data = bytearray(chance.choice(seeds)[:LARGEST])
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5, 12))):
        chance.choice(MUTATIONS)(data, chance, seeds)
    return bytes(data[:LARGEST])


def _put(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    at = chance.randint(0, len(data))
    data[at : at + chance.choice((0, 0, 1, 3))] = chance.choice(AWKWARD)


def _put_between_words(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    borders = [match.start() for match in re.finditer(rb"\b", data)]
    if borders:
        at = chance.choice(borders)
        data[at:at] = chance.choice(AWKWARD)


def _flip(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    for _i in range(min(len(data), chance.choice((1, 2, 8)))):
        data[chance.randrange(len(data))] = chance.randrange(256)


def _cut(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    at = chance.randint(0, len(data))
    del data[at : at + chance.choice((1, 2, 10, 100, len(data)))]


def _repeat(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    at = chance.randint(0, len(data))
    piece = bytes(data[at : at + chance.choice((1, 2, 10, 80))])
    data[at:at] = piece * chance.choice((1, 2, 50, 500))


def _lines(data: bytearray, chance: random.Random, seeds: Sequence[bytes]) -> None:
    lines = bytes(data).split(b"\n")
    number = chance.randrange(len(lines))
    other = chance.choice(seeds)[:LARGEST].split(b"\n")
    new: Sequence[list[bytes]] = (
        [],
        [lines[number]] * 2,
        [b"  " + lines[number]],
        [lines[number].lstrip()],
        [chance.choice(lines)],
        [chance.choice(other), lines[number]],
        [chance.choice(AWKWARD)],
    )
    lines[number : number + 1] = chance.choice(new)
    data[:] = b"\n".join(lines)


def _value(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    """Put another kind of value where one stands: of JSON, TOML or YAML."""
    values = list(re.finditer(rb'"[^"\n]*"|(?<=[:=] )[^\s,\]}]+', data))
    if values:
        found = chance.choice(values)
        data[found.start() : found.end()] = chance.choice(
            (
                b"1",
                b'""',
                b"[]",
                b"{}",
                b"null",
                b"true",
                b'["x"]',
                b'{"x": 1}',
                b"1.5",
                b'"' + chance.choice(AWKWARD) + b'"',
            )
        )


def _cross(data: bytearray, chance: random.Random, seeds: Sequence[bytes]) -> None:
    other = chance.choice(seeds)[:LARGEST]
    start = chance.randint(0, len(other))
    at = chance.randint(0, len(data))
    data[at : at + chance.choice((0, 50))] = other[start : start + chance.choice((5, 50, 500))]


MUTATIONS: tuple[Mutation, ...] = (
    _put,
    _put,
    _put_between_words,
    _flip,
    _cut,
    _repeat,
    _lines,
    _lines,
    _value,
    _value,
    _cross,
)
