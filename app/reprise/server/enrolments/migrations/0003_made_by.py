"""Who made a code. Of those that wait for their stations the record of changes tells it."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models


def take_from_record(apps: Any, _editor: Any) -> None:
    entries = apps.get_model("audit", "Entry").objects.filter(action="enrolment-offered")
    enrolments = apps.get_model("enrolments", "Enrolment").objects
    for number in list(enrolments.filter(used_at=None).values_list("pk", flat=True)):
        made = entries.filter(subject=f"enrolment:{number}").first()
        if made is not None:
            enrolments.filter(pk=number).update(made_by=made.actor)


class Migration(migrations.Migration):
    dependencies = [("enrolments", "0002_walls"), ("audit", "0002_append_only")]
    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="made_by",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.RunPython(take_from_record, migrations.RunPython.noop),
    ]
