"""Whether a drive has a TCG security subsystem that the PSID on its label can revert.

The kernel asks every drive once, and only what the kernel knows can be reverted through it: YES
comes from there. Where it knows none, the drive is asked directly, which can tell "no" from "not by
these means". (For an ATA drive Linux translates SECURITY PROTOCOL IN to TRUSTED RECEIVE.)
"""

from __future__ import annotations

import errno
import re
from collections.abc import Callable
from dataclasses import dataclass

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.capabilities.scsi import behind_usb
from reprise.adapters.drives.passthrough.nvme_admin import KernelNvmeAdmin, NvmeAdmin
from reprise.adapters.drives.passthrough.opal_ioctl import (
    FL_LOCKED,
    FL_LOCKING_ENABLED,
    FL_SUPPORTED,
    KernelOpal,
    OpalAccess,
)
from reprise.adapters.drives.passthrough.sgio import KernelScsi, ScsiAccess
from reprise.domain.drives.capabilities import Support
from reprise.domain.pc.hardware import Reason
from reprise.errors import ToolError
from reprise.wire import scsi
from reprise.wire.nvme import AdminCommand
from reprise.wire.opal import (
    DISCOVERY_BYTES,
    DISCOVERY_COMID,
    DISCOVERY_PROTOCOL,
    Discovery,
    parse_discovery,
)

_FACT = "level-0-discovery"
_QUICK_MS = 10_000
_NVME = re.compile(r"/dev/nvme\d+n\d+")
_ENOTSUPP = 524  # what <block/sed-opal.c> gave before Linux 6.1 where it now gives EOPNOTSUPP
_NONE_KNOWN = (errno.EOPNOTSUPP, _ENOTSUPP)

# NVM Express Base Specification 2.0, Security Receive: opcode 82h; CDW10 SECP 31:24 and SPSP
# 23:08, CDW11 allocation length in bytes.
_SECURITY_RECEIVE = AdminCommand(
    "Security Receive Level 0 Discovery",
    0x82,
    cdw10=DISCOVERY_PROTOCOL << 24 | DISCOVERY_COMID << 8,
    cdw11=DISCOVERY_BYTES,
    data_bytes=DISCOVERY_BYTES,
)


@dataclass(frozen=True, slots=True)
class OpalWord:
    """`revertible`: YES only where a revert throws the key of all user data away, and this kernel
    can ask for it; `opened`: see Capabilities.opal_open."""

    revertible: Support = Support.UNKNOWN
    opened: Support = Support.UNKNOWN


def read_opal(
    device: BlockFile,
    evidence: dict[str, str],
    access: OpalAccess | None = None,
    nvme: NvmeAdmin | None = None,
    sgio: ScsiAccess | None = None,
) -> OpalWord:
    kernel = access or KernelOpal()
    try:
        flags = kernel.flags(device)
    except OSError as error:
        evidence["opal"] = Reason.NOT_REPORTED.because(error.strerror or str(error))
        if error.errno not in _NONE_KNOWN:
            return OpalWord()
        return _without_kernel(device, evidence, nvme, sgio)
    evidence["opal"] = f"flags={flags:#x}"
    if not flags & FL_SUPPORTED:
        return OpalWord()
    opened = flags & (FL_LOCKING_ENABLED | FL_LOCKED) == FL_LOCKING_ENABLED
    discovery = _discovery(lambda: kernel.discovery(device), evidence)
    return OpalWord(
        discovery.revertible if discovery else Support.UNKNOWN,
        Support.YES if opened else Support.NO,
    )


def _without_kernel(
    device: BlockFile, evidence: dict[str, str], nvme: NvmeAdmin | None, sgio: ScsiAccess | None
) -> OpalWord:
    def by_nvme() -> bytes:
        answer = (nvme or KernelNvmeAdmin()).send(device, _SECURITY_RECEIVE, _QUICK_MS)
        if not answer.ok:
            raise ToolError(f"status {answer.status:04x}")
        return answer.data

    def by_scsi() -> bytes:
        cdb = scsi.security_protocol_in(DISCOVERY_PROTOCOL, DISCOVERY_COMID, DISCOVERY_BYTES)
        answer = (sgio or KernelScsi()).send(
            device, cdb, data_in=DISCOVERY_BYTES, timeout_ms=_QUICK_MS
        )
        if not answer.ok:
            raise ToolError(answer.text)
        return answer.data

    is_nvme = _NVME.fullmatch(device.node) is not None
    if not is_nvme and behind_usb(device):
        return OpalWord()  # a bridge may hang on it
    discovery = _discovery(by_nvme if is_nvme else by_scsi, evidence)
    if discovery is None:
        return OpalWord()
    never = discovery.revertible is Support.NO  # else it is there, but not by this kernel's means
    return OpalWord(Support.NO if never else Support.UNKNOWN, discovery.opened)


def _discovery(ask: Callable[[], bytes], evidence: dict[str, str]) -> Discovery | None:
    try:
        discovery = parse_discovery(ask())
    except OSError as error:
        evidence[_FACT] = Reason.NOT_REPORTED.because(error.strerror or str(error))
    except ToolError as error:
        evidence[_FACT] = Reason.UNREADABLE.because(str(error))
    else:
        evidence[_FACT] = discovery.words
        return discovery
    return None
