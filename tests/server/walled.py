"""Two organisations on one server, with people of every role, and what each of them owns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import requests

from reprise.adapters.signing.jws import Ed25519Signer, generate_signer
from reprise.codec import sha256_hex
from reprise.server.database import close_database
from reprise.server.enrolments.services import offer
from reprise.server.opening import open_database
from reprise.server.people.accounts import add_member, make_user
from reprise.server.people.invitations import invite
from reprise.server.people.organisations import Settings, change_settings, make_organisation
from reprise.server.people.scope import Right, Role, of_command
from reprise.server.people.tokens import make_token
from reprise.server.stations.services import enroll
from server.kit import PASSWORD, Running, fresh, session_of, signed

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class House:
    """One organisation. `words`: what no other one's page may show."""

    number: int
    station: Ed25519Signer
    report_id: str
    people: dict[Role, int]
    invitation: int
    secret: str  # of the invitation's link
    token: int
    said: str  # the token itself
    code: int  # of an enrolment that waits for its station
    words: tuple[str, ...]
    unread: bytes  # signed, and no report
    keeper: int  # who looks after the server
    nobodys: int  # an account of no organisation
    pc: int = 0  # known once its report is here

    def values(self) -> dict[str, object]:
        """What stands for the parts of an address."""
        return {
            "report_id": self.report_id,
            "kid": self.station.kid,
            "pc": self.pc,
            "user": self.people[Role.TECHNICIAN],
            "invitation": self.invitation,
            "token": self.token,
            "sha256": sha256_hex(self.unread),
            "enrolment": self.code,
            "organisation": self.number,
            "keeper": self.keeper,
            "nobodys": self.nobodys,
        }


@dataclass
class Person:
    """A browser with a session."""

    server: Running
    cookie: str
    csrf: str = field(default="", init=False)
    secret: str = field(default="", init=False)  # the cookie that goes with it

    def get(self, path: str) -> requests.Response:
        return self._ask("GET", path)

    def post(self, path: str, forged: bool = False, **values: str) -> requests.Response:
        """`forged`: as another site would make the browser send it."""
        if not forged and not self.csrf:
            page = self.get("/me")
            found = _TOKEN.search(page.text)
            assert found is not None, page.status_code
            self.csrf, self.secret = found[1], str(page.cookies["reprise_csrf"])
        return self._ask(
            "POST", path, values if forged else {**values, "csrfmiddlewaretoken": self.csrf}
        )

    def _ask(
        self, method: str, path: str, values: dict[str, str] | None = None
    ) -> requests.Response:
        cookies = {"reprise_session": self.cookie, "reprise_csrf": self.secret}
        return requests.request(
            method,
            self.server.url + path,
            data=values,
            cookies={name: value for name, value in cookies.items() if value},
            headers={"Accept": "text/html"},
            timeout=30,
            allow_redirects=False,
        )


def _house(number: int, name: str, keeper: int, nobodys: int) -> House:
    scope = of_command(number)
    signer = generate_signer()
    enroll(scope, f"Bench of {name}", signer.public_pem().decode(), signer.kid)
    people = {}
    for role in Role:
        email = f"{role.value}@{name}.example"
        user = make_user(email, f"{role.value.title()} of {name}", PASSWORD)
        add_member(user, number, role)
        people[role] = user.pk
    invitation, secret = invite(scope, f"guest@{name}.example", Role.TECHNICIAN)
    token, said = make_token(scope, f"Token of {name}", [Right.SEE_REPORTS], 5)
    code, _typed = offer(scope, f"Code of {name}", 24)
    report_id = fresh().report_id
    unread = signer.sign(name.encode())
    return House(
        number,
        signer,
        report_id,
        people,
        invitation.number,
        secret,
        token.number,
        said,
        code.number,
        (name, f"SERIAL-{name}".upper(), report_id, signer.kid, sha256_hex(unread)),
        unread,
        keeper,
        nobodys,
    )


@dataclass(frozen=True)
class Street:
    server: Running
    ours: House
    theirs: House

    def person(self, role: Role | None, house: str = "ours") -> Person:
        """None: who looks after the server, and belongs to no organisation."""
        email = "keeper@server.example" if role is None else f"{role.value}@{house}.example"
        return Person(self.server, session_of(self.server.database, email))


def build(database: str) -> Sequence[House]:
    open_database(database)
    try:
        keeper = make_user("keeper@server.example", "Keeper", PASSWORD, runs_instance=True).pk
        nobodys = make_user("left@server.example", "Left", PASSWORD).pk
        named = Settings("The first of ours", False, "Europe/Paris")
        change_settings(of_command(1), named)
        other = make_organisation(of_command(1), "The other of theirs")
        both = (1, "ours"), (other, "theirs")
        return [_house(*one, keeper, nobodys) for one in both]
    finally:
        close_database()


@contextmanager
def street(server: Running, houses: Sequence[House]) -> Iterator[Street]:
    """With a report of each in its place."""
    for house in houses:
        report = replace(fresh(serial=house.words[1]), report_id=house.report_id)
        answer = server.put(house.report_id, signed(house.station, report))
        assert answer.status_code == 201, answer.text
        assert server.put(fresh().report_id, house.unread).status_code == 422
    bare = Street(server, *houses)
    numbered = []
    for house in houses:
        listed = bare.person(Role.ADMINISTRATOR, house.words[0]).get("/").text
        (pc,) = set(re.findall(r'href="/pcs/(\d+)', listed))
        numbered.append(replace(house, pc=int(pc)))
    yield Street(server, *numbered)
