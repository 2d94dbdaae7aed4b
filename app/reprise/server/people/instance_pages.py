"""Pages of this server: its organisations, and who looks after it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from reprise.errors import InputError
from reprise.i18n import _
from reprise.server.people import keepers, leftover, organisations
from reprise.server.people.again import sure
from reprise.server.people.forms import EraseForm, KeepersForm, OrganisationForm, refused
from reprise.server.people.mail import mail_keeper_let_go
from reprise.server.people.pages import LinkMade, invited, read_or_send
from reprise.server.people.scope import Role, Scope, of_command
from reprise.server.people.walls import instance_wall
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.rendering import asked_page, page
from reprise.server.settings import in_force


def _instance_page(
    request: HttpRequest, scope: Scope, form: OrganisationForm, made: LinkMade | None = None
) -> HttpResponse:
    return page(
        request,
        "instance.html",
        organisations=organisations.list_with_people(),
        keepers=keepers.list_keepers(scope),
        keepers_form=KeepersForm(initial={"needs_second_factor": keepers.keepers_need_factor()}),
        form=form,
        link_made=made,
    )


@read_or_send
@instance_wall
def instance(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The organisations of this server; adding one, with its first administrator invited."""
    form = OrganisationForm(request.POST or None)
    if not form.is_valid():
        return _instance_page(request, scope, form)
    try:
        number = organisations.make_organisation(scope, form.cleaned_data["name"])
        there = Scope(number, of_command(number).rights, scope.actor)
        made = invited(there, form.cleaned_data["email"], Role.ADMINISTRATOR)
    except InputError as error:
        refused(form, error)
        return _instance_page(request, scope, form)
    return _instance_page(request, scope, OrganisationForm(), made)


@require_POST
@instance_wall
def ask_factor(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Of all who look after the server."""
    form = KeepersForm(request.POST)
    if not form.is_valid():
        raise ProblemError(ProblemKind.BAD_REQUEST)
    sure(request)
    keepers.ask_factor_of_keepers(scope, form.cleaned_data["needs_second_factor"])
    messages.success(request, _("The settings are saved."))
    return HttpResponseRedirect("/instance")


@require_safe
@instance_wall
def keeper(request: HttpRequest, scope: Scope, number: int) -> HttpResponse:
    """One who looks after the server; taking that away."""
    found = keepers.find_keeper(scope, number)
    alone = len(keepers.list_keepers(scope)) == 1
    return page(request, "keeper.html", found=found, alone=alone)


@require_POST
@instance_wall
def let_keeper_go(request: HttpRequest, scope: Scope, number: int) -> HttpResponse:
    keepers.find_keeper(scope, number)  # of who is none, nothing is asked
    sure(request)
    gone = keepers.let_keeper_go(scope, number)
    text = _("{name} looks after the server no more.").format(name=gone.name)
    own = number == scope.actor.user
    if not (mail_keeper_let_go(gone.email) or own):
        text = f"{text} {_('No mail was sent: tell the person yourself.')}"
    messages.success(request, text)
    return HttpResponseRedirect("/" if own else "/instance")


@require_safe
@instance_wall
def accounts(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Those that belong to no organisation."""
    found = leftover.list_left(scope, asked_page(request), in_force().page_size)
    return page(request, "accounts.html", found=found)


@require_safe
@instance_wall
def account(request: HttpRequest, scope: Scope, number: int) -> HttpResponse:
    found = leftover.find_left(scope, number)
    return _account_page(request, found, _erase_form(found))


def _account_page(request: HttpRequest, found: leftover.Left, form: EraseForm) -> HttpResponse:
    return page(request, "left_account.html", found=found, form=form)


def _erase_form(found: leftover.Left, data: Any = None) -> EraseForm:
    return EraseForm(found.email, _("This is not the person's address."), data)


@require_POST
@instance_wall
def erase_account(request: HttpRequest, scope: Scope, number: int) -> HttpResponse:
    found = leftover.find_left(scope, number)
    form = _erase_form(found, request.POST)
    if not form.is_valid():
        return _account_page(request, found, form)
    sure(request)
    leftover.erase_left(scope, number)
    messages.success(request, _("The account is erased."))
    return HttpResponseRedirect("/instance/accounts")
