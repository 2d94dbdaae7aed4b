"""Whoever looks after the server adds organisations and lets the first person of each in: what was
ever somebody's they do not come into by adding it once more. On both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reprise import i18n
from reprise.adapters.signing.jws import generate_signer
from reprise.errors import InputError
from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.people import invitations, members, models
from reprise.server.people.accounts import forget, make_user
from reprise.server.people.closing import end_organisation, reopen_organisation
from reprise.server.people.organisations import list_with_people, make_organisation
from reprise.server.people.scope import Actor, NotHereError, Right, Role, Scope, of_command
from reprise.server.stations.services import enroll
from server.kit import PASSWORD, fresh, new_database, signed
from server.taking import take_report

pytestmark = pytest.mark.whole


@dataclass(frozen=True)
class Keeper:
    user: models.User

    def scope(self, organisation: int = 0) -> Scope:
        """As the page of organisations has it."""
        rights = of_command(organisation).rights if organisation else {Right.RUN_INSTANCE}
        return Scope(organisation, frozenset(rights), Actor(self.user.pk))

    def adds(self, name: str, email: str) -> tuple[int, str]:
        number = make_organisation(self.scope(), name)
        return number, invitations.invite(self.scope(number), email, Role.ADMINISTRATOR)[1]

    def is_refused(self, name: str) -> None:
        with i18n.using("en"), pytest.raises(InputError, match="createadmin"):
            make_organisation(self.scope(), name)


@pytest.fixture(params=["sqlite", "postgresql"])
def keeper(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Keeper]:
    address = str(tmp_path / "reprise.db")
    if request.param == "postgresql":
        address = request.getfixturevalue("cluster").own_database()
    else:
        new_database(tmp_path / "reprise.db")
    open_database(address)
    models.Organisation.objects.filter(pk=1).update(name="First")
    yield Keeper(make_user("keeper@example.org", "Keeper", PASSWORD, runs_instance=True))
    close_database()


def test_what_nobody_ever_joined_is_invited_to_once_more(keeper: Keeper) -> None:
    number, _lost = keeper.adds("Other", "wrong@example.org")
    assert [one.joined for one in list_with_people()] == [False, False]
    again, secret = keeper.adds("Other", "right@example.org")
    assert again == number
    assert invitations.join_new(secret, "Right", PASSWORD)
    assert [one.joined for one in list_with_people()] == [False, True]
    keeper.is_refused("Other")


def test_what_everybody_left_is_still_theirs(keeper: Keeper) -> None:
    number, secret = keeper.adds("Other", "alone@example.org")
    alone = invitations.join_new(secret, "Alone", PASSWORD)
    end_organisation(keeper.scope(), number)
    forget(alone, Actor(alone.pk))
    reopen_organisation(keeper.scope(), number)
    assert not models.Membership.objects.exists()
    keeper.is_refused("Other")
    with pytest.raises(InputError):
        invitations.invite(keeper.scope(number), keeper.user.email, Role.ADMINISTRATOR)
    assert list_with_people()[1].joined


@pytest.mark.parametrize("what", ["an end", "a station", "a report"])
def test_what_had_anything_is_not_given_away(
    keeper: Keeper, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = make_organisation(keeper.scope(), "Other")
    if what == "an end":
        end_organisation(keeper.scope(), number)
        reopen_organisation(keeper.scope(), number)
    else:
        signer = generate_signer()
        enroll(of_command(number), "Bench", signer.public_pem().decode(), signer.kid)
        if what == "a report":
            report = fresh()
            take_report(report.report_id, signed(signer, report))
    monkeypatch.setattr("reprise.server.database._unasked", [""])  # as the pages' process
    close_database()
    keeper.is_refused("Other")
    assert list_with_people()[1].joined


def test_after_the_first_nobody_comes_in_by_what_the_keeper_prepared(keeper: Keeper) -> None:
    number, own = keeper.adds("Other", keeper.user.email)
    _same, secret = keeper.adds("Other", "real@example.org")
    _one, host = invitations.invite(of_command(number), "host@example.org", Role.ADMINISTRATOR)
    real = invitations.join_new(secret, "Real", PASSWORD)
    assert invitations.find_invitation(own) is None
    with pytest.raises(NotHereError):
        invitations.join_known(own, keeper.user)
    with i18n.using("en"), pytest.raises(InputError, match="administrators invite"):
        invitations.invite(keeper.scope(number), keeper.user.email, Role.ADMINISTRATOR)
    # what its own people, or the server's host, prepare stays
    theirs = Scope(number, of_command(number).rights - {Right.RUN_INSTANCE}, Actor(real.pk))
    _two, friend = invitations.invite(theirs, "friend@example.org", Role.TECHNICIAN)
    invitations.join_new(host, "Host", PASSWORD)
    invitations.join_new(friend, "Friend", PASSWORD)
    assert len(members.list_members(theirs)) == 3
