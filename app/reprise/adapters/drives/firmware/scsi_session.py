"""Commands of one job on one open SCSI device: never blocking us, each with its evidence."""

from __future__ import annotations

import errno
from collections.abc import Generator
from dataclasses import dataclass

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.firmware.calls import Calls, errno_name
from reprise.adapters.drives.passthrough.sgio import ScsiAccess, ScsiAnswer
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.record import Record
from reprise.domain.report.events import CommandRan, Update
from reprise.errors import ToolError
from reprise.ports import StopFlag
from reprise.wire import scsi
from reprise.wire.sense import Sense, SenseKey, has_code, parse_sense

_KEPT_BYTES = 64  # of an answer, for the evidence
_TRIES = 4  # UNIT ATTENTION: the command was not carried out, the drive had news to tell first


@dataclass(frozen=True, slots=True)
class ScsiCommand:
    """`data_in`: how much the drive may send; `data_out`: what it is sent."""

    name: str
    cdb: bytes
    data_in: int = 0
    data_out: bytes = b""
    timeout_ms: int = 60_000

    @property
    def words(self) -> tuple[str, ...]:
        """For the evidence."""
        sent = (f"data={self.data_out.hex()}",) if self.data_out else ()
        return ("SCSI", self.name, f"cdb={self.cdb.hex()}", *sent)

    def send(self, access: ScsiAccess, device: BlockFile) -> ScsiAnswer:
        """Blocks. Raises OSError."""
        return access.send(
            device,
            self.cdb,
            data_in=self.data_in,
            data_out=self.data_out,
            timeout_ms=self.timeout_ms,
        )


_QUICK_MS = 20_000  # commands that a drive answers whatever it is at
REQUEST_SENSE = ScsiCommand(
    "REQUEST SENSE", scsi.request_sense(), data_in=scsi.REPLY_BYTES, timeout_ms=_QUICK_MS
)
TEST_UNIT_READY = ScsiCommand("TEST UNIT READY", scsi.test_unit_ready(), timeout_ms=_QUICK_MS)


def refused_with(answer: ScsiAnswer | OSError) -> Sense | None:
    """The sense data of a command that was not carried out; None where there is none, or none
    that can be read."""
    if isinstance(answer, OSError) or not answer.arrived:
        return None
    return _parsed(answer.sense)


def condition(answer: ScsiAnswer | OSError) -> Sense | None:
    """What REQUEST SENSE told of the unit: as data, or (against the standard, but seen) as the
    sense data of a refusal. None where there is no answer that can be read; "no sense" that was cut
    off before its code may have been a unit at work."""
    if isinstance(answer, OSError) or not answer.arrived:
        return None
    told = answer.data if answer.ok else answer.sense
    return _parsed(told) if has_code(told) else None


def _parsed(data: bytes) -> Sense | None:
    try:
        return parse_sense(data)
    except ToolError:
        return None


def explained(answer: ScsiAnswer | OSError) -> dict[str, str]:
    """For a COMMAND_FAILED."""
    if isinstance(answer, OSError):
        return {"errno": errno_name(answer)}
    sense = refused_with(answer)
    return {"status": answer.text} | ({"sense": sense.text} if sense else {})


class ScsiSession(Calls):
    def __init__(
        self, access: ScsiAccess, device: BlockFile, record: Record, stop: StopFlag, meter: Meter
    ) -> None:
        super().__init__(record, stop, meter)
        self._access, self._device = access, device

    def send(self, command: ScsiCommand) -> Generator[Update, None, ScsiAnswer | OSError]:
        """The drive's answer, or the kernel's error: see Calls._answered."""

        def work() -> ScsiAnswer:
            return command.send(self._access, self._device)

        answer = yield from self._answered(self._device, work, command.timeout_ms / 1000)
        if not isinstance(answer, OSError) and answer.host_status:
            self._device.check_there(OSError(errno.EIO, answer.text))
        return answer

    def run(self, command: ScsiCommand) -> Generator[Update, None, ScsiAnswer | OSError]:
        """`send`, with its CommandRan; again where the drive had news (UNIT ATTENTION) and so did
        not carry it out."""
        for _try in range(_TRIES):
            answer = yield from self.send(command)
            yield self.ran(command, answer)
            sense = refused_with(answer)
            if sense is None or sense.key != SenseKey.UNIT_ATTENTION:
                break
        return answer

    def ran(self, command: ScsiCommand, answer: ScsiAnswer | OSError) -> CommandRan:
        """Negative exit codes are the kernel's errno; others the SCSI status."""
        if isinstance(answer, OSError):
            code, took_s, output = -(answer.errno or errno.EIO), 0.0, errno_name(answer)
        else:
            code = answer.status if answer.arrived else -errno.EIO
            took_s = round(answer.duration_s, 3)
            output = f"{answer.text} {answer.data[:_KEPT_BYTES].hex()}".strip()
        return CommandRan(self._record.drive, command.words, code, took_s, output)
