"""All that the server knows of a person (RGPD, art. 15 and 20), for that person: no secret,
and no name or address of anybody else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from reprise.server.audit.services import lines_of
from reprise.server.database import asking, read_in_steps
from reprise.server.enrolments.services import codes_of
from reprise.server.people import models
from reprise.server.people.holding import organisations_of
from reprise.server.people.organisations import list_all
from reprise.server.people.proof import is_proven
from reprise.server.people.scope import Actor

Rows = Mapping[str, Iterable[Mapping[str, Any]]]


def data_of(user: models.User) -> dict[str, Any]:
    """What is of few words, as JSON's types."""
    with asking():
        memberships = [
            {"organisation": row.organisation.name, "role": row.role}
            for row in models.Membership.objects.filter(user=user).select_related("organisation")
        ]
        sessions = [
            {"since": _told(row.created_at), "browser": row.user_agent, "address": row.ip}
            for row in UserSession.objects.filter(user=user)
        ]
        identities = list(
            SocialAccount.objects.filter(user=user).values("provider", "uid", "extra_data")
        )
        factors = [_factor(row) for row in Authenticator.objects.filter(user=user)]
    return {
        "email": user.email,
        "name": user.name,
        "joined_at": _told(user.joined_at),
        "last_login": _told(user.last_login),
        "looks_after_the_server": user.runs_instance,
        "memberships": memberships,
        "sessions": sessions,
        "second_factors": factors,
        "identities_elsewhere": identities,
    }


def _factor(row: Authenticator) -> dict[str, Any]:
    """Without what it holds, but for the name that its owner gave to a key."""
    is_key = row.type == Authenticator.Type.WEBAUTHN
    return {
        "kind": row.type,
        "name": row.data.get("name", "") if is_key else "",
        "added_at": _told(row.created_at),
        "used_at": _told(row.last_used_at),
    }


def lists_of(user: models.User) -> Rows:
    """What may be long, as JSON's types: each is read while it is asked for."""
    return {
        "invitations_received": _invitations(_received(user)),
        "invitations_made": _invitations({"made_by": user.pk}),
        "tokens": _tokens(user),
        "enrolment_codes": _codes(user),
        "changes": _changes(user),
    }


def _received(user: models.User) -> Mapping[str, Any]:
    """Whoever invited the person to one organisation may have opened that link, and knows of no
    other: see proof.py."""
    with asking():
        if is_proven(user):
            return {"email": user.email}
        return {"email": user.email, "organisation__in": list(organisations_of(user))}


def as_json(whole: Mapping[str, Any], rows: Rows) -> Iterator[str]:
    """One object of both, piece by piece."""
    yield json.dumps(whole, ensure_ascii=False, indent=2).removesuffix("\n}")
    for name, each in rows.items():
        yield f",\n  {json.dumps(name)}: ["
        before = ""
        for row in each:
            yield f"{before}\n    {json.dumps(row, ensure_ascii=False)}"
            before = ","
        yield "\n  ]"
    yield "\n}\n"


def _invitations(which: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Of who was invited by this person nothing is told: it is theirs."""
    known = models.Invitation.objects.filter(**which).select_related("organisation")
    for row in read_in_steps(known):
        yield {
            "organisation": row.organisation.name,
            "role": row.role,
            "looks_after_the_server": row.runs_instance,
            "made_at": _told(row.made_at),
            "ends_at": _told(row.ends_at),
            "used_at": _told(row.used_at),
        }


def _tokens(user: models.User) -> Iterator[dict[str, Any]]:
    mine = models.Token.objects.filter(made_by=user).select_related("organisation")
    for row in read_in_steps(mine):
        yield {
            "organisation": row.organisation.name,
            "name": row.name,
            "rights": row.rights.splitlines(),
            "made_at": _told(row.made_at),
            "ends_at": _told(row.ends_at),
            "used_at": _told(row.used_at),
            "revoked_at": _told(row.revoked_at),
        }


def _codes(user: models.User) -> Iterator[dict[str, Any]]:
    """With the key of the station that each let in."""
    with asking():
        tokens = list(models.Token.objects.filter(made_by=user).values_list("pk", flat=True))
    names = dict(list_all())
    for code in codes_of([Actor(user.pk), *(Actor(token=number) for number in tokens)]):
        told = {key: _plain(value) for key, value in asdict(code).items()}
        yield {**told, "organisation": names[code.organisation]}


def _changes(user: models.User) -> Iterator[dict[str, Any]]:
    """What this person did, and what was done to the account."""
    names = dict(list_all())
    for organisation, line in lines_of(Actor(user.pk)):
        told = {key: _plain(value) for key, value in asdict(line).items()}
        yield {"organisation": None if organisation is None else names.get(organisation), **told}


def _plain(value: Any) -> Any:
    return _told(value) if isinstance(value, datetime) else value


def _told(moment: datetime | None) -> str | None:
    """None: it was never, or SQLite keeps something else there."""
    return None if moment is None else moment.isoformat()
