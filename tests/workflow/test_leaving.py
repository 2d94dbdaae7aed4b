"""A PC switches itself off only where the engine finds, at that moment, that nothing is lost and
nobody came: whatever the surface that asks for it believes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from reprise import i18n
from reprise.domain.planning.plan import ConfirmedBy
from reprise.domain.planning.techniques import Verdict
from reprise.domain.station.unattended import Unattended
from reprise.errors import RefusedError
from reprise.workflow.engine.engine import Engine
from reprise.workflow.engine.port import Leave, Order, Work
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from station_kit.processes import until

BY_ITSELF = Leave(unattended=True)


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.set_language("en")


def unattended(*, power_off: bool = True) -> Kit:
    kit = Kit(laptop(hdd()))
    kit.unattended = Unattended(erase=True, power_off=power_off)
    return kit


@contextmanager
def ended(kit: Kit, by: ConfirmedBy = ConfirmedBy.UNATTENDED) -> Iterator[Engine]:
    """Its stick was looked at once, at the beginning."""
    engine = Engine(kit.services, poll_s=3600)
    engine.start()
    try:
        until(lambda: bool(engine.state.digest) and engine.status.stick is not None, "a plan")
        defaults = engine.status.install
        assert defaults is not None
        engine.confirm(Order(engine.state.digest, defaults, by=by, read=engine.state.read_digest))
        until(lambda: engine.status.work is Work.ENDED, "the end")
        yield engine
    finally:
        engine.close()
        engine.wait_end()


def test_a_pc_that_nobody_led_may_switch_itself_off() -> None:
    kit = unattended()
    with ended(kit) as engine:
        engine.leave(BY_ITSELF)
    assert kit.power.asked == ["off"]


def pulled(kit: Kit, _engine: Engine) -> None:
    kit.store.place = "memory"


def a_key(_kit: Kit, engine: Engine) -> None:
    engine.take_over()


@pytest.mark.parametrize(
    ("happens", "why"),
    [(pulled, "The report is not safe yet"), (a_key, "A key was pressed")],
)
def test_what_the_surface_did_not_hear_of_keeps_it_on(
    happens: Callable[[Kit, Engine], None], why: str
) -> None:
    kit = unattended()
    with ended(kit) as engine:
        happens(kit, engine)
        with pytest.raises(RefusedError, match=why):
            engine.leave(BY_ITSELF)
        assert kit.power.asked == []
        engine.leave(Leave())
    assert kit.power.asked == ["off"], "a person may"


def test_a_report_that_the_server_has_meanwhile_may_go() -> None:
    kit = unattended()
    with ended(kit) as engine:
        pulled(kit, engine)
        kit.outbox.state = "sent"
        engine.leave(BY_ITSELF)
    assert kit.power.asked == ["off"]


def failed(kit: Kit) -> Kit:
    kit.sanitizer.ends["W9A4K2XJ"] = Verdict.FAILED
    return kit


@pytest.mark.parametrize(
    ("kit", "by"),
    [
        (lambda: unattended(power_off=False), ConfirmedBy.UNATTENDED),
        (unattended, ConfirmedBy.OPERATOR),
        (lambda: failed(unattended()), ConfirmedBy.UNATTENDED),
    ],
)
def test_any_other_stays_on(kit: Callable[[], Kit], by: ConfirmedBy) -> None:
    made = kit()
    with ended(made, by) as engine, pytest.raises(RefusedError, match="PC stays on"):
        engine.leave(BY_ITSELF)
    assert made.power.asked == []
