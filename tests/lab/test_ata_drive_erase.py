"""The emulated ATA drive's own erases, honest and lying, as hdparm starts and sees them."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path

import pytest

from lab.ata import SSD, AtaConfig, Fault, Feature, Op, Security, ata_drive
from lab.kit import DANGER, NEEDLE, fill, read_direct, run, run_alone

# Longer than a PC under load takes to fall asleep: an alarm that rings before wakes nobody.
SLEEP_S = "30"


def sanitize_status(node: Path) -> str:
    return run("hdparm", "--sanitize-status", node)


def percent(node: Path) -> int | None:
    """How far the sanitize is; None where none runs."""
    said = sanitize_status(node)
    found = re.search(r"\((\d+)%\)", said)
    return int(found[1]) if found and "In Process" in said else None


def until_sanitized(node: Path, timeout_s: float = 120.0) -> None:
    end = time.monotonic() + timeout_s
    while percent(node) is not None:
        assert time.monotonic() < end
        time.sleep(0.1)


def set_password(node: Path, text: str = "WIPE") -> None:
    run("hdparm", "--user-master", "u", "--security-set-pass", text, node)


def security_erase(node: Path, option: str = "--security-erase", *, ok: bool | None = True) -> None:
    run_alone(node, "hdparm", "--user-master", "u", option, "WIPE", node, ok=ok)


@pytest.mark.parametrize("option", ["--security-erase", "--security-erase-enhanced"])
def test_security_erase(option: str) -> None:
    with ata_drive(AtaConfig(serial="LAB-SEC", kind="ssd")) as drive:
        fill(drive.media)
        set_password(drive.node)
        assert re.search(r"^\s+enabled$", run("hdparm", "-I", drive.node), re.M)
        security_erase(drive.node, option)
        assert re.search(r"^\s+not\s+enabled$", run("hdparm", "-I", drive.node), re.M)
        logical, spare = drive.media.contains(NEEDLE)
        assert logical == 0
        assert (spare > 0) == (option == "--security-erase"), "normal erase is Clear on flash"
        at = drive.names.index("SECURITY_ERASE_UNIT")
        assert drive.names[at - 1] == "SECURITY_ERASE_PREPARE"
        assert drive.commands[at].data[2:6] == b"WIPE"
        assert read_direct(drive.node, 0, 4096) == bytes(4096)


def test_a_locked_drive_unlocks_after_a_power_cycle() -> None:
    with ata_drive(AtaConfig(serial="LAB-LOCK")) as drive:
        set_password(drive.node, "donor")
        drive.power_cycle()
        assert re.search(r"^\s+locked$", run("hdparm", "-I", drive.node), re.M)
        with pytest.raises(OSError, match=r"Input/output|No data"):
            read_direct(drive.node, 0, 4096)
        for _ in range(5):
            run("hdparm", "--user-master", "u", "--security-unlock", "guess", drive.node, ok=False)
        said = run("hdparm", "-I", drive.node)
        assert re.search(r"^\s+expired: security count$", said, re.M), said
        drive.power_cycle()
        run("hdparm", "--user-master", "u", "--security-unlock", "donor", drive.node)
        run("hdparm", "--user-master", "u", "--security-disable", "donor", drive.node)
        assert not drive.state.security.enabled
        assert len(read_direct(drive.node, 0, 4096)) == 4096


def test_power_lost_in_the_middle_of_an_erase_leaves_a_locked_drive() -> None:
    with ata_drive(AtaConfig(serial="LAB-CUT", erase_s=20.0)) as drive:
        fill(drive.media)
        set_password(drive.node)
        eraser = threading.Thread(target=security_erase, args=(drive.node,), kwargs={"ok": None})
        eraser.start()
        while "SECURITY_ERASE_PREPARE" not in drive.names:
            assert eraser.is_alive()
            time.sleep(0.1)
        time.sleep(2)
        drive.power_cycle()
        eraser.join(60)
        assert not eraser.is_alive()
        assert drive.state.security.locked
        assert 0 < drive.media.contains(NEEDLE)[0] < 65536
        run("hdparm", "--user-master", "u", "--security-unlock", "WIPE", drive.node)


def test_a_frozen_drive_refuses() -> None:
    with ata_drive(AtaConfig(serial="LAB-ICE", security=Security(frozen=True))) as drive:
        assert re.search(r"^\s+frozen$", run("hdparm", "-I", drive.node), re.M)
        run("hdparm", "--user-master", "u", "--security-set-pass", "WIPE", drive.node, ok=False)
        assert not drive.state.security.enabled


@pytest.mark.parametrize("thaws", [True, False])
def test_suspend_thaws_a_frozen_drive_whose_power_it_cuts(thaws: bool) -> None:
    if "[deep]" not in Path("/sys/power/mem_sleep").read_text():
        pytest.skip("needs suspend to RAM")
    security = Security(frozen=True, thaws_on_resume=thaws)
    with ata_drive(AtaConfig(serial="LAB-THAW", security=security)) as drive:
        # a worker of udev's that waits for the new drive cannot be frozen: the kernel would give up
        run("udevadm", "settle", "--timeout=120", timeout_s=130)
        run("rtcwake", "-m", "mem", "-s", SLEEP_S, timeout_s=300)
        said = run("hdparm", "-I", drive.node)
        assert bool(re.search(r"^\s+not\s+frozen$", said, re.M)) == thaws, said
        run("hdparm", "--user-master", "u", "--security-set-pass", "WIPE", drive.node, ok=thaws)


def test_security_erase_that_lies() -> None:
    faults = {Fault.SECURITY_ERASE_LIES}
    with ata_drive(AtaConfig(serial="LAB-LIE", faults=faults)) as drive:
        fill(drive.media)
        set_password(drive.node)
        security_erase(drive.node)
        assert not drive.state.security.enabled
        assert drive.media.contains(NEEDLE)[0] == 65536


def test_security_erase_that_is_aborted() -> None:
    faults = {Fault.SECURITY_ERASE_ABORTS}
    with ata_drive(AtaConfig(serial="LAB-ABRT", faults=faults)) as drive:
        set_password(drive.node)
        security_erase(drive.node, ok=False)
        assert drive.state.security.enabled


SANITIZES = [
    ("--sanitize-block-erase",),
    ("--sanitize-crypto-scramble",),
    ("--sanitize-overwrite-passes", "1", "--sanitize-overwrite", "hex:deadbeef"),
]


@pytest.mark.parametrize("options", SANITIZES)
def test_sanitize(options: tuple[str, ...]) -> None:
    config = AtaConfig(
        serial="LAB-SAN", kind="ssd", features=SSD | Feature.OVERWRITE, sanitize_s=300.0
    )
    with ata_drive(config) as drive:
        fill(drive.media)
        assert "Idle" in sanitize_status(drive.node)
        run("hdparm", DANGER, *options, drive.node)
        with pytest.raises(OSError, match=r"Input/output|No data"):
            read_direct(drive.node, 0, 4096)
        before = percent(drive.node)
        time.sleep(6)  # 2 %
        after = percent(drive.node)
        assert before is not None
        assert after is not None
        assert before < after < 100
        drive.state.sanitize.hurry()
        assert percent(drive.node) is None
        assert "Completed Without Error" in sanitize_status(drive.node)
        assert drive.media.contains(NEEDLE) == (0, 0)
        if "hex:deadbeef" in options:
            assert read_direct(drive.node, 0, 4096)[:4] in (
                b"\xde\xad\xbe\xef",
                b"\xef\xbe\xad\xde",
            )


def test_sanitize_goes_on_after_a_power_cycle() -> None:
    with ata_drive(AtaConfig(serial="LAB-GOES", kind="ssd", sanitize_s=300.0)) as drive:
        fill(drive.media)
        run("hdparm", DANGER, "--sanitize-block-erase", drive.node)
        time.sleep(1)
        drive.power_cycle()
        assert "In Process" in sanitize_status(drive.node)
        assert drive.media.contains(NEEDLE)[0] > 0
        drive.state.sanitize.hurry()
        until_sanitized(drive.node)
        assert drive.media.contains(NEEDLE) == (0, 0)


@pytest.mark.parametrize(
    ("fault", "logical", "spare"),
    [
        (Fault.SANITIZE_LIES, True, True),
        (Fault.SANITIZE_MISSES_END, True, False),
        (Fault.SANITIZE_UNMAPS_ONLY, False, True),
    ],
)
def test_sanitize_that_lies(fault: Fault, logical: bool, spare: bool) -> None:
    config = AtaConfig(serial="LAB-FIB", kind="ssd", sanitize_s=0.5, faults={fault})
    with ata_drive(config) as drive:
        fill(drive.media)
        run("hdparm", DANGER, "--sanitize-block-erase", drive.node)
        until_sanitized(drive.node)
        assert "Completed Without Error" in sanitize_status(drive.node)
        found = drive.media.contains(NEEDLE)
        assert (found[0] > 0, found[1] > 0) == (logical, spare)


def test_sanitize_that_fails_or_is_stuck() -> None:
    config = AtaConfig(
        serial="LAB-FAIL", kind="ssd", sanitize_s=0.5, faults={Fault.SANITIZE_FAILS_HALFWAY}
    )
    with ata_drive(config) as drive:
        run("hdparm", DANGER, "--sanitize-block-erase", drive.node)
        time.sleep(1)
        said = run("hdparm", "--sanitize-status", drive.node, ok=False)
        assert "unsuccessful" in said.lower(), said
    stuck = AtaConfig(serial="LAB-STUCK", kind="ssd", sanitize_s=0.1, faults={Fault.SANITIZE_STUCK})
    with ata_drive(stuck) as drive:
        run("hdparm", DANGER, "--sanitize-block-erase", drive.node)
        time.sleep(1)
        assert "(1%)" in sanitize_status(drive.node)


def test_a_command_that_hangs() -> None:
    with ata_drive(AtaConfig(serial="LAB-HANG", hang_s={Op.SECURITY_FREEZE_LOCK: 4.0})) as drive:
        started = time.monotonic()
        run("hdparm", "--security-freeze", drive.node)
        assert time.monotonic() - started >= 4.0
        assert drive.state.security.frozen


def test_a_drive_that_changes_its_serial_number() -> None:
    config = AtaConfig(serial="LAB-SELF", sanitize_s=0.1, faults={Fault.CHANGES_SERIAL})
    with ata_drive(config) as drive:
        assert "LAB-SELF" in run("hdparm", "-I", drive.node)
        run("hdparm", DANGER, *SANITIZES[2], drive.node)
        until_sanitized(drive.node)
        assert "LAB-SELX" in run("hdparm", "-I", drive.node)
