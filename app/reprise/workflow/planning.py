"""From what was probed to a plan that can be shown, hashed and confirmed."""

from __future__ import annotations

from dataclasses import replace

from reprise import codec
from reprise.domain.hardware import Drive, Inventory
from reprise.domain.plan import DrivePlan, Plan
from reprise.domain.planner import Wish, plan_all, plan_drive
from reprise.domain.policy import Policy
from reprise.ports import DriveProbe


def plan_inventory(inventory: Inventory, probe: DriveProbe, policy: Policy) -> Plan:
    """A plan for every drive of the PC."""
    capabilities = {
        drive.identity.key: probe.probe_capabilities(drive) for drive in inventory.drives
    }
    plan = plan_all(inventory.drives, capabilities, policy)
    return replace(plan, warnings=warnings_of(inventory))


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
