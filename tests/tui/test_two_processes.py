"""The screen and the engine as two real processes over a real socket, each of them killed."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reprise.domain.erasure.lifecycle import DriveState
from reprise.errors import LinkError, RefusedError
from reprise.tui.app import StationApp
from reprise.workflow.engine.port import Connection, EngineClient, Leave, Order, Work
from station_kit.driver import Driver, check_glyphs
from station_kit.ports import REPORT_ID
from station_kit.processes import Terminal, engine_process, remote, screen_process, until

FAKE = "station_kit.fake_engine"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    with engine_process(FAKE, tmp_path) as process:
        yield process


def confirm(client: EngineClient) -> None:
    until(lambda: client.state.plan is not None, "a plan")
    defaults = client.status.install
    assert defaults is not None
    client.confirm(Order(client.state.digest, defaults, read=client.state.read_digest))


def states(client: EngineClient) -> dict[str, DriveState]:
    return {view.drive.node: view.state for view in client.state.working}


def erases(screen: Terminal) -> None:
    """A technician's keys, from the first screen on."""
    screen.see("Le PC a été lu")
    for words in ("Ce PC", "Disques", "Debian minimal", "Confirmer"):
        screen.clear()
        screen.press(b"\r")
        screen.see(words)
    screen.confirm("Effacement en cours")


@pytest.mark.skipif(os.geteuid() != 0, reason="the screen's command needs root")
def test_a_killed_screen_stops_nothing_and_the_next_one_shows_all(
    engine: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    socket = tmp_path / "engine.sock"
    with screen_process(socket) as first:
        erases(first)
        first.kill()
    with screen_process(socket, 80, 25) as second:
        second.see("Effacement en cours")
        second.see("W9A4K2XJ")
        second.see("EFFACÉ ET VÉRIFIÉ")  # the other drive, which ended meanwhile
        second.see("50 %")
        second.clear()
        engine.send_signal(signal.SIGUSR1)
        second.see("CE PC EST EFFACÉ ET VÉRIFIÉ")
        second.see(REPORT_ID)
        second.see("« reprise »")  # ordered on the first screen
    assert engine.poll() is None


def test_two_desks_see_the_same_and_one_confirmation_counts(
    engine: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    with remote(tmp_path / "engine.sock") as one, remote(tmp_path / "engine.sock") as two:
        until(lambda: two.state.plan is not None, "a plan on the other screen")
        confirm(one)
        assert one.state.confirmed  # whoever asked sees it before the answer
        until(lambda: bool(two.state.confirmed), "the confirmation on the other screen")
        defaults = two.status.install
        assert defaults is not None
        asked: tuple[Callable[[], None], ...] = (
            lambda: two.confirm(Order(two.state.digest, defaults, read=two.state.read_digest)),
            two.look,
            two.seal,
            lambda: two.leave(Leave()),
        )
        for refused in asked:
            with pytest.raises(RefusedError):
                refused()
        until(lambda: "write" in {tick.phase for tick in two.progress.values()}, "a tick")
        two.stop()
        until(lambda: one.status.work is Work.ENDED, "the end")
        until(lambda: two.state == one.state and two.status == one.status, "the same on both")
        assert states(one)["/dev/sda"] is DriveState.INTERRUPTED
        assert one.state.sealed is not None


async def test_a_dead_engine_is_said_and_a_new_one_is_never_taken_for_the_old(
    tmp_path: Path,
) -> None:
    socket = tmp_path / "engine.sock"
    with engine_process(FAKE, tmp_path) as engine, remote(socket) as client:
        app = StationApp(lambda: client)
        async with app.run_test(size=(80, 25)) as pilot:
            tech = Driver(app, pilot)
            await tech.see("Le PC a été lu")
            await tech.press(*"INV-42")
            await tech.to_plan()
            await tech.confirm()
            await tech.see("Effacement en cours", "112")
            engine.kill()
            engine.wait()
            await tech.see("Effacement en cours", "ne répond pas", "PLUS À JOUR")
            check_glyphs(tech)
            await tech.press("f8", "o", "enter")
            await tech.see("Il n'y a pas de moteur d'effacement : rien n'a été fait.")
            with engine_process(FAKE, tmp_path):
                text = await tech.see("Disques", "relancé", "INTERROMPU", "SERA EFFACÉ")
                assert "EFFACÉ ET VÉRIFIÉ" not in text
                await tech.until(lambda: "PLUS À JOUR" not in tech.text(), "news from the engine")
                check_glyphs(tech)
                await tech.until(lambda: client.state.operator is not None, "the operator")
                operator = client.state.operator
                assert operator is not None and operator.asset_tag == "INV-42"


def test_a_stopped_engine_ends_its_work_and_its_socket(tmp_path: Path) -> None:
    socket = tmp_path / "engine.sock"
    with engine_process(FAKE, tmp_path) as engine, remote(socket) as client:
        confirm(client)
        until(lambda: states(client).get("/dev/sda") is DriveState.ERASING, "an erasure")
        engine.terminate()
        assert engine.wait(60) == 0
        until(lambda: client.line is Connection.LOST, "the end of the line")
        assert states(client)["/dev/sda"] is DriveState.INTERRUPTED
        assert client.state.sealed is not None
        assert not socket.exists()
        with pytest.raises(LinkError):
            client.look()
