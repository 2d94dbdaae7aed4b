"""The one confirmation, as plain lines give it."""

from __future__ import annotations

from reprise.domain.plan import ConfirmedBy
from reprise.linear.talk import Talk
from reprise.workflow.desk.port import InstallChoice, order_of


def confirm(
    talk: Talk,
    digest: str,
    choice: InstallChoice | None,
    by: ConfirmedBy = ConfirmedBy.OPERATOR,
) -> bool:
    """Whether the engine took it; else the reason was said."""
    defaults, keyboard = talk.install or talk.board.install, talk.tools.keyboard
    if defaults is None:
        return False
    layout = talk.layout or (None if keyboard is None else keyboard().state())
    order = order_of(digest, defaults, choice, layout, by)
    return talk.do(lambda desk: desk.confirm(order))
