"""The emulated SCSI drive under a real kernel and real tools: sg3-utils, smartctl, dd."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from lab.faults import Fault
from lab.kit import NEEDLE, fill, read_direct, run, write_direct
from lab.scsi import ScsiConfig, scsi_drive
from lab.scsi.config import OVERWRITE

READ_ONE = ("28", "00", "00", "00", "00", "00", "00", "00", "01", "00")  # READ (10) of LBA 0


def progress(node: Path) -> float | None:
    """Percent, or None where nothing runs."""
    found = re.search(r"(\d+(?:\.\d+)?)\s*%", run("sg_requests", "--progress", node, ok=None))
    return float(found[1]) if found else None


def until_done(node: Path, timeout_s: float = 120.0) -> None:
    end = time.monotonic() + timeout_s
    while progress(node) is not None:
        assert time.monotonic() < end
        time.sleep(0.1)


def test_tools_know_the_drive() -> None:
    config = ScsiConfig(serial="SAS-ID-1", vendor="SEAGULL", product="ST32M", unmaps=True)
    with scsi_drive(config) as drive:
        said = run("sg_inq", drive.node)
        assert "SEAGULL" in said
        assert "SAS-ID-1" in run("sg_vpd", "--page=sn", drive.node)
        assert Path(f"/sys/block/{drive.node.name}/queue/rotational").read_text() == "1\n"
        codes = run("sg_opcodes", drive.node)
        for words in ("Sanitize, overwrite", "Sanitize, block erase", "Sanitize, cryptographic"):
            assert words in codes, codes
        smart = run("smartctl", "-x", "-d", "scsi", drive.node, ok=None)
        assert "SMART Health Status: OK" in smart, smart
        assert "Current Drive Temperature:     33 C" in smart, smart
        assert run("sg_readcap", "--brief", drive.node).split()[0] == "0x10000"
        assert "ID_SERIAL" in run("udevadm", "info", "--query=property", drive.node)


@pytest.mark.parametrize("option", ["--block", "--crypto", "--overwrite"])
def test_sanitize(option: str) -> None:
    with scsi_drive(ScsiConfig(serial="SAS-SAN", kind="ssd", sanitize_s=300.0)) as drive:
        fill(drive.media)
        pattern = ["--zero"] if option == "--overwrite" else []
        run("sg_sanitize", option, *pattern, "--quick", "--early", drive.generic)
        said = run("sg_raw", "-r", "512", drive.generic, *READ_ONE, ok=False)
        assert "sanitize in progress" in said.lower(), said
        before = progress(drive.generic)
        time.sleep(3)  # 1 %
        after = progress(drive.generic)
        assert before is not None
        assert after is not None
        assert before < after < 100
        drive.model.run.hurry()
        assert progress(drive.generic) is None
        assert drive.media.contains(NEEDLE) == (0, 0)
        assert len(read_direct(drive.node, 0, 4096)) == 4096


def test_sanitize_goes_on_after_a_power_cycle() -> None:
    with scsi_drive(ScsiConfig(serial="SAS-GOES", kind="ssd", sanitize_s=300.0)) as drive:
        fill(drive.media)
        run("sg_sanitize", "--block", "--quick", "--early", drive.generic)
        drive.power_cycle(settle_s=1)
        assert progress(drive.generic) is not None
        assert drive.media.contains(NEEDLE)[0] > 0
        drive.model.run.hurry()
        until_done(drive.generic)
        assert drive.media.contains(NEEDLE) == (0, 0)


def test_sanitize_that_fails_is_left_only_where_exit_was_allowed() -> None:
    faults = {Fault.SANITIZE_FAILS_KEEPS_DATA}
    config = ScsiConfig(serial="SAS-FAIL", kind="ssd", sanitize_s=0.5, faults=faults)
    for options, left in (([], False), (["--ause"], True)):
        with scsi_drive(config) as drive:
            fill(drive.media)
            run("sg_sanitize", "--block", *options, "--quick", "--early", drive.generic)
            time.sleep(1)
            said = run("sg_raw", drive.generic, "00", "00", "00", "00", "00", "00", ok=False)
            assert "sanitize command failed" in said.lower(), said
            run("sg_sanitize", "--fail", "--quick", "--early", drive.generic, ok=left)
            assert drive.media.contains(NEEDLE)[0] == 65536


def test_a_read_during_a_sanitize_waits_for_its_end() -> None:
    """The kernel retries what a drive that is not ready refused: no error, the reader hangs."""
    with scsi_drive(ScsiConfig(serial="SAS-WAIT", kind="ssd", sanitize_s=6.0)) as drive:
        fill(drive.media)
        started = time.monotonic()
        run("sg_sanitize", "--block", "--quick", "--early", drive.generic)
        assert read_direct(drive.node, 0, 4096) == bytes(4096)
        assert time.monotonic() - started >= 6.0
        assert drive.media.contains(NEEDLE) == (0, 0)


def test_a_drive_that_hides_its_capacity_is_empty_until_it_is_scanned_again() -> None:
    config = ScsiConfig(serial="SAS-ZERO", kind="ssd", sanitize_s=300.0, hides_capacity=True)
    with scsi_drive(config) as drive:
        run("sg_sanitize", "--block", "--quick", "--early", drive.generic)
        run("blockdev", "--rereadpt", drive.node, ok=None)
        drive.model.run.hurry()
        until_done(drive.generic)
        assert run("blockdev", "--getsz", drive.node).strip() == "0"
        Path(f"/sys/block/{drive.node.name}/device/rescan").write_text("1")
        assert run("blockdev", "--getsz", drive.node).strip() == "65536"


def test_sanitize_that_lies() -> None:
    config = ScsiConfig(serial="SAS-LIE", sanitize_s=0.2, faults={Fault.SANITIZE_LIES})
    with scsi_drive(config) as drive:
        fill(drive.media)
        run("sg_sanitize", "--crypto", "--quick", "--early", drive.generic)
        until_done(drive.generic)
        assert read_direct(drive.node, 0, 4096).startswith(NEEDLE)


def test_a_drive_without_block_erase_says_so() -> None:
    with scsi_drive(ScsiConfig(serial="SAS-OW", sanitizes=frozenset({OVERWRITE}))) as drive:
        assert "Sanitize, block erase" not in run("sg_opcodes", drive.node)
        run("sg_sanitize", "--block", "--quick", "--early", drive.generic, ok=False)


def test_data_and_bad_sectors() -> None:
    with scsi_drive(ScsiConfig(serial="SAS-EIO", bad_reads=(range(64, 72),))) as drive:
        write_direct(drive.node, 0, NEEDLE.ljust(4096))
        assert read_direct(drive.node, 0, 4096) == NEEDLE.ljust(4096)
        with pytest.raises(OSError, match=r"Input/output|No data"):
            read_direct(drive.node, 64 * 512, 4096)
