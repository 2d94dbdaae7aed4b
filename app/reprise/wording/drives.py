"""A drive and what is known of it: its state, how it is attached, why a fact is unknown."""

from __future__ import annotations

from collections.abc import Mapping

from reprise.domain.drives.boot_medium import BootSign
from reprise.domain.drives.capabilities import SanitizeState, Support
from reprise.domain.drives.usb_port import UsbPort
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Health, MediaKind, Reason, Transport, UseKind
from reprise.i18n import N_
from reprise.i18n import _ as translate

STATES: Mapping[DriveState, str] = {
    DriveState.DETECTED: N_("Detected, not treated"),
    DriveState.PLANNED: N_("Planned"),
    DriveState.REFUSED: N_("Refused"),
    DriveState.CONFIRMED: N_("Confirmed"),
    DriveState.ERASING: N_("Erasing"),
    DriveState.VERIFYING: N_("Verifying"),
    DriveState.SANITIZED: N_("Erased and verified"),
    DriveState.UNVERIFIED: N_("Erasure not verified"),
    DriveState.FAILED: N_("Erasure failed"),
    DriveState.INTERRUPTED: N_("Interrupted"),
}

HEALTHS: Mapping[Health, str] = {
    Health.PASSED: N_("good"),
    Health.FAILING: N_("failing"),
    Health.UNKNOWN: N_("not known"),
}

TRANSPORTS: Mapping[Transport, str] = {
    Transport.SATA: "SATA",
    Transport.ATA: "ATA",
    Transport.NVME: "NVMe",
    Transport.SAS: "SAS",
    Transport.SCSI: "SCSI",
    Transport.USB: "USB",
    Transport.MMC: N_("memory card or eMMC"),
    Transport.VIRTIO: N_("virtual drive (virtio)"),
    Transport.LOOP: N_("file (loop device)"),
    Transport.UNKNOWN: N_("unknown connection"),
}

USB_PORTS: Mapping[UsbPort, str] = {
    UsbPort.UNKNOWN: N_("unknown whether its port is inside the PC"),
    UsbPort.OUTSIDE: N_("on a port outside the PC"),
    UsbPort.FIXED: N_("on a port inside the PC"),
    UsbPort.SLOT: N_("in one of several slots of a card reader"),
}

MEDIA: Mapping[MediaKind, str] = {
    MediaKind.HDD: N_("hard disk (HDD)"),
    MediaKind.SSD: N_("solid-state drive (SSD)"),
    MediaKind.FLASH: N_("flash memory (stick, card, eMMC)"),
    MediaKind.FILE: N_("file"),
    MediaKind.UNKNOWN: N_("unknown kind of media"),
}

SUPPORTS: Mapping[Support, str] = {
    Support.YES: N_("yes"),
    Support.NO: N_("no"),
    Support.UNKNOWN: N_("unknown"),
}

USES: Mapping[UseKind, str] = {
    UseKind.MOUNT: N_("mounted"),
    UseKind.SWAP: N_("used as swap"),
    UseKind.HOLDER: N_("held by another device"),
}

SANITIZE_STATES: Mapping[SanitizeState, str] = {
    SanitizeState.IDLE: N_("no sanitize operation is known"),
    SanitizeState.SUCCEEDED: N_("the last sanitize operation succeeded"),
    SanitizeState.RUNNING: N_("a sanitize operation is running"),
    SanitizeState.FAILED: N_("the last sanitize operation failed"),
    SanitizeState.FROZEN: N_("sanitize operations are frozen until the next start"),
    SanitizeState.UNKNOWN: N_("unknown"),
}

UNKNOWN_REASONS: Mapping[Reason, str] = {
    Reason.NOT_REPORTED: N_("the hardware does not say"),
    Reason.PLACEHOLDER: N_("the maker left a placeholder"),
    Reason.NEEDS_ROOT: N_("reading it needs root"),
    Reason.TOOL_MISSING: N_("the tool that reads it is missing"),
    Reason.TOOL_FAILED: N_("a tool that is needed failed"),
    Reason.UNREADABLE: N_("the answer cannot be understood or relied on"),
    Reason.TIMED_OUT: N_("no answer in time"),
    Reason.SANITIZING: N_("the drive is erasing itself at this moment"),
    Reason.NOT_SUPPORTED: N_("the hardware does not support it"),
    Reason.VIRTUAL: N_("a virtual drive has no such fact"),
    Reason.ATTRIBUTES_ONLY: N_("the drive gave no verdict of its own"),
    Reason.HIDDEN_BY_RAID: N_("drives are hidden behind a RAID controller"),
    Reason.RAID_MEMBER: N_("it is part of a firmware RAID"),
    Reason.NO_DRIVER: N_("the kernel has no driver for this controller"),
    Reason.NO_NAMESPACE: N_("the NVMe drive shows no namespace"),
}

BOOT_SIGNS: Mapping[BootSign, str] = {
    BootSign.LIVE_MEDIUM: N_("the running system is mounted from it"),
    BootSign.LIVE_CHAIN: N_("it holds the running system's files"),
    BootSign.ROOT: N_("it holds the running system's root"),
    BootSign.ISO_LABEL: N_("it carries the label of a Reprise medium"),
    BootSign.DATA_PARTITION: N_("it carries a REPRISE data partition"),
    BootSign.FILES: N_("it holds Reprise's files"),
    BootSign.STARTED: N_("the start found the system on it"),
}

TABLES = (STATES, HEALTHS, TRANSPORTS, USB_PORTS, MEDIA, SUPPORTS, USES, SANITIZE_STATES)
FREE = (UNKNOWN_REASONS, BOOT_SIGNS)


def state(value: DriveState) -> str:
    return translate(STATES[value])


def health(value: Health) -> str:
    return translate(HEALTHS[value])


def transport(value: Transport) -> str:
    return translate(TRANSPORTS[value])


def media(value: MediaKind) -> str:
    return translate(MEDIA[value])


def support(value: Support) -> str:
    return translate(SUPPORTS[value])
