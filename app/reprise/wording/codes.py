"""The text of free codes: plain words in journals and reports. Some are declared by an enum."""

from __future__ import annotations

from collections.abc import Mapping

from reprise.i18n import N_
from reprise.i18n import _ as translate
from reprise.system_words import system_words
from reprise.wording import drives, install, plan, stick, unreached, verdicts

CAUSES: Mapping[str, str] = {
    "operator": N_("stopped by the operator"),
    "power-cut": N_("power cut or restart"),
    "unplugged": N_("the drive was unplugged"),
    "too-hot": N_("the drive was too hot, and did not cool down"),
    "crash": N_("the program stopped unexpectedly"),
}

PHASES: Mapping[str, str] = {
    "write": N_("writing"),
    "read": N_("reading"),
    "verify": N_("reading back"),
    "format": N_("the drive is erasing itself"),
    "sanitize": N_("the drive is erasing itself (Sanitize)"),
    "security-erase": N_("the drive is erasing itself"),
    "prepare": N_("preparing the drive"),
    "suspend": N_("the PC sleeps for some seconds"),
    "cooling": N_("waiting for the drive to cool down"),
    "canaries": N_("planting control marks"),
    "install": N_("installing"),
    "copy": N_("copying the database"),
    "pack": N_("packing"),
    "check-backup": N_("reading the backup"),
    "unpack": N_("restoring"),
    "check": N_("checking the reports"),
    "make-up": N_("making a year up"),
}

CLOCKS: Mapping[str, str] = {
    "ntp": N_("synchronised by the network"),
    "rtc": N_("the PC's own clock, not checked"),
    "rtc-implausible": N_("the PC's own clock, which gives an impossible date"),
    "unknown": N_("it is not known whether the PC's own clock is right"),
}

# What an adapter says of a drive or a PC, in the details of an event.
SAID: Mapping[str, str] = {
    "sanitize-in-progress": N_("a sanitize operation is under way already"),
    "drive-would-lock": N_(
        "a drive of this PC has a password set and would be locked after the sleep"
    ),
    "identity-silent": N_("the drive no longer says which drive it is"),
    "drive-is-larger": N_("the drive says that it is larger than this PC can reach"),
    "psid-format": N_("this is not a PSID (32 letters and digits)"),
    "wrong-psid": N_("the drive refused the PSID: check the label"),
    "too-many-wrong-psids": N_("too many wrong PSIDs: unplug the drive and plug it in again"),
    "blocked-by-firmware": N_("the PC's firmware blocks the command"),
    "no-suspend-to-memory": N_("this PC cannot be suspended to memory"),
    "suspend-is-not-deep": N_("this PC's sleep does not cut the drives' power"),
    "no-wake-up-clock": N_("this PC has no clock that could wake it"),
    "rtcwake-missing": N_("the program rtcwake is missing"),
    "not-counted": N_("the kernel counted no sleep"),
    "password-removed": N_("the password was removed"),
    "password-not-ours": N_("locked by a password that is not ours"),
    "password-attempts-expired": N_("no more passwords are accepted: switch the PC off and on"),
    "security-frozen": N_("frozen by the PC's firmware"),
    "security-state-unknown": N_("the state of the lock is unknown"),
    "password-left": N_("the password “Reprise” is still set"),
    "was-blank": N_("it was blank"),
    "was-erased": N_("erased and read again"),
    "detached-namespaces": N_("detached namespaces"),
    "unshown-namespaces": N_("namespaces that the system does not show"),
    "unallocated-capacity": N_("unallocated capacity, in bytes"),
    "namespaces-unknown": N_("how many namespaces there are is unknown"),
    "not-shown": N_("the kernel does not show it"),
    "shared": N_("another controller of this PC shows namespaces of the same drive"),
}

# Of an enum. Two enums may share a word, never its meaning.
FREE = (
    *drives.FREE,
    *verdicts.FREE,
    *plan.FREE,
    *unreached.FREE,
    *stick.FREE,
    *install.FREE,
)

CODES: Mapping[str, str] = {
    **CAUSES,
    **PHASES,
    **CLOCKS,
    **SAID,
    **{str(member.value): msgid for table in FREE for member, msgid in table.items()},
}


def code(text: str) -> str:
    """The text of a free code: a reason, limitation, warning or cause.

    "code:data" keeps its data: "code" is given words, the rest follows as it is.
    """
    head, colon, data = text.partition(":")
    msgid = CODES.get(text) or CODES.get(head)
    if msgid is None:
        return text
    if text in CODES or not colon:
        return translate(msgid)
    return f"{translate(msgid)} ({system_words(data.strip())})"
