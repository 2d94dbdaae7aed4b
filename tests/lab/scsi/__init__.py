"""Emulated SCSI and SAS drives, which the kernel and every tool see as a real /dev/sdX.

    from lab.scsi import ScsiConfig, scsi_drive

    with scsi_drive(ScsiConfig(serial="LABS001", sanitize_s=2.0)) as drive:
        subprocess.run(["sg_sanitize", "--crypto", "--quick", str(drive.node)])
        drive.media.contains(b"needle")   # (times in the logical area, times in the spare area)
        drive.cdbs                        # every command that arrived, and how it ended
        drive.model.run.state             # of the sanitize: lab.erasure.Run
        drive.power_cycle(settle_s=1)     # the node may change: use drive.node again
        drive.generic                     # /dev/sgN: answers while a read of the node waits
        drive.model.run.hurry()           # the operation that runs is over by the next look
        drive.model.faults.clear()        # from now on it is honest; .bad_reads and .bad_writes too

While a sanitize runs the kernel retries refused reads: whoever reads the node, udev too, waits for
its end, and so does whoever opens the node while its partitions are read. Look through `generic`.

The target runs in a thread of this process; the kernel has to have target_core_user and tcm_loop.
`lab.ata` has the same for ATA drives; `lab.faults` what a drive gets wrong on request.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from lab.scsi.attached import Attached, Power, attached
from lab.scsi.config import ScsiConfig
from lab.scsi.drive import ScsiDevice


@contextlib.contextmanager
def scsi_drive(config: ScsiConfig) -> Iterator[Attached[ScsiDevice]]:
    power = Power()
    model = ScsiDevice(config, wait=power.wait)
    size_bytes = config.sectors * config.sector_bytes
    with attached(Attached(model, power, config.serial, size_bytes, resets=True)) as drive:
        yield drive


__all__ = ["ScsiConfig", "scsi_drive"]
