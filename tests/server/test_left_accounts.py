"""An account that belongs to no open organisation is seen by who looks after the server, who erases
it; what an ended organisation was is no reason to keep one."""

from __future__ import annotations

import pytest

from reprise.errors import InputError
from reprise.server.audit.services import Action, server_trail, trail
from reprise.server.people import accounts, invitations, members, models, tokens
from reprise.server.people.closing import end_organisation, reopen_organisation
from reprise.server.people.factors import remove_factors
from reprise.server.people.leftover import erase_left, find_left, list_left
from reprise.server.people.organisations import make_organisation
from reprise.server.people.scope import ForbiddenError, NotHereError, Right, Role, of_command
from server.kit import PASSWORD
from server.persons import joined, of_person
from server.taking import OURS
from server.test_keepers import as_keeper


def _names(size: int = 9, number: int = 1) -> list[str]:
    return [one.name for one in list_left(OURS, number, size).accounts]


def _other(user: models.User, role: Role) -> int:
    number = make_organisation(OURS, "Other")
    accounts.add_member(user, number, role)
    return number


def test_those_of_nobody_are_seen(alix: models.User) -> None:
    tom, kim = (joined(f"{name}@example.org", Role.TECHNICIAN) for name in ("tom", "kim"))
    assert _names() == []
    members.remove(OURS, kim.pk)
    number = _other(tom, Role.ADMINISTRATOR)
    members.remove(OURS, tom.pk)
    assert _names() == ["kim"]
    end_organisation(OURS, number)
    assert _names() == ["kim", "tom"]  # newest first
    assert (_names(1, 2), _names(1, 9)) == (["tom"], ["tom"])
    assert [find_left(OURS, one.pk).ended for one in (tom, kim)] == [("Other",), ()]
    reopen_organisation(OURS, number)
    assert _names() == ["kim"]
    for user in (tom, alix):  # of an open organisation, and of the server
        with pytest.raises(NotHereError):
            find_left(OURS, user.pk)
        with pytest.raises(NotHereError):
            erase_left(OURS, user.pk)
    with pytest.raises(ForbiddenError):
        list_left(of_person(alix), 1, 9)


def test_one_is_erased_by_who_looks_after_the_server(alix: models.User) -> None:
    tom = joined("tom@example.org", Role.TECHNICIAN)
    number = _other(tom, Role.ADMINISTRATOR)
    _token, said = tokens.make_token(of_command(number), "T", [Right.SEE_REPORTS], 5)
    members.remove(OURS, tom.pk)
    end_organisation(OURS, number)
    erase_left(as_keeper(alix), tom.pk)
    gone = models.User.objects.get(pk=tom.pk)
    assert (gone.name, gone.is_active, gone.has_usable_password()) == ("", False, False)
    for found in (server_trail(OURS, 1, 1), trail(of_command(number), 1, 1)):
        told = found.lines[0]
        expected = (Action.PERSON_ERASED, f"user:{alix.pk}", f"user:{tom.pk}")
        assert (told.action, told.actor, told.subject) == expected
    assert _names() == []
    with pytest.raises(NotHereError):
        erase_left(as_keeper(alix), tom.pk)
    assert tokens.scope_of_token(said) is None


def test_who_joined_meanwhile_stays(alix: models.User) -> None:
    tom = accounts.make_user("tom@example.org", "Tom", PASSWORD)
    _one, secret = invitations.invite(OURS, tom.email, Role.TECHNICIAN)
    assert find_left(OURS, tom.pk).name == "Tom"
    invitations.join_known(secret, tom)
    with pytest.raises(NotHereError):
        accounts.forget_left(as_keeper(alix), tom)
    assert accounts.find_user("tom@example.org")


def test_what_was_ended_is_not_elsewhere(alix: models.User) -> None:
    """Of an erasure. It trusts its people's second factors again, once it is open."""
    tom = joined("tom@example.org", Role.TECHNICIAN)
    number = _other(tom, Role.ADMINISTRATOR)
    with pytest.raises(InputError):
        members.erase(of_person(alix), tom.pk)
    end_organisation(OURS, number)
    assert members.is_only_here(OURS, tom.pk)
    with pytest.raises(InputError):
        remove_factors(of_person(alix), tom.pk)
    members.erase(of_person(alix), tom.pk)
    assert trail(of_command(number), 1, 1).lines[0].action is Action.PERSON_ERASED
