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
    valid_until = models.DateTimeField(null=True)  # None: without an end
    # what it was heard to say: see facts.py
    seen_at = models.DateTimeField(null=True)
    version = models.CharField(max_length=200, default="")
    image_version = models.CharField(max_length=200, default="")
    waiting = models.IntegerField(null=True)  # reports in its outbox; None: it never said
    refused = models.IntegerField(null=True)
