"""What is on a drive, in words that its owner knows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise import i18n
from reprise.domain.drives.boot_medium import BootMedium
from reprise.domain.drives.capabilities import AtaCapabilities, Capabilities, Support
from reprise.domain.drives.volumes import Volume, VolumeKind, kind_of, may_look_inside, volumes_of
from reprise.domain.install.our_system import ENCRYPTED_NAMES, SYSTEM_NAMES
from reprise.domain.pc.hardware import Drive, Health, Partition, Reason, SmartFacts
from reprise.sentences.drives import content_line, content_words
from unit.domain.drives.drives import hdd

EFI = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"
RECOVERY = "de94bba4-06d1-4d40-a16a-bfd50179d6ac"
GB = 10**9


def windows() -> Drive:
    return hdd(
        partition_table="gpt",
        partitions=(
            Partition("/dev/sda1", 105 * 10**6, "vfat", part_type=EFI, part_label="EFI system"),
            Partition(
                "/dev/sda2", 16 * 10**6, None, part_type="E3C9E316-0B5C-4DB8-817D-F92DF00215AE"
            ),
            Partition("/dev/sda3", 250 * GB, "ntfs", "Disque de Marie"),
            Partition("/dev/sda4", 240 * GB, "ntfs"),
            Partition("/dev/sda5", 600 * 10**6, "ntfs", part_type=RECOVERY),
        ),
    )


READ = (
    Volume("/dev/sda3", VolumeKind.WINDOWS, "Windows 10", 87 * GB),
    Volume("/dev/sda4", VolumeKind.WINDOWS_DATA, "", 12 * GB),
)


def test_systems_and_used_space_are_said_and_no_name_of_a_file_system() -> None:
    with i18n.using("fr"):
        assert content_words(windows(), READ) == (
            "sda1 partition de démarrage (EFI), 105\u00a0Mo",
            "sda2 partition réservée, 16\u00a0Mo",
            "sda3 Windows 10 «\u00a0Disque de Marie\u00a0», 87\u00a0Go utilisés sur 250\u00a0Go",
            "sda4 données (format Windows), 12\u00a0Go utilisés sur 240\u00a0Go",
            "sda5 partition de récupération, 600\u00a0Mo",
        )


def test_one_line_leaves_out_what_only_serves_the_system() -> None:
    with i18n.using("fr"):
        said = content_line(windows(), READ)
    assert said == (
        "Windows 10 «\u00a0Disque de Marie\u00a0», 87\u00a0Go utilisés"
        " · données, 12\u00a0Go utilisés"
    )


def test_nothing_is_claimed_before_it_was_read() -> None:
    with i18n.using("fr"):
        said = content_line(windows())
    assert said == (
        "partition Windows «\u00a0Disque de Marie\u00a0», 250\u00a0Go"
        " · partition Windows, 240\u00a0Go"
    )


@pytest.mark.parametrize(
    ("used", "said"),
    [
        (87_213_000_000, "87\u00a0Go"),
        (8_213_000_000, "8,2\u00a0Go"),
        (99_999_999_999, "100\u00a0Go"),
        (999_999_999_999, "1\u00a0To"),
        (1_240_000_000_000, "1,2\u00a0To"),
        (0, "0\u00a0octets"),
    ],
)
def test_what_is_used_is_said_in_round_figures(used: int, said: str) -> None:
    part = Partition("/dev/sda1", 2 * 10**12, "ntfs")
    with i18n.using("fr"):
        line = content_line(hdd(partitions=(part,)), [Volume("/dev/sda1", None, "", used)])
    assert line == f"partition Windows, {said} utilisés"


def test_a_label_that_says_the_same_is_not_repeated() -> None:
    part = Partition("/dev/sda1", GB, "ntfs", "WINDOWS")
    with i18n.using("fr"):
        assert content_line(hdd(partitions=(part,))) == "partition Windows, 1\u00a0Go"


def test_what_tells_most_comes_first() -> None:
    """A row of many drives has no room for more."""
    parts = (
        Partition("/dev/sda1", 105 * 10**6, "ntfs", "Réservé au système"),
        Partition("/dev/sda2", 100 * GB, "ntfs"),
        Partition("/dev/sda3", 400 * GB, "ntfs", "Comptabilité"),
    )
    read = (Volume("/dev/sda2", VolumeKind.WINDOWS, "Windows 7", 64 * GB),)
    with i18n.using("fr"):
        said = content_line(hdd(partitions=parts), read)
    assert said.replace("\u00a0", " ") == (
        "Windows 7, 64 Go utilisés · partition Windows « Comptabilité », 400 Go"
        " · partition Windows « Réservé au système », 105 Mo"
    )


def test_every_name_of_our_own_partitions_has_its_words() -> None:
    for names in (SYSTEM_NAMES, ENCRYPTED_NAMES):
        parts = tuple(
            Partition(f"/dev/sda{number}", GB, "ext4", part_label=name)
            for number, name in enumerate(names, 1)
        )
        kinds = [volume.kind for _part, volume in volumes_of(hdd(partitions=parts))]
        assert VolumeKind.LINUX not in kinds and kinds[-1] is VolumeKind.REPRISE


def test_a_line_ends() -> None:
    parts = tuple(Partition(f"/dev/sda{n}", GB, "ext4") for n in range(1, 100))
    with i18n.using("en"):
        assert content_line(hdd(partitions=parts)).endswith(" · 96 more")


def test_a_drive_with_nothing_but_a_boot_partition_says_so() -> None:
    part = Partition("/dev/sda1", GB, "vfat", part_type=EFI)
    with i18n.using("en"):
        assert content_line(hdd(partitions=(part,))) == "boot partition (EFI), 1\u00a0GB"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "no partition found"),
        ({"partition_table": "gpt"}, "no partition found"),
        ({"unknown": {"fs_type": "timed-out: blkid"}}, "what it holds could not be read"),
        ({"unknown": {"firmware": "not-reported"}}, "no partition found"),
    ],
)
def test_what_could_not_be_read_is_not_said_to_be_empty(
    changes: dict[str, object], said: str
) -> None:
    bare: dict[str, object] = {
        "partitions": (),
        "partition_table": None,
        "fs_type": None,
        "label": None,
        "unknown": {},
    }
    drive = hdd(**{**bare, **changes})
    with i18n.using("en"):
        assert (content_line(drive), content_words(drive)) == (said, (said,))


def test_a_partition_that_did_not_answer_is_not_said_to_be_empty() -> None:
    drive = hdd(
        partitions=(Partition("/dev/sda1", GB), Partition("/dev/sda11", GB)),
        unknown={"partitions.sda1": "timed-out: blkid"},
    )
    kinds = [volume.kind for _part, volume in volumes_of(drive)]
    assert kinds == [VolumeKind.UNREAD, VolumeKind.UNKNOWN]


def test_what_serves_a_system_stays_so_whatever_is_found_inside() -> None:
    found = (Volume("/dev/sda5", VolumeKind.WINDOWS_DATA, "", GB),)
    kinds = [volume.kind for _part, volume in volumes_of(windows(), found)]
    assert kinds[-1] is VolumeKind.RECOVERY


def test_a_system_of_ours_is_known_by_its_partitions_names() -> None:
    parts = (
        Partition("/dev/sda1", 10**6, None, part_label="bios-boot"),
        Partition("/dev/sda2", 10**8, "vfat", part_type=EFI, part_label="efi"),
        Partition("/dev/sda3", 10**11, "ext4", part_label="root"),
    )
    read = (Volume("/dev/sda3", VolumeKind.LINUX, "Debian GNU/Linux 13 (trixie)", 4 * GB),)
    with i18n.using("fr"):
        said = content_line(hdd(partitions=parts), read)
    assert said == "système installé par Reprise, 4\u00a0Go utilisés"


@pytest.mark.parametrize(
    ("fs_type", "part_type", "kind"),
    [
        ("BitLocker", None, VolumeKind.BITLOCKER),
        ("crypto_LUKS", None, VolumeKind.LUKS),
        ("isw_raid_member", None, VolumeKind.RAID),
        ("LVM2_member", None, VolumeKind.LVM),
        ("apfs", None, VolumeKind.MAC),
        ("zfs_member", None, VolumeKind.OTHER),
        ("ntfs", "0x27", VolumeKind.RECOVERY),
        ("ntfs", "0x7", VolumeKind.WINDOWS),
        ("vfat", "0xef", VolumeKind.EFI),
        (None, "0x83", VolumeKind.UNKNOWN),
    ],
)
def test_kinds(fs_type: str | None, part_type: str | None, kind: VolumeKind) -> None:
    assert kind_of(Partition("/dev/sda1", 1, fs_type, part_type=part_type)) is kind


def test_the_place_of_logical_partitions_is_none() -> None:
    parts = (Partition("/dev/sda4", 1024, None, part_type="0x5"), Partition("/dev/sda5", GB, "xfs"))
    assert [part.node for part, _volume in volumes_of(hdd(partitions=parts))] == ["/dev/sda5"]


def test_a_sound_drive_is_looked_into() -> None:
    assert may_look_inside(hdd(), Capabilities())


@pytest.mark.parametrize(
    "changes",
    [
        {"smart": SmartFacts(health=Health.FAILING)},
        {"zoned": "host-managed"},
        {"boot": BootMedium(True, "started-from")},
        {"unknown": {"partitions.sda1": Reason.TIMED_OUT.because("blkid")}},
        {"unknown": {"smart.health": Reason.SANITIZING.value}},
    ],
)
def test_a_drive_in_trouble_is_left_alone(changes: dict[str, object]) -> None:
    assert not may_look_inside(replace(hdd(), **changes), Capabilities())  # type: ignore[arg-type]


def test_a_locked_drive_is_left_alone() -> None:
    locked = Capabilities(ata=AtaCapabilities(security_locked=Support.YES))
    assert not may_look_inside(hdd(), locked)
