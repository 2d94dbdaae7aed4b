"""PostgreSQL's own lock: see the migration "0004_walls" of reports."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_SAID = "current_setting('reprise.organisation', true)"
_TABLE = "enrolments_enrolment"


def build(_apps: Any, editor: Any) -> None:
    if editor.connection.vendor != "postgresql":
        return
    here = f"organisation_id::text = {_SAID}"
    editor.execute(f"ALTER TABLE {_TABLE} ENABLE ROW LEVEL SECURITY")
    editor.execute(f"ALTER TABLE {_TABLE} FORCE ROW LEVEL SECURITY")
    editor.execute(f"CREATE POLICY walls ON {_TABLE} USING ({_SAID} = 'every' OR {here})")


class Migration(migrations.Migration):
    dependencies = [("enrolments", "0001_initial")]
    operations = [migrations.RunPython(build, migrations.RunPython.noop)]
