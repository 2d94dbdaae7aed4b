"""Logging a person in who has just shown who it is, by a link and a new password."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from reprise.server.people import models

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def log_in(request: HttpRequest, user: models.User) -> HttpResponse:
    login(request, user, backend=_BACKEND)
    return HttpResponseRedirect("/")
