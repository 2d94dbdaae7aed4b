"""Work that no request waits for: asked for once, done by one, never lost and never for ever."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reprise.errors import StorageError
from reprise.server.database import close_database, writing
from reprise.server.database_errors import FullError
from reprise.server.files.store import StoreError
from reprise.server.jobs import bell, models, services, worker
from reprise.server.jobs.child import ChildError, LateError, made_in_child
from reprise.server.jobs.services import Job, Standing, State, Trouble
from server.kit import open_new

MAKERS = {"paper": "this"}


@pytest.fixture(autouse=True)
def database(tmp_path: Path) -> Iterator[None]:
    open_new(tmp_path / "reprise.db")
    yield
    close_database()


def ask(*names: str, whose: int = 1, maker: str = "this", kind: str = "paper") -> None:
    with writing():
        for name in names:
            services.ask(kind, name, whose, maker, {"of": name})


def take() -> Job:
    job = services.take(MAKERS, 0)
    assert job is not None
    return job


def names() -> list[str]:
    """All that may be taken now, by taking them."""
    found, served = [], 0
    while (job := services.take(MAKERS, served)) is not None:
        found.append(job.name)
        served = job.whose
    return found


def later(seconds: float) -> None:
    """So much time goes by, for all jobs."""
    for row in models.Job.objects.all():
        row.due_at -= timedelta(seconds=seconds)
        row.save()


def test_a_job_is_asked_for_once_and_taken_once() -> None:
    ask("a", "a", "b")
    ask("a")
    first = take()
    assert (first.name, first.arguments, first.attempts) == ("a", {"of": "a"}, 1)
    assert services.standing("paper", "a") == Standing(State.TAKEN, Trouble.NONE)
    ask("a")
    assert names() == ["b"]
    assert services.standing("paper", "c") is None
    services.done("paper", "a")
    assert services.standing("paper", "a") is None


def test_nobody_takes_what_another_version_or_kind_of_program_makes() -> None:
    ask("newer", maker="that")
    ask("label", kind="label")
    ask("ours")
    assert names() == ["ours"]


def test_a_lost_job_is_taken_again_after_its_lease_and_given_up_in_the_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ask("a")
    for attempt in (1, 2, 3):
        job = take()
        assert job.attempts == attempt
        later(services.LEASE_S - 1)
        assert names() == []
        services.hold_on(job)
        later(services.LEASE_S - 1)
        assert names() == []
        later(2)
    assert names() == []
    assert services.standing("paper", "a") == Standing(State.GIVEN_UP, Trouble.LOST)
    assert "given up" in caplog.text


def test_who_lost_a_job_changes_nothing_of_it_any_more() -> None:
    ask("a")
    lost = take()
    later(services.LEASE_S + 1)
    held = take()
    for change in (services.hold_on, services.give_back):
        change(lost)
    services.put_off(lost, Trouble.FAILED)
    assert services.standing("paper", "a") == Standing(State.TAKEN, Trouble.NONE)
    later(services.LEASE_S - 1)
    services.hold_on(held)
    later(2)
    assert names() == []


def test_a_job_that_fails_is_put_off_and_given_up_in_the_end() -> None:
    ask("a")
    for attempt in (1, 2, 3):
        job = take()
        ask("new")
        assert services.put_off(job, Trouble.FAILED) is (attempt == 3)
        assert names() == ["new"]
        services.done("paper", "new")
        later(31)
    assert names() == []
    assert services.standing("paper", "a") == Standing(State.GIVEN_UP, Trouble.FAILED)
    ask("a")
    assert names() == []
    later(24 * 3600)
    services.forget_old()
    ask("a")
    assert names() == ["a"]


def test_new_jobs_come_before_those_that_failed() -> None:
    ask("failing")
    services.put_off(take(), Trouble.LATE)
    later(60)
    ask("new")
    assert names() == ["new", "failing"]


def test_what_is_not_its_fault_does_not_count_against_it() -> None:
    ask("a")
    for _again in range(10):
        job = take()
        assert job.attempts == 1
        assert not services.put_off(job, Trouble.STORE)
        assert services.standing("paper", "a") == Standing(State.WAITING, Trouble.STORE)
        assert names() == []
        later(11)
    services.give_back(take())
    assert take().attempts == 1


def test_while_a_store_is_away_all_wait_for_it_and_one_alone_tries() -> None:
    """Who asks then is told so soon, however many have asked before."""
    ask("a", "b", "c")
    services.put_off(take(), Trouble.STORE)
    waiting = Standing(State.WAITING, Trouble.STORE)
    assert [services.standing("paper", name) for name in "abc"] == [waiting] * 3
    ask("other", kind="another")
    ask("new")
    assert names() == ["new"]
    later(9.5)
    assert names() == ["b", "c"]  # one that the store never takes stands in nobody's way
    later(1)
    assert names() == ["a"]


def test_a_child_gives_back_what_it_made() -> None:
    assert made_in_child(lambda: b"", 60, lambda: None) == b""
    large = os.urandom(1 << 20) * 9
    assert made_in_child(lambda: large, 60, lambda: None) == large
    assert made_in_child(lambda: b"%d" % os.getpid(), 60, lambda: None) != b"%d" % os.getpid()


def begun() -> list[int]:
    """The processes that this one has begun."""
    every = Path("/proc/self/task").glob("*/children")
    return [int(pid) for file in every for pid in file.read_text().split()]


def test_half_of_what_a_child_made_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reprise.server.jobs.child._TICK_S", 0.0)

    before = begun()  # a server of other tests may be among them

    def tick() -> None:
        time.sleep(0.3)  # until it has filled the pipe
        for pid in set(begun()) - set(before):
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(ChildError, match="whole"):
        made_in_child(lambda: b"x" * (9 << 20), 60, tick)


def dies() -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b"never"


def fails() -> bytes:
    raise ValueError("of its own")


def too_much() -> bytes:
    return b"x" * (65 << 20)


def greedy() -> bytes:
    return b"%d" % len(bytearray(3 << 30))


@pytest.mark.parametrize("make", [dies, fails, too_much, greedy])
def test_a_child_that_makes_nothing_is_told(make: Callable[[], bytes]) -> None:
    with pytest.raises(ChildError) as told:
        made_in_child(make, 60, lambda: None)
    assert not isinstance(told.value, LateError)


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reprise.server.jobs.child._TICK_S", 0.1)
    pids: list[int] = []
    ticks: list[datetime] = []

    def sleeps() -> bytes:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            time.sleep(1)

    before = begun()

    def tick() -> None:
        ticks.append(datetime.now(UTC))
        pids.extend(set(begun()) - set(before))

    with pytest.raises(LateError):
        made_in_child(sleeps, 1.5, tick)
    assert ticks
    assert pids
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_a_fault_of_housekeeping_ends_neither_the_worker_nor_the_rest(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker, "_FIRST_CLEAN_S", 0.0)

    def faulty() -> None:
        raise TypeError("a bytes-like object")

    def last() -> None:
        raise SystemExit(7)

    with pytest.raises(SystemExit, match="7"):
        worker.Worker({}, 1.0, [faulty, last]).run()
    assert "a bytes-like object" in caplog.text


@pytest.mark.parametrize("error", [StoreError("no bucket"), FullError("no room")])
def test_each_part_of_housekeeping_is_tried(
    error: StorageError, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The store of files is away, or what one part does needs more room than there is."""
    monkeypatch.setattr(worker, "_FIRST_CLEAN_S", 0.0)

    monkeypatch.setattr(bell, "wait", lambda: pytest.fail("the last was not tried"))

    class Sweeping:
        maker = "this"

        def begin(self, job: Job) -> None:
            raise NotImplementedError

        def clean(self) -> None:
            raise error

    def last() -> None:
        raise SystemExit(7)

    with pytest.raises(SystemExit, match="7"):
        worker.Worker({"paper": Sweeping()}, 1.0, [last]).run()
    assert error.what in caplog.text
    assert "Traceback" not in caplog.text
