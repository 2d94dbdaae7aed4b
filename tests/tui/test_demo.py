"""The demonstration from end to end: verdicts come from the judge, faults from the played PC."""

from __future__ import annotations

import base64
import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reprise.__main__ import main
from reprise.adapters.pc.command import SystemCommandRunner
from reprise.bootstrap.demo import Demonstration
from reprise.cli.sheets import SHEETS
from reprise.domain.erasure.lifecycle import DriveState
from reprise.errors import InputError
from reprise.tui.demo import DemoApp
from station_kit.driver import Driver, check_glyphs
from station_kit.held_clock import HeldClock
from station_kit.shortcuts import in_this_process
from station_kit.typed import typed


@pytest.fixture(autouse=True)
def _this_machine_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The played drives bear the names of real ones: none of those is opened, no command runs."""
    real = os.open

    def guarded(path: Any, *args: Any, **named: Any) -> int:
        assert not str(path).startswith(("/dev/sd", "/dev/nvme")), path
        return real(path, *args, **named)

    def run(*_words: object, **_named: object) -> None:
        raise AssertionError("a demonstration runs no command")

    monkeypatch.setattr(os, "open", guarded)
    monkeypatch.setattr(SystemCommandRunner, "run", run)


@dataclass
class Played:
    tech: Driver
    clock: HeldClock
    folder: Path
    left: list[str]

    def states(self) -> dict[str, DriveState]:
        return {view.drive.node: view.state for view in self.tech.app.state.drives}

    def report(self) -> dict[str, Any]:
        (jws,) = (self.folder / "memory/reports").iterdir()
        body = jws.read_bytes().split(b".")[1]
        found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + b"=="))
        return found


@asynccontextmanager
async def played(folder: Path, machine: str, *faults: str) -> AsyncIterator[Played]:
    clock, left = HeldClock(), list[str]()
    demo = Demonstration(machine, folder, clock, faults)
    with demo.sending(), clock.let_go_at_the_end():
        client = in_this_process(lambda: demo.services(lambda: left.append("left")), poll_s=0.1)
        app = DemoApp(client, SHEETS, tools=demo.tools())
        async with app.run_test(size=(80, 25)) as pilot:
            yield Played(Driver(app, pilot), clock, folder, left)


def observed(report: dict[str, Any], drive: int, attempt: int) -> list[str]:
    return [o["kind"] for o in report["drives"][drive]["attempts"][attempt]["observations"]]


async def test_a_healthy_laptop_is_erased_installed_and_sent(tmp_path: Path) -> None:
    async with played(tmp_path, "laptop") as demo:
        await demo.tech.to_done()
        await demo.tech.see("CE PC EST EFFACÉ ET VÉRIFIÉ", "ENVOYÉ", "Installé", "DÉMO")
        check_glyphs(demo.tech)
        await demo.tech.press("f4")
        await demo.tech.until(lambda: demo.left == ["left"], "the end")
    report = demo.report()
    assert report["schema"] == "reprise-demo/1"
    assert report["station"]["name"] == "DEMO"
    assert observed(report, 0, 0) == [
        "canaries-planted",
        "command-accepted",
        "command-running",
        "command-finished",
        "canaries-gone",
        "readback-erased",
    ]


async def test_a_desktop_thaws_its_ssd_and_finds_its_hard_disk_dying(tmp_path: Path) -> None:
    async with played(tmp_path, "desktop") as demo:
        await demo.tech.to_done()
        await demo.tech.see("CE PC N'EST PAS ENTIÈREMENT EFFACÉ", "ÉCHEC")
        states = demo.states()
    assert (states["/dev/sda"], states["/dev/sdb"]) == (DriveState.FAILED, DriveState.SANITIZED)
    report = demo.report()
    assert report["suspends"][0]["ok"]
    dying = report["drives"][0]["attempts"]
    assert [a["verdict"] for a in dying] == ["failed"] * 3
    assert [e["count"] for e in dying[2]["medium_errors"] if e["operation"] == "write"] == [8, 16]
    assert dying[2]["verified_bytes"] < report["drives"][0]["identity"]["size_bytes"]


async def test_a_server_overwrites_twelve_drives_side_by_side(tmp_path: Path) -> None:
    async with played(tmp_path, "server", "overheating", "unplugged", "server-down") as demo:
        await demo.tech.to_plan()
        demo.clock.hold(600)
        await demo.tech.confirm()
        await demo.tech.until(lambda: demo.clock.held == 12, "twelve drives at work")
        await demo.tech.see("Effacement en cours", "écriture", "encore")
        demo.clock.let_go()
        await demo.tech.until(lambda: demo.tech.app.step == "done", "the end")
        await demo.tech.see("attente d'envoi")
        states = list(demo.states().values())
    assert states.count(DriveState.SANITIZED) == 11
    assert states.count(DriveState.INTERRUPTED) == 1
    seen = observed(demo.report(), 0, 0)
    assert "paused-hot" in seen
    assert "resumed-cool" in seen


async def test_a_lying_drive_is_caught_by_its_marks_and_overwritten(tmp_path: Path) -> None:
    async with played(tmp_path, "laptop", "lying-sanitize") as demo:
        await demo.tech.to_done()
        await demo.tech.see("CE PC EST EFFACÉ ET VÉRIFIÉ", "Clear")
    attempts = demo.report()["drives"][0]["attempts"]
    assert [a["verdict"] for a in attempts] == ["failed", "failed", "verified"]
    assert attempts[0]["reasons"][:2] == ["read-back-differs", "canary-survived"]
    assert attempts[2]["attempt"]["technique"] == "overwrite"


async def test_a_pulled_stick_is_told_and_brought_up_to_date(tmp_path: Path) -> None:
    async with played(tmp_path, "laptop", "stick-pulled", "server-down") as demo:
        await demo.tech.to_plan()
        demo.clock.hold(100)
        await demo.tech.confirm()
        await demo.tech.see("Aucune clé Reprise n'est branchée")
        assert not any((tmp_path / "stick").glob("reports/*"))
        demo.clock.let_go()
        await demo.tech.until(lambda: demo.tech.app.step == "done", "the end")
        await demo.tech.see("EN MÉMOIRE SEULEMENT")


async def test_its_logs_are_really_copied_to_its_own_stick(tmp_path: Path) -> None:
    async with played(tmp_path, "laptop") as demo:
        await demo.tech.until(lambda: demo.tech.app.state.plan is not None, "a plan")
        await demo.tech.press("f9", "enter")
        await demo.tech.see("Copié sur la clé, dossier logs/2026-11-24-160000Z")
    copied = tmp_path / "stick/logs/2026-11-24-160000Z"
    assert "reprise-engine" in (copied / "reprise.txt").read_text()


async def test_its_server_takes_what_is_sent_again(tmp_path: Path) -> None:
    async with played(tmp_path, "laptop") as demo:
        await demo.tech.to_done()
        await demo.tech.see("ENVOYÉ")
        await demo.tech.press("f7", "f5")
        await demo.tech.see("Rien n'attend d'être envoyé", "→ envoyé", "(de ce PC)")


async def test_stopping_leaves_a_drive_interrupted(tmp_path: Path) -> None:
    async with played(tmp_path, "laptop") as demo:
        await demo.tech.to_plan()
        demo.clock.hold(50)
        await demo.tech.confirm()
        await demo.tech.until(lambda: demo.clock.held == 1, "work")
        await demo.tech.press("f8")
        await demo.tech.see("Arrêter l'effacement")
        await demo.tech.press("o", "enter")
        demo.clock.let_go()
        await demo.tech.see("INTERROMPU")


async def test_what_was_left_unfinished_is_told_the_next_time(tmp_path: Path) -> None:
    """In a folder that is kept, as on a stick; the drives of a demonstration forget."""
    async with played(tmp_path, "server") as demo:
        await demo.tech.to_plan()
        demo.clock.hold(600)
        await demo.tech.confirm()
        await demo.tech.until(lambda: demo.clock.held == 12, "work")
        await demo.tech.press("f8", "o", "enter")
        demo.clock.let_go()
        await demo.tech.until(lambda: demo.tech.app.step == "done", "the end")
        await demo.tech.see("INTERROMPU")
    async with played(tmp_path, "server") as demo:
        await demo.tech.until(lambda: demo.tech.app.state.plan is not None, "a plan")
        assert all(view.past.interrupted for view in demo.tech.app.state.erasable)
        await demo.tech.to_done()
        await demo.tech.see("CE PC EST EFFACÉ ET VÉRIFIÉ")


def test_a_fault_that_does_not_fit_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError):
        Demonstration("laptop", Path("/nonexistent"), HeldClock(), ["overheating"])
    assert main(["--lang", "en", "station", "demo", "--fault", "overheating"]) == 2
    assert "does not fit" in capsys.readouterr().err


def test_a_real_stations_folder_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "station.key.pem").write_text("a key")
    assert main(["--lang", "en", "--data", str(tmp_path), "station", "demo"]) == 3
    assert "belongs to a real station" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["station.key.pem"]


def read_until(terminal: int, words: str, within_s: float = 60.0) -> str:
    """What a program shows until `words` come, or until it closes its terminal."""
    shown, until = b"", time.monotonic() + within_s
    while words not in typed(shown.decode("utf-8", "replace")) and time.monotonic() < until:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                shown += os.read(terminal, 65536)
            except OSError:  # EIO: the other side is closed
                break
    return shown.decode("utf-8", "replace")


def test_anybody_may_start_it_and_leave_it(tmp_path: Path) -> None:
    """On a real terminal, as somebody who is not root."""
    code = (
        "import os, sys; os.geteuid = lambda: 1000;"
        "from reprise.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    ours, theirs = pty.openpty()
    argv = [sys.executable, "-c", code, "--lang", "fr", "--data", str(tmp_path), "station", "demo"]
    env = {**os.environ, "TERM": "linux", "COLUMNS": "80", "LINES": "25"}
    with subprocess.Popen(argv, stdin=theirs, stdout=theirs, stderr=theirs, env=env) as process:
        os.close(theirs)
        shown = read_until(ours, "PC a été lu")
        os.write(ours, b"\x11")  # Ctrl+Q
        read_until(ours, "the end")
        ended = process.wait(60)
    os.close(ours)
    assert "PC a été lu" in shown
    assert ended == 0
