"""The msgid of codes that are not members of an enum, and of the reasons and limitations."""

from __future__ import annotations

from collections.abc import Mapping

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

CODES: Mapping[str, str] = {**CAUSES, **PHASES}
