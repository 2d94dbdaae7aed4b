"""A stick of another station, as Windows writes it: files on a FAT of any name, its reports beside
them. Where drives on USB may be erased, nothing but those files keeps it from that."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reprise import i18n, wording
from reprise.adapters.hardware.our_files import SearchResult, look_for_ours
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.plan import RefusalCode
from reprise.domain.planning.safety import refusals, stick_refusals
from reprise.wording import advice_for_refusals
from station_kit.volume_images import MIB, empty, run
from unit.adapters.hardware.made_tree import ATA, MMC, USB, MadeTree, nothing_found
from unit.adapters.hardware.our_volumes import ALLOWING, STARTING, at, codes, fat, linux, volume

pytestmark = pytest.mark.processes

Plug = Callable[..., Drive]


@pytest.fixture
def plug(tree: MadeTree, tmp_path: Path) -> Plug:
    """A drive with a partition for each image, as udev shows it; None: one that cannot be read."""
    nothing_found(tree)

    def plugged(
        *images: Path | None, whole: Path | None = None, place: str = USB, fs_type: str = "vfat"
    ) -> Drive:
        name = "mmcblk0" if place == MMC else "sdb"
        facts = {"device__type": "SD"} if place == MMC else {}
        if whole is not None:
            facts["size"] = str(whole.stat().st_size // 512)
        tree.disk(name, place, removable="1", **facts)
        tree.udev[name] = {"ID_SERIAL": "SanDisk_1", "ID_SERIAL_SHORT": "1", "DEVTYPE": "disk"}
        if whole is not None:
            tree.udev[name] |= {"ID_FS_TYPE": fs_type} if fs_type else {}
            tree.link(f"dev/{name}", tmp_path / "unused")
            (tree.root / f"dev/{name}").unlink()
            os.link(whole, tree.root / f"dev/{name}")
        for number, image in enumerate(images, 1):
            part = f"{name}{'p' if place == MMC else ''}{number}"
            size = 2048 if image is None else image.stat().st_size // 512
            tree.part(name, part, number, size=str(size))
            tree.udev[part] = {"ID_FS_TYPE": fs_type} if fs_type else {"DEVTYPE": "partition"}
            if image is not None:
                tree.link(f"dev/{part}", tmp_path / "unused")
                (tree.root / f"dev/{part}").unlink()
                os.link(image, tree.root / f"dev/{part}")
        return tree.drives()[name]

    return plugged


@pytest.mark.parametrize("kind", STARTING)
def test_another_station_s_stick_is_refused_though_usb_may_be_erased(
    tmp_path: Path, plug: Plug, kind: str
) -> None:
    stick = plug(volume(tmp_path / "disk", kind, *("reprise/image-id",)), fs_type=linux(kind))
    assert codes(stick) == [RefusalCode.REPRISE_STICK]
    with i18n.using("fr"):
        (said,) = wording.refusals(refusals(stick, ALLOWING))
    assert said == "il est pris pour une clé Reprise (il contient les fichiers de Reprise)"
    assert not stick_refusals(stick), "it may be written anew, as any old stick"


def test_a_card_is_looked_at_too(tmp_path: Path, plug: Plug) -> None:
    assert RefusalCode.REPRISE_STICK in codes(
        plug(fat(tmp_path / "disk", "FAT32", "reprise/image-id"), place=MMC)
    )


def test_any_partition_may_hold_them(tmp_path: Path, plug: Plug) -> None:
    photos = fat(tmp_path / "photos", "FAT32", "photos/1.jpg")
    ours = fat(tmp_path / "ours", "FAT16", "reprise/image-id")
    assert codes(plug(photos, ours)) == [RefusalCode.REPRISE_STICK]


def test_they_are_found_where_udev_told_no_format(tmp_path: Path, plug: Plug) -> None:
    ours = fat(tmp_path / "ours", "FAT32", "reprise/image-id")
    assert codes(plug(ours, fs_type="")) == [RefusalCode.REPRISE_STICK]


@pytest.mark.parametrize("fs_type", ["vfat", ""])
def test_they_are_found_on_a_drive_without_partitions(
    tmp_path: Path, plug: Plug, fs_type: str
) -> None:
    ours = fat(tmp_path / "ours", "FAT32", "reprise/image-id")
    assert codes(plug(whole=ours, fs_type=fs_type)) == [RefusalCode.REPRISE_STICK]


def test_so_is_a_drive_without_partitions_that_bears_no_fat_s_name(
    tmp_path: Path, plug: Plug
) -> None:
    assert codes(plug(whole=empty(tmp_path / "blank", MIB), fs_type="")) == []


def test_so_is_one_without_partitions_that_cannot_be_read(plug: Plug) -> None:
    """Nothing starts from it, and there are drives that are unreadable until they are written."""
    assert codes(plug(fs_type="")) == []


def test_a_stick_of_somebody_s_files_is_erased(tmp_path: Path, plug: Plug) -> None:
    drive = plug(fat(tmp_path / "photos", "FAT32", "photos/1.jpg"))
    assert codes(drive) == []
    assert "our_files" not in drive.unknown


def test_so_is_one_without_anything_on_it(tmp_path: Path, plug: Plug) -> None:
    assert codes(plug(empty(tmp_path / "blank", MIB), fs_type="")) == []


def test_the_same_files_inside_the_pc_make_no_stick_of_a_drive(tmp_path: Path, plug: Plug) -> None:
    ours = fat(tmp_path / "ours", "FAT32", "reprise/image-id")
    assert not plug(ours, place=ATA).boot.is_boot


def test_a_name_that_is_wiped_away_as_the_technician_s_page_says_is_one_no_more(
    tmp_path: Path, plug: Plug
) -> None:
    ours = fat(tmp_path / "ours", "FAT32", "reprise/image-id")
    run("wipefs", "--all", "--force", ours)
    assert codes(plug(ours, fs_type="")) == []


@pytest.mark.parametrize("fs_type", ["vfat", "exfat", ""])
def test_what_cannot_be_read_is_refused_for_that(plug: Plug, fs_type: str) -> None:
    """It may be one."""
    drive = plug(None, fs_type=fs_type)
    assert codes(drive) == [RefusalCode.PROBE_INCOMPLETE]
    with i18n.using("fr"):
        (said,) = wording.refusals(refusals(drive, ALLOWING))
        advice = advice_for_refusals(refusals(drive, ALLOWING))
    assert "clé Reprise" in said
    assert "dev/sdb1" not in said
    assert "peut-être une clé Reprise" in advice
    with i18n.using("fr"):
        blind = replace(drive, unknown={**drive.unknown, "uses": "unreadable: /proc"})
        assert "câbles" in advice_for_refusals(refusals(blind, ALLOWING))


def test_one_damaged_partition_hides_no_stick_and_is_no_no(tmp_path: Path, plug: Plug) -> None:
    damaged = fat(tmp_path / "damaged", "FAT32")
    data = bytearray(damaged.read_bytes())
    data[44:48] = b"\xff\xff\xff\x00"  # the root's first cluster
    damaged.write_bytes(data)
    photos = fat(tmp_path / "photos", "FAT32", "photos/1.jpg")
    drive = plug(damaged, photos)
    assert codes(drive) == [RefusalCode.PROBE_INCOMPLETE]
    assert not stick_refusals(drive), "whatever it is, a new stick may be made of it"
    ours = fat(tmp_path / "ours", "FAT16", "reprise/image-id")
    look = look_for_ours([at(damaged), at(ours)], Path("/"))
    assert look == SearchResult(found=True)


def test_a_drive_that_hangs_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    image = fat(tmp_path / "ours", "FAT32", "reprise/image-id")

    def hanging(_number: int, _length: int, _offset: int) -> bytes:
        time.sleep(3)
        return b""

    monkeypatch.setattr(os, "pread", hanging)
    began = time.monotonic()
    look = look_for_ours([at(image)], Path("/"), 0.2)
    assert time.monotonic() - began < 2
    assert look == SearchResult(found=False, blind="timed-out: read")


def test_nothing_is_opened_for_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    image = fat(tmp_path / "ours", "FAT32", "reprise/image-id")
    before, flags, real = image.read_bytes(), list[int](), os.open

    def noting(path: str, how: int) -> int:
        flags.append(how)
        return real(path, how)

    monkeypatch.setattr(os, "open", noting)
    assert look_for_ours([at(image)], Path("/")).found
    assert {how & os.O_ACCMODE for how in flags} == {os.O_RDONLY}
    assert image.read_bytes() == before
