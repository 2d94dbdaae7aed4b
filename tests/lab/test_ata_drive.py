"""The emulated ATA drive under a real kernel and real tools: hdparm, smartctl, dd, udev.

These tests show that the drive behaves, so that other tests may believe what it shows of Reprise.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from lab.ata import AtaConfig, Fault, Smart, ata_drive
from lab.kit import DANGER, MIB, NEEDLE, read_direct, run, run_alone, write_direct


def visible_and_native(node: Path) -> tuple[int, int]:
    found = re.search(r"=\s*(\d+)/(\d+)", said := run("hdparm", "-N", node))
    assert found, said
    return int(found[1]), int(found[2])


def test_tools_know_the_drive() -> None:
    config = AtaConfig(serial="LAB-ID-1", model="REPRISE LAB SSD 32M", kind="ssd")
    with ata_drive(config) as drive:
        said = run("hdparm", "-I", drive.node)
        for words in (
            "REPRISE LAB SSD 32M",
            "LAB-ID-1",
            "not\tlocked",
            "not\tfrozen",
            "supported: enhanced erase",
            "BLOCK_ERASE_EXT",
            "CRYPTO_SCRAMBLE_EXT",
            "Solid State Device",
            "2min for SECURITY ERASE UNIT",
        ):
            assert words in said, said
        assert "checksum incorrect" not in said.lower()
        smart = run("smartctl", "-x", "-d", "sat", drive.node, ok=None)
        assert "PASSED" in smart
        assert "LAB-ID-1" in smart
        assert re.search(r"Reallocated_Sector_Ct .* 0$", smart, re.M), smart
        udev = run("udevadm", "info", "--query=property", drive.node)
        assert "ID_BUS=ata" in udev
        assert "ID_SERIAL_SHORT=LAB-ID-1" in udev
        assert "ID_ATA_FEATURE_SET_SECURITY=1" in udev
        assert Path(f"/sys/block/{drive.node.name}/queue/rotational").read_text() == "0\n"


def test_a_disk_that_fails_says_so() -> None:
    smart = Smart(failing=True, raw={5: 4000, 9: 50_000, 194: 55, 197: 24, 198: 24})
    with ata_drive(AtaConfig(serial="LAB-BAD", smart=smart)) as drive:
        said = run("smartctl", "-x", "-d", "sat", drive.node, ok=False)
        assert "FAILED" in said
        assert re.search(r"Current_Pending_Sector .* 24$", said, re.M), said


def test_thirty_two_mib_are_written_and_read_in_seconds() -> None:
    with ata_drive(AtaConfig(serial="LAB-SPEED", kind="ssd")) as drive:
        started = time.monotonic()
        run("dd", "if=/dev/urandom", "of=/tmp/lab-noise", "bs=1M", "count=32")
        made = time.monotonic()
        run("dd", "if=/tmp/lab-noise", f"of={drive.node}", "bs=1M", "oflag=direct")
        wrote = time.monotonic()
        run("dd", f"if={drive.node}", "of=/tmp/lab-back", "bs=1M", "iflag=direct")
        read = time.monotonic()
        print(f"noise {made - started:.1f} s, write {wrote - made:.1f} s, read {read - wrote:.1f}")
        noise = Path("/tmp/lab-noise").read_bytes()
        assert Path("/tmp/lab-back").read_bytes() == noise
        assert drive.media.read(0, 65536) == noise
        Path("/tmp/lab-noise").unlink()
        Path("/tmp/lab-back").unlink()
        assert read - made < 30


def test_a_file_system_lives_on_it_and_trim_keeps_the_cells() -> None:
    with ata_drive(AtaConfig(serial="LAB-FS", kind="ssd", spare_sectors=64)) as drive:
        write_direct(drive.node, 8 * MIB, NEEDLE.ljust(4096))
        run("blkdiscard", drive.node)
        assert read_direct(drive.node, 8 * MIB, 4096) == bytes(4096)
        assert drive.media.contains(NEEDLE) == (0, 1)
        run("mkfs.ext4", "-q", "-F", drive.node)
        assert "ext4" in run("blkid", drive.node)


def test_bad_sectors_are_errors_for_the_reader_and_the_writer() -> None:
    config = AtaConfig(serial="LAB-EIO", bad_reads=(range(4096, 4104),), bad_writes=(range(8, 16),))
    with ata_drive(config) as drive:
        assert len(read_direct(drive.node, 0, 4096)) == 4096
        with pytest.raises(OSError, match=r"Input/output|No data"):
            read_direct(drive.node, 4096 * 512, 4096)
        with pytest.raises(OSError, match=r"Input/output|No data"):
            write_direct(drive.node, 4096, b"x" * 4096)
        assert any(each.sense == 0x031100 for each in drive.cdbs)


# --- hidden areas -----------------------------------------------------------------------------


def test_an_hpa_is_seen_and_lifted() -> None:
    with ata_drive(AtaConfig(serial="LAB-HPA", hpa_sectors=8192)) as drive:
        assert run("blockdev", "--getsz", drive.node).strip() == "57344"
        assert visible_and_native(drive.node) == (57344, 65536)
        run_alone(drive.node, "hdparm", "-N", "p65536", drive.node)
        assert drive.names.count("SET_MAX_EXT") == 1
        assert visible_and_native(drive.node) == (65536, 65536)
        Path(f"/sys/block/{drive.node.name}/device/rescan").write_text("1")
        assert run("blockdev", "--getsz", drive.node).strip() == "65536"


def test_amac_is_seen_and_lifted() -> None:
    with ata_drive(AtaConfig(serial="LAB-AMAC", kind="ssd", amac_sectors=4096)) as drive:
        said = run("hdparm", "-N", drive.node)
        assert "ACCESSIBLE MAX ADDRESS" in said.upper(), said
        assert visible_and_native(drive.node) == (61440, 65536)
        run_alone(drive.node, "hdparm", "-N", "p65536", drive.node)
        drive.power_cycle()
        assert run("blockdev", "--getsz", drive.node).strip() == "65536"


def test_a_dco_is_seen_and_restored() -> None:
    with ata_drive(AtaConfig(serial="LAB-DCO", dco_sectors=2048)) as drive:
        said = run("hdparm", "--dco-identify", drive.node)
        assert "Real max sectors: 65536" in said, said
        assert visible_and_native(drive.node) == (63488, 63488)
        run("hdparm", DANGER, "--dco-restore", drive.node)
        assert visible_and_native(drive.node) == (65536, 65536)


def test_read_native_max_that_a_bridge_drops() -> None:
    faults = {Fault.DROPS_READ_NATIVE_MAX}
    with ata_drive(AtaConfig(serial="LAB-DROP", hpa_sectors=100, faults=faults)) as drive:
        said = run("hdparm", "-N", drive.node, ok=None)
        assert "READ_NATIVE_MAX_ADDRESS_EXT failed" in said, said


def test_two_drives_at_once_and_nothing_is_left() -> None:
    with (
        ata_drive(AtaConfig(serial="LAB-TWO-A", sectors=8192)) as one,
        ata_drive(AtaConfig(serial="LAB-TWO-B", sectors=8192)) as two,
    ):
        assert one.node != two.node
        write_direct(one.node, 0, b"a" * 4096)
        assert read_direct(two.node, 0, 4096) == bytes(4096)
        gone = one.node, two.node
    assert not any(node.exists() for node in gone)
    assert not list(Path("/sys/kernel/config/target/core").glob("user_*"))
