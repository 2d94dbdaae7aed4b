"""What is held while it is changed: organisations first, then who looks after the server, then one
person, and invitations and codes last, so that no two wait for each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reprise.server.people import models
from reprise.server.people.ending import where_invited


def organisations_of(user: models.User) -> Iterable[int]:
    """By number, looked up where they are asked for; ended ones, too."""
    return models.Membership.objects.filter(user=user).values_list("organisation", flat=True)


def concerned(user: models.User) -> Iterator[int]:
    """The organisations whose people or invitations are other ones without this person."""
    yield from organisations_of(user)
    yield from where_invited(user.pk)


def hold_organisations(numbers: Iterable[int]) -> None:
    """Nobody else changes what they are or who belongs to them until the caller's transaction
    ends: what is read from here on is so. Reports come in meanwhile."""
    held = models.Organisation.objects.select_for_update(no_key=True)
    list(held.filter(pk__in=numbers).order_by("pk"))


def hold_user(user: models.User) -> None:
    """Nobody else lets this person in anywhere, or erases the account, until the caller's
    transaction ends. After the organisations, and before what was prepared for the person."""
    list(models.User.objects.select_for_update().filter(pk=user.pk))


def hold_keepers() -> set[int]:
    """The numbers of those who look after the server: none is let go until the caller's
    transaction ends. All at once and in one order, as two may let each other go; after the
    organisations, as these are ended so."""
    held = models.User.objects.select_for_update().filter(runs_instance=True, is_active=True)
    return {row.pk for row in held.order_by("pk")}
