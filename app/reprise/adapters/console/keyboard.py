"""The layout of the Linux console's keyboard: kbd's loadkeys and dumpkeys."""

from __future__ import annotations

import fcntl
import re
from dataclasses import dataclass
from pathlib import Path

from reprise.adapters.storage.files import write_durably
from reprise.codec import from_json, sha256_hex, to_json
from reprise.errors import InputError, ToolError
from reprise.i18n import _
from reprise.ports import CommandRunner
from reprise.system_words import os_reason
from reprise_common.keyboard_layouts import Changeable, KeyboardState, in_order

_KDGKBTYPE = 0x4B33  # linux/kd.h: only a virtual terminal answers
_SUFFIX = ".kmap.gz"
_NAME = re.compile(r"[a-z]{2,8}(-[a-z0-9]{2,12})?")
_MOST_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What was loaded last. `table`: SHA-256 hex of what dumpkeys said right afterwards, so that
    a layout which something else loads later is not taken for this one."""

    layout: str
    table: str
    chosen: bool = False


class ConsoleKeyboard:
    """ports.sheets.keyboard.Keyboard. `folder`: the compiled layouts; `record`: what was loaded
    last, also written by /usr/lib/reprise/console at the start; it outlives the screen and not the
    PC. `console`: a virtual terminal, whose keymap is that of all; `terminal`: the screen's own."""

    def __init__(
        self,
        runner: CommandRunner,
        folder: Path,
        record: Path,
        console: str = "/dev/tty1",
        terminal: int = 0,
    ) -> None:
        self._runner, self._folder, self._record = runner, folder, record
        self._console, self._terminal = console, terminal

    def state(self) -> KeyboardState:
        layouts = self._layouts()
        if not _is_console(self._terminal):
            return KeyboardState(layouts=layouts, changeable=Changeable.NO_CONSOLE)
        loaded = self._known()
        changeable = Changeable.YES if layouts else Changeable.NO_LAYOUTS
        if loaded is None:
            return KeyboardState(layouts=layouts, changeable=changeable)
        return KeyboardState(loaded.layout, loaded.chosen, layouts, changeable)

    def begin_with(self, layout: str) -> None:
        """The settings' layout, unless a person chose one since power-on. Raises as `load`."""
        known = self._known()
        if known is None or not (known.chosen or known.layout == layout):
            self._load(layout, chosen=False)

    def load(self, layout: str) -> KeyboardState:
        self._load(layout, chosen=True)
        return self.state()

    def _load(self, layout: str, *, chosen: bool) -> None:
        if layout not in self._layouts():
            raise InputError(_("There is no keyboard layout “{name}” here.").format(name=layout))
        path = self._folder / f"{layout}{_SUFFIX}"
        result = self._runner.run(["loadkeys", "--quiet", "-C", self._console, str(path)])
        if result.exit_code != 0:
            said = " ".join(result.stderr.decode("utf-8", "replace").split())[:_MOST_CHARACTERS]
            raise ToolError(
                _("The layout was not loaded: {reason}.").format(
                    reason=said.rstrip(".") or f"{_('exit code')} {result.exit_code}"
                ),
                _("Try the keys before you go on."),
            )
        table = self._table()
        if table:
            try:
                write_durably(self._record, to_json(_Loaded(layout, table, chosen)))
            except OSError as error:
                raise ToolError(
                    _("The layout is loaded, and could not be noted: {reason}.").format(
                        reason=os_reason(error)
                    )
                ) from error

    def _layouts(self) -> tuple[str, ...]:
        try:
            names = [path.name.removesuffix(_SUFFIX) for path in self._folder.glob(f"*{_SUFFIX}")]
        except OSError:
            return ()
        return in_order([name for name in names if _NAME.fullmatch(name)])

    def _known(self) -> _Loaded | None:
        """None where nobody knows what is loaded: nothing was noted, or something else was loaded
        since."""
        try:
            loaded = from_json(self._record.read_bytes(), _Loaded)
        except (OSError, InputError):
            return None
        return loaded if loaded.table == self._table() else None

    def _table(self) -> str:
        """ "" where it cannot be read."""
        try:
            result = self._runner.run(["dumpkeys", "--numeric", "-C", self._console])
        except ToolError:
            return ""
        return sha256_hex(result.stdout) if result.exit_code == 0 and result.stdout else ""


def _is_console(terminal: int) -> bool:
    try:
        fcntl.ioctl(terminal, _KDGKBTYPE, b"\0")
    except OSError:
        return False
    return True
