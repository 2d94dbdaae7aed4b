"""Procedure: erase every area of an eMMC, then let it purge what the erase has unmapped.

With SANITIZE_START (eMMC 4.5 and later) the areas are erased and then sanitized, as JESD84-B51
wants it; older devices get SECURE ERASE where they have it, else a plain erase. DISCARD is never
used: the standard lets sanitize leave discarded data behind.
"""

from __future__ import annotations

from collections.abc import Generator

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.capabilities.mmc import card_folder, check_size
from reprise.adapters.drives.firmware.calls import errno_name
from reprise.adapters.drives.firmware.mmc_areas import OtherAreas, find_areas
from reprise.adapters.drives.firmware.mmc_session import Failure, MmcSession
from reprise.adapters.drives.passthrough.mmc_ioctl import KernelMmc, MmcAccess
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.opening import NotOpenedError
from reprise.adapters.drives.surface.record import Record
from reprise.adapters.hardware.sysfs import Roots, read_int, read_text
from reprise.domain.drives.capabilities import Support
from reprise.domain.planning.policy import Policy
from reprise.domain.report.events import ObservationKind, Update
from reprise.errors import ToolError
from reprise.ports import Job, StopFlag
from reprise.wire.mmc import ExtCsd, parse_ext_csd, sanitize, send_ext_csd

_GROUP_BYTES = 512 << 10  # JESD84-B51, unit of HC_ERASE_GRP_SIZE: where the kernel tells none


class MmcErase:
    """Implements firmware.witnessed.Procedure."""

    def __init__(
        self, policy: Policy, access: MmcAccess | None = None, roots: Roots | None = None
    ) -> None:
        self._sanitize_ms = policy.sanitize_stuck_after_s * 1000
        self._access = access or KernelMmc()
        self._roots = roots or Roots()

    def check(self, device: BlockFile, job: Job) -> None:  # noqa: ARG002 - see Procedure
        """See Procedure: an eMMC, that tells what it can and how large it is."""
        if read_text(card_folder(device, self._roots) / "type") != "MMC":
            raise NotOpenedError(ObservationKind.COMMAND_FAILED, command="open", refusal="no-emmc")
        self._register(device)

    def _register(self, device: BlockFile) -> ExtCsd:
        name = send_ext_csd().name
        try:
            told = parse_ext_csd(self._access.read(device, send_ext_csd()))
            check_size(told, device)
        except OSError as error:
            device.check_there(error)
            raise NotOpenedError(
                ObservationKind.COMMAND_FAILED, command=name, errno=errno_name(error)
            ) from error
        except ToolError as error:
            raise NotOpenedError(
                ObservationKind.COMMAND_FAILED, command=name, error=str(error)
            ) from error
        return told

    def run(
        self, device: BlockFile, job: Job, record: Record, stop: StopFlag
    ) -> Generator[Update, None, bool]:
        """See Procedure. An erase that was cut off has no progress to be asked for: the next
        session begins anew."""
        if job.reattach:
            yield record.observe(ObservationKind.STATUS_NOT_OURS, command="ERASE")
            return False
        told = self._register(device)
        group = read_int(card_folder(device, self._roots) / "erase_size") or _GROUP_BYTES
        meter = Meter(record.drive, record.phase, device.size_bytes)
        session = MmcSession(
            self._access, told, group_bytes=group, record=record, stop=stop, meter=meter
        )
        others = OtherAreas(find_areas(device, self._roots), session, record, stop)
        failure = yield from self._all(session, device, others, told, record)
        if failure is not None:
            yield record.observe(failure.kind, **failure.detail)
            return False
        yield from others.look()
        yield record.observe(
            ObservationKind.COMMAND_FINISHED,
            command="ERASE",
            duration_s=round(meter.elapsed_s, 3),
            sanitized=int(told.sanitize is Support.YES),
            areas=" ".join(("user", *others.states)),
        )
        return True

    def _all(
        self,
        session: MmcSession,
        device: BlockFile,
        others: OtherAreas,
        told: ExtCsd,
        record: Record,
    ) -> Generator[Update, None, Failure | None]:
        failure = yield from session.erase(device, "user", shown=True)
        if failure is not None:
            return failure
        yield record.observe(ObservationKind.COMMAND_ACCEPTED, command="ERASE")
        yield from others.erase((2 if told.boot_bytes else 0) + told.general_purpose_areas)
        if told.sanitize is not Support.YES:
            return None
        return (yield from session.command(device, sanitize(self._sanitize_ms)))
