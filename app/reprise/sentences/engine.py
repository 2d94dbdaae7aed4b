"""How a screen stands with the engine, and where reports go."""

from __future__ import annotations

from reprise.domain.station.stick import StickReason, StickStatus
from reprise.i18n import _
from reprise.workflow.engine.port import Connection
from reprise.workflow.session.services import StickLine
from reprise.workflow.session.stick import stick_sentence


def line_sentence(line: Connection) -> str:
    """What is wrong with the line to the engine; empty while it is open."""
    return {
        Connection.SEEKING: _("The erasing engine is starting…"),
        Connection.LOST: _(
            "The erasing engine does not answer: what is shown here may be OUT OF DATE."
        ),
        Connection.FOREIGN: _(
            "The erasing engine is of another version than this screen. Restart the PC."
        ),
    }.get(line, "")


def started_again() -> str:
    return _(
        "The erasing engine was started again: a drive that it had not finished is"
        " INTERRUPTED, not erased."
    )


def where_reports_go(stick: StickLine) -> str:
    if stick.where == "folder":
        return _("Reports are written to a folder of this machine.")
    if stick.where != "memory":
        return _("Reports are written to the stick.")
    if stick.state is not None and stick.state.state is StickStatus.MEMORY:
        return stick_sentence(stick.state)
    return _("Reports in MEMORY ONLY: lost at power-off unless sent or copied.")


def may_pull(stick: StickLine) -> str:
    """Nothing where there is no stick to pull."""
    reason = stick.state.reason if stick.state is not None else None
    if reason in (StickReason.NETWORK, StickReason.INSIDE):
        return ""
    if reason is StickReason.OPTICAL:
        return "" if stick.may_pull else _("Leave the disc in.")
    if stick.may_pull:
        return "" if reason is StickReason.NO_STICK else _("The stick may be pulled and put back.")
    return _("Do not pull the stick.")
