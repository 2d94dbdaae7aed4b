"""What lists ask for stands with each PC and each report: see listed.py. By ALTER TABLE: Django
would make SQLite's tables anew, with every report's bytes."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from reprise.server.reports.listed import columns_of

_SAID = "current_setting('reprise.organisation', true)"
_PCS = {"outcome": 16, "kind": 8, "name": 200}  # characters


def _added(
    model: str, name: str, kind: str, field: models.Field[Any, Any]
) -> migrations.SeparateDatabaseAndState:
    alter = f"ALTER TABLE reports_{model} ADD COLUMN {name} {kind}"
    return migrations.SeparateDatabaseAndState(
        [migrations.RunSQL(alter)],
        [migrations.AddField(model_name=model, name=name, field=field)],
    )


def _text(name: str) -> migrations.SeparateDatabaseAndState:
    most = _PCS[name]
    field: models.CharField[str, str] = models.CharField(max_length=most, default="", db_default="")
    return _added("pc", name, f"varchar({most}) NOT NULL DEFAULT ''", field)


def _index(model: str, name: str, *fields: str) -> migrations.AddIndex:
    return migrations.AddIndex(model, models.Index(fields=list(fields), name=name))


def build_walls(_apps: Any, editor: Any) -> None:
    """A report's own column: its PC's wall was asked for each report."""
    if editor.connection.vendor == "postgresql":
        here = f"{_SAID} = 'every' OR organisation::text = {_SAID}"
        editor.execute(f"ALTER POLICY walls ON reports_report USING ({here})")


def fill(apps: Any, _editor: Any) -> None:
    pcs, reports = apps.get_model("reports", "Pc"), apps.get_model("reports", "Report")
    for pc in pcs.objects.only("maker", "model", "chassis", "organisation_id").iterator():
        here = reports.objects.filter(pc=pc.pk)
        newest = here.filter(superseded_by="").order_by("-received_at", "report_id").first()
        told = columns_of(pc.maker, pc.model, pc.chassis)
        outcome = newest.outcome if newest else ""
        pcs.objects.filter(pk=pc.pk).update(outcome=outcome, **told)
        here.update(organisation=pc.organisation_id)


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_walls")]
    operations = [
        *map(_text, _PCS),
        _added(
            "report",
            "organisation",
            "bigint NOT NULL DEFAULT 0",
            models.BigIntegerField(),  # new rows say it, or are refused
        ),
        _index("pc", "pc_by_outcome", "organisation", "outcome", "last_received_at"),
        _index("pc", "pc_by_kind", "organisation", "kind", "last_received_at"),
        _index("pc", "pc_by_name", "organisation", "name", "id"),
        _index("pc", "pc_by_serial", "organisation", "serial", "id"),
        _index("report", "report_by_received", "organisation", "received_at", "report_id"),
        migrations.RunPython(build_walls),
        migrations.RunPython(fill),
    ]
