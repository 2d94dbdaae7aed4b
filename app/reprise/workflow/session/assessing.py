"""Whether a PC is worth keeping, and what that spares."""

from __future__ import annotations

from reprise.domain.pc.assessment import PcAssessed
from reprise.domain.pc.hardware import Inventory
from reprise.domain.pc.impact import impact
from reprise.domain.pc.triage import triage
from reprise.workflow.session.services import StationServices


def assess(inventory: Inventory, services: StationServices) -> PcAssessed:
    return PcAssessed(
        triage(inventory, services.triage_rules, services.today()),
        impact(inventory, services.impact_factors),
    )
