"""Which techniques a drive gets, and what comes before them."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.drives.capabilities import (
    AtaCapabilities,
    Capabilities,
    MmcCapabilities,
    NvmeCapabilities,
    SanitizeState,
    ScsiCapabilities,
    Support,
)
from reprise.domain.pc.hardware import Health, MediaKind, SmartFacts, Transport
from reprise.domain.planning.plan import Attempt, LimitationCode, RefusalCode, WarningCode
from reprise.domain.planning.planner import PlanRequest, plan_all, plan_drive, today
from reprise.domain.planning.policy import Denied, Minimum, Policy
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth
from unit.domain.planning.planned import (
    ALL_ATA,
    CAN_FORMAT,
    FORMATS,
    HDD,
    NOTHING,
    NVME,
    SSD,
    techniques,
)


def test_crypto_needs_its_own_yes() -> None:
    unknown = Capabilities(nvme=replace(FORMATS, format_crypto=Support.UNKNOWN))
    assert techniques(NVME, unknown) == [Technique.NVME_FORMAT_USER_DATA, Technique.OVERWRITE]


def test_a_format_claims_clear_and_says_what_it_rests_on() -> None:
    first, crypto, _last = plan_drive(NVME, CAN_FORMAT, Policy()).attempts
    assert [first.claims, crypto.claims] == [Method.CLEAR] * 2
    assert LimitationCode.SPARE_AREA in first.limitations
    assert LimitationCode.ZEROS_UNPROVEN in first.limitations
    assert LimitationCode.CRYPTO_UNOBSERVABLE in crypto.limitations


PURGE_ON_SSD = [Technique.ATA_SANITIZE_BLOCK, Technique.ATA_SANITIZE_CRYPTO]
CLEAR_ON_SSD = [
    Technique.ATA_SANITIZE_OVERWRITE,
    Technique.ATA_SECURITY_ERASE_ENHANCED,
    Technique.ATA_SECURITY_ERASE,
    Technique.OVERWRITE,
]


PURGE = Minimum(ssd=Method.PURGE)


def test_a_security_erase_is_purge_on_a_hard_disk_and_clear_on_flash() -> None:
    able = Capabilities(ata=ALL_ATA)
    ssd = plan_drive(SSD, able, Policy()).attempts
    assert [a.technique for a in ssd] == [*PURGE_ON_SSD, *CLEAR_ON_SSD]
    assert [a.claims for a in ssd] == [Method.PURGE] * 2 + [Method.CLEAR] * 4
    hdd = {a.technique: a.claims for a in plan_drive(HDD, able, Policy()).attempts}
    assert hdd[Technique.ATA_SECURITY_ERASE_ENHANCED] is Method.PURGE
    assert hdd[Technique.ATA_SECURITY_ERASE] is Method.CLEAR
    unknown = replace(HDD, media=MediaKind.UNKNOWN)
    claims = {a.technique: a.claims for a in plan_drive(unknown, able, Policy()).attempts}
    assert claims[Technique.ATA_SECURITY_ERASE_ENHANCED] is Method.CLEAR


def test_a_policy_may_take_the_view_that_a_format_is_purge() -> None:
    both = (Technique.NVME_FORMAT_USER_DATA, Technique.NVME_FORMAT_CRYPTO)
    plan = plan_drive(NVME, CAN_FORMAT, Policy(further_claims=both))
    assert [one.claims.value for one in plan.attempts] == ["purge", "purge", "clear"]
    assert LimitationCode.SPARE_AREA not in plan.attempts[0].limitations
    assert LimitationCode.ZEROS_UNPROVEN in plan.attempts[0].limitations


def test_no_ata_erase_across_a_bridge() -> None:
    usb = replace(SSD, transport=Transport.USB)
    able = Capabilities(ata=ALL_ATA, bridged=True)
    plan = plan_drive(usb, able, Policy(allow_usb=True))
    assert [a.technique for a in plan.attempts] == [Technique.OVERWRITE]
    assert WarningCode.BRIDGED in plan.warnings


def test_a_frozen_sanitize_is_not_tried() -> None:
    frozen = replace(ALL_ATA, sanitize_state=SanitizeState.FROZEN)
    assert techniques(SSD, Capabilities(ata=frozen))[0] is Technique.ATA_SECURITY_ERASE_ENHANCED


CLEAR_BY_FIRMWARE = [Technique.NVME_FORMAT_USER_DATA, Technique.NVME_FORMAT_CRYPTO]


@pytest.mark.parametrize("technique", CLEAR_BY_FIRMWARE)
@pytest.mark.parametrize(
    ("media", "limits"),
    [
        (MediaKind.HDD, {LimitationCode.REALLOCATED}),
        (MediaKind.SSD, {LimitationCode.SPARE_AREA}),
        (MediaKind.FLASH, {LimitationCode.SPARE_AREA}),
        (MediaKind.UNKNOWN, {LimitationCode.MEDIA_UNKNOWN, LimitationCode.SPARE_AREA}),
    ],
)
def test_a_clear_by_the_drives_own_firmware_has_the_limits_of_any_clear(
    technique: Technique, media: MediaKind, limits: set[LimitationCode]
) -> None:
    of_clear = {LimitationCode.REALLOCATED, LimitationCode.SPARE_AREA, LimitationCode.MEDIA_UNKNOWN}
    wish = PlanRequest(technique)
    (told,) = plan_drive(replace(NVME, media=media), CAN_FORMAT, Policy(), wish=wish).attempts
    assert told.claims is Method.CLEAR
    assert of_clear.intersection(told.limitations) == limits
    assert LimitationCode.DRIVE_WORD in told.limitations


@pytest.mark.parametrize("transport", [Transport.SAS, Transport.SCSI])
def test_an_overwrite_of_a_scsi_drive_does_not_reach_beyond_its_last_address(
    transport: Transport,
) -> None:
    able = Capabilities(scsi=ScsiCapabilities(sanitize_block=Support.YES))
    attempts = plan_drive(replace(SSD, transport=transport), able, Policy()).attempts
    unreached = [
        one.technique for one in attempts if LimitationCode.LOWERED_CAPACITY in one.limitations
    ]
    assert [one.technique for one in attempts] != unreached == [Technique.OVERWRITE]


def test_a_locked_drive_whose_count_expired_must_be_switched_off_first() -> None:
    locked = replace(ALL_ATA, security_locked=Support.YES, security_expired=Support.YES)
    plan = plan_drive(SSD, Capabilities(ata=locked), Policy())
    assert [r.code for r in plan.refusals] == [RefusalCode.SECURITY_EXPIRED]
    assert plan.preparations == ()


def test_below_the_minimum_is_said_before_and_judged_after() -> None:
    strict = Policy(minimum=Minimum(ssd=Method.PURGE))
    plan = plan_drive(SSD, NOTHING, strict)
    assert WarningCode.BELOW_POLICY in plan.warnings
    assert [a.minimum for a in plan.attempts] == [Method.PURGE]
    assert WarningCode.BELOW_POLICY not in plan_drive(HDD, NOTHING, strict).warnings


def test_noise_is_a_limitation_wherever_a_drive_may_show_it() -> None:
    """Any drive may encrypt, whatever the command is called; an overwrite leaves its pattern."""
    noise = LimitationCode.NOISE_MAY_BE_DATA
    attempts = plan_drive(SSD, Capabilities(ata=ALL_ATA), Policy()).attempts
    assert {one.technique for one in attempts if noise not in one.limitations} == {
        Technique.ATA_SANITIZE_OVERWRITE,
        Technique.OVERWRITE,
    }
    # whether noise will be seen is not known before
    strict = plan_drive(
        SSD, Capabilities(ata=ALL_ATA), Policy(not_accepted=(noise,), minimum=PURGE)
    )
    assert WarningCode.BELOW_POLICY not in strict.warnings
    assert strict.attempts[0].not_accepted == (noise,)


def test_limitations_that_are_not_accepted_are_said_before_and_carried_along() -> None:
    able = Capabilities(ata=ALL_ATA)
    word, spare = LimitationCode.DRIVE_WORD, LimitationCode.SPARE_AREA
    plan = plan_drive(SSD, able, Policy(not_accepted=(word,)))
    *firmware, last = plan.attempts
    assert firmware
    assert all(one.not_accepted == (word,) for one in firmware)
    assert (last.technique, last.not_accepted) == (Technique.OVERWRITE, ())
    assert WarningCode.BELOW_POLICY not in plan.warnings  # the overwrite may still do
    strict = plan_drive(SSD, able, Policy(not_accepted=(word, spare)))
    assert all(one.not_accepted for one in strict.attempts)
    assert WarningCode.BELOW_POLICY in strict.warnings


def test_what_an_earlier_plan_could_not_prove_stays_unproven() -> None:
    """An erasure that goes on: neither of the two rules is forgotten."""
    was = Attempt(
        Technique.OVERWRITE,
        Method.PURGE,
        VerifyDepth.FULL,
        limitations=(LimitationCode.NOISE_MAY_BE_DATA, LimitationCode.SAMPLED),
    )
    found = today(SSD, was, NOTHING, Policy(), VerifyDepth.FULL)
    own = today(SSD, replace(was, limitations=()), NOTHING, Policy(), VerifyDepth.FULL)
    assert own.limitations
    assert LimitationCode.NOISE_MAY_BE_DATA not in own.limitations
    assert found.limitations == (LimitationCode.NOISE_MAY_BE_DATA, *own.limitations)
    assert found.claims is Method.CLEAR


def test_what_the_policy_denies_by_now_claims_nothing() -> None:
    """It had begun, and the drive goes on; but its model is known not to do it."""
    was = Attempt(Technique.NVME_SANITIZE_BLOCK, Method.PURGE, VerifyDepth.FULL)
    denies = Policy(denied=(Denied(SSD.identity.model or "", (was.technique,)),))
    for policy, claims in ((Policy(), Method.PURGE), (denies, Method.NONE)):
        assert today(SSD, was, NOTHING, policy, VerifyDepth.FULL).claims is claims


def test_psid_only_where_it_was_typed() -> None:
    opal = Capabilities(opal=Support.YES)
    assert techniques(SSD, opal) == [Technique.OVERWRITE]
    typed = plan_drive(SSD, opal, Policy(), wish=PlanRequest(psid="X" * 32))
    assert typed.attempts[0].technique is Technique.TCG_PSID_REVERT
    unknown = plan_drive(SSD, NOTHING, Policy(), wish=PlanRequest(psid="X" * 32))
    assert [a.technique for a in unknown.attempts] == [Technique.OVERWRITE]


def test_scsi_and_emmc() -> None:
    sas = replace(HDD, transport=Transport.SAS)
    able = Capabilities(scsi=ScsiCapabilities(sanitize_overwrite=Support.YES))
    assert techniques(sas, able) == [Technique.SCSI_SANITIZE_OVERWRITE, Technique.OVERWRITE]
    emmc = replace(SSD, transport=Transport.MMC, media=MediaKind.FLASH)
    able = Capabilities(mmc=MmcCapabilities(trim=Support.YES))
    plan = plan_drive(emmc, able, Policy())
    assert [a.technique for a in plan.attempts] == [Technique.MMC_ERASE, Technique.OVERWRITE]
    assert {a.claims for a in plan.attempts} == {Method.CLEAR}
    for attempt in plan.attempts:  # each looks into the boot and general purpose areas
        assert LimitationCode.MMC_AREAS not in attempt.limitations
        assert LimitationCode.MMC_RPMB in attempt.limitations


@given(
    st.sampled_from(list(Transport)),
    st.sampled_from(list(MediaKind)),
    st.sampled_from([Support.NO, Support.UNKNOWN]),
)
def test_nothing_but_a_plain_yes_sends_a_firmware_command(
    transport: Transport, media: MediaKind, answer: Support
) -> None:
    def all_answers(kind: type) -> dict[str, Support]:
        return {f.name: answer for f in fields(kind) if f.default is Support.UNKNOWN}

    able = Capabilities(
        ata=AtaCapabilities(**all_answers(AtaCapabilities)),  # type: ignore[arg-type]
        nvme=NvmeCapabilities(
            **all_answers(NvmeCapabilities),  # type: ignore[arg-type]
            namespace_id=1,
            namespaces=1,
        ),
        scsi=ScsiCapabilities(**all_answers(ScsiCapabilities)),  # type: ignore[arg-type]
        mmc=MmcCapabilities(**all_answers(MmcCapabilities)),  # type: ignore[arg-type]
        opal=answer,
    )
    drive = replace(HDD, transport=transport, media=media)
    wish = PlanRequest(named=True, psid="X" * 32)
    plan = plan_drive(drive, able, Policy(allow_usb=True), wish=wish)
    assert {a.technique for a in plan.attempts} <= {Technique.OVERWRITE}


def test_a_technique_that_the_drive_lacks_is_refused_not_replaced() -> None:
    plan = plan_drive(HDD, CAN_FORMAT, Policy(), wish=PlanRequest(Technique.NVME_FORMAT_USER_DATA))
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
    two = Capabilities(nvme=replace(FORMATS, namespaces=2, namespaces_shown=2))
    assert plan_drive(unknown, two, Policy()).warnings == (
        WarningCode.HEALTH_UNKNOWN,
        WarningCode.FORMAT_SEVERAL_NAMESPACES,
    )


@pytest.mark.parametrize("state", SanitizeState)
@pytest.mark.parametrize("ours", [False, True])
def test_a_drive_that_is_at_work_already_is_left_to_it(state: SanitizeState, *, ours: bool) -> None:
    """But for what may be an operation of ours that outlived a power cut: it is taken up again."""
    for busy in (
        Capabilities(ata=AtaCapabilities(sanitize_state=state)),
        Capabilities(nvme=replace(FORMATS, sanitize_state=state)),
        Capabilities(scsi=ScsiCapabilities(sanitize_state=state)),
    ):
        drive, runs = NVME if busy.nvme else SSD, state is SanitizeState.RUNNING
        plan = plan_drive(drive, busy, Policy(), reattaches=ours)
        assert (WarningCode.SANITIZING in plan.warnings) == (runs and ours)
        codes = [refusal.code for refusal in plan.refusals]
        assert codes == ([RefusalCode.SANITIZING] if runs and not ours else [])
        assert plan.refused == bool(codes)
        keys = {drive.identity.key} if ours else {"another"}
        assert plan_all((drive,), {drive.identity.key: busy}, Policy(), keys).drives == (plan,)
