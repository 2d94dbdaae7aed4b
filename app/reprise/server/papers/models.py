"""The table of papers that were made. Others ask papers.archive."""

from __future__ import annotations

from django.db import models


class Paper(models.Model):
    """Its bytes are in the store of files, under their SHA-256."""

    name = models.CharField(max_length=64, primary_key=True)  # see facts.Facts
    report_id = models.CharField(max_length=36)
    language = models.CharField(max_length=2)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.IntegerField()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField()  # to the day

    class Meta:
        indexes = (
            models.Index(fields=["report_id", "language"], name="paper_by_report"),
            models.Index(fields=["used_at"], name="paper_by_use"),
            models.Index(fields=["sha256"], name="paper_by_content"),
        )
