"""What the database holds. The exact bytes of a report are the evidence; every other column is
an index made from them, and can be made again."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    and_,
    false,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An aware UTC time. SQLite forgets the zone; here it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 (SQLAlchemy's signature)
    ) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 (SQLAlchemy's signature)
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()

stations = Table(
    "stations",
    metadata,
    Column("kid", String(64), primary_key=True),  # RFC 7638 thumbprint
    Column("name", Text, nullable=False),
    Column("public_pem", Text, nullable=False),
    Column("enrolled_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)

machines = Table(
    "machines",
    metadata,
    Column("machine_key", String(64), primary_key=True),  # see reprise.server.archive.machine_key
    Column("maker", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("serial", Text, nullable=False),
    Column("uuid", Text, nullable=False),
    Column("chassis", Text, nullable=False),
    Column("last_received_at", Instant, nullable=False),
)

reports = Table(
    "reports",
    metadata,
    Column("report_id", String(36), primary_key=True),
    Column("sha256", String(64), nullable=False),  # of `jws`
    Column("jws", LargeBinary, nullable=False),  # the exact bytes that were received
    Column("received_at", Instant, nullable=False),
    Column("kid", String(64), ForeignKey("stations.kid"), nullable=False),
    Column("machine_key", String(64), ForeignKey("machines.machine_key"), nullable=False),
    Column("outcome", String(16), nullable=False),  # reprise.domain.report.outcome.Outcome
    Column("sealed_at", Text, nullable=False),  # the station's clock: may lie
    Column("asset_tag", Text, nullable=False),
    Column("lot", Text, nullable=False),
    Column("donor", Text, nullable=False),
    Column("session_id", Text, nullable=False, server_default=""),
    Column(
        "cut_off", Boolean, nullable=False, server_default=false()
    ),  # see domain.report.one_session
    Column("session_s", Float, nullable=False, server_default="0"),
    Column("superseded_by", String(36)),  # the report of the same session that counts; NULL: it is
    # report_outcome.RULE_VERSION that judged it and its drives; 0: from before rules had numbers
    Column("rule", Integer, nullable=False, server_default="0"),
)

drives = Table(
    "drives",
    metadata,
    Column("report_id", String(36), ForeignKey("reports.report_id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("model", Text, nullable=False),
    Column("serial", Text, nullable=False),
    Column("wwn", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("achieved", String(16), nullable=False),
)

Index("machines_by_last_received", machines.c.last_received_at)
Index("reports_by_machine", reports.c.machine_key, reports.c.received_at)
Index("drives_by_serial", drives.c.serial)
Index("reports_by_rule", reports.c.rule, reports.c.report_id)
Index("reports_by_session", reports.c.session_id)
_OWN = and_(~reports.c.cut_off, reports.c.session_id != "")
Index(
    "reports_own_of_session",
    reports.c.session_id,
    unique=True,
    sqlite_where=_OWN,
    postgresql_where=_OWN,
)
