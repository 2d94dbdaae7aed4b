"""The table that says that a database is a demonstration. Others ask demo.mark."""

from __future__ import annotations

from django.db import models


class Mark(models.Model):
    """One row, or none: a database is that of a real server."""

    seed = models.BigIntegerField()
