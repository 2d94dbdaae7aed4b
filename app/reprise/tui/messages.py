"""What workers tell the screen. Handlers change what is shown; nothing else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from reprise.domain.checks.results import CheckProgress, CheckResult
    from reprise.workflow.engine.port import EngineClient
    from reprise_common.keyboard_layouts import KeyboardState


class Opened(Message):
    """There is an engine; what it shows comes by itself."""

    def __init__(self, engine: EngineClient) -> None:
        super().__init__()
        self.engine = engine


class Changed(Message):
    """The engine shows something else now."""


class PointerPressed(Message):
    """A mouse button was pressed that means no place of the screen."""


class KeyPressed(Message):
    """A person sent something from this terminal, whatever it means: a key may follow, or none."""


class Trouble(Message):
    """Something could not be done; a sentence for the person."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Notice(Message):
    """A sentence for the person who pressed a key, about nothing that the flow waits for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class CheckTold(Message):
    """A function check goes on, or has come to its end."""

    def __init__(self, item: CheckProgress | CheckResult) -> None:
        super().__init__()
        self.item = item


class KeyboardSeen(Message):
    """Which layout is loaded."""

    def __init__(self, state: KeyboardState) -> None:
        super().__init__()
        self.state = state
