"""What a drive says that it can do, asked of the drive itself; nothing here writes to it."""

from __future__ import annotations

from reprise.adapters.blockio import BlockFile
from reprise.adapters.capabilities.ata import read_ata
from reprise.adapters.capabilities.mmc import read_mmc
from reprise.adapters.capabilities.nvme import read_nvme
from reprise.adapters.capabilities.opal import read_opal
from reprise.adapters.capabilities.scsi import read_scsi
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.capabilities import AtaCapabilities, Capabilities
from reprise.domain.hardware import Drive, Reason, Transport

_VIRTUAL = (Transport.LOOP, Transport.VIRTIO)


def read_capabilities(drive: Drive, roots: Roots) -> Capabilities:
    """No answer leaves UNKNOWN, with the reason in `evidence`. Never raises for what a drive
    does."""
    if drive.transport in _VIRTUAL:
        return Capabilities()
    evidence: dict[str, str] = {}
    if Reason.SANITIZING in drive.unknown.values():  # an open() would wait for its end
        return Capabilities(evidence={"open": Reason.SANITIZING})
    try:
        device = BlockFile(drive.node, writable=False, exclusive=False)
    except OSError as error:
        evidence["open"] = Reason.UNREADABLE.because(error.strerror or str(error))
        return Capabilities(evidence=evidence, bridged=drive.transport is Transport.USB)
    with device:
        if drive.transport is Transport.NVME:
            nvme = read_nvme(device, roots, evidence)
            opal = read_opal(device, evidence)
            return Capabilities(nvme=nvme, opal=opal, evidence=evidence)
        if drive.transport is Transport.MMC:
            return Capabilities(mmc=read_mmc(device, roots, evidence), evidence=evidence)
        ata = read_ata(device, evidence)
        # a SCSI drive whose sanitize failed refuses IDENTIFY with that, not as unknown to it
        told = ata is not None and ata != AtaCapabilities()
        scsi = None if told else read_scsi(device, evidence)
        return Capabilities(
            ata=None if scsi else ata,
            scsi=scsi,
            opal=read_opal(device, evidence),
            bridged=drive.transport is Transport.USB,
            evidence=evidence,
        )
