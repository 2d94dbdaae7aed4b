"""What a demonstration's screen may use: played, or real in its own folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reprise.bootstrap.delivery import outbox
from reprise.bootstrap.tools import console_mouse

if TYPE_CHECKING:
    from reprise.bootstrap.demo import Demonstration
    from reprise.tool_ports.tools import Tools


def played_tools(shown: Demonstration) -> Tools:
    from reprise.adapters.clock import in_zone
    from reprise.adapters.demo.checks import played_checks
    from reprise.adapters.demo.keyboard import PlayedKeyboard
    from reprise.adapters.demo.logs import PlayedLogs
    from reprise.adapters.station.log_folder import LogFolder
    from reprise.tool_ports.tools import Tools
    from reprise.workflow.deliver import Resend

    queue = outbox(shown.store)
    sender = Resend(queue, lambda: shown.uplink)
    keyboard = PlayedKeyboard()
    began = shown.clock.read().now
    logs = PlayedLogs(LogFolder(shown.store.root, lambda: began), queue.items)
    return Tools(
        in_zone=lambda when, zone: in_zone(shown.clock, when, zone),
        network=lambda: shown.network,
        mouse=console_mouse,
        checks=lambda: played_checks(shown.bench.probe_inventory(), shown.clock),
        reports=lambda: sender,
        keyboard=lambda: keyboard,
        logs=lambda: logs,
    )
