"""What a search looks through, in a table of its own: PostgreSQL uses no index of letters where its
walls are, and read every PC instead. Those walls ask once a question, not once a row."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

_SQLITE = (
    "DROP TRIGGER reports_pc_words_new",
    "DROP TRIGGER reports_pc_words_gone",
    "DROP TRIGGER reports_pc_words_other",
    "DROP TABLE reports_pc_words",
    "CREATE VIRTUAL TABLE reports_letters USING fts5("
    "words, content='reports_words', content_rowid='pc_id', tokenize='trigram')",
    "CREATE TRIGGER reports_letters_new AFTER INSERT ON reports_words BEGIN"
    " INSERT INTO reports_letters(rowid, words) VALUES (new.pc_id, new.words); END",
    "CREATE TRIGGER reports_letters_gone AFTER DELETE ON reports_words BEGIN"
    " INSERT INTO reports_letters(reports_letters, rowid, words)"
    " VALUES ('delete', old.pc_id, old.words); END",
    "CREATE TRIGGER reports_letters_other AFTER UPDATE ON reports_words BEGIN"
    " INSERT INTO reports_letters(reports_letters, rowid, words)"
    " VALUES ('delete', old.pc_id, old.words);"
    " INSERT INTO reports_letters(rowid, words) VALUES (new.pc_id, new.words); END",
)
_POSTGRESQL = (
    "DROP INDEX reports_pc_words",
    "CREATE INDEX reports_letters ON reports_words USING gin (words gin_trgm_ops)",
)
_SAID = "current_setting('reprise.organisation', true)"
# In brackets of their own: a question asks them once, and the planner takes them for a number.
_EVERY = f"(SELECT {_SAID}) = 'every'"
_NUMBER = f"(SELECT CASE WHEN {_SAID} ~ '^[0-9]{{1,18}}$' THEN {_SAID}::bigint END)"
_WALLS = {
    "stations_station": "organisation_id",
    "reports_pc": "organisation_id",
    "reports_report": "organisation",
}


def index(_apps: Any, editor: Any) -> None:
    sqlite = editor.connection.vendor == "sqlite"
    for line in _SQLITE if sqlite else _POSTGRESQL:
        editor.execute(line)
    editor.execute("INSERT INTO reports_words (pc_id, words) SELECT id, words FROM reports_pc")
    if not sqlite:
        for table, column in _WALLS.items():
            here = f"{_EVERY} OR {column} = {_NUMBER}"
            editor.execute(f"ALTER POLICY walls ON {table} USING ({here})")


class Migration(migrations.Migration):
    dependencies = [("reports", "0005_listed")]
    operations = [
        migrations.CreateModel(
            name="Words",
            fields=[
                (
                    "pc",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="told",
                        serialize=False,
                        to="reports.pc",
                    ),
                ),
                ("words", models.TextField()),
            ],
        ),
        migrations.RunPython(index),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL("ALTER TABLE reports_pc DROP COLUMN words")],
            [migrations.RemoveField(model_name="pc", name="words")],
        ),
    ]
