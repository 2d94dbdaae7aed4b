"""Stations, machines, reports and drives.

There is no way back: a downgrade would drop evidence. Restore a backup instead.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def upgrade() -> None:
    op.create_table(
        "stations",
        sa.Column("kid", sa.String(64), primary_key=True),
        _text("name"),
        _text("public_pem"),
        sa.Column("enrolled_at", _INSTANT, nullable=False),
        sa.Column("revoked_at", _INSTANT),
    )
    op.create_table(
        "machines",
        sa.Column("machine_key", sa.String(64), primary_key=True),
        _text("maker"),
        _text("model"),
        _text("serial"),
        _text("uuid"),
        _text("chassis"),
        sa.Column("last_received_at", _INSTANT, nullable=False),
    )
    op.create_table(
        "reports",
        sa.Column("report_id", sa.String(36), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("jws", sa.LargeBinary, nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.Column("kid", sa.String(64), sa.ForeignKey("stations.kid"), nullable=False),
        sa.Column(
            "machine_key", sa.String(64), sa.ForeignKey("machines.machine_key"), nullable=False
        ),
        sa.Column("outcome", sa.String(16), nullable=False),
        _text("sealed_at"),
        _text("asset_tag"),
        _text("lot"),
        _text("donor"),
    )
    op.create_table(
        "drives",
        sa.Column("report_id", sa.String(36), sa.ForeignKey("reports.report_id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        _text("model"),
        _text("serial"),
        _text("wwn"),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("achieved", sa.String(16), nullable=False),
    )
    op.create_index("machines_by_last_received", "machines", ["last_received_at"])
    op.create_index("reports_by_machine", "reports", ["machine_key", "received_at"])
    op.create_index("drives_by_serial", "drives", ["serial"])
