"""Drives, what they can do, and the techniques that their plan lists."""

from __future__ import annotations

from dataclasses import replace

from reprise.domain.drives.capabilities import (
    AtaCapabilities,
    Capabilities,
    NvmeCapabilities,
    Support,
)
from reprise.domain.pc.hardware import Drive, Health, MediaKind, SmartFacts, Transport
from reprise.domain.planning.planner import plan_drive
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique
from unit.domain.drives.drives import drive as made_drive

HDD = made_drive(smart=SmartFacts(health=Health.PASSED))
SSD = replace(HDD, media=MediaKind.SSD)
NVME = replace(
    SSD, node="/dev/nvme0n1", transport=Transport.NVME, identity=replace(HDD.identity, serial="S2")
)
FORMATS = NvmeCapabilities(
    format=Support.YES,
    format_crypto=Support.YES,
    namespace_management=Support.NO,
    namespace_id=1,
    namespaces=1,
)
CAN_FORMAT = Capabilities(nvme=FORMATS, evidence={"oacs": "0x17"})
NOTHING = Capabilities()
ALL_ATA = AtaCapabilities(
    security=Support.YES,
    security_enhanced=Support.YES,
    sanitize=Support.YES,
    sanitize_block=Support.YES,
    sanitize_crypto=Support.YES,
    sanitize_overwrite=Support.YES,
    visible_sectors=1000,
    hpa=Support.YES,
    dco=Support.YES,
    native_sectors=1000,
    dco_sectors=1000,
)


def techniques(
    drive: Drive, capabilities: Capabilities = NOTHING, policy: Policy | None = None
) -> list[Technique]:
    plan = plan_drive(drive, capabilities, policy or Policy())
    return [attempt.technique for attempt in plan.attempts]
