"""The system's log since the start of the PC, and its copy on the stick."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reprise.adapters.files import safe_relative, write_durably
from reprise.adapters.store import storage_error
from reprise.errors import StorageError, ToolError
from reprise.i18n import _
from reprise.ports import CommandRunner

FOLDER = "logs"
_LINES = 500
_SHOWN = ("--output=short", "--no-hostname", f"--lines={_LINES}")
_KEPT = ("--output=short-iso",)


class SystemLog:
    """workflow.side.Logs. `stick` gives the root of a stick that can be written, or None."""

    def __init__(self, runner: CommandRunner, stick: Callable[[], Path | None]) -> None:
        self._runner, self._stick = runner, stick

    def tail(self) -> tuple[str, ...]:
        """The last lines, the newest last. Raises ToolError where there is no log."""
        return tuple(self._read(_SHOWN).decode("utf-8", "replace").splitlines())

    def copy(self, name: str) -> str:
        """Put the whole log onto the stick, durably, as logs/<name>.log; gives that path. A copy
        of the same name is replaced: it was the beginning of this one. Raises ToolError, and
        StorageError where no stick takes it."""
        root = self._stick()
        if root is None:
            raise StorageError(
                _("There is no stick that can be written."), _("Plug in a Reprise stick.")
            )
        relative = safe_relative(f"{FOLDER}/{name}.log")
        data = self._read(_KEPT)
        try:
            write_durably(root / relative, data)
        except OSError as error:
            raise storage_error(error, root) from error
        return relative

    def _read(self, how: tuple[str, ...]) -> bytes:
        result = self._runner.run(("journalctl", "--boot", "--no-pager", *how), timeout_s=60)
        if result.exit_code != 0:
            said = " ".join(result.stderr.decode("utf-8", "replace").split())
            raise ToolError(_("The system's log cannot be read: {said}").format(said=said))
        return result.stdout
