"""Whether a PC is worth keeping, and what that spares."""

from __future__ import annotations

from reprise.domain.assessment import PcAssessed
from reprise.domain.hardware import Inventory
from reprise.domain.impact import impact
from reprise.domain.triage import triage
from reprise.workflow.services import StationServices


def assess(inventory: Inventory, services: StationServices) -> PcAssessed:
    return PcAssessed(
        triage(inventory, services.triage_rules, services.today()),
        impact(inventory, services.impact_factors),
    )
