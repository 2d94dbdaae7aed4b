"""Asking one drive through external tools, without letting a dead one hold up the others."""

from __future__ import annotations

from collections.abc import Sequence

from reprise.domain.pc.hardware import Reason, SmartFacts
from reprise.errors import ToolError
from reprise.ports import CommandResult, CommandRunner
from reprise.tools.blkid import (
    EXIT_NOTHING,
    BlkidFacts,
    argv_blkid,
    argv_blkid_iso,
    parse_blkid,
)
from reprise.tools.lsblk import LsblkRow, argv_lsblk, parse_lsblk
from reprise.tools.smartctl import SmartReading, argv_smartctl, parse_json, said_by

_QUICK_S = 15.0
_SMART_S = 40.0  # a drive may have to spin up first
_MAX_WORDS = 200
AMBIVALENT = "ambivalent"  # blkid found signs of more than one content


class DriveAsker:
    """All questions to one drive. The first time-out is the last question: what hangs once
    hangs again. Answers are None where there is none; `notes` says why. `silent`: a reason not to
    ask at all, or no more."""

    def __init__(self, runner: CommandRunner, node: str, silent: str = "") -> None:
        self._runner = runner
        self._node = node
        self.silent = silent
        self.notes: dict[str, str] = {}

    def _ask(self, argv: Sequence[str], fact: str, timeout_s: float) -> CommandResult | None:
        if self.silent:
            self.notes[fact] = self.silent
            return None
        try:
            result = self._runner.run(argv, timeout_s)
        except ToolError:
            self.notes[fact] = Reason.TOOL_MISSING.because(argv[0])
            return None
        if result.timed_out:
            self.silent = Reason.TIMED_OUT
            self.notes[fact] = Reason.TIMED_OUT.because(argv[0])
            return None
        return result

    def lsblk(self) -> LsblkRow | None:
        result = self._ask(argv_lsblk(self._node), "lsblk", _QUICK_S)
        if result is None:
            return None
        try:
            rows = parse_lsblk(result.stdout)
        except ToolError:
            self.notes["lsblk"] = Reason.TOOL_FAILED.because(_words(result))
            return None
        return next((row for row in rows if row.path == self._node), None)

    def blkid(self, node: str, fact: str) -> BlkidFacts | None:
        """What is on this drive or partition; None (with a note) where that is not known."""
        return self._blkid(argv_blkid(node), fact)

    def iso_label(self, fact: str) -> BlkidFacts | None:
        """A look at the whole drive for an ISO 9660 volume only."""
        return self._blkid(argv_blkid_iso(self._node), fact)

    def _blkid(self, argv: Sequence[str], fact: str) -> BlkidFacts | None:
        result = self._ask(argv, fact, _QUICK_S)
        if result is None:
            return None
        said = _words(result)
        if result.exit_code == 0 or (result.exit_code == EXIT_NOTHING and not said):
            return parse_blkid(result.text)
        self.notes[fact] = _denied(said) or Reason.UNREADABLE.because(said or AMBIVALENT)
        return None

    def smart(self, *, usb: bool) -> SmartReading:
        """Health and age. A USB bridge that smartctl does not know is asked once more in the
        way most of them understand (SCSI/ATA translation)."""
        reading = self._smart(None)
        if usb and "USB bridge" in self.notes.get("smart.health", ""):
            reading = self._smart("sat")
        return reading

    def _smart(self, device_type: str | None) -> SmartReading:
        result = self._ask(argv_smartctl(self._node, device_type), "smart.health", _SMART_S)
        if result is None:
            return no_smart(self.notes["smart.health"])
        try:
            reading = parse_json(result.stdout)
        except ToolError:
            said = said_by(result.stdout)[:_MAX_WORDS] or _words(result)
            self.notes["smart.health"] = _denied(said) or Reason.TOOL_FAILED.because(said)
            return no_smart(self.notes["smart.health"])
        self.notes.pop("smart.health", None)
        return reading


def no_smart(reason: str) -> SmartReading:
    """The reading of a drive that has no SMART, or that did not answer."""
    return SmartReading(smart=SmartFacts(), unknown={"smart.health": reason})


def _words(result: CommandResult) -> str:
    said = result.stderr.decode("utf-8", "replace").split("\n", 1)[0].strip()
    return said[:_MAX_WORDS]


def _denied(said: str) -> str | None:
    """Only for EACCES: a node that root may not open either ("Operation not permitted") says
    so itself."""
    return Reason.NEEDS_ROOT.value if "Permission denied" in said else None
