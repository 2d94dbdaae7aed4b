"""The SANITIZE feature set (ACS-3 4.17 and 7.36): SD0 idle, SD1 frozen, SD2 in progress,
SD3 failed, SD4 succeeded."""

from __future__ import annotations

import enum
from collections.abc import Callable

from lab.ata.config import AtaConfig, Fault, Feature
from lab.ata.registers import ABORTED, Outcome, Taskfile, refused
from lab.media import Media


class State(enum.Enum):
    IDLE = "SD0"
    FROZEN = "SD1"
    IN_PROGRESS = "SD2"
    FAILED = "SD3"
    SUCCEEDED = "SD4"


class Action(enum.IntEnum):
    """The FEATURE field."""

    STATUS = 0x0000
    CRYPTO_SCRAMBLE = 0x0011
    BLOCK_ERASE = 0x0012
    OVERWRITE = 0x0014
    FREEZE_LOCK = 0x0020
    ANTIFREEZE_LOCK = 0x0040


# What LBA has to hold, so that no command is taken for a sanitize by accident.
KEYS = {
    Action.CRYPTO_SCRAMBLE: 0x4372_7970,  # "Cryp"
    Action.BLOCK_ERASE: 0x426B_4572,  # "BkEr"
    Action.FREEZE_LOCK: 0x4672_4C6B,  # "FrLk"
    Action.ANTIFREEZE_LOCK: 0x416E_7469,  # "Anti"
}
OVERWRITE_KEY = 0x4F57  # "OW", LBA(47:32); the pattern is LBA(31:0)
_NEEDS = {
    Action.CRYPTO_SCRAMBLE: Feature.CRYPTO_SCRAMBLE,
    Action.BLOCK_ERASE: Feature.BLOCK_ERASE,
    Action.OVERWRITE: Feature.OVERWRITE,
    Action.ANTIFREEZE_LOCK: Feature.ANTIFREEZE,
}
SANITIZES = Feature.CRYPTO_SCRAMBLE | Feature.BLOCK_ERASE | Feature.OVERWRITE


class Reason(enum.IntEnum):
    """LBA(7:0) of an aborted command: SANITIZE DEVICE ERROR reason."""

    NOT_REPORTED = 0
    UNSUCCESSFUL = 1
    UNSUPPORTED = 2
    FROZEN = 3
    ANTIFREEZE = 4


def final_pattern(lba: int, count: int) -> bytes:
    """What the last overwrite pass writes: 4 bytes, repeated."""
    passes = count & 0xF or 16
    inverts = count & 0x80 and not count & 0x40 and passes % 2 == 0
    pattern = lba & 0xFFFF_FFFF
    return (pattern ^ 0xFFFF_FFFF if inverts else pattern).to_bytes(4, "little")


class Sanitize:
    """`clock` gives seconds; `on_success` is called once at each ending that is good."""

    def __init__(
        self,
        config: AtaConfig,
        media: Media,
        clock: Callable[[], float],
        on_success: Callable[[], None],
    ) -> None:
        self._config, self._media = config, media
        self._clock, self._on_success = clock, on_success
        self.state = State.IDLE
        self.antifreeze = self.failure_mode = False
        self.action = Action.STATUS
        self._pattern = b"\0"
        self._started_s = 0.0
        self.power_on()

    def power_on(self, by_resume: bool = False) -> None:
        """An operation goes on, a failure stays, success and freezing are forgotten."""
        if self.state in (State.FROZEN, State.SUCCEEDED):
            self.state = State.IDLE
        self.antifreeze = False
        if self.state is State.IDLE and self._config.sanitize_frozen and not by_resume:
            self.state = State.FROZEN

    @property
    def fraction(self) -> float:
        if Fault.SANITIZE_STUCK in self._config.faults:
            return 0.01
        return min(1.0, (self._clock() - self._started_s) / max(self._config.sanitize_s, 1e-9))

    def settle(self) -> None:
        """Bring the medium to where the clock says it is."""
        if self.state is not State.IN_PROGRESS:
            return
        faults = self._config.faults
        fails = {Fault.SANITIZE_FAILS_HALFWAY, Fault.SANITIZE_FAILS_KEEPS_DATA} & set(faults)
        if fails and self.fraction >= 0.5:
            self.state = State.FAILED
            if Fault.SANITIZE_FAILS_HALFWAY in fails:
                self._media.erase_logical(self._pattern, 0, self._media.sectors // 2)
        elif self.fraction >= 1.0:
            self.state = State.SUCCEEDED
            self._erase()
            self._on_success()

    def _erase(self) -> None:
        media, faults = self._media, self._config.faults
        if Fault.SANITIZE_LIES in faults:
            return
        if Fault.SANITIZE_UNMAPS_ONLY in faults:
            media.deallocate(0, media.sectors)
        elif Fault.SANITIZE_LEAVES_SPARE in faults:
            media.erase_logical(self._pattern)
        elif Fault.SANITIZE_MISSES_END in faults:
            media.erase_logical(self._pattern, 0, media.sectors - self._config.missed_sectors)
            media.erase_spare()
        elif self.action is Action.CRYPTO_SCRAMBLE:
            media.crypto_scramble()
        else:
            media.erase_all(self._pattern)

    def execute(self, tf: Taskfile) -> Outcome:
        if tf.feature not in set(Action):
            return refused(lba=Reason.UNSUPPORTED)
        action = Action(tf.feature)
        if action is Action.STATUS:
            return self._status(tf)
        needs = _NEEDS.get(action)
        if needs is not None and needs not in self._config.can:
            return refused(lba=Reason.UNSUPPORTED)
        if not self._signed(action, tf.lba):
            return refused(lba=Reason.UNSUPPORTED)
        if self.state is State.IN_PROGRESS:
            return refused(lba=Reason.NOT_REPORTED)
        if action in (Action.FREEZE_LOCK, Action.ANTIFREEZE_LOCK):
            return self._freeze(action)
        if self.state is State.FROZEN:
            return refused(lba=Reason.FROZEN)
        self._start(action, tf)
        return self._registers()

    @staticmethod
    def _signed(action: Action, lba: int) -> bool:
        return lba >> 32 == OVERWRITE_KEY if action is Action.OVERWRITE else lba == KEYS[action]

    def _start(self, action: Action, tf: Taskfile) -> None:
        self.action, self.state = action, State.IN_PROGRESS
        self.failure_mode = bool(tf.count & 0x10)
        overwrites = action is Action.OVERWRITE
        self._pattern = final_pattern(tf.lba, tf.count) if overwrites else b"\0"
        self._started_s = self._clock()

    def _freeze(self, action: Action) -> Outcome:
        if action is Action.ANTIFREEZE_LOCK:
            if self.state is State.FROZEN:
                return refused(lba=Reason.FROZEN)
            self.antifreeze = True
        elif self.antifreeze:
            return refused(lba=Reason.ANTIFREEZE)
        elif self.state is State.FAILED:
            return ABORTED
        else:
            self.state = State.FROZEN
        return self._registers()

    def _status(self, tf: Taskfile) -> Outcome:
        if self.state is State.FAILED:
            if not (tf.count & 1 and self.failure_mode):
                return refused(lba=Reason.UNSUCCESSFUL)
            self.state = State.IDLE
        return self._registers()

    def _registers(self) -> Outcome:
        """COUNT(15:8) bits: 15 succeeded, 14 in progress, 13 frozen, 12 antifreeze. LBA(15:0):
        progress of 65536, or FFFFh where nothing runs."""
        count = (
            (self.state is State.SUCCEEDED) << 15
            | (self.state is State.IN_PROGRESS) << 14
            | (self.state is State.FROZEN) << 13
            | self.antifreeze << 12
        )
        running = self.state is State.IN_PROGRESS
        return Outcome(
            count=count, lba=min(int(self.fraction * 65536), 0xFFFE) if running else 0xFFFF
        )
