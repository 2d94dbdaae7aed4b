"""Whether a drive's medium turns: only the drive's own word counts."""

from __future__ import annotations

import pytest

from reprise.domain.pc.hardware import MediaKind
from unit.adapters.hardware.made_tree import ATA, USB, MadeTree

SAS = "pci0000:00/0000:00:04.0/host{n}/port-{n}:0/end_device-{n}:0/target{n}:0:0/{n}:0:0:0"


def test_what_the_kernel_assumes_is_no_evidence_of_a_hard_disk(tree: MadeTree) -> None:
    """It calls every drive rotational that does not say "I do not rotate": one whose IDENTIFY word
    217 or VPD page B1h tells nothing, and what a bridge or an adapter answers for anything."""
    tree.disk("sda", USB, queue__rotational="1")
    tree.disk("sdb", ATA, queue__rotational="1")
    tree.disk("sdc", USB, queue__rotational="1", removable="1")
    tree.disk("sdd", SAS, queue__rotational="1", device__vpd_pgb1="")
    tree.disk("sde", ATA, queue__rotational="0")
    found = tree.drives()
    kinds = {name: drive.media.value for name, drive in found.items()}
    assert kinds == dict.fromkeys(("sda", "sdb", "sdd"), "unknown") | {"sdc": "flash", "sde": "ssd"}
    assert all("media" in found[name].unknown for name in ("sda", "sdb", "sdd"))


@pytest.mark.parametrize(
    ("rate", "media", "rpm"),
    [
        ("0", MediaKind.SSD, None),
        ("7200", MediaKind.HDD, 7200),
        ("1025", MediaKind.HDD, 1025),
        ("65534", MediaKind.HDD, 65534),
        ("65535", MediaKind.UNKNOWN, None),
        ("1024", MediaKind.UNKNOWN, None),
        ("", MediaKind.UNKNOWN, None),
        ("fast", MediaKind.UNKNOWN, None),
    ],
)
def test_udev_tells_what_identify_word_217_says(
    tree: MadeTree, rate: str, media: MediaKind, rpm: int | None
) -> None:
    tree.disk("sda", ATA, queue__rotational="1")
    tree.udev["sda"] = {"ID_ATA_ROTATION_RATE_RPM": rate, "ID_SERIAL_SHORT": "S1"}
    found = tree.drives()["sda"]
    assert (found.media, found.rotation_rpm) == (media, rpm)


@pytest.mark.parametrize(
    ("rate", "media", "rpm"),
    [
        (0x0000, MediaKind.UNKNOWN, None),
        (0x0001, MediaKind.SSD, None),
        (0x0002, MediaKind.UNKNOWN, None),
        (0x0400, MediaKind.UNKNOWN, None),
        (0x0401, MediaKind.HDD, 0x0401),
        (10_000, MediaKind.HDD, 10_000),
        (0xFFFE, MediaKind.HDD, 0xFFFE),
        (0xFFFF, MediaKind.UNKNOWN, None),
    ],
)
def test_the_kernel_keeps_what_vpd_page_b1_says(
    tree: MadeTree, rate: int, media: MediaKind, rpm: int | None
) -> None:
    """SBC-4, Block Device Characteristics, MEDIUM ROTATION RATE."""
    base = tree.disk("sda", SAS, queue__rotational="1")
    page = b"\x00\xb1\x00\x3c" + rate.to_bytes(2, "big") + bytes(58)
    tree.write(f"{base}/device/vpd_pgb1", page)
    found = tree.drives()["sda"]
    assert (found.media, found.rotation_rpm) == (media, rpm)


def test_sources_that_contradict_each_other_tell_no_medium(tree: MadeTree) -> None:
    base = tree.disk("sda", ATA, queue__rotational="1")
    tree.write(f"{base}/device/vpd_pgb1", b"\x00\xb1\x00\x3c\x00\x01" + bytes(58))
    tree.udev["sda"] = {"ID_ATA_ROTATION_RATE_RPM": "7200", "ID_SERIAL_SHORT": "S1"}
    assert tree.drives()["sda"].media is MediaKind.UNKNOWN


def test_a_bridge_s_own_page_b1_says_nothing_of_the_drive_behind_it(tree: MadeTree) -> None:
    base = tree.disk("sda", USB, queue__rotational="1")
    tree.write(f"{base}/device/vpd_pgb1", b"\x00\xb1\x00\x3c\x1c\x20" + bytes(58))
    assert tree.drives()["sda"].media is MediaKind.UNKNOWN
