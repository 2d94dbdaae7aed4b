"""The session over fake ports: the real order, the real plan, the real erasing loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import Event as Flag

import pytest

from disks.rig import LoopProbe
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.pattern import Stream
from reprise.domain.pc.hardware import Drive, Inventory
from reprise.domain.planning.plan import ConfirmedBy
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique, Verdict
from reprise.errors import RefusedError, RepriseError, ToolError
from reprise.workflow.engine.port import InstallChoice
from reprise.workflow.session.session import Session
from reprise.workflow.session.state import Stage
from station_kit.interrupted import interrupted
from station_kit.machines import hdd, laptop, mounted, ssd, stick
from station_kit.ports import Kit


def opened(kit: Kit, policy: Policy | None = None) -> Session:
    services = replace(kit.services(), policy=policy or Policy())
    session = Session(services, lambda _state: None)
    session.start()
    session.look()
    return session


class Loading(LoopProbe):
    """A PC whose second drive is there once udev has settled."""

    def __init__(self) -> None:
        self.settled = False

    def settle(self) -> tuple[RepriseError, ...]:
        self.settled = True
        return ()

    def probe_inventory(self, _known: Sequence[Drive] = (), /) -> Inventory:
        return laptop(hdd(), ssd()) if self.settled else laptop(hdd())


def test_the_first_look_comes_after_the_drivers() -> None:
    probe, kit = Loading(), Kit(laptop(hdd()))
    services = replace(kit.services(), probe=probe, settle=probe.settle)
    session = Session(services, lambda _state: None)
    session.start()
    session.look()
    assert [one.drive.node for one in session.state.drives] == ["/dev/sda", "/dev/nvme0n1"]


def test_drivers_that_do_not_come_to_rest_are_told_once_and_hold_nobody_up() -> None:
    slow = ToolError("still loading", "read again")
    services = replace(Kit(laptop(hdd())).services(), settle=lambda: (slow,))
    session = Session(services, lambda _state: None)
    session.start()
    session.look()
    session.look()
    assert session.problems == (str(slow),)
    assert session.state.stage is Stage.PLANNED
    with pytest.raises(RefusedError):  # without a person the PC would count without those drives
        session.confirm(session.state.digest, ConfirmedBy.UNATTENDED)
    session.confirm(session.state.digest)


def run(
    kit: Kit,
    choice: InstallChoice | None = None,
    stop: Flag | None = None,
    policy: Policy | None = None,
) -> Session:
    session = opened(kit, policy)
    session.confirm(session.state.digest)
    session.run(choice, kit.services().install_defaults, stop or Flag())
    return session


def states(session: Session) -> dict[str, DriveState]:
    return {d.drive.node: d.state for d in session.state.drives}


def test_all_internal_drives_are_erased_and_the_report_is_sealed() -> None:
    kit = Kit(laptop(hdd(), ssd(), stick(), mounted()))
    session = run(kit)
    assert states(session) == {
        "/dev/sda": DriveState.SANITIZED,
        "/dev/nvme0n1": DriveState.SANITIZED,
        "/dev/sdb": DriveState.REFUSED,
        "/dev/sdc": DriveState.REFUSED,
    }
    assert {job.drive.node for job in kit.sanitizer.jobs} == {"/dev/sda", "/dev/nvme0n1"}
    assert kit.journal.kinds()[-1] == "ReportSealed"
    assert session.state.stage is Stage.SEALED
    (kept,) = kit.store.files
    assert kept.startswith("reports/")


def test_what_is_written_is_what_this_pc_makes_fastest() -> None:
    kit = Kit(laptop(hdd(), ssd()))
    run(kit)
    written = [
        job.stream for job in kit.sanitizer.jobs if job.attempt.technique is Technique.OVERWRITE
    ]
    assert kit.services().stream() is Stream.CHACHA20
    assert set(written) == {Stream.CHACHA20}


def test_the_journal_holds_the_confirmation_before_the_first_attempt() -> None:
    kit = Kit(laptop(hdd()))
    run(kit)
    kinds = kit.journal.kinds()
    order = [
        "SessionStarted",
        "InventoryTaken",
        "PlanMade",
        "PlanConfirmed",
        "AttemptStarted",
        "VerifyStarted",
        "AttemptFinished",
        "ReportSealed",
    ]
    assert [k for k in kinds if k in order] == order


@pytest.mark.parametrize(
    ("verdict", "state"),
    [(Verdict.FAILED, DriveState.FAILED), (Verdict.UNVERIFIED, DriveState.UNVERIFIED)],
)
def test_a_bad_verdict_stays_one_and_the_other_drive_goes_on(
    verdict: Verdict, state: DriveState
) -> None:
    kit = Kit(laptop(hdd(), ssd()))
    kit.sanitizer.ends["W9A4K2XJ"] = verdict
    session = run(kit)
    assert states(session) == {"/dev/sda": state, "/dev/nvme0n1": DriveState.SANITIZED}
    view = session.state.drives[0]
    assert view.medium_errors == 8
    assert view.reasons == ("write-errors",)


def test_an_attempt_verified_without_a_verification_is_a_bug_not_a_success() -> None:
    kit = Kit(laptop(hdd()))
    kit.sanitizer.skip_verify = True
    session = opened(kit)
    session.confirm(session.state.digest)
    with pytest.raises(ValueError, match="illegal move"):
        session.run(None, kit.services().install_defaults, Flag())
    assert states(session)["/dev/sda"] is not DriveState.SANITIZED


def test_a_bug_of_the_sanitizer_is_interrupted_and_still_sealed() -> None:
    kit = Kit(laptop(hdd()))
    kit.sanitizer.crash = True
    session = opened(kit)
    session.confirm(session.state.digest)
    with pytest.raises(RuntimeError):
        session.run(None, kit.services().install_defaults, Flag())
    assert states(session)["/dev/sda"] is DriveState.INTERRUPTED
    assert kit.journal.kinds()[-1] == "ReportSealed"


def test_stopped_is_interrupted_and_nothing_is_installed() -> None:
    kit = Kit(laptop(hdd()))
    kit.sanitizer.held.add("W9A4K2XJ")
    stop = Flag()
    stop.set()
    session = run(kit, InstallChoice(hdd().identity.key, "debian-minimal"), stop)
    assert states(session)["/dev/sda"] in (DriveState.INTERRUPTED, DriveState.CONFIRMED)
    assert kit.installer.requests == []
    assert session.state.sealed is not None


def test_only_the_plan_that_was_shown_can_be_confirmed() -> None:
    kit = Kit(laptop(hdd()))
    session = opened(kit)
    shown = session.state.digest
    kit.probe.inventory = laptop(hdd(), ssd())
    session.look()
    with pytest.raises(RefusedError):
        session.confirm(shown)
    with pytest.raises(RefusedError):
        session.confirm("")
    assert "PlanConfirmed" not in kit.journal.kinds()
    with pytest.raises(RefusedError):
        session.erase(Flag())
    assert kit.sanitizer.jobs == []


def test_a_plan_is_confirmed_once() -> None:
    kit = Kit(laptop(hdd()))
    session = run(kit)
    with pytest.raises(RefusedError):
        session.confirm(session.state.digest)
    with pytest.raises(RefusedError):
        session.look()


def test_without_a_drive_there_is_nothing_to_confirm_but_a_report_to_seal() -> None:
    kit = Kit(laptop(stick()))
    session = opened(kit)
    with pytest.raises(RefusedError):
        session.confirm(session.state.digest)
    assert session.seal()
    assert kit.journal.kinds()[-1] == "ReportSealed"


def test_a_report_that_cannot_be_stored_is_told_and_can_be_stored_later() -> None:
    kit = Kit(laptop(hdd()))
    kit.store.full = True
    session = run(kit)
    assert session.state.sealed is None
    assert "no room" in session.problems[-1]
    kit.store.full = False
    assert session.seal()
    assert session.state.sealed is not None


def test_an_interrupted_drive_is_known_and_goes_on_where_it_stopped() -> None:
    kit = Kit(laptop(hdd(), ssd()), [interrupted(hdd(), 4096)])
    session = run(kit)
    assert [d.past.interrupted for d in session.state.drives] == [True, False]
    job = next(j for j in kit.sanitizer.jobs if j.drive.node == "/dev/sda")
    assert (job.job_id, job.job_key, job.resume_from_bytes) == ("job-1", b"k" * 32, 4096)


@pytest.mark.parametrize(("done", "resumable"), [(0, True), (4096, False)])
def test_what_cannot_be_resumed_begins_anew(done: int, resumable: bool) -> None:
    kit = Kit(laptop(hdd()), [interrupted(hdd(), done, resumable=resumable)])
    session = run(kit)
    assert session.state.drives[0].past.interrupted
    assert kit.sanitizer.jobs[0].resume_from_bytes == 0
    assert kit.sanitizer.jobs[0].job_id != "job-1"


def test_two_drives_that_cannot_be_told_apart_are_both_refused() -> None:
    session = opened(Kit(laptop(hdd("/dev/sda"), hdd("/dev/sdb"), ssd())))
    assert states(session) == {
        "/dev/sda": DriveState.REFUSED,
        "/dev/sdb": DriveState.REFUSED,
        "/dev/nvme0n1": DriveState.PLANNED,
    }


def test_what_a_power_cut_left_unreported_is_reported_at_the_next_start() -> None:
    kit = Kit(laptop(hdd()))
    opened(kit)
    assert kit.left_asked == [kit.probe.probe_inventory()]
