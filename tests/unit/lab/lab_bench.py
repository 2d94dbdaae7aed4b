"""An emulated ATA drive on a bench of its own: a clock that moves only when told, and a switch."""

from __future__ import annotations

import struct
from typing import Any

from lab.ata.config import AtaConfig
from lab.ata.device import AtaDevice
from lab.ata.registers import Op, Outcome, Taskfile
from lab.ata.sanitize import KEYS, Action

NEEDLE = b"donor's letter, 1 March 2019: private! "
SECTORS = 8192


class Bench:
    """A device, a clock that moves only when told, and a switch for its power."""

    def __init__(self, **config: Any) -> None:
        self.now_s = 0.0
        self.power = True
        self.device = AtaDevice(
            AtaConfig(**{"sectors": SECTORS, "spare_sectors": 256, **config}),
            clock=lambda: self.now_s,
            wait=self.wait,
        )

    def wait(self, seconds: float) -> bool:
        self.now_s += seconds if self.power else seconds / 4
        return self.power

    def do(self, command: int, **fields: Any) -> Outcome:
        return self.device.execute(Taskfile(command, **fields))

    def words(self) -> tuple[int, ...]:
        return struct.unpack("<256H", self.do(Op.IDENTIFY_DEVICE).data)

    def password(self, op: int, text: bytes, head: int = 0) -> Outcome:
        block = struct.pack("<H32s", head, text).ljust(512, b"\0")
        return self.do(op, data=block)

    def erase_unit(self, text: bytes, head: int = 0) -> Outcome:
        self.do(Op.SECURITY_ERASE_PREPARE)
        return self.password(Op.SECURITY_ERASE_UNIT, text, head)

    def fill(self) -> None:
        """Twice, so that a solid state drive has stale copies of the needle."""
        data = (NEEDLE * 40)[:512] * 1024
        for lba in [*range(0, SECTORS, 1024)] * 2:
            self.device.medium.write(lba, data)

    def sanitize(self, action: Action, lba: int = -1, count: int = 0) -> Outcome:
        key = KEYS.get(action, 0) if lba < 0 else lba
        return self.do(Op.SANITIZE, feature=action, lba=key, count=count)

    def status(self, clear: bool = False) -> Outcome:
        return self.do(Op.SANITIZE, feature=Action.STATUS, count=int(clear))
