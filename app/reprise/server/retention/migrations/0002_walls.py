"""As the walls of reports (reports/migrations/0004_walls.py). What is chosen for the server (0)
everybody may read."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_SAID = "current_setting('reprise.organisation', true)"
_TABLE = "retention_period"


def build(_apps: Any, editor: Any) -> None:
    if editor.connection.vendor != "postgresql":
        return
    here = f"organisation::text = {_SAID}"
    editor.execute(f"ALTER TABLE {_TABLE} ENABLE ROW LEVEL SECURITY")
    editor.execute(f"ALTER TABLE {_TABLE} FORCE ROW LEVEL SECURITY")
    editor.execute(f"CREATE POLICY walls ON {_TABLE} USING ({_SAID} = 'every' OR {here})")
    editor.execute(f"CREATE POLICY of_server ON {_TABLE} FOR SELECT USING (organisation = 0)")


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_initial")]
    operations = [migrations.RunPython(build, migrations.RunPython.noop)]
