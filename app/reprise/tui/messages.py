"""What workers tell the screen. Handlers change what is shown; nothing else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from reprise.domain.changes import Changes
    from reprise.domain.network import NetworkState
    from reprise.ports import OutboxItem
    from reprise.workflow.desk import Desk
    from reprise.workflow.services import StickLine
    from reprise.workflow.session import Session
    from reprise.workflow.session_state import SessionState


class DeskOpened(Message):
    """The keys that open a sheet have something to open now."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk


class DevicesChanged(Message):
    """Something was plugged in or unplugged."""

    def __init__(self, changes: Changes) -> None:
        super().__init__()
        self.changes = changes


class NetworkSeen(Message):
    def __init__(self, state: NetworkState) -> None:
        super().__init__()
        self.state = state


class LookEnded(Message):
    """The hardware was looked at once, whatever came of it."""


class Opened(Message):
    """The session exists: its journal is open."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session


class Changed(Message):
    """The session's state is another one now."""

    def __init__(self, state: SessionState) -> None:
        super().__init__()
        self.state = state


class StickSeen(Message):
    def __init__(self, stick: StickLine) -> None:
        super().__init__()
        self.stick = stick


class OutboxSeen(Message):
    def __init__(self, items: tuple[OutboxItem, ...]) -> None:
        super().__init__()
        self.items = items


class Trouble(Message):
    """Something could not be done; a sentence for the person."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Confirmed(Message):
    """The plan is confirmed and journalled: the work begins."""


class RunEnded(Message):
    """Erasing, installing and sealing came to their end."""
