"""No events of a session, in whatever order, call a drive erased that was not."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.plan import Attempt
from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.report import events as ev
from reprise.workflow.session.state import SessionState, apply
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from workflow.test_session import opened


def _planned_state() -> tuple[SessionState, str]:
    kit = Kit(laptop(hdd()))
    session = opened(kit)
    key = hdd().identity.key
    state = apply(session.state, ev.PlanConfirmed(session.state.digest, (key,)))
    return state, key


def test_no_order_of_events_sanitizes_without_start_verification_and_a_verified_end() -> None:
    before, key = _planned_state()
    attempt = Attempt(Technique.OVERWRITE, Method.CLEAR, VerifyDepth.FULL)
    start = ev.AttemptStarted(key, hdd().identity, "/dev/sda", attempt, "j", "00")
    verify = ev.VerifyStarted(key, "j", VerifyDepth.FULL)
    good = ev.AttemptFinished(
        key, "j", Technique.OVERWRITE, Verdict.VERIFIED, Method.CLEAR, (), 1, 1, 1.0, 1.0
    )
    first = replace(start, job_id="i")
    bad = replace(good, job_id="i", verdict=Verdict.FAILED)
    cut = ev.DriveInterrupted(key, "j", "operator", 0)
    events: tuple[ev.Event, ...] = (start, verify, good, first, bad, cut)
    legal = 0
    for length in range(1, 6):
        for row in permutations(events, length):
            state = before
            try:
                for event in row:
                    state = apply(state, event)
            except ValueError:
                continue
            if state.drives[0].state is DriveState.SANITIZED:
                legal += 1
                assert row[-3:] == (start, verify, good)
    assert legal == 2  # at once, or after a failed attempt that the plan follows with another


def test_another_digest_than_the_plans_is_illegal_as_an_event_too() -> None:
    session = opened(Kit(laptop(hdd())))
    with pytest.raises(ValueError, match="another plan"):
        apply(session.state, ev.PlanConfirmed("0" * 64, (hdd().identity.key,)))
    with pytest.raises(ValueError, match="illegal move"):
        apply(session.state, ev.VerifyStarted(hdd().identity.key, "j", VerifyDepth.FULL))
