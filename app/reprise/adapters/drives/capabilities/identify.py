"""IDENTIFY DEVICE by every way that a translation leaves open: what was read is kept, even where
the registers that should come with it do not."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.passthrough.ata_taskfile import QUICK_MS, AtaAccess, AtaAnswer
from reprise.adapters.drives.passthrough.sgio import CHECK_CONDITION, ScsiAccess
from reprise.errors import ToolError
from reprise.wire import scsi
from reprise.wire.ata import identify_device
from reprise.wire.ata_identify import Identify, parse_identify
from reprise.wire.sat import INFORMATION_BYTES, parse_information


@dataclass(frozen=True, slots=True)
class Told:
    """`identify` None: nothing that can be trusted. `with_registers`: as every command is to be
    answered; without them no firmware erase can be followed. `answer`: for the evidence."""

    identify: Identify | None
    with_registers: bool
    answer: AtaAnswer


def _told(answer: AtaAnswer) -> Identify:
    """What one IDENTIFY DEVICE told. Where the registers are lost with a CHECK CONDITION, the
    data's own checksum speaks for it. Raises ToolError."""
    identify = parse_identify(answer.data)
    lost = answer.registers is None and answer.scsi.status == CHECK_CONDITION
    if answer.ok or (lost and answer.scsi.arrived and identify.signed):
        return identify
    raise ToolError(answer.text)


def ask_identify_device(access: AtaAccess, device: BlockFile) -> Told:
    """Asked once more without CK_COND where the translation could not do it with. Raises
    OSError."""
    answer = access.send(device, identify_device())
    try:
        return Told(_told(answer), answer.ok, answer)
    except ToolError:
        if not answer.scsi.arrived:
            return Told(None, False, answer)
    plain = access.send(device, identify_device(registers=False))
    try:
        return Told(_told(plain), False, plain)
    except ToolError:
        return Told(None, False, answer)


def identify_in_page(access: ScsiAccess, device: BlockFile) -> Identify | None:
    """As the translation itself read it: VPD page 89h. None where it does not give that page."""
    cdb = scsi.inquiry(scsi.Page.ATA_INFORMATION, INFORMATION_BYTES)
    try:
        answer = access.send(device, cdb, data_in=INFORMATION_BYTES, timeout_ms=QUICK_MS)
        return parse_identify(parse_information(answer.data)) if answer.ok else None
    except (OSError, ToolError):
        return None
