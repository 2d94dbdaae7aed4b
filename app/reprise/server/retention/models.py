"""The tables of periods. Others ask retention.services."""

from __future__ import annotations

from django.db import models


class Period(models.Model):
    """What somebody chose. `organisation`: 0: the server itself. `rule`: rules.Rule.key. `days`:
    as text, so that whatever stands there can be read and told: see services.days_in_force."""

    organisation = models.BigIntegerField()
    rule = models.CharField(max_length=32)
    days = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organisation", "rule"], name="one_period_of_a_rule"),
        )


class Tidied(models.Model):
    """When what is over was dropped the last time: one row."""

    at = models.DateTimeField()
