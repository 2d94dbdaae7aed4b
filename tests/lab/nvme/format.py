"""Format NVM (Base 5.14) and Sanitize (Base 5.24): what the drive says and what it does."""

from __future__ import annotations

from lab.nvme.codes import ALL_NAMESPACES, Action, Fna, Oacs, Sanicap, Status
from lab.nvme.config import LBA_FORMATS, NvmeFault
from lab.nvme.identify import MAX_NAMESPACES
from lab.nvme.nvm import fail
from lab.nvme.sanitize import Order
from lab.nvme.subsystem import Namespace, Subsystem
from lab.nvme.wire import Answer, Sqe

USER_DATA_ERASE, CRYPTO_ERASE = 1, 2
_NEEDS = {
    Action.BLOCK_ERASE: Sanicap.BLOCK_ERASE,
    Action.OVERWRITE: Sanicap.OVERWRITE,
    Action.CRYPTO_ERASE: Sanicap.CRYPTO_ERASE,
}


def _targets(subsystem: Subsystem, nsid: int, secure: int) -> list[Namespace] | Status:
    """The namespaces that a Format is for (Base 5.14, figure "Format NVM – Format Scope")."""
    every, fna = list(subsystem.namespaces.values()), subsystem.config.fna
    if nsid == ALL_NAMESPACES and fna & Fna.NO_BROADCAST:
        return Status.INVALID_FIELD
    if fna & (Fna.ERASE_ALL if secure else Fna.FORMAT_ALL):
        return every
    if nsid == ALL_NAMESPACES:
        return [one for one in every if one.attached]
    if not 1 <= nsid <= MAX_NAMESPACES:
        return Status.INVALID_NAMESPACE
    one = subsystem.attached(nsid)
    return Status.INVALID_FIELD if one is None else [one]


def _refused_format(subsystem: Subsystem, cdw10: int) -> Status | None:
    secure = cdw10 >> 9 & 7
    if not subsystem.config.oacs & Oacs.FORMAT:
        return Status.INVALID_OPCODE
    if (cdw10 & 0xF) >= len(LBA_FORMATS) or cdw10 >> 4 & 0x1F:
        return Status.INVALID_FORMAT
    if secure > CRYPTO_ERASE:
        return Status.INVALID_FIELD
    if secure == CRYPTO_ERASE and not subsystem.config.fna & Fna.CRYPTO:
        return Status.INVALID_FIELD
    return None


def run_format(subsystem: Subsystem, sqe: Sqe) -> Answer | None:
    """None where the power went before the end: the host never hears of it."""
    secure = sqe.cdw[10] >> 9 & 7
    with subsystem.lock:
        refused = _refused_format(subsystem, sqe.cdw[10])
        targets = refused or _targets(subsystem, sqe.nsid, secure)
        if not isinstance(targets, list):
            return fail(targets)
        if any(one.formatting for one in targets):
            return fail(Status.FORMAT_IN_PROGRESS)
        if any(one.write_protected for one in targets):
            return fail(Status.NAMESPACE_WRITE_PROTECTED)
        for one in targets:
            one.formatting = True
    whole = subsystem.stays_on(subsystem.config.format_s)
    with subsystem.lock:
        if not whole:
            cut_off(subsystem)
            return None
        for one in targets:
            one.formatting = False
        return _end(subsystem, targets, sqe.cdw[10])


def cut_off(subsystem: Subsystem) -> None:
    """The power goes: a Format does not go on afterwards, and leaves half."""
    for one in subsystem.namespaces.values():
        if one.formatting:
            one.formatting = False
            one.media.erase_logical(b"\0", 0, one.media.sectors // 2)


def _end(subsystem: Subsystem, targets: list[Namespace], cdw10: int) -> Answer:
    only_one, secure = subsystem.faulty(NvmeFault.FORMAT_ONE_ONLY), cdw10 >> 9 & 7
    for one in targets[:1] if only_one else targets:
        _format_one(subsystem, one, cdw10 & 0xF, secure)
    if secure:
        subsystem.erased()
    return Answer()


def _format_one(subsystem: Subsystem, one: Namespace, lba_format: int, secure: int) -> None:
    media = one.media
    if subsystem.faulty(NvmeFault.FORMAT_LIES):
        return
    one.lba_format = lba_format
    if subsystem.faulty(NvmeFault.FORMAT_HALF):
        media.erase_logical(b"\0", 0, media.sectors // 2)
    elif not secure or subsystem.faulty(NvmeFault.FORMAT_UNMAPS_ONLY):
        media.deallocate(0, media.sectors)  # SES 0 asks for no erase: the map alone is new
    elif subsystem.faulty(NvmeFault.FORMAT_LEAVES_SPARE):
        media.erase_logical(b"\0")
    elif secure == CRYPTO_ERASE:
        media.crypto_scramble()
        media.erase_logical(b"\0")
    else:
        media.erase_all(b"\0")


def run_sanitize(subsystem: Subsystem, sqe: Sqe) -> Answer:
    """Answers at once; the operation runs on in the background. The caller holds the lock."""
    sanitizing, order = subsystem.sanitizing, Order(sqe.cdw[10], sqe.cdw[11])
    config = subsystem.config
    if not config.sanicap & 7:
        return fail(Status.INVALID_OPCODE)
    if sanitizing.running:
        return fail(Status.SANITIZE_IN_PROGRESS)
    if order.action == Action.EXIT_FAILURE_MODE:
        return Answer() if sanitizing.exit_failure_mode() else fail(Status.SANITIZE_FAILED)
    needed = next((cap for action, cap in _NEEDS.items() if action == order.action), None)
    if needed is None or not config.sanicap & needed:
        return fail(Status.INVALID_FIELD)
    if order.keeps_allocated and config.sanicap & Sanicap.NO_DEALLOCATE_INHIBITED:
        return fail(Status.INVALID_FIELD)
    if order.purge_required and not config.sanicap & Sanicap.PURGE_REPORTED:
        return fail(Status.INVALID_FIELD)
    if sanitizing.in_failure and not sanitizing.order.unrestricted_exit and order.unrestricted_exit:
        # Base 8.21.3: after a failure in restricted mode only a restricted sanitize recovers.
        return fail(Status.SANITIZE_FAILED)
    if any(one.write_protected for one in subsystem.namespaces.values()):
        return fail(Status.NAMESPACE_WRITE_PROTECTED)
    sanitizing.start(order)
    return Answer()
