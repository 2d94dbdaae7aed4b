"""The last look before the first destructive command: another drive is never opened for writing."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from reprise.adapters.drives.blockio import DriveGoneError
from reprise.adapters.drives.surface import opening
from reprise.adapters.drives.surface.opening import NotOpenedError, open_judged, open_planned
from reprise.domain.drives.capabilities import OwnWord
from reprise.domain.pc.hardware import Drive, Transport
from reprise.domain.planning.plan import Refusal, RefusalCode
from reprise.domain.planning.policy import Policy
from reprise.domain.report.events import ObservationKind
from reprise.errors import ToolError
from unit.adapters.drives.memory_device import MemoryDevice
from unit.domain.drives.drives import drive as made_drive

SIZE = 1 << 20
WHO = replace(made_drive().identity, size_bytes=SIZE)
DRIVE = made_drive(identity=WHO, node=MemoryDevice.node)
CHANGED, FAILED = ObservationKind.IDENTITY_CHANGED, ObservationKind.COMMAND_FAILED
WORD = OwnWord(by="ata", serial="S1", address="0x5000c500a1b2c3d4")


@dataclass
class Rig:
    """What is planned, what the probe sees, what the drive says, and which device is there."""

    planned: Drive = DRIVE
    own: OwnWord = field(default_factory=OwnWord)
    seen: Drive = DRIVE
    now: OwnWord = field(default_factory=OwnWord)
    device: MemoryDevice = field(default_factory=lambda: MemoryDevice(SIZE))
    policy: Policy = field(default_factory=Policy)
    unplugged_by: str = ""  # the step during which it leaves
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def drive(self) -> Drive:
        return self.planned

    def probe_drive(self, node: str) -> Drive:
        self.asked.append(("probe", node))
        if self.unplugged_by == "probe":
            self.device.there = False
        return self.seen

    def asks(self, device: object, drive: Drive, by: str = "") -> OwnWord:
        self.asked.append(("asks", device, drive, by))
        if self.unplugged_by == "asks":
            self.device.there = False
        return self.now

    def claim(self, node: str) -> Any:
        self.asked.append(("claim", node))
        return self.device

    def open(self) -> list[str]:
        with open_planned(self, self, self.policy, self.asks, self.claim) as device:  # type: ignore[arg-type]
            assert device is self.device
            assert self.device.told == [], "open while it is worked on"
        return self.device.told

    def refused(self) -> NotOpenedError:
        with pytest.raises(NotOpenedError) as caught:
            self.open()
        assert self.device.told == ["close"]
        return caught.value


def test_the_drive_that_was_planned_is_claimed_then_looked_at_then_asked() -> None:
    rig = Rig(own=WORD, now=WORD)
    assert rig.open() == ["close"]
    assert rig.asked == [
        ("claim", DRIVE.node),
        ("probe", DRIVE.node),
        ("asks", rig.device, DRIVE, "ata"),
    ]


@pytest.mark.parametrize("size", [SIZE - 512, SIZE + 512])
def test_another_size_under_the_same_path(size: int) -> None:
    error = Rig(device=MemoryDevice(size)).refused()
    assert error.kind is CHANGED
    assert error.detail == {"fact": "size_bytes", "planned": SIZE, "found": size}


def test_other_sectors_under_the_same_path() -> None:
    rig = Rig()
    rig.device.logical_bytes = 4096
    error = rig.refused()
    assert error.kind is CHANGED
    assert error.detail == {"fact": "logical_sector_bytes", "planned": 512, "found": 4096}


def test_a_drive_that_has_become_read_only() -> None:
    rig = Rig()
    rig.device.read_only = True
    error = rig.refused()
    assert (error.kind, error.detail) == (FAILED, {"command": "open", "refusal": "read-only"})


def test_another_serial_number_at_the_last_look() -> None:
    rig = Rig(seen=replace(DRIVE, identity=replace(WHO, serial="S2")))
    error = rig.refused()
    assert error.kind is CHANGED
    assert error.detail == {"command": "probe", "refusals": "identity-changed: serial: S1 -> S2"}
    assert error.refusals == (Refusal(RefusalCode.IDENTITY_CHANGED, "serial: S1 -> S2"),)
    assert not any(step[0] == "asks" for step in rig.asked)


def test_a_drive_that_is_used_by_now_is_no_other_drive() -> None:
    error = Rig(seen=replace(DRIVE, read_only=True, label="REPRISE")).refused()
    assert error.kind is FAILED
    assert error.detail["refusals"] == f"reprise-stick: {DRIVE.node}: REPRISE; read-only: "
    assert [one.code for one in error.refusals] == [
        RefusalCode.REPRISE_STICK,
        RefusalCode.READ_ONLY,
    ]


def test_the_policy_holds_at_the_last_look_too() -> None:
    usb = replace(DRIVE, transport=Transport.USB)
    assert Rig(planned=usb, seen=usb).refused().refusals[0].code is RefusalCode.NOT_INTERNAL
    assert Rig(planned=usb, seen=usb, policy=Policy(allow_usb=True)).open() == ["close"]


def test_a_loop_device_was_named_when_it_was_planned() -> None:
    loop = replace(DRIVE, transport=Transport.LOOP)
    assert Rig(planned=loop, seen=loop).open() == ["close"]


def test_a_probe_that_fails_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = Rig()

    def fails(_node: str) -> Drive:
        raise ToolError("lsblk says nothing", "look")

    monkeypatch.setattr(rig, "probe_drive", fails)
    error = rig.refused()
    assert error.kind is FAILED
    assert error.detail["command"] == "probe"
    assert "lsblk says nothing" in str(error.detail["error"])
    assert error.refusals == ()


@pytest.mark.parametrize(
    ("own", "now", "detail"),
    [
        (
            OwnWord(),
            OwnWord(by="ata", serial="S2"),
            {"fact": "serial", "planned": "S1", "found": "S2"},
        ),
        (
            WORD,
            replace(WORD, address="0x5000c500ffffffff"),
            {"fact": "address", "planned": WORD.address, "found": "0x5000c500ffffffff"},
        ),
    ],
)
def test_the_drive_itself_says_that_it_is_another(
    own: OwnWord, now: OwnWord, detail: dict[str, str]
) -> None:
    error = Rig(own=own, now=now).refused()
    assert (error.kind, error.detail) == (CHANGED, detail)


def test_a_drive_that_told_who_it_is_and_tells_nothing_now_may_be_another() -> None:
    error = Rig(own=WORD, now=OwnWord()).refused()
    assert error.kind is FAILED
    assert error.detail == {"command": "identify", "refusal": "identity-silent"}
    assert Rig(own=OwnWord(), now=WORD).open() == ["close"]


def test_an_answer_that_leaves_out_who_it_is_is_none() -> None:
    """One with a serial number of spaces, in the dock of the one that was planned."""
    error = Rig(own=WORD, now=OwnWord(by="ata", size_bytes=1)).refused()
    assert error.detail == {"command": "identify", "refusal": "identity-silent"}
    assert Rig(own=WORD, now=replace(WORD, serial="")).open() == ["close"], "by its address"
    assert Rig(own=WORD, now=replace(WORD, address="")).open() == ["close"], "by its serial"
    nameless = OwnWord(by="ata", size_bytes=1)
    assert Rig(own=nameless, now=nameless).open() == ["close"]


@pytest.mark.parametrize("step", ["probe", "asks"])
def test_a_drive_that_leaves_meanwhile_is_gone(step: str) -> None:
    rig = Rig(unplugged_by=step)
    with pytest.raises(DriveGoneError):
        rig.open()
    assert rig.device.told == ["close"]


def test_it_is_gone_also_where_it_then_tells_nothing() -> None:
    rig = Rig(own=WORD, now=OwnWord(), unplugged_by="asks")
    with pytest.raises(DriveGoneError):
        rig.open()


@pytest.mark.parametrize(
    ("code", "name"),
    [(errno.EBUSY, "EBUSY"), (errno.EACCES, "EACCES"), (9999, "9999"), (None, "None")],
)
def test_what_cannot_be_claimed_is_told_by_its_errno(code: int | None, name: str) -> None:
    def claim(_node: str) -> Any:
        raise OSError(code, "no") if code else OSError("no")

    rig = Rig()
    with (
        pytest.raises(NotOpenedError) as caught,
        open_planned(rig, rig, Policy(), rig.asks, claim),  # type: ignore[arg-type]
    ):
        raise AssertionError("opened")
    assert caught.value.kind is FAILED
    assert caught.value.detail == {"command": "open", "errno": name}


@pytest.mark.parametrize("code", [errno.ENODEV, errno.ENXIO, errno.ENOMEDIUM, errno.ENOENT])
def test_a_path_that_leads_nowhere_is_a_drive_that_is_gone(code: int) -> None:
    def claim(_node: str) -> Any:
        raise OSError(code, os.strerror(code))

    rig = Rig()
    with (
        pytest.raises(DriveGoneError),
        open_judged(DRIVE, rig, lambda _seen: (), claim),  # type: ignore[arg-type]
    ):
        raise AssertionError("opened")


def test_it_is_opened_for_writing_and_claimed_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, dict[str, bool]]] = []
    monkeypatch.setattr(opening, "BlockFile", lambda node, **how: made.append((node, how)))
    opening._claim("/dev/sdx")
    assert made == [("/dev/sdx", {"writable": True})]


def test_it_is_closed_also_where_the_work_fails() -> None:
    rig = Rig()
    with (
        pytest.raises(RuntimeError),
        open_planned(rig, rig, Policy(), rig.asks, rig.claim),  # type: ignore[arg-type]
    ):
        raise RuntimeError
    assert rig.device.told == ["close"]


def test_with_other_rules_too_a_drive_that_left_is_gone() -> None:
    rig = Rig(unplugged_by="probe")
    with (
        pytest.raises(DriveGoneError),
        open_judged(DRIVE, rig, lambda _seen: (), rig.claim),  # type: ignore[arg-type]
    ):
        raise AssertionError("opened")
    assert rig.device.told == ["close"]


def test_an_error_that_nobody_catches_says_what_it_was() -> None:
    assert str(Rig(device=MemoryDevice(512)).refused()) == "identity-changed"
