"""What an NVMe drive holds beside the namespaces that this PC sees."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise import wording
from reprise.domain.drives.capabilities import Capabilities, NvmeCapabilities, Support
from reprise.domain.drives.namespaces import Beyond, beyond, more_namespaces
from reprise.domain.planning.plan import LimitationCode, Preparation, WarningCode
from reprise.domain.planning.planner import PlanRequest, plan_drive
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique
from unit.domain.planning.planned import HDD, NVME

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


PARTS: list[tuple[NvmeCapabilities | None, list[tuple[str, int | None]]]] = [
    (ONE, []),
    (replace(ONE, namespaces_allocated=3), [("detached-namespaces", 2)]),
    (replace(ONE, namespaces=2, namespaces_allocated=2, namespaces_shown=2), []),
    # the kernel gives one of them no node
    (
        replace(ONE, namespaces=2, namespaces_allocated=2, namespaces_shown=1),
        [("unshown-namespaces", 1)],
    ),
    (replace(ONE, namespaces=2, namespaces_allocated=2), [("unshown-namespaces", 1)]),
    (
        replace(ONE, namespaces=3, namespaces_allocated=4, namespaces_shown=2),
        [("unshown-namespaces", 1), ("detached-namespaces", 1)],
    ),
    (
        replace(ONE, namespaces=2, namespaces_allocated=None, namespace_management=NO),
        [("unshown-namespaces", 1)],
    ),
    (
        replace(ONE, namespaces=None, namespaces_allocated=None, namespace_management=NO),
        [("namespaces-unknown", None)],
    ),
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
]


@pytest.mark.parametrize("technique", LEAVES)
@pytest.mark.parametrize(("nvme", "parts"), PARTS)
def test_what_is_left_beside_the_namespace(
    nvme: NvmeCapabilities | None, parts: list[tuple[str, int | None]], technique: Technique
) -> None:
    assert left(nvme, technique) == parts


@pytest.mark.parametrize("technique", SANITIZES)
def test_a_sanitize_leaves_nothing(technique: Technique) -> None:
    assert left(replace(ONE, namespaces_allocated=3, unallocated_bytes=1), technique) == []
    assert left(None, technique) == []


def test_each_part_has_words() -> None:
    seen = {one for _nvme, parts in PARTS for one, _amount in parts}
    assert len(seen) == 4
    for area in seen:
        assert wording.code(area) != area


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


@pytest.mark.parametrize(("namespaces", "reverts"), [(1, True), (2, False), (None, False)])
def test_a_psid_resets_the_whole_drive_and_so_other_plans(
    namespaces: int | None, reverts: bool
) -> None:
    able = Capabilities(nvme=replace(ONE, namespaces=namespaces), opal=YES)
    plan = plan_drive(NVME, able, Policy(), wish=PlanRequest(psid="X" * 32))
    assert (plan.attempts[0].technique is Technique.TCG_PSID_REVERT) is reverts


DETACHED = replace(ONE, namespaces_allocated=3)


def test_the_plan_says_that_detached_namespaces_are_attached_and_overwritten() -> None:
    plan = plan_drive(NVME, Capabilities(nvme=DETACHED), Policy())
    assert plan.preparations == (Preparation.ATTACH_NAMESPACES,)
    assert WarningCode.HIDDEN_AREA in plan.warnings
    assert WarningCode.OUT_OF_REACH not in plan.warnings
    (attempt,) = plan.attempts
    assert attempt.technique is Technique.OVERWRITE
    assert LimitationCode.OTHER_NAMESPACES not in attempt.limitations


@pytest.mark.parametrize(
    ("nvme", "policy"),
    [
        (ONE, Policy()),
        (DETACHED, Policy(remove_hidden_areas=False)),
        (replace(DETACHED, namespaces=2), Policy()),  # which of the two would own the third?
        (replace(DETACHED, namespaces=None), Policy()),
        (replace(DETACHED, namespace_management=UNKNOWN), Policy()),
        (replace(DETACHED, namespaces_allocated=None), Policy()),
        # the one technique that is tried reaches them itself
        (replace(DETACHED, sanitize_block=YES), Policy(fallbacks=False)),
    ],
)
def test_nothing_is_attached_where_that_is_not_wanted_or_not_known_to_work(
    nvme: NvmeCapabilities, policy: Policy
) -> None:
    assert plan_drive(NVME, Capabilities(nvme=nvme), policy).preparations == ()


@pytest.mark.parametrize("technique", LEAVES)
@pytest.mark.parametrize("attaches", [True, False])
def test_only_an_overwrite_whose_plan_says_so_reaches_detached_namespaces(
    technique: Technique, attaches: bool
) -> None:
    able = Capabilities(nvme=replace(DETACHED, unallocated_bytes=512))
    found = [one.area for one in beyond(technique, NVME, able, attaches=attaches)]
    reached = attaches and technique is Technique.OVERWRITE
    assert found == ["detached-namespaces"] * (not reached) + ["unallocated-capacity"]


def test_what_a_sanitize_erases_unseen_is_said() -> None:
    unread = LimitationCode.NAMESPACES_UNREAD
    for nvme, told in ((DETACHED, True), (ONE, False)):
        able = Capabilities(nvme=replace(nvme, sanitize_block=YES))
        plan = plan_drive(NVME, able, Policy())
        assert plan.attempts[0].technique is Technique.NVME_SANITIZE_BLOCK
        assert (unread in plan.attempts[0].limitations) is told
        rest = plan.attempts[1:]
        assert rest and not any(unread in attempt.limitations for attempt in rest)


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


@pytest.mark.parametrize("technique", Technique)
@pytest.mark.parametrize("shown", [1, 2])
def test_what_names_one_namespace_leaves_the_others_be_they_drives_of_their_own(
    technique: Technique, shown: int
) -> None:
    several = replace(ONE, namespaces=shown, namespaces_allocated=shown, namespaces_shown=shown)
    able = Capabilities(nvme=several)
    assert beyond(technique, NVME, able) == (), "each is a drive of this PC's plan"
    assert more_namespaces(technique, NVME, able) is (shown == 2 and technique in LEAVES)
    untold = replace(able, nvme=replace(several, namespaces=None))
    assert not more_namespaces(technique, NVME, untold) or technique in LEAVES
    assert not more_namespaces(technique, HDD, Capabilities())
