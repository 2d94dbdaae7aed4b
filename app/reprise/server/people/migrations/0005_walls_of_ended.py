"""Who asks as an organisation that was ended sees nothing of it: PostgreSQL's own lock beside that
of the services, as reports/migrations/0004_walls.py."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_SAID = "current_setting('reprise.organisation', true)"
# looked up once a question: it names no column of the table that it guards
_OPEN = f"""
(SELECT {_SAID} = 'every' OR NOT EXISTS
(SELECT 1 FROM people_organisation WHERE id::text = {_SAID} AND ended_at IS NOT NULL))
"""  # noqa: S608 (names of ours)
_TABLES = (
    *("stations_station", "reports_pc", "reports_report"),  # what hangs on them goes by them
    *("quarantine_shelf", "enrolments_enrolment", "retention_period"),
)


def build(_apps: Any, editor: Any) -> None:
    if editor.connection.vendor != "postgresql":
        return
    for table in _TABLES:
        editor.execute(f"CREATE POLICY of_ended ON {table} AS RESTRICTIVE USING ({_OPEN})")


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_ended"),
        ("reports", "0004_walls"),
        ("quarantine", "0002_walls"),
        ("enrolments", "0002_walls"),
        ("retention", "0002_walls"),
    ]
    operations = [migrations.RunPython(build, migrations.RunPython.noop)]
