"""Run by alembic on the connection (and inside the transaction) that the server opened."""

from __future__ import annotations

from alembic import context

from reprise.server.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
