"""``%envcheck``: what this notebook uses, beside what is declared, locked and stamped for it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_magic, magics_class
from msgspec.structs import replace

from envcheck.engine.live.uses import Asked, uses_of
from envcheck.jupyter.imported import Imported, told, tops
from envcheck.jupyter.tables import Shown, differences, shown
from envcheck.model.errors import UserError

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_USAGE = "%envcheck [stamp | pin | diff]"


@magics_class
class EnvcheckMagics(Magics):
    """The magic, and what it has seen this kernel import."""

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self.imported = Imported()
        self.imported.look()
        shell.events.register("post_run_cell", self.imported.look)

    @line_magic
    def envcheck(self, line: str) -> Shown | None:
        """Show what this notebook uses: declared, locked, stamped, and here.

        %envcheck         the table
        %envcheck stamp   write what is here into the notebook's file
        %envcheck pin     show what pinning would change in the declarations
        %envcheck diff    what is not as stamped any more
        """
        words = {"": self._table, "stamp": self._stamp, "pin": self._pin, "diff": self._diff}
        if line.strip() not in words:
            raise UsageError(f"usage: {_USAGE}")
        self.imported.look()
        try:
            return words[line.strip()]()
        except UserError as error:
            raise UsageError(f"envcheck: {error.message}" + (f"; {error.hint}" if error.hint else "")) from None

    def _table(self) -> Shown:
        uses = uses_of(self._asked())
        return shown(uses, told(self.imported.changed(uses.environment)))

    def _diff(self) -> Shown:
        return differences(uses_of(self._asked()))

    def _stamp(self) -> Shown:
        from envcheck.engine.stamping.notebooks import find_notebooks
        from envcheck.engine.stamping.trust import Trust
        from envcheck.engine.stamping.writing import Wish, stampings, written

        asked = self._asked()
        notebooks = find_notebooks([_known(asked.path)], asked.settings, environ=os.environ, cwd=asked.cwd)
        (stamping,) = (
            written(notebooks.project.root, each, Trust(os.environ)) for each in stampings(notebooks, Wish())
        )
        if stamping.stamp is None:
            raise UserError(f"{stamping.path}: {stamping.reason}", stamping.remedy)
        rows = tuple(stamping.stamp.versions.items())
        after = "the file has changed: reload it from disk before you save" if stamping.is_to_write else ""
        title = f"{stamping.path}: {stamping.outcome.value} stamp, Python {stamping.stamp.python}"
        return Shown(title, ("distribution", "stamped"), rows, remarks=(after,) if after else ())

    def _pin(self) -> None:
        from envcheck.engine.writing.fixing import Request, propose
        from envcheck.engine.writing.pinning import RULES, Pinning
        from envcheck.reporters.base import Look
        from envcheck.reporters.diff import render

        asked = self._asked()
        settings = replace(asked.settings, select=RULES, extend_select=())
        outcome = propose(Request([_known(asked.path)], settings, os.environ, asked.cwd), Pinning())
        texts = [
            render(outcome.case.viewpoint.path(one.path), one.before, one.after, Look()) for one in outcome.changed
        ]
        sys.stdout.write("".join(texts) or "envcheck: nothing to pin\n")
        if texts:
            sys.stdout.write("envcheck: nothing is written; envcheck pin --write does that\n")

    def _asked(self) -> Asked:
        return Asked(
            sys.prefix,
            os.getcwd(),
            os.environ,
            notebook_path(self.shell.user_ns),
            tuple(self.shell.history_manager.input_hist_raw),
            tops(sys.modules),
        )


def notebook_path(namespace: dict[str, object]) -> str:
    """Return the absolute path of the notebook that this kernel belongs to, empty when nobody has told it.

    VS Code and ipykernel say it in the namespace, jupyter_server in the environment.
    """
    for told_by in (
        namespace.get("__vsc_ipynb_file__"),
        namespace.get("__session__"),
        os.environ.get("JPY_SESSION_NAME"),
    ):
        if isinstance(told_by, str) and told_by.endswith(".ipynb") and os.path.isfile(told_by):
            return os.path.abspath(told_by)
    return ""


def load(shell: InteractiveShell) -> None:
    """Register the magic with a kernel."""
    shell.register_magics(EnvcheckMagics)


def unload(shell: InteractiveShell) -> None:
    """Take the magic away, and what watches for it."""
    magics = shell.magics_manager.registry.pop("EnvcheckMagics", None)
    if magics is not None:
        shell.events.unregister("post_run_cell", magics.imported.look)
    shell.magics_manager.magics["line"].pop("envcheck", None)


def _known(path: str) -> str:
    if not path:
        raise UserError("nobody has told this kernel which notebook it belongs to", "envcheck on the command line can")
    return path
