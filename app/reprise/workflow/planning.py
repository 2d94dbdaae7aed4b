"""From what was probed to a plan that can be shown, hashed and confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reprise import codec
from reprise.domain.capabilities import Capabilities
from reprise.domain.events import PlanMade, Stamped
from reprise.domain.hardware import Drive, Inventory
from reprise.domain.known import joined, told_then
from reprise.domain.plan import DrivePlan, Plan
from reprise.domain.planner import Wish, plan_all, plan_drive
from reprise.domain.policy import Policy
from reprise.ports import DriveProbe


def plan_inventory(
    inventory: Inventory,
    probe: DriveProbe,
    policy: Policy,
    before: Mapping[str, Capabilities] | None = None,
) -> Plan:
    """A plan for every drive of the PC. `before`: see told_before."""
    capabilities = {
        drive.identity.key: probe.probe_capabilities(drive) for drive in inventory.drives
    }
    for key, told in (before or {}).items():
        if key in capabilities:
            capabilities[key] = joined(told, capabilities[key])
    plan = plan_all(inventory.drives, capabilities, policy)
    return replace(plan, warnings=warnings_of(inventory))


def told_before(events: Iterable[Stamped]) -> dict[str, Capabilities]:
    """What the drives of a session told when they were planned, by DriveIdentity.key."""
    plans = (one.event.plan for one in events if isinstance(one.event, PlanMade))
    return {one.drive.key: told_then(one.capabilities) for plan in plans for one in plan.drives}


def warnings_of(inventory: Inventory) -> tuple[str, ...]:
    """For Plan.warnings: storage that may be there and cannot be reached."""
    return tuple(one.warning for one in inventory.unreached)


def plan_named(
    node: str, inventory: Inventory, probe: DriveProbe, policy: Policy, wish: Wish
) -> tuple[Drive, DrivePlan]:
    """The plan for one drive that a person named by its path (a loop device too).

    Raises InputError where there is no such drive.
    """
    drive = probe.probe_drive(node)
    plan = plan_drive(
        drive,
        probe.probe_capabilities(drive),
        policy,
        others=inventory.drives,
        wish=replace(wish, named=True),
    )
    return drive, plan


def plan_digest(plan: Plan) -> str:
    """SHA-256 hex of the plan's JSON bytes: what the operator confirms."""
    return codec.sha256_hex(codec.to_json(plan))
