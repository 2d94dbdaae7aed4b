"""Who has lost the second factor comes in again, and nobody weakens an account that others trust,
too."""

from __future__ import annotations

from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from reprise.errors import InputError
from reprise.server.audit.services import Action, trail
from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.people import models, organisations
from reprise.server.people.accounts import add_member, find_user, has_second_factor
from reprise.server.people.factors import remove_factors
from reprise.server.people.scope import (
    Actor,
    ForbiddenError,
    NotHereError,
    Role,
    of_command,
    of_role,
)
from server.kit import PASSWORD, reprise
from server.persons import joined, of_person
from server.taking import OURS


@pytest.fixture
def tom(alix: models.User) -> models.User:
    """With an app, codes, and an open session."""
    made = joined("tom@example.org", Role.TECHNICIAN)
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=made, type=kind, data={"secret": "x"})
    UserSession.objects.create(user=made, session_key="k" * 32, ip="127.0.0.1", user_agent="x")
    return made


def test_an_administrator_removes_it(alix: models.User, tom: models.User) -> None:
    remove_factors(of_person(alix), tom.pk)
    assert not Authenticator.objects.filter(user=tom).exists()
    assert not UserSession.objects.filter(user=tom).exists()
    assert models.User.objects.get(pk=tom.pk).check_password(PASSWORD)
    line = trail(OURS, 1, 1).lines[0]
    assert (line.action, line.actor) == (Action.SECOND_FACTOR_CHANGED, f"user:{alix.pk}")
    assert (line.subject, line.after) == (f"user:{tom.pk}", {"removed": "all"})


def test_nobody_else_does(alix: models.User, tom: models.User) -> None:
    for role in (Role.TECHNICIAN, Role.AUDITOR, Role.BENEFICIARY):
        with pytest.raises(ForbiddenError):
            remove_factors(of_role(1, role, Actor(alix.pk)), tom.pk)
    other = organisations.make_organisation(OURS, "Ressourcerie")
    with pytest.raises(NotHereError):
        remove_factors(of_command(other), tom.pk)
    assert has_second_factor(tom)


def test_an_account_that_others_trust_is_the_keepers(alix: models.User, tom: models.User) -> None:
    lea = joined("lea@example.org", Role.ADMINISTRATOR)
    Authenticator.objects.create(user=alix, type=Authenticator.Type.TOTP, data={"secret": "x"})
    add_member(tom, organisations.make_organisation(OURS, "Ressourcerie"), Role.AUDITOR)
    for user in (tom, alix):  # alix looks after the server
        with pytest.raises(InputError, match="--without-factor"):
            remove_factors(of_person(lea), user.pk)
        assert has_second_factor(user)
    assert UserSession.objects.filter(user=tom).exists()


def test_a_command_removes_it_wherever_the_person_belongs(
    tom: models.User, people_database: Path
) -> None:
    other = organisations.make_organisation(OURS, "Ressourcerie")
    add_member(tom, other, Role.AUDITOR)
    close_database()
    words = ("server", "password", "--email", tom.email, "--database", str(people_database))
    for more, left in (((), True), (("--without-factor",), False)):
        done = reprise(*words, *more)
        assert "/account/password/reset/key/" in done.stdout, done.stderr
        open_database(str(people_database))
        found = find_user(tom.email)
        assert found is not None
        assert has_second_factor(found) is left
        close_database()
    open_database(str(people_database))
    for organisation in (1, other):
        scope = of_role(organisation, Role.ADMINISTRATOR, Actor())
        lines = trail(scope, 1, 1).lines
        assert [(line.actor, line.after) for line in lines] == [("command", {"removed": "all"})]
