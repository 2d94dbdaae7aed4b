"""What the PC may still remember of its former owner: read from small files that are there at once,
so that nothing can hold the inventory up; a TPM answers its one question within a second."""

from __future__ import annotations

import os
import re
import select
from collections.abc import Callable, Iterator
from pathlib import Path

from reprise.adapters.hardware.sysfs import Roots, listing, names, read_bytes, read_text
from reprise.domain.pc.hardware import Reason
from reprise.domain.pc.placeholders import is_placeholder
from reprise.domain.pc.remembered import Found, How, Remembered, Trace
from reprise.tools.dmidecode import DmiFacts
from reprise.wire.efi_load_option import parse_load_option
from reprise.wire.tpm import ANSWER_BYTES, ask_permanent, is_owned

_TPM_S = 1.0
# SMBIOS type 24 (DSP0134 7.25), as dmidecode writes it.
_PASSWORDS = ("Power-On Password Status", "Administrator Password Status")
_SET, _UNSET = "Enabled", "Disabled"
# The names in the kernel's class (ABI/testing/sysfs-class-firmware-attributes) are the maker's own.
_OWNERS = re.compile(r"asset|owner", re.I)
_ANTI_THEFT = re.compile(r"absolute|computrace", re.I)
_OFF = re.compile(r"disab|perman|deactiv|off|not ", re.I)
_ENTRY = re.compile(r"Boot[0-9A-F]{4}-8be4df61-93ca-11d2-aa0d-00e098032b8c")


def read_remembered(roots: Roots, dmi: DmiFacts) -> tuple[Remembered, ...]:
    """One for each trace."""
    return (
        _owner_texts(roots, dmi),
        _password(roots, dmi),
        _anti_theft(roots),
        _tpm(roots),
        _licence(roots),
        _boot_entries(roots),
    )


def _settings(roots: Roots, pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """(name, value) of the firmware's own settings, where the kernel knows this maker's."""
    for driver in names(roots.sys / "class/firmware-attributes"):
        folder = roots.sys / "class/firmware-attributes" / driver / "attributes"
        for name in names(folder):
            if pattern.search(name):
                yield name, read_text(folder / name / "current_value") or ""


def _owner_texts(roots: Roots, dmi: DmiFacts) -> Remembered:
    settings = [value for _name, value in _settings(roots, _OWNERS) if not is_placeholder(value)]
    how = How.FIRMWARE_SETTINGS if settings and not dmi.asset_tags else How.SMBIOS
    texts = tuple(dict.fromkeys((*dmi.asset_tags, *settings)))
    if not texts and not dmi.machine.maker and not dmi.machine.chassis:
        return Remembered(Trace.OWNER_TEXT, Found.UNKNOWN, how, reason=Reason.NOT_REPORTED)
    return Remembered(Trace.OWNER_TEXT, Found.YES if texts else Found.NO, how, texts)


def _password(roots: Roots, dmi: DmiFacts) -> Remembered:
    """Set where one place says so; unset where SMBIOS says it of both, or the settings of all."""
    told = [dmi.security.get(name, "") for name in _PASSWORDS]
    known = [*_authentications(roots)]
    if _SET in told:
        return Remembered(Trace.FIRMWARE_PASSWORD, Found.YES, How.SMBIOS)
    if "1" in known:
        return Remembered(Trace.FIRMWARE_PASSWORD, Found.YES, How.FIRMWARE_SETTINGS)
    if known:
        return Remembered(Trace.FIRMWARE_PASSWORD, Found.NO, How.FIRMWARE_SETTINGS)
    if told == [_UNSET, _UNSET]:
        return Remembered(Trace.FIRMWARE_PASSWORD, Found.NO, How.SMBIOS)
    return Remembered(
        Trace.FIRMWARE_PASSWORD, Found.UNKNOWN, How.SMBIOS, reason=Reason.NOT_REPORTED
    )


def _authentications(roots: Roots) -> Iterator[str]:
    for driver in names(roots.sys / "class/firmware-attributes"):
        folder = roots.sys / "class/firmware-attributes" / driver / "authentication"
        for name in names(folder):
            yield read_text(folder / name / "is_enabled") or ""


def _anti_theft(roots: Roots) -> Remembered:
    """Only some makers' settings tell; a program that firmware gives Windows (ACPI table WPBT) may
    be another one."""
    settings = [(name, value) for name, value in _settings(roots, _ANTI_THEFT) if value]
    if settings:
        on = tuple(f"{name}: {value}" for name, value in settings if not _OFF.search(value))
        found = Found.YES if on else Found.NO
        return Remembered(Trace.ANTI_THEFT, found, How.FIRMWARE_SETTINGS, on)
    given = "WPBT" in names(_tables(roots))
    reason = Reason.NOT_REPORTED.because("WPBT") if given else Reason.NOT_REPORTED.value
    return Remembered(Trace.ANTI_THEFT, Found.UNKNOWN, How.ACPI, reason=reason)


def _tables(roots: Roots) -> Path:
    return roots.sys / "firmware/acpi/tables"


def _licence(roots: Roots) -> Remembered:
    """Whether there is one: the key itself is not read."""
    found = listing(_tables(roots))
    if not found:
        reason = Reason.NEEDS_ROOT if found is None else Reason.NOT_REPORTED
        return Remembered(Trace.WINDOWS_LICENCE, Found.UNKNOWN, How.ACPI, reason=reason)
    there = Found.YES if "MSDM" in found else Found.NO
    return Remembered(Trace.WINDOWS_LICENCE, there, How.ACPI)


def _boot_entries(roots: Roots) -> Remembered:
    """Those that name a file on a partition: firmware makes the others anew."""
    folder = roots.sys / "firmware/efi/efivars"
    if not (roots.sys / "firmware/efi").exists():
        return Remembered(
            Trace.BOOT_ENTRIES, Found.UNKNOWN, How.EFI_VARIABLES, reason=Reason.NOT_SUPPORTED
        )
    found = listing(folder)
    if not found:
        reason = Reason.NEEDS_ROOT if found is None else Reason.NOT_REPORTED
        return Remembered(Trace.BOOT_ENTRIES, Found.UNKNOWN, How.EFI_VARIABLES, reason=reason)
    options = [
        parse_load_option(read_bytes(folder / name) or b"")
        for name in found
        if _ENTRY.fullmatch(name)
    ]
    there = tuple(option.description for option in options if option and option.on_drive)
    return Remembered(
        Trace.BOOT_ENTRIES, Found.YES if there else Found.NO, How.EFI_VARIABLES, there
    )


def _tpm(roots: Roots, ask: Callable[[Path], bytes] | None = None) -> Remembered:
    tpm = roots.sys / "class/tpm/tpm0"
    if not tpm.exists():
        return Remembered(Trace.TPM, Found.NO, How.TPM)
    owned = read_text(tpm / "owned")  # TPM 1.2
    if owned is not None:
        return Remembered(Trace.TPM, Found.YES if owned == "1" else Found.NO, How.TPM)
    try:
        answer = (ask or _asked)(roots.dev / "tpmrm0")
    except OSError as error:
        reason = Reason.UNREADABLE.because(error.strerror or str(error))
        return Remembered(Trace.TPM, Found.UNKNOWN, How.TPM, reason=reason)
    is_set = is_owned(answer)
    if is_set is None:
        reason = Reason.UNREADABLE.because(answer[:32].hex())
        return Remembered(Trace.TPM, Found.UNKNOWN, How.TPM, reason=reason)
    return Remembered(Trace.TPM, Found.YES if is_set else Found.NO, How.TPM)


def _asked(node: Path) -> bytes:
    """Raises OSError, also where no answer comes in time."""
    device = os.open(node, os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        os.write(device, ask_permanent())
        ready, _writable, _failed = select.select([device], [], [], _TPM_S)
        if not ready:
            raise TimeoutError(None, "no answer in time")
        return os.read(device, ANSWER_BYTES)
    finally:
        os.close(device)
