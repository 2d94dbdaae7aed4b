"""How long what may be dropped is kept: what is chosen, what counts, and dropping it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from reprise.errors import InputError
from reprise.server import clock
from reprise.server.audit.services import Action, record
from reprise.server.database import asking, writing
from reprise.server.enrolments.limits import forget_wrong_codes
from reprise.server.people.accounts import changing
from reprise.server.people.housekeeping import forget_what_is_over
from reprise.server.people.organisations import list_all
from reprise.server.people.scope import Right, Scope
from reprise.server.retention import models
from reprise.server.retention.rules import SERVER, Rule, rules_of
from reprise.server.retention.words import out_of_bounds

_NUMBER = re.compile(r"-?[0-9]{1,9}")
_EVER = 100 * 365  # days: nothing here is that old
_MOST_TOLD = 40  # characters of what is no number


class NotShownError(Exception):
    """More would go than whoever saves was shown."""


@dataclass(frozen=True, slots=True)
class Period:
    """`days`: that count. `chosen`: what the database holds; None: nobody has chosen."""

    rule: Rule
    days: int
    chosen: str | None

    @property
    def is_sound(self) -> bool:
        """Whether what was chosen is what counts."""
        return self.chosen is None or self.chosen == str(self.days)

    @property
    def is_kept_for_good(self) -> bool:
        """What was chosen cannot be read: nothing goes until somebody chooses again."""
        return self.days >= _EVER

    @property
    def told(self) -> int | str:
        """Of what was unsound, what stands there."""
        return self.days if self.is_sound else str(self.chosen)[:_MOST_TOLD]


@dataclass(frozen=True, slots=True)
class Change:
    """One period that is to be another. `due`: how much goes by it at the next tidying."""

    rule: Rule
    before: Period
    days: int
    due: int


def days_in_force(rule: Rule, chosen: str | None) -> int:
    """Whatever the database holds never drops more than somebody chose: out of bounds the longer of
    that and the default counts, and by what cannot be read nothing goes."""
    if chosen is None:
        return rule.default
    if not _NUMBER.fullmatch(chosen):
        return _EVER
    days = int(chosen)
    if rule.least <= days <= rule.most:
        return days
    return min(max(days, rule.default), _EVER)


def _whose(scope: Scope) -> Right:
    return Right.RUN_INSTANCE if scope.organisation == SERVER else Right.MANAGE_SETTINGS


def list_periods(whose: int) -> Sequence[Period]:
    """Of an organisation, or SERVER. Raises StorageError."""
    with asking():
        rows = models.Period.objects.filter(organisation=whose)
        # SQLite keeps anything in any column: what is no text is no number either
        chosen = {rule: str(days) for rule, days in rows.values_list("rule", "days")}
    return [
        Period(rule, days_in_force(rule, chosen.get(rule.key)), chosen.get(rule.key))
        for rule in rules_of(whose)
    ]


def count_due(period: Period, whose: int, days: int | None = None) -> int:
    """How much is over, by its days or by these. Raises StorageError."""
    with asking():
        return period.rule.count(whose, _before(period.days if days is None else days))


def _before(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


def changes(scope: Scope, wanted: Mapping[str, int]) -> Sequence[Change]:
    """What would be another than it is. Raises ForbiddenError, InputError of a period that is too
    short or too long."""
    scope.need(_whose(scope))
    found = []
    for period in list_periods(scope.organisation):
        days = wanted.get(period.rule.key, period.days)
        if period.rule.key not in wanted or (days == period.days and period.is_sound):
            continue
        if not period.rule.least <= days <= period.rule.most:
            raise InputError(out_of_bounds(period.rule), "")
        due = count_due(period, scope.organisation, days)
        found.append(Change(period.rule, period, days, due))
    return found


def choose(scope: Scope, wanted: Mapping[str, int], shown: Mapping[str, int]) -> None:
    """`shown`: of each that changes, how much whoever saves was told would go. Raises NotShownError
    where it is more by now; as above."""
    with changing(scope, _whose(scope)):
        found = changes(scope, wanted)
        if any(change.due > shown.get(change.rule.key, -1) for change in found):
            raise NotShownError
        for change in found:
            models.Period.objects.update_or_create(
                organisation=scope.organisation,
                rule=change.rule.key,
                defaults={"days": str(change.days)},
            )
        if found:
            _record(scope, found)


def _record(scope: Scope, found: Sequence[Change]) -> None:
    before = {one.rule.key: one.before.told for one in found}
    after = {one.rule.key: one.days for one in found}
    whose = None if scope.organisation == SERVER else scope.organisation
    subject = "server" if whose is None else f"organisation:{whose}"
    record(whose, scope.actor, Action.RETENTION_CHANGED, subject, before=before, after=after)


def tidied_at() -> datetime | None:
    """When what is over was dropped the last time. Raises StorageError."""
    with asking():
        return models.Tidied.objects.values_list("at", flat=True).first()


def tidy_up() -> None:
    """Drop what is over, in small steps, as reports want to be written meanwhile. Of all
    organisations: not within one. Raises StorageError."""
    forget_what_is_over()
    forget_wrong_codes()
    for whose in (SERVER, *(number for number, _name in list_all())):
        for period in list_periods(whose):
            if period.rule.forget is not None:
                period.rule.forget(whose, _before(period.days))
    with writing():
        models.Tidied.objects.update_or_create(pk=1, defaults={"at": clock.now()})
