"""The table of jobs that are not done. Others ask jobs.services."""

from __future__ import annotations

from django.db import models


class Job(models.Model):
    """One that is done is not here any more."""

    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=64)  # of what it makes: one job a name
    # The organisation that waits for it; 0: none, or asked for by a version that did not say
    whose = models.BigIntegerField(default=0, db_default=0)
    maker = models.CharField(max_length=64)  # which version of the program can do it
    arguments = models.JSONField()
    state = models.CharField(max_length=8)  # services.State
    attempts = models.IntegerField(default=0)
    trouble = models.CharField(max_length=8, default="")  # services.Trouble of the last attempt
    holder = models.CharField(max_length=32, default="")  # who does it
    asked_at = models.DateTimeField()
    # when it may be taken: while somebody does it, when that one has to be dead
    due_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["due_at"], name="job_by_due"),)
        constraints = (models.UniqueConstraint(fields=["kind", "name"], name="job_of_name"),)
