"""Emulated NVMe drives: a target in this process that the kernel's nvme-tcp driver connects to, so
that nvme-cli and the station see a real /dev/nvmeX.

    from lab.nvme import Fna, NamespaceConfig, NvmeConfig, NvmeFault, nvme_drive

    config = NvmeConfig(
        serial="LAB0001",
        namespaces=(NamespaceConfig(1, mib=16), NamespaceConfig(2, mib=8, attached=False)),
        unallocated_mib=8,
        sanitize_s=3.0,                       # for one pass
        faults={NvmeFault.SANITIZE_LIES},
        refuse={Admin.FORMAT_NVM: 0x10A},     # opcode -> status, SCT << 8 | SC, DNR 0x4000
        hang={Admin.SANITIZE: 5.0},           # opcode -> seconds
    )
    with nvme_drive(config) as drive:
        drive.node, drive.controller          # /dev/nvmeXnY of the lowest NSID, /dev/nvmeX
        drive.node_of(2)                      # by NSID
        drive.media(1).contains(b"needle")    # (logical, spare); media(0): unallocated capacity
        drive.contains(b"needle")             # whole drive: (where the host reads, where it cannot)
        drive.commands                        # admin commands: opcode, nsid, cdw10, cdw11, status
        drive.subsystem.sanitizing.status     # the state of the drive as it is now
        drive.subsystem.refuse[0x84] = 0x286  # refusals and hangs can change on the way
        drive.hang_io(10)                     # reads and writes get no answer
        drive.power_cut(2)                    # also in the middle of an erase; the node stays
        drive.power_off(), drive.power_on()

What it is and can do: `NvmeConfig`, `NamespaceConfig`. What it gets wrong: `NvmeFault`.
It needs root, the module nvme-tcp and Python alone. Do not map its nodes into this process's memory
(mmap): the page fault would hold the interpreter that has to answer it.
"""

from __future__ import annotations

from lab.nvme.attached import NvmeDrive, nvme_drive
from lab.nvme.codes import Action, Admin, Fna, Io, Oacs, Sanicap, SanitizeStatus, Status
from lab.nvme.config import History, NamespaceConfig, NvmeConfig, NvmeFault

__all__ = [
    "Action",
    "Admin",
    "Fna",
    "History",
    "Io",
    "NamespaceConfig",
    "NvmeConfig",
    "NvmeDrive",
    "NvmeFault",
    "Oacs",
    "Sanicap",
    "SanitizeStatus",
    "Status",
    "nvme_drive",
]
