"""Which rule judged a report. Those that are here are judged anew when the database is opened: see
reprise.server.judging.

There is no way back: a downgrade would show what an older rule said. Restore a backup instead.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reports", sa.Column("rule", sa.Integer, nullable=False, server_default="0"))
    op.create_index("reports_by_rule", "reports", ["rule", "report_id"])
