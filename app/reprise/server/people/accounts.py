"""Accounts: one of a person, whatever organisations it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from reprise.errors import InputError
from reprise.i18n import _
from reprise.server.audit.services import Action, record
from reprise.server.database import asking, looking_everywhere, writing
from reprise.server.people import models
from reprise.server.people.ending import end_all_they_made
from reprise.server.people.holding import (
    concerned,
    hold_keepers,
    hold_organisations,
    hold_user,
    organisations_of,
)
from reprise.server.people.proof import end_ways_in
from reprise.server.people.scope import (
    RIGHTS,
    Actor,
    ForbiddenError,
    NotHereError,
    Right,
    Role,
    Scope,
)

_MOST_NAME = 100


def clean_name(name: str) -> str:
    """Of a person, a token or an organisation. Raises InputError."""
    name = " ".join(name.split())
    if not name or len(name) > _MOST_NAME or not name.isprintable():
        raise InputError(
            _("This name cannot be used."),
            _("Give one to {count} visible characters.").format(count=_MOST_NAME),
        )
    return name


def find_user(email: str) -> models.User | None:
    with asking():
        return models.User.objects.filter(email__iexact=email.strip()).first()


def count_people() -> int:
    """Who may log in."""
    with asking():
        return models.User.objects.filter(is_active=True).count()


def make_user(
    email: str, name: str, password: str, *, runs_instance: bool = False, proven: bool = True
) -> models.User:
    """In the caller's transaction. `proven`: see proof.py."""
    email = email.strip().lower()
    user = models.User(email=email, name=clean_name(name), runs_instance=runs_instance)
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=proven, primary=True)
    return user


def add_member(user: models.User, organisation: int, role: Role) -> None:
    """In the caller's transaction."""
    models.Membership.objects.update_or_create(
        user=user, organisation_id=organisation, defaults={"role": role.value}
    )


def has_second_factor(user: models.User) -> bool:
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())


def forget(user: models.User, actor: Actor) -> None:
    """Erase a person's data (RGPD, art. 17): nobody logs in with the account again. What they did
    stays in the audit trail under a number that leads to no name; what a station signed is
    evidence, and stays whole; what would let somebody in ends. Not in a transaction. Raises
    InputError where they alone run an organisation or the server."""
    with looking_everywhere(), writing():
        _forget(user, actor)


def forget_member(scope: Scope, user: models.User) -> None:
    """As above, whom no other organisation needs, nor the server: else InputError. Raises
    ForbiddenError."""
    with looking_everywhere(), changing(scope, Right.MANAGE_PEOPLE, concerned(user)):
        held = _held(user)
        refuse_needed_elsewhere(held, scope.organisation)
        _forget(held, scope.actor)


def forget_left(scope: Scope, user: models.User) -> None:
    """As above, by whoever looks after the server: see left_accounts, else NotHereError."""
    with looking_everywhere(), changing(scope, Right.RUN_INSTANCE, concerned(user)):
        held = _held(user)
        if not left_accounts().filter(pk=user.pk).exists():
            raise NotHereError(user.pk)
        _forget(held, scope.actor, of_server=True)


def left_accounts() -> QuerySet[models.User]:
    """Those of nobody: they belong to no organisation, or to ended ones alone, and do not look
    after the server."""
    open_ones = models.Membership.objects.filter(organisation__ended_at=None, user=OuterRef("pk"))
    return models.User.objects.filter(~Exists(open_ones), is_active=True, runs_instance=False)


def _held(user: models.User) -> models.User:
    """Nobody lets them in. In the caller's transaction, which holds their organisations: nobody
    opens one again."""
    hold_user(user)
    return models.User.objects.get(pk=user.pk)


def _forget(user: models.User, actor: Actor, *, of_server: bool = False) -> None:
    """`of_server`: the server's own record tells of it, too, as of whoever looked after it."""
    mine = models.Membership.objects.filter(user=user)
    hold_organisations([*concerned(user)])
    if user.runs_instance:
        hold_keepers()
    hold_user(user)
    hold_organisations(organisations_of(user))  # and one just joined
    organisations = []
    for row in mine:
        refuse_last_administrator(row)
        organisations.append(row.organisation_id)
    refuse_last_keeper(user)
    of_server = of_server or user.runs_instance or not organisations
    end_ways_in(user)
    end_all_they_made(user, actor)
    EmailAddress.objects.filter(user=user).delete()
    models.Invitation.objects.filter(email=user.email).update(email="", ends_at=_now())
    mine.delete()
    user.email, user.name = f"{user.pk}@erased.invalid", ""
    user.is_active, user.runs_instance = False, False
    user.set_unusable_password()
    user.save(update_fields=["email", "name", "is_active", "runs_instance", "password"])
    for organisation in [*organisations, *([None] if of_server else [])]:
        record(organisation, actor, Action.PERSON_ERASED, f"user:{user.pk}")


def is_only_in(user: models.User, organisation: int, *, ended_too: bool = False) -> bool:
    """Whether no other organisation, nor the server, needs this account. `ended_too`: nor one that
    was ended, which trusts it again once it is open."""
    mine = models.Membership.objects.filter(user=user)
    if not ended_too:
        mine = mine.filter(organisation__ended_at=None)
    with asking():
        where = list(mine.values("organisation"))
    return where == [{"organisation": organisation}] and not user.runs_instance


def refuse_needed_elsewhere(user: models.User, organisation: int) -> None:
    """Raises InputError."""
    if not is_only_in(user, organisation):
        raise needed_elsewhere(_("Remove the person from the organisation instead."))


def needed_elsewhere(advice: str) -> InputError:
    return InputError(_("This account is needed elsewhere on this server."), advice)


def refuse_last_keeper(user: models.User) -> None:
    """Raises InputError. In the caller's transaction."""
    if user.runs_instance and not hold_keepers() - {user.pk}:
        raise InputError(
            _("This person alone looks after the server."),
            _("Invite another first: “reprise server createadmin”."),
        )


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def changing(scope: Scope, right: Right, others: Iterable[int] = ()) -> Iterator[None]:
    """One write transaction, in which whoever asks holds this right to its end. Raises
    ForbiddenError where it was taken away since the request began, or the organisation was ended:
    nothing is changed a moment after. `others`: organisations that are held besides, where it
    changes what belongs to them: all before any person, so that no two wait for each other."""
    with writing():
        _hold_right(scope, right, others)
        yield


def _hold_right(scope: Scope, right: Right, others: Iterable[int]) -> None:
    """In the caller's transaction: see changing."""
    scope.need(right)
    if scope.actor.enrolment is not None:
        return  # a code's: its own row is held
    hold_organisations([scope.organisation, *others])
    if right is not Right.RUN_INSTANCE and is_ended(scope.organisation):
        raise ForbiddenError(right.value)
    user = scope.actor.user
    if user is not None and not _still_has(user, scope, right):
        raise ForbiddenError(right.value)


def is_ended(organisation: int) -> bool:
    """In the caller's transaction."""
    return models.Organisation.objects.filter(pk=organisation).exclude(ended_at=None).exists()


def _still_has(user: int, scope: Scope, right: Right) -> bool:
    if Right.RUN_INSTANCE in scope.rights:  # of no role, in whatever organisation
        return user in hold_keepers()
    rows = models.Membership.objects.select_for_update()
    here = rows.filter(organisation=scope.organisation, user=user)
    return any(right in RIGHTS[Role(row.role)] for row in here)


def refuse_last_administrator(membership: models.Membership) -> None:
    """Raises InputError where nobody else could look after the organisation, unless it was ended.
    In the caller's transaction, which holds the organisation."""
    if membership.role != Role.ADMINISTRATOR or is_ended(membership.organisation_id):
        return
    others = models.Membership.objects.filter(
        organisation=membership.organisation_id, role=Role.ADMINISTRATOR, user__is_active=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise InputError(
            _("This person is the organisation's only administrator."),
            _("Make somebody else an administrator first."),
        )
