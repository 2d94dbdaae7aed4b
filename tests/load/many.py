"""A database of many PCs, written past the server: believable names, genuine columns, and bytes
that are no report, as no list reads them."""

from __future__ import annotations

import hashlib
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from reprise.domain.report.report_outcome import RULE_VERSION
from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.reports import models
from reprise.server.reports.listed import columns_of
from reprise.server.stations.keys import make_key
from reprise.server.stations.services import enroll
from server.taking import OURS

_BATCH = 4000  # PCs
_MODELS = (
    ("Dell Inc.", "Latitude 5590", "Notebook", 20),
    ("Dell Inc.", "OptiPlex 7060", "Desktop", 15),
    ("HP", "HP EliteBook 840 G5", "Notebook", 18),
    ("HP", "HP ProDesk 600 G4 SFF", "Low Profile Desktop", 10),
    ("LENOVO", "20L5S0AB00 ThinkPad T480", "Notebook", 15),
    ("LENOVO", "10MQS03000 ThinkCentre M710q", "Mini PC", 8),
    ("FUJITSU", "ESPRIMO D757", "Desktop", 5),
    ("Acer", "TravelMate P215", "Notebook", 3),
    ("TOSHIBA", "SATELLITE PRO R50", "Notebook", 2),
    ("ASUSTeK COMPUTER INC.", "X555LAB", "Notebook", 1),
)
_DRIVES = (
    ("Samsung SSD 860 EVO 500GB", "S3Z", 500_107_862_016),
    ("KINGSTON SA400S37240G", "50026B", 240_057_409_536),
    ("ST1000DM010-2EP102", "ZN1", 1_000_204_886_016),
    ("WDC WD5000AAKX", "WD-WCC", 500_107_862_016),
)
_OUTCOMES = ("sanitized",) * 88 + ("untouched",) * 5 + ("unverified",) * 3 + ("failed",) * 4
_DONORS = ("Mairie de Brest", "Lycée Kerichen", "Ville de Lorient", "CHU", "Conseil régional")
_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_FIRST = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass
class Rows:
    pcs: list[models.Pc] = field(default_factory=list)
    words: list[models.Words] = field(default_factory=list)
    reports: list[models.Report] = field(default_factory=list)
    drives: list[models.Drive] = field(default_factory=list)

    def write(self) -> None:
        models.Pc.objects.bulk_create(self.pcs, batch_size=500)
        models.Words.objects.bulk_create(self.words, batch_size=500)
        models.Report.objects.bulk_create(self.reports, batch_size=500)
        models.Drive.objects.bulk_create(self.drives, batch_size=500)
        for rows in (self.pcs, self.words, self.reports, self.drives):
            rows.clear()


def fill(database: str, reports: int) -> None:
    """Up to so many reports."""
    open_database(database)
    try:
        kid, rows = _station(), Rows()
        last = models.Pc.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        left = reports - models.Report.objects.count()
        chance = random.Random(f"PCs {left}")  # noqa: S311
        with transaction.atomic():
            while left > 0:
                last += 1
                left -= _one(rows, chance, last, kid, times=min(left, 2 if last % 7 < 3 else 1))
                if len(rows.pcs) >= _BATCH:
                    rows.write()
            rows.write()
        _settle()
    finally:
        close_database()


def _station() -> str:
    key = make_key()
    return enroll(OURS, f"Bench {key.kid[:6]}", key.public_pem.decode(), key.kid)[0].kid


def _settle() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            last = "SELECT setval(pg_get_serial_sequence('reports_pc', 'id'), max(id))"
            cursor.execute(f"{last} FROM reports_pc")
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("ANALYZE")


def _number(chance: random.Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def _one(rows: Rows, chance: random.Random, number: int, kid: str, *, times: int) -> int:
    """A PC that came so many times: how many reports it has."""
    (maker, model, chassis, _weight), *_none = chance.choices(
        _MODELS, [weight for *_names, weight in _MODELS]
    )
    serial, board = "".join(chance.choices(_LETTERS, k=9)), _number(chance)
    at = _FIRST + timedelta(seconds=number * 60)
    tag, lot = f"INV-{chance.randrange(10**6):06d}", f"2025-{chance.randrange(400):03d}"
    donor = chance.choice(_DONORS)
    drives = [
        (name, start + "".join(chance.choices("0123456789ABCDEF", k=9)), size)
        for name, start, size in chance.choices(_DRIVES, k=chance.choice((1, 1, 1, 2)))
    ]
    words = {maker, model, serial, board, tag, lot, donor, *(one[1] for one in drives)}
    outcome = ""
    for again in range(times):
        report_id, outcome = _number(chance), chance.choice(_OUTCOMES)
        moment = at + timedelta(minutes=40 * again)
        words.add(report_id)
        rows.reports.append(
            models.Report(
                report_id=report_id,
                sha256=hashlib.sha256(report_id.encode()).hexdigest(),
                jws=b"x" * 60,
                received_at=moment,
                done_at=moment,
                station_id=kid,
                pc_id=number,
                outcome=outcome,
                sealed_at=moment.isoformat(),
                asset_tag=tag,
                lot=lot,
                donor=donor,
                session_id=_number(chance),
                session_s=3600.0,
                rule=RULE_VERSION,
                organisation=OURS.organisation,
            )
        )
        rows.drives += _drives(report_id, drives, outcome)
    rows.pcs.append(
        models.Pc(
            pk=number,
            organisation_id=OURS.organisation,
            machine_key=hashlib.sha256(f"{serial}{board}".encode()).hexdigest(),
            maker=maker,
            model=model,
            serial=serial,
            uuid=board,
            chassis=chassis,
            last_received_at=at + timedelta(minutes=40 * (times - 1)),
            outcome=outcome,
            **columns_of(maker, model, chassis),
        )
    )
    rows.words.append(
        models.Words(pc_id=number, words="\n".join(sorted(word.lower() for word in words)))
    )
    return times


def _drives(
    report_id: str, drives: list[tuple[str, str, int]], outcome: str
) -> Iterator[models.Drive]:
    for position, (model, serial, size) in enumerate(drives):
        yield models.Drive(
            report_id=report_id,
            position=position,
            model=model,
            serial=serial,
            wwn="",
            size_bytes=size,
            state="sanitized" if outcome == "sanitized" else "failed",
            achieved="clear" if outcome == "sanitized" else "none",
        )
