"""Pages of how long things are kept. An organisation decides on what is its own, as it answers for
that; whoever looks after the server, on the server's. Each sees the other's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from reprise.i18n import _
from reprise.server import clock
from reprise.server.database import within
from reprise.server.people.housekeeping import unused_members
from reprise.server.people.scope import Right, Scope
from reprise.server.people.walls import instance_wall, wall
from reprise.server.rendering import page
from reprise.server.retention import words
from reprise.server.retention.rules import RULES, SERVER, Rule
from reprise.server.retention.services import (
    Change,
    NotShownError,
    Period,
    changes,
    choose,
    count_due,
    list_periods,
    tidied_at,
)

_OURS, _SERVERS = "/settings/retention", "/instance/retention"
_LATE = timedelta(hours=2)  # since the last tidying, which comes each hour


class PeriodsForm(forms.Form):
    """A number of days of each rule."""

    def __init__(self, periods: Sequence[Period], data: Any = None) -> None:
        super().__init__(data, auto_id="keep_%s")
        for period in periods:
            rule = period.rule
            said = words.out_of_bounds(rule)
            names = ("min_value", "max_value", "invalid", "required")
            self.fields[rule.key] = forms.IntegerField(
                min_value=rule.least,
                max_value=rule.most,
                initial=period.days if rule.least <= period.days <= rule.most else rule.default,
                error_messages=dict.fromkeys(names, said),
            )


@dataclass(frozen=True, slots=True)
class Row:
    """`due`: how much is over by now; None: nobody counts that here."""

    rule: Rule
    told: words.Kept
    period: Period
    due: int | None


def _rows(whose: int) -> Sequence[Row]:
    return [
        Row(period.rule, words.kept(period.rule), period, count_due(period, whose))
        for period in list_periods(whose)
    ]


def _others(whose: int) -> Sequence[Row]:
    """What is decided elsewhere: of the server as it is, of organisations as none has chosen."""
    if whose != SERVER:
        return _rows(SERVER)
    return [
        Row(rule, words.kept(rule), Period(rule, rule.default, None), None)
        for rule in RULES
        if not rule.of_server
    ]


def _page(request: HttpRequest, scope: Scope, form: PeriodsForm | None = None) -> HttpResponse:
    whose = scope.organisation
    rows = _rows(whose)
    may_change = bool({Right.MANAGE_SETTINGS, Right.RUN_INSTANCE} & scope.rights)
    accounts = [row.period.days for row in rows if row.rule.key == "accounts"]
    tidied = tidied_at()
    return page(
        request,
        "retention.html",
        of_server=whose == SERVER,
        action=_SERVERS if whose == SERVER else _OURS,
        rows=rows,
        others=_others(whose),
        form=(form or PeriodsForm([row.period for row in rows])) if may_change else None,
        unused=unused_members(scope, accounts[0]) if accounts else (),
        may_change_people=Right.MANAGE_PEOPLE in scope.rights,
        tidied=tidied,
        late=tidied is not None and clock.now() - tidied > _LATE,
        fixed=words.fixed(),
        never=words.never(),
        law=words.law(),
    )


def _change(request: HttpRequest, scope: Scope) -> HttpResponse:
    """What would go is shown first; what was shown is then saved, and nothing beyond it."""
    form = PeriodsForm(list_periods(scope.organisation), request.POST)
    if not form.is_valid():
        return _page(request, scope, form)
    wanted: dict[str, int] = form.cleaned_data
    shown = _shown(request.POST)
    back = _SERVERS if scope.organisation == SERVER else _OURS
    found = changes(scope, wanted)
    if not found:
        messages.success(request, _("Nothing was to be changed."))
        return HttpResponseRedirect(back)
    if not shown:
        return _dialog(request, found, wanted, back)
    try:
        choose(scope, wanted, shown)
    except NotShownError:
        return _dialog(request, changes(scope, wanted), wanted, back)
    messages.success(request, _("The periods are saved."))
    return HttpResponseRedirect(back)


def _shown(sent: Mapping[str, str]) -> dict[str, int]:
    told = {rule.key: sent.get(f"shown_{rule.key}", "") for rule in RULES}
    return {key: int(text) for key, text in told.items() if text.isdecimal() and len(text) < 10}


def _dialog(
    request: HttpRequest, found: Sequence[Change], wanted: Mapping[str, int], back: str
) -> HttpResponse:
    rows = [(change, words.kept(change.rule)) for change in found]
    return page(request, "retention_change.html", rows=rows, wanted=wanted, back=back)


@require_safe
@wall(Right.SEE_AUDIT)
def retention(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Of an organisation; whoever looks over what it does sees it, too."""
    return _page(request, scope)


@require_POST
@wall(Right.MANAGE_SETTINGS)
def change(request: HttpRequest, scope: Scope) -> HttpResponse:
    return _change(request, scope)


@require_safe
@instance_wall
def server_retention(request: HttpRequest, scope: Scope) -> HttpResponse:
    return _page(request, scope)


@require_POST
@instance_wall
def change_server(request: HttpRequest, scope: Scope) -> HttpResponse:
    with within(SERVER):
        return _change(request, scope)
