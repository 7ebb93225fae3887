"""Declarations → locks: what to lock and for which interpreter is decided here, another tool resolves it."""
