"""ATA commands by SCSI / ATA Translation (SAT-4), on the open device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.passthrough.sgio import (
    CHECK_CONDITION,
    GOOD,
    KernelScsi,
    ScsiAccess,
    ScsiAnswer,
)
from reprise.errors import ToolError
from reprise.wire.ata import AtaCommand
from reprise.wire.sat import AtaReturn, parse_return, pass_through
from reprise.wire.sense import SenseKey, parse_sense

QUICK_MS = 15_000  # a drive may have to spin up first


@dataclass(frozen=True, slots=True)
class AtaAnswer:
    """How one command ended. `registers`: None where they did not come back."""

    registers: AtaReturn | None
    scsi: ScsiAnswer

    @property
    def data(self) -> bytes:
        return self.scsi.data

    @property
    def ok(self) -> bool:
        """The drive itself said that it did as told. A translation that gives no registers has
        to say GOOD."""
        if self.registers is not None:
            return self.registers.ok and self.scsi.arrived
        return self.scsi.ok

    @property
    def not_ata(self) -> bool:
        """The device does not know ATA PASS-THROUGH: it is none, or hides behind a bridge."""
        refused = self.scsi.arrived and self.scsi.status == CHECK_CONDITION
        if self.registers is not None or not refused:
            return False
        try:
            return parse_sense(self.scsi.sense).key == SenseKey.ILLEGAL_REQUEST
        except ToolError:
            return False

    @property
    def text(self) -> str:
        """For the evidence."""
        return self.registers.text if self.registers and self.scsi.arrived else self.scsi.text


class AtaAccess(Protocol):
    """The way to one open ATA drive. Raises OSError where the kernel, not the drive, said no (or
    the drive is gone). Blocks: call it beside (surface.pipeline)."""

    def send(
        self, device: BlockFile, command: AtaCommand, timeout_ms: int = QUICK_MS
    ) -> AtaAnswer: ...


class SatAta:
    """Implements AtaAccess."""

    def __init__(self, scsi: ScsiAccess | None = None) -> None:
        self._scsi = scsi or KernelScsi()

    def send(self, device: BlockFile, command: AtaCommand, timeout_ms: int = QUICK_MS) -> AtaAnswer:
        answer = self._scsi.send(
            device,
            pass_through(command),
            data_in=command.data_in,
            data_out=command.data,
            timeout_ms=timeout_ms,
        )
        # where the adapter or the bus failed, the sense buffer may hold another command's registers
        told = answer.arrived and answer.status in (GOOD, CHECK_CONDITION)
        return AtaAnswer(parse_return(answer.sense) if told else None, answer)
