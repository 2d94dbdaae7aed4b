"""The accounts of a demonstration, and what its people change in the course of the year. Their
names are nobody's, and their addresses lead nowhere (RFC 2606)."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.server.people.instance import new_set_up_secret, set_up
from reprise.server.people.invitations import invite, join_new
from reprise.server.people.members import change_role, remove
from reprise.server.people.organisations import make_organisation, named_organisation
from reprise.server.people.scope import Actor, Right, Role, Scope, of_command, of_role
from reprise.server.people.tokens import make_token

TOWN, WORKSHOP = "ville.example", "ressourcerie.example"


@dataclass(frozen=True, slots=True)
class Account:
    organisation: str
    role: Role
    name: str
    email: str


class People:
    """Everybody gets the same `password`. Two organisations, by the name that each is given."""

    def __init__(self, password: str) -> None:
        self._password = password
        self._accounts: list[Account] = []
        self._numbers: dict[str, int] = {}  # of users, by address
        self._scopes: dict[str, Scope] = {}  # of the first administrator, by organisation

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Those that one can still log in with, in the order in which they came."""
        return tuple(self._accounts)

    def scope(self, organisation: str) -> Scope:
        return self._scopes[organisation]

    def begin(self, organisation: str, name: str, email: str) -> None:
        """The first start: who does that looks after the server as well."""
        secret = new_set_up_secret()
        if secret is None:
            raise RuntimeError("somebody is here already")
        user = set_up(secret, organisation, name, email, self._password)
        self._scopes[organisation] = of_role(
            named_organisation(None), Role.ADMINISTRATOR, Actor(user.pk)
        )
        self._joined(Account(organisation, Role.ADMINISTRATOR, name, email), user.pk)

    def another(self, first: str, organisation: str, name: str, email: str) -> None:
        """The server gets a second organisation, and that its administrator."""
        actor = self._scopes[first].actor
        number = make_organisation(Scope(0, frozenset({Right.RUN_INSTANCE}), actor), organisation)
        self._scopes[organisation] = Scope(number, of_command(number).rights, actor)
        self.join(organisation, Role.ADMINISTRATOR, name, email)
        mine = Actor(self._numbers[email])
        self._scopes[organisation] = of_role(number, Role.ADMINISTRATOR, mine)

    def invite(self, organisation: str, role: Role, email: str) -> str:
        """What the link holds."""
        return invite(self._scopes[organisation], email, role)[1]

    def join(self, organisation: str, role: Role, name: str, email: str) -> None:
        user = join_new(self.invite(organisation, role, email), name, self._password)
        self._joined(Account(organisation, role, name, email), user.pk)

    def give_role(self, organisation: str, role: Role, email: str) -> None:
        change_role(self._scopes[organisation], self._numbers[email], role)
        self._accounts = [
            Account(one.organisation, role, one.name, one.email) if one.email == email else one
            for one in self._accounts
        ]

    def leave(self, organisation: str, email: str) -> None:
        remove(self._scopes[organisation], self._numbers[email])
        self._accounts = [one for one in self._accounts if one.email != email]

    def connect(self, organisation: str, program: str) -> None:
        """A program gets a token, which nobody keeps."""
        make_token(self._scopes[organisation], program, [Right.SEE_REPORTS], 365)

    def _joined(self, account: Account, number: int) -> None:
        self._accounts.append(account)
        self._numbers[account.email] = number
