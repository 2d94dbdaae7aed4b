"""Between the process that listens and those that make pages: the number of a request goes there,
and which page it was comes back."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from reprise.server.logs import about
from reprise.server.spoken import NUMBER, ROUTE

_CONVERTER = re.compile(r"<\w+:")
Answering = Callable[[HttpRequest], HttpResponse]


def every_request(get_response: Answering) -> Answering:
    """Outermost. Nobody but the process that listens sets the header (front/pages.py)."""

    def answer(request: HttpRequest) -> HttpResponse:
        with about(request.headers.get(NUMBER, "")):
            response = get_response(request)
        response.headers[ROUTE] = route_of(request)
        return response

    return answer


def route_of(request: HttpRequest) -> str:
    """ "/reports/<report_id>"; "" of an address that there is not."""
    found = request.resolver_match
    if found is not None:
        return "/" + _CONVERTER.sub("<", found.route)
    return f"{settings.STATIC_URL}<file>" if request.path.startswith(settings.STATIC_URL) else ""
