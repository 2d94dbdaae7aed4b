"""Pages of one's own account, of an organisation's settings, and of the records of changes."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from reprise.errors import InputError
from reprise.i18n import _
from reprise.server.audit.services import Trail, server_trail, trail
from reprise.server.people import organisations, tokens
from reprise.server.people.accounts import forget
from reprise.server.people.again import can_show_again, once_more
from reprise.server.people.forms import (
    EraseForm,
    SettingsForm,
    TokenForm,
    refused,
)
from reprise.server.people.members import names_of
from reprise.server.people.own_data import as_json, data_of, lists_of
from reprise.server.people.pages import read_or_send
from reprise.server.people.scope import FOR_TOKENS, Actor, Right, Scope
from reprise.server.people.walls import CHOSEN, Standing, anybody, instance_wall, wall
from reprise.server.people.words import changes, subject_word
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.rendering import asked_page, page
from reprise.server.settings import in_force

_PERSON = re.compile(r"user:(\d+)")


@require_safe
@anybody
def me(request: HttpRequest, standing: Standing) -> HttpResponse:
    return page(request, "me.html", form=_erase_form(standing))


def _erase_form(standing: Standing, data: Any = None) -> EraseForm:
    return EraseForm(standing.user.email, _("This is not your address."), data)


@require_safe
@anybody
def my_data(request: HttpRequest, standing: Standing) -> HttpResponseBase:  # noqa: ARG001
    """Made while it is sent, as the changes of years may be many."""
    user = standing.user
    pieces = as_json(data_of(user), lists_of(user))
    headers = {"Content-Disposition": 'attachment; filename="reprise.json"'}
    return StreamingHttpResponse(pieces, content_type="application/json", headers=headers)


@require_POST
@anybody
def choose_organisation(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Whose pages this session shows from now on."""
    wanted = request.POST.get("organisation", "")
    chosen = [b.organisation for b in standing.all if str(b.organisation) == wanted]
    if not chosen:
        raise ProblemError(ProblemKind.NOT_FOUND)
    request.session[CHOSEN] = chosen[0]
    return HttpResponseRedirect("/")


@require_POST
@anybody
def erase_me(request: HttpRequest, standing: Standing) -> HttpResponse:
    form = _erase_form(standing, request.POST)
    if form.is_valid():
        if can_show_again(request):
            once_more(request)
        try:
            forget(standing.user, Actor(standing.user.pk))
        except InputError as error:
            refused(form, error)
        else:
            logout(request)
            return HttpResponseRedirect("/account/login/")
    return page(request, "me.html", form=form)


def _settings_page(
    request: HttpRequest,
    scope: Scope,
    form: SettingsForm | None = None,
    token_form: TokenForm | None = None,
    made: str = "",
) -> HttpResponse:
    now = organisations.settings_of(scope)
    first = {
        "name": now.name,
        "time_zone": now.time_zone,
        "needs_second_factor": now.needs_second_factor,
    }
    return page(
        request,
        "settings.html",
        form=form or SettingsForm(initial=first),
        token_form=token_form or TokenForm(),
        token_made=made,
        tokens=tokens.list_tokens(scope),
        token_rights=FOR_TOKENS,
        time_zones=organisations.likely_time_zones(),
    )


@read_or_send
@wall(Right.MANAGE_SETTINGS)
def settings(request: HttpRequest, scope: Scope) -> HttpResponse:
    form = SettingsForm(request.POST or None)
    if not form.is_valid():
        return _settings_page(request, scope, form if form.is_bound else None)
    try:
        organisations.change_settings(scope, organisations.Settings(**form.cleaned_data))
    except InputError as error:
        refused(form, error)
        return _settings_page(request, scope, form)
    messages.success(request, _("The settings are saved."))
    return HttpResponseRedirect("/settings")


@require_POST
@wall(Right.MANAGE_SETTINGS)
def make_token(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The token is in this answer, and nowhere else."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _settings_page(request, scope, token_form=form)
    wanted = [Right(right) for right in form.cleaned_data["rights"]]
    name, days = form.cleaned_data["name"], form.cleaned_data["days"]
    try:
        _token, said = tokens.make_token(scope, name, wanted, days)
    except InputError as error:
        refused(form, error)
        return _settings_page(request, scope, token_form=form)
    return _settings_page(request, scope, made=said)


@require_POST
@wall(Right.MANAGE_SETTINGS)
def revoke_token(request: HttpRequest, scope: Scope, number: int) -> HttpResponse:
    tokens.revoke_token(scope, number)
    messages.success(request, _("The token is revoked."))
    return HttpResponseRedirect("/settings")


@require_safe
@wall(Right.SEE_AUDIT)
def audit(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Every change, newest first."""
    return _trail_page(request, scope, trail(scope, asked_page(request), in_force().page_size))


@require_safe
@instance_wall
def instance_changes(request: HttpRequest, scope: Scope) -> HttpResponse:
    """What belongs to no organisation."""
    found = server_trail(scope, asked_page(request), in_force().page_size)
    return _trail_page(request, scope, found)


def _trail_page(request: HttpRequest, scope: Scope, found: Trail) -> HttpResponse:
    told = [text for line in found.lines for text in (line.actor, line.subject)]
    numbers = [int(match[1]) for match in map(_PERSON.fullmatch, told) if match]
    names = names_of(scope, numbers)

    def who(text: str) -> str:
        match = _PERSON.fullmatch(text)
        return (names.get(int(match[1])) if match else None) or subject_word(text)

    return page(request, "audit.html", found=found, who=who, changes=changes)
