"""What an earlier session left unfinished is told, and never called erased."""

from __future__ import annotations

from dataclasses import replace

from reprise.codec import event_from_builtins, event_to_builtins
from reprise.domain.erasure.pattern import Stream
from reprise.domain.planning.techniques import Technique, Verdict, VerifyDepth
from reprise.domain.report import events as ev
from reprise.workflow.erasure.jobs import resume_of
from reprise.workflow.erasure.recovery import for_drive
from station_kit.shortcuts import find_interrupted
from unit.adapters.delivery.delivery_samples import (
    DRIVE,
    KEY,
    attempt,
    checkpoint,
    finished,
    stamped,
)
from unit.domain.drives.drives import hdd

EARLY, LATE = "2026-11-24T10:00:00.000Z", "2026-11-24T11:00:00.000Z"


def test_power_cut_while_writing() -> None:
    journal = stamped(attempt(), checkpoint(100), checkpoint(200))
    (found,) = find_interrupted([("s1", journal)])
    assert found.identity == DRIVE.identity
    assert (found.phase, found.done_bytes, found.resumable) == ("write", 200, True)
    assert (found.cause, found.job_id, found.session_id) == ("power-cut", "j1", "s1")
    assert found.job_key == bytes(31) + b"\xff"
    assert for_drive([found], replace(DRIVE, node="/dev/sdz")) is found
    assert for_drive([found], hdd(2)) is None


def test_an_overwrite_goes_on_with_the_stream_that_it_began_with() -> None:
    begun = replace(attempt(), stream=Stream.CHACHA20)
    (found,) = find_interrupted([("s", stamped(begun, checkpoint(200)))])
    resume = resume_of(found)
    assert resume is not None
    assert (resume.from_bytes, resume.stream) == (200, Stream.CHACHA20)


def test_a_journal_from_before_there_were_two_streams_means_aes() -> None:
    plain = event_to_builtins(stamped(attempt())[0])
    assert plain["data"].pop("stream") == "aes-256-ctr"
    (found,) = find_interrupted(
        [("s", (event_from_builtins(plain), *stamped(attempt(), checkpoint(200))[1:]))]
    )
    resume = resume_of(found)
    assert resume is not None and resume.stream is Stream.AES_256_CTR


def test_started_over_begins_at_zero() -> None:
    (found,) = find_interrupted([("s", stamped(attempt(), checkpoint(200), checkpoint(0)))])
    assert found.done_bytes == 0


def test_power_cut_while_verifying_keeps_the_written_bytes() -> None:
    verify = ev.VerifyStarted(KEY, "j1", VerifyDepth.FULL)
    journal = stamped(attempt(), checkpoint(900), verify, checkpoint(5, phase="verify"))
    (found,) = find_interrupted([("s", journal)])
    assert (found.phase, found.done_bytes) == ("verify", 900)


def test_the_operator_stopped_it() -> None:
    stop = ev.DriveInterrupted(KEY, "j1", "operator", 70)
    (found,) = find_interrupted([("s", stamped(attempt(), checkpoint(50), stop))])
    assert (found.cause, found.done_bytes) == ("operator", 50)


def test_finished_attempts_are_not_interrupted() -> None:
    for verdict in Verdict:
        assert find_interrupted([("s", stamped(attempt(), finished(verdict=verdict)))]) == ()


def test_a_fallback_that_was_cut_is_interrupted() -> None:
    first = attempt("j1", technique=Technique.NVME_FORMAT_USER_DATA)
    journal = stamped(first, finished("j1", Verdict.FAILED), attempt("j2"))
    (found,) = find_interrupted([("s", journal)])
    assert found.job_id == "j2"


def test_nvme_format_cannot_be_resumed() -> None:
    journal = stamped(attempt(technique=Technique.NVME_FORMAT_CRYPTO))
    (found,) = find_interrupted([("s", journal)])
    assert (found.resumable, found.job_key) == (False, b"")


def test_only_a_verified_attempt_clears_it() -> None:
    cut = ("s1", stamped(attempt("j1"), checkpoint(100), at=EARLY))
    done = ("s2", stamped(attempt("j1", 100), finished("j1"), at=LATE))
    assert find_interrupted([done, cut]) == ()
    failed = ("s2", stamped(attempt("j9"), finished("j9", Verdict.FAILED), at=LATE))
    (found,) = find_interrupted([cut, failed])
    assert (found.resumable, found.done_bytes) == (False, 0)


def test_cut_again_while_resuming() -> None:
    cut = ("s1", stamped(attempt("j1"), checkpoint(100), at=EARLY))
    again = ("s2", stamped(attempt("j1", 100), at=LATE))
    (found,) = find_interrupted([again, cut])
    assert (found.session_id, found.done_bytes) == ("s2", 100)


def test_an_earlier_success_does_not_hide_a_later_cut() -> None:
    done = ("s1", stamped(attempt("j1"), finished("j1"), at=EARLY))
    cut = ("s2", stamped(attempt("j2"), checkpoint(7, "j2"), at=LATE))
    (found,) = find_interrupted([done, cut])
    assert found.job_id == "j2"


def test_a_drive_that_nothing_tells_apart_is_never_matched() -> None:
    nameless = replace(DRIVE, identity=replace(DRIVE.identity, serial=None, wwn=None))
    event = replace(attempt(), drive=nameless.identity.key, identity=nameless.identity)
    found = find_interrupted([("s", stamped(event))])
    assert len(found) == 1
    assert for_drive(found, nameless) is None


def test_a_drive_that_sanitizes_itself_is_reattached_to_once_its_marks_stood() -> None:
    begun = attempt(technique=Technique.ATA_SANITIZE_BLOCK)
    planted = ev.Observation(KEY, ev.ObservationKind.CANARIES_PLANTED)
    accepted = ev.Observation(KEY, ev.ObservationKind.COMMAND_ACCEPTED)
    for events, expected in (
        ((begun, planted, accepted), True),
        ((begun, accepted), False),
        ((begun, planted), False),
        ((attempt(), planted, accepted), False),
        ((attempt(technique=Technique.NVME_FORMAT_USER_DATA), planted, accepted), False),
    ):
        (found,) = find_interrupted([("s", stamped(*events))])
        assert found.reattachable == expected
        assert (resume_of(found) is not None) == expected
    done = (*stamped(begun, planted, accepted), *stamped(finished(verdict=Verdict.FAILED)))
    assert find_interrupted([("s", done)]) == ()


def test_a_drive_that_grew_is_the_same_across_sessions() -> None:
    """A hidden area was removed: that session calls the drive by its old key, the next by its
    new one."""
    larger = replace(DRIVE.identity, size_bytes=DRIVE.identity.size_bytes * 2)
    began = replace(attempt(), identity=larger)
    (found,) = find_interrupted([("a", stamped(began, checkpoint(100)))])
    assert for_drive([found], replace(DRIVE, identity=larger)) is found
    later = replace(attempt("j2"), drive=larger.key, identity=larger)
    end = replace(finished("j2"), drive=larger.key)
    sessions = [
        ("a", stamped(began, checkpoint(100), at=EARLY)),
        ("b", stamped(later, end, at=LATE)),
    ]
    assert find_interrupted(sessions) == ()
