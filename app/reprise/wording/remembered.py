"""What a PC may still remember, in words, and what to do about it before it is given away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reprise.domain.pc.remembered import Found, How, Remembered, Trace
from reprise.i18n import N_, _

TRACES: Mapping[Trace, str] = {
    Trace.OWNER_TEXT: N_("an owner's text in the BIOS"),
    Trace.FIRMWARE_PASSWORD: N_("a BIOS password"),
    Trace.ANTI_THEFT: N_("tracking against theft (Absolute, Computrace)"),
    Trace.TPM: N_("keys in the TPM"),
    Trace.WINDOWS_LICENCE: N_("a Windows licence"),
    Trace.BOOT_ENTRIES: N_("entries of a former system in UEFI"),
}
FOUND: Mapping[Found, str] = {
    Found.YES: N_("yes"),
    Found.NO: N_("no"),
    Found.UNKNOWN: N_("unknown"),
}
HOWS: Mapping[How, str] = {
    How.SMBIOS: N_("from SMBIOS"),
    How.FIRMWARE_SETTINGS: N_("from the BIOS's settings"),
    How.ACPI: N_("from ACPI"),
    How.EFI_VARIABLES: N_("from the UEFI variables"),
    How.TPM: N_("asked of the TPM"),
}
ADVICE: Mapping[Trace, str] = {
    Trace.OWNER_TEXT: N_("Delete it in the BIOS before the PC is given away."),
    Trace.FIRMWARE_PASSWORD: N_(
        "Ask the donor for it and remove it: without it nobody can change a setting."
    ),
    Trace.ANTI_THEFT: N_(
        "Ask the donor to have the PC released: it can be found and locked from afar."
    ),
    Trace.TPM: N_("Clear the TPM in the BIOS: the next owner has no use for what it holds."),
    Trace.WINDOWS_LICENCE: N_("It goes with the PC: Windows of that edition activates itself."),
    Trace.BOOT_ENTRIES: N_(
        "They start nothing once the drive is erased; they may be deleted in the BIOS."
    ),
}
TABLES = (TRACES, FOUND, HOWS)


def traces(those: Iterable[Remembered]) -> str:
    return ", ".join(_(TRACES[one.trace]) for one in those)


def remembered(one: Remembered) -> str:
    """What was looked for, the answer and where it comes from, and what to do."""
    answer = _("{trace}: {found}, {how}").format(
        trace=_(TRACES[one.trace]), found=_(FOUND[one.found]), how=_(HOWS[one.how])
    )
    if one.details:
        answer += " (" + ", ".join(one.details) + ")"
    return f"{answer}. {_(ADVICE[one.trace])}" if one.found is Found.YES else answer
