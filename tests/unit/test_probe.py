"""The probe on made machines: what it finds, what it says of what it could not find."""

from __future__ import annotations

from pathlib import Path

import pytest

from reprise.adapters.hardware.tree import Tree
from reprise.domain.hardware import Drive, Health, MediaKind, Transport, UseKind
from unit.made_tree import ATA, MMC, NVME, USB, VIRTIO, VIRTUAL, MadeTree, answer


@pytest.fixture
def tree(tmp_path: Path) -> MadeTree:
    return MadeTree(tmp_path)


def uses(drive: Drive) -> list[tuple[UseKind, str, str]]:
    return [(use.kind, use.node, use.detail) for use in drive.uses]


def nothing_found(tree: MadeTree) -> None:
    """blkid answers and finds nothing: exit 2 without a word."""
    tree.answers["blkid"] = answer(code=2)


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


def test_a_serial_link_tells_sata(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    tree.write("sys/class/ata_link/link0/sata_spd", "6.0 Gbps\n")
    assert tree.drives()["sda"].transport is Transport.SATA


def test_a_turning_usb_drive_is_of_unknown_kind(tree: MadeTree) -> None:
    """Bridges say "rotational" for solid-state drives, too."""
    tree.disk("sda", USB, queue__rotational="1")
    tree.disk("sdb", ATA, queue__rotational="1")
    tree.disk("sdc", USB, queue__rotational="1", removable="1")
    found = tree.drives()
    assert found["sda"].media is MediaKind.UNKNOWN
    assert "media" in found["sda"].unknown
    assert found["sdb"].media is MediaKind.HDD
    assert found["sdc"].media is MediaKind.FLASH


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


# ---- uses ----


def test_mounts_by_device_number_and_by_source(tree: MadeTree) -> None:
    """btrfs has a device number of its own: only its source names the partition."""
    nothing_found(tree)
    tree.disk("sda", ATA)
    tree.part("sda", "sda1", 1)
    tree.part("sda", "sda2", 2)
    tree.disk("sdb", ATA)
    tree.mount("sda1", "/mnt/with\\040space")
    with (tree.root / "proc/self/mountinfo").open("a") as file:
        file.write("31 27 0:44 / /home rw shared:1 - btrfs /dev/sda2 rw\n")
    found = tree.drives()
    assert uses(found["sda"]) == [
        (UseKind.MOUNT, "/dev/sda1", "/mnt/with space"),
        (UseKind.MOUNT, "/dev/sda2", "/home"),
    ]
    assert found["sdb"].uses == ()
    assert [part.node for part in found["sda"].partitions] == ["/dev/sda1", "/dev/sda2"]


def test_a_mount_of_another_name_space_counts(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    devno = (tree.root / "sys/class/block/sda/dev").read_text().strip()
    tree.write("proc/1/mountinfo", f"30 27 {devno} / /hidden rw - ext4 /dev/sda rw\n")
    assert uses(tree.drives()["sda"]) == [(UseKind.MOUNT, "/dev/sda", "/hidden")]


def test_a_whole_chain_of_holders_is_followed(tree: MadeTree) -> None:
    """Disk, partition, encrypted container, volume, mount: all belong to the disk."""
    tree.disk("sda", ATA)
    tree.part("sda", "sda1", 1)
    tree.holder("sda1", "dm-0", "luks-1")
    tree.holder("dm-0", "dm-1", "vg-home")
    tree.mount("dm-1", "/home")
    assert uses(tree.drives()["sda"]) == [
        (UseKind.HOLDER, "/dev/sda1", "dm-0 (luks-1)"),
        (UseKind.HOLDER, "/dev/sda1", "dm-1 (vg-home)"),
        (UseKind.MOUNT, "/dev/sda1", "/home"),
    ]


def test_swap_loops_and_btrfs_members(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    tree.part("sda", "sda1", 1)
    tree.part("sda", "sda2", 2)
    tree.write("proc/swaps", "Filename Type\n/dev/disk/by-uuid/ab partition 1 0 -2\n")
    (tree.root / "dev/disk/by-uuid").mkdir(parents=True)
    tree.write("dev/sda1", "")
    tree.link("dev/disk/by-uuid/ab", tree.root / "dev/sda1")
    tree.disk("loop7", VIRTUAL, loop__backing_file="/dev/sda2")
    (tree.root / "sys/fs/btrfs/f00d/devices/sda2").mkdir(parents=True)
    assert uses(tree.drives()["sda"]) == [
        (UseKind.SWAP, "/dev/sda1", "/dev/disk/by-uuid/ab"),
        (UseKind.HOLDER, "/dev/sda2", "loop7"),
        (UseKind.HOLDER, "/dev/sda2", "btrfs f00d"),
    ]


def test_blkinfo_adds_what_the_kernel_lists_lack_and_nothing_twice(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    tree.holder("sda", "dm-0", "vg-home")
    tree.blkinfo = Tree(held={"sda": ("vg-home", "mpatha"), "sdb": ("other",)})
    assert uses(tree.drives()["sda"]) == [
        (UseKind.HOLDER, "/dev/sda", "dm-0 (vg-home)"),
        (UseKind.HOLDER, "/dev/sda", "mpatha"),
    ]


def test_an_empty_tree_is_an_error_not_a_free_drive(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    tree.blkinfo = Tree(reason="tool-failed: blkinfo: empty tree")
    found = tree.probe().probe_inventory()
    assert found.unknown["tree"] == "tool-failed: blkinfo: empty tree"
    assert found.drives[0].unknown["tree"] == "tool-failed: blkinfo: empty tree"


def test_uses_that_cannot_be_read_are_unknown(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    (tree.root / "proc/self/mountinfo").unlink()
    assert tree.drives()["sda"].unknown["uses"] == "unreadable: /proc"


# ---- the boot medium ----


def boot_signs(drive: Drive) -> set[str]:
    return set((drive.boot.how or "").split(",")) - {""}


def test_an_ordinary_drive_is_no_boot_medium(tree: MadeTree) -> None:
    nothing_found(tree)
    tree.disk("sda", ATA)
    drive = tree.drives()["sda"]
    assert not drive.boot.is_boot
    assert drive.boot.how is None
    assert "boot" not in drive.unknown


def test_the_mounted_medium(tree: MadeTree) -> None:
    nothing_found(tree)
    tree.disk("sdb", USB)
    tree.part("sdb", "sdb1", 1)
    tree.mount("sdb1", "/run/live/medium")
    assert boot_signs(tree.drives()["sdb"]) == {"mounted-live-medium"}


@pytest.mark.parametrize("where", ["whole by udev", "whole by blkid", "partition"])
def test_a_stick_that_was_copied_to_memory(tree: MadeTree, where: str) -> None:
    """Nothing is mounted from it any more: its labels give it away."""
    nothing_found(tree)
    tree.disk("sdb", USB)
    tree.part("sdb", "sdb1", 1)
    if where == "whole by udev":
        tree.udev["sdb"] = {"ID_FS_LABEL": "REPRISE_LIVE"}
    elif where == "whole by blkid":
        tree.answers["blkid"] = lambda argv: answer(
            "TYPE=iso9660\nLABEL=REPRISE_LIVE\n" if argv[-1] == "/dev/sdb" else "", 0
        )(argv)
    else:
        tree.udev["sdb1"] = {"ID_FS_LABEL": "REPRISE_LIVE"}
    assert boot_signs(tree.drives()["sdb"]) == {"label-REPRISE_LIVE"}


def test_a_hybrid_image_that_is_ambivalent_to_a_plain_probe(tree: MadeTree) -> None:
    tree.disk("sdb", USB)
    tree.answers["blkid"] = lambda argv: (
        answer("TYPE=iso9660\nLABEL=REPRISE_LIVE\n") if "-n" in argv else answer(code=8)
    )(argv)
    assert boot_signs(tree.drives()["sdb"]) == {"label-REPRISE_LIVE"}


def test_ambivalent_remains_do_not_hide_that_it_is_no_stick(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    tree.answers["blkid"] = lambda argv: answer(code=2 if "-n" in argv else 8)(argv)
    drive = tree.drives()["sda"]
    assert not drive.boot.is_boot
    assert "boot" not in drive.unknown
    assert drive.unknown["fs_type"] == "unreadable: ambivalent"


def test_a_data_partition(tree: MadeTree) -> None:
    nothing_found(tree)
    tree.disk("sdb", USB)
    tree.part("sdb", "sdb3", 3)
    tree.udev["sdb3"] = {"ID_FS_LABEL": "REPRISE", "ID_FS_TYPE": "vfat"}
    assert boot_signs(tree.drives()["sdb"]) == {"data-partition"}


def test_the_drive_of_the_running_system(tree: MadeTree) -> None:
    nothing_found(tree)
    tree.disk("vda", VIRTIO)
    tree.mount("vda", "/")
    assert boot_signs(tree.drives()["vda"]) == {"mounted-root"}


def test_labels_that_cannot_be_read_leave_the_question_open(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    tree.answers["blkid"] = answer(code=2, stderr=b"blkid: error: /dev/sda: Permission denied\n")
    drive = tree.drives()["sda"]
    assert not drive.boot.is_boot
    assert drive.unknown["boot"] == "needs-root"


def test_one_blind_partition_leaves_the_question_open(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    tree.part("sda", "sda1", 1)
    tree.answers["blkid"] = lambda argv: (
        answer(code=2, stderr=b"blkid: error: I/O error") if argv[-1] == "/dev/sda1" else answer()
    )(argv)
    assert tree.drives()["sda"].unknown["boot"].startswith("unreadable: blkid: error")


# ---- drives that hang ----


def test_a_dead_drive_is_asked_once_and_holds_nobody_up(tree: MadeTree) -> None:
    tree.disk("sda", ATA)
    tree.disk("sdb", ATA)

    def hangs(argv: object) -> bool:
        return "/dev/sda" in argv  # type: ignore[operator]

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


# ---- the rest of the PC ----


def test_batteries_in_both_units(tree: MadeTree) -> None:
    for name, facts in {
        "AC": {"type": "Mains"},
        "BAT0": {"type": "Battery", "energy_full_design": "50000000", "energy_full": "38200000"},
        "BAT1": {
            "type": "Battery",
            "charge_full_design": "4400000",
            "charge_full": "2200000",
            "voltage_min_design": "11100000",
        },
        "BAT2": {"type": "Battery", "energy_full_design": "0"},
        "BAT3": {"type": "Battery", "present": "0"},
        "hid-mouse": {"type": "Battery", "scope": "Device"},
    }.items():
        for file, content in facts.items():
            tree.write(f"sys/class/power_supply/{name}/{file}", content + "\n")
    found = {b.name: (b.design_wh, b.full_wh) for b in tree.probe().probe_inventory().batteries}
    assert found == {"BAT0": (50.0, 38.2), "BAT1": (48.84, 24.42), "BAT2": (None, None)}


def test_network_cards_are_hardware(tree: MadeTree) -> None:
    for name, wifi, real in (("lo", 0, 0), ("eth0", 0, 1), ("wlan0", 1, 1), ("br0", 0, 0)):
        tree.write(f"sys/class/net/{name}/type", "1\n")
        tree.write(f"sys/class/net/{name}/address", "52:54:00:12:34:56\n")
        if wifi:
            (tree.root / f"sys/class/net/{name}/phy80211").mkdir()
        if real:
            (tree.root / f"sys/class/net/{name}/device").mkdir()
    cards = tree.probe().probe_inventory().network
    assert [(card.name, card.kind) for card in cards] == [("eth0", "ethernet"), ("wlan0", "wifi")]


def test_firmware_mode_and_secure_boot(tree: MadeTree) -> None:
    assert tree.probe().probe_inventory().machine.firmware.mode == "bios"
    name = "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
    tree.write(f"sys/firmware/efi/efivars/{name}", b"\x06\x00\x00\x00\x01")
    firmware = tree.probe().probe_inventory().machine.firmware
    assert (firmware.mode, firmware.secure_boot) == ("uefi", True)


def test_without_dmidecode_the_kernel_names_the_pc(tree: MadeTree) -> None:
    for file, content in {
        "sys_vendor": "Dell Inc.",
        "product_name": "Latitude 5480",
        "bios_date": "11/17/2022",
        "chassis_type": "10",
        "board_name": "Default string",
    }.items():
        tree.write(f"sys/class/dmi/id/{file}", content + "\n")
    found = tree.probe().probe_inventory()
    machine = found.machine
    assert (machine.maker, machine.model, machine.chassis) == (
        "Dell Inc.",
        "Latitude 5480",
        "Notebook",
    )
    assert machine.firmware.date == "2022-11-17"
    assert found.unknown["machine.board_model"] == "placeholder: Default string"
    assert found.unknown["machine.serial"] == "not-reported"
