"""The station's two processes over a real overwrite of a slow device, and the death of each."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from disks.rig import MIB, Liar, lying_device, payload_of
from reprise.adapters.storage.journal import read_journal
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.report.events import DriveInterrupted, Event, ReportSealed
from reprise.workflow.engine.port import EngineClient, Order, Work
from station_kit.processes import engine_process, remote, screen_process, until

LOOPS = "disks.loop_engine"
SIZE = 256 * MIB  # a pass outlasts the start of a screen on a busy machine
SLOW = {"delay_s": 0.02}  # of each request of 128 KiB: some 6 MB/s
QUICK = {"delay_s": 0}


@dataclass
class Bench:
    """A slow drive and the station's data folder."""

    liar: Liar
    data: Path

    @property
    def socket(self) -> Path:
        return self.data / "engine.sock"

    def journals(self) -> list[list[Event]]:
        """The sessions' events, oldest first."""
        files = sorted((self.data / "journal").glob("*.jsonl"), key=lambda f: f.stat().st_mtime)
        return [[one.event for one in read_journal(f.read_bytes()).events] for f in files]


@pytest.fixture
def bench(liar_folder: Path) -> Iterator[Bench]:
    data = liar_folder / "data"
    data.mkdir()
    with lying_device(liar_folder, SIZE, **SLOW) as liar:
        yield Bench(liar, data)


def state(client: EngineClient) -> DriveState | None:
    return client.state.drives[0].state if client.state.drives else None


def confirm(client: EngineClient) -> None:
    until(lambda: client.state.plan is not None, "a plan")
    defaults = client.status.install
    assert defaults is not None
    client.confirm(Order(client.state.digest, defaults, read=client.state.read_digest))


def done_bytes(client: EngineClient) -> int:
    return max((tick.done_bytes for tick in client.progress.values()), default=0)


def test_the_erase_goes_on_after_the_screen_was_killed_and_the_next_one_sees_its_end(
    bench: Bench,
) -> None:
    with engine_process(LOOPS, bench.data, bench.liar.node) as engine:
        with screen_process(bench.socket) as first:
            first.see("Le PC a été lu")
            for words in ("Ce PC", "Disques", "Aucun système", "Confirmer"):
                first.clear()
                first.press(b"\r")
                first.see(words)
            first.confirm("Mo/s")
            first.kill()
        with remote(bench.socket) as client:
            until(lambda: done_bytes(client) > 0, "a tick of the old erasure")
            before = done_bytes(client)
            until(lambda: done_bytes(client) > before, "that it goes on without a screen")
            assert state(client) is DriveState.ERASING
        with screen_process(bench.socket, 80, 25) as second:
            second.see("Effacement en cours")
            bench.liar.set(**QUICK)
            second.see("CE PC EST EFFACÉ ET VÉRIFIÉ")
        assert engine.poll() is None
        (events,) = bench.journals()
        sealed = next(event for event in events if isinstance(event, ReportSealed))
        report = payload_of(bench.data / "reports" / f"{sealed.report_id}.jws")
        (drive,) = report["drives"]
        assert drive["state"] == "sanitized"
        assert drive["attempts"][0]["verified_bytes"] == SIZE
        assert len(drive["attempts"]) == 1


def test_a_killed_engine_leaves_the_drive_interrupted_and_the_next_one_goes_on(
    bench: Bench,
) -> None:
    with (
        engine_process(LOOPS, bench.data, bench.liar.node) as engine,
        remote(bench.socket) as client,
    ):
        confirm(client)
        until(lambda: done_bytes(client) > 0, "a tick")
        first = client.state.started
        engine.send_signal(signal.SIGKILL)
        engine.wait()
        bench.liar.set(**QUICK)
        with engine_process(LOOPS, bench.data, bench.liar.node):
            until(lambda: client.state.started not in (None, first), "a new session")
            until(lambda: client.state.plan is not None, "its plan")
            assert client.state.drives[0].past.interrupted
            assert state(client) is DriveState.PLANNED
            # what the first session did is not lost, and it is not called erased
            (left,) = [payload_of(path) for path in (bench.data / "reports").glob("*.jws")]
            assert left["drives"][0]["state"] == "interrupted"
            confirm(client)
            until(lambda: client.status.work is Work.ENDED, "the end")
            assert state(client) is DriveState.SANITIZED


def test_a_stopped_engine_ends_as_interrupted_by_the_operator(bench: Bench) -> None:
    with (
        engine_process(LOOPS, bench.data, bench.liar.node) as engine,
        remote(bench.socket) as client,
    ):
        confirm(client)
        until(lambda: done_bytes(client) > 0, "a tick")
        engine.send_signal(signal.SIGTERM)
        assert engine.wait(20) == 0
    (events,) = bench.journals()
    (end,) = [event for event in events if isinstance(event, DriveInterrupted)]
    assert end.cause == "operator"
    assert isinstance(events[-1], ReportSealed)
