"""The report waits for the function checks, but not for ever."""

from __future__ import annotations

from pathlib import Path
from threading import Event as Flag
from threading import Thread
from time import monotonic

import pytest

from reprise.domain.checks.catalogue import CheckId
from reprise.domain.checks.events import ConditionNoted
from reprise.domain.checks.grading import Condition
from reprise.domain.checks.results import CheckResult, CheckStatus
from reprise.errors import RefusedError
from reprise.workflow.engine.port import Work
from reprise.workflow.session import waiting_for_checks
from reprise.workflow.session.session import Session
from reprise.workflow.session.waiting_for_checks import Held, Hold
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from station_kit.processes import until
from unit.domain.checks.check_samples import check_results
from workflow.engine_kit import PATIENCE_S, client_at, order, planned, serving


def opened(kit: Kit) -> Session:
    session = Session(kit.services(), lambda _state: None)
    session.start()
    session.look()
    return session


def test_the_report_waits_for_whoever_checks_and_takes_nothing_afterwards() -> None:
    kit = Kit(laptop(hdd()))
    session = opened(kit)
    session.hold_report(Held(True))
    session.confirm(session.state.digest)
    passed = CheckResult(check=CheckId.MEMORY, status=CheckStatus.PASSED)
    work = Thread(target=lambda: session.run(None, kit.services().install_defaults, Flag()))
    work.start()
    until(lambda: bool(session.state.working) and session.state.all_final, "the erasure's end")
    work.join(0.8)  # it may seal in that time, and does not
    assert work.is_alive()
    session.record_check(passed)
    session.note_condition(ConditionNoted(Condition.WORN))
    session.hold_report(Held(False))
    work.join(60)
    assert session.state.sealed is not None
    assert session.state.checked.results == (passed,)
    with pytest.raises(RefusedError):
        session.record_check(passed)


def test_a_technician_who_went_away_does_not_keep_the_report() -> None:
    hold = Hold(patience_s=1.0)
    hold.take()
    began = monotonic()
    hold.wait(Flag())
    assert 0.4 < monotonic() - began < 5
    hold.take()
    stop = Flag()
    stop.set()
    hold.wait(stop)


def test_a_screen_may_miss_three_renewals_and_a_technician_a_quarter_of_an_hour() -> None:
    assert waiting_for_checks.LEASE_S == 4 * waiting_for_checks.RENEW_S == 20
    assert waiting_for_checks.PATIENCE_S == 900
    assert Hold()._patience_s == 900


def test_the_operators_stop_is_heard_within_a_second() -> None:
    hold, stop = Hold(), Flag()
    hold.take()
    stop.set()
    began = monotonic()
    hold.wait(stop)
    assert monotonic() - began < 1


def test_a_screen_that_is_gone_holds_nothing() -> None:
    hold = Hold(lease_s=1.0)
    hold.take()
    began = monotonic()
    hold.wait(Flag())
    assert 0.4 < monotonic() - began < 5


def test_a_screen_that_is_there_brings_no_patience_with_it() -> None:
    hold = Hold(patience_s=1.5, lease_s=1.0)
    hold.take()
    over = Flag()

    def renew() -> None:
        while not over.wait(0.2):
            hold.take()

    screen = Thread(target=renew)
    screen.start()
    began = monotonic()
    hold.wait(Flag())
    over.set()
    screen.join()
    assert 0.9 < monotonic() - began < 6


def test_a_screen_that_says_again_that_it_is_there_holds_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The lease is three looks long."""
    monkeypatch.setattr(waiting_for_checks, "_LOOK_S", 1 / 64)
    hold, looks = Hold(lease_s=3 / 64), 0

    class Renewing(Flag):
        """Asked at each look."""

        def is_set(self) -> bool:
            nonlocal looks
            looks += 1
            if looks < 6:
                hold.take()
            return False

    hold.take()
    hold.wait(Renewing())
    assert looks == 7, "renewed at the first five"


@pytest.mark.parametrize(
    "result",
    [
        CheckResult(check=CheckId.MEMORY, status=CheckStatus.PASSED),
        ConditionNoted(Condition.WORN),
    ],
    ids=["check", "condition"],
)
def test_each_result_brings_patience_with_it(
    monkeypatch: pytest.MonkeyPatch, result: CheckResult | ConditionNoted
) -> None:
    session = opened(Kit(laptop(hdd())))
    touched: list[None] = []
    monkeypatch.setattr(Hold, "touch", lambda _hold: touched.append(None))
    if isinstance(result, CheckResult):
        session.record_check(result)
    else:
        session.note_condition(result)
    assert touched == [None]


def test_what_was_checked_goes_to_an_engine_in_another_process(tmp_path: Path) -> None:
    kit = Kit(laptop(hdd()))
    with serving(kit, tmp_path) as bench, client_at(bench.socket) as client:
        planned(client)
        client.hold_report(Held(True))
        client.confirm(order(client))
        until(lambda: client.state.all_final, "the erasure", PATIENCE_S)
        for result in check_results():
            client.record_check(result)
        client.note_condition(ConditionNoted(Condition.WORN))
        until(lambda: client.state.checked.condition is Condition.WORN, "the last word", PATIENCE_S)
        assert set(client.state.checked.results) == set(check_results())
        assert client.state.sealed is None
        client.hold_report(Held(False))
        until(lambda: client.status.work is Work.ENDED, "the end", PATIENCE_S)
        assert client.state.checks == bench.engine.state.checks
        with pytest.raises(RefusedError, match=r"signé|signed"):
            client.record_check(check_results()[0])
