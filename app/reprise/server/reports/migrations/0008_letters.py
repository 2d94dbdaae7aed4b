"""Room for words that came and are not in the index of letters yet: see searching.file_letters."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_ROOM_KB = 16 * 1024  # of some 1,400 PCs


def _make_room(_apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f"ALTER INDEX reports_letters SET (gin_pending_list_limit = {_ROOM_KB})")


class Migration(migrations.Migration):
    dependencies = [("reports", "0007_done")]
    operations = [migrations.RunPython(_make_room)]
