"""Where the sections of an INI text end, so that options and sections can be added."""

from __future__ import annotations

import re

from envcheck.gather.documents.text_edits import Draft, Lines

_HEADER = re.compile(r"\[(.+)\]")


class Sections:
    """The sections of a text: of each the last line that says something."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._ends: dict[str, int] = {}
        self._added: dict[str, int] = {}
        name = ""
        for number in range(1, len(lines) + 1):
            content = lines.content(number)
            header = _HEADER.match(content)
            name = header[1] if header else name
            if content.strip() and (header or not content.startswith(("#", ";"))):
                self._ends[name] = number

    def add_option(self, draft: Draft, section: str, option: str) -> int:
        """Add an option without a value to a section, which is made if it is not there; return the line above."""
        end = self._ends.get(section)
        if end is None:
            end = self._last()
            if end and section not in self._added:
                draft.insert_after(end, "")
            if section not in self._added:
                draft.insert_after(end, f"[{section}]")
            self._added[section] = end
        draft.insert_after(end, f"{option} =")
        return end

    def _last(self) -> int:
        """Return the last line of the text; the empty one after the last line end is none."""
        last = len(self._lines)
        return last if self._lines.content(last) else last - 1
