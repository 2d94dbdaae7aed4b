"""No answer of a SCSI drive, or of the kernel in its place, leads to VERIFIED unless SANITIZE was
accepted and the drive then told, legibly and twice over, that it is at rest and ready."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.adapters.drives.firmware.scsi_sanitize import ScsiSanitize
from reprise.adapters.drives.passthrough.sgio import ScsiAnswer
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique, Verdict
from unit.adapters.drives.procedures import (
    ERRNOS,
    Fault,
    Log,
    World,
    faults_of,
    job_for,
    judged,
    made_world,
    many,
    with_status,
)

# SBC-4, SANITIZE: IMMED (bit 7) and the service action, with AUSE (bit 5) or without
ACTIONS = {
    Technique.SCSI_SANITIZE_OVERWRITE: 0x01,
    Technique.SCSI_SANITIZE_BLOCK: 0x02,
    Technique.SCSI_SANITIZE_CRYPTO: 0x03,
}
EXIT = 0x1F
KINDS = ("look", "ready", "erase", "exit")
Sense = tuple[int, int, int]  # sense key, additional code and qualifier
CALM, RUNNING, FAILED = (0x0, 0x0000, 0), (0x2, 0x041B, 0x4000), (0x3, 0x3103, 0)
SENSES: tuple[Sense, ...] = (
    *(CALM, RUNNING, FAILED, (0x4, 0x3103, 0)),
    *((0x2, 0x041B, 0x8000), (0x2, 0x0401, 0), (0x2, 0x0404, 0x100), (0x2, 0x3A00, 0)),
    *((0x6, 0x2900, 0), (0x5, 0x2000, 0), (0x5, 0x2400, 0), (0x7, 0x2700, 0), (0xB, 0x4700, 0)),
    *(
        (0x0, 0x041B, 0x4000),
        (0x1, 0x1700, 0),
        (0x0, 0x3103, 0),
        (0x0, 0x0016, 0x10),
        (0x4, 0x4400, 0),
    ),
)


def sense(told: Sense, *, descriptor: bool = False) -> bytes:
    key, code, progress = told
    high, low = code >> 8, code & 0xFF
    mark = (0x80, progress >> 8, progress & 0xFF) if key in (0, 2) and progress else (0, 0, 0)
    if descriptor:
        return bytes((0x72, key, high, low, 0, 0, 0, 8, 2, 6, 0, 0, *mark, 0))
    return bytes((0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, high, low, 0, *mark))


def word_of(told: Sense) -> str:
    """SPC-5 and SBC-4: what a reader may take from a sense; "" where nothing about a sanitize."""
    key, code, _progress = told
    if code == 0x3103:
        return "failed"
    if code == 0x041B:
        return "running" if key == 2 else ""
    return "calm" if key in (0, 1) and code != 0x0016 else ""


@dataclass
class PlayedScsi:
    """ScsiAccess. `states`: what it says of itself after SANITIZE, look by look; the last one
    stays. `liar`: TEST UNIT READY is good whatever it says."""

    world: World
    technique: Technique
    now: Sense = CALM
    states: tuple[Sense, ...] = (RUNNING, CALM)
    liar: bool = False
    descriptor: bool = False
    faults: dict[str, list[Fault | None]] = field(default_factory=dict)
    log: Log = field(default_factory=Log)
    waiting: list[Sense] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.faults = {kind: list(found) for kind, found in self.faults.items()}

    def send(
        self,
        device: object,
        cdb: bytes,
        *,
        data_in: int = 0,
        data_out: bytes = b"",
        timeout_ms: int = 0,
    ) -> ScsiAnswer:
        kind = self._kind(cdb, data_out)
        waiting = self.faults.get(kind, [])
        fault = waiting.pop(0) if waiting else None
        word, answer = self._honest(kind)
        if fault is not None and fault.name in ("errno", "hangs"):
            word = ""
        elif fault is not None:
            word, answer = self._spoilt(kind, word, answer, fault)
        self.log.add(kind, word)
        if fault is not None and fault.name == "errno":
            raise OSError(fault.number, "played")
        if fault is not None and fault.name == "hangs":
            self.world.hang()
        return answer

    def _kind(self, cdb: bytes, data: bytes) -> str:
        if cdb[0] in (0x00, 0x03):
            return "look" if cdb[0] else "ready"
        assert cdb[0] == 0x48
        action, length = cdb[1] & 0x1F, int.from_bytes(cdb[7:9], "big")
        if action == EXIT:
            return "exit"
        right = b"\x01\0\0\x04" + bytes(4) if action == 0x01 else b""
        told = (action, cdb[1] & 0x80, data, length)
        return "erase" if told == (ACTIONS[self.technique], 0x80, right, len(right)) else "other"

    def _honest(self, kind: str) -> tuple[str, ScsiAnswer]:
        if kind == "look":
            self.now = self.waiting.pop(0) if self.waiting else self.now
            return word_of(self.now), good(sense(self.now, descriptor=self.descriptor))
        if kind == "ready" and not self.liar and word_of(self.now) != "calm":
            return self._refusal(self.now)
        if kind == "erase":
            self.waiting = list(self.states)
        return "ok", good()

    def _refusal(self, told: Sense) -> tuple[str, ScsiAnswer]:
        word = word_of(told)
        raw = sense(told, descriptor=self.descriptor)
        return ("" if word == "calm" else word), ScsiAnswer(2, 0, 8, raw, b"", 0, 0.01)

    def _spoilt(
        self, kind: str, word: str, answer: ScsiAnswer, fault: Fault
    ) -> tuple[str, ScsiAnswer]:
        if fault.name == "refused":  # REQUEST SENSE may be refused with what it should have sent
            key, code, progress = fault.numbers
            said, refused = self._refusal((key, code, progress))
            return (word_of((key, code, progress)) if kind == "look" else said), refused
        if fault.name == "other":  # good, with the data of another command
            return ("" if kind == "look" else word), replace(answer, data=fault.raw)
        if fault.name == "cut" and kind == "look":
            whole = answer.data[: fault.number]
            return "", replace(answer, data=whole, resid=252 - len(whole))
        changes = {"host": "host_status", "driver": "driver_status", "status": "status"}
        if fault.name in changes:
            return "", with_status(answer, changes[fault.name], fault.number)
        return word, answer


def good(data: bytes = b"") -> ScsiAnswer:
    return ScsiAnswer(0, 0, 0, b"", data, 0, 0.01)


# standard INQUIRY data, a list of pages, nothing, zeros, ones, another command's log page
OTHERS = (
    *(b"\0\0\6\x12\x1f\0\0\2SEAGATE ST300MM0006     B001", b"\0\0\0\3\0\x80\x83"),
    *(b"", bytes(18), bytes(252), b"\xff" * 252, b"\x30\0\0\x10" + bytes(60)),
)
EVERY = (
    *(Fault("errno", number) for number in ERRNOS),
    *(Fault("refused", told) for told in SENSES),
    *(Fault("host", code) for code in (1, 2, 3, 5, 7, 8, 11)),
    *(Fault("driver", code) for code in (0x02, 0x04, 0x06, 0x07)),
    *(Fault("status", code) for code in (0x02, 0x04, 0x08, 0x18, 0x28, 0x30, 0x40)),
    *(Fault("cut", length) for length in range(14)),
    *(Fault("other", data) for data in OTHERS),
    Fault("hangs"),
)
NO_SENSE_DATA = st.binary(max_size=64).filter(
    lambda raw: not 0x70 <= (raw or b"\0")[0] & 0x7F < 0x74
)
FAULTS = st.one_of(st.sampled_from(EVERY), st.builds(Fault, st.just("other"), NO_SENSE_DATA))


def was_told(log: Log, *, earlier: bool = False) -> bool:
    """Accepted, then at rest and ready in one go: once where it was seen to run, else twice (and
    never where the command is an earlier session's)."""
    accepted, running, rests, calm = earlier, False, 0, False
    for told in log.told:
        if told.kind == "erase":
            accepted, running, rests = told.word == "ok", False, 0
        running = running or (accepted and told.word == "running")
        if told.kind == "ready" and calm and told.word == "ok":
            rests += 1
        elif told.kind == "ready" or (told.kind == "look" and told.word != "calm"):
            rests = 0
        calm = (told.kind, told.word) == ("look", "calm")
    return accepted and rests >= (1 if running else 2) and (running or not earlier)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with made_world() as made:
        yield made


def verdict_of(drive: PlayedScsi, *, reattach: bool = False) -> Verdict:
    procedure = ScsiSanitize(Policy(sanitize_stuck_after_s=2), drive)
    return judged(procedure, job_for(drive.technique, reattach=reattach))


@pytest.mark.parametrize("technique", [*ACTIONS])
@pytest.mark.parametrize("descriptor", [False, True])
def test_a_drive_that_does_as_told_is_verified(
    world: World, technique: Technique, descriptor: bool
) -> None:
    drive = PlayedScsi(world, technique, descriptor=descriptor)
    assert verdict_of(drive) is Verdict.VERIFIED
    assert was_told(drive.log)
    assert verdict_of(PlayedScsi(world, technique, now=FAILED)) is Verdict.VERIFIED
    assert verdict_of(PlayedScsi(world, technique, states=())) is Verdict.VERIFIED  # at once
    attached = PlayedScsi(world, technique, waiting=[RUNNING, CALM])
    assert verdict_of(attached, reattach=True) is Verdict.VERIFIED


@pytest.mark.parametrize("states", [(RUNNING, CALM), ()])
def test_any_one_answer(world: World, states: tuple[Sense, ...]) -> None:
    """Each fault at each command of an erase that else goes well."""
    technique = Technique.SCSI_SANITIZE_BLOCK
    honest = PlayedScsi(world, technique, states=states)
    assert verdict_of(honest) is Verdict.VERIFIED
    for (kind, count), fault in product(honest.log.counts().items(), EVERY):
        for at in range(count):
            faults = {kind: [*[None] * at, fault]}
            drive = PlayedScsi(world, technique, states=states, faults=faults)
            verdict = verdict_of(drive)
            assert verdict is not Verdict.VERIFIED or was_told(drive.log), (kind, at, fault)


@many(600)
@given(
    technique=st.sampled_from([*ACTIONS]),
    now=st.one_of(st.just(CALM), st.sampled_from(SENSES)),
    states=st.lists(st.sampled_from(SENSES), max_size=5).map(tuple),
    liar=st.booleans(),
    descriptor=st.booleans(),
    faults=faults_of(FAULTS, *KINDS),
    reattach=st.booleans(),
)
def test_sanitize(
    world: World,
    technique: Technique,
    now: Sense,
    states: tuple[Sense, ...],
    liar: bool,
    descriptor: bool,
    faults: dict[str, list[Fault | None]],
    reattach: bool,
) -> None:
    drive = PlayedScsi(world, technique, now, states, liar, descriptor, faults)
    if reattach:
        drive.waiting = list(states)
    verdict = verdict_of(drive, reattach=reattach)
    assert verdict is not Verdict.VERIFIED or was_told(drive.log, earlier=reattach)
