"""Reports that come together are stored as if each had come alone: many batches of few reports,
sessions, PCs and stations, by chance, put both ways; and together they take few questions."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reprise.domain.planning.techniques import Verdict
from reprise.server import clock
from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.reports import models
from reprise.server.reports.storing import Checked, Put, put_all
from reprise.server.stations.keys import make_key
from reprise.server.stations.services import enroll, revoke, set_end
from server.kit import fresh
from server.pages import one_drive
from server.taking import OURS

pytestmark = pytest.mark.whole
_BATCHES = 80
_BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Chance:
    """From so few of each kind that they meet."""

    def __init__(self, kids: Sequence[str]) -> None:
        self._random = random.Random(11)  # noqa: S311
        self._kids = kids
        self._numbers = [str(uuid.UUID(int=n, version=4)) for n in range(400)]
        self._sessions = [str(uuid.UUID(int=n, version=4)) for n in range(1000, 1060)]
        self._seals = [(_BEGAN - timedelta(days=n)).isoformat() for n in range(-9, 9)]

    def batch(self) -> list[Checked]:
        return [self._one() for _ in range(self._random.randint(1, 12))]

    def _one(self) -> Checked:
        choose = self._random.choice
        verdict = choose([Verdict.VERIFIED, Verdict.FAILED, None])
        serial = f"PC{self._random.randrange(15)}"
        report = fresh(one_drive(verdict), serial=serial, uuid=serial)
        report = replace(
            report,
            report_id=choose(self._numbers),
            session_id=choose([*self._sessions, ""]),
            left_of=choose(["", str(uuid.uuid4())]),
            clock=replace(
                report.clock,
                session_s=float(self._random.randrange(4)),
                sealed_at=choose(self._seals),
            ),
            operator=replace(report.operator, asset_tag=f"TAG-{self._random.randrange(9)}"),
        )
        return Checked(report, choose([b"bytes", b"others"]), choose(self._kids))


@pytest.fixture(params=["sqlite", "postgresql"])
def addresses(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[str]]:
    """Two databases."""
    made = [str(tmp_path / f"{name}.db") for name in ("alone", "together")]
    if request.param == "postgresql":
        made = [request.getfixturevalue("cluster").own_database() for _ in made]
    try:
        yield made
    finally:
        close_database()


def _stored() -> dict[str, Any]:
    """All that stands there, without the numbers that a database gives."""
    pcs = {pc.pk: pc for pc in models.Pc.objects.all()}
    told = dict(models.Words.objects.values_list("pc", "words"))
    assert set(told) == set(pcs)
    reports: list[dict[str, Any]] = []
    for told_row in models.Report.objects.order_by("pk").values():
        row: dict[str, Any] = dict(told_row)
        row["pc_id"] = pcs[row["pc_id"]].machine_key
        row["jws"] = bytes(row["jws"])
        reports.append(row)
    drives = models.Drive.objects.order_by("report_id", "position").values_list(
        "report_id", "position", "serial", "state", "achieved", "size_bytes"
    )
    listed = [
        (pc.machine_key, pc.serial, pc.last_received_at, pc.outcome, pc.kind, pc.name, told[pc.pk])
        for pc in sorted(pcs.values(), key=lambda pc: pc.machine_key)
    ]
    return {"reports": reports, "drives": list(drives), "pcs": listed}


def test_together_is_as_one_after_the_other(addresses: list[str]) -> None:
    keys = [make_key() for _ in range(3)]
    chance = Chance([key.kid for key in keys])
    batches = [chance.batch() for _ in range(_BATCHES)]
    stored, became = [], []
    for address, size in zip(addresses, (1, 99), strict=True):
        open_database(address)
        for number, key in enumerate(keys):
            enroll(OURS, f"Bench {number}", key.public_pem.decode(), key.kid)
        results = []
        for number, batch in enumerate(batches):
            if number == _BATCHES - 20:
                revoke(OURS, keys[0].kid)
                set_end(OURS, keys[1].kid, _BEGAN)
            with clock.played_at(_BEGAN + timedelta(minutes=number)):
                parts = [batch[at : at + size] for at in range(0, len(batch), size)]
                results += [result for part in parts for result in put_all(part)]
        became.append(results)
        stored.append(_stored())
        close_database()
    assert became[0] == became[1]
    assert stored[0] == stored[1]
    counts = Counter(put for put, _stored in became[0])
    assert all(counts[put] >= 10 for put in Put), counts
    superseded = [row for row in stored[0]["reports"] if row["superseded_by"]]
    assert len(superseded) >= 5
    assert len(stored[0]["pcs"]) < counts[Put.STORED]  # PCs came back


def test_forty_together_take_as_many_questions_as_four(addresses: list[str]) -> None:
    open_database(addresses[0])
    key = make_key()
    enroll(OURS, "Bench", key.public_pem.decode(), key.kid)

    def questions(count: int) -> int:
        reports = [
            fresh(one_drive(Verdict.VERIFIED), serial=str(uuid.uuid4())) for _ in range(count)
        ]
        new = [Checked(report, report.report_id.encode(), key.kid) for report in reports]
        with CaptureQueriesContext(connection) as asked:
            assert {put for put, _stored in put_all(new)} == {Put.STORED}
        return len(asked)

    questions(1)  # its station is marked as seen
    assert questions(40) == questions(4) <= 13
