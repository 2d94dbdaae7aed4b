"""Whether this server is a demonstration. It then takes reports of demonstrations and no others, so
that no station's proof ends here, and each page and paper says so. What decides is in the database,
not on the command line: whoever starts it again, however, starts a demonstration."""

from __future__ import annotations

from django.db import connection

from reprise.i18n import _
from reprise.server.demo import models

_is = [False]  # of the database that is open: see opening.py


def look_for_mark() -> None:
    """Once a database is open. Raises Django's errors."""
    made = models.Mark._meta.db_table in connection.introspection.table_names()
    _is[:] = [made and models.Mark.objects.exists()]


def put_mark(seed: int) -> None:
    """Before anything else is in the database. In the caller's transaction."""
    models.Mark.objects.create(seed=seed)
    _is[:] = [True]


def is_demonstration() -> bool:
    return _is[0]


def demo_advice() -> str:
    """To whoever sends a real report; "" where it has come to a real server."""
    if not is_demonstration():
        return ""
    return _("This server is a demonstration, and takes no report: send it to your own server.")
