"""An ATA drive that answers as told, through what SG_IO brings back; no medium, no device."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace
from itertools import product

from hypothesis import strategies as st

from reprise.adapters.drives.passthrough.sgio import ScsiAnswer
from reprise.domain.planning.techniques import Technique
from unit.adapters.drives.procedures import (
    ERRNOS,
    SERIAL,
    SIZE,
    STRANGER,
    Fault,
    Log,
    World,
    with_status,
)

CHECK_CONDITION, DRIVER_SENSE = 0x02, 0x08
# FEATURE and LBA of the three operations, written out from ACS-4
SANITIZES = {
    Technique.ATA_SANITIZE_CRYPTO: (0x11, 0x4372_7970),
    Technique.ATA_SANITIZE_BLOCK: (0x12, 0x426B_4572),
    Technique.ATA_SANITIZE_OVERWRITE: (0x14, 0x4F57_0000_0000),
}
ERASES = {Technique.ATA_SECURITY_ERASE: 0, Technique.ATA_SECURITY_ERASE_ENHANCED: 2}
KINDS = {0xEC: "identify", 0xF1: "password", 0xF2: "unlock", 0xF3: "prepare", 0xF6: "disable"}
# COUNT(15:8) of SANITIZE STATUS EXT
STATES = {"idle": 0, "succeeded": 0x80, "running": 0x40, "frozen": 0x20, "both": 0xC0}


def registers(status: int, error: int, count: int, lba: int) -> bytes:
    """SAT-4, ATA Status Return descriptor."""
    n = lba.to_bytes(6, "little")
    body = (0x09, 0x0C, 1, error, count >> 8, count & 0xFF)
    head = bytes.fromhex("7201001d0000000e" if not status & 1 else "720b00000000000e")
    return head + bytes((*body, n[3], n[0], n[4], n[1], n[5], n[2], 0x40, status))


@dataclass
class PlayedAta:
    """ScsiAccess. `before`: the state of sanitize at first; `states`: what it says after an
    operation, look by look, the last one stays (none: it says what it said before)."""

    world: World
    technique: Technique
    before: str = "idle"
    states: tuple[tuple[str, int], ...] = (("running", 0x4000), ("succeeded", 0))
    stuck_password: bool = False  # it does not go with the erase
    faults: dict[str, list[Fault | None]] = field(default_factory=dict)
    log: Log = field(default_factory=Log)
    waiting: list[tuple[str, int]] = field(default_factory=list)
    has_password: bool = False

    def __post_init__(self) -> None:
        self.now = (self.before, 0)
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
        assert cdb[0] == 0x85
        kind = self._kind(cdb, data_out)
        waiting = self.faults.get(kind, [])
        fault = waiting.pop(0) if waiting else None
        if fault is not None and fault.name == "errno":
            self.log.add(kind, "")
            raise OSError(fault.number, "played")
        if fault is not None and fault.name == "hangs":
            self.log.add(kind, "")
            self.world.hang()
        if fault is not None and fault.name == "refused":
            status, error, lba = fault.numbers
            told = "failed" if (kind, error & 4, lba) == ("status", 4, 1) else "refused"
            self.log.add(kind, told)
            return self._answer(registers(status, error, 0, lba))
        stranger = fault is not None and fault.name == "stranger"
        word, answer = self._honest(kind, SERIAL if not stranger else STRANGER)
        if stranger and kind == "identify":
            word = "stranger"
        if fault is not None and not stranger:
            word, answer = spoilt(kind, word, answer, fault)
        self.log.add(kind, word)
        return answer

    def _kind(self, cdb: bytes, data: bytes) -> str:
        feature, lba = cdb[3] << 8 | cdb[4], bytes((cdb[11], cdb[9], cdb[7], cdb[12], cdb[10]))
        lba = lba + cdb[8:9]
        if cdb[14] == 0xB4:
            if (feature, int.from_bytes(lba, "big")) == SANITIZES.get(self.technique):
                return "erase"
            return "status" if feature == 0 else "other"
        if cdb[14] == 0xF4:
            mode = int.from_bytes(data[:2], "little")
            right = len(data) == 512 and mode == ERASES.get(self.technique)
            return "erase" if right else "other"
        return KINDS.get(cdb[14], "other")

    def _answer(self, sense: bytes, data: bytes = b"") -> ScsiAnswer:
        return ScsiAnswer(CHECK_CONDITION, 0, DRIVER_SENSE, sense, data, 0, 0.01)

    def _honest(self, kind: str, serial: str) -> tuple[str, ScsiAnswer]:
        if kind == "identify":
            word = "set" if self.has_password else "free"
            return word, self._answer(registers(0x50, 0, 0, 0), self._identify(serial))
        if kind == "status":
            self.now = self.waiting.pop(0) if self.waiting else self.now
            return self._status()
        if kind == "erase" and self.technique in SANITIZES:
            self.waiting = list(self.states)
            return "ok", self._answer(registers(0x50, 0, 0, 0))
        if kind == "password":
            self.has_password = True
        if kind in ("erase", "disable") and not self.stuck_password:
            self.has_password = False
        return "ok", self._answer(registers(0x50, 0, 0, 0))

    def _status(self) -> tuple[str, ScsiAnswer]:
        state, progress = self.now
        if state == "failed":
            return state, self._answer(registers(0x51, 0x04, 0, 1))
        word = "" if state == "both" else state
        return word, self._answer(registers(0x50, 0, STATES[state] << 8, progress))

    def _identify(self, serial: str) -> bytes:
        words = [0] * 256
        words[0], words[83], words[59] = 0x0040, 0x4400, 0xF000
        words[128] = 0x0021 | (0x0002 if self.has_password else 0)
        words[10:20] = struct.unpack(">10H", serial.ljust(20).encode())
        words[100], words[101] = SIZE // 512 & 0xFFFF, SIZE // 512 >> 16
        raw = struct.pack("<256H", *words)[:510] + b"\xa5"
        return raw + bytes((-sum(raw) & 0xFF,))


def spoilt(kind: str, word: str, good: ScsiAnswer, fault: Fault) -> tuple[str, ScsiAnswer]:
    """The answer as it arrives, and what it still says."""
    told_by_registers = kind == "status"
    if fault.name == "host":  # the host adapter's word is that it failed; the buffers look good
        return "", with_status(good, "host_status", fault.number)
    if fault.name == "driver":
        return "", with_status(good, "driver_status", fault.number)
    if fault.name == "scsi":  # BUSY, RESERVATION CONFLICT, TASK SET FULL, TASK ABORTED
        return "", with_status(good, "status", fault.number)
    if fault.name == "cut":
        return "", replace(good, sense=good.sense[: fault.number])
    if fault.name == "junk":
        return "", replace(good, sense=fault.raw)
    if fault.name == "short":  # where there is data: not all of it came
        spoils = kind == "identify"
        return ("" if spoils else word), replace(good, data=good.data[: fault.number])
    if fault.name == "noise":
        data = fault.raw if kind == "identify" else good.data
        return ("" if kind == "identify" else word), replace(good, data=data)
    # a translation that forgets CK_COND: GOOD without registers
    silent = replace(good, status=0, driver_status=0, sense=b"")
    return ("" if told_by_registers else word), silent


def unsigned(raw: bytes) -> bytes:
    """IDENTIFY data whose checksum is wrong."""
    raw = raw[:510] + b"\xa5"
    return raw + bytes((1 - sum(raw) & 0xFF,))


NO_SENSE_DATA = st.binary(max_size=64).filter(lambda raw: raw[:1] < b"\x70" or raw[0] & 0x7F > 0x73)
STATUSES = (0x51, 0xD0, 0x70)  # error, busy, device fault
ERRORS = (0x04, 0x10, 0x00)
EVERY = (
    *(Fault("errno", number) for number in ERRNOS),
    *(Fault("refused", told) for told in product(STATUSES, ERRORS, (0, 1, 2))),
    *(Fault("host", code) for code in (1, 2, 3, 5, 7, 8, 11)),
    *(Fault("driver", code) for code in (0x02, 0x04, 0x06, 0x07)),
    *(Fault("scsi", code) for code in (0x08, 0x18, 0x28, 0x40)),
    *(Fault("cut", length) for length in range(22)),
    *(Fault("junk", raw) for raw in (b"", bytes(22), b"\xff" * 32)),
    *(Fault("short", length) for length in (0, 1, 256, 511)),
    *(Fault("noise", raw) for raw in (bytes(512), b"\xff" * 512)),
    *(Fault(name) for name in ("hangs", "silent", "stranger")),
)
FAULTS = st.one_of(
    st.sampled_from(EVERY),
    st.builds(Fault, st.just("junk"), NO_SENSE_DATA),
    st.builds(Fault, st.just("noise"), st.binary(min_size=512, max_size=512).map(unsigned)),
)
