"""What a second look may join with what an earlier one of the session was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from reprise.codec import from_json, to_json
from reprise.domain.drives.capabilities import AtaCapabilities, Capabilities, OwnWord, Support
from reprise.domain.pc.hardware import Drive, DriveIdentity, Inventory, Transport
from reprise.domain.planning.plan import LimitationCode, Plan
from reprise.domain.planning.policy import Policy
from reprise.domain.report.events import PlanMade, Stamped
from reprise.workflow.erasure.planning import plan_digest, plan_inventory, told_before
from station_kit.machines import hdd, laptop
from workflow.erase_kit import Probe

SERIAL = "AA00000000000000123"
SHARED = DriveIdentity(model="M", serial=SERIAL, size_bytes=1 << 30)
SECTORS = SHARED.size_bytes // 512
TELLS = AtaCapabilities(
    visible_sectors=SECTORS,
    native_sectors=SECTORS,
    dco_sectors=SECTORS,
    hpa=Support.YES,
    amac=Support.NO,
    dco=Support.YES,
    known=True,
)
FROZEN = replace(TELLS, dco_sectors=None)  # by the firmware: what it hides is not known
POLICY = Policy(allow_usb=True)
OWN = OwnWord("ata", SERIAL, "", SHARED.size_bytes)


@dataclass
class Told(Probe):
    by_node: dict[str, Capabilities] = field(default_factory=dict)

    def __init__(self, **by_node: Capabilities) -> None:
        super().__init__()
        self.by_node = {f"/dev/{name}": told for name, told in by_node.items()}

    def probe_capabilities(self, drive: Drive) -> Capabilities:
        return self.by_node[drive.node]


def at(node: str, identity: DriveIdentity = SHARED) -> Drive:
    return replace(hdd(), node=f"/dev/{node}", identity=identity)


def looks(*each: tuple[Sequence[Drive], Told]) -> bool:
    """Whether the last look's plan says that hidden areas of its one drive are not known."""
    events: list[Stamped] = []
    for drives, probe in each:
        inventory: Inventory = replace(laptop(), drives=tuple(drives))
        plan = plan_inventory(inventory, probe, POLICY, told_before(events))
        events.append(Stamped(len(events), "", 0.0, PlanMade(plan, plan_digest(plan))))
    (one,) = plan.drives
    (attempt,) = one.attempts
    return LimitationCode.HIDDEN_AREAS in attempt.limitations


def told(ata: AtaCapabilities, own: OwnWord = OWN) -> Capabilities:
    return Capabilities(ata=ata, own=own)


def test_what_it_told_itself_counts() -> None:
    assert not looks(([at("sda")], Told(sda=told(TELLS))), ([at("sda")], Told(sda=told(FROZEN))))
    assert looks(([at("sda")], Told(sda=told(FROZEN))))


def test_what_a_twin_told_does_not() -> None:
    both = Told(sda=told(FROZEN), sdb=told(TELLS))
    assert looks(([at("sda"), at("sdb")], both), ([at("sda")], Told(sda=told(FROZEN))))
    alone = ([at("sdb")], Told(sdb=told(TELLS)))
    assert looks(alone, ([at("sda"), at("sdb")], both), ([at("sda")], Told(sda=told(FROZEN))))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (replace(OWN, serial="ONE0001"), replace(OWN, serial="OTHER02")),
        (replace(OWN, address="ONE0001"), replace(OWN, address="OTHER02")),
    ],
    ids=["serial", "address"],
)
def test_what_another_drive_told_in_the_same_dock_does_not(old: OwnWord, new: OwnWord) -> None:
    dock = [replace(at("sda"), transport=Transport.USB)]  # SERIAL is the dock's own
    first = (dock, Told(sda=told(TELLS, old)))
    assert looks(first, (dock, Told(sda=told(FROZEN, new))))
    assert not looks(first, (dock, Told(sda=told(FROZEN, old))))
    adapters = replace(new, by="scsi")
    assert not looks(first, (dock, Told(sda=told(FROZEN, adapters)))), "its word is its own"


def test_what_a_drive_without_a_number_told_does_not() -> None:
    nobody = DriveIdentity(model="M", size_bytes=1 << 30)
    one = at("sda", nobody)
    first, then = Told(sda=told(TELLS, OwnWord())), Told(sda=told(FROZEN, OwnWord()))
    inventory = replace(laptop(), drives=(one,))
    plan = plan_inventory(inventory, first, POLICY)
    before = told_before([Stamped(1, "", 0.0, PlanMade(plan, plan_digest(plan)))])
    assert before == {}
    assert plan_inventory(inventory, then, POLICY, before) == plan_inventory(
        inventory, then, POLICY
    )


@pytest.mark.parametrize("capabilities", [TELLS, FROZEN])
def test_a_plan_of_the_journal_has_the_digest_that_was_confirmed(
    capabilities: AtaCapabilities,
) -> None:
    """A stranger who folds the journal finds it again."""
    inventory = replace(laptop(), drives=(at("sda"),))
    plan = plan_inventory(inventory, Told(sda=told(capabilities)), POLICY)
    assert plan.drives[0].attempts
    assert plan_digest(from_json(to_json(plan), Plan)) == plan_digest(plan)
