"""The page of one organisation for whoever looks after the server: ending it, and opening it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from reprise.errors import InputError
from reprise.i18n import _
from reprise.server.database import looking_everywhere
from reprise.server.people.again import sure
from reprise.server.people.closing import (
    Organisation,
    end_organisation,
    find_organisation,
    reopen_organisation,
)
from reprise.server.people.forms import refused
from reprise.server.people.scope import Scope
from reprise.server.people.walls import instance_wall
from reprise.server.rendering import page
from reprise.server.stations.services import count_open_stations


class NameForm(forms.Form):
    """Nobody ends an organisation by one press of a button: its name is typed."""

    name = forms.CharField(max_length=100)

    def __init__(self, wanted: str, data: Any = None) -> None:
        super().__init__(data)
        self._wanted = wanted

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data.get("name")
        if typed is not None and typed.split() != self._wanted.split():
            self.add_error("name", _("This is not its name."))
        return self.cleaned_data


def _page(request: HttpRequest, found: Organisation, form: NameForm) -> HttpResponse:
    with looking_everywhere():
        stations = count_open_stations(found.number)
    return page(request, "organisation.html", found=found, stations=stations, form=form)


@require_safe
@instance_wall
def organisation(request: HttpRequest, scope: Scope, number: int) -> HttpResponse:
    found = find_organisation(scope, number)
    return _page(request, found, NameForm(found.name))


@require_POST
@instance_wall
def end(request: HttpRequest, scope: Scope, number: int) -> HttpResponse:
    found = find_organisation(scope, number)
    form = NameForm(found.name, request.POST)
    if form.is_valid():
        sure(request)
        try:
            end_organisation(scope, number)
        except InputError as error:
            refused(form, error)
        else:
            messages.success(request, _("{name} is ended.").format(name=found.name))
            return HttpResponseRedirect("/instance")
    return _page(request, found, form)


@require_POST
@instance_wall
def reopen(request: HttpRequest, scope: Scope, number: int) -> HttpResponse:
    found = find_organisation(scope, number)
    sure(request)
    reopen_organisation(scope, number)
    messages.success(request, _("{name} is open again.").format(name=found.name))
    return HttpResponseRedirect("/instance")
