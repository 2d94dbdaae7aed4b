"""As the walls of reports (reports/migrations/0004_walls.py)."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_SAID = "current_setting('reprise.organisation', true)"
_TABLES = {
    "quarantine_shelf": f"organisation_id::text = {_SAID}",
    # a sub-query sees what the walls of its own table let through
    "quarantine_letter": (
        "EXISTS (SELECT 1 FROM quarantine_shelf WHERE quarantine_shelf.kid = shelf_id)"
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
    dependencies = [("quarantine", "0001_initial")]
    operations = [migrations.RunPython(build, migrations.RunPython.noop)]
