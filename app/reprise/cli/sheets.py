"""The sheets: a row each, which names what it opens."""

from __future__ import annotations

from reprise.i18n import _
from reprise.sentences.sheets import Sheet

SHEETS = (
    Sheet(
        "F3",
        lambda: _("Functions"),
        "reprise.tui.screens.checks:ChecksScreen",
        "reprise.line_interface.sheets.checks:checks",
        lambda tools: tools.checks is not None,
    ),
    Sheet(
        "F6",
        lambda: _("Network"),
        "reprise.tui.screens.network:NetworkScreen",
        "reprise.line_interface.sheets.network:network",
        lambda tools: tools.network is not None,
    ),
    Sheet(
        "F7",
        lambda: _("Reports"),
        "reprise.tui.screens.reports:ReportsScreen",
        "reprise.line_interface.sheets.reports:reports",
    ),
    Sheet(
        "F9",
        lambda: _("Logs"),
        "reprise.tui.screens.logs:LogsScreen",
        "reprise.line_interface.sheets.logs:logs",
        lambda tools: tools.logs is not None,
    ),
    Sheet(
        "F12",
        lambda: _("Keyboard"),
        "reprise.tui.screens.keyboard:KeyboardScreen",
        "reprise.line_interface.sheets.keyboard:keyboard",
        lambda tools: tools.keyboard is not None,
    ),
)
