"""What an erasure came to and why; of several reasons the one cause that a person is told.

Words only: the verdict, the report and the certificate keep every reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.planning.techniques import Verdict
from reprise.i18n import N_
from reprise.i18n import _ as translate
from reprise.wording.drives import STATES

VERDICTS: Mapping[Verdict, str] = {
    Verdict.VERIFIED: N_("Verified"),
    Verdict.UNVERIFIED: N_("Not verified"),
    Verdict.FAILED: N_("Failed"),
}

SAMPLED = N_("only a sample of the surface was read back, not all of it")

_AGAIN = N_("Erase it again.")

# What it is, and what to do: told of the cause that leads (decision record 0220), so that nobody is
# told two things. In the order of leading, a cause before what follows from it: sectors that could
# not be written also leave the surface not all written, the cache not flushed and nothing read
# back. Good news last.
_REASONS: Mapping[ReasonCode, tuple[str, str]] = {
    ReasonCode.IDENTITY_CHANGED: (
        N_("the drive is no longer the same"),
        N_("Start again from the list of drives."),
    ),
    ReasonCode.WRAPPED: (
        N_("the drive does not have the capacity that it announces"),
        N_("Have the drive destroyed: its capacity is fake."),
    ),
    ReasonCode.CANARY_SURVIVED: (
        N_("a control mark survived the erasure"),
        N_(
            "This drive does not erase what it says it erases: erase it again by overwriting, or "
            "have it destroyed."
        ),
    ),
    ReasonCode.WRITE_ERRORS: (
        N_("some sectors could not be written"),
        N_("Have the drive destroyed: data may remain in sectors that cannot be written."),
    ),
    ReasonCode.MISMATCH: (
        N_("what was read back is not what was expected"),
        N_("Have the drive destroyed."),
    ),
    ReasonCode.AREA_KEPT_DATA: (
        N_("a special area of the drive still holds data"),
        N_(
            "Data is left in a boot or special area that this PC could not erase: have the drive "
            "destroyed."
        ),
    ),
    ReasonCode.COMMAND_FAILED: (
        N_("the command failed"),
        N_(
            "The PC's firmware may block the command: try after a suspend, in another PC, or by "
            "overwriting."
        ),
    ),
    ReasonCode.COMMAND_HUNG: (
        N_("the command did not finish in time"),
        N_(
            "Switch the PC off and on: the drive may go on by itself, and Reprise looks at it "
            "again."
        ),
    ),
    ReasonCode.STATUS_NOT_OURS: (
        N_("the drive's status is about an older command"),
        N_("Switch the PC off and on, then erase the drive again."),
    ),
    ReasonCode.STOPPED: (
        N_("the operator stopped the work"),
        _AGAIN,
    ),
    ReasonCode.FLUSH_FAILED: (
        N_("the drive's write cache could not be flushed"),
        N_("Erase it again; if that fails too, have the drive destroyed."),
    ),
    ReasonCode.READ_ERRORS: (
        N_("some sectors could not be read"),
        N_("Try once more; if sectors stay unreadable, have the drive destroyed."),
    ),
    ReasonCode.TOO_QUICK: (
        N_("it was far quicker than the drive's own estimate"),
        N_("Erase it again by overwriting, or have it destroyed."),
    ),
    ReasonCode.HIDDEN_AREA_LEFT: (
        N_("a hidden part of the drive was not reached"),
        N_(
            "Switch the PC off and on and try again, or try another PC; otherwise have the drive "
            "destroyed."
        ),
    ),
    ReasonCode.AREA_UNKNOWN: (
        N_("a special area of the drive could not be looked into"),
        N_(
            "Start the PC again and try once more, or try another PC; otherwise have the drive "
            "destroyed."
        ),
    ),
    ReasonCode.UNREADABLE_UNTIL_WRITTEN: (
        N_("after this erase the drive must be written before it can be read"),
        N_("Erase it again by overwriting."),
    ),
    ReasonCode.EARLIER_TROUBLE: (
        N_("an earlier attempt met sectors that a sample does not read again"),
        N_("Erase it again, and have all of it read back."),
    ),
    ReasonCode.BELOW_POLICY: (
        N_("what was reached is less than the organisation's policy asks for"),
        N_("Have the drive destroyed, or try its PSID or another PC."),
    ),
    ReasonCode.NOT_ACCEPTED: (
        N_("the organisation's policy does not accept what cannot be proven here"),
        N_("Have the drive destroyed, or accept that limitation in the policy."),
    ),
    ReasonCode.MISFIT: (
        N_("the technique is not one of this drive's, or cannot give what is claimed"),
        _AGAIN,
    ),
    ReasonCode.AT_ODDS: (
        N_("the report tells something else of this drive in another place"),
        _AGAIN,
    ),
    # What was not seen, in the order of the work: the first missing thing explains the later ones.
    ReasonCode.NO_CANARIES: (
        N_("no control marks were planted before the erasure"),
        _AGAIN,
    ),
    ReasonCode.NOT_ALL_WRITTEN: (
        N_("not all of the surface was written"),
        _AGAIN,
    ),
    ReasonCode.COMMAND_NOT_SEEN: (
        N_("the command was not seen from its start to its end"),
        _AGAIN,
    ),
    ReasonCode.NOT_FLUSHED: (
        N_("the final flush of the write cache was not seen"),
        _AGAIN,
    ),
    ReasonCode.CANARIES_NOT_CHECKED: (
        N_("the control marks were not looked for afterwards"),
        _AGAIN,
    ),
    ReasonCode.NOT_ALL_READ_BACK: (
        N_("the read-back did not cover all that it should"),
        _AGAIN,
    ),
    ReasonCode.NO_READ_BACK: (
        N_("nothing was read back"),
        _AGAIN,
    ),
    ReasonCode.READ_BACK_SAMPLED: (
        SAMPLED,
        "",
    ),
    ReasonCode.READ_BACK_IN_FULL: (
        N_("the whole surface was read back and is as expected"),
        "",
    ),
}

REASONS = {code: said for code, (said, _advice) in _REASONS.items()}
_ADVICE = {code.value: advice for code, (_said, advice) in _REASONS.items()}
_RANK = {code.value: rank for rank, code in enumerate(_REASONS)}

TABLES = (VERDICTS,)
FREE = (REASONS,)


def verdict(value: Verdict | None) -> str:
    """None: the attempt did not come to its end."""
    if value is None:
        return translate(STATES[DriveState.INTERRUPTED])
    return translate(VERDICTS[value])


def leading(reasons: Iterable[str]) -> str:
    """The code that explains the others; "" where there is none. A code of another kind (why a
    session was cut off, say) leads only where it stands among its like."""
    return min(reasons, key=lambda code: _RANK.get(str(code), len(_RANK)), default="")


def advice_for_reasons(reasons: Iterable[str]) -> str:
    """For the leading reason of an attempt that did not succeed; "" for a code of another kind."""
    text = _ADVICE.get(leading(reasons), "")
    return translate(text) if text else ""
