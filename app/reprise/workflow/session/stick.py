"""The state of the stick's data partition in one sentence."""

from __future__ import annotations

from reprise.domain.station.stick import StickReason, StickState, StickStatus
from reprise.i18n import _


def stick_sentence(state: StickState) -> str:
    """For the screen and the boot log; says what the reader must do, where there is something."""
    if state.state is StickStatus.READY:
        return _("Reports are kept on the stick ({device}).").format(device=state.device)
    if state.state is StickStatus.CREATED:
        return _("The stick was prepared: reports are kept on it ({device}).").format(
            device=state.device
        )
    memory = _("Reports are in memory only: send or copy them before switching off.")
    return f"{_reason(state)} {memory}".strip()


def _reason(state: StickState) -> str:
    texts = {
        StickReason.NO_STICK: _("No Reprise stick is plugged in."),
        StickReason.OPTICAL: _("The PC was started from an optical disc."),
        StickReason.VENTOY: _(
            "The PC was started from a Ventoy stick, which Reprise does not write to."
        ),
        StickReason.WRITE_PROTECTED: _("The stick is write-protected."),
        StickReason.NO_SPACE: _("The stick has no free space for reports."),
        StickReason.AMBIGUOUS: _("Several Reprise sticks are plugged in: leave only one."),
        StickReason.TABLE_UNKNOWN: _("The stick's partition table is not Reprise's."),
        StickReason.NO_SLOT: _("The stick's partition table is full."),
        StickReason.MAKE_FAILED: _("The stick could not be prepared."),
        StickReason.MOUNT_FAILED: _("The stick's data partition cannot be read."),
        StickReason.NOT_LIVE: _("The PC was not started from a Reprise stick."),
        StickReason.INSIDE: _(
            "This PC started from a drive inside it, not from the stick: start it from the stick."
        ),
        StickReason.NETWORK: _("Started from the network, without a Reprise stick."),
    }
    text = texts.get(state.reason, "")
    return f"{text} ({state.detail})" if state.detail else text
