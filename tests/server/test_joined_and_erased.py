"""On PostgreSQL: who joins an organisation while an administrator of another erases the account:
neither waits for the other for ever, and the second is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from reprise.errors import InputError
from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.people import invitations, members, models
from reprise.server.people.accounts import add_member, make_user
from reprise.server.people.organisations import make_organisation
from reprise.server.people.scope import Actor, Role, of_command, of_role
from server.kit import PASSWORD
from server.postgresql import Cluster
from server.taking import OURS

pytestmark = pytest.mark.whole


@pytest.fixture
def database(cluster: Cluster) -> Iterator[None]:
    open_database(cluster.own_database())
    yield
    close_database()


def _alone(act: Callable[[], None]) -> None:
    """With a connection of this thread's own."""
    try:
        act()
    finally:
        close_database()


def test_joining_and_erasing_wait_for_each_other_not_for_ever(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    alix, tom = (make_user(f"{one}@example.org", one, PASSWORD) for one in ("alix", "tom"))
    add_member(alix, 1, Role.ADMINISTRATOR)
    add_member(tom, 1, Role.TECHNICIAN)
    other = make_organisation(OURS, "Other")
    _one, secret = invitations.invite(of_command(other), tom.email, Role.TECHNICIAN)
    is_joining, go_on = threading.Event(), threading.Event()

    def slowly(*what: object) -> None:
        is_joining.set()
        assert go_on.wait(20)
        add_member(*what)  # type: ignore[arg-type]

    monkeypatch.setattr(invitations, "add_member", slowly)

    def erase() -> None:
        members.erase(of_role(1, Role.ADMINISTRATOR, Actor(alix.pk)), tom.pk)

    with ThreadPoolExecutor(2) as pool:
        joins = pool.submit(_alone, lambda: invitations.join_known(secret, tom))
        assert is_joining.wait(20)
        erases = pool.submit(_alone, erase)
        with pytest.raises(TimeoutError):
            erases.result(1)
        go_on.set()
        joins.result(20)
        with pytest.raises(InputError):  # the account is needed there now
            erases.result(20)
    left = set(models.Membership.objects.filter(user=tom).values_list("organisation", flat=True))
    assert left == {1, other}
