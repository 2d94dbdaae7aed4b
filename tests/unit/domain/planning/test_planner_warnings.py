"""Each warning comes with its cause and with nothing else: what an operator reads before hours."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.drives.capabilities import (
    AtaCapabilities,
    Capabilities,
    MmcCapabilities,
    NvmeCapabilities,
    OwnWord,
    ScsiCapabilities,
    Support,
)
from reprise.domain.drives.remembered_capabilities import shown, told_then
from reprise.domain.pc.hardware import Drive, Health, MediaKind, SmartFacts, Transport
from reprise.domain.planning.plan import LimitationCode, WarningCode
from reprise.domain.planning.planner import plan_drive
from reprise.domain.planning.policy import Denied, Policy
from reprise.domain.planning.techniques import Technique
from station_kit.facts import with_facts
from unit.domain.planning.planned import CAN_FORMAT, FORMATS, HDD, NOTHING, NVME

W = WarningCode
WELL = SmartFacts(health=Health.PASSED)


def warned(drive: Drive, able: Capabilities = NOTHING, policy: Policy | None = None) -> set[str]:
    return set(plan_drive(drive, able, policy or Policy()).warnings)


def of_nvme(**facts: object) -> set[str]:
    return warned(NVME, Capabilities(nvme=with_facts(FORMATS, **facts)))


def of_ata(**facts: object) -> set[str]:
    return warned(HDD, Capabilities(ata=AtaCapabilities(**facts)))  # type: ignore[arg-type]


def test_a_sound_drive_has_no_warning() -> None:
    assert warned(HDD) == set()
    assert of_nvme() == set()


@pytest.mark.parametrize(
    ("smart", "warning"),
    [
        (replace(WELL, health=Health.FAILING), {W.HEALTH_FAILING}),
        (replace(WELL, health=Health.UNKNOWN), {W.HEALTH_UNKNOWN}),
        (replace(WELL, pending_sectors=1), {W.PENDING_SECTORS}),
        (replace(WELL, reallocated_sectors=1), {W.REALLOCATED_SECTORS}),
        (replace(WELL, pending_sectors=0, reallocated_sectors=0), set()),
    ],
)
def test_health(smart: SmartFacts, warning: set[str]) -> None:
    assert warned(replace(HDD, smart=smart)) == warning


def test_of_a_file_nobody_expects_health() -> None:
    loop = replace(HDD, transport=Transport.LOOP, smart=SmartFacts())
    assert warned(loop) == set()


@pytest.mark.parametrize(
    ("facts", "warning"),
    [
        ({"format": Support.UNKNOWN}, {W.FORMAT_UNKNOWN}),
        ({"format": Support.NO}, set()),
        ({"unallocated_bytes": 1}, {W.UNALLOCATED_CAPACITY}),
        ({"unallocated_bytes": 0}, set()),
        ({"namespaces": 2}, {W.FORMAT_SEVERAL_NAMESPACES}),
        ({"namespaces_allocated": 2}, {W.FORMAT_SEVERAL_NAMESPACES}),
        (
            {
                "namespaces": 2,
                "namespaces_allocated": 2,
                "format_all_namespaces": Support.NO,
                "erase_all_namespaces": Support.NO,
            },
            set(),
        ),
        ({"namespaces": None}, set()),
    ],
)
def test_nvme(facts: dict[str, object], warning: set[str]) -> None:
    told = {W.FORMAT_UNKNOWN, W.UNALLOCATED_CAPACITY, W.FORMAT_SEVERAL_NAMESPACES}
    assert of_nvme(**facts) & told == warning


def test_an_nvme_drive_that_told_nothing_and_one_that_is_none() -> None:
    assert warned(NVME) == {W.FORMAT_UNKNOWN, W.OUT_OF_REACH}
    several = Capabilities(nvme=NvmeCapabilities(namespaces=2, unallocated_bytes=9))
    assert not warned(HDD, several) & {W.FORMAT_UNKNOWN, W.UNALLOCATED_CAPACITY}


def test_a_drive_that_is_larger_than_can_be_reached() -> None:
    size = HDD.identity.size_bytes
    for told, expected in ((size + 512, {W.TAIL_OUT_OF_REACH}), (size, set()), (None, set())):
        able = Capabilities(own=OwnWord("ata", "S1", "", told))
        assert warned(HDD, able) == expected


def test_locked_frozen_bridged_denied() -> None:
    locked = of_ata(security_locked=Support.YES, security=Support.YES)
    assert W.LOCKED in locked and W.FROZEN not in locked
    able = AtaCapabilities(
        security=Support.YES, security_enhanced=Support.YES, security_frozen=Support.YES
    )
    assert W.FROZEN in warned(HDD, Capabilities(ata=able))
    assert W.FROZEN not in warned(HDD, Capabilities(ata=able), Policy(thaw_by_suspend=False))
    assert W.BRIDGED in warned(HDD, Capabilities(bridged=True))
    plan = plan_drive(NVME, CAN_FORMAT, Policy())
    assert W.DENIED not in plan.warnings
    hangs = Denied(NVME.identity.model or "", (Technique.NVME_FORMAT_CRYPTO,), "hangs")
    assert W.DENIED in warned(NVME, CAN_FORMAT, Policy(denied=(hangs,)))
    other = replace(hangs, model="OTHER*")
    assert W.DENIED not in warned(NVME, CAN_FORMAT, Policy(denied=(other,)))


def test_what_a_drive_can_do_is_told_in_the_plan() -> None:
    able = Capabilities(
        nvme=NvmeCapabilities(
            format=Support.YES, sanitize_estimate_s={Technique.NVME_SANITIZE_BLOCK: 9}
        ),
        ata=AtaCapabilities(security=Support.NO, native_sectors=7),
        own=OwnWord("nvme", "S9", "eui", 11),
        opal=Support.YES,
        bridged=True,
        evidence={"oacs": "0x17"},
    )
    told = shown(able)
    expected = {
        "nvme.format": "yes",
        f"nvme.sanitize_estimate_s.{Technique.NVME_SANITIZE_BLOCK}": "9",
        "ata.security": "no",
        "ata.native_sectors": "7",
        "own.by": "nvme",
        "own.serial": "S9",
        "own.address": "eui",
        "own.size_bytes": "11",
        "opal": "yes",
        "bridged": "yes",
        "raw.oacs": "0x17",
    }
    assert expected.items() <= told.items()
    assert not any(name.startswith(("scsi.", "mmc.")) for name in told)
    others = Capabilities(
        scsi=ScsiCapabilities(sanitize_block=Support.YES), mmc=MmcCapabilities(trim=Support.NO)
    )
    assert {"scsi.sanitize_block": "yes", "mmc.trim": "no"}.items() <= shown(others).items()
    assert "ata.visible_sectors" not in told, "what is not there is left out"
    plan = plan_drive(HDD, able, Policy())
    assert told_then(plan.capabilities).own == able.own
    silent = plan_drive(HDD, NOTHING, Policy())
    assert told_then(silent.capabilities).own == OwnWord()
    assert not any(name.startswith(("own.", "opal", "bridged")) for name in shown(NOTHING))


@pytest.mark.parametrize(
    ("facts", "limit"),
    [
        ({"replay_protected": Support.YES}, LimitationCode.NVME_RPMB),
        ({"boot_partitions": Support.YES}, LimitationCode.NVME_BOOT),
    ],
)
def test_what_no_command_of_ours_reaches_is_a_limitation_of_every_attempt(
    facts: dict[str, object], limit: LimitationCode
) -> None:
    able = Capabilities(nvme=with_facts(FORMATS, **facts))
    attempts = plan_drive(NVME, able, Policy()).attempts
    assert len(attempts) >= 2
    assert all(limit in one.limitations for one in attempts)
    assert not any(
        limit in one.limitations for one in plan_drive(NVME, CAN_FORMAT, Policy()).attempts
    )
    card = replace(HDD, transport=Transport.MMC, media=MediaKind.FLASH)
    (write,) = plan_drive(card, NOTHING, Policy()).attempts
    assert LimitationCode.MMC_RPMB in write.limitations
