"""Commands of one job on one eMMC: never blocking us, each with its evidence."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.firmware.calls import KERNEL_LATE_S, Calls, errno_name
from reprise.adapters.drives.passthrough.mmc_ioctl import MmcAccess
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.pipeline import LateError, beside
from reprise.adapters.drives.surface.record import Record
from reprise.domain.drives.capabilities import Support
from reprise.domain.report.events import CommandRan, ObservationKind, Update
from reprise.ports import StopFlag
from reprise.wire.mmc import SECTOR_BYTES, ExtCsd, MmcCommand, complaints, erase, unfinished

_PARTS = 32  # of one area: each has its evidence, and a stop is honoured in between
_PART_BYTES = 256 << 20  # at least
_GROUP_MS = 300  # JESD84-B51, unit of the time-outs: where a device tells none
_LONGEST_MS, _SHORTEST_MS = 1_800_000, 30_000


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something was not done; `kind` and `detail` are an observation to record."""

    kind: ObservationKind
    detail: dict[str, str | int] = field(default_factory=dict)

    @property
    def unsupported(self) -> bool:
        return self.detail.get("errno") == errno.errorcode[errno.EOPNOTSUPP]


class MmcSession(Calls):
    def __init__(
        self,
        access: MmcAccess,
        told: ExtCsd,
        *,
        group_bytes: int,
        record: Record,
        stop: StopFlag,
        meter: Meter,
    ) -> None:
        """`group_bytes`: one erase group; `meter`: over the user area."""
        self._access, self._told, self._group = access, told, group_bytes
        super().__init__(record, stop, meter)

    def erase_area(self, device: BlockFile, name: str) -> Generator[Update, None, Failure | None]:
        """See mmc_areas.AreaEraser."""
        return (yield from self.erase(device, name))

    def beat(self, *, moved: bool) -> Iterator[Update]:  # noqa: ARG002 - see AreaEraser
        """See mmc_areas.AreaEraser: a device that hangs is broken off by the kernel."""
        yield from self._meanwhile()

    def erase(
        self, device: BlockFile, name: str, *, shown: bool = False
    ) -> Generator[Update, None, Failure | None]:
        """All of one area; `shown`: it moves the meter. None where the device did it."""
        secure = self._told.sanitize is not Support.YES and self._told.secure_erase is Support.YES
        step = max(_PART_BYTES, device.size_bytes // _PARTS) // self._group * self._group
        step = max(step, self._group)
        at = 0
        while at < device.size_bytes:
            self.check_stop()
            length = min(step, device.size_bytes - at)
            failure = yield from self._part(device, name, at, length, secure=secure)
            if failure is not None and failure.unsupported and secure and not at:
                secure = False  # the kernel knows this device for doing it badly: nothing was sent
                continue
            if failure is not None:
                return failure
            at += length
            if shown:
                yield from self.meter.at(at)
        return None

    def _part(
        self, device: BlockFile, name: str, at: int, length: int, *, secure: bool
    ) -> Generator[Update, None, Failure | None]:
        groups = -(-length // self._group)
        place = (f"area={name}", f"offset={at}", f"bytes={length}")
        if secure:
            ms = _LONGEST_MS  # the driver's own time-outs apply
            return (
                yield from self._call(
                    device,
                    ("eMMC", "SECURE ERASE", *place),
                    lambda: self._access.secure_erase(device, at, length),
                    ms,
                    0,
                )
            )
        trim = length % self._group != 0 and self._told.trim is Support.YES
        unit_ms = (self._told.trim_group_ms if trim else self._told.erase_group_ms) or _GROUP_MS
        ms = min(max(groups * unit_ms, _SHORTEST_MS), _LONGEST_MS)
        commands = erase(
            at // SECTOR_BYTES,
            length // SECTOR_BYTES,
            by_sector=self._told.by_sector,
            trim=trim,
            ms=ms,
        )
        words = (*commands[2].words, *place)
        return (
            yield from self._call(
                device,
                words,
                lambda: self._access.send(device, commands),
                ms * len(commands),
                len(commands),
            )
        )

    def command(
        self, device: BlockFile, command: MmcCommand
    ) -> Generator[Update, None, Failure | None]:
        """One command without data, e.g. sanitize. None where the device did it."""
        return (
            yield from self._call(
                device,
                command.words,
                lambda: self._access.send(device, (command,)),
                command.timeout_ms,
                1,
            )
        )

    def _call(
        self,
        device: BlockFile,
        words: tuple[str, ...],
        function: Callable[[], tuple[int, ...] | None],
        timeout_ms: int,
        sent: int,
    ) -> Generator[Update, None, Failure | None]:
        """`sent`: how many responses there must be. Raises DriveGoneError, and Stopped at the
        operator's wish (what was sent goes on)."""
        began = time.monotonic()
        limit_s = timeout_ms / 1000 + KERNEL_LATE_S
        try:
            statuses = yield from beside(function, limit_s, self._meanwhile)
        except LateError:
            return self._hung(words, began)
        except OSError as error:
            device.check_there(error)
            yield self._ran(words, -(error.errno or errno.EIO), began, errno_name(error))
            if error.errno == errno.ETIMEDOUT:  # the kernel broke it off, the device was busy
                return self._hung(words, began)
            return self._failure(ObservationKind.COMMAND_FAILED, words, errno=errno_name(error))
        return (yield from self._ended(words, began, statuses or (), sent))

    def _hung(self, words: tuple[str, ...], began: float) -> Failure:
        seconds = round(time.monotonic() - began)
        return self._failure(ObservationKind.COMMAND_HUNG, words, seconds=seconds)

    def _ended(
        self, words: tuple[str, ...], began: float, statuses: tuple[int, ...], sent: int
    ) -> Generator[Update, None, Failure | None]:
        shown = " ".join(f"{status:08x}" for status in statuses)
        wrong = sorted({name for status in statuses for name in complaints(status)})
        wrong += unfinished(statuses, sent)
        yield self._ran(words, int(bool(wrong)), began, f"{shown} {' '.join(wrong)}".strip())
        if wrong:
            return self._failure(ObservationKind.COMMAND_FAILED, words, status=" ".join(wrong))
        return None

    def _ran(self, words: tuple[str, ...], code: int, began: float, output: str) -> CommandRan:
        """Negative exit codes are the kernel's errno; 1: the device complained."""
        took_s = round(time.monotonic() - began, 3)
        return CommandRan(self._record.drive, words, code, took_s, output)

    @staticmethod
    def _failure(kind: ObservationKind, words: tuple[str, ...], **detail: str | int) -> Failure:
        return Failure(kind, {"command": words[1], **detail})
