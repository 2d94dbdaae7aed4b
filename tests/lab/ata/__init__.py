"""Emulated ATA drives, which the kernel and every tool see as a real /dev/sdX.

    from lab.ata import AtaConfig, Fault, ata_drive

    with ata_drive(AtaConfig(serial="LAB0001", kind="ssd", faults={Fault.SANITIZE_LIES})) as drive:
        subprocess.run(["hdparm", "-I", str(drive.node)])
        drive.media.contains(b"needle")   # (times in the logical area, times in the spare area)
        drive.commands                    # every ATA command that arrived: name, feature, ending
        drive.cdbs                        # every SCSI command
        drive.state.security.locked       # .security, .sanitize, .hidden: the drive as it is now
        drive.power_cycle()               # also in the middle of an erase; the node may change
        drive.power_off(), drive.power_on()
        drive.state.sanitize.hurry()      # the operation that runs is over by the next look
        drive.state.faults.clear()        # from now on it is honest; .bad_reads and .bad_writes too
        drive.freeze()                    # as the firmware of a PC does

What it is and can do: `AtaConfig` (size, hidden areas, features, passwords, SMART, times, bad
sectors, commands that hang). What it gets wrong: `Fault`. The target runs in a thread of this
process; the kernel has to have target_core_user and tcm_loop.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from lab.ata.config import HDD, SSD, AtaConfig, Feature, Security, Smart
from lab.ata.device import AtaDevice
from lab.ata.registers import Command, Op, Taskfile
from lab.ata.sat import SatDrive
from lab.faults import Fault
from lab.scsi.attached import Attached, Power, attached


class AtaAttached(Attached[SatDrive]):
    """An ATA drive with a node."""

    @property
    def state(self) -> AtaDevice:
        return self.model.device

    @property
    def commands(self) -> list[Command]:
        return self.model.device.commands

    @property
    def names(self) -> list[str]:
        """The commands' names, in their order."""
        return [command.name for command in self.commands]

    def freeze(self) -> None:
        """SECURITY FREEZE LOCK, as the firmware of a PC sends it; not among the commands."""
        with self.lock:
            self.state.security.freeze(Taskfile(Op.SECURITY_FREEZE_LOCK))


@contextlib.contextmanager
def ata_drive(config: AtaConfig) -> Iterator[AtaAttached]:
    power = Power()
    model = SatDrive(config, wait=power.wait)
    size_bytes = config.sectors * config.sector_bytes
    drive = AtaAttached(model, power, config.serial, size_bytes, config.security.thaws_on_resume)
    with attached(drive):
        yield drive


__all__ = [
    "HDD",
    "SSD",
    "AtaAttached",
    "AtaConfig",
    "Fault",
    "Feature",
    "Op",
    "Security",
    "Smart",
    "ata_drive",
]
