"""From what was probed to a plan that can be shown, hashed and confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from reprise import codec
from reprise.domain.drives.capabilities import Capabilities
from reprise.domain.drives.remembered_capabilities import joined, told_then
from reprise.domain.pc.hardware import Drive, Inventory
from reprise.domain.pc.placeholders import is_told_apart
from reprise.domain.planning.plan import DrivePlan, Plan
from reprise.domain.planning.planner import PlanRequest, plan_all, plan_drive
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.safety import word_changed
from reprise.domain.report.events import PlanMade, Stamped
from reprise.ports import DriveProbe
from reprise.workflow.erasure.recovery import Interrupted, for_drive


def plan_inventory(
    inventory: Inventory,
    probe: DriveProbe,
    policy: Policy,
    before: Mapping[str, Capabilities] | None = None,
    interrupted: Sequence[Interrupted] = (),
) -> Plan:
    """A plan for every drive of the PC. `before`: see told_before. `interrupted`: by earlier
    sessions."""
    here = Counter(drive.identity.key for drive in inventory.drives)
    told = {key: then for key, then in (before or {}).items() if here[key] == 1}
    capabilities = {
        drive.identity.key: _known(drive, told, probe.probe_capabilities(drive))
        for drive in inventory.drives
    }
    ours = {one.identity.key for one in inventory.drives if _reattaches(interrupted, one)}
    plan = plan_all(inventory.drives, capabilities, policy, ours)
    return replace(plan, warnings=_warnings(inventory))


def _reattaches(interrupted: Sequence[Interrupted], drive: Drive) -> bool:
    found = for_drive(interrupted, drive)
    return found is not None and found.reattachable


def _known(drive: Drive, told: Mapping[str, Capabilities], now: Capabilities) -> Capabilities:
    """Not joined with what another drive told, of the same number or in the same dock. Only words
    that came by the same way tell: an adapter has its own."""
    then = told.get(drive.identity.key)
    if then is None:
        return now
    another = then.own.by == now.own.by and word_changed(drive, then.own, now.own) is not None
    return now if another else joined(then, now)


def told_before(events: Iterable[Stamped]) -> dict[str, Capabilities]:
    """What the drives of a session told when they were planned, by DriveIdentity.key: only of those
    that a number tells apart from all others in its plans."""
    plans = [entry.event.plan.drives for entry in events if isinstance(entry.event, PlanMade)]
    told = {entry.drive.key: entry for drives in plans for entry in drives}
    twins = {key for drives in plans for key, n in _keys(drives).items() if n > 1}
    return {
        key: told_then(entry.capabilities)
        for key, entry in told.items()
        if key not in twins and is_told_apart(entry.drive)
    }


def _keys(drives: Iterable[DrivePlan]) -> Counter[str]:
    return Counter(planned.drive.key for planned in drives)


def _warnings(inventory: Inventory) -> tuple[str, ...]:
    """For Plan.warnings: storage that may be there and cannot be reached."""
    return tuple(place.warning for place in inventory.unreached)


def plan_named(
    node: str,
    inventory: Inventory,
    probe: DriveProbe,
    policy: Policy,
    wish: PlanRequest,
    *,
    interrupted: Sequence[Interrupted] = (),
) -> tuple[Drive, Plan]:
    """The plan for one drive alone, which a person named by its path (a loop device too).

    Raises InputError where there is no such drive.
    """
    drive = probe.probe_drive(node)
    plan = plan_drive(
        drive,
        probe.probe_capabilities(drive),
        policy,
        others=inventory.drives,
        wish=replace(wish, named=True),
        reattaches=_reattaches(interrupted, drive),
    )
    return drive, Plan((plan,), policy.label, _warnings(inventory))


def plan_digest(plan: Plan) -> str:
    """SHA-256 hex of the plan's JSON bytes: what the operator confirms."""
    return codec.sha256_hex(codec.to_json(plan))
