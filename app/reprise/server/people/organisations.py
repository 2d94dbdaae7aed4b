"""Organisations: each sees its own stations, PCs and people only."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from reprise.errors import InputError
from reprise.i18n import _
from reprise.server.audit.services import Action, among_whose_trail, record
from reprise.server.database import asking, looking_everywhere
from reprise.server.people import models
from reprise.server.people.accounts import changing, clean_name
from reprise.server.people.scope import Right, Scope
from reprise.wording.network import quoted

_OVERSEAS = {
    *("America/Cayenne", "America/Guadeloupe", "America/Martinique", "America/Miquelon"),
    *("Indian/Mayotte", "Indian/Reunion", "Pacific/Marquesas", "Pacific/Noumea"),
    *("Pacific/Tahiti", "Pacific/Wallis"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    name: str
    needs_second_factor: bool
    time_zone: str


def named_organisation(name: str | None) -> int:
    """None: the first, where there is one alone. Raises InputError."""
    known = list_all(ended=False)
    if name is None and len(known) == 1:
        return known[0][0]
    found = [number for number, its in known if its == (name or "").strip()]
    if len(found) == 1:
        return found[0]
    names = ", ".join(quoted(its) for _number, its in known if its)
    raise InputError(
        _("No organisation is called “{name}”.").format(name=name)
        if name is not None
        else _("Several organisations are on this server."),
        _("Give one of these to {option}: {names}.").format(option="--organisation", names=names)
        if names
        else _("None has a name before the server is set up: leave {option} out.").format(
            option="--organisation"
        ),
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """`joined`: whether anybody ever has, or anything came of it."""

    number: int
    name: str
    joined: bool
    ended_at: datetime | None


def never_joined(numbers: Iterable[int]) -> set[int]:
    """Of these, those to which nobody ever belonged. In the caller's transaction."""
    here = models.Membership.objects.filter(organisation__in=numbers)
    left = set(numbers) - set(here.values_list("organisation", flat=True))
    return left - among_whose_trail(left, (Action.SET_UP, Action.PERSON_JOINED))


def _nobodys() -> set[int]:
    """Nobody ever joined them, no station or PC is theirs, and they had no end: whoever is let in
    there sees nothing of anybody's. In the caller's view of all rows."""
    empty = models.Organisation.objects.filter(station=None, pc=None, ended_at=None)
    left = never_joined(empty.values_list("pk", flat=True))
    return left - among_whose_trail(left, (Action.ORGANISATION_ENDED,))


def list_with_people() -> Sequence[Listed]:
    """All on this server, by number."""
    with looking_everywhere(), asking():
        nobodys = _nobodys()
        rows = models.Organisation.objects.order_by("id")
        return [Listed(row.pk, row.name, row.pk not in nobodys, row.ended_at) for row in rows]


def list_all(*, ended: bool = True) -> Sequence[tuple[int, str]]:
    """(number, name) of all on this server, by number; those that were `ended`, too."""
    every = models.Organisation.objects.order_by("id")
    with asking():
        return list((every if ended else every.filter(ended_at=None)).values_list("pk", "name"))


def likely_time_zones() -> Sequence[str]:
    """Of Europe and of overseas France, as proposals: any other may be given."""
    every = zoneinfo.available_timezones()
    return sorted(zone for zone in every if zone.startswith("Europe/") or zone in _OVERSEAS)


def name_of(organisation: int) -> str:
    with asking():
        return models.Organisation.objects.get(pk=organisation).name


def settings_of(scope: Scope) -> Settings:
    with asking():
        row = models.Organisation.objects.get(pk=scope.organisation)
    return Settings(row.name, row.needs_second_factor, row.time_zone)


def change_settings(scope: Scope, wanted: Settings) -> None:
    """Raises ForbiddenError, InputError."""
    scope.need(Right.MANAGE_SETTINGS)
    name = clean_name(wanted.name)
    if wanted.time_zone not in zoneinfo.available_timezones():
        raise InputError(
            _("No time zone is called “{name}”.").format(name=wanted.time_zone[:40]),
            _("Give one as in Europe/Paris."),
        )
    after = Settings(name, wanted.needs_second_factor, wanted.time_zone)
    with changing(scope, Right.MANAGE_SETTINGS):
        before = settings_of(scope)
        if before == after:
            return
        models.Organisation.objects.filter(pk=scope.organisation).update(**asdict(after))
        subject = f"organisation:{scope.organisation}"
        record(
            scope.organisation,
            scope.actor,
            Action.SETTINGS_CHANGED,
            subject,
            before=asdict(before),
            after=asdict(after),
        )


def make_organisation(scope: Scope, name: str) -> int:
    """Its number: of the one of this name that is nobody's yet, where there is one, as an
    invitation may be lost. Not in a transaction. Raises InputError."""
    scope.need(Right.RUN_INSTANCE)
    name = clean_name(name)
    with looking_everywhere(), changing(scope, Right.RUN_INSTANCE):
        known = list(models.Organisation.objects.filter(name=name))
        if any(row.ended_at is not None for row in known):
            raise InputError(
                _("An organisation is called “{name}” already, and was ended.").format(name=name),
                _("Open it again instead, or choose another name."),
            )
        taken = {row.pk for row in known} - _nobodys()
        if taken:
            raise InputError(
                _("An organisation is called “{name}” already.").format(name=name),
                _(
                    "Choose another name; to let somebody into that one, its administrators invite "
                    "them, or “reprise server createadmin” on the server's host."
                ),
            )
        if known:
            return known[0].pk
        row = models.Organisation.objects.create(name=name)
        subject = f"organisation:{row.pk}"
        record(None, scope.actor, Action.ORGANISATION_MADE, subject, after={"name": name})
    return row.pk
