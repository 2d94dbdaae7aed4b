"""What the PC may still remember of its former owner: read from small files that are there at once,
so that nothing can hold the inventory up; a TPM answers its one question within a second."""

from __future__ import annotations

import os
import re
import select
from collections.abc import Callable, Iterator
from pathlib import Path

from reprise.adapters.hardware.efi_variables import GLOBAL, folder, value_of
from reprise.adapters.hardware.sysfs import Roots, listing, names, read_text
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
_ENTRY = re.compile(f"(Boot[0-9A-F]{{4}})-{GLOBAL}")


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


def _of_firmware(roots: Roots, kind: str, file: str) -> Iterator[tuple[str, str]]:
    """(name, value) of what the kernel shows of this maker's firmware: each of one kind, "" where
    its file cannot be read."""
    drivers = roots.sys / "class/firmware-attributes"
    for driver in names(drivers):
        for name in names(drivers / driver / kind):
            yield name, read_text(drivers / driver / kind / name / file) or ""


def _settings(roots: Roots, pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    every = _of_firmware(roots, "attributes", "current_value")
    return [(name, value) for name, value in every if value and pattern.search(name)]


def _unlisted(found: list[str] | None) -> Reason:
    """Why a folder of the kernel's shows nothing."""
    return Reason.NEEDS_ROOT if found is None else Reason.NOT_REPORTED


def _owner_texts(roots: Roots, dmi: DmiFacts) -> Remembered:
    settings = [value for _name, value in _settings(roots, _OWNERS) if not is_placeholder(value)]
    how = How.FIRMWARE_SETTINGS if settings and not dmi.asset_tags else How.SMBIOS
    texts = tuple(dict.fromkeys((*dmi.asset_tags, *settings)))
    if not texts and not dmi.machine.maker and not dmi.machine.chassis:
        return Remembered(Trace.OWNER_TEXT, Found.UNKNOWN, how, reason=Reason.NOT_REPORTED)
    return Remembered(Trace.OWNER_TEXT, Found.of(bool(texts)), how, texts)


def _password(roots: Roots, dmi: DmiFacts) -> Remembered:
    """Set where one place says so; unset where SMBIOS says it of both, or the settings of all."""
    trace = Trace.FIRMWARE_PASSWORD
    told = [dmi.security.get(name, "") for name in _PASSWORDS]
    known = [value for _name, value in _of_firmware(roots, "authentication", "is_enabled")]
    if _SET in told:
        return Remembered(trace, Found.YES, How.SMBIOS)
    if "1" in known or set(known) == {"0"}:
        return Remembered(trace, Found.of("1" in known), How.FIRMWARE_SETTINGS)
    if told == [_UNSET, _UNSET]:
        return Remembered(trace, Found.NO, How.SMBIOS)
    return Remembered(trace, Found.UNKNOWN, How.SMBIOS, reason=Reason.NOT_REPORTED)


def _anti_theft(roots: Roots) -> Remembered:
    """Only some makers' settings tell; a program that firmware gives Windows (ACPI table WPBT) may
    be another one."""
    settings = _settings(roots, _ANTI_THEFT)
    if settings:
        on = tuple(f"{name}: {value}" for name, value in settings if not _OFF.search(value))
        return Remembered(Trace.ANTI_THEFT, Found.of(bool(on)), How.FIRMWARE_SETTINGS, on)
    given = "WPBT" in names(_tables(roots))
    reason = Reason.NOT_REPORTED.because("WPBT" if given else "")
    return Remembered(Trace.ANTI_THEFT, Found.UNKNOWN, How.ACPI, reason=reason)


def _tables(roots: Roots) -> Path:
    return roots.sys / "firmware/acpi/tables"


def _licence(roots: Roots) -> Remembered:
    """Whether there is one: the key itself is not read."""
    trace, found = Trace.WINDOWS_LICENCE, listing(_tables(roots))
    if not found:
        return Remembered(trace, Found.UNKNOWN, How.ACPI, reason=_unlisted(found))
    return Remembered(trace, Found.of("MSDM" in found), How.ACPI)


def _boot_entries(roots: Roots) -> Remembered:
    """Those that name a file on a partition: firmware makes the others anew."""
    trace, how = Trace.BOOT_ENTRIES, How.EFI_VARIABLES
    if not (roots.sys / "firmware/efi").exists():
        return Remembered(trace, Found.UNKNOWN, how, reason=Reason.NOT_SUPPORTED)
    found = listing(folder(roots))
    if not found:
        return Remembered(trace, Found.UNKNOWN, how, reason=_unlisted(found))
    numbers = (match[1] for name in found if (match := _ENTRY.fullmatch(name)))
    options = [parse_load_option(value_of(roots, number) or b"") for number in numbers]
    there = tuple(option.description for option in options if option and option.on_drive)
    return Remembered(trace, Found.of(bool(there)), how, there)


def _tpm(roots: Roots, ask: Callable[[Path], bytes] | None = None) -> Remembered:
    tpm = roots.sys / "class/tpm/tpm0"
    if not tpm.exists():
        return Remembered(Trace.TPM, Found.NO, How.TPM)
    owned = read_text(tpm / "owned")  # TPM 1.2
    if owned is not None:
        return Remembered(Trace.TPM, Found.of(owned == "1"), How.TPM)
    try:
        answer = (ask or _asked)(roots.dev / "tpmrm0")
    except OSError as error:
        reason = Reason.UNREADABLE.because(error.strerror or str(error))
        return Remembered(Trace.TPM, Found.UNKNOWN, How.TPM, reason=reason)
    is_set = is_owned(answer)
    if is_set is None:
        reason = Reason.UNREADABLE.because(answer[:32].hex())
        return Remembered(Trace.TPM, Found.UNKNOWN, How.TPM, reason=reason)
    return Remembered(Trace.TPM, Found.of(is_set), How.TPM)


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
