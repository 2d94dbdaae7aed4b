"""The tables of organisations and people. Others ask the services beside this file."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from reprise.server import clock


def _now() -> datetime:
    return clock.now()


class Instance(models.Model):
    """What this server is, whichever process or host asks: one row."""

    secret = models.CharField(max_length=64)  # Django's: signs what is mailed
    set_up_digest = models.CharField(max_length=64, default="")  # of the first start's link
    keepers_need_second_factor = models.BooleanField(default=False)  # who look after the server


class Organisation(models.Model):
    name = models.CharField(max_length=100, default="")  # "": not set up yet
    needs_second_factor = models.BooleanField(default=False)
    time_zone = models.CharField(max_length=64, default="Europe/Paris")
    made_at = models.DateTimeField(default=_now)
    ended_at = models.DateTimeField(null=True)  # see closing.py


class People(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)
    # makes organisations; sees no PC unless a membership says so
    runs_instance = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=_now)

    USERNAME_FIELD = "email"
    objects = People()


class Membership(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    role = models.CharField(max_length=16)  # scope.Role

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "organisation"], name="one_role_of_a_person"),
        )


class Invitation(models.Model):
    """`digest`: SHA-256 of what the link holds. The link is shown once, and mailed."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=16)
    runs_instance = models.BooleanField(default=False)
    made_by = models.BigIntegerField(null=True)  # a person's number; None: a command
    # it went to the address by mail and nobody else saw it, or whoever has the host wrote it
    proves_address = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=_now)
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Token(models.Model):
    """For programs. `digest`: SHA-256 of the token, which is shown once."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    rights = models.TextField()  # scope.Right, one a line
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    made_at = models.DateTimeField(default=_now)
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
