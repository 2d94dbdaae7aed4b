"""What to do about it: one sentence for the codes that somebody can act on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reprise.domain.plan import Refusal, RefusalCode
from reprise.domain.verification import ReasonCode
from reprise.i18n import N_
from reprise.i18n import _ as translate
from reprise.wording.cause import leading

_REFUSALS: Mapping[RefusalCode, str] = {
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
        "PC from the stick (the firmware's start menu): the drive can then be erased, once it has "
        "lost its name (see the technician's page)."
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

# Of a label alone, and inside the PC: what says so may be no stick.
_TOLD = frozenset(
    {
        RefusalCode.BOOT_MEDIUM,
        RefusalCode.NOT_INTERNAL,
        RefusalCode.BOOT_MEDIUM_INSIDE,
        RefusalCode.USB_INSIDE,
        RefusalCode.CARD_INSIDE,
    }
)
_LABELLED = N_(
    "If it is a drive of this PC and no Reprise stick: take that name away (see the technician's "
    "page), then read the drives again."
)

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

_AGAIN = N_("Erase it again.")

# Of the cause that leads (wording/cause.py), so that nobody is told two things.
_REASONS: Mapping[ReasonCode, str] = {
    ReasonCode.READ_BACK_IN_FULL: "",
    ReasonCode.READ_BACK_SAMPLED: "",
    ReasonCode.WRAPPED: N_("Have the drive destroyed: its capacity is fake."),
    ReasonCode.CANARY_SURVIVED: N_(
        "This drive does not erase what it says it erases: erase it again by overwriting, or "
        "have it destroyed."
    ),
    ReasonCode.MISMATCH: N_("Have the drive destroyed."),
    ReasonCode.WRITE_ERRORS: N_(
        "Have the drive destroyed: data may stand in sectors that cannot be written."
    ),
    ReasonCode.IDENTITY_CHANGED: N_("Start again from the list of drives."),
    ReasonCode.HIDDEN_AREA_LEFT: N_(
        "Switch the PC off and on and try again, or try another PC; otherwise have the drive "
        "destroyed."
    ),
    ReasonCode.AREA_KEPT_DATA: N_(
        "Data is left in a boot or special area that this PC could not erase: have the drive "
        "destroyed."
    ),
    ReasonCode.AREA_UNKNOWN: N_(
        "Start the PC again and try once more, or try another PC; otherwise have the drive "
        "destroyed."
    ),
    ReasonCode.EARLIER_TROUBLE: N_("Erase it again, and have all of it read back."),
    ReasonCode.COMMAND_HUNG: N_(
        "Switch the PC off and on: the drive may go on by itself, and Reprise looks at it again."
    ),
    ReasonCode.STATUS_NOT_OURS: N_("Switch the PC off and on, then erase the drive again."),
    ReasonCode.COMMAND_FAILED: N_(
        "The PC's firmware may block the command: try after a suspend, in another PC, or by "
        "overwriting."
    ),
    ReasonCode.READ_ERRORS: N_(
        "Try once more; if sectors stay unreadable, have the drive destroyed."
    ),
    ReasonCode.FLUSH_FAILED: N_("Erase it again; if that fails too, have the drive destroyed."),
    ReasonCode.TOO_QUICK: N_("Erase it again by overwriting, or have it destroyed."),
    ReasonCode.UNREADABLE_UNTIL_WRITTEN: N_("Erase it again by overwriting."),
    ReasonCode.NOT_ACCEPTED: N_(
        "Have the drive destroyed, or accept that limitation in the policy."
    ),
    ReasonCode.BELOW_POLICY: N_("Have the drive destroyed, or try its PSID or another PC."),
    ReasonCode.STOPPED: _AGAIN,
    ReasonCode.NOT_ALL_WRITTEN: _AGAIN,
    ReasonCode.NOT_FLUSHED: _AGAIN,
    ReasonCode.NOT_ALL_READ_BACK: _AGAIN,
    ReasonCode.NO_READ_BACK: _AGAIN,
    ReasonCode.COMMAND_NOT_SEEN: _AGAIN,
    ReasonCode.NO_CANARIES: _AGAIN,
    ReasonCode.CANARIES_NOT_CHECKED: _AGAIN,
}
_ADVICE = {code.value: text for code, text in _REASONS.items()}


def for_refusals(found: Iterable[Refusal]) -> str:
    """ "" where there is nothing to do but to leave the drive alone."""
    codes = [refusal.code for refusal in found]
    if RefusalCode.BOOT_MEDIUM in codes:
        return ""
    if RefusalCode.REPRISE_STICK in codes and _TOLD.isdisjoint(codes):
        return translate(_LABELLED)
    return next((translate(_REFUSALS[code]) for code in codes if code in _REFUSALS), "")


def for_stick(found: Iterable[Refusal]) -> str:
    """The same where a stick was to be written."""
    codes = [refusal.code for refusal in found]
    texts = (translate(_STICK[code]) for code in codes if code in _STICK)
    return next(texts, translate(_OTHER_STICK))


def for_reasons(reasons: Iterable[str]) -> str:
    """For the leading reason of an attempt that did not succeed; "" for a code of another kind."""
    text = _ADVICE.get(leading(reasons), "")
    return translate(text) if text else ""
