"""The one exception that speaks to the user."""

from __future__ import annotations


class UserError(Exception):
    """A bad request: what is wrong with it, and a hint on what to do instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
