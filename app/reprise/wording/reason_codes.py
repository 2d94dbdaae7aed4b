"""Why a verdict is what it is."""

from __future__ import annotations

from collections.abc import Mapping

from reprise.domain.verification import ReasonCode
from reprise.i18n import N_

SAMPLED = N_("only a sample of the surface was read back, not all of it")

REASONS: Mapping[ReasonCode, str] = {
    ReasonCode.READ_BACK_IN_FULL: N_("the whole surface was read back and is as expected"),
    ReasonCode.READ_BACK_SAMPLED: SAMPLED,
    ReasonCode.WRITE_ERRORS: N_("some sectors could not be written"),
    ReasonCode.READ_ERRORS: N_("some sectors could not be read"),
    ReasonCode.MISMATCH: N_("what was read back is not what was expected"),
    ReasonCode.WRAPPED: N_("the drive does not have the capacity that it announces"),
    ReasonCode.CANARY_SURVIVED: N_("a control mark survived the erasure"),
    ReasonCode.IDENTITY_CHANGED: N_("the drive is no longer the same"),
    ReasonCode.COMMAND_FAILED: N_("the command failed"),
    ReasonCode.FLUSH_FAILED: N_("the drive's write cache could not be flushed"),
    ReasonCode.STOPPED: N_("the operator stopped the work"),
    ReasonCode.NOT_ALL_WRITTEN: N_("not all of the surface was written"),
    ReasonCode.NOT_FLUSHED: N_("the final flush of the write cache was not seen"),
    ReasonCode.NOT_ALL_READ_BACK: N_("the read-back did not cover all that it should"),
    ReasonCode.NO_READ_BACK: N_("nothing was read back"),
    ReasonCode.COMMAND_NOT_SEEN: N_("the command was not seen from its start to its end"),
    ReasonCode.NO_CANARIES: N_("no control marks were planted before the erasure"),
    ReasonCode.CANARIES_NOT_CHECKED: N_("the control marks were not looked for afterwards"),
    ReasonCode.COMMAND_HUNG: N_("the command did not finish in time"),
    ReasonCode.STATUS_NOT_OURS: N_("the drive's status is about an older command"),
    ReasonCode.TOO_QUICK: N_("it was far quicker than the drive's own estimate"),
    ReasonCode.UNREADABLE_UNTIL_WRITTEN: N_(
        "after this erase the drive must be written before it can be read"
    ),
    ReasonCode.HIDDEN_AREA_LEFT: N_("a hidden part of the drive was not reached"),
    ReasonCode.EARLIER_TROUBLE: N_(
        "an earlier attempt met sectors that a sample does not read again"
    ),
    ReasonCode.AREA_KEPT_DATA: N_("a special area of the drive still holds data"),
    ReasonCode.AREA_UNKNOWN: N_("a special area of the drive could not be looked into"),
    ReasonCode.BELOW_POLICY: N_("what was reached is less than the organisation's policy asks for"),
    ReasonCode.NOT_ACCEPTED: N_(
        "the organisation's policy does not accept what cannot be proven here"
    ),
}
