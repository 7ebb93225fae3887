"""The extension of jupyter_server: hooked into saving, with one address to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.utils import url_path_join
from traitlets import CaselessStrEnum, Float
from traitlets.config import Configurable

from envcheck.jupyter.desk import Desk
from envcheck.jupyter.saving import Saving
from envcheck.jupyter.status import Status
from envcheck.jupyter.wishes import Mode

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


class EnvcheckStamp(Configurable):
    """What an administrator or user may decide for a whole server, in ``jupyter_server_config``."""

    mode = CaselessStrEnum(
        [mode.value for mode in Mode],
        default_value=Mode.ASKED.value,
        help="""
        Which notebooks get a stamp when they are saved. asked: those that have one, and those of projects whose
        settings say `stamp-on-save = true`. always: all in Python, except where settings say false. never: none.
        """,
    ).tag(config=True)
    patience = Float(
        1.0,
        min=0.1,
        help="""
        Seconds that a save may wait for an environment that is read for the first time, or has changed. Whoever does
        not get a stamp in that time gets it with the next save.
        """,
    ).tag(config=True)


def load(app: ServerApp) -> None:
    """Register the hook and the address with a server."""
    wishes = EnvcheckStamp(parent=app)
    desk = Desk(app)
    saving = Saving(desk, Mode(wishes.mode), wishes.patience)

    def envcheck_stamp(model: dict[str, object], path: str, **_: object) -> None:  # its name is used in Jupyter's log
        saving.before_save(model, path)

    def register() -> None:
        contents = app.contents_manager
        known = getattr(contents, "_pre_save_hooks", ())
        if hasattr(contents, "register_pre_save_hook") and envcheck_stamp not in known:
            contents.register_pre_save_hook(envcheck_stamp)

    register()
    # jupytext's extension, which is loaded after this one, puts another contents manager in the place of this one.
    app.io_loop.add_callback(register)
    address = url_path_join(app.web_app.settings["base_url"], "envcheck", "status")
    app.web_app.add_handlers(".*$", [(address, Status, {"desk": desk})])
    app.log.info("envcheck: stamps on save: %s", wishes.mode)
