"""A check that is stopped has no result."""

from __future__ import annotations

from threading import Event as Flag

import pytest

from reprise.adapters.checks.keyboard import KeyboardCheck
from reprise.adapters.checks.memory import BLOCK_BYTES, Amount, MemoryCheck
from reprise.adapters.checks.pointer import PointerCheck
from reprise.adapters.checks.processor import ProcessorCheck
from reprise.domain.checks.results import CheckResult
from unit.adapters.checks.check_kit import pc_of, this_pc
from unit.adapters.checks.input_kit import AT_KEYBOARD, TOUCHPAD, device, plugged
from unit.adapters.hardware.made_tree import MadeTree


def test_a_stopped_check_has_no_result(tree: MadeTree) -> None:
    stop = Flag()
    for check in (
        MemoryCheck(this_pc(tree), Amount(max_bytes=BLOCK_BYTES)),
        ProcessorCheck(this_pc(tree), load_s=60.0),
    ):
        stop.clear()
        seen = []
        for item in check.run(stop):
            seen.append(item)
            stop.set()
        assert not any(isinstance(item, CheckResult) for item in seen)


@pytest.mark.parametrize("check", [PointerCheck, KeyboardCheck])
def test_a_stop_leaves_no_result(tree: MadeTree, check: type[PointerCheck | KeyboardCheck]) -> None:
    node = device(
        tree,
        2,
        capabilities__key=AT_KEYBOARD if check is KeyboardCheck else TOUCHPAD,
        capabilities__abs="660800011000003",
    )
    stop = Flag()
    with plugged(node):
        seen = []
        for item in check(pc_of(tree)).run(stop):
            seen.append(item)
            stop.set()
    assert not any(isinstance(item, CheckResult) for item in seen)
