"""Commands to one open ATA drive that never block the caller, and their evidence."""

from __future__ import annotations

import errno
from collections.abc import Callable, Generator, Iterator
from typing import TypeVar

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.firmware.calls import KERNEL_LATE_S, errno_name
from reprise.adapters.drives.passthrough.ata_taskfile import QUICK_MS, AtaAccess, AtaAnswer
from reprise.adapters.drives.surface.opening import LargerError, NotOpenedError
from reprise.adapters.drives.surface.pipeline import LateError, beside
from reprise.adapters.drives.surface.rescue import Stopped
from reprise.domain.erasure.progress import Progress
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.safety import another_serial
from reprise.domain.report.events import CommandRan, ObservationKind, Update
from reprise.errors import ToolError
from reprise.ports import StopFlag
from reprise.wire.ata import AtaCommand, identify_device
from reprise.wire.ata_identify import Identify, parse_identify
from reprise.wire.sat import pass_through

Ended = AtaAnswer | OSError
T = TypeVar("T")


def ended_well(answer: Ended) -> bool:
    return isinstance(answer, AtaAnswer) and answer.ok


def timed_out(answer: Ended) -> bool:
    """The kernel gave the command up, or did not even come back."""
    if isinstance(answer, OSError):
        return answer.errno == errno.ETIMEDOUT
    return answer.scsi.timed_out


def text_of(answer: Ended) -> str:
    return errno_name(answer) if isinstance(answer, OSError) else answer.text


def words_of(command: AtaCommand, *more: str) -> tuple[str, ...]:
    """For the evidence. The data blocks here hold a published password and flags: not shown."""
    return ("ATA", command.name, f"cdb={pass_through(command).hex()}", *more)


class AtaSession:
    """`show`: makes the Progress while a command runs. `drive`: its key in the journal."""

    def __init__(
        self,
        access: AtaAccess,
        device: BlockFile,
        drive: str,
        stop: StopFlag,
        show: Callable[[], Iterator[Progress]],
    ) -> None:
        self._access, self._device, self._drive = access, device, drive
        self._stop, self._show = stop, show

    def check_stop(self) -> None:
        if self._stop.is_set():
            raise Stopped

    def send(
        self, command: AtaCommand, timeout_ms: int = QUICK_MS, *, stoppable: bool = True
    ) -> Generator[Update, None, Ended]:
        """The drive's answer, or the kernel's error where the drive is still there; ETIMEDOUT
        where not even the kernel comes back. Raises DriveGoneError, and Stopped at the operator's
        wish where `stoppable` (the command itself goes on)."""
        (answer,) = yield from self.pair((command,), timeout_ms, stoppable=stoppable)
        return answer

    def run(
        self, command: AtaCommand, timeout_ms: int = QUICK_MS, *, stoppable: bool = True
    ) -> Generator[Update, None, Ended]:
        """`send`, and the event that shows it."""
        answer = yield from self.send(command, timeout_ms, stoppable=stoppable)
        yield self.ran(command, answer)
        return answer

    def pair(
        self, commands: tuple[AtaCommand, ...], timeout_ms: int, *, stoppable: bool = True
    ) -> Generator[Update, None, list[Ended]]:
        """Commands back to back in one thread, with udev held off the drive; the first that does
        not go well is the last. As many answers as commands were sent."""

        def work() -> list[Ended]:
            if len(commands) > 1:
                self._device.hold_udev()  # where it cannot be: a broken pair is given again
            ended: list[Ended] = []
            for command in commands:
                ended.append(self._one(command, timeout_ms))
                if not ended_well(ended[-1]):
                    break
            return ended

        limit_s = len(commands) * timeout_ms / 1000 + KERNEL_LATE_S
        late: list[Ended] = [OSError(errno.ETIMEDOUT, "the kernel does not come back")]
        answers = yield from self.beside(work, limit_s, late, stoppable=stoppable)
        for answer in answers:
            self._check_gone(answer)
        return answers

    def beside(
        self, work: Callable[[], T], limit_s: float, late: T, *, stoppable: bool = True
    ) -> Generator[Update, None, T]:
        """`work` in a thread; `late` where it takes longer than `limit_s`."""

        def meanwhile() -> Iterator[Progress]:
            if stoppable:
                self.check_stop()
            yield from self._show()

        try:
            return (yield from beside(work, limit_s, meanwhile))
        except LateError:
            return late

    def _one(self, command: AtaCommand, timeout_ms: int) -> Ended:
        try:
            return self._access.send(self._device, command, timeout_ms)
        except OSError as error:
            return error

    def _check_gone(self, answer: Ended) -> None:
        """A drive that lost its power answers with an error of the host adapter first."""
        if isinstance(answer, OSError):
            self._device.check_there(answer)
        elif not answer.scsi.arrived and not answer.scsi.timed_out:
            self._device.check_there(OSError(errno.EIO, answer.text))

    def ran(self, command: AtaCommand, answer: Ended, *more: str) -> CommandRan:
        failed_with = answer.scsi.status if isinstance(answer, AtaAnswer) else -1
        code = 0 if ended_well(answer) else failed_with or -1
        took_s = answer.scsi.duration_s if isinstance(answer, AtaAnswer) else 0.0
        return CommandRan(
            self._drive, words_of(command, *more), code, round(took_s, 3), text_of(answer)
        )

    def identify(self, *, stoppable: bool = True) -> Generator[Update, None, Identify | None]:
        """None where the drive gave no answer that can be trusted. Shown as an event, with the
        words that say how it stands."""
        command = identify_device()
        answer = yield from self.send(command, stoppable=stoppable)
        told = identity_in(answer)
        state = f"w128={told.words[128]:04x}" if told else "unreadable"
        yield self.ran(command, answer, state)
        return told


def identity_in(answer: Ended) -> Identify | None:
    if isinstance(answer, OSError) or not answer.ok:
        return None
    try:
        return parse_identify(answer.data)
    except ToolError:
        return None


def ask_identify(
    access: AtaAccess, device: BlockFile, planned: Drive, *, sized: bool = True
) -> Identify:
    """Before anything is written: the drive's own word on who it is, over the way that the
    commands will take. `sized`: it must agree with the kernel on its size. Raises NotOpenedError,
    DriveGoneError."""
    command = identify_device()
    try:
        answer: Ended = access.send(device, command)
    except OSError as error:
        device.check_there(error)
        answer = error
    identify = identity_in(answer)
    if identify is None:
        raise NotOpenedError(
            ObservationKind.COMMAND_FAILED, command=command.name, answer=text_of(answer)
        )
    serial = planned.identity.serial
    if another_serial(serial, identify.serial):
        raise NotOpenedError(
            ObservationKind.IDENTITY_CHANGED,
            fact="serial",
            planned=serial or "",
            found=identify.serial,
        )
    told = identify.visible_bytes or 0
    if sized and told > device.size_bytes:  # the same drive, of which a part is out of reach
        raise LargerError(
            ObservationKind.COMMAND_FAILED,
            command=command.name,
            refusal="drive-is-larger",
            planned=device.size_bytes,
            found=told,
        )
    if sized and told != device.size_bytes:
        raise NotOpenedError(
            ObservationKind.IDENTITY_CHANGED,
            fact="size_bytes",
            planned=device.size_bytes,
            found=told,
        )
    return identify


def another_drive(identify: Identify | None, planned: Drive) -> bool:
    """After the erase: whether the drive itself gives another serial number now. udev and the
    kernel keep the one that they read when it was plugged in."""
    return identify is not None and another_serial(planned.identity.serial, identify.serial)
