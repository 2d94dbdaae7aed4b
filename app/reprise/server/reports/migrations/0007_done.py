"""When a report was done: see domain.report.done. By ALTER TABLE: Django would make SQLite's tables
anew, with every report's bytes. Each report is judged anew at the end, and gets its moment then."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

_KINDS = {"sqlite": "datetime", "postgresql": "timestamptz"}


def add(_apps: Any, editor: Any) -> None:
    kind = _KINDS[editor.connection.vendor]
    default = "NOT NULL DEFAULT '1970-01-01 00:00:00+00:00'"
    editor.execute(f"ALTER TABLE reports_report ADD COLUMN done_at {kind} {default}")


class Migration(migrations.Migration):
    dependencies = [("reports", "0006_words")]
    operations = [
        migrations.RemoveIndex("report", "report_by_pc"),
        migrations.SeparateDatabaseAndState(
            [migrations.RunPython(add)],
            [migrations.AddField("report", "done_at", models.DateTimeField())],
        ),
        migrations.AddIndex("report", models.Index(fields=["pc", "done_at"], name="report_by_pc")),
        migrations.RunSQL("UPDATE reports_report SET done_at = received_at, rule = 0"),
    ]
