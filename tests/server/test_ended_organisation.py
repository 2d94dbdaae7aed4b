"""An organisation that was ended lets nobody in and takes no report; nothing of it is erased, and
it is opened again as it was. On both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession

from reprise import i18n
from reprise.adapters.signing.jws import Ed25519Signer, generate_signer
from reprise.errors import InputError
from reprise.server.audit.services import Action, server_trail, trail
from reprise.server.database import close_database, within
from reprise.server.enrolments.services import find_offer, offer
from reprise.server.opening import open_database
from reprise.server.people import invitations, models, tokens
from reprise.server.people.accounts import add_member, changing, forget, make_user
from reprise.server.people.closing import (
    end_organisation,
    find_organisation,
    reopen_organisation,
)
from reprise.server.people.members import belongings
from reprise.server.people.organisations import make_organisation, named_organisation
from reprise.server.people.scope import (
    Actor,
    ForbiddenError,
    NotHereError,
    Right,
    Role,
    Scope,
    of_command,
    of_role,
)
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.reports import models as reports
from reprise.server.stations.models import Station
from reprise.server.stations.services import count_open_stations, enroll, revoke
from server.kit import PASSWORD, fresh, new_database, signed
from server.taking import OURS, take_report

pytestmark = pytest.mark.whole


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    address = str(tmp_path / "reprise.db")
    if request.param == "postgresql":
        address = request.getfixturevalue("cluster").own_database()
    else:
        new_database(tmp_path / "reprise.db")
    open_database(address)
    yield address
    close_database()


class Other:
    """A second organisation, with all that lets somebody in."""

    def __init__(self) -> None:
        self.number = make_organisation(OURS, "Other")
        self.scope = of_command(self.number)
        self.signer, self.revoked = self._station("Bench"), self._station("Lost")
        revoke(self.scope, self.revoked.kid)
        self.report = fresh()
        self.body = signed(self.signer, self.report)
        take_report(self.report.report_id, self.body)
        self.alone = make_user("alone@example.org", "Alone", PASSWORD)
        self.both = make_user("both@example.org", "Both", PASSWORD)
        for user in (self.alone, self.both):
            add_member(user, self.number, Role.ADMINISTRATOR)
            UserSession.objects.create(user=user, session_key=user.email, ip="127.0.0.1")
        add_member(self.both, 1, Role.TECHNICIAN)
        _one, self.link = invitations.invite(self.scope, "new@example.org", Role.TECHNICIAN)
        _token, self.said = tokens.make_token(self.scope, "T", [Right.SEE_REPORTS], 5)
        _code, self.code = offer(self.scope, "Bench", 24)

    def _station(self, name: str) -> Ed25519Signer:
        signer = generate_signer()
        enroll(self.scope, name, signer.public_pem().decode(), signer.kid)
        return signer

    def lets_in(self) -> list[bool]:
        """By a membership, an invitation, a token and a code."""
        try:
            found: object = find_offer(self.code)
        except ProblemError:
            found = None
        here = [one.organisation for one in belongings(self.both)]
        ways = invitations.find_invitation(self.link), tokens.scope_of_token(self.said), found
        return [self.number in here, *(way is not None for way in ways)]


def refusal(signer: Ed25519Signer) -> ProblemKind | None:
    """Of a new report."""
    report = fresh()
    try:
        take_report(report.report_id, signed(signer, report))
    except ProblemError as error:
        return error.problem.kind
    return None


def test_all_that_lets_in_ends_and_nothing_is_erased(database: str) -> None:
    other, ours = Other(), make_user("our@example.org", "Ours", PASSWORD)
    add_member(ours, 1, Role.ADMINISTRATOR)
    _token, said = tokens.make_token(OURS, "Ours", [Right.SEE_REPORTS], 5)
    stored = reports.Report.objects.count()
    assert all(other.lets_in())
    assert refusal(other.signer) is None
    end_organisation(OURS, other.number)
    assert not any(other.lets_in())
    assert tokens.scope_of_token(said) is not None
    assert belongings(ours) and not belongings(other.alone)
    assert [one.organisation for one in belongings(other.both)] == [1]
    left = UserSession.objects.values_list("user__email", flat=True)
    assert list(left) == ["both@example.org"]
    assert refusal(other.signer) is ProblemKind.REVOKED_KEY
    assert count_open_stations(other.number) == 0
    again = take_report(other.report.report_id, other.body)  # its receipt may have been lost
    assert (again[0], reports.Report.objects.count()) == (200, stored + 1)
    with pytest.raises(ForbiddenError), changing(other.scope, Right.MANAGE_PEOPLE):
        pass
    for make in (
        lambda: invitations.invite(other.scope, "x@example.org", Role.TECHNICIAN),
        lambda: tokens.make_token(other.scope, "X", [Right.SEE_REPORTS], 5),
        lambda: offer(other.scope, "X", 5),
    ):
        with pytest.raises(ForbiddenError):
            make()


def test_what_is_opened_again_is_as_it_was(database: str) -> None:
    other = Other()
    end_organisation(OURS, other.number)
    end_organisation(OURS, other.number)  # sent twice
    reopen_organisation(OURS, other.number)
    assert other.lets_in() == [True, False, False, False]
    assert refusal(other.signer) is None
    assert refusal(other.revoked) is ProblemKind.REVOKED_KEY  # by itself
    reopen_organisation(OURS, other.number)
    told = [Action.ORGANISATION_REOPENED, Action.ORGANISATION_ENDED]
    for lines in (trail(other.scope, 1, 99).lines, server_trail(OURS, 1, 99).lines):
        assert [line.action for line in lines if line.action in told] == told
    ended = {Action.TOKEN_REVOKED, Action.INVITATION_ENDED, Action.ENROLMENT_WITHDRAWN}
    assert ended < {line.action for line in trail(other.scope, 1, 99).lines}


def test_a_database_guards_what_is_ended_a_second_time(database: str) -> None:
    if "postgresql" not in database:
        pytest.skip("SQLite has no row security")
    other = Other()
    tables = (Station, reports.Pc, reports.Report, reports.Drive)
    with within(other.number):
        assert all(table.objects.exists() for table in tables)
    end_organisation(OURS, other.number)
    with within(other.number):
        assert not any(table.objects.exists() for table in tables)
    reopen_organisation(OURS, other.number)
    with within(other.number):
        assert all(table.objects.exists() for table in tables)


def test_one_is_left_and_is_meant(database: str) -> None:
    models.Organisation.objects.filter(pk=1).update(name="First")
    with pytest.raises(InputError):
        end_organisation(OURS, 1)
    other = make_organisation(OURS, "Other")
    for number in (other + 1, 0):
        with pytest.raises(NotHereError):
            end_organisation(OURS, number)
    end_organisation(OURS, other)
    assert named_organisation(None) == 1
    with pytest.raises(InputError):
        named_organisation("Other")
    with i18n.using("en"), pytest.raises(InputError, match="and was ended"):
        make_organisation(OURS, "Other")
    with pytest.raises(InputError):
        end_organisation(OURS, 1)
    reopen_organisation(OURS, other)
    end_organisation(OURS, 1)
    assert find_organisation(OURS, 1).ended_at is not None


def test_nobody_ends_one_who_does_not_look_after_the_server(database: str) -> None:
    other = Other()
    for act in (end_organisation, reopen_organisation, find_organisation):
        with pytest.raises(ForbiddenError):
            act(of_role(other.number, Role.ADMINISTRATOR, Actor(other.alone.pk)), other.number)
    with pytest.raises(ForbiddenError):  # no more, since the page was asked for
        end_organisation(of_command_by(other.alone), other.number)
    assert all(other.lets_in())


def of_command_by(user: models.User) -> Scope:
    return Scope(0, frozenset({Right.RUN_INSTANCE}), Actor(user.pk))


def test_who_alone_looked_after_it_may_be_forgotten(database: str) -> None:
    other = Other()
    models.Membership.objects.filter(user=other.both).delete()
    with pytest.raises(InputError):
        forget(other.alone, Actor(other.alone.pk))
    end_organisation(OURS, other.number)
    forget(other.alone, Actor(other.alone.pk))
    assert find_organisation(OURS, other.number).people == 0
