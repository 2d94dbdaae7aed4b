"""The tables of codes. Others ask enrolments.services."""

from __future__ import annotations

from django.db import models


class Enrolment(models.Model):
    """`digest`: SHA-256 of the code, which is shown once. `used_by`: the key of the station that
    used it; "": none has. `made_by`: see people.scope.Actor."""

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT)
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100, default="")  # the station's; "": as it calls itself
    made_by = models.CharField(max_length=64, default="")  # "": before that was noted
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.CharField(max_length=64, default="")


class WrongCodes(models.Model):
    """How many wrong codes came within one window: of one client, whose address is not kept, and
    (`client` "") of all."""

    window = models.BigIntegerField()
    client = models.CharField(max_length=64)
    count = models.IntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["window", "client"], name="wrong_codes_of_client"),
        )
