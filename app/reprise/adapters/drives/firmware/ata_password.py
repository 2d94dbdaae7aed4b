"""The user password that Reprise sets for a security erase, and how a drive is rid of it.

The password is published on purpose: the standard demands one, the drive removes it when it has
erased itself, and where an erase was cut off anybody must be able to unlock the drive with
ordinary tools: hdparm --user-master u --security-unlock Reprise /dev/…
"""

from __future__ import annotations

from collections.abc import Generator
from enum import StrEnum

from reprise.adapters.drives.firmware.ata_session import AtaSession, ended_well
from reprise.domain.drives.capabilities import Support
from reprise.domain.report.events import Update
from reprise.wire.ata import security_disable_password, security_unlock
from reprise.wire.ata_identify import Identify

PASSWORD = "Reprise"  # noqa: S105 - see above

# IDENTIFY DEVICE word 128 (ACS-4)
ENABLED, LOCKED, FROZEN, EXPIRED = 1, 2, 3, 4


class Freed(StrEnum):
    """How the removal of our password ended."""

    DONE = "password-removed"
    NOT_OURS = "password-not-ours"
    EXPIRED = "password-attempts-expired"
    FROZEN = "security-frozen"
    UNKNOWN = "security-state-unknown"
    LEFT = "password-left"


def is_free(identify: Identify | None) -> Support:
    """YES where the drive says that it is neither locked nor has a user password."""
    if identify is None:
        return Support.UNKNOWN
    states = {identify.security(ENABLED), identify.security(LOCKED)}
    if Support.YES in states:
        return Support.NO
    return Support.YES if states == {Support.NO} else Support.UNKNOWN


def remove_password(session: AtaSession) -> Generator[Update, None, Freed]:
    """Unlock (once: wrong passwords are counted) where it is locked, then disable. Not to be
    stopped in between. Raises DriveGoneError."""
    identify = yield from session.identify(stoppable=False)
    if is_free(identify) is Support.YES:
        return Freed.DONE
    hindered = _hindered(identify)
    if hindered is not None:
        return hindered
    if identify is not None and identify.security(LOCKED) is Support.YES:
        unlocked = yield from session.run(security_unlock(PASSWORD), stoppable=False)
        if not ended_well(unlocked):
            return Freed.NOT_OURS
    disabled = yield from session.run(security_disable_password(PASSWORD), stoppable=False)
    after = yield from session.identify(stoppable=False)
    if is_free(after) is Support.YES:
        return Freed.DONE
    return Freed.LEFT if ended_well(disabled) else Freed.NOT_OURS


def _hindered(identify: Identify | None) -> Freed | None:
    if identify is None:
        return Freed.UNKNOWN
    if identify.security(FROZEN) is Support.YES:
        return Freed.FROZEN
    if {identify.security(LOCKED), identify.security(EXPIRED)} == {Support.YES}:
        return Freed.EXPIRED
    return None
