"""The screen and the engine as two real processes over a real socket, each of them killed."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reprise.domain.lifecycle import DriveState
from reprise.errors import LinkError, RefusedError
from reprise.tui.app import StationApp
from reprise.workflow.desk.port import Desk, Leave, Line, Order, Work
from station_kit.driver import Driver, check_glyphs
from station_kit.ports import REPORT_ID
from station_kit.processes import Terminal, engine_process, remote, screen_process, until

FAKE = "station_kit.fake_engine"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    with engine_process(FAKE, tmp_path) as process:
        yield process


def confirm(desk: Desk) -> None:
    until(lambda: desk.state.plan is not None, "a plan")
    defaults = desk.board.install
    assert defaults is not None
    desk.confirm(Order(desk.state.digest, defaults))


def states(desk: Desk) -> dict[str, DriveState]:
    return {view.drive.node: view.state for view in desk.state.working}


def erases(screen: Terminal) -> None:
    """A technician's keys, from the first screen on."""
    screen.see("Le PC a été lu")
    for words in ("Ce PC", "Disques", "Debian minimal", "Confirmer"):
        screen.clear()
        screen.press(b"\r")
        screen.see(words)
    time.sleep(1.0)  # a word typed before the drives were on the screen counts for nothing
    screen.press(b"effacer\r")
    screen.see("Effacement en cours")


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
        until(lambda: two.state.plan is not None, "a plan on the other desk")
        confirm(one)
        assert one.state.confirmed  # whoever asked sees it before the answer
        until(lambda: bool(two.state.confirmed), "the confirmation on the other desk")
        defaults = two.board.install
        assert defaults is not None
        for refused in (
            lambda: two.confirm(Order(two.state.digest, defaults)),
            two.look,
            two.seal,
            lambda: two.leave(Leave()),
        ):
            with pytest.raises(RefusedError):
                refused()
        until(lambda: "write" in {tick.phase for tick in two.progress.values()}, "a tick")
        two.stop()
        until(lambda: one.board.work is Work.ENDED, "the end")
        until(lambda: two.state == one.state and two.board == one.board, "the same on both")
        assert states(one)["/dev/sda"] is DriveState.INTERRUPTED
        assert one.state.sealed is not None


async def test_a_dead_engine_is_said_and_a_new_one_is_never_taken_for_the_old(
    tmp_path: Path,
) -> None:
    socket = tmp_path / "engine.sock"
    with engine_process(FAKE, tmp_path) as engine, remote(socket) as desk:
        app = StationApp(lambda: desk)
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
            await tech.press("f8", "f8")
            await tech.see("Il n'y a pas de moteur d'effacement : rien n'a été fait.")
            with engine_process(FAKE, tmp_path):
                text = await tech.see("Disques", "relancé", "INTERROMPU", "SERA EFFACÉ")
                assert "EFFACÉ ET VÉRIFIÉ" not in text
                await tech.until(lambda: "PLUS À JOUR" not in tech.text(), "news from the engine")
                check_glyphs(tech)
                await tech.until(lambda: desk.state.operator is not None, "the operator")
                assert desk.state.operator.asset_tag == "INV-42"


def test_a_stopped_engine_ends_its_work_and_its_socket(tmp_path: Path) -> None:
    socket = tmp_path / "engine.sock"
    with engine_process(FAKE, tmp_path) as engine, remote(socket) as desk:
        confirm(desk)
        until(lambda: states(desk).get("/dev/sda") is DriveState.ERASING, "an erasure")
        engine.terminate()
        assert engine.wait(60) == 0
        until(lambda: desk.line is Line.LOST, "the end of the line")
        assert states(desk)["/dev/sda"] is DriveState.INTERRUPTED
        assert desk.state.sealed is not None
        assert not socket.exists()
        with pytest.raises(LinkError):
            desk.look()
