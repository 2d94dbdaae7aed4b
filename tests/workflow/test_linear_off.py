"""The station in plain lines without a person, at its end: the PC switches itself off where the
settings ask for it, and any key keeps it on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reprise.domain.planning.techniques import Verdict
from reprise.domain.station.unattended import Unattended
from reprise.workflow.engine.engine import Engine
from station_kit.listener import Listener, station_by_ear, to_the_systems
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from station_kit.processes import until

pytestmark = pytest.mark.whole  # they wait, half a minute in all

STAYS = "Le PC reste allumé."


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reprise.line_interface.unattended._LOOK_S", 0.005)


def unattended(*, erase: bool = True, power_off: bool = True) -> Kit:
    kit = Kit(laptop(hdd()))
    kit.unattended = Unattended(erase=erase, countdown_s=30, power_off=power_off)
    return kit


def to_the_end(ear: Listener) -> None:
    ear.hears("60 secondes.")
    ear.pass_(60)
    ear.hears("Le travail se poursuit seul.")


def stays_on(kit: Kit, ear: Listener) -> None:
    ear.now_s += 3600
    ear.types("")
    ear.hears("E : éteindre ce PC")
    assert kit.power.asked == []


def test_it_counts_aloud_and_switches_off() -> None:
    kit = unattended()
    with station_by_ear(kit) as ear:
        to_the_end(ear)
        ear.hears("CE PC EST EFFACÉ ET VÉRIFIÉ", "s'éteint tout seul dans 60 s", "Entrée le laisse")
        assert "E : éteindre ce PC" not in ear.said, "a voice needs its time to tell the end"
        ear.pass_(31)
        ear.hears("30 secondes.")
        ear.pass_(28)
        ear.hears("1 seconde.")
        assert kit.power.asked == []
        ear.pass_(1)
        ear.hears("Le PC s'éteint.")
    assert kit.power.asked == ["off"]


@pytest.mark.parametrize("key", ["", "x", "e"])
def test_any_key_keeps_it_on(key: str) -> None:
    kit = unattended()
    with station_by_ear(kit) as ear:
        to_the_end(ear)
        ear.hears("s'éteint tout seul dans 60 s")
        assert ear.no_enter
        ear.types(key)
        ear.hears(STAYS, "E : éteindre ce PC")
        assert not ear.no_enter
        stays_on(kit, ear)


def test_a_key_at_another_screen_keeps_it_on() -> None:
    kit, engines = unattended(), list[Engine]()
    with station_by_ear(kit, engines.append) as ear:
        to_the_end(ear)
        ear.hears("s'éteint tout seul dans 60 s")
        engines[0].take_over()
        ear.hears(STAYS, "E : éteindre ce PC")
        stays_on(kit, ear)


def test_a_key_during_the_work_keeps_it_on() -> None:
    kit = unattended()
    kit.sanitizer.held.add("W9A4K2XJ")
    with station_by_ear(kit) as ear:
        to_the_end(ear)
        ear.types("")
        ear.hears("Temps restant")
        kit.sanitizer.release.set()
        ear.hears("CE PC EST EFFACÉ ET VÉRIFIÉ", "E : éteindre ce PC")
        stays_on(kit, ear)
    assert "s'éteint tout seul" not in ear.said


def failed(kit: Kit) -> None:
    kit.sanitizer.ends["W9A4K2XJ"] = Verdict.FAILED


def not_asked_for(kit: Kit) -> None:
    kit.unattended = Unattended(erase=True, countdown_s=30, power_off=False)


@pytest.mark.parametrize("otherwise", [failed, not_asked_for])
def test_it_stays_on_otherwise(otherwise: Callable[[Kit], None]) -> None:
    kit = unattended()
    otherwise(kit)
    with station_by_ear(kit) as ear:
        to_the_end(ear)
        ear.hears("E : éteindre ce PC")
        stays_on(kit, ear)
    assert "s'éteint tout seul" not in ear.said


def test_what_a_person_confirmed_stays_on() -> None:
    kit = unattended(erase=False)
    with station_by_ear(kit) as ear:
        to_the_systems(ear)
        ear.answers("Numéro, ou Entrée pour 1", "2")
        ear.answers("tapez EFFACER", "effacer")
        ear.hears("CE PC EST EFFACÉ ET VÉRIFIÉ", "E : éteindre ce PC")
        stays_on(kit, ear)
    assert "s'éteint tout seul" not in ear.said


def test_it_waits_until_the_proof_cannot_be_lost() -> None:
    kit = unattended()
    kit.sanitizer.held.add("W9A4K2XJ")
    with station_by_ear(kit) as ear:
        to_the_end(ear)
        kit.store.place = "memory"  # the stick was pulled
        kit.sanitizer.release.set()
        ear.hears("CE PC EST EFFACÉ ET VÉRIFIÉ", "Le rapport n'est pas encore à l'abri")
        ear.now_s += 3600
        until(lambda: "ReportSealed" in kit.journal.kinds(), "the report")
        assert kit.power.asked == []
        kit.outbox.state = "sent"
        ear.hears("ENVOYÉ", "s'éteint tout seul dans 60 s")
        ear.pass_(60)
        ear.hears("Le PC s'éteint.")
    assert kit.power.asked == ["off"]
