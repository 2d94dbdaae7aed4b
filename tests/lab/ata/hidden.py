"""Hidden areas: HPA (ATA8-ACS 4.11), DCO (ATA8-ACS 4.8, 7.12) and AMAC (ACS-3 4.5, 7.2)."""

from __future__ import annotations

import struct
from collections.abc import Set

from lab.ata.config import AtaConfig, Feature
from lab.ata.registers import (
    ABORT,
    ABORTED,
    DONE,
    ERROR,
    ID_NOT_FOUND,
    Op,
    Outcome,
    Taskfile,
    address,
)
from lab.faults import Fault

NOT_FOUND = Outcome(ERROR, ABORT | ID_NOT_FOUND)
DCO_RESTORE, DCO_FREEZE, DCO_IDENTIFY, DCO_SET = 0xC0, 0xC1, 0xC2, 0xC3
AMAC_GET, AMAC_SET, AMAC_FREEZE = 0x0000, 0x0001, 0x0002


class Hidden:
    """All limits are counts of sectors: real >= native (DCO) >= visible (HPA or AMAC)."""

    def __init__(self, config: AtaConfig, faults: Set[Fault]) -> None:
        self._can, self._faults = config.can, faults
        self._keeps_max, self._asks_kept = config.restore_keeps_max, config.restore_asks_kept
        self.real = config.sectors
        self.native = config.sectors - config.dco_sectors
        self._kept = self.native - config.hpa_sectors - config.amac_sectors
        self.visible = self._kept
        self.power_on()

    def power_on(self) -> None:
        """What was volatile is gone; one non-volatile change is possible again."""
        self.visible = self._kept
        self._changed = self.dco_frozen = self.max_frozen = False
        self._native_was_read: int | None = None

    @property
    def dco_is_factory(self) -> bool:
        return self.native == self.real

    def forget_pair(self, tf: Taskfile) -> None:
        """After every command: SET MAX ADDRESS has to follow READ NATIVE MAX at once."""
        reads = tf.command in (Op.READ_NATIVE_MAX, Op.READ_NATIVE_MAX_EXT)
        self._native_was_read = tf.command if reads else None

    def read_native_max(self, tf: Taskfile) -> Outcome:
        drops = Fault.DROPS_READ_NATIVE_MAX in self._faults
        if Feature.HPA not in self._can or drops:
            return ABORTED
        return address(self.native - 1, tf.extended)

    def set_max(self, tf: Taskfile) -> Outcome:
        """SET MAX ADDRESS (EXT). COUNT bit 0: non-volatile."""
        pair = Op.READ_NATIVE_MAX_EXT if tf.extended else Op.READ_NATIVE_MAX
        if Feature.HPA not in self._can or self.max_frozen or self._native_was_read != pair:
            return ABORTED
        wanted = tf.address + 1
        if wanted > self.native:
            return NOT_FOUND
        if tf.count & 1:
            if self._changed:
                return NOT_FOUND
            self._changed, self._kept = True, wanted
        self.visible = wanted
        return address(wanted - 1, tf.extended)

    def freeze_max(self) -> Outcome:
        self.max_frozen = True
        return DONE

    def accessible_max(self, tf: Taskfile) -> Outcome:
        if Feature.AMAC not in self._can:
            return ABORTED
        if tf.feature == AMAC_GET:
            return address(self.native - 1, True)
        if tf.feature == AMAC_FREEZE:
            return self.freeze_max()
        if tf.feature != AMAC_SET or self.max_frozen or self._changed:
            return ABORTED
        if tf.lba >= self.native:
            return NOT_FOUND
        self._changed = True
        self.visible = self._kept = tf.lba + 1
        return address(tf.lba, True)

    def device_configuration(self, tf: Taskfile) -> Outcome:
        if Feature.DCO not in self._can or self.dco_frozen:
            return ABORTED
        todo = {
            DCO_RESTORE: self._dco_restore,
            DCO_FREEZE: self._dco_freeze,
            DCO_IDENTIFY: self._dco_identify,
            DCO_SET: self._dco_set,
        }.get(tf.feature & 0xFF)
        return todo(tf) if todo else ABORTED

    def _dco_restore(self, tf: Taskfile) -> Outcome:
        limit = self._kept if self._asks_kept else self.visible
        if self.dco_is_factory or limit != self.native:
            return ABORTED
        self.native = self.real
        if not self._keeps_max:
            self.visible = self._kept = self.real
        return DONE

    def _dco_freeze(self, tf: Taskfile) -> Outcome:
        self.dco_frozen = True
        return DONE

    def _dco_identify(self, tf: Taskfile) -> Outcome:
        """Words 3 to 6: the greatest LBA that a DEVICE CONFIGURATION SET may leave."""
        body = struct.pack("<3HQ2H", 2, 0x0007, 0x007F, self.real - 1, 0x00CB, 0x0000)
        raw = body.ljust(510, b"\0") + b"\xa5"
        return Outcome(data=raw + bytes([-sum(raw) & 0xFF]))

    def _dco_set(self, tf: Taskfile) -> Outcome:
        data = bytes(tf.data[:512])
        whole = len(data) == 512 and sum(data) & 0xFF == 0 and data[510] == 0xA5
        if not whole or not self.dco_is_factory or self.visible != self.native:
            return ABORTED
        wanted: int = struct.unpack_from("<Q", data, 6)[0] + 1
        if wanted > self.real:
            return ABORTED
        self.native = self.visible = self._kept = wanted
        return DONE
