"""What an eMMC can do: its EXT_CSD register."""

from __future__ import annotations

from pathlib import Path

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.passthrough.mmc_ioctl import KernelMmc, MmcAccess
from reprise.adapters.hardware.sysfs import Roots, read_text
from reprise.domain.drives.capabilities import MmcCapabilities
from reprise.domain.pc.hardware import Reason
from reprise.errors import ToolError
from reprise.wire.mmc import ExtCsd, parse_ext_csd, parse_ext_csd_text, send_ext_csd

# JESD84-B51, for the evidence: what the answers below were read from.
_TOLD = {"rev": 192, "sec_feature_support": 231, "boot_size_mult": 226, "erased_mem_cont": 181}


def read_mmc(
    device: BlockFile,
    roots: Roots,
    evidence: dict[str, str],
    access: MmcAccess | None = None,
) -> MmcCapabilities | None:
    """None for an SD card, which has no such register."""
    kind = read_text(card_folder(device, roots) / "type")
    if kind == "SD":
        return None
    if kind != "MMC":  # the same command means something else to another kind of card
        evidence["mmc"] = Reason.UNREADABLE.because(f"type {kind}")
        return MmcCapabilities()
    data = _register(device, roots, evidence, access or KernelMmc())
    if data is None:
        return MmcCapabilities()
    size: int | None = None
    try:
        told = parse_ext_csd(data)
        size = told.size_bytes or None
        check_size(told, device)
    except ToolError as error:
        evidence["ext-csd"] = Reason.UNREADABLE.because(str(error))
        return MmcCapabilities(user_bytes=size)  # all that says what the kernel cannot reach
    evidence["ext-csd"] = " ".join(f"{name}={data[at]:02x}" for name, at in _TOLD.items())
    return MmcCapabilities(
        secure_erase=told.secure_erase,
        trim=told.trim,
        sanitize=told.sanitize,
        boot_areas=2 if told.boot_bytes else 0,
        general_purpose_areas=told.general_purpose_areas,
        user_bytes=size,
    )


def card_folder(device: BlockFile, roots: Roots) -> Path:
    """The card that the open device is an area of."""
    return roots.sys / "dev/block" / device.number / "device"


def check_size(told: ExtCsd, device: BlockFile) -> None:
    """Raises ToolError where the register tells another size than the kernel: then it is not (or
    not whole) this device's. Devices up to 2 GB do not tell it there."""
    if told.size_bytes and told.size_bytes != device.size_bytes:
        raise ToolError(f"ext-csd: {told.size_bytes} bytes, the kernel says {device.size_bytes}")


def _register(
    device: BlockFile, roots: Roots, evidence: dict[str, str], access: MmcAccess
) -> bytes | None:
    """From the device, else from the kernel's debug file (which Secure Boot's lockdown hides)."""
    try:
        return access.read(device, send_ext_csd())
    except OSError as error:
        evidence["ext-csd"] = Reason.NOT_REPORTED.because(error.strerror or str(error))
    card = card_folder(device, roots).resolve().name  # mmc0:0001
    text = read_text(roots.sys / "kernel/debug" / card.partition(":")[0] / card / "ext_csd")
    if text is None:
        return None
    try:
        return parse_ext_csd_text(text)
    except ToolError as error:
        evidence["ext-csd"] = Reason.UNREADABLE.because(str(error))
        return None
