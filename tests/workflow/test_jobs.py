"""The jobs of an order, each made from what the drive says when it begins."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from reprise.domain.drives.capabilities import AtaCapabilities, Capabilities, OwnWord, Support
from reprise.domain.erasure.pattern import Stream
from reprise.domain.pc.hardware import Drive, Transport
from reprise.domain.planning.plan import Attempt, LimitationCode, WarningCode
from reprise.domain.planning.planner import plan_drive
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth
from reprise.workflow.erasure.jobs import EraseOrder, Jobs, Resume
from reprise.workflow.session.session import Session
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from unit.domain.drives.drives import aes
from workflow.erase_kit import CAN_FORMAT, Probe, drive, plan

SANITIZE = Attempt(Technique.NVME_SANITIZE_BLOCK, Method.PURGE, VerifyDepth.FULL)
KEY = b"k" * 32


def test_what_the_drive_goes_on_with_is_judged_by_what_it_says_today() -> None:
    """It tells all of its namespaces, so that none is left unread; an older plan did not know."""
    one = drive()
    order = EraseOrder(one, plan(one), Resume("job-1", KEY, 0, SANITIZE))
    first, *others = Jobs(order, Probe(one), Policy(), aes).of(one, hidden_left=False)
    assert (first.job_id, first.job_key, first.reattach) == ("job-1", KEY, True)
    assert first.capabilities == CAN_FORMAT
    assert LimitationCode.NAMESPACES_UNREAD not in first.attempt.limitations
    assert [one.attempt for one in others] == list(order.plan.attempts)
    assert not any(one.reattach or one.job_id == "job-1" for one in others)


def test_an_overwrite_that_goes_on_is_read_back_in_full() -> None:
    """What failed before the interruption is unknown now."""
    one = drive()
    sampled = plan(one, Policy(verify=VerifyDepth.SAMPLE))
    for from_bytes, depth in ((4096, VerifyDepth.FULL), (0, VerifyDepth.SAMPLE)):
        order = EraseOrder(one, sampled, Resume("job-1", KEY, from_bytes))
        (job,) = Jobs(order, Probe(one), Policy(), aes).of(one, hidden_left=False)
        assert (job.attempt.technique, job.attempt.verify) == (Technique.OVERWRITE, depth)
        assert (job.job_id, job.resume_from_bytes) == ("job-1", from_bytes)


def test_a_plan_without_an_overwrite_begins_anew() -> None:
    one = drive()
    whole = plan(one)
    firmware = replace(whole, attempts=whole.attempts[:1])
    order = EraseOrder(one, firmware, Resume("job-1", KEY, 4096))
    (job,) = Jobs(order, Probe(one), Policy(), aes).of(one, hidden_left=False)
    assert job.attempt == firmware.attempts[0]
    assert (job.job_id == "job-1", job.resume_from_bytes) == (False, 0)


def test_each_overwrite_that_begins_writes_what_this_pc_makes_fastest() -> None:
    """The marks of a firmware erase stay what they are."""
    one = drive()
    jobs = Jobs(EraseOrder(one, plan(one)), Probe(one), Policy(), lambda: Stream.CHACHA20)
    found = {job.attempt.technique: job.stream for job in jobs.of(one, hidden_left=False)}
    assert found == {
        Technique.NVME_FORMAT_USER_DATA: Stream.AES_256_CTR,
        Technique.OVERWRITE: Stream.CHACHA20,
    }


@pytest.mark.parametrize("here", list(Stream))
@pytest.mark.parametrize("begun", list(Stream))
def test_what_goes_on_writes_what_it_began_with(here: Stream, begun: Stream) -> None:
    """Whatever the PC makes fastest that the drive is in now."""
    one = drive()
    order = EraseOrder(one, plan(one), Resume("job-1", KEY, 4096, stream=begun))
    (job,) = Jobs(order, Probe(one), Policy(), lambda: here).of(one, hidden_left=False)
    assert (job.resume_from_bytes, job.stream) == (4096, begun)


OF_THE_DOCK = OwnWord("ata", "S1", "", 2 << 30)  # twice what the kernel reaches
TELLS = AtaCapabilities(
    visible_sectors=1 << 21,
    native_sectors=1 << 21,
    hpa=Support.NO,
    amac=Support.NO,
    known=True,
)
REFUSES = replace(TELLS, hpa=Support.YES, native_sectors=None)
HIDES = replace(TELLS, hpa=Support.YES, native_sectors=1 << 22)
DEAF = AtaCapabilities()  # what a USB bridge that loses an IDENTIFY leaves


@dataclass
class Telling(Probe):
    """`now`: what the drive tells from now on."""

    now: Capabilities

    def probe_capabilities(self, drive: Drive) -> Capabilities:
        return self.now


def telling(one: Drive, now: Capabilities) -> Telling:
    probe = Telling(now)
    probe.drives = {one.node: one}
    return probe


@pytest.mark.parametrize(
    ("then", "now", "hides"),
    [
        (Capabilities(ata=TELLS), Capabilities(ata=TELLS), False),
        (Capabilities(ata=TELLS), Capabilities(ata=DEAF), True),
        (Capabilities(ata=TELLS), Capabilities(), True),
        (Capabilities(ata=HIDES), Capabilities(ata=DEAF), True),
        (Capabilities(ata=REFUSES), Capabilities(ata=DEAF), True),
        (Capabilities(ata=REFUSES), Capabilities(ata=TELLS), False),
        (Capabilities(ata=DEAF), Capabilities(ata=DEAF), False),
        (Capabilities(ata=DEAF), Capabilities(), False),  # now it says that it is none
        (Capabilities(own=OF_THE_DOCK), Capabilities(own=OF_THE_DOCK), True),
        (Capabilities(own=OF_THE_DOCK), Capabilities(), True),
        (
            Capabilities(own=replace(OF_THE_DOCK, by="scsi", size_bytes=1 << 30)),
            Capabilities(own=OF_THE_DOCK),
            True,
        ),
        (
            Capabilities(own=OF_THE_DOCK),
            Capabilities(own=replace(OF_THE_DOCK, by="scsi", size_bytes=1 << 30)),
            True,
        ),
        (
            Capabilities(own=OF_THE_DOCK),
            Capabilities(own=replace(OF_THE_DOCK, size_bytes=None)),
            True,
        ),
        (
            Capabilities(own=OF_THE_DOCK),
            Capabilities(own=replace(OF_THE_DOCK, size_bytes=1 << 30)),
            False,
        ),
    ],
)
def test_an_answer_that_is_lost_takes_no_doubt_away(
    then: Capabilities, now: Capabilities, hides: bool
) -> None:
    one = replace(drive(), transport=Transport.USB)
    planned = plan_drive(one, then, Policy(allow_usb=True, remove_hidden_areas=False))
    jobs = Jobs(EraseOrder(one, planned), telling(one, now), Policy(), aes)
    assert [job.hidden_left for job in jobs.of(one, hidden_left=False)] == [hides]


def test_a_first_word_that_comes_late_is_what_later_ones_are_held_against() -> None:
    one = drive()
    order = EraseOrder(one, plan_drive(one, CAN_FORMAT, Policy()))
    probe = telling(one, CAN_FORMAT)
    jobs = Jobs(order, probe, Policy(), aes).of(one, hidden_left=False)
    words = [OwnWord(), OwnWord("nvme", "S1", "", 7), OwnWord("nvme", "S2", "", 7)]
    told = []
    for word in words[: len(order.plan.attempts)]:
        probe.now = replace(CAN_FORMAT, own=word)
        told.append(next(jobs).own)
    assert told == [OwnWord(), words[1], words[1]][: len(told)]
    assert len(told) >= 2


def test_a_second_look_forgets_nothing_that_the_first_was_told() -> None:
    """A dock tells that the drive is larger than it shows, and the next time nothing."""
    one = replace(hdd(), transport=Transport.SAS)
    size = one.identity.size_bytes
    own = OwnWord("scsi", one.identity.serial or "", "", 2 * size)
    kit = Kit(laptop(one))
    probe = telling(one, Capabilities(own=own))
    probe.probe_inventory = kit.services().probe.probe_inventory  # type: ignore[method-assign]
    session = Session(replace(kit.services(), probe=probe), lambda _state: None)
    session.start()
    warned = []
    smaller = replace(own, size_bytes=size)
    by_ata = replace(own, by="ata")  # it had lost its IDENTIFY before
    for now in (own, OwnWord(), OwnWord(), smaller, OwnWord(), by_ata, smaller, OwnWord()):
        probe.now = Capabilities(own=now)
        session.look()
        (view,) = session.state.drives
        assert view.plan is not None
        warned.append(WarningCode.TAIL_OUT_OF_REACH in view.plan.warnings)
    assert warned == [True, True, True, False, False, True, True, True]
