"""A plan says what will be done, in order, what may be claimed, and what cannot be proven."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.codec import from_json, to_json
from reprise.domain.drives.capabilities import Capabilities, Support
from reprise.domain.pc.hardware import MediaKind, Transport
from reprise.domain.planning.plan import LimitationCode, Plan, Refusal, RefusalCode, WarningCode
from reprise.domain.planning.planner import PlanRequest, plan_all, plan_drive
from reprise.domain.planning.policy import DEFAULT_ORDER, Denied, Policy
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth
from reprise.errors import InputError
from reprise.strict_toml import dataclass_from_toml
from reprise.workflow.erasure.planning import plan_digest
from station_kit.facts import with_facts
from station_kit.places import TOP
from unit.domain.planning.planned import CAN_FORMAT, FORMATS, HDD, NOTHING, NVME, techniques

CONFIG = TOP / "config/policy.toml"
FORMATTED = [Technique.NVME_FORMAT_USER_DATA, Technique.NVME_FORMAT_CRYPTO, Technique.OVERWRITE]


def test_a_hard_disk_is_overwritten_and_read_back_whole() -> None:
    plan = plan_drive(HDD, NOTHING, Policy())
    (attempt,) = plan.attempts
    assert not plan.refused
    assert attempt.technique is Technique.OVERWRITE
    assert attempt.claims is Method.CLEAR
    assert attempt.verify is VerifyDepth.FULL
    assert set(attempt.limitations) == {LimitationCode.REALLOCATED, LimitationCode.HIDDEN_AREAS}
    assert plan.warnings == ()


@given(
    st.sampled_from(list(Transport)), st.sampled_from(list(MediaKind)), st.sampled_from(VerifyDepth)
)
def test_an_overwrite_never_claims_more_than_clear(
    transport: Transport, media: MediaKind, depth: VerifyDepth
) -> None:
    drive = replace(HDD, transport=transport, media=media)
    wish = PlanRequest(Technique.OVERWRITE, depth, named=True)
    for attempt in plan_drive(drive, CAN_FORMAT, Policy(allow_usb=True), wish=wish).attempts:
        assert attempt.claims is Method.CLEAR
        assert attempt.limitations
        flash = media in (MediaKind.SSD, MediaKind.FLASH, MediaKind.UNKNOWN)
        if flash and transport is not Transport.LOOP:
            assert LimitationCode.SPARE_AREA in attempt.limitations
        assert (LimitationCode.SAMPLED in attempt.limitations) == (depth is VerifyDepth.SAMPLE)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (Policy(), FORMATTED),
        (
            Policy(order=(Technique.OVERWRITE, Technique.NVME_FORMAT_CRYPTO)),
            [Technique.OVERWRITE, Technique.NVME_FORMAT_CRYPTO],
        ),
        (
            Policy(
                order=(Technique.OVERWRITE, Technique.NVME_FORMAT_CRYPTO),
                further_claims=(Technique.NVME_FORMAT_CRYPTO,),
            ),
            [Technique.NVME_FORMAT_CRYPTO, Technique.OVERWRITE],  # Purge comes before Clear
        ),
        (Policy(order=(Technique.OVERWRITE,)), [Technique.OVERWRITE]),
        (Policy(fallbacks=False), [Technique.NVME_FORMAT_USER_DATA]),
        (
            Policy(denied=(Denied("m*", (Technique.NVME_FORMAT_USER_DATA,)),)),
            [Technique.NVME_FORMAT_CRYPTO, Technique.OVERWRITE],
        ),
    ],
)
def test_nvme_follows_the_policy(policy: Policy, expected: list[Technique]) -> None:
    drive = replace(NVME, identity=replace(NVME.identity, model="M1"))
    assert techniques(drive, CAN_FORMAT, policy) == expected


# two namespaces, both active, and a format that reaches the one that it names
APART = {
    "namespace_management": Support.YES,
    "namespaces": 2,
    "namespaces_allocated": 2,
    "format_all_namespaces": Support.NO,
    "erase_all_namespaces": Support.NO,
}


@pytest.mark.parametrize(
    "change",
    [
        {"format": Support.NO},
        {"format": Support.UNKNOWN},
        {"namespaces": 2},
        {"namespaces": None},
        {"namespaces_allocated": 2},
        {"namespace_id": None},
        {**APART, "namespaces_allocated": None},
        {**APART, "namespaces_allocated": 3},
        {**APART, "namespaces": None, "namespaces_allocated": None},
        {**APART, "format_all_namespaces": Support.YES},
        {**APART, "erase_all_namespaces": Support.UNKNOWN},
    ],
)
def test_a_format_needs_a_plain_yes_and_reaches_one_namespace(change: dict[str, object]) -> None:
    capabilities = Capabilities(nvme=with_facts(FORMATS, **change))
    assert techniques(NVME, capabilities) == [Technique.OVERWRITE]


def test_of_several_namespaces_each_is_formatted_where_a_format_reaches_no_other() -> None:
    capabilities = Capabilities(nvme=with_facts(FORMATS, **APART))
    assert techniques(NVME, capabilities) == techniques(NVME, Capabilities(nvme=FORMATS))
    plan = plan_drive(NVME, capabilities, Policy())
    assert WarningCode.FORMAT_SEVERAL_NAMESPACES not in plan.warnings
    assert LimitationCode.OTHER_NAMESPACES in plan.attempts[0].limitations


def test_a_sanitize_reaches_detached_namespaces_but_no_second_active_one() -> None:
    can = replace(FORMATS, sanitize_block=Support.YES, format=Support.NO)
    block = [Technique.NVME_SANITIZE_BLOCK, Technique.OVERWRITE]
    assert techniques(NVME, Capabilities(nvme=replace(can, namespaces_allocated=3))) == block
    assert techniques(NVME, Capabilities(nvme=replace(can, namespaces=2))) == block[1:]
    assert techniques(NVME, Capabilities(nvme=replace(can, namespaces=None))) == block[1:]


def test_the_digest_changes_with_the_plan_only() -> None:
    drives = (HDD, NVME)
    capabilities = {NVME.identity.key: CAN_FORMAT}
    plan = plan_all(drives, capabilities, Policy())
    assert [d.node for d in plan.drives] == ["/dev/sda", "/dev/nvme0n1"]
    assert plan_digest(plan) == plan_digest(plan_all(drives, capabilities, Policy()))
    sampled = plan_all(drives, capabilities, Policy(verify=VerifyDepth.SAMPLE))
    assert plan_digest(plan) != plan_digest(sampled)
    assert from_json(to_json(plan), Plan) == plan


def test_the_shipped_policy_is_the_default_one_and_denies_what_is_known_to_hang() -> None:
    shipped = dataclass_from_toml(CONFIG.read_text(), Policy, "policy.toml")
    assert replace(shipped, denied=()) == Policy()
    assert shipped.order == DEFAULT_ORDER
    assert shipped.denies("INTEL SSDPEKNW512G8", Technique.NVME_SANITIZE_BLOCK)
    assert not shipped.denies("INTEL SSDPEKNW512G8", Technique.NVME_FORMAT_USER_DATA)
    assert not shipped.denies(None, Technique.NVME_SANITIZE_BLOCK)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('verfy = "full"', "verify"),
        ('verify = "half"', "full, sample"),
        ('order = ["format"]', "order"),
        ("order = []", "order"),
        ('order = ["tcg-psid-revert"]', "order"),
        ('[minimum]\nssd = "none"', "minimum"),
        ("[temperature]\nhdd_pause_c = 40", "temperature"),
        ("allow_usb = 1", "allow_usb"),
        ("max_bad_sectors = 0", "max_bad_sectors"),
        ("nvme_format_timeout_s = -5", "nvme_format_timeout_s"),
        ("version =", "line 1"),
    ],
)
def test_a_wrong_policy_is_one_clear_line(text: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        dataclass_from_toml(text, Policy, "policy.toml")
    line = str(caught.value)
    assert told in line or told.replace("line", "ligne") in line
    assert "policy.toml" in line
    assert "\n" not in line


def test_without_a_technique_each_other_reason_is_told_besides() -> None:
    """Whoever mends the one must know of the other."""
    none = Policy(fallbacks=True, denied=(Denied("*", tuple(Technique)),))
    unsupported = Refusal(RefusalCode.TECHNIQUE_UNSUPPORTED)
    assert plan_drive(HDD, NOTHING, none).refusals == (unsupported,)
    both = plan_drive(replace(HDD, read_only=True), NOTHING, none)
    assert [one.code for one in both.refusals] == [
        RefusalCode.READ_ONLY,
        RefusalCode.TECHNIQUE_UNSUPPORTED,
    ]
    wished = plan_drive(HDD, NOTHING, Policy(), wish=PlanRequest(Technique.NVME_FORMAT_CRYPTO))
    assert wished.refusals == (replace(unsupported, detail="nvme-format-crypto-erase"),)
