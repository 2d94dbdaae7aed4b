"""The one cause that a person is told where a verdict has several reasons (decision record 0220).

Words only: the verdict, the report and the certificate keep every reason.
"""

from __future__ import annotations

from collections.abc import Iterable

from reprise.domain.verification import ReasonCode

# A cause before what follows from it: sectors that could not be written also leave the surface
# not all written, the cache not flushed and nothing read back. Good news last.
_ORDER = (
    ReasonCode.IDENTITY_CHANGED,
    ReasonCode.WRAPPED,
    ReasonCode.CANARY_SURVIVED,
    ReasonCode.WRITE_ERRORS,
    ReasonCode.MISMATCH,
    ReasonCode.AREA_KEPT_DATA,
    ReasonCode.COMMAND_FAILED,
    ReasonCode.COMMAND_HUNG,
    ReasonCode.STATUS_NOT_OURS,
    ReasonCode.STOPPED,
    ReasonCode.FLUSH_FAILED,
    ReasonCode.READ_ERRORS,
    ReasonCode.TOO_QUICK,
    ReasonCode.HIDDEN_AREA_LEFT,
    ReasonCode.AREA_UNKNOWN,
    ReasonCode.UNREADABLE_UNTIL_WRITTEN,
    ReasonCode.EARLIER_TROUBLE,
    ReasonCode.BELOW_POLICY,
    ReasonCode.NOT_ACCEPTED,
    # What was not seen, in the order of the work: the first missing thing explains the later ones.
    ReasonCode.NO_CANARIES,
    ReasonCode.NOT_ALL_WRITTEN,
    ReasonCode.COMMAND_NOT_SEEN,
    ReasonCode.NOT_FLUSHED,
    ReasonCode.CANARIES_NOT_CHECKED,
    ReasonCode.NOT_ALL_READ_BACK,
    ReasonCode.NO_READ_BACK,
    ReasonCode.READ_BACK_SAMPLED,
    ReasonCode.READ_BACK_IN_FULL,
)
_RANK = {code.value: rank for rank, code in enumerate(_ORDER)}


def leading(reasons: Iterable[str]) -> str:
    """The code that explains the others; "" where there is none. A code of another kind (why a
    session was cut off, say) leads only where it stands among its like."""
    return min(reasons, key=lambda code: _RANK.get(str(code), len(_ORDER)), default="")
