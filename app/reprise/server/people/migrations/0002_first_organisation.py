"""The organisation that every server has, and that what was there before belongs to."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def make_first(apps: Any, _editor: Any) -> None:
    organisations = apps.get_model("people", "Organisation").objects
    if not organisations.exists():
        organisations.create(name="")


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(make_first, migrations.RunPython.noop)]
