"""Screen and report are one fold: whatever happens in a session, they say the same of its PC."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from threading import Event
from typing import Any

import pytest

from reprise.domain.drives.unreached import OF_LISTS, STATABLE, Unreached, UnreachedKind
from reprise.domain.drives.usb_port import UsbPort
from reprise.domain.erasure.preparing import DrivePrepared, PreparationStarted
from reprise.domain.erasure.verification import Evidence, judge
from reprise.domain.pc.hardware import Drive, Inventory, Transport
from reprise.domain.planning.plan import Attempt, Preparation, RefusalCode
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.report import events as ev
from reprise.domain.report.fold import fold
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report_outcome import own_records, proven, report_outcome
from reprise.sentences.done import headline
from reprise.workflow.session.session import Session
from reprise.workflow.session.state import SessionState, apply
from station_kit.machines import hdd, laptop, ssd, stick
from station_kit.ports import Kit
from station_kit.seen import all_seen
from workflow.test_session import opened, run


def told(session: Session) -> Outcome:
    """The PC's outcome, which the screen's state and the report must share."""
    outcome = report_outcome(fold(session.so_far()[1]))
    assert session.state.outcome is outcome
    return outcome


@pytest.mark.parametrize("gone", [hdd(), ssd()])
def test_a_drive_pulled_before_a_new_look_leaves_the_pc_unfinished(gone: Drive) -> None:
    kit = Kit(laptop(hdd(), ssd()))
    session = opened(kit)
    left = ssd() if gone == hdd() else hdd()
    kit.probe.inventory = laptop(left)
    session.look()
    view = session.state.drive(gone.identity.key)
    assert view is not None
    assert [one.code for one in view.refusals] == [RefusalCode.UNPLUGGED]
    session.confirm(session.state.digest)
    session.run(None, kit.services().install_defaults, Event())
    assert told(session) is Outcome.INCOMPLETE
    assert headline(session.state) == "CE PC N’EST PAS ENTIÈREMENT EFFACÉ"


def test_a_drive_that_is_plugged_in_again_is_a_drive_like_any_other() -> None:
    kit = Kit(laptop(hdd(), ssd()))
    session = opened(kit)
    for drives in ((hdd(),), (hdd(), ssd())):
        kit.probe.inventory = laptop(*drives)
        session.look()
    assert len(session.state.erasable) == 2
    session.confirm(session.state.digest)
    session.run(None, kit.services().install_defaults, Event())
    assert told(session) is Outcome.ERASED


def test_a_stick_that_was_pulled_is_no_drive_of_the_pc() -> None:
    kit = Kit(laptop(hdd(), replace(stick(), transport=Transport.USB)))
    session = opened(kit)
    kit.probe.inventory = laptop(hdd())
    session.look()
    session.confirm(session.state.digest)
    session.run(None, kit.services().install_defaults, Event())
    assert told(session) is Outcome.ERASED


def test_a_pc_without_a_drive_of_its_own_is_not_erased() -> None:
    session = opened(Kit(laptop()))
    assert told(session) is Outcome.NO_DRIVE
    assert told(run(Kit(laptop(hdd())))) is Outcome.ERASED


ATTEMPT = Attempt(Technique.OVERWRITE, Method.CLEAR, VerifyDepth.FULL, minimum=Method.CLEAR)
SEEN = (
    ev.ObservationKind.IDENTITY_CHANGED,
    ev.ObservationKind.AREA_KEPT_DATA,
    ev.ObservationKind.AREA_ERASED,
    ev.ObservationKind.HIDDEN_AREA_LEFT,
    ev.ObservationKind.CANARY_SURVIVED,
    ev.ObservationKind.COMMAND_FINISHED,
)


def happenings(random: Random, drive: Drive) -> list[ev.Event]:
    """Of one drive, from its confirmation on: up to three attempts, in any order of mishaps."""
    key, found = drive.identity.key, list[ev.Event]()
    if random.random() < 0.2:
        steps = (Preparation.REMOVE_HPA,)
        done = steps if random.random() < 0.5 else ()
        left = () if done else steps
        found.append(PreparationStarted(key, steps))
        found.append(DrivePrepared(key, done, left, drive.node, drive.identity.size_bytes))
    for number in range(random.randint(0, 3)):
        job = f"job-{number}"
        sampled = random.random() < 0.3
        one = replace(ATTEMPT, verify=VerifyDepth.SAMPLE) if sampled else ATTEMPT
        found.append(ev.AttemptStarted(key, drive.identity, drive.node, one, job, "00"))
        kinds = random.sample(SEEN, random.choice((0, 0, 0, 1, 2)))
        seen = [ev.Observation(key, kind, {"area": "boot0"}) for kind in kinds]
        if random.random() < 0.8:
            seen += all_seen(key, one.technique)
        found += seen
        if random.random() < 0.15:
            found.append(ev.DriveInterrupted(key, job, "operator", 0))
            break
        changed = ev.ObservationKind.IDENTITY_CHANGED in kinds
        if random.random() < 0.1 and not changed:
            break  # it is still going on
        size = drive.identity.size_bytes
        read = size // 8 if sampled else size
        word = judge(Evidence(one, size, size, read, read, tuple(seen)))
        found.append(ev.VerifyStarted(key, job, one.verify))
        end = (key, job, one.technique, word.verdict, word.achieved, word.reasons)
        found.append(ev.AttemptFinished(*end, size, read, 1.0, 1.0))
        if word.verdict is Verdict.VERIFIED or changed:
            break  # no attempt follows
    return found


def test_whatever_happens_screen_and_report_agree() -> None:
    sampling = Policy(verify=VerifyDepth.SAMPLE)  # some attempts read all
    session = opened(Kit(laptop(hdd(), ssd(), stick())), sampling)
    state, so_far = session.so_far()
    keys = tuple(view.key for view in state.erasable)
    confirmed = ev.PlanConfirmed(state.digest, keys)
    outcomes: Counter[Outcome] = Counter()
    for seed in range(2000):
        random = Random(seed)  # noqa: S311
        events: list[ev.Event] = [confirmed]
        for drive in (hdd(), ssd()):
            events += happenings(random, drive)
        shown: SessionState = state
        for event in events:
            shown = apply(shown, event)
        stamped = [ev.Stamped(n, "", 0.0, event) for n, event in enumerate(events, len(so_far))]
        report = fold((*so_far, *stamped))
        assert shown.outcome is report_outcome(report), seed
        assert len(shown.own) == len(own_records(report)) == 2
        for view, record in zip(shown.own, own_records(report), strict=True):
            if record.attempts:
                result = proven(record)
                assert (record.state, record.achieved) == (result.state, result.achieved)
                assert view.achieved is result.achieved, seed
        outcomes[shown.outcome] += 1
    reached = {Outcome.FAILED, Outcome.INTERRUPTED, Outcome.UNVERIFIED, Outcome.INCOMPLETE}
    assert all(outcomes[one] > 50 for one in (*reached, Outcome.ERASED)), outcomes


def erased_after(*looks: Inventory, policy: Policy | None = None) -> Session:
    """Each look at the PC as it was then, and what the last one offers erased."""
    kit = Kit(looks[0])
    session = opened(kit, policy)
    for look in looks[1:]:
        kit.probe.inventory = look
        session.look()
    session.confirm(session.state.digest)
    session.run(None, kit.services().install_defaults, Event())
    return session


def told_after(*looks: Inventory) -> Outcome:
    return told(erased_after(*looks))


def docked(drive: Drive, port: UsbPort = UsbPort.OUTSIDE) -> Drive:
    return replace(drive, transport=Transport.USB, port=port, node="/dev/sdx")


@pytest.mark.parametrize("port", [UsbPort.OUTSIDE, UsbPort.UNKNOWN])
@pytest.mark.parametrize("was", [ssd(), docked(ssd(), UsbPort.FIXED), docked(ssd(), UsbPort.SLOT)])
def test_a_drive_taken_out_and_plugged_in_by_usb_leaves_the_pc_unfinished(
    was: Drive, port: UsbPort
) -> None:
    out = laptop(hdd(), docked(ssd(), port))
    # erased by the dock too, it is not where the PC had it: a new session begins a new count
    for policy in (Policy(), Policy(allow_usb=True)):
        for looks in ((out,), (out, out), (out, laptop(hdd()))):
            session = erased_after(laptop(hdd(), was), *looks, policy=policy)
            assert told(session) is Outcome.INCOMPLETE
    assert told_after(laptop(hdd(), was), out, laptop(hdd(), ssd())) is Outcome.ERASED


def test_a_drive_in_a_dock_that_is_put_into_the_pc_is_a_drive_of_it() -> None:
    inside, out = laptop(hdd(), ssd()), laptop(hdd(), docked(ssd()))
    assert told_after(out) is Outcome.ERASED
    assert told_after(out, inside) is Outcome.ERASED
    assert told_after(out, inside, laptop(hdd())) is Outcome.INCOMPLETE
    assert told_after(out, inside, out) is Outcome.INCOMPLETE


def test_of_twins_inside_and_outside_the_one_inside_is_missed() -> None:
    """Whichever gets the other's node."""
    for inside, out in ((ssd(), docked(ssd())), (docked(ssd(), UsbPort.FIXED), docked(ssd()))):
        both = laptop(hdd(), inside, replace(out, node="/dev/sdy"))
        for node in (inside.node, "/dev/sdy"):
            left = laptop(hdd(), replace(out, node=node))
            assert told_after(both, left) is Outcome.INCOMPLETE


def test_one_of_two_drives_that_cannot_be_told_apart_is_pulled() -> None:
    one = replace(ssd(), identity=replace(ssd().identity, wwn=None))
    twin = replace(one, node="/dev/sdz")
    assert told_after(laptop(one)) is Outcome.ERASED
    assert told_after(laptop(one, twin), laptop(one)) is Outcome.INCOMPLETE
    assert told_after(laptop(one, twin), laptop(twin)) is Outcome.INCOMPLETE


@pytest.mark.parametrize(
    "change", [{"wwn": None}, {"wwn": "0x5000c500a1b2c3d4"}, {"size_bytes": 1}]
)
def test_a_drive_that_tells_more_at_the_second_look_is_one_drive(change: dict[str, Any]) -> None:
    """And one that shows another size, as after a plug that ends a volatile hidden area."""
    full = replace(hdd(), identity=replace(hdd().identity, wwn="0x5000c500a1b2c3d4"))
    first = replace(full, identity=replace(full.identity, **change))
    assert told_after(laptop(first), laptop(full)) is Outcome.ERASED


SILENT = Unreached(UnreachedKind.SILENT, "link3", "sata_spd=6.0 Gbps")
STARTING = Unreached(UnreachedKind.STARTING, "link4", "sata_spd=busy")
EMPTY = Unreached(UnreachedKind.SHOWS_NOTHING, "0000:03:00.0")


def with_unreached(inventory: Inventory, *unreached: Unreached) -> Inventory:
    return replace(inventory, unreached=unreached)


def test_a_drive_that_never_answered_and_vanished_leaves_the_pc_unfinished() -> None:
    silent = with_unreached(laptop(hdd()), SILENT)
    assert told_after(silent, laptop(hdd())) is Outcome.INCOMPLETE
    assert told_after(silent, laptop(hdd()), laptop(hdd())) is Outcome.INCOMPLETE
    session = opened(kit := Kit(with_unreached(laptop(), SILENT)))
    kit.probe.inventory = laptop()
    session.look()
    assert told(session) is Outcome.INCOMPLETE


def test_another_drive_in_the_place_of_a_silent_one_does_not_answer_for_it() -> None:
    silent = with_unreached(laptop(hdd()), SILENT)
    assert told_after(silent, laptop(hdd(), ssd())) is Outcome.INCOMPLETE


def test_a_drive_that_was_still_starting_is_a_drive_like_any_other() -> None:
    slow = with_unreached(laptop(hdd()), STARTING)
    assert told_after(slow, laptop(hdd())) is Outcome.INCOMPLETE
    assert told_after(slow, laptop(hdd(), ssd())) is Outcome.ERASED
    stranger = replace(ssd(), transport=Transport.USB)
    assert told_after(slow, laptop(hdd(), stranger)) is Outcome.INCOMPLETE
    both = with_unreached(laptop(hdd()), SILENT, STARTING)
    assert told_after(both, laptop(hdd(), ssd())) is Outcome.INCOMPLETE


def test_a_controller_that_shows_nothing_may_be_taken_out() -> None:
    assert told_after(with_unreached(laptop(hdd()), EMPTY), laptop(hdd())) is Outcome.ERASED


def at(place: Unreached, kind: UnreachedKind) -> Unreached:
    return replace(place, kind=kind)


@pytest.mark.parametrize("may_be", sorted(STATABLE))
@pytest.mark.parametrize("seen", sorted(set(UnreachedKind) - STATABLE - OF_LISTS))
def test_a_place_of_which_less_is_known_now_does_not_answer_for_what_was_seen_there(
    seen: UnreachedKind, may_be: UnreachedKind
) -> None:
    """A UFS chip that showed no unit, and whose link then died: its address is the controller's."""
    one, now = at(EMPTY, seen), at(EMPTY, may_be)
    first, then = with_unreached(laptop(hdd()), one), with_unreached(laptop(hdd()), now)
    for looks in ((first, then), (first, then, then), (first, laptop(hdd()), then)):
        kit = Kit(looks[0])
        session = opened(kit)
        for look in looks[1:]:
            kit.probe.inventory = look
            session.look()
        session.state_storage(now)
        assert one in session.state.unreached
        session.confirm(session.state.digest)
        session.run(None, kit.services().install_defaults, Event())
        assert told(session) is Outcome.INCOMPLETE
        assert one.kind in [left.kind for left in session.state.unreached]


def test_what_starts_where_a_silent_one_was_may_be_another_one() -> None:
    silent = with_unreached(laptop(hdd()), SILENT)
    starts = with_unreached(laptop(hdd()), at(SILENT, UnreachedKind.STARTING))
    up = laptop(hdd(), ssd())
    assert told_after(starts, up) is Outcome.ERASED
    assert told_after(silent, starts, up) is Outcome.INCOMPLETE
    assert told_after(starts, silent, up) is Outcome.INCOMPLETE
