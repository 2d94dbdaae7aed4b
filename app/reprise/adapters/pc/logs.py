"""systemd's journal and the kernel's ring buffer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from reprise.adapters.pc.log_folder import LogFolder
from reprise.domain.station.logs import LogPage, without_secrets
from reprise.errors import ToolError
from reprise.i18n import _
from reprise.ports import CommandRunner
from reprise.system_words import os_reason

# By name: journalctl fails on a glob that no line of the journal fits yet.
UNITS = (
    *("console", "stick", "station", "engine", "uplink", "image"),
    *("braille", "serial", "speech"),
)
_OURS = tuple(f"--unit=reprise-{name}.service" for name in UNITS)
_CURSOR = "-- cursor: "  # journalctl --show-cursor
_MOST_SHOWN = 2000  # lines on the screen at first
_MOST_COPIED = 50_000  # the journal holds 32 MiB at most (journald.conf)
_LONG_S = 120.0
_JOURNAL = ("journalctl", "--boot", "--quiet", "--no-pager")


class SystemLogs:
    """ports.sheets.logs.Logs. `facts`: of the PC and the station, as text; `secrets`: what must not
    stand in a copied file; `engine_log`: of an engine that is no service."""

    def __init__(
        self,
        runner: CommandRunner,
        folder: LogFolder,
        facts: Callable[[], str],
        secrets: Callable[[], Iterable[str]],
        engine_log: Path | None = None,
    ) -> None:
        self._runner, self._folder = runner, folder
        self._facts, self._secrets, self._engine_log = facts, secrets, engine_log

    def read(self, after: str = "", *, everything: bool = False) -> LogPage:
        argv = [*_JOURNAL, "--output=short", "--no-hostname", "--show-cursor"]
        argv.append(f"--after-cursor={after}" if after else f"--lines={_MOST_SHOWN}")
        if not everything:
            argv += _OURS
        result = self._runner.run(argv)
        if result.exit_code != 0:
            said = result.stderr.decode("utf-8", "replace").strip()
            raise ToolError(_("The log cannot be read: {reason}").format(reason=said))
        lines = result.text.splitlines()
        cursor = after
        if lines and lines[-1].startswith(_CURSOR):
            cursor = lines.pop().removeprefix(_CURSOR)
        return LogPage(tuple(without_secrets(line) for line in lines), cursor)

    def copy(self) -> str:
        self._folder.check()  # before the slow part
        secrets = tuple(self._secrets())
        texts = {
            "facts.txt": self._facts(),
            "reprise.txt": self._text((*_JOURNAL, *_OURS)),
            "engine.txt": self._engine(),
            "journal.txt": self._text((*_JOURNAL, f"--lines={_MOST_COPIED}")),
            "dmesg.txt": self._text(("dmesg", "--time-format=iso")),
        }
        return self._folder.put(
            {name: without_secrets(text, secrets).encode() for name, text in texts.items()}
        )

    def _engine(self) -> str:
        if self._engine_log is None:
            return self._text((*_JOURNAL, "--unit=reprise-engine.service"))
        try:
            return self._engine_log.read_text("utf-8", "replace")
        except OSError as error:
            return f"{self._engine_log.name}: {os_reason(error)}\n"

    def _text(self, argv: Sequence[str]) -> str:
        """What the command says; where it fails, why: the other files are copied all the same."""
        try:
            result = self._runner.run(argv, timeout_s=_LONG_S)
        except ToolError as error:
            return f"{error}\n"
        said = result.stderr.decode("utf-8", "replace")
        return result.text + (f"\n{' '.join(argv)}: {said}" if result.exit_code != 0 else "")
