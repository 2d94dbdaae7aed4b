"""Any looks at a PC, with twins, drives that move between the inside and a dock, and drives that
leave: screen and report say the same of it, and never more than the hands that did it would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from reprise.domain.drives.usb_port import UsbPort
from reprise.domain.pc.hardware import Drive, DriveIdentity, Transport
from reprise.domain.planning.planner import plan_all
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Verdict
from reprise.domain.report import events as ev
from reprise.domain.report.fold import fold
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report
from reprise.domain.report.report_outcome import in_scope, own_records, report_outcome
from reprise.domain.report.told import records
from reprise.workflow.erasure.planning import plan_digest
from reprise.workflow.session.state import SessionState, apply
from station_kit.seen import all_seen
from unit.domain.drives.drives import drive, pc

STARTED = ev.SessionStarted("s", "r", "station", "kid", "1", "1", True, "ntp")
# No two of them could be one drive that told more or less of itself.
IDENTITIES = tuple(
    DriveIdentity(model="M", serial=serial, wwn=wwn, size_bytes=10**9)
    for serial, wwn in (
        *(("S1", None), ("S2", "0x5000c500a0000001"), ("S3", "0x5000c500a0000002")),
        *((None, "0x5000c500a0000003"), (None, None)),
    )
)
USB = Transport.USB
PLACES = (
    *((Transport.SATA, UsbPort.UNKNOWN), (Transport.SATA, UsbPort.UNKNOWN)),
    *((Transport.NVME, UsbPort.UNKNOWN), (USB, UsbPort.FIXED), (USB, UsbPort.SLOT)),
    *((USB, UsbPort.OUTSIDE), (USB, UsbPort.UNKNOWN)),
)


def inside(one: Drive) -> bool:
    return one.transport is not USB or one.port in (UsbPort.FIXED, UsbPort.SLOT)


@dataclass
class Told:
    """One session as its screen folds it, and its journal."""

    policy: Policy
    state: SessionState = field(default_factory=SessionState)
    journal: list[ev.Stamped] = field(default_factory=list)

    def say(self, event: ev.Event) -> None:
        self.state = apply(self.state, event)
        self.journal.append(ev.Stamped(len(self.journal), "2026-01-01T00:00:00Z", 0.0, event))

    def look(self, drives: Sequence[Drive]) -> None:
        self.say(ev.InventoryTaken(pc(*drives)))
        plan = plan_all(drives, {}, self.policy)
        self.say(ev.PlanMade(plan, plan_digest(plan)))

    def erase(self) -> None:
        """All that may be, and it goes well."""
        offered = tuple(view.key for view in self.state.erasable)
        if offered:
            self.say(ev.PlanConfirmed(self.state.digest, offered))
        for view in self.state.working:
            assert view.plan is not None
            one, key = view.plan.attempts[-1], view.key
            size = view.identity.size_bytes
            self.say(ev.AttemptStarted(key, view.identity, view.drive.node, one, "job", "00"))
            self.say(ev.VerifyStarted(key, "job", one.verify))
            for seen in all_seen(key, one.technique):
                self.say(seen)
            end = (key, "job", one.technique, Verdict.VERIFIED, Method.CLEAR)
            self.say(ev.AttemptFinished(*end, ("read-back-in-full",), size, size, 1.0, 1.0))

    def report(self) -> Report:
        return fold(self.journal)


def looks(random: Random) -> list[list[Drive]]:
    found: list[list[Drive]] = []
    kinds = random.sample(IDENTITIES, random.randint(1, 3))
    things = [
        (random.choice(kinds), random.choice(PLACES)) for _each in range(random.randint(1, 4))
    ]
    for _each in range(random.randint(1, 3)):
        for at, (who, _place) in enumerate(things):
            if random.random() < 0.15:
                things[at] = who, random.choice(PLACES)
        there = [one for one in things if random.random() < 0.75]
        random.shuffle(there)
        found.append([])
        for at, (who, (transport, port)) in enumerate(there):
            told = replace(who, wwn=None) if who.serial and random.random() < 0.1 else who
            node = f"/dev/sd{chr(ord('a') + at)}"
            found[-1].append(drive(identity=told, node=node, transport=transport, port=port))
    return found


def who(one: DriveIdentity) -> str:
    return str(one.serial or one.wwn)


def counted(drives: Sequence[Drive]) -> Counter[str]:
    return Counter(who(one.identity) for one in drives if inside(one))


def missed(seen: Sequence[Sequence[Drive]]) -> Counter[str]:
    """How many of each identity were inside the PC at one look, and are no longer. Of twins that
    were never there together nobody can say that they are two."""
    most: Counter[str] = Counter()
    for look in seen:
        most |= counted(look)
    return most - counted(seen[-1])


def moved_out(seen: Sequence[Sequence[Drive]]) -> bool:
    outer = {who(one.identity) for one in seen[-1] if not inside(one)}
    return any(who(one.identity) in outer for look in seen for one in look if inside(one))


def twins(seen: Sequence[Sequence[Drive]]) -> bool:
    return any(n > 1 for look in seen for n in Counter(one.identity for one in look).values())


def mixed_twins(seen: Sequence[Sequence[Drive]]) -> bool:
    sides = [{(one.identity, inside(one)) for one in look} for look in seen]
    return any((one, not side) in look for look in sides for one, side in look)


def plain(seen: Sequence[Sequence[Drive]], policy: Policy) -> bool:
    """All that was ever inside is there, on its own, and may be erased."""
    last = Counter(who(one.identity) for one in seen[-1])
    own = [one for one in seen[-1] if inside(one)]
    return (
        bool(own)
        and not missed(seen)
        and not policy.allow_usb
        and all(one.transport is not USB and one.identity.confirm_word for one in own)
        and all(last[who(one.identity)] == 1 for one in own)
    )


CASES: dict[str, Callable[[Sequence[Sequence[Drive]]], bool]] = {
    "twins": twins,
    "twins, one inside and one outside": mixed_twins,
    "one that was inside is gone": lambda seen: bool(missed(seen)),
    "one that was inside hangs outside": moved_out,
    "one of mixed twins is gone": lambda seen: mixed_twins(seen) and bool(missed(seen)),
}


def test_whatever_the_looks_show_nothing_that_was_inside_drops_out() -> None:
    reached: Counter[str] = Counter()
    for seed in range(2000):
        random = Random(seed)  # noqa: S311
        seen = looks(random)
        session = Told(Policy(allow_usb=random.random() < 0.3))
        session.say(STARTED)
        for look in seen:
            session.look(look)
        session.erase()
        state, report = session.state, session.report()
        outcome = report_outcome(report)
        assert state.outcome is outcome, seed
        shown = Counter((view.identity, view.own, view.achieved) for view in state.drives)
        told = records(report)
        assert shown == Counter((r.identity, in_scope(r), r.achieved) for r in told), seed
        assert len(own_records(report)) == len(state.own), seed
        if outcome is Outcome.ERASED:
            assert not missed(seen), seed
            done = {view.drive.node for view in state.drives if view.achieved is Method.CLEAR}
            assert all(one.node in done for one in seen[-1] if inside(one)), seed
        if outcome is Outcome.NO_DRIVE:
            assert not any(counted(look) for look in seen), seed
        if plain(seen, session.policy):
            assert outcome is Outcome.ERASED, seed
            reached["plain"] += 1
        reached.update(name for name, is_so in CASES.items() if is_so(seen))
        reached[outcome] += 1
    words = (*CASES, "plain", Outcome.ERASED, Outcome.INCOMPLETE, Outcome.NO_DRIVE)
    assert all(reached[word] >= 100 for word in words), reached
