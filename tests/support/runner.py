"""What the runner of GitHub Actions makes of a log: commands, by the rules of its own parser.

Written from ``src/Runner.Common/ActionCommand.cs`` of actions/runner: ``TryParseV2`` reads ``::name key=value::data``
at the begin of a line, ``TryParse`` the older ``##[name key=value;]data`` anywhere in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

COMMANDS = """
    error warning notice debug group endgroup add-mask add-path set-env set-output save-state stop-commands echo
    add-matcher remove-matcher internal-set-repo-path
""".split()
_PROPERTY = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}
_DATA = {"%0D": "\r", "%0A": "\n", "%25": "%"}
_OLD = {"%3B": ";", "%0D": "\r", "%0A": "\n", "%5D": "]", "%25": "%"}


@dataclass(frozen=True)
class Command:
    """A command as the runner understands it."""

    name: str
    properties: dict[str, str]
    data: str


def commands(log: bytes) -> list[Command]:
    """Return the commands in a log; the runner ends a line where .NET does."""
    lines = re.split(r"\r\n|\n|\r", log.decode("utf-8", "replace"))
    return [found for line in lines if (found := _new(line) or _old(line))]


def _new(line: str) -> Command | None:
    message = line.lstrip()
    end = message.find("::", 2)
    if not message.startswith("::") or end < 0:
        return None
    return _command(message[2:end], ",", message[end + 2 :], (_PROPERTY, _DATA))


def _old(line: str) -> Command | None:
    start = line.find("##[")
    end = line.find("]", start)
    return None if start < 0 or end < 0 else _command(line[start + 3 : end], ";", line[end + 1 :], (_OLD, _OLD))


def _command(head: str, separator: str, data: str, escapes: tuple[dict[str, str], dict[str, str]]) -> Command | None:
    name, _, rest = head.partition(" ")
    if name.lower() not in COMMANDS:
        return None
    pairs = [part.split("=", 1) for part in rest.strip().split(separator) if part]
    properties = {pair[0].lower(): _unescaped(pair[1], escapes[0]) for pair in pairs if len(pair) == 2 and all(pair)}
    return Command(name, properties, _unescaped(data, escapes[1]))


def _unescaped(text: str, escapes: dict[str, str]) -> str:
    for written, meant in escapes.items():
        text = text.replace(written, meant)
    return text
