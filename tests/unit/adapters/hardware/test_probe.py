"""The probe on made machines: what it finds, what it says of what it could not find."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from reprise.domain.pc.hardware import Health, MediaKind, Transport
from unit.adapters.hardware.made_tree import ATA, MMC, NVME, USB, VIRTIO, VIRTUAL, MadeTree, answer

# ---- which drives there are, and how they are attached ----


def test_only_hardware_is_a_drive(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    tree.disk("mmcblk0", MMC)
    tree.disk("sdz", USB, size="0")  # an internal drive that lost its size stays in sight
    for name in ("loop0", "ram0", "zram0", "sr0", "fd0", "dm-0", "md127", "nbd0", "mmcblk0boot0"):
        tree.disk(name, VIRTUAL)
    tree.disk("sdc", USB, size="0", removable="1")  # a card reader without a card
    tree.disk("nvme0c0n1", NVME, hidden="1")  # one path of an NVMe drive
    assert list(tree.drives()) == ["mmcblk0", "sda", "sdz"]


@pytest.mark.parametrize(
    ("name", "place", "transport", "media"),
    [
        ("sda", ATA, Transport.ATA, MediaKind.SSD),
        ("sda", USB, Transport.USB, MediaKind.SSD),
        ("nvme0n1", NVME, Transport.NVME, MediaKind.SSD),
        ("mmcblk0", MMC, Transport.MMC, MediaKind.FLASH),
        ("vda", VIRTIO, Transport.VIRTIO, MediaKind.UNKNOWN),
        (
            "sda",
            "pci0000:00/host0/port-0:0/end_device-0:0/target0:0:0",
            *(Transport.SAS,),
            MediaKind.SSD,
        ),
        ("sda", "pci0000:00/virtio3/host{n}/target0:0:0", Transport.SCSI, MediaKind.SSD),
        ("sda", "platform/host{n}/session1/target0:0:0", Transport.UNKNOWN, MediaKind.SSD),
        ("xyz", "platform/whatever", Transport.UNKNOWN, MediaKind.SSD),
    ],
)
def test_transport_without_lsblk_or_udev(
    tree: MadeTree, name: str, place: str, transport: Transport, media: MediaKind
) -> None:
    tree.disk(name, place)
    drive = tree.drives()[name]
    assert (drive.transport, drive.media) == (transport, media)
    assert ("transport" in drive.unknown) == (transport is Transport.UNKNOWN)


@pytest.mark.parametrize(
    ("kind", "address", "transport"),
    [
        ("pcie", "0000:01:00.0", Transport.NVME),
        ("tcp", "traddr=192.168.1.9,trsvcid=4420", Transport.UNKNOWN),
        ("tcp", "traddr=127.0.0.11.example,trsvcid=4420", Transport.UNKNOWN),
        ("rdma", "traddr=127.0.0.1,trsvcid=4420", Transport.UNKNOWN),
        ("tcp", "traddr=127.0.0.1,trsvcid=4420", Transport.NVME),
    ],
)
@pytest.mark.parametrize("place", ["device", "device/nvme7"])
def test_an_nvme_drive_of_another_machine_is_none_of_ours(
    tree: MadeTree, place: str, kind: str, address: str, transport: Transport
) -> None:
    """Where it has several controllers, they stand below `device`."""
    folder = tree.disk("nvme0n1", NVME)
    tree.write(f"{folder}/{place}/transport", kind)
    tree.write(f"{folder}/{place}/address", address)
    assert tree.drives()["nvme0n1"].transport is transport


def test_a_serial_link_tells_sata(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    tree.write("sys/class/ata_link/link0/sata_spd", "6.0 Gbps\n")
    assert tree.drives()["sda"].transport is Transport.SATA


# Below a Thunderbolt port, whose bridge the firmware calls external, and on FireWire.
OUTER = "pci0000:00/0000:00:1d.0/0000:05:00.0"
FIREWIRE = "pci0000:00/0000:00:1c.0/0000:03:00.0/fw1/fw1.0/host{n}/target{n}:0:0/{n}:0:0:0"


def test_a_drive_on_an_outer_port_is_none_of_the_pc(tree: MadeTree) -> None:
    tree.write(f"sys/devices/{OUTER}/removable", "removable\n")
    tree.write("sys/devices/pci0000:00/0000:00:1d.0/removable", "fixed\n")
    tree.disk("nvme0n1", f"{OUTER}/nvme/nvme0")
    two_ways = tree.disk("nvme1n1", "virtual/nvme-subsystem/nvme-subsys1")
    controller = tree.root / f"sys/devices/{OUTER}/nvme/nvme1"
    controller.mkdir()
    tree.link(f"{two_ways}/../../nvme1", controller)
    tree.disk("sda", f"{OUTER}/ata5/host5/target5:0:0/5:0:0:0")
    tree.disk("sdb", FIREWIRE)
    tree.disk("sdc", ATA)
    tree.disk("nvme2n1", NVME)
    found = {name: drive.removable for name, drive in tree.drives().items()}
    inside = {"sdc": False, "nvme2n1": False}
    assert found == dict.fromkeys(("nvme0n1", "nvme1n1", "sda", "sdb"), True) | inside


# ---- identity ----


def test_identity_from_the_kernel_alone(tree: MadeTree) -> None:
    base = tree.disk("sda", ATA, queue__physical_block_size="4096")
    page = b"\x00\x80\x00\x14" + b"     WD-WCC3F1234567"[:20]
    device = str(Path(base).parent.parent)
    tree.write(f"{device}/model", "WDC WD10EZEX-08W\n")
    tree.write(f"{device}/vpd_pg80", page)
    tree.write(f"{device}/wwid", "naa.50014ee2b1234567\n")
    tree.write(f"{device}/vendor", "ATA     \n")
    drive = tree.drives()["sda"]
    assert drive.identity.model == "WDC WD10EZEX-08W"
    assert drive.identity.serial == "WD-WCC3F1234567"
    assert drive.identity.wwn == "0x50014ee2b1234567"
    assert drive.identity.size_bytes == 2048000 * 512
    assert drive.vendor is None, "every SATA drive says ATA"
    assert (drive.logical_sector_bytes, drive.physical_sector_bytes) == (512, 4096)


def test_udev_knows_the_whole_model_name(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    tree.udev["sda"] = {
        "ID_MODEL": "Samsung_SSD_850_EVO_250GB",
        "ID_MODEL_ENC": "Samsung\\x20SSD\\x20850\\x20EVO\\x20250GB\\x20\\x20",
        "ID_SERIAL_SHORT": "S21PNSAG123456X",
        "ID_WWN": "0x5002538d40123456",
        "ID_REVISION": "EMT01B6Q",
        "ID_ATA_SATA": "1",
    }
    drive = tree.drives()["sda"]
    assert drive.identity.model == "Samsung SSD 850 EVO 250GB"
    assert drive.identity.serial == "S21PNSAG123456X"
    assert drive.identity.wwn == "0x5002538d40123456"
    assert drive.firmware == "EMT01B6Q"
    assert drive.transport is Transport.SATA


def test_nothing_is_made_up(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    drive = tree.drives()["sda"]
    assert (drive.identity.model, drive.identity.serial, drive.identity.wwn) == (None,) * 3
    for fact in ("identity.model", "identity.serial", "identity.wwn", "firmware"):
        assert drive.unknown[fact] == "not-reported"
    assert drive.smart.health is Health.UNKNOWN
    assert drive.unknown["smart.health"] == "tool-missing: smartctl"
    assert drive.unknown["boot"] == "tool-missing: blkid"


@pytest.mark.parametrize("file", ["ro", "removable", "size"])
def test_a_safety_fact_that_is_not_there_is_named(tree: MadeTree, file: str) -> None:
    base = tree.disk("sda", ATA)
    (tree.root / base / file).unlink()
    named = {"ro": "read_only", "size": "size_bytes"}.get(file, file)
    assert named in tree.drives()["sda"].unknown


# ---- drives that hang ----


def test_a_dead_drive_is_asked_once_and_holds_nobody_up(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    tree.disk("sdb", ATA)

    def hangs(argv: Sequence[str]) -> bool:
        return "/dev/sda" in argv

    for tool in ("lsblk", "blkid", "smartctl"):
        tree.answers[tool] = lambda argv: (
            answer(late=True, code=-9) if hangs(argv) else answer(code=2)
        )(argv)
    found = tree.drives()
    assert found["sda"].smart.health is Health.UNKNOWN
    assert found["sda"].unknown["smart.health"] == "timed-out"
    assert found["sda"].unknown["boot"] == "timed-out"
    assert "boot" not in found["sdb"].unknown
    assert len([argv for argv in tree.asked if "/dev/sda" in argv]) == 1


@pytest.mark.parametrize(
    ("told", "zoned"),
    [("none", None), ("host-managed", "host-managed"), ("host-aware", "host-aware"), ("", None)],
)
def test_the_kernel_tells_how_zones_are_written(
    tree: MadeTree, told: str, zoned: str | None
) -> None:
    tree.disk("sda", ATA, queue__zoned=told)
    assert tree.drives()["sda"].zoned == zoned
