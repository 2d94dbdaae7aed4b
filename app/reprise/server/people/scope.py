"""On whose behalf something is asked or done: each service takes a Scope, and looks at nothing
outside its organisation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    TECHNICIAN = "technician"
    AUDITOR = "auditor"  # or data protection officer: reads everything, changes nothing
    BENEFICIARY = "beneficiary"  # sees what is addressed to it


class Right(StrEnum):
    SEE_REPORTS = "see-reports"
    SEE_STATIONS = "see-stations"
    MANAGE_STATIONS = "manage-stations"
    SEE_PEOPLE = "see-people"
    MANAGE_PEOPLE = "manage-people"
    MANAGE_SETTINGS = "manage-settings"
    SEE_AUDIT = "see-audit"
    RUN_INSTANCE = "run-instance"  # of no role: see User.runs_instance


_SEES = frozenset({Right.SEE_REPORTS, Right.SEE_STATIONS})
RIGHTS = {
    Role.ADMINISTRATOR: frozenset(Right) - {Right.RUN_INSTANCE},
    Role.TECHNICIAN: _SEES,
    Role.AUDITOR: _SEES | {Right.SEE_PEOPLE, Right.SEE_AUDIT},
    Role.BENEFICIARY: frozenset[Right](),
}
# What a program may be given: no address for programs does more.
FOR_TOKENS = (Right.SEE_REPORTS, Right.SEE_STATIONS)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it: a person, a token or a station's code by its number, else a command of the
    server's host."""

    user: int | None = None
    token: int | None = None
    enrolment: int | None = None

    @property
    def text(self) -> str:
        """As the audit trail keeps it: no name, so that a person's can be erased."""
        if self.user is not None:
            return f"user:{self.user}"
        if self.enrolment is not None:
            return f"enrolment:{self.enrolment}"
        return "command" if self.token is None else f"token:{self.token}"


class ForbiddenError(Exception):
    """The scope does not hold the right."""


class NotHereError(LookupError):
    """There is no such thing in the scope's organisation: whether another has one is not told."""


@dataclass(frozen=True, slots=True)
class Scope:
    organisation: int
    rights: frozenset[Right]
    actor: Actor = Actor()

    def need(self, right: Right) -> None:
        """Raises ForbiddenError."""
        if right not in self.rights:
            raise ForbiddenError(right.value)


def of_role(organisation: int, role: Role, actor: Actor) -> Scope:
    return Scope(organisation, RIGHTS[role], actor)


def of_command(organisation: int) -> Scope:
    """Whoever may start commands on the server's host reads its database anyway."""
    return Scope(organisation, frozenset(Right))
