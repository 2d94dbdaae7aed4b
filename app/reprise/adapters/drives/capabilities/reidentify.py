"""Who an open drive says that it is, by the way that its commands take. Nothing is changed.

The kernel and udev keep what they read when a drive was plugged in; a drive that was exchanged
behind an adapter, in a dock or by its own controller is only found out by asking it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.capabilities.identify import ask_identify_device
from reprise.adapters.drives.capabilities.scsi import behind_usb
from reprise.adapters.drives.passthrough.ata_taskfile import AtaAccess, SatAta
from reprise.adapters.drives.passthrough.nvme_admin import KernelNvmeAdmin, NvmeAdmin
from reprise.adapters.drives.passthrough.sgio import KernelScsi, ScsiAccess
from reprise.adapters.hardware.sysfs import Roots, read_text
from reprise.domain.drives.capabilities import OwnWord
from reprise.domain.pc.hardware import Drive, Transport
from reprise.errors import ToolError
from reprise.wire import nvme, scsi
from reprise.wire.ata_identify import Identify
from reprise.wire.nvme import AdminCommand

_QUICK_MS = 10_000
_TRIES = 3  # a drive that was reset tells its news first, and answers the next command
_NOT_ASKED = frozenset({Transport.LOOP, Transport.VIRTIO})  # they have no such commands


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Asks any drive. Implements surface.opening.Asks."""

    ata: AtaAccess = field(default_factory=SatAta)
    sgio: ScsiAccess = field(default_factory=KernelScsi)
    admin: NvmeAdmin = field(default_factory=KernelNvmeAdmin)
    roots: Roots = field(default_factory=Roots)

    def __call__(self, device: BlockFile, drive: Drive, by: str = "") -> OwnWord:
        """`by`: the way that it answered when it was planned; only what came by the same way can
        be compared. Nothing told (or the drive is gone): an empty word."""
        if drive.transport in _NOT_ASKED:
            return OwnWord()
        for _try in range(_TRIES if by else 1):
            told = self._asked(device, drive.transport, by)
            if told.by:
                return told
        return OwnWord()

    def _asked(self, device: BlockFile, transport: Transport, by: str) -> OwnWord:
        if transport is Transport.NVME:
            return self._nvme(device)
        if transport is Transport.MMC:
            return self._mmc(device)
        if by in ("", "ata"):
            told = self._ata(device)
            if told.by or by:
                return told
        return self._scsi(device)

    def _ata(self, device: BlockFile) -> OwnWord:
        try:
            identify = ask_identify_device(self.ata, device).identify
        except OSError:
            return OwnWord()
        return word_of(identify) if identify is not None else OwnWord()

    def _scsi(self, device: BlockFile) -> OwnWord:
        if behind_usb(device):
            return OwnWord()  # a bridge may hang on pages that it does not know
        serial = self._page(device, scsi.Page.UNIT_SERIAL_NUMBER)
        address = self._page(device, scsi.Page.DEVICE_IDENTIFICATION)
        told = OwnWord("scsi", serial, address, self._capacity(device))
        return told if serial or address else OwnWord()

    def _page(self, device: BlockFile, page: scsi.Page) -> str:
        data = self._data(device, scsi.inquiry(page), scsi.REPLY_BYTES)
        try:
            if page is scsi.Page.UNIT_SERIAL_NUMBER:
                return scsi.parse_unit_serial_number(data)
            ids = scsi.parse_designators(data)
        except ToolError:
            return ""
        # of the logical unit, and given by its maker: EUI-64 and NAA
        return next((id_.text for id_ in ids if id_.kind in (2, 3) and not id_.association), "")

    def _capacity(self, device: BlockFile) -> int | None:
        try:
            return scsi.parse_capacity(
                self._data(device, scsi.read_capacity(), scsi.CAPACITY_BYTES)
            )
        except ToolError:
            return None

    def _data(self, device: BlockFile, cdb: bytes, length: int) -> bytes:
        try:
            answer = self.sgio.send(device, cdb, data_in=length, timeout_ms=_QUICK_MS)
        except OSError:
            return b""
        return answer.data if answer.ok else b""

    def _nvme(self, device: BlockFile) -> OwnWord:
        try:
            namespace_id = self.admin.namespace_id(device)
            controller = nvme.parse_controller(self._told(device, nvme.identify_controller()))
        except (OSError, ToolError):
            return OwnWord()
        try:
            data = self._told(device, nvme.identify_namespace(namespace_id))
            namespace = nvme.parse_namespace(data)
        except (OSError, ToolError):
            return OwnWord("nvme", controller.serial)
        return OwnWord("nvme", controller.serial, namespace.address, namespace.size_bytes)

    def _told(self, device: BlockFile, command: AdminCommand) -> bytes:
        """Raises OSError, ToolError."""
        answer = self.admin.send(device, command)
        if not answer.ok:
            raise ToolError(f"{command.name}: status {answer.status:04x}")
        return answer.data

    def _mmc(self, device: BlockFile) -> OwnWord:
        """The card identification register, which the kernel reads when it wakes the card; the
        card cannot be asked for it while it is in use (JESD84-B51, CMD10)."""
        cid = read_text(self.roots.sys / "dev/block" / device.number / "device/cid")
        return OwnWord("mmc", cid) if cid else OwnWord()


def word_of(found: Identify) -> OwnWord:
    """What an IDENTIFY DEVICE tells."""
    return OwnWord("ata", found.serial, found.world_wide_name, found.visible_bytes)
