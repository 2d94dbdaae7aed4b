"""What an NVMe drive holds beside the namespaces that this PC sees."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.capabilities import Capabilities, NvmeCapabilities, Support
from reprise.domain.namespaces import Beyond, beyond
from reprise.domain.plan import LimitationCode
from reprise.domain.planner import plan_drive
from reprise.domain.policy import Policy
from reprise.domain.techniques import Technique
from unit.planned import HDD, NVME

YES, NO, UNKNOWN = Support.YES, Support.NO, Support.UNKNOWN
ONE = NvmeCapabilities(
    format=YES,
    namespace_management=YES,
    namespace_id=1,
    namespaces=1,
    namespaces_allocated=1,
    unallocated_bytes=0,
)
SANITIZES = (
    Technique.NVME_SANITIZE_BLOCK,
    Technique.NVME_SANITIZE_CRYPTO,
    Technique.NVME_SANITIZE_OVERWRITE,
)
LEAVES = (
    Technique.OVERWRITE,
    Technique.NVME_FORMAT_USER_DATA,
    Technique.NVME_FORMAT_CRYPTO,
    Technique.TCG_PSID_REVERT,
)


def left(nvme: NvmeCapabilities | None, technique: Technique) -> list[tuple[str, int | None]]:
    found = beyond(technique, NVME, Capabilities(nvme=nvme))
    return [(one.area, one.amount) for one in found]


@pytest.mark.parametrize("technique", LEAVES)
@pytest.mark.parametrize(
    ("nvme", "parts"),
    [
        (ONE, []),
        (replace(ONE, namespaces_allocated=3), [("detached-namespaces", 2)]),
        (replace(ONE, namespaces=2, namespaces_allocated=2), []),
        (replace(ONE, unallocated_bytes=4096), [("unallocated-capacity", 4096)]),
        (replace(ONE, namespaces_allocated=None), [("namespaces-unknown", None)]),
        (replace(ONE, namespaces_allocated=0), [("namespaces-unknown", None)]),
        (replace(ONE, namespaces=None, namespaces_allocated=2), [("detached-namespaces", 1)]),
        (replace(ONE, namespace_management=NO, namespaces_allocated=None), []),
        # it did not even say whether it can manage namespaces
        (
            replace(ONE, namespace_management=UNKNOWN, namespaces_allocated=None),
            [("namespaces-unknown", None)],
        ),
        (None, [("namespaces-unknown", None)]),
        (
            replace(ONE, namespaces_allocated=2, unallocated_bytes=512),
            [("detached-namespaces", 1), ("unallocated-capacity", 512)],
        ),
    ],
)
def test_what_is_left_beside_the_namespace(
    nvme: NvmeCapabilities | None, parts: list[tuple[str, int | None]], technique: Technique
) -> None:
    assert left(nvme, technique) == parts


@pytest.mark.parametrize("technique", SANITIZES)
def test_a_sanitize_leaves_nothing(technique: Technique) -> None:
    assert left(replace(ONE, namespaces_allocated=3, unallocated_bytes=1), technique) == []
    assert left(None, technique) == []


def test_other_drives_have_no_namespaces() -> None:
    assert beyond(Technique.OVERWRITE, HDD, Capabilities()) == ()
    assert beyond(Technique.OVERWRITE, NVME, Capabilities()) == (Beyond("namespaces-unknown"),)


@pytest.mark.parametrize(
    ("nvme", "formats"),
    [
        (ONE, True),
        (replace(ONE, namespaces_allocated=2), False),
        (replace(ONE, namespaces_allocated=None), False),  # "not told" is not "none"
        (replace(ONE, namespaces_allocated=None, namespace_management=NO), True),
        (replace(ONE, unallocated_bytes=1 << 30), True),
    ],
)
def test_a_format_needs_to_know_that_there_is_no_other_namespace(
    nvme: NvmeCapabilities, formats: bool
) -> None:
    plan = plan_drive(NVME, Capabilities(nvme=nvme), Policy())
    techniques = [one.technique for one in plan.attempts]
    assert (Technique.NVME_FORMAT_USER_DATA in techniques) is formats
    assert techniques[-1] is Technique.OVERWRITE


def test_the_plan_says_what_stays_out_of_reach() -> None:
    plan = plan_drive(NVME, Capabilities(nvme=replace(ONE, unallocated_bytes=1 << 30)), Policy())
    assert "nvme-parts-out-of-reach" in plan.warnings
    for attempt in plan.attempts:
        assert LimitationCode.OTHER_NAMESPACES in attempt.limitations
    able = replace(ONE, unallocated_bytes=1 << 30, sanitize_block=YES)
    plan = plan_drive(NVME, Capabilities(nvme=able), Policy())
    assert plan.attempts[0].technique is Technique.NVME_SANITIZE_BLOCK
    assert "nvme-parts-out-of-reach" not in plan.warnings
    assert LimitationCode.OTHER_NAMESPACES not in plan.attempts[0].limitations
