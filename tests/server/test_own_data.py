"""What a person is given of their own data is all of it, holds no secret and nobody else, and few
rows are held at once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from reprise.server import database
from reprise.server.enrolments.services import offer
from reprise.server.people import invitations, members, models, tokens
from reprise.server.people.organisations import make_organisation
from reprise.server.people.own_data import as_json, data_of, lists_of
from reprise.server.people.proof import prove
from reprise.server.people.scope import Right, Role, of_command
from server.kit import PASSWORD, Running
from server.persons import joined, of_person


def _told(user: models.User) -> dict[str, Any]:
    told: dict[str, Any] = json.loads("".join(as_json(data_of(user), lists_of(user))))
    return told


def test_all_of_it_is_told(alix: models.User) -> None:
    tom = joined("tom@example.org", Role.ADMINISTRATOR)
    invitations.invite(of_person(tom), "friend@example.org", Role.AUDITOR)
    _token, said = tokens.make_token(of_person(tom), "GLPI", [Right.SEE_REPORTS], 9)
    _open, code = offer(of_person(tom), "Bench 7", 24)
    for kind, data in (
        (Authenticator.Type.TOTP, {"secret": "SECRET-T"}),
        (Authenticator.Type.WEBAUTHN, {"name": "Blue key", "credential": "SECRET-W"}),
    ):
        Authenticator.objects.create(user=tom, type=kind, data=data)
    members.change_role(of_person(alix), tom.pk, Role.TECHNICIAN)
    told = _told(tom)
    assert [(one["role"], one["used_at"] is None) for one in told["invitations_received"]] == [
        ("administrator", False)
    ]
    assert [one["role"] for one in told["invitations_made"]] == ["auditor"]
    (token,) = told["tokens"]
    assert (token["organisation"], token["name"]) == ("Ville de Vaulx", "GLPI")
    assert token["rights"] == ["see-reports"] and token["revoked_at"] and token["ends_at"]
    assert [one["name"] for one in told["enrolment_codes"]] == ["Bench 7"]
    factors = [(one["kind"], one["name"], bool(one["added_at"])) for one in told["second_factors"]]
    assert factors == [("totp", "", True), ("webauthn", "Blue key", True)]
    done = {one["action"] for one in told["changes"]}
    assert done >= {"person-joined", "person-invited", "token-made", "enrolment-offered"}
    changed = next(one for one in told["changes"] if one["action"] == "role-changed")
    assert changed["actor"] == f"user:{alix.pk}" and changed["organisation"] == "Ville de Vaulx"
    text = json.dumps(told)
    for secret in (said, code, "SECRET", "friend@example.org", alix.email, alix.name, "digest"):
        assert secret not in text, secret
    assert all(f"user:{tom.pk}" in (one["actor"], one["subject"]) for one in told["changes"])


def test_of_nobody_else(alix: models.User) -> None:
    joined("tom@example.org", Role.ADMINISTRATOR)
    told = _told(joined("kim@example.org", Role.TECHNICIAN))
    assert [one["action"] for one in told["changes"]] == ["person-joined"]
    assert not (told["invitations_made"] or told["tokens"] or told["enrolment_codes"])


def test_what_others_sent_to_an_address_is_told_to_its_owner_alone(alix: models.User) -> None:
    """Who invited somebody without a mail has the link: the account may be made by that one."""
    eve = of_person(joined("eve@example.org", Role.ADMINISTRATOR))
    other = of_command(make_organisation(of_command(1), "Other"))
    invitations.invite(other, "kim@example.org", Role.AUDITOR)
    _one, secret = invitations.invite(eve, "kim@example.org", Role.TECHNICIAN)
    kim = invitations.join_new(secret, "Kim", PASSWORD)
    received = [one["organisation"] for one in _told(kim)["invitations_received"]]
    assert received == ["Ville de Vaulx"]
    prove(kim)
    received = [one["organisation"] for one in _told(kim)["invitations_received"]]
    assert received == ["Other", "Ville de Vaulx"]


def test_few_rows_are_held_at_once(alix: models.User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_AT_ONCE", 3)
    for number in range(10):
        invitations.invite(of_person(alix), f"guest-{number}@example.org", Role.TECHNICIAN)
    told = _told(alix)
    assert len(told["invitations_made"]) == 10
    assert sum(one["action"] == "person-invited" for one in told["changes"]) == 10


@pytest.mark.whole
def test_it_is_handed_out_as_a_file(server: Running) -> None:
    answer = server.get("/me/data.json")
    assert answer.headers["content-type"] == "application/json"
    assert 'filename="reprise.json"' in answer.headers["content-disposition"]
    told = answer.json()
    assert {"changes", "tokens", "invitations_made", "email"} <= set(told)
