"""Why a drive is not touched, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reprise.domain.drives.scope import BOOT_CODES, STICK_CODES, has_another_system
from reprise.domain.planning.plan import Refusal, RefusalCode
from reprise.domain.planning.safety import OUR_FILES
from reprise.i18n import N_
from reprise.i18n import _ as translate
from reprise.wording.codes import code
from reprise.wording.drives import UNKNOWN_REASONS
from reprise.wording.observations import PAIR

REFUSALS: Mapping[RefusalCode, str] = {
    RefusalCode.BOOT_MEDIUM: N_("it is the medium that Reprise started from"),
    RefusalCode.REPRISE_STICK: N_("it is taken for a Reprise stick"),
    RefusalCode.MOUNTED: N_("a file system on it is mounted"),
    RefusalCode.SWAP: N_("it is in use as swap"),
    RefusalCode.HELD: N_("another device (RAID, LVM, encryption, multipath) holds it"),
    RefusalCode.READ_ONLY: N_("it is read-only"),
    RefusalCode.UNPLUGGED: N_("it was there and no longer is"),
    RefusalCode.IDENTITY_CHANGED: N_("it is no longer the drive that was planned"),
    RefusalCode.IDENTITY_UNKNOWN: N_("it has neither a serial number nor a WWN to name it by"),
    RefusalCode.IDENTITY_AMBIGUOUS: N_("another drive has the same identity"),
    RefusalCode.NO_SIZE: N_("it gives no usable size"),
    RefusalCode.HOST_MANAGED: N_(
        "it accepts writes only in the order of its zones (host-managed SMR), which Reprise "
        "cannot do"
    ),
    RefusalCode.NOT_INTERNAL: N_("it is not an internal drive (USB, memory card, removable)"),
    RefusalCode.BOOT_MEDIUM_INSIDE: N_("Reprise started from it, though it is inside the PC"),
    RefusalCode.USB_INSIDE: N_("it is on a USB port that the firmware calls part of the PC"),
    RefusalCode.CARD_INSIDE: N_("it is a memory card in a reader of the PC"),
    RefusalCode.SANITIZING: N_("it is erasing itself at this moment"),
    RefusalCode.PROBE_INCOMPLETE: N_("too little could be read from it to be sure"),
    RefusalCode.TECHNIQUE_UNSUPPORTED: N_("it does not support the technique asked for"),
    RefusalCode.SECURITY_LOCKED: N_("it is locked by a password that is not ours"),
    RefusalCode.SECURITY_EXPIRED: N_(
        "it is locked and accepts no more passwords until it is switched off"
    ),
}

# Of safety.SAFETY_FACTS: what is not known.
SAFETY_FACTS: Mapping[str, str] = {
    "identity": N_("which drive it is"),
    "uses": N_("whether it is in use"),
    "boot": N_("whether it is a Reprise stick"),
    "our_files": N_("whether it is a Reprise stick"),
    "read_only": N_("whether it is read-only"),
    "removable": N_("whether it can be taken out"),
    "transport": N_("how it is connected"),
    "size_bytes": N_("its size"),
}

_ADVICE: Mapping[RefusalCode, str] = {
    RefusalCode.SECURITY_LOCKED: N_(
        "Only its previous owner's password or, on some drives, the PSID of its label opens "
        "it. Otherwise have the drive destroyed."
    ),
    RefusalCode.SECURITY_EXPIRED: N_("Switch the PC off, wait ten seconds, and start again."),
    RefusalCode.SANITIZING: N_(
        "Leave the PC on until the drive has finished, then read the drives again."
    ),
    RefusalCode.BOOT_MEDIUM_INSIDE: N_(
        "If it is the stick, plug it into another USB port. If it is a drive of the PC, start the "
        "PC from the stick (the firmware's start menu): the drive can then be erased, once those "
        "signs are taken away (see the technician's page)."
    ),
    RefusalCode.USB_INSIDE: N_(
        "If it is a stick or a card, take it out and read the drives again. If it is built in, "
        "allow drives on USB in the policy to erase it, or have it taken out."
    ),
    RefusalCode.CARD_INSIDE: N_(
        "Take the card out and read the drives again; or allow removable drives in the policy to "
        "erase it."
    ),
    RefusalCode.HOST_MANAGED: N_(
        "Erase it with its maker's own tool, or have it destroyed: Reprise can neither overwrite "
        "it nor prove that it erased itself."
    ),
    RefusalCode.PROBE_INCOMPLETE: N_("Check the drive's cables or try it in another PC."),
    RefusalCode.IDENTITY_CHANGED: N_("Start again from the list of drives."),
    RefusalCode.UNPLUGGED: N_(
        "Plug it in again and read the drives again. If it is to stay out, erase it elsewhere or "
        "have it destroyed, and start this PC again for a report without it."
    ),
}

# Of a label or files alone, and inside the PC: what says so may be no stick.
_TOLD = frozenset(
    {
        RefusalCode.BOOT_MEDIUM,
        RefusalCode.NOT_INTERNAL,
        RefusalCode.BOOT_MEDIUM_INSIDE,
        RefusalCode.USB_INSIDE,
        RefusalCode.CARD_INSIDE,
    }
)

_LOOKS_LIKE_ONE = N_(
    "If it is a drive of this PC and no Reprise stick: take away what makes it look like one (see "
    "the technician's page), then read the drives again."
)

# Where it could not be read whether it is one, and nothing else is wrong.
_MAY_BE_ONE = N_(
    "It may be a Reprise stick: take it out. If it is a drive to erase, see “taken for a Reprise "
    "stick” on the technician's page."
)

# Of a PC whose own system is running, not a stick's.
_FROM_A_STICK = N_("To erase it, start this PC from a Reprise stick.")

# For a medium that somebody wants to make a Reprise stick of.
_STICK: Mapping[RefusalCode, str] = {
    RefusalCode.BOOT_MEDIUM: N_("Start from another medium, or use another stick."),
    RefusalCode.MOUNTED: N_("Unmount it and start again."),
    RefusalCode.SWAP: N_("Switch that swap off (swapoff) and start again."),
    RefusalCode.HELD: N_("Close what holds it and start again."),
    RefusalCode.READ_ONLY: N_("Move its write-protect switch, or use another stick."),
    RefusalCode.IDENTITY_AMBIGUOUS: N_("Unplug the other one and start again."),
}

_OTHER_STICK = N_("Use another stick.")

_OWN_DRIVE = N_("it is the drive of the running system")

TABLES = (REFUSALS,)


def refusal(value: Refusal | RefusalCode) -> str:
    """Why a drive is not touched, with the mount point or holder where it is known."""
    if isinstance(value, RefusalCode):
        return translate(REFUSALS[value])
    if has_another_system(value):
        return translate(_OWN_DRIVE)
    text = translate(REFUSALS[value.code])
    detail = value.detail
    if value.code in STICK_CODES | BOOT_CODES:
        detail = ", ".join(code(sign) for sign in detail.split(",") if sign)
    if value.code is RefusalCode.PROBE_INCOMPLETE:
        detail = _unread(detail)
    if value.code is RefusalCode.SECURITY_LOCKED:
        detail = ""  # the steps that were tried: in the report
    return f"{text} ({detail})" if detail else text


def _unread(detail: str) -> str:
    """A fact that safety needs and why it is not known. The words of tools are in the report."""
    fact, _colon, reason = detail.partition(": ")
    name = SAFETY_FACTS.get(fact)
    why = UNKNOWN_REASONS.get(reason.partition(":")[0])  # type: ignore[call-overload]
    if name is None or why is None:
        return detail if name is None else translate(name)
    return translate(PAIR).format(name=translate(name), value=translate(why))


def refusals(found: Iterable[Refusal]) -> list[str]:
    """Why a drive is not touched, one text a reason; of a Reprise stick that alone: that it is also
    mounted, on USB … explains nothing."""
    reasons = list(found)
    ours = [reason for reason in reasons if reason.code in STICK_CODES]
    return [refusal(reason) for reason in ours[:1] or reasons]


def advice_for_refusals(found: Iterable[Refusal]) -> str:
    """ "" where there is nothing to do but to leave the drive alone."""
    found = list(found)
    codes = [refusal.code for refusal in found]
    if RefusalCode.BOOT_MEDIUM in codes:
        return ""
    unread = [reason.detail for reason in found if reason.code is RefusalCode.PROBE_INCOMPLETE]
    if unread and all(detail.startswith(OUR_FILES) for detail in unread):
        return translate(_MAY_BE_ONE)
    if any(has_another_system(reason) for reason in found):
        return translate(_FROM_A_STICK)
    if RefusalCode.REPRISE_STICK in codes and _TOLD.isdisjoint(codes):
        return translate(_LOOKS_LIKE_ONE)
    return next((translate(_ADVICE[code]) for code in codes if code in _ADVICE), "")


def advice_for_stick(found: Iterable[Refusal]) -> str:
    """The same where a stick was to be written."""
    codes = [refusal.code for refusal in found]
    texts = (translate(_STICK[code]) for code in codes if code in _STICK)
    return next(texts, translate(_OTHER_STICK))
