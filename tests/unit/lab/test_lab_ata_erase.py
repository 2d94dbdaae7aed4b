"""The emulated ATA drive's own erases: the security feature set and SANITIZE, honest or not."""

from __future__ import annotations

from typing import Any

import pytest

from lab.ata.config import SSD, Feature, Security
from lab.ata.registers import Op, Outcome
from lab.ata.sanitize import Action, State
from lab.faults import Fault
from unit.lab.lab_bench import NEEDLE, SECTORS, Bench


def test_a_password_locks_at_power_on_and_unlocks() -> None:
    bench = Bench()
    assert bench.password(Op.SECURITY_SET_PASSWORD, b"WIPE").good
    assert bench.words()[128] == 0x23
    bench.device.power_on()
    assert bench.words()[128] == 0x27
    assert not bench.do(Op.READ_DMA_EXT, lba=0, count=1).good
    assert not bench.password(Op.SECURITY_DISABLE_PASSWORD, b"WIPE").good, "locked"
    assert bench.password(Op.SECURITY_UNLOCK, b"WIPE").good
    assert bench.do(Op.READ_DMA_EXT, lba=0, count=1).good
    assert bench.password(Op.SECURITY_DISABLE_PASSWORD, b"WIPE").good
    assert bench.words()[128] == 0x21


def test_five_wrong_passwords_and_the_count_expires_until_a_power_cycle() -> None:
    bench = Bench(security=Security(user_password=b"donor"))
    for _ in range(5):
        assert not bench.words()[128] & 0x10
        assert not bench.password(Op.SECURITY_UNLOCK, b"guess").good
    assert bench.words()[128] & 0x10
    assert not bench.password(Op.SECURITY_UNLOCK, b"donor").good
    assert not bench.erase_unit(b"donor").good
    bench.device.power_on()
    assert bench.password(Op.SECURITY_UNLOCK, b"donor").good


@pytest.mark.parametrize("maximum", [False, True])
def test_the_master_password_unlocks_at_high_and_only_erases_at_maximum(maximum: bool) -> None:
    setup = Security(user_password=b"donor", master_password=b"maker", maximum=maximum)
    bench = Bench(security=setup)
    assert bool(bench.words()[128] & 0x100) == maximum
    assert bench.password(Op.SECURITY_UNLOCK, b"maker", head=1).good != maximum
    assert bench.erase_unit(b"maker", head=1).good
    assert bench.words()[128] == 0x21


def test_prepare_has_to_come_just_before_the_erase() -> None:
    bench = Bench()
    bench.fill()
    bench.password(Op.SECURITY_SET_PASSWORD, b"WIPE")
    assert not bench.password(Op.SECURITY_ERASE_UNIT, b"WIPE").good
    bench.do(Op.SECURITY_ERASE_PREPARE)
    bench.do(Op.READ_DMA_EXT, lba=0, count=1)
    assert not bench.password(Op.SECURITY_ERASE_UNIT, b"WIPE").good, "a read came in between"
    assert bench.device.media.contains(NEEDLE)[0] > 0
    assert bench.erase_unit(b"WIPE").good
    assert bench.device.media.contains(NEEDLE)[0] == 0


def test_frozen_refuses_every_change_until_power_comes_back() -> None:
    bench = Bench(security=Security(frozen=True))
    assert bench.words()[128] == 0x29
    assert not bench.password(Op.SECURITY_SET_PASSWORD, b"WIPE").good
    bench.device.power_on()
    assert bench.words()[128] == 0x29, "the PC's firmware freezes it again"
    bench.device.power_on(by_resume=True)
    assert bench.words()[128] == 0x21
    assert bench.do(Op.SECURITY_FREEZE_LOCK).good
    assert not bench.password(Op.SECURITY_SET_PASSWORD, b"WIPE").good


def test_normal_erase_leaves_the_spare_area_and_enhanced_does_not() -> None:
    for head, left in ((0, True), (2, False)):
        bench = Bench(kind="ssd")
        bench.fill()
        bench.password(Op.SECURITY_SET_PASSWORD, b"WIPE")
        assert bench.erase_unit(b"WIPE", head).good
        logical, spare = bench.device.media.contains(NEEDLE)
        assert (logical, spare > 0) == (0, left)


def test_normal_erase_reaches_the_hpa_and_not_what_a_dco_hides() -> None:
    bench = Bench(hpa_sectors=512, dco_sectors=256)
    bench.fill()
    bench.password(Op.SECURITY_SET_PASSWORD, b"WIPE")
    assert bench.erase_unit(b"WIPE").good
    medium = bench.device.medium
    assert NEEDLE not in medium.read(0, SECTORS - 256)
    assert NEEDLE in medium.read(SECTORS - 256, 256)


def test_power_lost_in_an_erase_leaves_a_locked_drive_erased_in_part() -> None:
    bench = Bench(erase_s=60.0)
    bench.fill()
    bench.password(Op.SECURITY_SET_PASSWORD, b"WIPE")
    bench.power = False
    assert not bench.erase_unit(b"WIPE").good
    bench.power = True
    bench.device.power_on()
    assert bench.words()[128] == 0x27
    assert 0 < bench.device.media.contains(NEEDLE)[0] < SECTORS * 512 // len(NEEDLE)
    assert bench.device.medium.read(0, 1) == bytes(512)
    assert bench.erase_unit(b"WIPE").good


@pytest.mark.parametrize(
    ("fault", "good", "erased"),
    [
        (Fault.SECURITY_ERASE_LIES, True, False),
        (Fault.SECURITY_ERASE_ABORTS, False, False),
        (Fault.SECURITY_ERASE_FAILS_HALFWAY, False, False),
        (Fault.CHANGES_SERIAL, True, True),
    ],
)
def test_security_erase_lies_on_request(fault: Fault, good: bool, erased: bool) -> None:
    bench = Bench(faults={fault})
    bench.fill()
    bench.password(Op.SECURITY_SET_PASSWORD, b"WIPE")
    assert bench.erase_unit(b"WIPE").good == good
    assert (bench.device.media.contains(NEEDLE)[0] == 0) == erased
    assert (bench.device.serial != "LAB0001") == (fault is Fault.CHANGES_SERIAL)


def test_a_fault_can_be_mended_while_the_drive_runs() -> None:
    bench = Bench(faults={Fault.SECURITY_ERASE_ABORTS, Fault.SANITIZE_STUCK})
    bench.password(Op.SECURITY_SET_PASSWORD, b"WIPE")
    assert not bench.erase_unit(b"WIPE").good
    bench.device.faults.clear()
    assert bench.erase_unit(b"WIPE").good


def test_a_password_that_is_ignored() -> None:
    bench = Bench(faults={Fault.PASSWORD_IGNORED})
    assert bench.password(Op.SECURITY_SET_PASSWORD, b"WIPE").good
    assert bench.words()[128] == 0x21


ACTIONS = [Action.BLOCK_ERASE, Action.CRYPTO_SCRAMBLE, Action.OVERWRITE]


def _start(bench: Bench, action: Action, count: int = 1) -> Outcome:
    lba = 0x4F57 << 32 | 0xDEADBEEF if action is Action.OVERWRITE else -1
    return bench.sanitize(action, lba, count)


def _any_sanitize(**config: Any) -> Bench:
    can = SSD | Feature.OVERWRITE
    bench = Bench(kind="ssd", features=can, sanitize_s=100.0, **config)
    bench.fill()
    return bench


@pytest.mark.parametrize("action", ACTIONS)
def test_sanitize_runs_says_how_far_and_reaches_everything(action: Action) -> None:
    bench = _any_sanitize()
    assert _start(bench, action).good
    bench.now_s = 25.0
    running = bench.status()
    assert (running.count, running.lba) == (0x4000, 16384)
    assert not bench.do(Op.READ_DMA_EXT, lba=0, count=1).good
    assert bench.do(Op.IDENTIFY_DEVICE).good
    bench.now_s = 100.0
    assert (bench.status().count, bench.status().lba) == (0x8000, 0xFFFF)
    assert bench.device.media.contains(NEEDLE) == (0, 0)
    if action is Action.OVERWRITE:
        assert bench.do(Op.READ_DMA_EXT, lba=9, count=1).data[:4] == bytes.fromhex("efbeadde")
    bench.device.power_on()
    assert bench.status().count == 0, "success is forgotten at power-on"


def test_sanitize_needs_its_key_and_its_feature() -> None:
    bench = _any_sanitize()
    assert bench.sanitize(Action.BLOCK_ERASE, lba=0x426B4573).lba == 2
    assert not bench.sanitize(Action.OVERWRITE, lba=1).good
    assert bench.device.sanitize.state is State.IDLE
    disk = Bench(kind="hdd")
    refused = disk.sanitize(Action.BLOCK_ERASE)
    assert (refused.status, refused.error, refused.lba) == (0x51, 4, 2)


def test_sanitize_goes_on_after_a_power_cycle() -> None:
    bench = _any_sanitize()
    _start(bench, Action.BLOCK_ERASE)
    bench.now_s = 40.0
    bench.device.power_on()
    assert bench.status().count == 0x4000
    bench.now_s = 101.0
    assert bench.status().count == 0x8000
    assert bench.device.media.contains(NEEDLE) == (0, 0)


def test_inverted_passes_end_on_the_inverse_after_an_even_count() -> None:
    bench = _any_sanitize()
    _start(bench, Action.OVERWRITE, count=0x82)
    bench.now_s = 101.0
    assert bench.device.media.read(0, 1)[:4] == bytes.fromhex("10415221")


def test_sanitize_frozen_and_antifreeze() -> None:
    bench = _any_sanitize(sanitize_frozen=True)
    assert bench.status().count == 0x2000
    assert bench.sanitize(Action.BLOCK_ERASE).lba == 3
    bench.device.power_on(by_resume=True)
    assert bench.sanitize(Action.ANTIFREEZE_LOCK).count == 0x1000
    assert bench.sanitize(Action.FREEZE_LOCK).lba == 4
    assert bench.sanitize(Action.BLOCK_ERASE).good


def test_a_locked_drive_does_not_sanitize() -> None:
    bench = Bench(security=Security(user_password=b"donor"), kind="ssd")
    assert not bench.sanitize(Action.CRYPTO_SCRAMBLE).good
    assert bench.status().good


@pytest.mark.parametrize(
    ("fault", "logical", "spare"),
    [
        (Fault.SANITIZE_LIES, True, True),
        (Fault.SANITIZE_MISSES_END, True, False),
        (Fault.SANITIZE_LEAVES_SPARE, False, True),
        (Fault.SANITIZE_UNMAPS_ONLY, False, True),
    ],
)
def test_sanitize_lies_on_request(fault: Fault, logical: bool, spare: bool) -> None:
    bench = _any_sanitize(faults={fault})
    _start(bench, Action.BLOCK_ERASE)
    bench.now_s = 101.0
    assert bench.status().count == 0x8000
    found = bench.device.media.contains(NEEDLE)
    assert (found[0] > 0, found[1] > 0) == (logical, spare)
    if fault is Fault.SANITIZE_MISSES_END:
        assert NEEDLE not in bench.device.media.read(0, SECTORS - 2048)


@pytest.mark.parametrize("action", [Action.BLOCK_ERASE, Action.CRYPTO_SCRAMBLE])
def test_sanitize_leaves_eight_sectors_on_request(action: Action) -> None:
    bench = _any_sanitize(faults={Fault.SANITIZE_LEAVES_SECTORS})
    before = bench.device.media.read(0, SECTORS)
    _start(bench, action)
    bench.now_s = 101.0
    assert bench.status().count == 0x8000
    after = bench.device.media.read(0, SECTORS)
    same = [
        at for at in range(0, len(before), 512) if after[at : at + 512] == before[at : at + 512]
    ]
    assert len(same) == 8
    assert all(NEEDLE in after[at : at + 512] for at in same)


@pytest.mark.parametrize("fault", [Fault.SANITIZE_FAILS_HALFWAY, Fault.SANITIZE_FAILS_KEEPS_DATA])
def test_a_failed_sanitize_shuts_the_drive_unless_failure_mode_was_asked(fault: Fault) -> None:
    for count, exits in ((0x01, False), (0x11, True)):
        bench = _any_sanitize(faults={fault})
        _start(bench, Action.BLOCK_ERASE, count)
        bench.now_s = 51.0
        failed = bench.status()
        assert (failed.status, failed.lba) == (0x51, 1)
        assert not bench.do(Op.READ_DMA_EXT, lba=0, count=1).good
        bench.device.power_on()
        assert bench.status().lba == 1
        assert bench.status(clear=True).good == exits
        assert bench.do(Op.READ_DMA_EXT, lba=0, count=1).good == exits
        kept = NEEDLE in bench.device.media.read(0, SECTORS // 2)
        assert kept == (fault is Fault.SANITIZE_FAILS_KEEPS_DATA)
        assert NEEDLE in bench.device.media.read(SECTORS // 2, SECTORS // 2)


def test_a_sanitize_that_is_stuck() -> None:
    bench = _any_sanitize(faults={Fault.SANITIZE_STUCK})
    _start(bench, Action.BLOCK_ERASE)
    bench.now_s = 1e6
    assert (bench.status().count, bench.status().lba) == (0x4000, 655)
    bench.device.power_on()
    assert bench.status().count == 0x4000
