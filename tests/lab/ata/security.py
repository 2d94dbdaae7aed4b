"""The security feature set (ACS-3 4.18, 7.37 to 7.42): passwords, locking, freezing.

The states SEC1 to SEC6 are `enabled`, `locked` and `frozen` together.
"""

from __future__ import annotations

from collections.abc import Set

from lab.ata.config import Feature
from lab.ata.config import Security as Setup
from lab.ata.registers import ABORTED, DONE, Op, Outcome, Taskfile
from lab.faults import Fault

ATTEMPTS = 5  # 4.18.8: password attempt counter
DEFAULT_REVISION = 0xFFFE  # 7.12.7.43: master password revision code of the factory


def padded(password: bytes) -> bytes:
    """The 32 bytes of words 1 to 16 of the data block."""
    return password.ljust(32, b"\0")[:32]


class Security:
    """`prepared` is for the very next command only: the device clears it after each."""

    def __init__(self, setup: Setup, can: Feature, faults: Set[Fault]) -> None:
        self._setup, self._can, self._faults = setup, can, faults
        self.user = None if setup.user_password is None else padded(setup.user_password)
        self.master = padded(setup.master_password)
        self.maximum = setup.maximum
        self.revision = DEFAULT_REVISION
        self.locked = self.frozen = self.prepared = False
        self.attempts = ATTEMPTS
        self.power_on()

    def power_on(self, by_resume: bool = False) -> None:
        """After a resume the PC's firmware has not run: nobody freezes the drive again."""
        self.locked = self.user is not None
        self.frozen = self._setup.frozen and not by_resume and not self.locked
        self.attempts = ATTEMPTS
        self.prepared = False

    @property
    def enabled(self) -> bool:
        return self.user is not None

    @property
    def expired(self) -> bool:
        return self.attempts == 0

    @property
    def word_128(self) -> int:
        """IDENTIFY DEVICE word 128 (7.12.7.56)."""
        bits = (
            Feature.SECURITY in self._can,
            self.enabled,
            self.locked,
            self.frozen,
            self.expired,
            Feature.ENHANCED_ERASE in self._can,
        )
        if not bits[0]:
            return 0
        maximum = self.enabled and self.maximum
        return sum(1 << at for at, bit in enumerate(bits) if bit) | maximum << 8

    def _matches(self, tf: Taskfile) -> bool:
        given = bytes(tf.data[2:34])
        if tf.data[0] & 1:
            return given == self.master
        return self.user is not None and given == self.user

    def set_password(self, tf: Taskfile) -> Outcome:
        if self.locked or self.frozen or len(tf.data) < 512:
            return ABORTED
        if Fault.PASSWORD_IGNORED in self._faults:
            return DONE
        password = bytes(tf.data[2:34])
        if tf.data[0] & 1:
            self.master = password
            self.revision = int.from_bytes(tf.data[34:36], "little") or self.revision
        else:
            self.user = password
            self.maximum = bool(tf.data[1] & 1)
        return DONE

    def unlock(self, tf: Taskfile) -> Outcome:
        if self.frozen or self.expired or len(tf.data) < 512:
            return ABORTED
        by_master = bool(tf.data[0] & 1)
        if self.enabled and by_master and self.maximum:
            return ABORTED
        if self._matches(tf):
            self.locked = False
            return DONE
        if self.locked:
            self.attempts -= 1
        return ABORTED

    def disable(self, tf: Taskfile) -> Outcome:
        if self.locked or self.frozen or len(tf.data) < 512:
            return ABORTED
        if self.enabled and tf.data[0] & 1 and self.maximum:
            return ABORTED
        if self.enabled and not self._matches(tf):
            return ABORTED
        self.user = None
        return DONE

    def prepare(self, tf: Taskfile) -> Outcome:
        if self.frozen:
            return ABORTED
        self.prepared = True
        return DONE

    def freeze(self, tf: Taskfile) -> Outcome:
        if self.locked:
            return ABORTED
        self.frozen = True
        return DONE

    def may_erase(self, tf: Taskfile) -> bool:
        """Is this SECURITY ERASE UNIT to be carried out (7.38)? The master password erases at
        either level. Without a user password only the master password can be compared."""
        enhanced = bool(len(tf.data) >= 512 and tf.data[0] & 2)
        return (
            self.prepared
            and not self.frozen
            and not self.expired
            and len(tf.data) >= 512
            and (Feature.ENHANCED_ERASE in self._can or not enhanced)
            and self._matches(tf)
            and Fault.SECURITY_ERASE_ABORTS not in self._faults
        )

    def erased(self) -> None:
        """The ending of an erase that succeeded: disabled and not locked; the master stays."""
        self.user = None
        self.locked = False


# What a locked drive aborts (4.18.6, the table of command actions), beside reads and writes.
LOCKED_ABORTS = frozenset(
    {
        Op.DATA_SET_MANAGEMENT,
        Op.SET_MAX,
        Op.SET_MAX_EXT,
        Op.DEVICE_CONFIGURATION,
        Op.FLUSH_CACHE,
        Op.FLUSH_CACHE_EXT,
        Op.READ_VERIFY,
        Op.READ_VERIFY_EXT,
    }
)
