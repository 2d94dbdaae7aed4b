"""Around each page: who may see it. A view without a wall does not start the server (urls.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from reprise.errors import InputError
from reprise.i18n import _
from reprise.server.database import within
from reprise.server.people import models
from reprise.server.people.accounts import has_second_factor
from reprise.server.people.keepers import keepers_need_factor
from reprise.server.people.members import Belonging, belongings, scope_in
from reprise.server.people.scope import Actor, ForbiddenError, Right, Scope
from reprise.server.people.tokens import scope_of_token

P = ParamSpec("P")
Answer = TypeVar("Answer", bound=HttpResponseBase)
Answering = TypeVar("Answering", bound=Callable[..., HttpResponseBase])
View = Callable[..., HttpResponse]
CHOSEN = "organisation"  # in a session
SHOWN = "shown_organisation"  # in each form: whose page it stands on
PUBLIC, ANYBODY = "public", "anybody who is logged in"


class LogInError(Exception):
    """Nobody is logged in."""


class NeedsSecondFactorError(Exception):
    """An organisation, or the server, asks for a second factor that this person has not set up."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Who is asking: a person, with the organisation it looks at (None: it belongs to none)."""

    user: models.User
    here: Belonging | None
    all: Sequence[Belonging]
    server_asks_factor: bool  # of who looks after it, and this person does

    @property
    def must_add_factor(self) -> bool:
        asked = any(belonging.needs_second_factor for belonging in self.all)
        return (asked or self.server_asks_factor) and not has_second_factor(self.user)

    @property
    def rights(self) -> frozenset[Right]:
        mine = scope_in(self.here, self.user).rights if self.here else frozenset[Right]()
        return mine | {Right.RUN_INSTANCE} if self.user.runs_instance else mine


def standing_of(request: HttpRequest) -> Standing | None:
    """None: nobody is logged in. Looked up once a request."""
    known: Any = request
    if not hasattr(known, "reprise_standing"):
        known.reprise_standing = _looked_up(request)
    found: Standing | None = known.reprise_standing
    return found


def _looked_up(request: HttpRequest) -> Standing | None:
    user = request.user
    if not isinstance(user, models.User):
        return None
    mine = belongings(user)
    chosen = request.session.get(CHOSEN)
    here = next((b for b in mine if b.organisation == chosen), mine[0] if mine else None)
    return Standing(user, here, mine, user.runs_instance and keepers_need_factor())


def said_token(request: HttpRequest) -> str | None:
    """What no browser sends by itself: no other site can make one write with it."""
    kind, _space, said = request.headers.get("Authorization", "").partition(" ")
    return said.strip() if kind.lower() == "bearer" else None


def scope_of(request: HttpRequest) -> Scope:
    """Raises LogInError, NeedsSecondFactorError, ForbiddenError (a person of no organisation)."""
    said = said_token(request)
    if said is not None:
        scope = scope_of_token(said)
        if scope is None:
            raise LogInError
        return scope
    standing = _person(request)
    if standing.here is None:
        raise ForbiddenError("no organisation")
    return scope_in(standing.here, standing.user)


def _person(request: HttpRequest) -> Standing:
    standing = standing_of(request)
    if standing is None:
        raise LogInError
    if standing.must_add_factor:
        raise NeedsSecondFactorError
    return standing


def wall(
    right: Right,
) -> Callable[[Callable[Concatenate[HttpRequest, Scope, P], HttpResponse]], View]:
    """For whoever holds this right in an organisation; its view is given the scope."""

    def around(view: Callable[Concatenate[HttpRequest, Scope, P], HttpResponse]) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            scope = scope_of(request)
            scope.need(right)
            _refuse_other(request, scope)
            with within(scope.organisation):
                return view(request, scope, *args, **kwargs)

        return _marked(answer, right)

    return around


def _refuse_other(request: HttpRequest, scope: Scope) -> None:
    """A session may look at another organisation by now, chosen in another tab, than the page whose
    form was sent: what is done is what was shown. Raises InputError."""
    shown = request.POST.get(SHOWN, "") if request.method == "POST" else ""
    if shown not in ("", str(scope.organisation)):
        raise InputError(
            _("This page was of another organisation than the one that you look at by now."),
            _("Nothing was changed. Open the page again: it says whose it is."),
        )


def instance_wall(view: Callable[Concatenate[HttpRequest, Scope, P], HttpResponse]) -> View:
    """For whoever looks after the server; the scope is of no organisation."""

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        standing = _person(request)
        scope = Scope(0, standing.rights & {Right.RUN_INSTANCE}, Actor(standing.user.pk))
        scope.need(Right.RUN_INSTANCE)
        return view(request, scope, *args, **kwargs)

    return _marked(answer, Right.RUN_INSTANCE)


def anybody(
    view: Callable[Concatenate[HttpRequest, Standing, P], Answer],
) -> Callable[..., Answer]:
    """For whoever is logged in; its view is given who that is."""

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> Answer:
        return view(request, _person(request), *args, **kwargs)

    return _marked(answer, ANYBODY)


def public(view: View) -> View:
    """For everybody, and for strangers."""
    return _marked(view, PUBLIC)


def _marked(view: Answering, who: str) -> Answering:
    marked: Any = view
    marked.wall = who
    return view
