"""One job on one open NVMe namespace: is it the planned one, and commands that never block."""

from __future__ import annotations

import errno
import time
from collections.abc import Generator

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.capabilities.nvme import NvmeQuestions
from reprise.adapters.drives.firmware.calls import Calls, errno_name
from reprise.adapters.drives.passthrough.nvme_admin import Answer, NvmeAdmin
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.opening import NotOpenedError
from reprise.adapters.drives.surface.record import Record
from reprise.adapters.hardware.nvme_nodes import nodes_elsewhere
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.drives.capabilities import Support
from reprise.domain.planning.safety import another_serial
from reprise.domain.report.events import CommandRan, Event, ObservationKind, Update
from reprise.errors import ToolError
from reprise.ports import Job, StopFlag
from reprise.wire.nvme import AdminCommand, Controller, identify_controller, parse_controller
from reprise.wire.nvme_status import meaning, refusal

_KEPT_BYTES = 64  # of an answer, for the evidence


def ask(admin: NvmeAdmin, device: BlockFile, command: AdminCommand) -> Answer:
    """One quick reading command before anything is written. Raises NotOpenedError where the drive
    does not answer it, DriveGoneError."""
    try:
        answer = admin.send(device, command)
    except OSError as error:
        device.check_there(error)
        raise NotOpenedError(
            ObservationKind.COMMAND_FAILED, command=command.name, errno=errno_name(error)
        ) from error
    if not answer.ok:
        raise NotOpenedError(
            ObservationKind.COMMAND_FAILED, command=command.name, **explained(answer.status)
        )
    return answer


def explained(status: int) -> dict[str, str]:
    """For a COMMAND_FAILED: the raw status and what it says."""
    return {
        "status": f"0x{status:04x}",
        "meaning": meaning(status).value,
        "refusal": refusal(status).value,
    }


def check_planned(admin: NvmeAdmin, device: BlockFile, job: Job, *, format_: bool) -> Controller:
    """The device's own word on who it is, and that the operation can reach no namespace of another
    plan. For a sanitize none but the confirmed one may be active, nor shown by another controller
    of the same drive. For a format none but it may exist, unless this controller's formats reach
    only the one that they name and there are as many as planned, all active. Raises NotOpenedError,
    DriveGoneError."""
    namespace_id = _check_namespace(admin, device, job)
    try:
        controller = parse_controller(ask(admin, device, identify_controller()).data)
    except ToolError as error:
        raise NotOpenedError(
            ObservationKind.COMMAND_FAILED, command="Identify Controller", error=str(error)
        ) from error
    if another_controller(controller, job):
        raise NotOpenedError(
            ObservationKind.IDENTITY_CHANGED,
            fact="serial",
            planned=job.drive.identity.serial or "",
            found=controller.serial,
        )
    active, allocated = NvmeQuestions(admin, device, {}).namespaces(controller)
    nvme = job.capabilities.nvme if job.capabilities else None
    planned = (nvme.namespaces if nvme else None) or 1
    if allocated is None and controller.namespace_management is Support.NO:
        allocated = active
    others = nodes_elsewhere(Roots(), device.number)
    alone = active == 1 and not others and not (format_ and allocated != 1)
    apart = format_ and not controller.format_reaches_all and active == allocated == planned
    if not (alone or apart):
        raise NotOpenedError(
            ObservationKind.IDENTITY_CHANGED,
            fact="namespaces",
            planned=planned,
            found=max(active or 0, allocated or 0, len(others) + 1),
            namespace=namespace_id,
        )
    return controller


def another_controller(controller: Controller, job: Job) -> bool:
    """Whether it gives another serial number than the planned drive's."""
    return another_serial(job.drive.identity.serial, controller.serial)


def _check_namespace(admin: NvmeAdmin, device: BlockFile, job: Job) -> int:
    nvme = job.capabilities.nvme if job.capabilities else None
    planned = nvme.namespace_id if nvme else None
    try:
        nsid = admin.namespace_id(device)
    except OSError as error:
        device.check_there(error)
        raise NotOpenedError(
            ObservationKind.COMMAND_FAILED, command="NVME_IOCTL_ID", errno=errno_name(error)
        ) from error
    if nsid != planned or nsid <= 0:
        raise NotOpenedError(
            ObservationKind.IDENTITY_CHANGED, fact="namespace", planned=planned or 0, found=nsid
        )
    return nsid


class NvmeSession(Calls):
    """Commands of one job, each run beside the caller with Progress meanwhile."""

    def __init__(
        self, admin: NvmeAdmin, device: BlockFile, record: Record, stop: StopFlag, meter: Meter
    ) -> None:
        super().__init__(record, stop, meter)
        self._admin, self._device = admin, device
        self.took_s = 0.0  # by the last command, on our clock

    def send(
        self, command: AdminCommand, timeout_ms: int
    ) -> Generator[Update, None, Answer | OSError]:
        """The drive's answer, or the kernel's error: see Calls._answered."""
        began, self.took_s = time.monotonic(), 0.0

        def work() -> Answer:
            return self._admin.send(self._device, command, timeout_ms)

        try:
            return (yield from self._answered(self._device, work, timeout_ms / 1000))
        finally:
            self.took_s = time.monotonic() - began

    def run(
        self, command: AdminCommand, timeout_ms: int
    ) -> Generator[Update, None, Answer | OSError]:
        """`send`, with its CommandRan."""
        answer = yield from self.send(command, timeout_ms)
        yield self.ran(command, answer)
        return answer

    def ran(self, command: AdminCommand, answer: Answer | OSError) -> CommandRan:
        """Negative exit codes are the kernel's errno; others the drive's status."""
        if isinstance(answer, OSError):
            return CommandRan(
                drive=self._record.drive,
                argv=command.words,
                exit_code=-(answer.errno or errno.EIO),
                duration_s=round(self.took_s, 3),
                output=errno_name(answer),
            )
        shown = answer.data[:_KEPT_BYTES].hex()
        return CommandRan(
            drive=self._record.drive,
            argv=command.words,
            exit_code=answer.status,
            duration_s=round(answer.duration_s, 3),
            output=f"status={answer.status:04x} dword0={answer.dword0:08x} {shown}".strip(),
        )

    def failed(self, command: AdminCommand, answer: Answer | OSError) -> Event:
        """The observation for a command that was not carried out."""
        if isinstance(answer, OSError):
            return self._record.observe(
                ObservationKind.COMMAND_FAILED, command=command.name, errno=errno_name(answer)
            )
        return self._record.observe(
            ObservationKind.COMMAND_FAILED, command=command.name, **explained(answer.status)
        )
