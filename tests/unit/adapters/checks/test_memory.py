"""The memory check really runs for a moment."""

from __future__ import annotations

import ctypes
from collections.abc import Generator
from threading import Event as Flag

import pytest

from reprise.adapters.checks import memory
from reprise.adapters.checks.memory import BLOCK_BYTES, Amount, MemoryCheck
from reprise.domain.checks.catalogue import CheckLimit, CheckReason, MeasureName
from reprise.domain.checks.results import CheckProgress, CheckStatus
from unit.adapters.checks.check_kit import end, pc_of, this_pc, told
from unit.adapters.hardware.made_tree import MadeTree

SMALL = Amount(max_bytes=BLOCK_BYTES)
EDAC = "sys/devices/system/edac/mc/mc0"


@pytest.fixture
def meminfo(tree: MadeTree) -> MadeTree:
    tree.write("proc/meminfo", "MemTotal: 8048992 kB\nMemAvailable: 4000000 kB\n")
    return tree


def test_the_memory_of_this_machine_comes_back_as_written(tree: MadeTree) -> None:
    result = end(MemoryCheck(this_pc(tree), Amount(max_bytes=2 * BLOCK_BYTES)))
    assert told(result) == (CheckStatus.PASSED, None)
    assert result.measured(MeasureName.TESTED) == 2 * BLOCK_BYTES
    assert CheckLimit.MEMORY_SHARE in result.limits


@pytest.mark.parametrize("fill", [1, 2], ids=["pattern", "opposite"])
def test_one_wrong_byte_is_found(
    meminfo: MadeTree, monkeypatch: pytest.MonkeyPatch, fill: int
) -> None:
    done: list[int] = []
    real = memory._fill

    def with_a_dead_cell(block: memory._Block, pool: int) -> int:
        real(block, pool)
        done.append(1)
        if len(done) == fill:
            place = block.address + 12_345_678
            ctypes.memset(place, ctypes.string_at(place, 1)[0] ^ 0x10, 1)
        return 0

    monkeypatch.setattr(memory, "_fill", with_a_dead_cell)
    result = end(MemoryCheck(pc_of(meminfo), SMALL))
    assert told(result) == (CheckStatus.FAILED, CheckReason.WRONG_BITS)
    assert result.measured(MeasureName.ERRORS) == 1


def test_no_two_stretches_of_the_pattern_are_alike(meminfo: MadeTree) -> None:
    """A cell that answers for two addresses would not be seen otherwise."""
    block = memory._Block(3)
    places = [place for _address, place in block.units()]
    block.close()
    assert len(set(places)) == BLOCK_BYTES // (64 * 1024)


def test_what_edac_counts_meanwhile_fails(
    meminfo: MadeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("ce_count", "ce_noinfo_count", "ue_count", "ue_noinfo_count"):
        meminfo.write(f"{EDAC}/{kind}", "3\n")
    assert told(end(MemoryCheck(pc_of(meminfo), SMALL))) == (CheckStatus.PASSED, None)
    real = memory._compare

    def with_a_corrected_error(block: memory._Block, pool: int) -> int:
        meminfo.write(f"{EDAC}/ce_count", "4\n")
        return real(block, pool)

    monkeypatch.setattr(memory, "_compare", with_a_corrected_error)
    result = end(MemoryCheck(pc_of(meminfo), SMALL))
    assert told(result) == (CheckStatus.FAILED, CheckReason.MEMORY_EVENTS)
    assert CheckLimit.NO_ERROR_COUNTER not in result.limits


@pytest.mark.parametrize("available", ["MemAvailable: 580000 kB\n", ""])
def test_too_little_free_memory_is_not_a_pass(tree: MadeTree, available: str) -> None:
    tree.write("proc/meminfo", f"MemTotal: 1000000 kB\n{available}")
    result = end(MemoryCheck(pc_of(tree)))
    assert told(result) == (CheckStatus.UNKNOWN, CheckReason.TOO_LITTLE_MEMORY)


def test_memory_that_is_refused_is_not_called_tested(
    meminfo: MadeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_number: int) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(memory, "_Block", refused)
    result = end(MemoryCheck(pc_of(meminfo), SMALL))
    assert told(result) == (CheckStatus.UNKNOWN, CheckReason.TOO_LITTLE_MEMORY)


def test_a_check_that_is_left_in_the_middle_leaves_no_thread(tree: MadeTree) -> None:
    running = MemoryCheck(this_pc(tree), SMALL).run(Flag())
    assert isinstance(running, Generator)
    assert isinstance(next(running), CheckProgress)
    running.close()
