"""No answer of an eMMC, or to a revert by PSID, leads to VERIFIED unless all of it was accepted and
its end was told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.adapters.drives.firmware.mmc_erase import MmcErase
from reprise.adapters.drives.firmware.tcg_psid import PsidRevert
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique, Verdict
from reprise.wire.mmc import MmcCommand
from unit.adapters.drives.procedures import (
    ERRNOS,
    SIZE,
    Device,
    Fault,
    Log,
    World,
    faults_of,
    job_for,
    judged,
    made_world,
    many,
)

SECURE_ERASE, TRIM, SANITIZE = 0x01, 0x10, 0x40  # EXT_CSD[231]
AT_REST, AT_WORK = 0x0000_0900, 0x0000_0E00  # R1: ready, transfer state; programming state
# <linux/mmc/mmc.h>, R1_STATUS (all that is an error), and SWITCH_ERROR
WRONG = 0xFFF9_A000 | 0x80
KINDS = ("register", "erase", "sanitize", "secure")


@dataclass
class PlayedMmc:
    """MmcAccess over one user area of SIZE bytes."""

    world: World
    features: int = TRIM | SANITIZE
    faults: dict[str, list[Fault | None]] = field(default_factory=dict)
    log: Log = field(default_factory=Log)

    def __post_init__(self) -> None:
        self.faults = {kind: list(found) for kind, found in self.faults.items()}

    def read(self, device: object, command: MmcCommand) -> bytes:
        assert (command.opcode, command.argument) == (8, 0)
        fault = self._fault("register")
        data = bytearray(512)
        data[192], data[231], data[223], data[232] = 8, self.features, 1, 1
        data[212:216] = (SIZE // 512).to_bytes(4, "little")
        if fault.name == "byte":
            at, value = fault.numbers
            data[at] = value
        told = bytes(data[: fault.number]) if fault.name == "cut" else bytes(data)
        told = fault.raw if fault.name == "data" else told
        self.log.add("register", "ok", told)
        return told

    def send(self, device: object, commands: Sequence[MmcCommand]) -> tuple[int, ...]:
        opcodes, arguments = zip(*((one.opcode, one.argument) for one in commands), strict=True)
        kind = {(6,): "sanitize", (35, 36, 38, 13): "erase"}.get(opcodes, "other")
        place = (0, 0)
        if kind == "erase":
            first, last, how, _address = arguments
            assert how in (0, 1)  # ERASE or TRIM: never DISCARD
            place = (first, last + 512)
        elif arguments != (0x03A5_0100,):
            kind = "other"
        fault = self._fault(kind, place)
        statuses = [AT_REST if kind == "erase" else 0] * len(commands)
        if fault.name == "bit":
            which, bit = fault.numbers
            statuses[which % len(statuses)] |= 1 << bit
        elif fault.name == "states":
            statuses = [fault.number] * len(statuses)
        elif fault.name == "last":
            statuses[-1] = fault.number
        elif fault.name == "fewer":
            statuses = statuses[: fault.number]
        self.log.add(kind, "ok" if fine(kind, statuses) else "", place=place)
        return tuple(statuses)

    def secure_erase(self, device: object, offset: int, length: int) -> None:
        place = (offset, offset + length)
        self._fault("secure", place)
        self.log.add("erase", "ok", place=place)

    def _fault(self, kind: str, place: tuple[int, int] = (0, 0)) -> Fault:
        waiting = self.faults.get(kind, [])
        fault = (waiting.pop(0) if waiting else None) or Fault("")
        if fault.name in ("errno", "hangs"):
            self.log.add(kind, "", place=place)
        if fault.name == "errno":
            raise OSError(fault.number, "played")
        if fault.name == "hangs":
            self.world.hang()
        return fault


def fine(kind: str, statuses: Sequence[int]) -> bool:
    """Each command answered without an error; after an erase the last one, SEND_STATUS, that the
    device is at rest. Of a sanitize the kernel fills in nothing: that it came back is the word."""
    expected = 4 if kind == "erase" else 1
    if len(statuses) != expected or any(one & WRONG for one in statuses):
        return False
    return kind != "erase" or (statuses[-1] >> 9 & 0xF, statuses[-1] >> 8 & 1) == (4, 1)


EVERY = (
    *(Fault("errno", number) for number in ERRNOS),
    *(Fault("bit", told) for told in product((0, 2, 3), range(32))),
    *(Fault("states", status) for status in (0, 0xFFFF_FFFF)),
    *(Fault("last", status) for status in (0, AT_WORK, 0x800, 0x700)),
    *(Fault("fewer", count) for count in (0, 1, 3)),
    *(Fault("cut", length) for length in (0, 1, 192, 231, 511)),
    *(Fault("data", raw) for raw in (b"", bytes(512), b"\xff" * 512, bytes(range(256)) * 2)),
    # boot areas; a general purpose area; another revision; another size; none
    *(Fault("byte", told) for told in ((226, 8), (143, 1), (192, 0xFF), (213, 1), (214, 0))),
    *(Fault("byte", (231, features)) for features in (0, SECURE_ERASE, SANITIZE, 0xFF)),
    Fault("hangs"),
)
FAULTS = st.one_of(
    st.sampled_from(EVERY),
    st.builds(Fault, st.just("data"), st.binary(min_size=512, max_size=512)),
    st.builds(Fault, st.just("states"), st.integers(0, 0xFFFF_FFFF)),
    st.builds(Fault, st.just("byte"), st.tuples(st.integers(0, 511), st.integers(0, 255))),
)


def emmc_was_told(log: Log) -> bool:
    """A register of a device of this size with no other areas; then each byte of it erased; then,
    where the device knows that, sanitized."""
    register, erased, sanitized = b"", 0, False
    for told in log.told:
        if told.kind == "register":
            register = told.data if told.word else b""
        elif told.kind == "erase":
            first, end = told.place
            if told.word and first <= erased:
                erased = max(erased, end)
            sanitized = False
        elif told.kind == "sanitize":
            sanitized = told.word == "ok"
    if len(register) != 512:
        return False
    size = int.from_bytes(register[212:216], "little") * 512
    others = register[226] or any(register[143:155])
    sized = size in (0, SIZE) and not others
    return sized and erased >= SIZE and (sanitized or not register[231] & SANITIZE)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with made_world() as made:
        yield made


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> Roots:
    root = tmp_path_factory.mktemp("emmc")
    card = root / "sys/dev/block" / Device.number / "device"
    card.mkdir(parents=True)
    (card / "type").write_text("MMC\n")
    (card / "erase_size").write_text(f"{512 << 10}\n")
    return Roots(root / "sys", root / "proc", root / "dev")


def erased(drive: PlayedMmc, roots: Roots, *, reattach: bool = False) -> Verdict:
    job = job_for(Technique.MMC_ERASE, reattach=reattach)
    return judged(MmcErase(Policy(sanitize_stuck_after_s=2), drive, roots), job)


@pytest.mark.parametrize("features", [0, TRIM, SECURE_ERASE, SECURE_ERASE | TRIM | SANITIZE])
def test_an_emmc_that_does_as_told_is_verified(world: World, roots: Roots, features: int) -> None:
    drive = PlayedMmc(world, features)
    assert erased(drive, roots) is Verdict.VERIFIED
    assert emmc_was_told(drive.log)
    assert erased(PlayedMmc(world), roots, reattach=True) is Verdict.UNVERIFIED


@pytest.mark.parametrize("features", [SECURE_ERASE, TRIM | SANITIZE])
def test_any_one_answer_of_an_emmc(world: World, roots: Roots, features: int) -> None:
    """Each fault at each command of an erase that else goes well."""
    honest = PlayedMmc(world, features)
    assert erased(honest, roots) is Verdict.VERIFIED
    secure = {"secure": 3} if features == SECURE_ERASE else {}
    for (kind, count), fault in product((honest.log.counts() | secure).items(), EVERY):
        for at in range(count):
            drive = PlayedMmc(world, features, {kind: [*[None] * at, fault]})
            verdict = erased(drive, roots)
            assert verdict is not Verdict.VERIFIED or emmc_was_told(drive.log), (kind, at, fault)


@many(300)
@given(features=st.integers(0, 255), faults=faults_of(FAULTS, *KINDS))
def test_emmc(
    world: World, roots: Roots, features: int, faults: dict[str, list[Fault | None]]
) -> None:
    drive = PlayedMmc(world, features, faults)
    assert erased(drive, roots) is not Verdict.VERIFIED or emmc_was_told(drive.log)


# ---- TCG revert by PSID ----

LOCKED, SHADOWED = 0x0B, 0x13
ANSWERS = st.one_of(
    st.sampled_from([0, 0, 0x01, 0x03, 0x0C, 0x0F, 0x12, 0x3F, 0x3E]),
    st.integers(1, 0xFFFF),
    st.sampled_from(ERRNOS).map(lambda number: OSError(number, "played")),
    st.just("hangs"),
)


@dataclass
class PlayedOpal:
    """OpalAccess. The last of the flags and of the answers stays."""

    world: World
    states: list[int | OSError]
    answers: list[int | OSError | str]
    log: Log = field(default_factory=Log)

    def flags(self, device: object) -> int:
        told = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        if isinstance(told, OSError):
            raise told
        return told

    def discovery(self, device: object) -> bytes:
        raise AssertionError

    def revert_by_psid(self, device: object, psid: str) -> int:
        told = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.log.add("revert", "ok" if told == 0 else "")
        if isinstance(told, OSError):
            raise told
        if told == "hangs":
            self.world.hang()
        return int(told)


def reverted(drive: PlayedOpal, *, reattach: bool = False, psid: str = "A1" * 16) -> Verdict:
    job = job_for(Technique.TCG_PSID_REVERT, psid=psid, reattach=reattach)
    return judged(PsidRevert(drive), job)


@pytest.mark.parametrize("flags", [0x03, LOCKED, SHADOWED])
def test_a_revert_that_succeeds_is_verified(world: World, flags: int) -> None:
    assert reverted(PlayedOpal(world, [flags], [0])) is Verdict.VERIFIED
    assert reverted(PlayedOpal(world, [flags], [0]), psid="A1") is not Verdict.VERIFIED


@many(300)
@given(
    states=st.lists(
        st.one_of(st.integers(0, 0xFF), st.sampled_from(ERRNOS).map(lambda n: OSError(n, ""))),
        min_size=1,
        max_size=3,
    ),
    answers=st.lists(ANSWERS, min_size=1, max_size=3),
    reattach=st.booleans(),
)
def test_revert(
    world: World,
    states: list[int | OSError],
    answers: list[int | OSError | str],
    reattach: bool,
) -> None:
    drive = PlayedOpal(world, list(states), list(answers))
    verdict = reverted(drive, reattach=reattach)
    told = drive.log.told
    assert verdict is not Verdict.VERIFIED or (bool(told) and told[-1].word == "ok")
    assert verdict is not Verdict.VERIFIED or not reattach
