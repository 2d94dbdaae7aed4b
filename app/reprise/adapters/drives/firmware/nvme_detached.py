"""The detached namespaces of an NVMe drive, under the overwrite of the one that is attached.

Each is attached (NVM Express Base 2.0, 5.20), overwritten and read back like the drive itself, and
detached again; only where the confirmed plan says so. A cut in between leaves it attached: the next
start then shows it as a drive of its own.
"""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID, uuid5

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.firmware.calls import errno_name
from reprise.adapters.drives.firmware.nvme_session import (
    NvmeSession,
    another_controller,
    ask,
    explained,
)
from reprise.adapters.drives.passthrough.nvme_admin import NvmeAdmin
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.opening import NotOpenedError
from reprise.adapters.drives.surface.record import Record
from reprise.adapters.hardware.nvme_nodes import home, nodes_elsewhere
from reprise.adapters.hardware.sysfs import Roots, names, read_int, read_text
from reprise.domain.planning.techniques import Verdict
from reprise.domain.report.events import AttemptFinished, ObservationKind, Update
from reprise.errors import ToolError
from reprise.ports import Job, StopFlag
from reprise.wire.nvme import (
    Controller,
    active_namespaces,
    allocated_namespaces,
    attach_namespace,
    detach_namespace,
    identify_controller,
    parse_controller,
    parse_namespace_list,
)

# Overwrites and reads back one open namespace, as a job of its own.
Surface = Callable[[BlockFile, Job], Generator[Update, None, AttemptFinished]]

_NODE = re.compile(r"nvme\d+n\d+")
_ATTACH_MS = 60_000
_SHOWN_S = 15.0  # within which the kernel should show a namespace that was attached
_TICK_S = 0.25


@dataclass(frozen=True, slots=True)
class _Found:
    node: str
    number: str  # major:minor


class Detached:
    """`device`: the open namespace of the drive, known to be the planned one."""

    def __init__(
        self, device: BlockFile, job: Job, roots: Roots, admin: NvmeAdmin, surface: Surface
    ) -> None:
        self._device, self._job, self._roots = device, job, roots
        self._admin, self._surface = admin, surface

    def overwrite(self, record: Record, stop: StopFlag) -> Iterator[Update]:
        """AREA_ERASED, AREA_KEPT_DATA or AREA_UNKNOWN is observed of each. Raises NotOpenedError
        where the controller is not the planned one, DriveGoneError, Stopped, HungError."""
        meter = Meter(record.drive, "verify", record.required_bytes)
        session = NvmeSession(self._admin, self._device, record, stop, meter)
        try:
            controller, detached = self._asked()
        except ToolError as error:
            yield record.observe(ObservationKind.AREA_UNKNOWN, area="namespaces", why=str(error))
            return
        if nodes_elsewhere(self._roots, self._device.number):  # it may be what they show
            yield record.observe(ObservationKind.AREA_UNKNOWN, area="namespaces", why="shared")
            return
        if len(detached) < self._expected():
            count = len(detached)
            yield record.observe(ObservationKind.AREA_UNKNOWN, area="namespaces", found=count)
        for namespace_id in detached:
            yield from self._one(session, controller, namespace_id, record)

    def _expected(self) -> int:
        """How many there were when the job was made: one at least, or it would not be here."""
        nvme = self._job.capabilities.nvme if self._job.capabilities else None
        told = (nvme.namespaces_allocated or 0) - (nvme.namespaces or 0) if nvme else 0
        return max(told, 1)

    def _asked(self) -> tuple[Controller, tuple[int, ...]]:
        """Raises ToolError where the drive's answer is none, NotOpenedError, DriveGoneError."""
        controller = parse_controller(ask(self._admin, self._device, identify_controller()).data)
        if another_controller(controller, self._job):
            raise NotOpenedError(
                ObservationKind.IDENTITY_CHANGED, fact="serial", found=controller.serial
            )
        lists = [
            parse_namespace_list(ask(self._admin, self._device, command).data)
            for command in (allocated_namespaces(), active_namespaces())
        ]
        return controller, tuple(sorted(set(lists[0]) - set(lists[1])))

    def _one(
        self, session: NvmeSession, controller: Controller, namespace_id: int, record: Record
    ) -> Iterator[Update]:
        area = f"namespace-{namespace_id}"
        command = attach_namespace(namespace_id, controller.controller_id)
        answer = yield from session.run(command, _ATTACH_MS)
        if isinstance(answer, OSError):
            yield record.observe(ObservationKind.AREA_UNKNOWN, area=area, errno=errno_name(answer))
            return
        if not answer.ok:  # private to another controller, say
            yield record.observe(
                ObservationKind.AREA_UNKNOWN, area=area, **explained(answer.status)
            )
            return
        try:
            yield from self._attached(session, namespace_id, area, record)
        except OSError as error:
            yield record.observe(ObservationKind.AREA_UNKNOWN, area=area, errno=errno_name(error))
        back = detach_namespace(namespace_id, controller.controller_id)
        answer = yield from session.run(back, _ATTACH_MS)
        if isinstance(answer, OSError) or not answer.ok:
            yield from session.run(back, _ATTACH_MS)  # else it looks like one that came up late
        self._rescan()

    def _attached(
        self, session: NvmeSession, namespace_id: int, area: str, record: Record
    ) -> Iterator[Update]:
        self._rescan()
        shown = yield from self._shown(session, namespace_id)
        if shown is None:
            yield record.observe(ObservationKind.AREA_UNKNOWN, area=area, why="not-shown")
            return
        with self._opened(shown, namespace_id) as other:
            size = other.size_bytes
            end = yield from self._surface(other, self._job_on(other, namespace_id))
        kind = {
            Verdict.VERIFIED: ObservationKind.AREA_ERASED,
            Verdict.FAILED: ObservationKind.AREA_KEPT_DATA,
        }.get(end.verdict, ObservationKind.AREA_UNKNOWN)
        yield record.observe(kind, area=area, bytes=size, reasons=" ".join(end.reasons))

    def _shown(
        self, session: NvmeSession, namespace_id: int
    ) -> Generator[Update, None, _Found | None]:
        until = time.monotonic() + _SHOWN_S
        while True:
            session.check_stop()
            yield from session.meter.same()
            time.sleep(_TICK_S)  # its node in /dev comes a moment after its folder in sysfs
            shown = self._find(namespace_id)
            if shown is not None or time.monotonic() > until:
                return shown

    def _folder(self) -> Path:
        return home(self._roots, self._device.number)

    def _find(self, namespace_id: int) -> _Found | None:
        folder = self._folder()
        for name in names(folder):
            if _NODE.fullmatch(name) and read_int(folder / name / "nsid") == namespace_id:
                number = read_text(folder / name / "dev")
                if number:
                    return _Found(str(self._roots.dev / name), number)
        return None

    def _rescan(self) -> None:
        """A controller that does not send Namespace Attribute Changed events has to be looked at
        (drivers/nvme/host/sysfs.c, rescan_controller). Raises OSError."""
        folder = self._folder()
        for controller in ("", *(name for name in names(folder) if name.startswith("nvme"))):
            switch = folder / controller / "rescan_controller"
            if switch.exists():
                switch.write_text("1")

    @contextmanager
    def _opened(self, found: _Found, namespace_id: int) -> Iterator[BlockFile]:
        """Claimed, and the very namespace. Raises OSError."""
        with BlockFile(found.node, writable=True) as other:
            if (
                other.number != found.number
                or self._admin.namespace_id(other) != namespace_id
                or other.number == self._device.number
            ):
                raise OSError(errno.ENODEV, os.strerror(errno.ENODEV), found.node)
            yield other

    def _job_on(self, other: BlockFile, namespace_id: int) -> Job:
        """With a stream of its own: what lands in another namespace's place shows."""
        job = self._job
        drive = replace(
            job.drive,
            node=other.node,
            identity=replace(job.drive.identity, size_bytes=other.size_bytes),
            logical_sector_bytes=other.logical_bytes,
            physical_sector_bytes=other.physical_bytes,
        )
        return replace(
            job,
            drive=drive,
            key=job.drive_key,
            job_id=str(uuid5(UUID(job.job_id), f"namespace-{namespace_id}")),
            resume_from_bytes=0,
            attaches=False,
            hidden_left=False,
        )
