"""PostgreSQL's own lock beside that of the services: rows of an organisation are seen by whoever
says which one it asks for (database.within), by what asks for every one's (commands and the
intake), and by nobody else."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_SAID = "current_setting('reprise.organisation', true)"
_TABLES = {
    "stations_station": f"organisation_id::text = {_SAID}",
    "reports_pc": f"organisation_id::text = {_SAID}",
    # a sub-query sees what the walls of its own table let through
    "reports_report": "EXISTS (SELECT 1 FROM reports_pc WHERE reports_pc.id = pc_id)",
    "reports_drive": (
        "EXISTS (SELECT 1 FROM reports_report WHERE reports_report.report_id ="
        " reports_drive.report_id)"
    ),
}


def build(_apps: Any, editor: Any) -> None:
    if editor.connection.vendor != "postgresql":
        return
    for table, here in _TABLES.items():
        editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")  # for its owner, too
        editor.execute(f"CREATE POLICY walls ON {table} USING ({_SAID} = 'every' OR {here})")


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0003_organisations"),
        ("stations", "0002_station_organisation"),
    ]
    operations = [migrations.RunPython(build, migrations.RunPython.noop)]
