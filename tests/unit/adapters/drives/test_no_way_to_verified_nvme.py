"""No answer of an NVMe drive, or of the kernel in its place, leads to VERIFIED unless the very
erase was accepted, and its end told: by the command itself (Format NVM), or by a Sanitize Status
log that names our command and is not left over from an earlier one."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.adapters.drives.firmware.nvme_format import NvmeFormat
from reprise.adapters.drives.firmware.nvme_sanitize import NvmeSanitize
from reprise.domain.drives.capabilities import Capabilities, NvmeCapabilities, Support
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique, Verdict
from unit.adapters.drives.nvme_answers import (
    DONE,
    FORMATS,
    NEVER,
    RUNNING,
    SANITIZES,
    WIPED,
    Log81,
    PlayedNvme,
)
from unit.adapters.drives.procedures import (
    ERRNOS,
    STRANGER,
    Fault,
    World,
    faults_of,
    job_for,
    judged,
    made_world,
    many,
)


def log_data(sprog: int, sstat: int, cdw10: int) -> bytes:
    return struct.pack("<HHI", sprog, sstat, cdw10).ljust(512, b"\0")


EVERY = (
    *(Fault("errno", number) for number in ERRNOS),
    *(Fault("status", code) for code in (0x001, 0x002, 0x007, 0x008, 0x00B, 0x01C, 0x01D, 0x020)),
    *(Fault("status", code) for code in (0x10A, 0x110, 0x286, 0x370, 0x371, 0x7FF, 0x4002, 0x2001)),
    *(Fault("status", code) for code in (0x4000, 0x2000)),
    *(Fault("cut", length) for length in (0, 1, 2, 3, 4, 7, 8, 16, 31, 511, 4095)),
    *(Fault("data", raw) for raw in (b"", bytes(512), bytes(4096), b"\xff" * 512, b"\xff" * 4096)),
    *(Fault("data", log_data(0xFFFF, sstat, 0)) for sstat in (1, 2, 3, 4, 5, 0x101)),
    *(Fault(name) for name in ("hangs", "stranger", "another")),
)
FAULTS = st.one_of(
    st.sampled_from(EVERY),
    st.builds(Fault, st.just("status"), st.integers(1, 0x7FFF)),
    st.builds(Fault, st.just("data"), st.binary(max_size=64)),
    st.builds(Fault, st.just("data"), st.binary(min_size=512, max_size=512)),
)
STATE = st.tuples(
    st.sampled_from([0xFFFF, 0, 0x4000, 0x8000]),
    st.sampled_from([0, 1, 0x101, 2, 0xA, 3, 0x103, 4, 0x104, 5, 7, 0x109, 0xFFFF]),
    st.sampled_from([-1, -1, 0x0A, 0x1B, 0x0C, 0x02, 0x01, 0]),
)


def read_log(data: bytes) -> Log81 | None:
    return struct.unpack_from("<HHI", data) if len(data) == 512 else None


def moved(before: Log81 | None, now: Log81) -> bool:
    """Whether `now` cannot be what stood before: that Global Data Erased falls is only a write (our
    marks), not another sanitize."""
    if before is None:
        return False
    rewritten = (before[0], before[1] & ~WIPED, before[2])
    return now not in (before, rewritten)


def sanitize_was_told(drive: PlayedNvme, *, earlier: bool = False) -> bool:
    """Of an earlier session's only what was seen to run counts, or what the drive says that nothing
    was written after."""
    ours = SANITIZES[drive.technique]
    accepted, running, ended = earlier, False, False
    before: Log81 | None = None
    for told in drive.log.told:
        if told.kind in ("erase", "other"):
            accepted = (told.kind, told.word) == ("erase", "ok")
            running = ended = False
        found = read_log(told.data) if (told.kind, told.word) == ("log", "ok") else None
        if found is None:
            continue
        state, mine = found[1] & 0b111, found[2] == ours
        if not accepted:
            before = found
        elif state == 2:
            running = running or mine
            ended = False
        else:
            news = found[1] & WIPED if earlier else moved(before, found)
            ended = state in (1, 4) and mine and bool(running or news)
    return accepted and ended and not stranger_seen(drive)


def format_was_told(drive: PlayedNvme) -> bool:
    taken = [told.word == "ok" for told in drive.log.told if told.kind == "erase"]
    return bool(taken) and taken[-1] and not stranger_seen(drive)


def stranger_seen(drive: PlayedNvme) -> bool:
    told = [one.data for one in drive.log.told if (one.kind, one.word) == ("who", "ok")]
    return any(len(data) == 4096 and data[4:24].rstrip() == STRANGER.encode() for data in told)


def was_told(drive: PlayedNvme, *, earlier: bool = False) -> bool:
    if drive.technique in FORMATS:
        return format_was_told(drive)
    return sanitize_was_told(drive, earlier=earlier)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with made_world() as made:
        yield made


def verdict_of(drive: PlayedNvme, *, reattach: bool = False) -> Verdict:
    policy = Policy(sanitize_stuck_after_s=8)
    procedure = NvmeFormat if drive.technique in FORMATS else NvmeSanitize
    able = Capabilities(nvme=NvmeCapabilities(format=Support.YES, namespace_id=1, namespaces=1))
    job = job_for(drive.technique, capabilities=able, reattach=reattach)
    return judged(procedure(policy, drive), job)


@pytest.mark.parametrize("technique", [*FORMATS, *SANITIZES])
def test_a_drive_that_does_as_told_is_verified(world: World, technique: Technique) -> None:
    drive = PlayedNvme(world, technique)
    assert verdict_of(drive) is Verdict.VERIFIED
    assert was_told(drive)
    if technique in SANITIZES:
        for before in ((0xFFFF, 3, 0x0A), (0xFFFF, 1, SANITIZES[technique])):
            assert verdict_of(PlayedNvme(world, technique, before)) is Verdict.VERIFIED
        assert verdict_of(PlayedNvme(world, technique, states=(DONE,))) is Verdict.VERIFIED
        assert verdict_of(PlayedNvme(world, technique, DONE), reattach=True) is Verdict.VERIFIED
        written = PlayedNvme(world, technique, (0xFFFF, 1, -1))  # since that success
        assert verdict_of(written, reattach=True) is Verdict.UNVERIFIED


@pytest.mark.parametrize("states", [(RUNNING, DONE), (DONE,)])
@pytest.mark.parametrize("technique", [Technique.NVME_FORMAT_CRYPTO, Technique.NVME_SANITIZE_BLOCK])
def test_any_one_answer(world: World, technique: Technique, states: tuple[Log81, ...]) -> None:
    """Each fault at each command of an erase that else goes well."""
    honest = PlayedNvme(world, technique, states=states)
    assert verdict_of(honest) is Verdict.VERIFIED
    for (kind, count), fault in product(honest.log.counts().items(), EVERY):
        for at in range(count):
            faults = {kind: [*[None] * at, fault]}
            drive = PlayedNvme(world, technique, states=states, fna=0b011, faults=faults)
            verdict = verdict_of(drive)
            assert verdict is not Verdict.VERIFIED or was_told(drive), (kind, at, fault)


@pytest.mark.parametrize("technique", [*SANITIZES])
@pytest.mark.parametrize("states", [(DONE,), ((0xFFFF, 1, -1),), ((0x4000, 2, 0x02), DONE)])
def test_an_older_success_does_not_count(
    world: World, technique: Technique, states: tuple[Log81, ...]
) -> None:
    """The drive takes the command and does nothing. That a write cleared Global Data Erased is no
    news, nor that another command was seen to run."""
    lazy = PlayedNvme(world, technique, DONE, states)
    assert verdict_of(lazy) is Verdict.UNVERIFIED


@many(250)
@given(
    technique=st.sampled_from([*FORMATS]),
    fna=st.integers(0, 15),
    faults=faults_of(FAULTS, "who", "sectors", "list", "erase"),
)
def test_format(
    world: World, technique: Technique, fna: int, faults: dict[str, list[Fault | None]]
) -> None:
    drive = PlayedNvme(world, technique, fna=fna, faults=faults)
    assert verdict_of(drive) is not Verdict.VERIFIED or was_told(drive)


@many(600)
@given(
    technique=st.sampled_from([*SANITIZES]),
    now=st.one_of(st.just(NEVER), STATE),
    states=st.lists(STATE, max_size=5).map(tuple),
    faults=faults_of(FAULTS, "who", "list", "log", "erase", "exit", "other"),
    reattach=st.booleans(),
)
def test_sanitize(
    world: World,
    technique: Technique,
    now: Log81,
    states: tuple[Log81, ...],
    faults: dict[str, list[Fault | None]],
    reattach: bool,
) -> None:
    drive = PlayedNvme(world, technique, now, states, faults=faults)
    if reattach:
        drive.waiting = list(states)
    verdict = verdict_of(drive, reattach=reattach)
    assert verdict is not Verdict.VERIFIED or was_told(drive, earlier=reattach)
