"""What may become a Reprise stick, and what an organisation may put on it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise import wording
from reprise.adapters.signing.jws import generate_signer
from reprise.adapters.stick.writing.files import check_files
from reprise.domain.drives.boot_medium import BootMedium, BootSign
from reprise.domain.drives.usb_port import UsbPort
from reprise.domain.pc.hardware import Drive, Reason, Transport, Use, UseKind
from reprise.domain.planning.plan import Refusal, RefusalCode
from reprise.domain.planning.safety import stick_refusals, stick_refusals_at_write
from reprise.domain.station.stick import (
    LEAST_DATA_BYTES,
    MIB,
    StickMisfit,
    needed_bytes,
    stick_misfits,
)
from reprise.errors import InputError
from reprise.tools.mbr import MbrEntry, end_of_contents, free_room
from station_kit.facts import with_facts
from unit.adapters.hardware.made_tree import ATA, MMC, USB, MadeTree, nothing_found
from unit.domain.drives.drives import hdd, nvme, stick

IMAGE_BYTES = 677_502_976
STICK = replace(stick(), boot=BootMedium(is_boot=False))


def codes(drive: Drive) -> list[RefusalCode]:
    return [one.code for one in stick_refusals(drive)]


def test_a_plain_stick_may_be_written() -> None:
    assert stick_misfits(STICK, IMAGE_BYTES) == ()
    assert codes(STICK) == []


@pytest.mark.parametrize(
    "drive",
    [
        hdd(),
        nvme(),
        replace(hdd(), transport=Transport.UNKNOWN),
        replace(hdd(), removable=True),  # a bay for hot plugging
        replace(hdd(), transport=Transport.USB, port=UsbPort.FIXED),  # a disk on module
    ],
)
def test_an_internal_drive_never(drive: Drive) -> None:
    assert stick_misfits(drive, IMAGE_BYTES) == (StickMisfit.NOT_REMOVABLE,)


@pytest.mark.parametrize(
    "change",
    [
        {"transport": Transport.USB, "removable": False},  # a hard disk on USB
        {"port": UsbPort.FIXED},  # a card in a built-in reader
        {"transport": Transport.MMC, "removable": True},  # a memory card in its slot
        {"transport": Transport.LOOP, "removable": False},
    ],
)
def test_what_counts_as_removable(change: dict[str, object]) -> None:
    assert stick_misfits(with_facts(STICK, **change), IMAGE_BYTES) == ()


def test_what_the_kernel_says_of_real_buses(tree: MadeTree) -> None:
    nothing_found(tree)
    tree.disk("sda", ATA, removable="0")
    tree.disk("sdb", USB, removable="1")
    tree.disk("mmcblk0", MMC, device__type="MMC", removable="0")  # eMMC, soldered in
    tree.disk("mmcblk1", MMC, device__type="SD", removable="0")
    fit = {
        name: StickMisfit.NOT_REMOVABLE not in stick_misfits(drive, 0)
        for name, drive in tree.drives().items()
    }
    assert fit == {
        "sda": False,
        "sdb": True,
        "mmcblk0": False,
        "mmcblk1": True,
    }


def sized(size_bytes: int) -> Drive:
    return replace(STICK, identity=replace(STICK.identity, size_bytes=size_bytes))


@pytest.mark.parametrize("image_bytes", [IMAGE_BYTES, 700 * MIB, 700 * MIB + 512])
def test_the_least_stick_has_just_room_for_the_least_data_partition(image_bytes: int) -> None:
    least = needed_bytes(image_bytes)
    assert stick_misfits(sized(least), image_bytes) == ()
    assert stick_misfits(sized(least - 512), image_bytes) == (StickMisfit.TOO_SMALL,)
    room = free_room((), image_bytes // 512, least // 512)
    assert room.sectors * 512 == LEAST_DATA_BYTES
    assert free_room((), image_bytes // 512, least // 512 - 1).sectors < room.sectors


def test_other_sectors_do_not_fit_the_table() -> None:
    drive = replace(STICK, logical_sector_bytes=4096)
    assert stick_misfits(drive, IMAGE_BYTES) == (StickMisfit.SECTOR_SIZE,)


@pytest.mark.parametrize("sign", [BootSign.ISO_LABEL, BootSign.DATA_PARTITION])
def test_an_old_reprise_stick_may_be_written_again(sign: BootSign) -> None:
    assert codes(replace(STICK, boot=BootMedium(is_boot=True, how=sign))) == []


@pytest.mark.parametrize("sign", [BootSign.LIVE_MEDIUM, BootSign.LIVE_CHAIN, BootSign.ROOT])
def test_what_this_system_runs_from_may_not(sign: BootSign) -> None:
    how = f"{BootSign.ISO_LABEL},{sign}"
    found = stick_refusals(replace(STICK, boot=BootMedium(is_boot=True, how=how)))
    assert found == (Refusal(RefusalCode.BOOT_MEDIUM, sign),)
    unsaid = stick_refusals(replace(STICK, boot=BootMedium(is_boot=True)))
    assert [one.code for one in unsaid] == [RefusalCode.BOOT_MEDIUM]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"uses": (Use(UseKind.MOUNT, "/dev/sdb1", "/media"),)}, RefusalCode.MOUNTED),
        ({"uses": (Use(UseKind.SWAP, "/dev/sdb1", ""),)}, RefusalCode.SWAP),
        ({"uses": (Use(UseKind.HOLDER, "/dev/sdb1", "dm-0"),)}, RefusalCode.HELD),
        ({"read_only": True}, RefusalCode.READ_ONLY),
        (
            {"identity": replace(STICK.identity, serial=None, wwn=None)},
            RefusalCode.IDENTITY_UNKNOWN,
        ),
    ],
)
def test_the_reasons_that_keep_any_drive(change: dict[str, object], code: RefusalCode) -> None:
    found = stick_refusals(with_facts(STICK, **change))
    assert [one.code for one in found] == [code]
    assert wording.advice_for_stick(found).endswith(".")


# by hand, as in test_safety.py
@pytest.mark.parametrize(
    "fact", ["identity", "uses", "boot", "read_only", "removable", "transport", "size_bytes"]
)
def test_a_fact_that_could_not_be_read(fact: str) -> None:
    blind = replace(STICK, unknown={fact: Reason.TIMED_OUT.value})
    assert codes(blind) == [RefusalCode.PROBE_INCOMPLETE]


def test_two_sticks_of_one_serial_number_cannot_be_told_apart() -> None:
    twin = replace(STICK, node="/dev/sdz")
    assert [one.code for one in stick_refusals(STICK, others=(twin,))] == [
        RefusalCode.IDENTITY_AMBIGUOUS
    ]


def test_another_stick_at_its_place_is_seen_before_the_first_byte() -> None:
    other = replace(STICK, identity=replace(STICK.identity, serial="2"))
    assert [one.code for one in stick_refusals_at_write(STICK, other)] == [
        RefusalCode.IDENTITY_CHANGED
    ]
    mounted = replace(STICK, uses=(Use(UseKind.MOUNT, "/dev/sdb1", "/media"),))
    assert [one.code for one in stick_refusals_at_write(STICK, mounted)] == [RefusalCode.MOUNTED]
    assert stick_refusals_at_write(STICK, STICK) == ()


def test_contents_end_with_what_reaches_farthest() -> None:
    entries = (MbrEntry(1, 0x17, 64, 100), MbrEntry(2, 0xEF, 164, 50), MbrEntry(3, 0, 999, 999))
    assert end_of_contents(entries, 120) == 214
    assert end_of_contents(entries, 300) == 300


SIGNER = generate_signer()
SETTINGS = b'[station]\nname = "atelier"\n'
WITH_CA = b'[server]\nurl = "https://reprise.example.org"\nca_file = "ca.pem"\n'
PAIR = {"station.key.pem": SIGNER.private_pem(), "station.pub.pem": SIGNER.public_pem()}


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"reprise.toml": SETTINGS},
        {"reprise.toml": SETTINGS, **PAIR},
        {"station.key.pem": SIGNER.private_pem()},
        {"station.pub.pem": SIGNER.public_pem().replace(b"\n", b"\r\n"), **PAIR},
        {"reprise.toml": b"\xef\xbb\xbf" + WITH_CA, "ca.pem": b"PEM"},
    ],
)
def test_what_a_station_takes(files: dict[str, bytes]) -> None:
    check_files(files)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"reprise.toml": b"[station]\nnam = 1\n"}, "station.name"),
        ({"reprise.toml": b"\xff"}, "UTF-8"),
        ({"reprise.toml": WITH_CA}, "ca.pem"),
        ({"reprise.toml": SETTINGS, "ca.pem": b"PEM"}, "ca.pem"),
        ({"logo.png": b""}, "logo.png"),
        ({"station.key.pem": b"no key"}, "station.key.pem"),
        ({"station.pub.pem": SIGNER.public_pem()}, "station.key.pem"),
        (PAIR | {"station.pub.pem": generate_signer().public_pem()}, "station.pub.pem"),
    ],
)
def test_what_a_station_would_not_take_or_would_miss(files: dict[str, bytes], told: str) -> None:
    with pytest.raises(InputError) as found:
        check_files(files)
    assert told in str(found.value)
