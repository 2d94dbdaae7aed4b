"""The tables of what was refused and kept aside. Others ask quarantine.services."""

from __future__ import annotations

from django.db import models


class Shelf(models.Model):
    """How much of one station is kept. `missed_at`: when something had no room the last time."""

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT)

    station = models.OneToOneField(
        "stations.Station", on_delete=models.PROTECT, db_column="kid", primary_key=True
    )
    letters = models.IntegerField(default=0)
    size_bytes = models.BigIntegerField(default=0)
    missed_at = models.DateTimeField(null=True)


class Letter(models.Model):
    """`sha256` is of `body`, the exact bytes that came. `problem`, `because`: why they were refused
    when they came first (problems.ProblemKind), in the language of that answer. `sent_as`: the
    number in the address that they were sent to."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    shelf = models.ForeignKey(Shelf, on_delete=models.PROTECT, related_name="kept", db_index=False)
    received_at = models.DateTimeField()
    sent_as = models.CharField(max_length=36)
    problem = models.CharField(max_length=32)
    because = models.TextField()
    size_bytes = models.IntegerField()
    body = models.BinaryField()

    class Meta:
        indexes = (
            models.Index(fields=["received_at", "sha256"], name="letter_by_receipt"),
            models.Index(fields=["shelf"], name="letter_by_station"),
        )
