"""All addresses for programs. Each has a wall, as each page has (urls.py); a session that writes
must show that no other site made it write, and a token need not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.utils import check_csrf

from reprise import i18n
from reprise.i18n import _
from reprise.server.api.document import PREFIX, Node, openapi
from reprise.server.api.endpoints import PUBLIC, Call, Endpoint, Subject
from reprise.server.api.front_paths import front_paths
from reprise.server.enrolments import api as enrolments
from reprise.server.identity import api as identity
from reprise.server.middleware import told
from reprise.server.people.scope import Right, Scope
from reprise.server.people.walls import public, said_token, wall
from reprise.server.problems import Problem, ProblemError, ProblemKind
from reprise.server.reports import api as reports
from reprise.server.stations import api as stations

View = Callable[..., HttpResponse]
_EVERYWHERE = {"lang"}  # parameters that every address knows


class Addresses:
    def __init__(self, subjects: Sequence[Subject], others: Callable[[], Node]) -> None:
        self._api = NinjaAPI(openapi_url=None, docs_url=None, urls_namespace="api")
        self._endpoints: dict[str, Endpoint] = {}
        self._others = others
        for subject in subjects:
            self._api.add_router("", subject.router)
            self._endpoints |= subject.endpoints
        self._api.add_exception_handler(ValidationError, _not_understood)
        self.document = cache(self._document)

    def _document(self, language: str) -> Node:
        with i18n.using(language):
            return openapi(self._api, self._endpoints, self._others())

    def views(self) -> list[tuple[str, View]]:
        """(address below /, view with its wall) of each. Raises TypeError where one has none."""
        paths = self.document("en")["paths"]
        by_address: dict[str, dict[str, View]] = {}
        for pattern in self._api.urls[0]:
            if isinstance(pattern, URLPattern) and pattern.name != "api-root":
                method, query = _asked(paths, str(pattern.name))
                view = _walled(pattern, self._endpoints.get(str(pattern.name)), query)
                address = f"{PREFIX[1:]}/{pattern.pattern}"
                by_address.setdefault(address, {})[method] = view
        return [(address, _by_method(views)) for address, views in by_address.items()]


def _asked(paths: Node, name: str) -> tuple[str, frozenset[str]]:
    """(method, names of its query) of an operation."""
    for methods in paths.values():
        for method, operation in methods.items():
            if operation["operationId"] == name:
                named = (p["name"] for p in operation["parameters"] if p["in"] == "query")
                return method.upper(), frozenset(named)
    raise TypeError(name)


def _walled(pattern: URLPattern, endpoint: Endpoint | None, query: frozenset[str]) -> View:
    if endpoint is None:
        raise TypeError(f"{pattern.pattern} has no wall")
    inner = cast(View, pattern.callback)

    def answer(request: HttpRequest, scope: Scope, /, **named: Any) -> HttpResponse:
        _refuse_others(request, query)
        cast(Call, request).scope = scope
        return inner(request, **named)

    if endpoint.who == PUBLIC:
        view = public(lambda request, **named: answer(request, Scope(0, frozenset()), **named))
        cast(Any, view).signed = endpoint.signed
        return view
    return wall(Right(endpoint.who))(answer)


def _by_method(views: Mapping[str, View]) -> View:
    """Its wall, for whoever looks at the table of addresses, is that of its first method."""
    allowed = ", ".join(sorted({*views, *(["HEAD"] if "GET" in views else [])}))

    @csrf_exempt  # asked for below, as tokens need none
    def answer(request: HttpRequest, **named: Any) -> HttpResponse:
        if request.method == "HEAD" and "GET" in views:
            request.method = "GET"  # the process that listens sends no body
        view = views.get(str(request.method))
        if view is None:
            response = told(request, Problem(ProblemKind.METHOD_NOT_ALLOWED))
            response.headers["Allow"] = allowed
            return response
        stands = getattr(view, "signed", False) or said_token(request) is not None
        if not stands and check_csrf(request) is not None:
            raise ProblemError(ProblemKind.FORGED)
        return view(request, **named)

    marked: Any = answer
    marked.wall = cast(Any, next(iter(views.values()))).wall
    return answer


def _refuse_others(request: HttpRequest, query: frozenset[str]) -> None:
    """A mistyped filter must not give what it was to leave out. Raises ProblemError."""
    for name, values in request.GET.lists():
        if name not in query | _EVERYWHERE or len(values) > 1:
            raise ProblemError(ProblemKind.BAD_REQUEST, _because([name]))


def _not_understood(_request: HttpRequest, error: Any) -> HttpResponse:
    names = [str(fault["loc"][-1]) for fault in error.errors]
    raise ProblemError(ProblemKind.BAD_REQUEST, _because(names))


def _because(names: Iterable[str]) -> str:
    shown = ", ".join(name[:40] for name in dict.fromkeys(names))
    return _("The parameter “{name}” is not one that this address understands.").format(name=shown)


_SUBJECTS = (reports.subject, stations.subject, enrolments.subject, identity.subject)
ADDRESSES = Addresses(_SUBJECTS, front_paths)
