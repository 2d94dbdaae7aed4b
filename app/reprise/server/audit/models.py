"""The table of changes. The database refuses to change or delete its rows."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """`actor`: see people.scope.Actor. `before` and `after` are JSON; names of people stay out of
    them, as a person may ask to be forgotten."""

    at = models.DateTimeField()
    organisation = models.BigIntegerField(null=True)  # None: of the whole server
    actor = models.CharField(max_length=40)
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        indexes = (models.Index(fields=["organisation", "id"], name="entry_by_organisation"),)
