"""eMMC erase: real block reads and writes on loop devices that stand for the areas of one eMMC;
only the eMMC commands are played. No emulated eMMC exists here: the bytes of the commands are
checked against the kernel's headers in unit/test_wire_mmc.py."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import pytest

from disks.rig import MIB, LoopProbe, Ran, filled_file, job_for, loop_device, run
from reprise.adapters.blockio import BlockFile
from reprise.adapters.firmware import mmc_session
from reprise.adapters.firmware.mmc_erase import MmcErase
from reprise.adapters.firmware.witnessed import WitnessedSanitizer
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.capabilities import Capabilities, MmcCapabilities, Support
from reprise.domain.events import CommandRan, DriveInterrupted, Observation, ObservationKind
from reprise.domain.plan import Attempt
from reprise.domain.policy import Policy
from reprise.domain.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.verification import ReasonCode
from reprise.wire.mmc import MmcCommand

SIZE, BOOT, GROUP = 24 * MIB, 2 * MIB, 512 << 10
SECURE_ERASE, TRIM, SANITIZE = 0x01, 0x10, 0x40  # SEC_FEATURE_SUPPORT
READY = 0x0000_0900  # R1: transfer state, ready for data
Trouble = OSError | int  # an error of the kernel, or bits of the Device status


@dataclass
class PlayedMmc:
    """passthrough.MmcAccess over the files behind the areas, by major:minor. `trouble`: by what is
    asked ("erase", "sanitize", "secure", "ext_csd") -> what happens instead, in order. `lies`:
    areas whose erase says that it did and did nothing."""

    features: int = SECURE_ERASE | TRIM | SANITIZE
    boot_areas: int = 2
    erased: int = 0x00
    size: int = SIZE
    files: dict[str, Path] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    trouble: dict[str, list[Trouble]] = field(default_factory=dict)
    lies: tuple[str, ...] = ()
    slow_s: float = 0.0
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def read(self, device: BlockFile, command: MmcCommand) -> bytes:
        self._happens("ext_csd")
        data = bytearray(512)
        data[192], data[231] = 8, self.features
        data[181], data[223], data[232] = self.erased & 1, 1, 1
        data[212:216] = (self.size // 512).to_bytes(4, "little")
        data[226] = BOOT // (128 << 10) if self.boot_areas else 0
        return bytes(data)

    def send(self, device: BlockFile, commands: Sequence[MmcCommand]) -> tuple[int, ...]:
        opcodes = [one.opcode for one in commands]
        time.sleep(self.slow_s)
        if opcodes == [6]:
            assert commands[0].argument == 0x03A50100
            self.asked.append(("sanitize",))
            return (READY | self._happens("sanitize"),)
        assert opcodes == [35, 36, 38, 13]
        name = self.names[device.number]
        first, last, kind = (one.argument for one in commands[:3])  # this eMMC counts in bytes
        self.asked.append(("trim" if kind else "erase", name, str(first), str(last)))
        status = self._happens("erase")
        if not kind:
            assert first % GROUP == 0
        if not status and name not in self.lies:
            self._wipe(device, first, last + 512 - first)
        return (READY, READY, READY | status, READY)

    def secure_erase(self, device: BlockFile, offset: int, length: int) -> None:
        self.asked.append(("secure", self.names[device.number], str(offset), str(length)))
        self._happens("secure")
        self._wipe(device, offset, length)

    def _happens(self, what: str) -> int:
        waiting = self.trouble.get(what, [])
        trouble = waiting.pop(0) if waiting else 0
        if isinstance(trouble, OSError):
            raise trouble
        return trouble

    def _wipe(self, device: BlockFile, offset: int, length: int) -> None:
        with self.files[device.number].open("r+b") as raw:
            raw.seek(offset)
            raw.write(bytes((self.erased,)) * length)

    def what(self) -> list[tuple[str, ...]]:
        return [one[:2] for one in self.asked]


@dataclass
class Card:
    """One eMMC made of loop devices, with its folder in a made sysfs."""

    root: Path
    stack: ExitStack
    played: PlayedMmc
    node: str = ""
    files: dict[str, Path] = field(default_factory=dict)

    @property
    def roots(self) -> Roots:
        return Roots(self.root / "sys", self.root / "proc", self.root / "dev")

    @property
    def folder(self) -> Path:
        return self.root / "sys/devices/mmc_host/mmc0/mmc0:0001/block/mmcblk0"

    def make(self, areas: dict[str, bytes | None], kind: str = "MMC") -> None:
        """`areas`: name -> content (None: a stranger's text)."""
        self.folder.mkdir(parents=True)
        (self.folder / "device").symlink_to("../..")
        card = self.folder.parents[1]
        (card / "type").write_text(f"{kind}\n")
        (card / "erase_size").write_text(f"{GROUP}\n")
        (self.root / "dev").mkdir()
        self.node = self._attach("user", filled_file(self.root / "user", SIZE))
        number = self._number(self.node)
        block = self.root / "sys/dev/block"
        block.mkdir(parents=True)
        (block / number).symlink_to(self.folder)
        for name, content in areas.items():
            file = self.root / name
            if content is None:
                filled_file(file, BOOT)
            else:
                file.write_bytes((content * BOOT)[:BOOT])
            node = self._attach(name, file)
            folder = self.folder / f"mmcblk0{name}"
            folder.mkdir()
            (folder / "dev").write_text(self._number(node) + "\n")
            (folder / "force_ro").write_text("1\n")
            (self.root / "dev" / f"mmcblk0{name}").symlink_to(node)

    def _attach(self, name: str, file: Path) -> str:
        node = self.stack.enter_context(loop_device(file))
        self.files[name] = file
        self.played.files[self._number(node)] = file
        self.played.names[self._number(node)] = name
        return node

    @staticmethod
    def _number(node: str) -> str:
        device = Path(node).stat().st_rdev
        return f"{os.major(device)}:{os.minor(device)}"

    def erase(self, policy: Policy | None = None, **more: object) -> Ran:
        rules = policy or Policy()
        procedure = MmcErase(rules, self.played, self.roots)
        able = MmcCapabilities(Support.YES, Support.YES, Support.YES)
        job = replace(
            job_for(self.node),
            attempt=Attempt(Technique.MMC_ERASE, Method.CLEAR, VerifyDepth.FULL),
            capabilities=Capabilities(mmc=able),
            reattach=bool(more.pop("reattach", False)),
        )
        return run(WitnessedSanitizer(procedure, LoopProbe(), rules), job, **more)  # type: ignore[arg-type]


@pytest.fixture
def card(tmp_path: Path) -> Iterator[Card]:
    with ExitStack() as stack:
        yield Card(tmp_path, stack, PlayedMmc())


def all_of(ran: Ran, kind: ObservationKind) -> list[Observation]:
    return [one for one in ran.events if isinstance(one, Observation) and one.kind is kind]


BLANK = {"boot0": b"\0", "boot1": b"\xff"}


def test_every_area_is_erased_and_then_purged(card: Card) -> None:
    card.make({"boot0": None, "boot1": b"\0"})
    ran = card.erase()
    assert ran.finished.verdict is Verdict.VERIFIED
    assert ran.finished.achieved is Method.CLEAR  # never Purge: no mapping is known
    assert card.played.what() == [("erase", "user"), ("erase", "boot0"), ("sanitize",)]
    assert card.files["boot0"].read_bytes() == bytes(BOOT)
    done = ran.seen(ObservationKind.COMMAND_FINISHED).detail
    assert done["areas"] == "user boot1:blank boot0:erased"
    assert done["sanitized"] == 1
    # the kernel's write protection is as it was
    for name in ("boot0", "boot1"):
        assert (card.folder / f"mmcblk0{name}/force_ro").read_text().strip() == "1"
    shown = [one for one in ran.of(CommandRan) if isinstance(one, CommandRan)]
    assert shown[0].argv[:3] == ("eMMC", "ERASE", "CMD38")
    assert "area=boot0" in shown[1].argv


def test_erased_cells_may_read_as_ones(card: Card) -> None:
    card.played.erased = 0xFF
    card.make({"boot0": None, "boot1": None})
    assert card.erase().finished.verdict is Verdict.VERIFIED


def test_an_old_device_gets_secure_erase(card: Card) -> None:
    card.played.features = SECURE_ERASE | TRIM
    card.make({"boot0": None, "boot1": b"\0"})
    ran = card.erase()
    assert ran.finished.verdict is Verdict.VERIFIED
    assert card.played.what() == [("secure", "user"), ("secure", "boot0")]
    assert ran.seen(ObservationKind.COMMAND_FINISHED).detail["sanitized"] == 0


def test_where_the_kernel_knows_better_a_plain_erase_is_used(card: Card) -> None:
    card.played.features = SECURE_ERASE | TRIM
    card.played.trouble["secure"] = [OSError(errno.EOPNOTSUPP, "quirk")] * 2
    card.make({"boot0": None, "boot1": b"\0"})
    assert card.erase().finished.verdict is Verdict.VERIFIED
    assert card.played.what() == [
        ("secure", "user"),
        ("erase", "user"),
        ("secure", "boot0"),
        ("erase", "boot0"),
    ]


def test_parts_are_whole_erase_groups(card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mmc_session, "_PART_BYTES", 5 * GROUP + 1)
    card.make(BLANK)
    ran = card.erase()
    assert ran.finished.verdict is Verdict.VERIFIED
    spans = [(int(one[2]), int(one[3]) + 512) for one in card.played.asked if one[0] == "erase"]
    assert spans[0] == (0, 5 * GROUP)
    assert all(end == start for (_a, end), (start, _b) in pairwise(spans))
    assert spans[-1][1] == SIZE


# ---- what is not reached, and lies ----


def test_an_area_that_cannot_be_opened_is_left_and_said(card: Card) -> None:
    card.make({"boot0": None, "boot1": None})
    (card.root / "dev/mmcblk0boot1").unlink()
    ran = card.erase()
    left = ran.seen(ObservationKind.HIDDEN_AREA_LEFT).detail
    assert (left["area"], left["errno"]) == ("boot1", "ENOENT")
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert ReasonCode.HIDDEN_AREA_LEFT in ran.finished.reasons
    assert b"SECRET" in card.files["boot1"].read_bytes()


def test_areas_that_the_kernel_does_not_show_are_left_and_said(card: Card) -> None:
    card.make({})
    ran = card.erase()
    left = ran.seen(ObservationKind.HIDDEN_AREA_LEFT).detail
    assert (left["expected"], left["found"]) == (2, 0)
    assert ran.finished.verdict is Verdict.UNVERIFIED


def test_a_write_protected_area_is_left_and_said(card: Card) -> None:
    card.make({"boot0": None, "boot1": b"\0"})
    card.played.trouble["erase"] = [0, 1 << 26]  # WP_VIOLATION, of boot0
    ran = card.erase()
    left = ran.seen(ObservationKind.HIDDEN_AREA_LEFT).detail
    assert (left["area"], left["status"]) == ("boot0", "WP_VIOLATION")
    assert ran.finished.verdict is Verdict.UNVERIFIED


def test_another_device_under_an_areas_name_is_not_touched(card: Card) -> None:
    card.make({"boot0": None, "boot1": b"\0"})
    stranger = filled_file(card.root / "stranger", BOOT)
    before = stranger.read_bytes()
    node = card.stack.enter_context(loop_device(stranger))
    link = card.root / "dev/mmcblk0boot0"
    link.unlink()
    link.symlink_to(node)
    ran = card.erase()
    assert ran.seen(ObservationKind.HIDDEN_AREA_LEFT).detail["errno"] == "ENODEV"
    assert stranger.read_bytes() == before


@pytest.mark.parametrize(
    ("lies", "reason"),
    [("user", ReasonCode.CANARY_SURVIVED), ("boot0", ReasonCode.MISMATCH)],
)
def test_an_erase_that_only_says_so_is_found_out(card: Card, lies: str, reason: ReasonCode) -> None:
    card.played.lies = (lies,)
    card.make({"boot0": None, "boot1": b"\0"})
    ran = card.erase()
    assert ran.finished.verdict is Verdict.FAILED
    assert reason in ran.finished.reasons


@pytest.mark.parametrize(
    ("what", "trouble", "verdict", "kind"),
    [
        ("erase", OSError(errno.EIO, "no"), Verdict.FAILED, ObservationKind.COMMAND_FAILED),
        ("erase", 1 << 27, Verdict.FAILED, ObservationKind.COMMAND_FAILED),
        ("sanitize", 1 << 7, Verdict.FAILED, ObservationKind.COMMAND_FAILED),
        ("sanitize", OSError(errno.EIO, "no"), Verdict.FAILED, ObservationKind.COMMAND_FAILED),
        (
            "sanitize",
            OSError(errno.ETIMEDOUT, "late"),
            Verdict.UNVERIFIED,
            ObservationKind.COMMAND_HUNG,
        ),
    ],
)
def test_what_the_device_refuses(
    card: Card, what: str, trouble: Trouble, verdict: Verdict, kind: ObservationKind
) -> None:
    card.played.trouble[what] = [trouble]
    card.make(BLANK)
    ran = card.erase()
    assert ran.seen(kind)
    assert not all_of(ran, ObservationKind.COMMAND_FINISHED)
    assert ran.finished.verdict is verdict


def test_a_device_that_hangs(card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mmc_session, "_KERNEL_LATE_S", 0.0)
    monkeypatch.setattr(mmc_session, "_SHORTEST_MS", 100)
    monkeypatch.setattr(mmc_session, "_LONGEST_MS", 100)
    card.played.slow_s = 3.0
    card.make(BLANK)
    ran = card.erase()
    assert ran.seen(ObservationKind.COMMAND_HUNG)
    assert ran.finished.verdict is Verdict.UNVERIFIED


# ---- before it starts ----


@pytest.mark.parametrize(
    ("kind", "trouble", "size"),
    [
        ("SD", [], SIZE),
        ("MMC", [OSError(errno.EIO, "no")], SIZE),
        ("MMC", [], SIZE + 512),  # a register that tells of another device
    ],
)
def test_nothing_is_sent_where_it_is_not_the_eMMC_that_was_planned(  # noqa: N802
    card: Card, kind: str, trouble: list[Trouble], size: int
) -> None:
    card.played.trouble["ext_csd"] = trouble
    card.played.size = size
    card.make(BLANK, kind)
    before = card.files["user"].read_bytes()
    ran = card.erase()
    assert ran.finished.verdict is Verdict.FAILED
    assert card.played.asked == []
    assert card.files["user"].read_bytes() == before


def test_an_erase_that_was_cut_off_begins_anew(card: Card) -> None:
    card.make(BLANK)
    ran = card.erase(reattach=True)
    assert ran.seen(ObservationKind.STATUS_NOT_OURS)
    assert ran.finished.verdict is Verdict.UNVERIFIED


def test_a_stop_is_honoured_between_parts(card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mmc_session, "_PART_BYTES", GROUP)
    card.make(BLANK)
    stop = threading.Event()

    def on_event(item: object) -> None:
        if isinstance(item, CommandRan):
            stop.set()

    ran = card.erase(on_event=on_event, stop=stop)
    assert isinstance(ran.end, DriveInterrupted)
    assert len(card.played.asked) == 1
