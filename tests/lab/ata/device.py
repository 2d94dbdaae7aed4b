"""An ATA drive without a cable: a taskfile in, an outcome out. No kernel, no threads."""

from __future__ import annotations

import time
from collections.abc import Callable

from lab.ata.config import AtaConfig, Feature
from lab.ata.hidden import Hidden
from lab.ata.identify import identify
from lab.ata.registers import (
    ABORTED,
    DONE,
    ERROR,
    ID_NOT_FOUND,
    READS,
    UNCORRECTABLE,
    VERIFIES,
    WRITES,
    Command,
    Op,
    Outcome,
    Taskfile,
)
from lab.ata.sanitize import SANITIZES, Sanitize, State
from lab.ata.security import LOCKED_ABORTS, Security
from lab.ata.smart import Smart
from lab.faults import Fault
from lab.media import Media

# What is carried out while a sanitize runs or has failed (ACS-3 4.17.6).
_DURING_SANITIZE = frozenset(
    {Op.SANITIZE, Op.IDENTIFY_DEVICE, Op.CHECK_POWER_MODE, Op.SMART, Op.IDLE_IMMEDIATE}
)
_QUIET = frozenset(
    {
        Op.FLUSH_CACHE,
        Op.FLUSH_CACHE_EXT,
        Op.STANDBY,
        Op.STANDBY_IMMEDIATE,
        Op.IDLE,
        Op.IDLE_IMMEDIATE,
        Op.SLEEP,
    }
)
_Table = dict[int, Callable[[Taskfile], Outcome]]
_SET_FEATURES = frozenset({0x02, 0x03, 0x05, 0x55, 0x66, 0x82, 0x85, 0xAA, 0xCC})
_SECURITY = frozenset(
    {
        Op.SECURITY_SET_PASSWORD,
        Op.SECURITY_UNLOCK,
        Op.SECURITY_ERASE_PREPARE,
        Op.SECURITY_ERASE_UNIT,
        Op.SECURITY_FREEZE_LOCK,
        Op.SECURITY_DISABLE_PASSWORD,
    }
)


class AtaDevice:
    """`clock`: seconds. `wait(s)`: passes that time and says whether the power stayed on."""

    def __init__(
        self,
        config: AtaConfig,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        self.config, self.serial = config, config.serial
        self._clock, self._wait = clock, wait or _sleep
        self.medium = Media(
            config.sectors, config.sector_bytes, config.spare_sectors, kind=config.kind
        )
        self.faults = set(config.faults)  # may be changed while the drive runs
        self.bad_reads, self.bad_writes = list(config.bad_reads), list(config.bad_writes)
        self.security = Security(config.security, config.can, self.faults)
        self.sanitize = Sanitize(config, self.medium, clock, self._erased, self.faults)
        self.hidden = Hidden(config, self.faults)
        self.smart = Smart(config.smart)
        self.commands: list[Command] = []
        self._do = self._table()

    def _table(self) -> _Table:
        table: _Table = {
            Op.IDENTIFY_DEVICE: self._identify,
            Op.SET_FEATURES: self._set_features,
            Op.CHECK_POWER_MODE: lambda tf: Outcome(count=0xFF),
            Op.READ_NATIVE_MAX: self.hidden.read_native_max,
            Op.READ_NATIVE_MAX_EXT: self.hidden.read_native_max,
            Op.SET_MAX: self.hidden.set_max,
            Op.SET_MAX_EXT: self.hidden.set_max,
            Op.ACCESSIBLE_MAX: self.hidden.accessible_max,
            Op.DEVICE_CONFIGURATION: self.hidden.device_configuration,
            Op.SECURITY_SET_PASSWORD: self.security.set_password,
            Op.SECURITY_UNLOCK: self.security.unlock,
            Op.SECURITY_DISABLE_PASSWORD: self.security.disable,
            Op.SECURITY_FREEZE_LOCK: self.security.freeze,
            Op.SECURITY_ERASE_PREPARE: self.security.prepare,
            Op.SECURITY_ERASE_UNIT: self._security_erase,
        }
        for ops, do in (
            (READS, self._read),
            (WRITES, self._write),
            (VERIFIES, self._verify),
            (_QUIET, lambda tf: DONE),
        ):
            table.update(dict.fromkeys(ops, do))
        if Feature.SMART in self.config.can:
            table[Op.SMART] = self.smart.execute
        if Feature.TRIM in self.config.can:
            table[Op.DATA_SET_MANAGEMENT] = self._trim
        if Feature.SECURITY not in self.config.can:
            table = {op: do for op, do in table.items() if op not in _SECURITY}
        if self.config.can & SANITIZES:
            table[Op.SANITIZE] = self.sanitize.execute
        return table

    @property
    def visible_sectors(self) -> int:
        return self.hidden.visible

    @property
    def media(self) -> Media:
        """The medium as it is now: an operation that ran in the meantime is carried out first."""
        self.sanitize.settle()
        return self.medium

    def power_on(self, by_resume: bool = False) -> None:
        """After a loss of power; `by_resume`: the PC slept, so its firmware froze nothing."""
        self.security.power_on(by_resume)
        self.sanitize.power_on(by_resume)
        self.hidden.power_on()

    def execute(self, tf: Taskfile) -> Outcome:
        self.sanitize.settle()
        hang_s = self.config.hang_s.get(tf.command, 0.0)
        alive = self._wait(hang_s) if hang_s else True
        outcome = self._gated(tf) if alive else ABORTED
        self._after(tf)
        kept = b"" if tf.command in WRITES else bytes(tf.data[:512])
        self.commands.append(
            Command(
                tf.command,
                tf.feature,
                tf.count,
                tf.address,
                outcome.status,
                outcome.error,
                kept,
            )
        )
        return outcome

    def _after(self, tf: Taskfile) -> None:
        """Pairs of commands are broken by any other command in between."""
        self.hidden.forget_pair(tf)
        if tf.command != Op.SECURITY_ERASE_PREPARE:
            self.security.prepared = False

    def _gated(self, tf: Taskfile) -> Outcome:
        op = tf.command
        busy = self.sanitize.state in (State.IN_PROGRESS, State.FAILED)
        if busy and op not in _DURING_SANITIZE:
            return ABORTED
        locked_out = op in READS or op in WRITES or op in LOCKED_ABORTS
        sanitizes = op == Op.SANITIZE and tf.feature != 0
        if self.security.locked and (locked_out or sanitizes):
            return ABORTED
        todo = self._do.get(op)
        return todo(tf) if todo else ABORTED

    def identity(self) -> bytes:
        """IDENTIFY DEVICE data as it is now."""
        return identify(
            self.config,
            serial=self.serial,
            visible_sectors=self.visible_sectors,
            security=self.security.word_128,
            master_revision=self.security.revision,
        )

    def _identify(self, tf: Taskfile) -> Outcome:
        return Outcome(data=self.identity())

    def _set_features(self, tf: Taskfile) -> Outcome:
        return DONE if tf.feature & 0xFF in _SET_FEATURES else ABORTED

    def _first_bad(self, bad: list[range], tf: Taskfile) -> Outcome | None:
        """ID NOT FOUND past the end, or UNCORRECTABLE with the first LBA that is bad."""
        first, last = tf.address, tf.address + tf.sectors - 1
        if last >= self.visible_sectors:
            return Outcome(ERROR, ID_NOT_FOUND, lba=first)
        hits = [max(first, each.start) for each in bad if each.start <= last and each.stop > first]
        return Outcome(ERROR, UNCORRECTABLE, lba=min(hits)) if hits else None

    def _read(self, tf: Taskfile) -> Outcome:
        wrong = self._first_bad(self.bad_reads, tf)
        return wrong or Outcome(data=self.medium.read(tf.address, tf.sectors))

    def _verify(self, tf: Taskfile) -> Outcome:
        return self._first_bad(self.bad_reads, tf) or DONE

    def _write(self, tf: Taskfile) -> Outcome:
        size = tf.sectors * self.config.sector_bytes
        if len(tf.data) < size:
            return ABORTED
        wrong = self._first_bad(self.bad_writes, tf)
        good = (wrong.lba - tf.address) if wrong and wrong.error == UNCORRECTABLE else 0
        count = good if wrong else tf.sectors
        if count:
            self.medium.write(tf.address, memoryview(tf.data)[: count * self.config.sector_bytes])
        return wrong or DONE

    def _trim(self, tf: Taskfile) -> Outcome:
        """DATA SET MANAGEMENT, TRIM: 8-byte entries, LBA in 47:0, length in 63:48 (ACS-3 7.5)."""
        if tf.feature != 1:
            return ABORTED
        entries = memoryview(bytes(tf.data).ljust(-len(tf.data) % 8 + len(tf.data), b"\0")).cast(
            "Q"
        )
        ranges = [(each & (1 << 48) - 1, each >> 48) for each in entries if each >> 48]
        if any(lba + count > self.visible_sectors for lba, count in ranges):
            return Outcome(ERROR, ID_NOT_FOUND)
        for lba, count in ranges:
            self.medium.deallocate(lba, count)
        return DONE

    def _security_erase(self, tf: Taskfile) -> Outcome:
        """SECURITY ERASE UNIT (ACS-3 7.38). Cut off, it leaves the drive enabled, so that it is
        locked at the next power-on, with the first part of the medium erased."""
        if not self.security.may_erase(tf):
            return ABORTED
        faults = self.faults
        enhanced = bool(tf.data[0] & 2)
        if Fault.SECURITY_ERASE_LIES not in faults:
            fails = Fault.SECURITY_ERASE_FAILS_HALFWAY in faults
            planned_s = self.config.erase_s / (2 if fails else 1)
            started_s = self._clock()
            alive = self._wait(planned_s)
            if fails or not alive:
                part = min((self._clock() - started_s) / max(self.config.erase_s, 1e-9), 1.0)
                self.medium.erase_logical(b"\0", 0, int(self.medium.sectors * part))
                return ABORTED
            self._erase_all(enhanced and Fault.ENHANCED_ERASE_LEAVES_SPARE not in faults, enhanced)
        self.security.erased()
        self._erased()
        return DONE

    def _erase_all(self, spare_too: bool, enhanced: bool) -> None:
        """Normal: zeros up to the native maximum, so the HPA too, but neither what a DCO hides
        nor the spare area. Enhanced: everything, reallocated sectors too."""
        if spare_too:
            self.medium.erase_all()
        else:
            end = self.medium.sectors if enhanced else self.hidden.native
            self.medium.erase_logical(b"\0", 0, end)

    def _erased(self) -> None:
        if Fault.CHANGES_SERIAL in self.faults:
            self.serial = self.serial[:-1] + ("X" if self.serial[-1:] != "X" else "Y")


def _sleep(seconds: float) -> bool:
    time.sleep(seconds)
    return True
