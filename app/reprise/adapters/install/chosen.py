"""The drive that was chosen, held from the last look at it to the last byte: its name means no
other drive meanwhile, and it says itself who it is before anything is written and before anything
is claimed. The kernel only knows what it read when a drive was plugged in: in a dock, a caddy or
behind an adapter another may stand in its place under the same name."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reprise.adapters.drives.blockio import GONE, BlockFile, DriveGoneError, aligned_buffer
from reprise.adapters.drives.surface.compare import is_zero
from reprise.adapters.drives.surface.erased_pattern import Pattern, appearance_of
from reprise.adapters.drives.surface.keystream import Keystream
from reprise.adapters.drives.surface.opening import (
    Asks,
    NotOpenedError,
    check_word,
    open_judged,
)
from reprise.adapters.install.steps import InstallProblem
from reprise.domain.install.images import InstallFailure
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.plan import Refusal
from reprise.domain.planning.safety import dock_alone_tells
from reprise.domain.planning.techniques import Technique
from reprise.domain.report.events import ObservationKind
from reprise.domain.report.report import AttemptRecord
from reprise.ports import DriveProbe, InstallRequest

_MIB = 1 << 20
# From the start: MBR boot code, GPT, GRUB's core image (1 MiB at 1 MiB) and the head of the ESP.
# At the end: the GPT's second copy (UEFI Specification 2.10, 5.3.1).
_HEAD_BYTES = 8 * _MIB
_TAIL_BYTES = _MIB
# What erased itself is looked at in such pieces: zeros may stand beside noise.
_PIECE_BYTES = 4096
# Known of the drive itself: whatever follows, nobody is to trust it.
_OF_THE_DRIVE = (InstallFailure.NOT_AS_WRITTEN, InstallFailure.NOT_CLEAN)


class ChosenDrive:
    """Everything raises InstallProblem, and OSError for the drive."""

    def __init__(self, request: InstallRequest, device: BlockFile, asks: Asks) -> None:
        self._request, self._device, self._asks = request, device, asks

    def begin(self, probe: DriveProbe, judge: Callable[[Drive], tuple[Refusal, ...]]) -> None:
        """The first bytes: what was there starts no PC any more. They go through the descriptor on
        which the drive was claimed, looked at (`judge`: the reasons against it) and asked."""
        drive = self._request.drive
        with _told(drive.node, self._device), open_judged(drive, probe, judge) as device:
            check_word(self._request, device, self._asks)
            if self._request.erased and dock_alone_tells(drive, self._request.own):
                _check_erased(device, self._request.erased)
            _wipe(device)

    def check(self) -> None:
        """It is still the same."""
        with _told(self._device.node, self._device):
            check_word(self._request, self._device, self._asks)

    def wipe(self) -> None:
        """What was begun starts no PC, and looks whole to nobody."""
        node = self._device.node
        with (
            _told(node, self._device),
            BlockFile(node, writable=True, exclusive=False) as device,
        ):
            check_word(self._request, device, self._asks)
            _wipe(device)

    @contextmanager
    def undoing(self, cause: BaseException) -> Iterator[None]:
        """While what `cause` ended is taken back. Another drive, one that is gone or silent is told
        in its place. Of a drive's own fault that is another one alone: it was read back, not this.
        One that had left by then has no fault: the programs that read it found nothing."""
        own_fault = isinstance(cause, InstallProblem) and cause.code in _OF_THE_DRIVE
        own_fault = own_fault and self._device.is_there()
        try:
            yield
        except InstallProblem as after:
            if not own_fault or after.code is InstallFailure.ANOTHER_DRIVE:
                raise
        except OSError:
            if not own_fault:
                raise


@contextmanager
def held(request: InstallRequest, asks: Asks) -> Iterator[ChosenDrive]:
    """While it is open the kernel gives the drive's name to no other: what is looked at and then
    written by its path is one drive, though it be unplugged and another plugged in meanwhile.
    No claim, which the tools that follow would meet. Raises InstallProblem, OSError."""
    with _told(request.drive.node):
        device = BlockFile(request.drive.node, writable=False, exclusive=False)
    with device:
        yield ChosenDrive(request, device, asks)


def refused(reasons: tuple[Refusal, ...]) -> InstallProblem:
    words = ", ".join(f"{r.code} ({r.detail})" if r.detail else r.code for r in reasons)
    return InstallProblem(InstallFailure.REFUSED, words)


@contextmanager
def _told(node: str, device: BlockFile | None = None) -> Iterator[None]:
    """Of a drive that left, or that is not as it was: as InstallProblem. Of what was under way when
    it left (`device`: the open drive) the kernel may tell no more than of a bad sector."""
    try:
        yield
    except DriveGoneError as error:
        raise InstallProblem(InstallFailure.DRIVE_GONE, node) from error
    except NotOpenedError as error:
        raise _problem(node, error) from error
    except OSError as error:
        left = device is not None and not device.is_there()
        if error.errno not in GONE | {errno.ENOENT} and not left:
            raise
        raise InstallProblem(InstallFailure.DRIVE_GONE, node) from error


def _problem(node: str, error: NotOpenedError) -> InstallProblem:
    detail = error.detail
    if error.refusals:
        return refused(error.refusals)
    if error.kind is ObservationKind.IDENTITY_CHANGED:
        return InstallProblem(
            InstallFailure.ANOTHER_DRIVE, "{fact}: {planned} -> {found}".format_map(detail)
        )
    if detail.get("refusal") == "identity-silent":
        return InstallProblem(InstallFailure.SILENT_DRIVE, node)
    if "errno" in detail:
        return InstallProblem(InstallFailure.DRIVE_BUSY, f"{node}: {detail['errno']}")
    return InstallProblem(InstallFailure.REFUSED, str(detail.get("error") or detail.get("refusal")))


def _check_erased(device: BlockFile, by: AttemptRecord) -> None:
    """One that was erased and never said who it is, is told by that alone: its head shows the very
    stream that was written, or, where it erased itself, nothing that may be data. Raises
    InstallProblem."""
    head = aligned_buffer(min(_HEAD_BYTES, device.size_bytes))
    device.read_into(0, head)
    overwritten = by.attempt.technique is Technique.OVERWRITE
    if overwritten:
        Keystream(by.job_id, bytes.fromhex(by.job_key), by.stream).mix(head, 0)
    left = is_zero if overwritten else _shows_no_data
    for at in range(0, len(head), _PIECE_BYTES):
        if not left(head[at : at + _PIECE_BYTES]):
            raise InstallProblem(InstallFailure.ANOTHER_DRIVE, f"{device.node}: {at}")


def _shows_no_data(piece: memoryview) -> bool:
    return appearance_of(piece).pattern is not Pattern.DATA


def _wipe(device: BlockFile) -> None:
    size = device.size_bytes
    _zero(device, 0, min(_HEAD_BYTES, size))
    _zero(device, max(0, size - _TAIL_BYTES), size)
    device.flush()


def _zero(device: BlockFile, start: int, end: int) -> None:
    zeros = aligned_buffer(_MIB)
    while start < end:
        part = zeros[: min(_MIB, end - start)]
        device.write_from(start, part)
        start += len(part)
