"""Jupyter's trust in a notebook, kept over a change of its metadata, which its signature covers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Protocol, cast

from envcheck.gather.environments.jupyter_folders import user_folder


class _Notary(Protocol):
    def check_signature(self, notebook: object) -> bool: ...

    def sign(self, notebook: object) -> None: ...


class Trust:
    """What Jupyter trusts on this machine; without nbformat, or where nothing was ever signed, that is nothing."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Prepare to ask; nothing is loaded yet."""
        self._folder = user_folder(environ)

    def covers(self, data: bytes) -> bool:
        """Tell whether a notebook is signed, so that Jupyter shows its HTML and JavaScript outputs."""
        with self._notary() as notary:
            if notary is not None:
                with suppress(*_refusals()):
                    return notary.check_signature(_parsed(data))
        return False

    def extend_to(self, data: bytes) -> None:
        """Sign a notebook: call it for what was made of a trusted one by a change that runs nothing."""
        with self._notary() as notary:
            if notary is not None:
                with suppress(*_refusals()):
                    notary.sign(_parsed(data))

    @contextmanager
    def _notary(self) -> Iterator[_Notary | None]:
        # nbformat takes long to load, and whoever has never run Jupyter here has no signatures.
        signatures = (os.path.join(self._folder, name) for name in ("nbsignatures.db", "notebook_secret"))
        if not all(map(os.path.isfile, signatures)):
            yield None
            return
        try:
            from nbformat.sign import NotebookNotary
        except ImportError:
            yield None
            return
        # Without a folder it would make a Jupyter application, which runs the jupyter_config.py of the current folder.
        notary = NotebookNotary(data_dir=self._folder)
        try:
            yield cast("_Notary", notary)
        finally:
            notary.store.close()


def _parsed(data: bytes) -> object:
    """Return a notebook as Jupyter has it when it asks for the signature, without validation, which it does apart."""
    from nbformat import reader

    return reader.reads(data.decode("utf-8-sig"))


def _refusals() -> tuple[type[Exception], ...]:
    """Return what nbformat raises for notebooks that Jupyter does not open, let alone sign (of nbformat 5, say)."""
    from nbformat import ValidationError

    return (ValidationError, ValueError, KeyError, AttributeError, TypeError)
