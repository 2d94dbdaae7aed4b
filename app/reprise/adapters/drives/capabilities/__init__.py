"""What a drive says that it can do, asked of the drive itself; nothing here writes to it."""

from __future__ import annotations

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.capabilities.ata import known_by, read_ata
from reprise.adapters.drives.capabilities.identify import identify_in_page
from reprise.adapters.drives.capabilities.mmc import read_mmc
from reprise.adapters.drives.capabilities.nvme import read_nvme
from reprise.adapters.drives.capabilities.opal import read_opal
from reprise.adapters.drives.capabilities.reidentify import OwnWords
from reprise.adapters.drives.capabilities.scsi import TRANSLATED, read_scsi
from reprise.adapters.drives.passthrough.sgio import KernelScsi
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.drives.capabilities import AtaCapabilities, Capabilities, ScsiCapabilities
from reprise.domain.pc.hardware import Drive, Reason, Transport

_VIRTUAL = (Transport.LOOP, Transport.VIRTIO)


def read_capabilities(drive: Drive, roots: Roots) -> Capabilities:
    """No answer leaves UNKNOWN, with the reason in `evidence`. Never raises for what a drive
    does."""
    if drive.transport in _VIRTUAL:
        return Capabilities()
    evidence: dict[str, str] = {}
    asks = OwnWords(roots=roots)
    if Reason.SANITIZING in drive.unknown.values():  # an open() would wait for its end
        return Capabilities(evidence={"open": Reason.SANITIZING})
    try:
        device = BlockFile(drive.node, writable=False, exclusive=False)
    except OSError as error:
        evidence["open"] = Reason.UNREADABLE.because(error.strerror or str(error))
        ata = known_by(None) if _is_ata(drive) else None
        return Capabilities(ata=ata, bridged=drive.transport is Transport.USB, evidence=evidence)
    with device:
        if drive.transport is Transport.NVME:
            nvme = read_nvme(device, roots, evidence)
            opal = read_opal(device, evidence)
            return Capabilities(
                nvme=nvme,
                opal=opal.revertible,
                opal_open=opal.opened,
                own=asks(device, drive),
                evidence=evidence,
            )
        if drive.transport is Transport.MMC:
            mmc = read_mmc(device, roots, evidence)
            return Capabilities(mmc=mmc, own=asks(device, drive), evidence=evidence)
        ata, scsi = _ata_or_scsi(device, drive, evidence)
        opal = read_opal(device, evidence)
        return Capabilities(
            ata=ata,
            scsi=scsi,
            opal=opal.revertible,
            opal_open=opal.opened,
            bridged=drive.transport is Transport.USB,
            own=asks(device, drive),
            evidence=evidence,
        )


def _ata_or_scsi(
    device: BlockFile, drive: Drive, evidence: dict[str, str]
) -> tuple[AtaCapabilities | None, ScsiCapabilities | None]:
    ata = read_ata(device, evidence)
    if ata is not None and ata.known:
        return ata, None
    if not _is_ata(drive):
        # a SCSI drive whose sanitize failed refuses IDENTIFY with that, not as unknown to it
        scsi = read_scsi(device, evidence)
        if scsi is not None:
            return None, scsi
        if evidence.get("scsi") != TRANSLATED:
            return ata, None
    bridged = drive.transport is Transport.USB  # may hang on a page that it does not know
    return known_by(None if bridged else identify_in_page(KernelScsi(), device)), None


def _is_ata(drive: Drive) -> bool:
    """By the kernel's own port, or because smartctl read the security state in an IDENTIFY that
    we were not given."""
    by_port = drive.transport in (Transport.SATA, Transport.ATA)
    return by_port or drive.smart.ata_security is not None
