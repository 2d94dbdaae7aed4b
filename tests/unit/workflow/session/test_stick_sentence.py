"""Where reports go is one sentence, and each reason why they go nowhere safe has its own."""

from __future__ import annotations

import pytest

from reprise import i18n
from reprise.domain.station.stick import StickReason, StickState, StickStatus
from reprise.workflow.session.stick import stick_sentence

KEPT = {StickStatus.READY, StickStatus.CREATED}
MEMORY = "Reports are in memory only: send or copy them before switching off."


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.set_language("en")


def test_each_reason_has_words_of_its_own() -> None:
    bad = next(one for one in StickStatus if one not in KEPT)
    told = {
        reason: stick_sentence(StickState(bad, reason=reason))
        for reason in StickReason
        if reason is not StickReason.NONE
    }
    assert all(words.endswith(f". {MEMORY}") and len(words) > 90 for words in told.values()), told
    assert len(set(told.values())) == len(told)


def test_what_the_kernel_said_stands_behind_the_reason() -> None:
    bad = next(one for one in StickStatus if one not in KEPT)
    words = stick_sentence(StickState(bad, reason=StickReason.MOUNT_FAILED, detail="EIO"))
    assert words == f"The stick’s data partition cannot be read. (EIO) {MEMORY}"


def test_a_stick_that_keeps_reports_is_named() -> None:
    ready = stick_sentence(StickState(StickStatus.READY, device="/dev/sdb3"))
    assert ready == "Reports are kept on the stick (/dev/sdb3)."
    made = stick_sentence(StickState(StickStatus.CREATED, device="/dev/sdb3"))
    assert made == "The stick was prepared: reports are kept on it (/dev/sdb3)."
