"""What plain lines say while the engine works, dies, or is asked by somebody else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reprise import i18n
from reprise.domain.erasure.progress import Progress
from reprise.line_interface.news import PAUSE_S, SILENCE_S, News
from reprise.line_interface.terminal import Ended, Inbox, Typed
from reprise.workflow.engine.engine import Engine
from reprise.workflow.session.services import StationServices
from reprise.workflow.session.state import SessionState
from station_kit.listener import listening, station_by_ear, to_the_systems
from station_kit.machines import hdd, laptop, ssd
from station_kit.ports import Kit
from station_kit.processes import engine_process, remote, screen_process, until
from workflow.engine_kit import order

pytestmark = pytest.mark.processes

FAKE = "station_kit.fake_engine"


def test_a_dead_engine_is_said_and_a_new_one_is_never_taken_for_the_old(tmp_path: Path) -> None:
    with (
        engine_process(FAKE, tmp_path) as engine,
        remote(tmp_path / "engine.sock") as client,
        listening(client) as ear,
    ):
        ear.answers("1 sur 4.", "INV-42")
        for question in ("2 sur 4.", "3 sur 4.", "4 sur 4.", "D : tous", "N : nouvelle"):
            ear.answers(question)
        ear.answers("Numéro, ou Entrée pour 1", "3")
        ear.answers("tapez EFFACER", "effacer")
        ear.hears("sda : Effacement en cours")
        engine.kill()
        engine.wait()
        ear.hears("ne répond pas", "PLUS À JOUR")
        ear.types("s")
        ear.answers("Arrêter l'effacement", "o")
        ear.hears("Il n'y a pas de moteur d'effacement : rien n'a été fait.")
        with engine_process(FAKE, tmp_path):
            text = ear.hears("répond de nouveau", "relancé", "INTERROMPU", "SERA EFFACÉ")
            assert "EFFACÉ ET VÉRIFIÉ" not in text
            ear.answers("N : nouvelle lecture")
            ear.hears("Après l'effacement, installer")
            until(lambda: client.state.operator is not None, "the operator")
            assert client.state.operator is not None
            assert client.state.operator.asset_tag == "INV-42"


def test_a_plan_that_changed_is_not_confirmed_unheard(tmp_path: Path) -> None:
    kit = Kit(laptop(hdd()))
    engine = Engine(kit.services, poll_s=0.05)
    engine.start()
    with listening(engine) as ear:
        for question in (
            "1 sur 4.",
            "2 sur 4.",
            "3 sur 4.",
            "4 sur 4.",
            "D : tous",
            "N : nouvelle",
        ):
            ear.answers(question)
        ear.answers("Numéro, ou Entrée pour 1", "2")
        ear.hears("tapez EFFACER")
        kit.probe.inventory = laptop(hdd(), hdd("/dev/sdb", "SECOND22"))
        engine.look()
        ear.hears("Le plan a changé.", "2 disques", "SECOND22")
        ear.types("effacer")
        ear.answers("N, P, Entrée.")
        ear.hears("Après l'effacement, installer")
    engine.wait_end()
    assert "PlanConfirmed" not in kit.journal.kinds()


def test_what_another_screen_confirmed_is_followed() -> None:
    kit = Kit(laptop(hdd()))
    kit.sanitizer.held.add("W9A4K2XJ")  # until the listener has heard of it
    engine = Engine(kit.services, poll_s=0.05)
    engine.start()
    with listening(engine) as ear:
        ear.hears("1 sur 4.")
        until(lambda: bool(engine.status.offer.digest), "a plan")
        engine.confirm(order(engine, installs=False))
        ear.hears("Le travail se poursuit seul.")
        kit.sanitizer.release.set()
        ear.hears("CE PC EST EFFACÉ ET VÉRIFIÉ")
    engine.wait_end()


def test_the_language_of_the_settings_is_spoken_until_a_person_chooses() -> None:
    kit = Kit(laptop(hdd()))

    def english() -> StationServices:
        i18n.set_language("en")
        return kit.services()

    engine = Engine(english, poll_s=0.05)
    with listening(engine, follow_language=True) as ear:
        ear.hears("Reprise, ligne à ligne")
        engine.start()
        ear.hears("1 of 4.")
    engine.wait_end()


class Ticking(Engine):
    """Its one drive is as far as a test says, and nothing else goes on."""

    def __init__(self) -> None:
        kit = Kit(laptop(hdd()))
        kit.sanitizer.held.add("W9A4K2XJ")
        super().__init__(kit.services, poll_s=0.05)
        self.stands: SessionState | None = None
        self.ticks: dict[str, Progress] = {}
        self.start()
        until(lambda: bool(self.status.offer.digest), "a plan")
        self.confirm(order(self, installs=False))
        until(lambda: "erasing" in str(self.state.working[0].state), "an erasure")
        self.stands = self.state

    @property
    def state(self) -> SessionState:
        return self.stands or super().state

    @property
    def progress(self) -> dict[str, Progress]:
        return self.ticks

    def at(self, percent: int) -> None:
        key = self.state.working[0].key
        tick = Progress(key, "write", percent * 10**9, 100 * 10**9, 1e8, 60.0 * (100 - percent))
        self.ticks = {key: tick}

    def end(self) -> None:
        self.close()
        self.wait_end()


def test_progress_is_said_at_each_tenth_and_never_twice_in_half_a_minute() -> None:
    client, news = Ticking(), News(lambda _zone: None)
    try:
        client.at(0)
        assert list(news.since(client, 0.0)) == ["sda\u00a0: Effacement en cours"]
        client.at(10)
        assert list(news.since(client, PAUSE_S - 1)) == []
        said = list(news.since(client, PAUSE_S))
        assert "10\u00a0%" in said[0]
        assert said[1].startswith("Temps restant pour ce PC")
        client.at(19)
        assert list(news.since(client, 3 * PAUSE_S)) == []
        client.at(20)
        assert len(list(news.since(client, 3 * PAUSE_S))) == 2
        assert list(news.since(client, 4 * PAUSE_S)) == []
        assert list(news.since(client, 3 * PAUSE_S + SILENCE_S)), "is it still at work?"
    finally:
        client.end()


def test_only_typed_lines_are_forgotten() -> None:
    inbox = Inbox()
    inbox.changed()
    inbox.put(Typed("effacer"))
    inbox.forget_typed()
    assert type(inbox.get(0)).__name__ == "Changed"
    assert inbox.get(0) is None


def test_keys_without_a_letter_and_a_terminals_own_answers_are_not_typed_text() -> None:
    inbox = Inbox()
    inbox.read(["\x1b[A\x1bOPINV-42\x1b[24;80R\n", "\x1b[[Aé\x07\r\n", "\x1b\n"])
    items = [inbox.get(0) for _item in range(4)]
    assert items[:3] == [Typed("INV-42"), Typed("é"), Typed("")]
    assert isinstance(items[3], Ended)


@pytest.mark.skipif(os.geteuid() != 0, reason="the station's command needs root")
def test_the_real_command_on_a_terminal_is_killed_and_comes_back_to_the_work(
    tmp_path: Path,
) -> None:
    with engine_process(FAKE, tmp_path):
        with screen_process(tmp_path / "engine.sock", options=["--linear"]) as first:
            for question in ("1 sur 4.", "2 sur 4.", "3 sur 4.", "4 sur 4.", "D : tous", "N : nou"):
                first.see(question)
                first.clear()
                first.press(b"\n")
            first.see("Numéro, ou Entrée pour 1")
            first.press(b"3\n")
            first.see("tapez EFFACER")
            first.press(b"effacer\n")
            first.see("Effacement en cours")
            first.kill()
        with screen_process(tmp_path / "engine.sock", options=["--linear"]) as second:
            second.see("Le travail se poursuit seul.")
            second.see("sda : Effacement en cours")
            assert b"\x1b" not in second.written


def test_the_end_says_once_what_stays_unproven_of_drives_that_are_alike() -> None:
    kit = Kit(laptop(ssd(), ssd("/dev/nvme1n1", "S2")))
    with station_by_ear(kit) as ear:
        to_the_systems(ear)
        ear.answers("Numéro, ou Entrée pour 1", "3")
        ear.answers("tapez EFFACER", "effacer")
        ear.hears("CE PC EST EFFACÉ ET VÉRIFIÉ")
        end = ear.hears("E : éteindre ce PC")
        assert end.count("EFFACÉ ET VÉRIFIÉ") >= 2
        assert end.count("Non prouvé") == 1
        assert "nvme0n1, nvme1n1. Non prouvé" in end
