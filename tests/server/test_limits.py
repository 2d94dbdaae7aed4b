"""How many of a thing there may be, and what counts as one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory

from reprise.errors import InputError
from reprise.server.enrolments import models as enrolments
from reprise.server.enrolments.limits import OF_ONE, count_wrong, refuse_who_guesses
from reprise.server.enrolments.services import list_open, offer, withdraw
from reprise.server.people import invitations, models, organisations
from reprise.server.people.accounts import add_member
from reprise.server.people.scope import Role, of_command
from reprise.server.people.walls import CHOSEN, NeedsSecondFactorError, scope_of
from reprise.server.problems import ProblemError
from server.persons import joined
from server.taking import OURS

_MOST = 200
_SOON = datetime.now(UTC) + timedelta(days=1)


def test_so_many_codes_wait_for_their_stations(alix: models.User) -> None:
    other = organisations.make_organisation(OURS, "Ressourcerie")
    enrolments.Enrolment.objects.bulk_create(
        enrolments.Enrolment(
            organisation_id=1, digest=str(number), made_at=datetime.now(UTC), ends_at=_SOON
        )
        for number in range(_MOST - 1)
    )
    offer(OURS, "Bench", 24)
    with pytest.raises(InputError):
        offer(OURS, "Bench", 24)
    offer(of_command(other), "Bench", 24)  # of each organisation
    withdraw(OURS, list_open(OURS)[0].number)
    offer(OURS, "Bench", 24)


def test_so_many_invitations_wait_for_an_answer(alix: models.User) -> None:
    other = organisations.make_organisation(OURS, "Ressourcerie")
    models.Invitation.objects.bulk_create(
        models.Invitation(
            organisation_id=1,
            email=f"guest{number}@example.org",
            role=Role.TECHNICIAN.value,
            digest=str(number),
            ends_at=_SOON,
        )
        for number in range(_MOST - 1)
    )
    invitations.invite(OURS, "one@example.org", Role.TECHNICIAN)
    with pytest.raises(InputError):
        invitations.invite(OURS, "more@example.org", Role.TECHNICIAN)
    invitations.invite(of_command(other), "more@example.org", Role.TECHNICIAN)
    invitations.withdraw(OURS, invitations.list_invitations(OURS)[0].number)
    invitations.invite(OURS, "more@example.org", Role.TECHNICIAN)


def test_a_network_of_ipv6_guesses_as_one(alix: models.User) -> None:
    """Whoever has one address of it has all of the /64."""
    for number in range(OF_ONE):
        count_wrong(f"2001:db8:0:1::{number:x}:1")
    with pytest.raises(ProblemError, match="too-many-codes"):
        refuse_who_guesses("2001:db8:0:1:ffff:ffff:ffff:ffff")
    refuse_who_guesses("2001:db8:0:2::1")
    for form in ("192.0.2.{}", "::ffff:198.51.100.{}"):  # of IPv4 each counts by itself
        for number in range(OF_ONE):
            count_wrong(form.format(number))
        refuse_who_guesses(form.format(200))


def test_an_organisation_that_asks_for_a_second_factor_is_asked_of_everywhere(
    alix: models.User,
) -> None:
    """Else its people would see it without one, by choosing another of theirs at the log-in."""
    tom = joined("tom@example.org", Role.TECHNICIAN)
    other = organisations.make_organisation(OURS, "Ressourcerie")
    add_member(tom, other, Role.TECHNICIAN)
    request = RequestFactory().get("/stations")
    request.user, request.session = tom, {CHOSEN: 1}  # type: ignore[assignment]
    assert scope_of(request).organisation == 1
    wanted = organisations.Settings("Ressourcerie", True, "Europe/Paris")
    organisations.change_settings(of_command(other), wanted)
    request = RequestFactory().get("/stations")
    request.user, request.session = tom, {CHOSEN: 1}  # type: ignore[assignment]
    with pytest.raises(NeedsSecondFactorError):
        scope_of(request)
