"""A plan says what will be done, in order, what may be claimed, and what cannot be proven."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.codec import from_json, to_json
from reprise.domain.capabilities import Capabilities, Support
from reprise.domain.hardware import (
    Drive,
    Health,
    MediaKind,
    SmartFacts,
    Transport,
)
from reprise.domain.plan import LimitationCode, Plan, RefusalCode, WarningCode
from reprise.domain.planner import Wish, plan_all, plan_drive
from reprise.domain.policy import NvmeFormat, Policy
from reprise.domain.techniques import Method, Technique, VerifyDepth
from reprise.errors import InputError
from reprise.strict_toml import dataclass_from_toml
from reprise.workflow.planning import plan_digest
from unit.drives import drive as made_drive

CONFIG = Path(__file__).parents[2] / "config/policy.toml"
HDD = made_drive(smart=SmartFacts(health=Health.PASSED))
SSD = replace(HDD, media=MediaKind.SSD)
NVME = replace(
    SSD, node="/dev/nvme0n1", transport=Transport.NVME, identity=replace(HDD.identity, serial="S2")
)
CAN_FORMAT = Capabilities(
    nvme_format=Support.YES,
    nvme_format_crypto=Support.YES,
    nvme_namespace_id=1,
    nvme_namespaces=1,
    evidence={"id-ctrl": "oacs 0x17"},
)
NOTHING = Capabilities()


def techniques(
    drive: Drive, capabilities: Capabilities = NOTHING, policy: Policy | None = None
) -> list[Technique]:
    plan = plan_drive(drive, capabilities, policy or Policy())
    return [attempt.technique for attempt in plan.attempts]


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
    wish = Wish(Technique.OVERWRITE, depth, named=True)
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
        (Policy(), [Technique.NVME_FORMAT_USER_DATA, Technique.OVERWRITE]),
        (
            Policy(nvme_format=NvmeFormat.CRYPTO),
            [Technique.NVME_FORMAT_CRYPTO, Technique.OVERWRITE],
        ),
        (Policy(nvme_format=NvmeFormat.NEVER), [Technique.OVERWRITE]),
        (Policy(overwrite_after_failed_format=False), [Technique.NVME_FORMAT_USER_DATA]),
    ],
)
def test_nvme_follows_the_policy(policy: Policy, expected: list[Technique]) -> None:
    assert techniques(NVME, CAN_FORMAT, policy) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"nvme_format": Support.NO},
        {"nvme_format": Support.UNKNOWN},
        {"nvme_namespaces": 2},
        {"nvme_namespaces": None},
        {"nvme_namespace_id": None},
    ],
)
def test_a_format_needs_a_plain_yes_and_one_namespace(change: dict[str, object]) -> None:
    capabilities = replace(CAN_FORMAT, **change)  # type: ignore[arg-type]
    assert techniques(NVME, capabilities) == [Technique.OVERWRITE]


def test_crypto_needs_its_own_yes() -> None:
    unknown = replace(CAN_FORMAT, nvme_format_crypto=Support.UNKNOWN)
    assert techniques(NVME, unknown, Policy(nvme_format=NvmeFormat.CRYPTO)) == [Technique.OVERWRITE]
    assert techniques(NVME, unknown) == [Technique.NVME_FORMAT_USER_DATA, Technique.OVERWRITE]


def test_a_format_claims_purge_and_says_what_it_rests_on() -> None:
    first = plan_drive(NVME, CAN_FORMAT, Policy()).attempts[0]
    assert first.claims is Method.PURGE
    assert LimitationCode.ZEROS_UNPROVEN in first.limitations
    crypto = plan_drive(NVME, CAN_FORMAT, Policy(nvme_format=NvmeFormat.CRYPTO)).attempts[0]
    assert LimitationCode.CRYPTO_UNOBSERVABLE in crypto.limitations


def test_a_technique_that_the_drive_lacks_is_refused_not_replaced() -> None:
    plan = plan_drive(HDD, CAN_FORMAT, Policy(), wish=Wish(Technique.NVME_FORMAT_USER_DATA))
    assert plan.refused
    assert plan.attempts == ()
    assert [r.code for r in plan.refusals] == [RefusalCode.TECHNIQUE_UNSUPPORTED]


def test_a_refused_drive_has_no_attempts() -> None:
    plan = plan_drive(replace(HDD, read_only=True), NOTHING, Policy())
    assert plan.refused
    assert plan.attempts == ()


def test_warnings_before_hours_of_erasing() -> None:
    sick = replace(
        HDD, smart=SmartFacts(health=Health.FAILING, pending_sectors=8, reallocated_sectors=3)
    )
    assert plan_drive(sick, NOTHING, Policy()).warnings == (
        WarningCode.HEALTH_FAILING,
        WarningCode.PENDING_SECTORS,
        WarningCode.REALLOCATED_SECTORS,
    )
    unknown = replace(NVME, smart=SmartFacts())
    two = replace(CAN_FORMAT, nvme_namespaces=2)
    assert plan_drive(unknown, two, Policy()).warnings == (
        WarningCode.HEALTH_UNKNOWN,
        WarningCode.FORMAT_SEVERAL_NAMESPACES,
    )


def test_the_digest_changes_with_the_plan_only() -> None:
    drives = (HDD, NVME)
    capabilities = {NVME.identity.key: CAN_FORMAT}
    plan = plan_all(drives, capabilities, Policy())
    assert [d.node for d in plan.drives] == ["/dev/sda", "/dev/nvme0n1"]
    assert plan_digest(plan) == plan_digest(plan_all(drives, capabilities, Policy()))
    sampled = plan_all(drives, capabilities, Policy(verify=VerifyDepth.SAMPLE))
    assert plan_digest(plan) != plan_digest(sampled)
    assert from_json(to_json(plan), Plan) == plan


def test_the_shipped_policy_is_the_default_one() -> None:
    assert dataclass_from_toml(CONFIG.read_text(), Policy, "policy.toml") == Policy()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('verfy = "full"', "verify"),
        ('verify = "half"', "full, sample"),
        ('nvme_format = "purge"', "user-data"),
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
