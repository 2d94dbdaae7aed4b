"""What a SCSI or SAS drive can do: it lists its commands itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.passthrough.sgio import KernelScsi, ScsiAccess, ScsiAnswer
from reprise.domain.drives.capabilities import SanitizeState, ScsiCapabilities, Support
from reprise.domain.pc.hardware import Reason
from reprise.errors import ToolError
from reprise.wire import scsi
from reprise.wire.scsi import Page, SanitizeAction
from reprise.wire.sense import SenseKey, parse_sense

T = TypeVar("T")
TRANSLATED = Reason.NOT_SUPPORTED.because("sat")  # an ATA drive behind a translation
_QUICK_MS = 10_000
_USB = re.compile(r"/usb\d+/")


def read_scsi(
    device: BlockFile, evidence: dict[str, str], access: ScsiAccess | None = None
) -> ScsiCapabilities | None:
    """None where the drive does not speak this command set: no SCSI at all, no disk, or another
    drive behind a translation (which must be spoken to in its own tongue)."""
    ask = _Asker(device, evidence, access or KernelScsi())
    who = ask.for_data("inquiry", scsi.inquiry(), scsi.parse_inquiry)
    if who is None or not who.connected or who.device_type not in scsi.DIRECT_ACCESS:
        return None
    if behind_usb(device):
        # the drive behind the bridge is an ATA or NVMe one, whatever the bridge says of itself;
        # and many a bridge hangs on commands that it does not know
        evidence["scsi"] = Reason.NOT_SUPPORTED.because("usb")
        return None
    pages = ask.for_data("vpd-00", scsi.inquiry(Page.SUPPORTED), scsi.parse_supported_pages)
    if Page.ATA_INFORMATION in (pages or ()) or who.vendor == "ATA":
        evidence["scsi"] = TRANSLATED
        return None
    ask.for_facts(pages or frozenset())
    shown = ask.characteristics(pages or frozenset())
    return ScsiCapabilities(
        sanitize_overwrite=ask.support(SanitizeAction.OVERWRITE),
        sanitize_block=ask.support(SanitizeAction.BLOCK_ERASE),
        sanitize_crypto=ask.support(SanitizeAction.CRYPTOGRAPHIC_ERASE),
        sanitize_state=ask.state(),
        write_after_block=shown.write_after_block if shown else Support.UNKNOWN,
        write_after_crypto=shown.write_after_crypto if shown else Support.UNKNOWN,
    )


def behind_usb(device: BlockFile) -> bool:
    place = Path("/sys/dev/block", device.number).resolve()
    return _USB.search(f"{place}/") is not None


class _Asker:
    def __init__(self, device: BlockFile, evidence: dict[str, str], access: ScsiAccess) -> None:
        self._device, self._evidence, self._access = device, evidence, access

    def _answer(self, fact: str, cdb: bytes, length: int) -> ScsiAnswer | None:
        try:
            answer = self._access.send(self._device, cdb, data_in=length, timeout_ms=_QUICK_MS)
        except OSError as error:
            self._evidence[fact] = Reason.NOT_REPORTED.because(error.strerror or str(error))
            return None
        if not answer.ok:
            self._evidence[fact] = Reason.NOT_REPORTED.because(answer.text)
            return None
        return answer

    def for_data(
        self, fact: str, cdb: bytes, parse: Callable[[bytes], T], length: int = scsi.REPLY_BYTES
    ) -> T | None:
        answer = self._answer(fact, cdb, length)
        if answer is None:
            return None
        try:
            return parse(answer.data)
        except ToolError as error:
            self._evidence[fact] = Reason.UNREADABLE.because(str(error))
            return None

    def support(self, action: SanitizeAction) -> Support:
        fact = f"sanitize-{action:02x}"
        cdb = scsi.report_supported(scsi.SANITIZE, action)
        told = self.for_data(fact, cdb, scsi.parse_support, scsi.SUPPORT_BYTES)
        return told or Support.UNKNOWN

    def state(self) -> SanitizeState:
        """SCSI has no word for a sanitize that succeeded: idle may be that, or never."""
        fact = "request-sense"
        sense = self.for_data(fact, scsi.request_sense(), parse_sense)
        if sense is None:
            return SanitizeState.UNKNOWN
        self._evidence[fact] = sense.text
        if sense.sanitizing:
            return SanitizeState.RUNNING
        if sense.sanitize_failed:
            return SanitizeState.FAILED
        return SanitizeState.IDLE if sense.key == SenseKey.NO_SENSE else SanitizeState.UNKNOWN

    def for_facts(self, pages: frozenset[int]) -> None:
        """For whoever reads the evidence: who the drive says it is, and how it stores."""
        readers: dict[Page, Callable[[bytes], object]] = {
            Page.UNIT_SERIAL_NUMBER: scsi.parse_unit_serial_number,
            Page.LOGICAL_BLOCK_PROVISIONING: lambda data: _shown(scsi.parse_provisioning(data)),
            Page.DEVICE_IDENTIFICATION: lambda data: " ".join(
                designator.text
                for designator in scsi.parse_designators(data)
                if designator.kind in (2, 3) and not designator.association
            ),
        }
        for page, parse in readers.items():
            if page in pages:
                value = self.for_data(f"vpd-{page:02x}", scsi.inquiry(page), parse)
                if value is not None:
                    self._evidence[f"vpd-{page:02x}"] = str(value)

    def characteristics(self, pages: frozenset[int]) -> scsi.Characteristics | None:
        page = Page.BLOCK_DEVICE_CHARACTERISTICS
        if page not in pages:
            return None
        traits = self.for_data("vpd-b1", scsi.inquiry(page), scsi.parse_characteristics)
        if traits is not None:
            self._evidence["vpd-b1"] = (
                f"rotation={traits.rotation_rpm} write-after-block={traits.write_after_block}"
                f" write-after-crypto={traits.write_after_crypto}"
            )
        return traits


def _shown(found: scsi.Provisioning) -> str:
    return f"type={found.kind} unmaps={found.unmaps:d} reads-zeros={found.reads_zeros:d}"
