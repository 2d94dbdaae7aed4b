"""Whose job comes next: each organisation's in its turn, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from reprise.server.database import close_database, writing
from reprise.server.jobs import models, services, worker
from reprise.server.jobs.services import Job, Trouble
from reprise.server.opening import open_database
from server.kit import open_new

MAKERS = {"paper": "this"}


pytestmark = pytest.mark.whole


@pytest.fixture(params=["sqlite", "postgresql"], autouse=True)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    if request.param == "postgresql":
        open_database(request.getfixturevalue("cluster").own_database())
    else:
        open_new(tmp_path / "reprise.db")
    yield
    close_database()


def ask(whose: int, *names: str) -> None:
    for name in names:  # each a moment later than the one before
        with writing():
            services.ask("paper", name, whose, "this", {})


def fails(name: str) -> None:
    job = services.take(MAKERS, 0)
    assert job is not None
    assert job.name == name
    services.put_off(job, Trouble.FAILED)
    for row in models.Job.objects.all():
        row.due_at -= timedelta(seconds=60)
        row.save()


def names() -> list[str]:
    """All that may be taken now, by taking them."""
    found, served = [], 0
    while (job := services.take(MAKERS, served)) is not None:
        found.append(job.name)
        served = job.whose
    return found


def test_organisations_take_turns_however_many_one_of_them_asks_for() -> None:
    ask(1, "a1", "a2", "a3", "a4")
    ask(3, "c1", "c2")
    ask(2, "b1", "b2")
    assert names() == ["a1", "b1", "c1", "a2", "b2", "c2", "a3", "a4"]


def test_one_that_fails_waits_behind_the_new_ones_of_its_own_organisation() -> None:
    ask(2, "failing")
    fails("failing")
    ask(2, "new")
    ask(1, "a1", "a2", "a3")
    assert names() == ["a1", "new", "a2", "failing", "a3"]


def test_the_process_remembers_whose_turn_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    done = []

    class Noted:
        maker = "this"

        def begin(self, job: Job) -> None:
            done.append(job.name)
            services.done(job.kind, job.name)

        def clean(self) -> None: ...

    def idle() -> None:
        raise SystemExit

    monkeypatch.setattr("reprise.server.jobs.bell.wait", idle)
    ask(1, "a1", "a2", "a3")
    ask(2, "b1", "b2")
    with pytest.raises(SystemExit):
        worker.Worker({"paper": Noted()}, 1.0).run()
    assert done == ["a1", "b1", "a2", "b2", "a3"]
