"""The msgid of free codes: reasons, limitations, warnings, causes. They travel as plain words in
journals and reports; those that have an enum in the domain are keyed by it here."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from reprise.domain.hardware import BootSign, Reason
from reprise.wording.tables import N_

CAUSES: Mapping[str, str] = {
    "operator": N_("stopped by the operator"),
    "power-cut": N_("power cut or restart"),
    "unplugged": N_("the drive was unplugged"),
    "crash": N_("the program stopped unexpectedly"),
}

PHASES: Mapping[str, str] = {
    "write": N_("writing"),
    "read": N_("reading"),
    "verify": N_("reading back"),
    "format": N_("the drive is erasing itself"),
    "canaries": N_("planting control marks"),
    "install": N_("installing"),
}

UNKNOWN_REASONS: Mapping[Reason, str] = {
    Reason.NOT_REPORTED: N_("the hardware does not say"),
    Reason.PLACEHOLDER: N_("the maker left a placeholder"),
    Reason.NEEDS_ROOT: N_("reading it needs root"),
    Reason.TOOL_MISSING: N_("the tool that reads it is missing"),
    Reason.TOOL_FAILED: N_("the tool that reads it failed"),
    Reason.UNREADABLE: N_("the answer cannot be understood or trusted"),
    Reason.TIMED_OUT: N_("no answer in time"),
    Reason.NOT_SUPPORTED: N_("the hardware does not support it"),
    Reason.VIRTUAL: N_("a virtual drive has no such fact"),
    Reason.ATTRIBUTES_ONLY: N_("the drive gave no verdict of its own"),
}

BOOT_SIGNS: Mapping[BootSign, str] = {
    BootSign.LIVE_MEDIUM: N_("the running system is mounted from it"),
    BootSign.LIVE_CHAIN: N_("it holds the running system's files"),
    BootSign.ROOT: N_("it holds the running system's root"),
    BootSign.ISO_LABEL: N_("it carries the label of a Reprise medium"),
    BootSign.DATA_PARTITION: N_("it carries a REPRISE data partition"),
}

# Free codes that an enum of the domain declares. A word means one thing: no two enums share one.
FREE: Mapping[type[Enum], Mapping[Enum, str]] = {
    Reason: UNKNOWN_REASONS,  # type: ignore[dict-item]
    BootSign: BOOT_SIGNS,  # type: ignore[dict-item]
}

CODES: Mapping[str, str] = {
    **CAUSES,
    **PHASES,
    **{str(member.value): msgid for table in FREE.values() for member, msgid in table.items()},
}
