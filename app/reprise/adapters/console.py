"""The keyboard layout of the Linux console."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path

from reprise.domain.layouts import Layout, layout_of
from reprise.errors import ToolError
from reprise.i18n import _
from reprise.ports import CommandRunner

MAPS = Path("/usr/share/reprise/console")  # compiled by the image's console hook
CURRENT = "keyboard"  # in /run/reprise; /usr/lib/reprise/console writes it first
_KDGKBTYPE = 0x4B33  # linux/kd.h: only a console of the PC itself answers


def on_pc_console() -> bool:
    """Whether this process's screen is the PC's own, not a serial line or a terminal emulator."""
    try:
        fcntl.ioctl(0, _KDGKBTYPE, bytes(1))
    except OSError:
        return False
    return True


class LinuxConsole:
    """workflow.side.Console. The layout holds for all consoles of the PC, until it is switched
    off or another one is chosen."""

    def __init__(
        self,
        runner: CommandRunner,
        run: Path,
        maps: Path = MAPS,
        is_console: Callable[[], bool] = on_pc_console,
    ) -> None:
        self._runner, self._maps, self._is_console = runner, maps, is_console
        self._current = run / CURRENT

    def layouts(self) -> tuple[Layout, ...]:
        """Those that can be set; none where the keyboard is not this PC's."""
        if not self._is_console():
            return ()
        return tuple(layout for layout in Layout if self._map(layout).exists())

    def current(self) -> Layout:
        try:
            name = self._current.read_text("ascii", "replace").strip()
        except OSError:
            name = ""
        return layout_of(name) or Layout.FR

    def use(self, layout: Layout) -> None:
        """Raises ToolError where it could not be set."""
        if not self._is_console():
            raise ToolError(
                _("This screen is not the PC's own: the keyboard is set where you type.")
            )
        result = self._runner.run(("loadkeys", "--quiet", str(self._map(layout))), timeout_s=10)
        if result.exit_code != 0:
            said = " ".join(result.stderr.decode("utf-8", "replace").split())
            raise ToolError(_("The keyboard layout could not be set: {said}").format(said=said))
        try:
            self._current.write_text(f"{layout.value}\n", "ascii")
        except OSError as error:
            raise ToolError(str(error)) from error

    def _map(self, layout: Layout) -> Path:
        return self._maps / f"{layout.value}.kmap.gz"
