"""What plain lines order: the one confirmation, and that the PC is left."""

from __future__ import annotations

from reprise.domain.planning.plan import ConfirmedBy
from reprise.i18n import _
from reprise.line_interface.conversation import Conversation
from reprise.workflow.engine.port import InstallChoice, Leave, order_of


def confirm(
    talk: Conversation,
    digest: str,
    choice: InstallChoice | None,
    by: ConfirmedBy = ConfirmedBy.OPERATOR,
) -> bool:
    """Whether the engine took it; else the reason was said."""
    defaults, keyboard = talk.install or talk.status.install, talk.tools.keyboard
    if defaults is None:
        return False
    layout = talk.layout or (None if keyboard is None else keyboard().state())
    read = talk.heard.read_digest
    order = order_of(digest, defaults, choice, layout, by=by, read=read)
    return talk.do(lambda engine: engine.confirm(order))


def leave(talk: Conversation, *, restart: bool, unattended: bool = False) -> None:
    if talk.do(lambda engine: engine.leave(Leave(restart, unattended))):
        talk.output.say(_("The PC restarts.") if restart else _("The PC switches itself off."))
