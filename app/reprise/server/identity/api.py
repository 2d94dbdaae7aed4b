"""The server's public key, for whoever checks what it signed."""

from __future__ import annotations

from django.http import HttpResponse

from reprise.i18n import N_
from reprise.server.api.endpoints import PUBLIC, Call, Subject
from reprise.server.identity.services import server_key as key_of_server

_JWK = "application/jwk+json"
subject = Subject("server")


@subject.get(
    "/server-key", PUBLIC, N_("The key with which this server signs (a JWK, RFC 7517)"), media=_JWK
)
def server_key(request: Call) -> HttpResponse:  # noqa: ARG001
    return HttpResponse(key_of_server().jwk(), content_type=_JWK)
