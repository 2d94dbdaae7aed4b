"""What earlier sessions left on this PC's drives: each drive is told what is its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.preparing import DrivePrepared
from reprise.domain.install.events import InstallFinished, InstallStarted
from reprise.domain.pc.hardware import DriveIdentity, Machine, Transport
from reprise.domain.planning.plan import DrivePlan, Plan, Preparation
from reprise.domain.planning.techniques import Method, Verdict
from reprise.domain.report import events as ev
from reprise.domain.report.events import ObservationKind
from reprise.domain.report.fold import fold
from reprise.workflow.erasure.jobs import earlier_of, resume_of
from reprise.workflow.erasure.recovery import for_drive
from reprise.workflow.past.ends import End
from reprise.workflow.past.installs import find_cut_installs
from reprise.workflow.past.journal_drives import ToldDrives
from reprise.workflow.past.sessions import Earlier, Elsewhere, Past, find_earlier, same_machine
from station_kit.shortcuts import find_interrupted
from unit.adapters.delivery.delivery_samples import (
    ATTEMPT,
    DRIVE,
    KEY,
    attempt,
    called_erased,
    checkpoint,
    finished,
    inventory,
    stamped,
    started,
)
from unit.domain.drives.drives import hdd, pc

WHO = DRIVE.identity
GOOD = End(WHO, "s", DriveState.SANITIZED)
SEALED = ev.ReportSealed("r-1", "0" * 64, "stick")
EARLY, LATE = "2026-11-24T10:00:00.000Z", "2026-11-24T11:00:00.000Z"
HERE, OTHER = Machine(uuid="u-1", serial="S-1"), Machine(uuid="u-2", serial="S-2")


def test_an_interruption_knows_its_pc() -> None:
    inventory = ev.InventoryTaken(pc(DRIVE, machine=HERE))
    found = find_interrupted([("s", stamped(inventory, attempt(), checkpoint(5)))])
    assert found[0].machine == HERE
    where = ((HERE, Elsewhere.NO), (OTHER, Elsewhere.YES), (Machine(), Elsewhere.PERHAPS))
    for machine, elsewhere in where:
        past = Earlier(found).pasts(pc(DRIVE, hdd(2), machine=machine))
        assert past[DRIVE.identity.key] == Past(True, "power-cut", elsewhere)
        assert past[hdd(2).identity.key] == Past()


def test_two_pcs_are_the_same_only_where_a_number_says_so() -> None:
    assert same_machine(HERE, HERE)
    assert same_machine(HERE, Machine(serial="S-1"))  # the rest could not be read today
    assert not same_machine(HERE, Machine(uuid="u-1", serial="S-2"))
    assert not same_machine(Machine(), Machine())
    assert not same_machine(HERE, Machine(board_serial="B"))


def test_a_filler_makes_no_two_pcs_the_same() -> None:
    for filler in ("To be filled by O.E.M.", "0000000", "03000200-0400-0500-0006-000700080009"):
        assert not same_machine(Machine(serial=filler), Machine(serial=filler))
        assert not same_machine(Machine(uuid=filler), Machine(uuid=filler))


@pytest.mark.parametrize(
    "identity",
    [
        replace(DRIVE.identity, serial="To be filled", wwn=None),
        replace(DRIVE.identity, serial="0123456789ABCDEF", wwn="0x5000000000000000"),
    ],
)
def test_a_filler_makes_no_two_drives_the_same(identity: DriveIdentity) -> None:
    """A stick erased one of them: the other is not told that it is erased, or was interrupted."""
    drive = replace(DRIVE, identity=identity)
    began = replace(attempt(), drive=identity.key, identity=identity)
    assert for_drive(find_interrupted([("s", stamped(began, checkpoint(5)))]), drive) is None
    ended = replace(finished(), drive=identity.key)
    found = find_earlier([("s", stamped(began, ended))])
    assert found.pasts(pc(drive))[identity.key] == Past()


def test_a_real_number_beside_a_filler_is_enough() -> None:
    for known in (
        replace(DRIVE.identity, serial="To be filled"),
        replace(DRIVE.identity, wwn="0x5000000000000000"),
    ):
        drive = replace(DRIVE, identity=known)
        began = replace(attempt(), drive=known.key, identity=known)
        assert for_drive(find_interrupted([("s", stamped(began))]), drive) is not None


def test_only_a_verified_end_counts_as_erased() -> None:
    good = ("s1", stamped(attempt("j1"), finished("j1")))
    assert called_erased(find_earlier([good])) == {WHO}
    assert Earlier(ends=(GOOD,)).pasts(pc(DRIVE))[KEY] == Past(erased=True)
    for verdict in (Verdict.FAILED, Verdict.UNVERIFIED):
        assert (
            called_erased(find_earlier([("s", stamped(attempt("j"), finished("j", verdict)))]))
            == set()
        )
    assert called_erased(find_earlier([("s", stamped(attempt("j1"), finished("j2")))])) == set()


LIED = (
    ev.Observation(KEY, ev.ObservationKind.COMMAND_FINISHED),
    ev.Observation(KEY, ev.ObservationKind.CANARY_SURVIVED),
)

SIZE = DRIVE.identity.size_bytes


def ended(job: str, reason: str, achieved: Method = Method.CLEAR) -> ev.AttemptFinished:
    return replace(finished(job), reasons=(reason,), achieved=achieved)


STRICT = replace(ATTEMPT, claims=Method.PURGE, minimum=Method.PURGE)
HIDES = DrivePlan(DRIVE.identity, DRIVE.node, preparations=(Preparation.REMOVE_HPA,))


@pytest.mark.parametrize(
    ("second", "state"),
    [
        ((attempt("j2"), ended("j2", "read-back-in-full")), DriveState.SANITIZED),
        ((attempt("j2"), ended("j2", "read-back-sampled")), DriveState.UNVERIFIED),
        (
            (
                replace(attempt("j2"), attempt=STRICT),
                ended("j2", "read-back-in-full", Method.PURGE),
            ),
            DriveState.FAILED,
        ),
        (
            (
                ev.PlanMade(Plan((HIDES,), "p"), "d"),
                attempt("j2"),
                ended("j2", "read-back-in-full"),
            ),
            DriveState.UNVERIFIED,
        ),
        (
            (attempt("j2"), ended("j2", "read-back-in-full"), attempt("j3")),
            DriveState.INTERRUPTED,
        ),
    ],
)
def test_the_next_start_says_what_the_report_says(
    second: tuple[ev.Event, ...], state: DriveState
) -> None:
    """A VERIFIED attempt is not the drive's whole story."""
    first = (started(), inventory(), attempt("j1"), *LIED, finished("j1", Verdict.FAILED))
    told = stamped(*first, *second, SEALED)
    (record,) = fold(told).drives
    assert record.state is state
    erased = state is DriveState.SANITIZED
    assert called_erased(find_earlier([("s", told)])) == ({WHO} if erased else set())
    cut = stamped(started(session_id="cut"), attempt("j0"), checkpoint(5, "j0"))
    later = (replace(told[0], event=started(session_id="s", after=("cut",))), *told[1:])
    left = find_interrupted([("cut", cut), ("s", later)])
    again = state is DriveState.INTERRUPTED
    assert [one.job_id for one in left] == ([] if erased else ["j3"] if again else ["j0"])


def test_a_journal_that_lost_lines_calls_no_drive_erased() -> None:
    lost = stamped(attempt("j1"), finished("j1"), finished("j2", Verdict.FAILED))
    assert called_erased(find_earlier([("s", lost)])) == set()


# --- installations ------------------------------------------------------------------------------

BEGUN = InstallStarted(KEY, DRIVE.node, "debian-minimal", "13.2", "0" * 64)
FAILED = InstallFinished(KEY, ok=False, duration_s=1.0, detail="drive-error: gone")


def test_an_installation_without_an_end_was_cut_off() -> None:
    found = find_earlier([("s", stamped(attempt(), finished(), BEGUN))])
    assert found == Earlier(ends=(GOOD,), cut_installs={WHO: "debian-minimal"})
    past = found.pasts(pc(DRIVE, hdd(2)))
    assert past[KEY] == Past(erased=True, cut_install="debian-minimal")
    assert past[KEY].unfinished
    assert past[hdd(2).identity.key] == Past()


@pytest.mark.parametrize("end", [FAILED, replace(FAILED, ok=True, detail=""), SEALED])
def test_whoever_could_still_say_how_it_ended_was_not_cut_off(end: ev.Event) -> None:
    assert find_cut_installs([("s", stamped(BEGUN, end))]) == {}


def test_a_later_erasure_takes_its_place() -> None:
    cut = ("s1", stamped(BEGUN, at=EARLY))
    again = ("s2", stamped(attempt("j2"), finished("j2"), at=LATE))
    assert find_cut_installs([again, cut]) == {}
    assert find_cut_installs([("s2", stamped(SEALED, at=LATE)), cut]) == {
        DRIVE.identity: "debian-minimal"
    }


def test_a_cut_off_installation_is_the_grown_drives() -> None:
    """That session calls it by the key from before its hidden area was removed."""
    larger = replace(DRIVE.identity, size_bytes=DRIVE.identity.size_bytes * 2)
    began = replace(attempt(), identity=larger)
    assert find_cut_installs([("s", stamped(began, finished(), BEGUN))]) == {
        larger: "debian-minimal"
    }


def test_a_checkpoint_of_an_attempt_that_nothing_introduced_is_a_hole() -> None:
    sound = (attempt("j"), checkpoint(5, job="j"), finished("j"))
    assert called_erased(find_earlier([("s", stamped(*sound))])) == {WHO}
    assert not called_erased(find_earlier([("s", stamped(*sound, checkpoint(5, job="lost")))]))


def test_each_journal_is_read_once_and_how_far_it_was_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A stick may have hundreds of them, with thousands of checkpoints each."""
    taken: list[ev.Event] = []
    take = ToldDrives.take

    def counted(self: ToldDrives, stamped: ev.Stamped) -> None:
        taken.append(stamped.event)
        take(self, stamped)

    monkeypatch.setattr(ToldDrives, "take", counted)
    find_earlier([("s", stamped(attempt(), *map(checkpoint, range(50)), finished()))])
    assert taken == [attempt(), finished()]


def test_a_drive_whose_hidden_area_is_back_is_still_known() -> None:
    """Some firmware makes it anew at every start."""
    larger = replace(DRIVE.identity, size_bytes=DRIVE.identity.size_bytes * 2)
    began = replace(attempt(), identity=larger)
    done = replace(BEGUN, image="debian"), replace(FAILED, ok=True, detail="")
    found = find_earlier([("s", stamped(began, finished(), *done, SEALED))])
    past = found.pasts(pc(DRIVE))[KEY]
    assert (past.erased, past.installed) == (True, "debian")
    stop = ev.DriveInterrupted(KEY, "j1", "operator", 70)
    cut = find_earlier([("s", stamped(began, checkpoint(50), stop))])
    past = cut.pasts(pc(DRIVE))[KEY]
    assert (past.interrupted, past.cause) == (True, "operator")
    known = for_drive(cut.interrupted, DRIVE)
    assert known is not None
    assert resume_of(known) is None, "nothing to go on with at this size"


def test_a_drive_that_lied_is_known_when_its_hidden_area_is_back() -> None:
    larger = replace(DRIVE.identity, size_bytes=DRIVE.identity.size_bytes * 2)
    kinds = (ObservationKind.COMMAND_FINISHED, ObservationKind.CANARY_SURVIVED)
    lie = (ev.Observation(KEY, kind) for kind in kinds)
    cut = find_earlier([("s", stamped(replace(attempt(), identity=larger), *lie))])
    resume = resume_of(for_drive(cut.interrupted, DRIVE))
    known = earlier_of(cut, DRIVE, resume)
    assert [one.kind for one in known] == [*kinds, ObservationKind.SEEN_LARGER]
    assert known[-1].detail == {"bytes": larger.size_bytes}
    assert earlier_of(cut, replace(DRIVE, identity=larger), None) == known[:-1]
    told = find_earlier([("t", stamped(inventory(), replace(attempt(), earlier=known)))])
    assert earlier_of(told, DRIVE, None)[-1:] == known[-1:], "the older journal is gone"
    done = DrivePrepared(KEY, (), (), DRIVE.node, larger.size_bytes)
    unseen = find_earlier([("u", stamped(ev.InventoryTaken(pc()), done))])
    assert earlier_of(unseen, DRIVE, None) == known[-1:], "its look lost the drive"
    docked = replace(DRIVE, transport=Transport.USB)
    assert earlier_of(unseen, docked, None) == known[-1:]
    nameless = replace(docked, identity=replace(DRIVE.identity, wwn=None))
    assert earlier_of(unseen, nameless, None) == (), "the number may be the dock's"


def test_what_is_gone_on_with_is_as_large_as_its_own_session_met_it() -> None:
    """Also on USB, where a serial number may be the dock's: it is the very erasure."""
    docked = replace(DRIVE, transport=Transport.USB)
    docked = replace(docked, identity=replace(docked.identity, wwn=None))
    larger = replace(docked, identity=replace(docked.identity, size_bytes=2 * SIZE))
    looks = (ev.InventoryTaken(pc(larger)), ev.InventoryTaken(pc(docked)))
    begun = replace(attempt(), drive=docked.identity.key, identity=docked.identity)
    cut = (*looks, begun, replace(checkpoint(4096), drive=docked.identity.key))
    found = find_earlier([("s", stamped(*cut))])
    resume = resume_of(for_drive(found.interrupted, docked))
    assert resume is not None
    (told,) = earlier_of(found, docked, resume)
    assert (told.kind, told.detail) == (ObservationKind.SEEN_LARGER, {"bytes": 2 * SIZE})
    assert earlier_of(found, docked, None) == (), "begun anew, it may be another in that dock"


def test_of_two_nameless_drives_none_is_taken_for_the_other() -> None:
    nameless = replace(DRIVE, identity=replace(DRIVE.identity, serial=None, wwn=None))
    key = nameless.identity.key
    who = nameless.identity
    found = Earlier(
        ends=(End(who, "s", DriveState.SANITIZED),), cut_installs={who: "debian-minimal"}
    )
    assert found.pasts(pc(nameless))[key] == Past()
