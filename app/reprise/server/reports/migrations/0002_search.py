"""The indexes that a search needs, each in its database's own words."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_SQLITE = (
    "CREATE VIRTUAL TABLE reports_pc_words USING fts5("
    "words, content='reports_pc', content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER reports_pc_words_new AFTER INSERT ON reports_pc BEGIN"
    " INSERT INTO reports_pc_words(rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER reports_pc_words_gone AFTER DELETE ON reports_pc BEGIN"
    " INSERT INTO reports_pc_words(reports_pc_words, rowid, words)"
    " VALUES ('delete', old.id, old.words); END",
    "CREATE TRIGGER reports_pc_words_other AFTER UPDATE OF words ON reports_pc BEGIN"
    " INSERT INTO reports_pc_words(reports_pc_words, rowid, words)"
    " VALUES ('delete', old.id, old.words);"
    " INSERT INTO reports_pc_words(rowid, words) VALUES (new.id, new.words); END",
)
_POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",  # trusted: the database's owner may
    "CREATE INDEX reports_pc_words ON reports_pc USING gin (words gin_trgm_ops)",
)


def _make(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    for line in _SQLITE if editor.connection.vendor == "sqlite" else _POSTGRESQL:
        editor.execute(line)


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [migrations.RunPython(_make)]
