"""Which session a report is about, and which report of a session counts.

There is no way back: a downgrade would show two truths again. Restore a backup instead.
"""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_REPORTS = sa.table(
    "reports",
    sa.column("report_id", sa.String),
    sa.column("jws", sa.LargeBinary),
    sa.column("received_at", sa.DateTime(timezone=True)),
    sa.column("session_id", sa.Text),
    sa.column("cut_off", sa.Boolean),
    sa.column("session_s", sa.Float),
    sa.column("superseded_by", sa.String),
)


def upgrade() -> None:
    op.add_column("reports", sa.Column("session_id", sa.Text, nullable=False, server_default=""))
    op.add_column(
        "reports", sa.Column("cut_off", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column("reports", sa.Column("session_s", sa.Float, nullable=False, server_default="0"))
    op.add_column("reports", sa.Column("superseded_by", sa.String(36)))
    _fill(op.get_bind())
    op.create_index("reports_by_session", "reports", ["session_id"])
    own = sa.text("NOT cut_off AND session_id <> ''")
    op.create_index(
        "reports_own_of_session",
        "reports",
        ["session_id"],
        unique=True,
        sqlite_where=own,
        postgresql_where=own,
    )


def _fill(connection: sa.Connection) -> None:
    """What the reports that are here already say of their sessions."""
    ids = connection.execute(
        sa.select(_REPORTS.c.report_id).order_by(_REPORTS.c.received_at, _REPORTS.c.report_id)
    ).scalars()
    of_session: dict[str, list[tuple[bool, float, str]]] = {}
    for report_id in ids.all():
        here = _REPORTS.c.report_id == report_id
        jws = connection.execute(sa.select(_REPORTS.c.jws).where(here)).scalar_one()
        session_id, left, session_s = _told(report_id, jws)
        others = of_session.setdefault(session_id, []) if session_id else []
        left = left or any(not other[0] for other in others)  # the first of its own counts
        others.append((left, -session_s, report_id))
        values = {"session_id": session_id, "cut_off": left, "session_s": session_s}
        connection.execute(_REPORTS.update().where(here).values(values))
    for words in of_session.values():
        best = min(words)[2]
        for _left, _length, report_id in words:
            if report_id != best:
                here = _REPORTS.c.report_id == report_id
                connection.execute(_REPORTS.update().where(here).values(superseded_by=best))


def _told(report_id: str, jws: bytes) -> tuple[str, bool, float]:
    """(session, whether from a journal that breaks off, how far it goes). All of these were checked
    when they were stored; one that was damaged since is shown as such, and is in nobody's way."""
    try:
        payload = jws.split(b".")[1]
        report: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + b"=="))
        session_id, session_s = str(report["session_id"]), float(report["clock"]["session_s"])
    except (ValueError, LookupError, TypeError):
        return "", False, 0.0
    older = str(uuid.uuid5(uuid.NAMESPACE_OID, f"reprise-left:{session_id}"))
    return session_id, bool(report.get("left_of")) or report_id == older, session_s
