"""What a PC still knows of its former owner, from a made tree of the kernel's files."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from reprise.adapters.hardware.remembered import _tpm, read_remembered
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.pc.hardware import Machine
from reprise.domain.pc.remembered import Found, How, Remembered, Trace
from reprise.tools.dmidecode import DmiFacts, parse_dmidecode

GUID = "8be4df61-93ca-11d2-aa0d-00e098032b8c"
DMI = """Handle 0x0001, DMI type 1, 27 bytes
System Information
\tManufacturer: Dell Inc.

Handle 0x0003, DMI type 3, 22 bytes
Chassis Information
\tType: Notebook
\tAsset Tag: {tag}

Handle 0x0018, DMI type 24, 5 bytes
Hardware Security
\tPower-On Password Status: {power_on}
\tKeyboard Password Status: Unknown
\tAdministrator Password Status: {administrator}
\tFront Panel Reset Status: Unknown
"""


def dmi(tag: str = "", power_on: str = "Unknown", administrator: str = "Unknown") -> DmiFacts:
    return parse_dmidecode(DMI.format(tag=tag, power_on=power_on, administrator=administrator))


def put(top: Path, name: str, data: bytes | str = b"") -> None:
    path = top / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)


def found(top: Path, trace: Trace, facts: DmiFacts | None = None) -> Remembered:
    every = read_remembered(Roots(sys=top, dev=top / "dev"), facts or dmi())
    assert [one.trace for one in every] == list(Trace)
    assert all(bool(one.reason) == (one.found is Found.UNKNOWN) for one in every)
    return next(one for one in every if one.trace is trace)


@pytest.mark.parametrize(
    ("tag", "answer"), [("MAIRIE-0042", Found.YES), ("No Asset Tag", Found.NO), ("", Found.NO)]
)
def test_an_owners_text(tmp_path: Path, tag: str, answer: Found) -> None:
    one = found(tmp_path, Trace.OWNER_TEXT, dmi(tag))
    assert (one.found, one.details) == (answer, (tag,) if answer is Found.YES else ())


def test_an_owners_text_in_the_settings(tmp_path: Path) -> None:
    base = "class/firmware-attributes/hp-bioscfg/attributes"
    put(tmp_path, f"{base}/Ownership Tag/current_value", "Mairie de Foix\n")
    one = found(tmp_path, Trace.OWNER_TEXT)
    assert (one.found, one.how) == (Found.YES, How.FIRMWARE_SETTINGS)
    assert one.details == ("Mairie de Foix",)


def test_where_no_smbios_is_read_nothing_is_denied(tmp_path: Path) -> None:
    every = read_remembered(Roots(sys=tmp_path), DmiFacts(Machine()))
    assert next(iter(every)).found is Found.UNKNOWN


@pytest.mark.parametrize(
    ("power_on", "administrator", "answer"),
    [
        ("Enabled", "Disabled", Found.YES),
        ("Unknown", "Enabled", Found.YES),
        ("Disabled", "Disabled", Found.NO),
        ("Disabled", "Not Implemented", Found.UNKNOWN),
        ("Disabled", "Unknown", Found.UNKNOWN),
        ("Unknown", "Unknown", Found.UNKNOWN),
    ],
)
def test_a_password(tmp_path: Path, power_on: str, administrator: str, answer: Found) -> None:
    facts = dmi(power_on=power_on, administrator=administrator)
    assert found(tmp_path, Trace.FIRMWARE_PASSWORD, facts).found is answer


@pytest.mark.parametrize(("told", "answer"), [("1", Found.YES), ("0", Found.NO)])
def test_a_password_of_the_settings(tmp_path: Path, told: str, answer: Found) -> None:
    base = "class/firmware-attributes/dell-wmi-sysman/authentication"
    put(tmp_path, f"{base}/Admin/is_enabled", told)
    put(tmp_path, f"{base}/System/is_enabled", "0")
    assert found(tmp_path, Trace.FIRMWARE_PASSWORD).found is answer


def test_a_password_of_which_the_settings_cannot_be_read_is_not_denied(tmp_path: Path) -> None:
    base = "class/firmware-attributes/dell-wmi-sysman/authentication"
    put(tmp_path, f"{base}/Admin/is_enabled", "")
    put(tmp_path, f"{base}/System/is_enabled", "0")
    assert found(tmp_path, Trace.FIRMWARE_PASSWORD).found is Found.UNKNOWN


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("Enabled", Found.YES),
        ("Activated", Found.YES),
        ("Disabled", Found.NO),
        ("PermanentlyDisabled", Found.NO),
        ("", Found.UNKNOWN),
    ],
)
def test_tracking(tmp_path: Path, value: str, answer: Found) -> None:
    base = "class/firmware-attributes/thinklmi/attributes"
    put(tmp_path, f"{base}/ComputraceModuleActivation/current_value", value)
    assert found(tmp_path, Trace.ANTI_THEFT).found is answer


def test_a_program_for_windows_is_told_and_is_no_proof(tmp_path: Path) -> None:
    put(tmp_path, "firmware/acpi/tables/WPBT")
    one = found(tmp_path, Trace.ANTI_THEFT)
    assert (one.found, one.reason) == (Found.UNKNOWN, "not-reported: WPBT")


def test_a_licence_without_its_key(tmp_path: Path) -> None:
    assert found(tmp_path, Trace.WINDOWS_LICENCE).found is Found.UNKNOWN
    put(tmp_path, "firmware/acpi/tables/DSDT")
    assert found(tmp_path, Trace.WINDOWS_LICENCE).found is Found.NO
    put(tmp_path, "firmware/acpi/tables/MSDM", b"MSDM" + b"\0" * 52 + b"XXXXX-KEY")
    one = found(tmp_path, Trace.WINDOWS_LICENCE)
    assert one.found is Found.YES and "KEY" not in repr(one)


def entry(description: str, *nodes: tuple[int, int]) -> bytes:
    """As efivarfs gives a Boot#### variable."""
    paths = b"".join(struct.pack("<BBH", kind, sub, 8) + bytes(4) for kind, sub in nodes)
    paths += struct.pack("<BBH", 0x7F, 0xFF, 4)
    head = struct.pack("<IIH", 7, 1, len(paths))
    return head + (description + "\0").encode("utf-16-le") + paths


def test_entries_of_a_former_system(tmp_path: Path) -> None:
    assert found(tmp_path, Trace.BOOT_ENTRIES).reason == "not-supported"
    variables = "firmware/efi/efivars"
    put(tmp_path, f"{variables}/Boot0000-{GUID}", entry("UEFI: PXE IPv4", (3, 11), (3, 12)))
    put(tmp_path, f"{variables}/BootOrder-{GUID}", b"\7\0\0\0\0\0")
    put(tmp_path, f"{variables}/Boot0003-{GUID}", b"\7\0\0")
    assert found(tmp_path, Trace.BOOT_ENTRIES).found is Found.NO
    put(tmp_path, f"{variables}/Boot0001-{GUID}", entry("Windows Boot Manager", (4, 1), (4, 4)))
    one = found(tmp_path, Trace.BOOT_ENTRIES)
    assert (one.found, one.details) == (Found.YES, ("Windows Boot Manager",))


def answer(value: int) -> bytes:
    """Of a TPM 2.0: one property."""
    return struct.pack(">HIIBIIII", 0x8001, 27, 0, 0, 6, 1, 0x200, value)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (answer(0x400), Found.NO),  # its seeds are its own
        (answer(0x404), Found.YES),  # lockout, as Windows sets it
        (answer(0x401), Found.YES),
        (b"\x80\x01\0\0\0\x0a\0\0\x01\x01", Found.UNKNOWN),  # an error
        (b"", Found.UNKNOWN),
    ],
)
def test_a_tpm(tmp_path: Path, said: bytes, expected: Found) -> None:
    assert found(tmp_path, Trace.TPM).found is Found.NO
    (tmp_path / "class/tpm/tpm0").mkdir(parents=True)
    one = _tpm(Roots(sys=tmp_path, dev=tmp_path / "dev"), lambda _node: said)
    assert one.found is expected


def test_a_tpm_that_cannot_be_asked(tmp_path: Path) -> None:
    (tmp_path / "class/tpm/tpm0").mkdir(parents=True)
    assert found(tmp_path, Trace.TPM).reason == "unreadable: No such file or directory"


def test_an_older_tpm(tmp_path: Path) -> None:
    put(tmp_path, "class/tpm/tpm0/owned", "1\n")
    assert found(tmp_path, Trace.TPM).found is Found.YES
