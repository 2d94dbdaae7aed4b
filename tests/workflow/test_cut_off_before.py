"""The power goes within an erasure, and the next start goes on with it: what the drive came to is
what it would have come to without the cut. What was seen before the cut is in a journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from reprise.codec import event_from_builtins, event_to_builtins
from reprise.domain.drives.capabilities import Capabilities, NvmeCapabilities, Support
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.preparing import DrivePrepared, PreparationStarted
from reprise.domain.pc.hardware import Drive, MediaKind
from reprise.domain.planning.plan import Attempt, DrivePlan, LimitationCode, Plan, Preparation
from reprise.domain.planning.policy import Minimum, Policy
from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth, reaches
from reprise.domain.report import events as ev
from reprise.domain.report.events import Observation, ObservationKind, Update
from reprise.domain.report.fold import fold
from reprise.ports import Job, StopFlag
from reprise.workflow.past.sessions import find_earlier
from reprise.workflow.session.session import Session
from station_kit.machines import laptop, ssd
from station_kit.ports import FakeProbe, Kit
from station_kit.shortcuts import find_interrupted
from unit.adapters.delivery import delivery_samples
from unit.adapters.delivery.delivery_samples import stamped
from workflow.erase_kit import Scripted
from workflow.test_session import run

KIND = ObservationKind
DRIVE = ssd()
KEY = DRIVE.identity.key
BLOCK = Attempt(Technique.NVME_SANITIZE_BLOCK, Method.PURGE, VerifyDepth.FULL)
CRYPTO = Attempt(Technique.NVME_SANITIZE_CRYPTO, Method.PURGE, VerifyDepth.FULL)
OVERWRITE = Attempt(Technique.OVERWRITE, Method.CLEAR, VerifyDepth.FULL)
FULL, SAMPLED = "read-back-in-full", "read-back-sampled"


def began(attempt: Attempt, job: str) -> ev.Event:
    return ev.AttemptStarted(KEY, DRIVE.identity, DRIVE.node, attempt, job, "00" * 32)


def seen(*kinds: ObservationKind, **detail: str) -> tuple[ev.Event, ...]:
    return tuple(Observation(KEY, kind, detail) for kind in kinds)


def failed(attempt: Attempt, job: str) -> ev.Event:
    return ev.AttemptFinished(
        KEY, job, attempt.technique, Verdict.FAILED, Method.NONE, ("why",), 0, 0, 1.0, 1.0
    )


LIE = (
    began(BLOCK, "j1"),
    *seen(KIND.CANARIES_PLANTED, KIND.COMMAND_FINISHED, KIND.CANARY_SURVIVED),
    failed(BLOCK, "j1"),
)
CUT = (began(CRYPTO, "j2"), *seen(KIND.CANARIES_PLANTED, KIND.COMMAND_ACCEPTED))
CUT_OVERWRITE = (began(OVERWRITE, "j2"), ev.Checkpoint(KEY, "j2", "write", 4096))
CUT_EARLY = (began(CRYPTO, "j2"), *seen(KIND.CANARIES_PLANTED))  # the drive had not taken it


class Probe(FakeProbe):
    def probe_capabilities(self, drive: Drive) -> Capabilities:
        sanitizes = NvmeCapabilities(sanitize_crypto=Support.YES, namespace_id=1, namespaces=1)
        return Capabilities(nvme=sanitizes)


def next_start(
    *journal: ev.Event,
    reason: str = FULL,
    sees: tuple[ev.Event, ...] = (),
    amount: int = 1,
    probe: type[FakeProbe] = Probe,
    minimum: Method = Method.CLEAR,
    verify: VerifyDepth = VerifyDepth.FULL,
) -> tuple[Session, Kit]:
    """Of the stick with that journal; every attempt that reaches the policy's minimum for a SSD is
    VERIFIED, and writes and reads `amount`."""

    def script(job: Job, _stop: StopFlag) -> Iterator[Update]:
        one = job.attempt
        yield ev.VerifyStarted(KEY, job.job_id, one.verify)
        yield from sees
        if reaches(one.claims, one.minimum):
            end = (one.technique, Verdict.VERIFIED, one.claims, (reason,), amount, amount)
        else:
            below = ("method-below-policy",)
            end = (one.technique, Verdict.FAILED, Method.NONE, below, amount, amount)
        yield ev.AttemptFinished(KEY, job.job_id, *end, 1.0, 1.0)

    kit = Kit(laptop(DRIVE))
    kit.earlier = find_earlier([("old", stamped(*journal))])
    kit.found = kit.earlier.interrupted
    kit.probe = probe(laptop(DRIVE))
    kit.sanitizer = Scripted(script)  # type: ignore[assignment]
    return run(kit, policy=Policy(minimum=Minimum(ssd=minimum), verify=verify)), kit


def came_to(session: Session, kit: Kit) -> tuple[DriveState, Method]:
    """As the screen says; the report must say the same."""
    (view,) = session.state.drives
    (record,) = fold(kit.journal.lines).drives
    assert (record.state, record.achieved) == (view.state, view.achieved)
    return record.state, record.achieved


@pytest.mark.parametrize("cut", [CUT, CUT_EARLY])
def test_a_power_cut_makes_no_liar_honest(cut: tuple[ev.Event, ...]) -> None:
    assert came_to(*next_start(*cut)) == (DriveState.SANITIZED, Method.PURGE)
    assert came_to(*next_start(*LIE, *cut)) == (DriveState.SANITIZED, Method.CLEAR)


def test_nor_does_a_second_cut() -> None:
    _session, kit = next_start(*LIE, *CUT)
    again = [one.event for one in kit.journal.lines]
    end = next(n for n, one in enumerate(again) if isinstance(one, ev.AttemptFinished))
    told = seen(KIND.CANARIES_PLANTED, KIND.COMMAND_ACCEPTED)
    assert came_to(*next_start(*again[:end], *told)) == (DriveState.SANITIZED, Method.CLEAR)


def test_the_lie_of_the_attempt_that_was_cut_off_counts_too() -> None:
    lie = seen(KIND.COMMAND_FINISHED, KIND.CANARY_SURVIVED)
    assert came_to(*next_start(*CUT, *lie)) == (DriveState.SANITIZED, Method.CLEAR)


@pytest.mark.parametrize(
    ("before", "state"),
    [
        ((), DriveState.SANITIZED),
        (seen(KIND.CANARY_SURVIVED), DriveState.UNVERIFIED),
        (seen(KIND.WRITE_ERRORS), DriveState.UNVERIFIED),
        ((ev.MediumErrorFound(KEY, "write", 5, 1, 5),), DriveState.UNVERIFIED),
        ((ev.MediumErrorFound(KEY, "read", 5, 1, 5),), DriveState.UNVERIFIED),
    ],
)
@pytest.mark.parametrize("cut", [CUT, CUT_OVERWRITE])
def test_trouble_before_the_cut_is_settled_by_reading_everything(
    before: tuple[ev.Event, ...], state: DriveState, cut: tuple[ev.Event, ...]
) -> None:
    journal = (began(BLOCK, "j1"), *before, failed(BLOCK, "j1"), *cut)
    assert came_to(*next_start(*journal, reason=SAMPLED))[0] is state
    assert came_to(*next_start(*journal))[0] is DriveState.SANITIZED


@pytest.mark.parametrize("kind", [KIND.AREA_KEPT_DATA, KIND.AREA_UNKNOWN])
def test_an_area_that_kept_data_before_the_cut_must_be_seen_erased(kind: ObservationKind) -> None:
    kept = seen(kind, area="boot0")
    journal = (began(BLOCK, "j1"), *kept, failed(BLOCK, "j1"), *CUT)
    assert came_to(*next_start(*journal))[0] is DriveState.UNVERIFIED
    other = seen(KIND.AREA_ERASED, area="boot1")
    assert came_to(*next_start(*journal, sees=other))[0] is DriveState.UNVERIFIED
    same = seen(KIND.AREA_ERASED, area="boot0")
    assert came_to(*next_start(*journal, sees=same))[0] is DriveState.SANITIZED
    assert came_to(*next_start(*journal, *same))[0] is DriveState.SANITIZED
    anew = (began(BLOCK, "j1"), *kept, failed(BLOCK, "j1"), *CUT_EARLY)  # it looks for itself
    assert came_to(*next_start(*anew))[0] is DriveState.SANITIZED


HIDES = DrivePlan(DRIVE.identity, DRIVE.node, preparations=(Preparation.REMOVE_HPA,))


@pytest.mark.parametrize(
    "journal",
    [
        (began(BLOCK, "j1"), *seen(KIND.HIDDEN_AREA_LEFT), failed(BLOCK, "j1"), *CUT),
        (*CUT, *seen(KIND.HIDDEN_AREA_LEFT)),
        (ev.PlanMade(Plan((HIDES,), "p"), "d"), *CUT),
    ],
)
def test_a_hidden_area_is_not_forgotten(journal: tuple[ev.Event, ...]) -> None:
    assert came_to(*next_start(*journal))[0] is DriveState.UNVERIFIED


@pytest.mark.parametrize("kind", [KIND.IDENTITY_CHANGED, KIND.WRAPPED])
def test_another_drive_is_for_good(kind: ObservationKind) -> None:
    session, kit = next_start(*CUT_OVERWRITE, *seen(kind))
    assert came_to(session, kit)[0] is DriveState.FAILED


def test_what_is_taken_up_again_claims_what_today_s_rule_allows() -> None:
    """The version before took a medium that is not told for a hard disk."""
    for was, media, claims in (
        (Method.PURGE, MediaKind.UNKNOWN, Method.CLEAR),
        (Method.CLEAR, MediaKind.HDD, Method.CLEAR),
        (Method.PURGE, MediaKind.HDD, Method.PURGE),
    ):
        told = replace(BLOCK, technique=Technique.NVME_SANITIZE_OVERWRITE, claims=was)
        drive = replace(DRIVE, media=media)
        cut = (began(told, "j2"), *seen(KIND.CANARIES_PLANTED, KIND.COMMAND_ACCEPTED))
        kit = Kit(laptop(drive), find_interrupted([("old", stamped(*cut))]))
        run(kit)
        attempt = kit.sanitizer.jobs[0].attempt
        assert kit.sanitizer.jobs[0].reattach
        assert attempt.claims is claims, media
        unknown = LimitationCode.MEDIA_UNKNOWN in attempt.limitations
        assert unknown is (media is MediaKind.UNKNOWN)


def test_what_lied_in_any_session_is_not_believed_again() -> None:
    """The first was cut off, the second began anew and failed; the third begins anew."""
    cut = stamped(delivery_samples.started(session_id="cut"), *CUT_EARLY)
    lied = stamped(delivery_samples.started(session_id="lied", after=("cut",)), *LIE)
    (found,) = find_interrupted([("cut", cut), ("lied", lied)])
    assert (found.session_id, found.reattachable) == ("cut", False)
    assert [one.kind for one in found.earlier] == [KIND.COMMAND_FINISHED, KIND.CANARY_SURVIVED]


def test_what_lied_in_a_session_that_came_to_its_end_is_not_believed_again() -> None:
    sealed = ev.ReportSealed("r", "0" * 64, "stick")
    assert came_to(*next_start(*LIE, sealed)) == (DriveState.SANITIZED, Method.CLEAR)
    honest = (began(BLOCK, "j1"), *seen(KIND.COMMAND_FINISHED), failed(BLOCK, "j1"), sealed)
    assert came_to(*next_start(*honest)) == (DriveState.SANITIZED, Method.PURGE)


def test_a_journal_of_an_older_version_says_nothing_of_what_came_before() -> None:
    (row,) = (event_to_builtins(one) for one in stamped(began(CRYPTO, "j2")))
    del row["data"]["earlier"]
    event = event_from_builtins(row).event
    assert isinstance(event, ev.AttemptStarted)
    assert event.earlier == ()
    seen_before = Observation(KEY, KIND.AREA_KEPT_DATA, {"area": "boot0"})
    (told,) = stamped(replace(event, earlier=(seen_before,)))
    assert event_from_builtins(event_to_builtins(told)) == told


SIZE = DRIVE.identity.size_bytes
LARGER = replace(DRIVE, identity=replace(DRIVE.identity, size_bytes=2 * SIZE))
STARTED = delivery_samples.started(session_id="old")
LOOKS = (ev.InventoryTaken(laptop(LARGER)), ev.InventoryTaken(laptop(DRIVE)))
UNCOVERED = (
    ev.InventoryTaken(laptop(DRIVE)),
    PreparationStarted(KEY, (Preparation.REMOVE_HPA,)),
    DrivePrepared(KEY, (Preparation.REMOVE_HPA,), (), DRIVE.node, 2 * SIZE),
    ev.AttemptStarted(KEY, LARGER.identity, DRIVE.node, OVERWRITE, "j2", "00" * 32),
)


@pytest.mark.parametrize(
    "journal",
    [
        (STARTED, *LOOKS, *CUT_OVERWRITE),
        (STARTED, *LOOKS, began(OVERWRITE, "j2")),
        (STARTED, *LOOKS),
        (STARTED, *UNCOVERED[:3]),
        (STARTED, *UNCOVERED),
    ],
)
def test_a_drive_that_any_session_met_larger_is_erased_only_when_all_of_that_was_written(
    journal: tuple[ev.Event, ...],
) -> None:
    session, kit = next_start(*journal, amount=SIZE, probe=FakeProbe)
    assert came_to(session, kit) == (DriveState.UNVERIFIED, Method.NONE)
    (record,) = fold(kit.journal.lines).drives
    assert {"bytes": 2 * SIZE} in [one.detail for one in record.attempts[-1].earlier]
    (view,) = session.state.drives
    assert view.reasons == ("hidden-area-left",)
    assert (
        came_to(*next_start(*journal, amount=2 * SIZE, probe=FakeProbe))[0] is DriveState.SANITIZED
    )


def test_an_overwrite_that_the_policy_would_fail_is_not_gone_on_with() -> None:
    """It had begun under another policy, or as the last of several."""
    assert came_to(*next_start(*CUT_OVERWRITE)) == (DriveState.SANITIZED, Method.CLEAR)
    strict = next_start(*CUT_OVERWRITE, minimum=Method.PURGE)
    assert came_to(*strict) == (DriveState.SANITIZED, Method.PURGE)


def test_what_was_seen_before_it_is_not_forgotten_then() -> None:
    trouble = (ev.MediumErrorFound(KEY, "read", 5, 1, 5), *seen(KIND.READ_ERRORS))
    cut = (*CUT_OVERWRITE, *trouble)
    sampled = next_start(*cut, minimum=Method.PURGE, reason=SAMPLED)
    assert came_to(*sampled)[0] is DriveState.FAILED  # by the policy: an overwrite followed
    assert came_to(*next_start(*cut, minimum=Method.PURGE))[0] is DriveState.SANITIZED


@pytest.mark.parametrize(
    ("journal", "sampled"), [((), True), ((*LIE, *CUT_EARLY), False), (CUT_OVERWRITE, False)]
)
def test_what_is_read_in_full_for_what_was_before_is_called_no_sample(
    journal: tuple[ev.Event, ...], sampled: bool
) -> None:
    _session, kit = next_start(*journal, verify=VerifyDepth.SAMPLE)
    began = [one.event for one in kit.journal.lines if isinstance(one.event, ev.AttemptStarted)]
    attempt = began[-1].attempt
    assert (attempt.verify is VerifyDepth.SAMPLE) is sampled
    assert (LimitationCode.SAMPLED in attempt.limitations) is sampled
