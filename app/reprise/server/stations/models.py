"""The table of stations. Others ask stations.services."""

from __future__ import annotations

from django.db import models


class Station(models.Model):
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT)
    kid = models.CharField(max_length=64, primary_key=True)  # RFC 7638 thumbprint
    name = models.TextField()
    public_pem = models.TextField()
    enrolled_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
