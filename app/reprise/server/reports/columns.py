"""What the tables say of a report and of its PC, whatever the rule is that judges it."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from reprise.domain.report.one_session import word_of
from reprise.domain.report.report import Report
from reprise.server.reports import models
from reprise.server.reports.listed import columns_of

_MOST_COLUMN = 500  # characters


def column_text(value: str | None) -> str:
    """For index columns only: PostgreSQL takes no NUL in text, and no long text in an index."""
    return (value or "").replace("\x00", "")[:_MOST_COLUMN]


def machine_key(report: Report) -> str:
    """Who a PC is: maker, model, serial and UUID. A PC that has neither serial nor UUID cannot be
    told from its twins: it is then a PC of its own in each session."""
    machine = report.inventory.machine
    told = bool(machine.serial or machine.uuid)
    parts = [machine.maker, machine.model, machine.serial, machine.uuid]
    text = json.dumps(parts if told else [*parts, report.session_id])
    return hashlib.sha256(text.encode()).hexdigest()


def session_columns(report: Report) -> dict[str, Any]:
    """The columns of `reports` that say of which session it is, and how far it goes."""
    word = word_of(report)
    return {
        "session_id": column_text(report.session_id),
        "cut_off": word.left,
        "session_s": word.session_s,
    }


def signed_columns(report: Report) -> dict[str, Any]:
    """The columns of `reports` that say what its station signed, and no rule decides."""
    return {
        "sealed_at": column_text(report.clock.sealed_at),
        "asset_tag": column_text(report.operator.asset_tag),
        "lot": column_text(report.operator.lot),
        "donor": column_text(report.operator.donor),
    }


def pc_columns(report: Report) -> dict[str, Any]:
    """What it says of its PC."""
    machine = report.inventory.machine
    maker, model = column_text(machine.maker), column_text(machine.model)
    chassis = column_text(machine.chassis)
    return {
        "maker": maker,
        "model": model,
        "serial": column_text(machine.serial),
        "uuid": column_text(machine.uuid),
        "chassis": chassis,
        **columns_of(maker, model, chassis),
    }


def pc_row(report: Report, organisation: int, received_at: datetime, outcome: str) -> models.Pc:
    """As it stands in the list, where this is its first report."""
    return models.Pc(
        organisation_id=organisation,
        machine_key=machine_key(report),
        last_received_at=received_at,
        outcome=outcome,
        **pc_columns(report),
    )
