"""The msgid of what the station says on the way to an erasure: what is unusual, who confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from reprise.domain.plan import ConfirmedBy
from reprise.domain.unusual import Unusual, UnusualCode
from reprise.i18n import N_
from reprise.i18n import _ as translate

UNUSUAL: Mapping[UnusualCode, str] = {
    UnusualCode.NOT_INTERNAL: N_("{detail} is not inside the PC: it is removable or on USB."),
    UnusualCode.NEIGHBOUR_REFUSED: N_("{detail}, a drive of this PC, will not be erased."),
    UnusualCode.MANY_DRIVES: N_("This PC has {detail} drives to erase: is it still in use?"),
    UnusualCode.SERVER: N_("This machine is a server: is it still in use?"),
    UnusualCode.HIDDEN_STORAGE: N_("A controller of this PC may hide drives."),
    UnusualCode.FROM_ANOTHER_PC: N_("The erasure of {detail} began in another PC."),
    UnusualCode.PERHAPS_FROM_ANOTHER_PC: N_(
        "The erasure of {detail} perhaps began in another PC: no number tells the PCs apart."
    ),
    UnusualCode.BELOW_POLICY: N_("{detail} cannot be erased as strongly as the policy asks."),
}

CONFIRMED_BY: Mapping[ConfirmedBy, str] = {
    ConfirmedBy.OPERATOR: N_("the operator"),
    ConfirmedBy.UNATTENDED: N_("the station's settings, without an operator"),
}

TABLES: Mapping[type[Enum], Mapping[Enum, str]] = {
    UnusualCode: UNUSUAL,  # type: ignore[dict-item]
    ConfirmedBy: CONFIRMED_BY,  # type: ignore[dict-item]
}


def unusual(one: Unusual) -> str:
    """Why something is unusual, as a sentence."""
    return translate(UNUSUAL[one.code]).format(detail=one.detail)
