"""The SANITIZE feature set (ACS-3 4.17 and 7.36): SD0 idle, SD1 frozen, SD2 in progress,
SD3 failed, SD4 succeeded."""

from __future__ import annotations

import enum
from collections.abc import Callable, Set

from lab.ata.config import AtaConfig, Feature
from lab.ata.registers import ABORTED, Outcome, Taskfile, refused
from lab.erasure import Erasure, Run
from lab.faults import Fault
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
        faults: Set[Fault],
    ) -> None:
        self._config = config
        self._run = Erasure(
            media, config.sanitize_s, clock, faults, config.missed_sectors, on_success
        )
        self.frozen = self.antifreeze = self.failure_mode = False
        self.settle, self.hurry = self._run.settle, self._run.hurry
        self.power_on()

    @property
    def state(self) -> State:
        if self.frozen:
            return State.FROZEN
        return {
            Run.NONE: State.IDLE,
            Run.RUNNING: State.IN_PROGRESS,
            Run.FAILED: State.FAILED,
            Run.SUCCEEDED: State.SUCCEEDED,
        }[self._run.state]

    def power_on(self, by_resume: bool = False) -> None:
        """An operation goes on, a failure stays, success and freezing are forgotten."""
        self.antifreeze = self.frozen = False
        if self._run.state is Run.SUCCEEDED:
            self._run.forget()
        if self._run.state is Run.NONE and self._config.sanitize_frozen and not by_resume:
            self.frozen = True

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
        self.failure_mode = bool(tf.count & 0x10)
        pattern = final_pattern(tf.lba, tf.count) if action is Action.OVERWRITE else b"\0"
        self._run.start(None if action is Action.CRYPTO_SCRAMBLE else pattern)

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
            self.frozen = True
        return self._registers()

    def _status(self, tf: Taskfile) -> Outcome:
        if self.state is State.FAILED:
            if not (tf.count & 1 and self.failure_mode):
                return refused(lba=Reason.UNSUCCESSFUL)
            self._run.forget()
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
        return Outcome(count=count, lba=self._run.progress if running else 0xFFFF)
