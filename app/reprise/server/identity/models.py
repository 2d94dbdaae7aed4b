"""The table of the server's key. Others ask identity.services."""

from __future__ import annotations

from django.db import models


class ServerKey(models.Model):
    """One row: all processes and hosts of a database are one server. `private_pem`: PKCS#8; who
    reads the database can sign in the server's name."""

    private_pem = models.TextField()
    made_at = models.DateTimeField()
