"""How long things are kept: within bounds, by who may say so, after being shown what goes; what is
never dropped stays however much time passes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
from django.core.cache import cache
from django.db import connection

from reprise import i18n
from reprise.adapters.signing.jws import generate_signer
from reprise.errors import InputError
from reprise.server import clock
from reprise.server.audit.services import Action, server_trail, trail
from reprise.server.enrolments.limits import count_wrong
from reprise.server.enrolments.services import offer
from reprise.server.papers import models as papers
from reprise.server.people import invitations, models, organisations, tokens
from reprise.server.people.scope import (
    Actor,
    ForbiddenError,
    Right,
    Role,
    Scope,
    of_command,
    of_role,
)
from reprise.server.problems import ProblemError
from reprise.server.quarantine.services import check_or_keep
from reprise.server.retention.models import Period
from reprise.server.retention.rules import RULES, SERVER
from reprise.server.retention.services import (
    NotShownError,
    changes,
    choose,
    count_due,
    days_in_force,
    list_periods,
    tidied_at,
    tidy_up,
)
from reprise.server.stations.services import enroll, revoke, station_of_key
from server.enrolling import administrator, sent
from server.kit import Running, fresh, serving, signed
from server.taking import OURS, take_report

INVITATIONS = next(rule for rule in RULES if rule.key == "invitations")
NOW = datetime.now(UTC)
OF_SERVER = Scope(SERVER, frozenset({Right.RUN_INSTANCE}))


def rows() -> dict[str, int]:
    """How many each table has."""
    counted = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 (ours)
            counted[table] = cursor.fetchone()[0]
    return counted


def of_all_kinds(organisation: int = 1) -> None:
    """Something of each that may be dropped, and of each that never is."""
    scope = of_command(organisation)
    signer = generate_signer()
    enroll(scope, f"Bench {signer.kid}", signer.public_pem().decode(), signer.kid)
    report = fresh()
    take_report(report.report_id, signed(signer, report))
    with pytest.raises(ProblemError):
        station = station_of_key(signer.kid)
        assert station is not None
        check_or_keep(fresh().report_id, signer.sign(b"unreadable"), station)
    revoke(scope, signer.kid)
    invitations.invite(scope, "tom@example.org", Role.TECHNICIAN)
    tokens.make_token(scope, "GLPI", [Right.SEE_REPORTS], 5)
    offer(scope, "Bench", 24)


def paper(days: int) -> None:
    """One that was asked for so long ago."""
    then = clock.now() - timedelta(days=days)
    told = {"report_id": "x", "language": "fr", "sha256": "9e" * 32, "size_bytes": 9}
    papers.Paper.objects.create(name=str(days), made_at=then, used_at=then, **told)


def test_in_a_hundred_years_only_what_may_be_dropped_is(alix: models.User) -> None:
    of_all_kinds()
    paper(0)
    count_wrong("10.0.0.1")
    before = rows()
    with clock.played_at(NOW + timedelta(days=99 * 365)):
        tidy_up()
    after = rows()
    gone = {table for table in before if after[table] < before[table]}
    assert gone == {"people_invitation", "people_token", "enrolments_enrolment", "papers_paper"}
    for subject in ("reports_report", "reports_drive", "quarantine_letter", "audit_entry"):
        assert before[subject] > 0
    assert before["stations_station"] == before["people_user"] == 1


def test_attempts_that_count_no_more_are_not_kept(alix: models.User) -> None:
    """Django's cache would keep the addresses of who failed to log in until there are 100,000."""
    cache.set("of 10.0.0.1", [1], -1)
    cache.set("of 10.0.0.2", [1], 300)
    with clock.played_at(NOW):
        count_wrong("10.0.0.1")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE enrolments_wrongcodes SET window = window - 1")
    before = rows()
    tidy_up()
    after = rows()
    assert (before["people_cache"], after["people_cache"]) == (2, 1)
    assert (before["enrolments_wrongcodes"], after["enrolments_wrongcodes"]) == (2, 0)
    assert cache.get("of 10.0.0.2") == [1]


def test_each_organisation_has_periods_of_its_own(alix: models.User) -> None:
    other = of_command(organisations.make_organisation(OURS, "Other"))
    for scope in (OURS, other):
        of_all_kinds(scope.organisation)
        choose(other, {"invitations": 7}, {"invitations": 9})
    models.Invitation.objects.update(ends_at=clock.now() - timedelta(days=8))
    tidy_up()
    here = models.Invitation.objects.values_list("organisation", flat=True)
    assert list(here) == [1]
    models.Invitation.objects.update(ends_at=clock.now() - timedelta(days=31))
    tidy_up()
    assert not models.Invitation.objects.exists()
    assert tidied_at() is not None


def test_certificates_that_nobody_asks_for_are_copies(alix: models.User) -> None:
    paper(364)
    paper(366)
    tidy_up()
    assert [row.name for row in papers.Paper.objects.all()] == ["364"]
    choose(OF_SERVER, {"papers": 2}, {"papers": 1})
    tidy_up()
    assert not papers.Paper.objects.exists()


@pytest.mark.parametrize(
    ("chosen", "days"),
    [
        *((None, 30), ("20", 20), ("7", 7), ("365", 365)),
        *(("6", 30), ("0", 30), ("-5", 30), ("366", 366)),  # out of bounds: the longer
        *(("99999", 36500), ("999999999", 36500)),
        *(("9" * 5000, 36500), ("", 36500), ("7.5", 36500), ("٧", 36500), ("7 days", 36500)),
    ],
)
def test_no_value_of_the_database_drops_more_than_was_chosen(chosen: str | None, days: int) -> None:
    assert days_in_force(INVITATIONS, chosen) == days


@pytest.mark.parametrize("chosen", ["1", "nonsense"])
def test_what_is_unsound_is_told_and_mended_by_saving(alix: models.User, chosen: str) -> None:
    invitations.invite(OURS, "tom@example.org", Role.TECHNICIAN)
    models.Invitation.objects.update(ends_at=clock.now() - timedelta(days=29))
    Period.objects.create(organisation=1, rule="invitations", days=chosen)
    tidy_up()
    assert models.Invitation.objects.count() == 1
    (period,) = [one for one in list_periods(1) if one.rule.key == "invitations"]
    assert (period.is_sound, period.is_kept_for_good) == (False, chosen == "nonsense")
    choose(OURS, {"invitations": 30}, {"invitations": 0})
    (period,) = [one for one in list_periods(1) if one.rule.key == "invitations"]
    assert (period.is_sound, period.days) == (True, 30)
    assert trail(OURS, 1, 1).lines[0].before == {"invitations": chosen}


@pytest.mark.parametrize("chosen", ["x'3330'", "x''", "'30' || char(0)"])
def test_what_is_no_text_is_unreadable(alix: models.User, chosen: str) -> None:
    invitations.invite(OURS, "tom@example.org", Role.TECHNICIAN)
    models.Invitation.objects.update(ends_at=clock.now() - timedelta(days=400))
    Period.objects.create(organisation=1, rule="invitations", days="30")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE retention_period SET days = {chosen}")  # noqa: S608
    tidy_up()
    assert models.Invitation.objects.count() == 1
    (period,) = [one for one in list_periods(1) if one.rule.key == "invitations"]
    assert (period.is_sound, period.is_kept_for_good) == (False, True)


def test_nothing_is_saved_beyond_what_was_shown(alix: models.User) -> None:
    wanted = {"invitations": 7, "tokens": 365}
    (change,) = changes(OURS, wanted)
    assert (change.rule.key, change.days, change.due) == ("invitations", 7, 0)
    invitations.invite(OURS, "tom@example.org", Role.TECHNICIAN)
    models.Invitation.objects.update(ends_at=clock.now() - timedelta(days=8))
    for shown in ({}, {"invitations": 0}, {"tokens": 5}):
        with pytest.raises(NotShownError):
            choose(OURS, wanted, shown)
    assert not Period.objects.exists()
    choose(OURS, wanted, {"invitations": 1})
    line = trail(OURS, 1, 1).lines[0]
    assert (line.action, line.subject) == (Action.RETENTION_CHANGED, "organisation:1")
    assert (line.before, line.after) == ({"invitations": 30}, {"invitations": 7})
    choose(OURS, wanted, {})  # as it is
    assert len([one for one in trail(OURS, 1, 99).lines if one.action == line.action]) == 1


@pytest.mark.parametrize(("rule", "days"), [("tokens", 29), ("tokens", 3651), ("accounts", 1)])
def test_a_period_out_of_bounds_is_refused_by_its_name(
    alix: models.User, rule: str, days: int
) -> None:
    named = r"Tokens that ended|Accounts that nobody"
    with i18n.using("en"), pytest.raises(InputError, match=named):
        choose(OURS, {rule: days}, {rule: 99})
    assert not Period.objects.exists()


def test_who_decides_on_what(alix: models.User) -> None:
    keeper = Scope(SERVER, frozenset({Right.RUN_INSTANCE}), Actor(alix.pk))
    choose(keeper, {"papers": 30, "invitations": 7}, {"papers": 0, "invitations": 0})
    assert [(one.organisation, one.rule) for one in Period.objects.all()] == [(0, "papers")]
    assert server_trail(OF_SERVER, 1, 1).lines[0].after == {"papers": 30}
    choose(OURS, {"papers": 2}, {"papers": 9})  # no organisation's
    assert Period.objects.count() == 1
    for scope in (
        of_role(1, Role.AUDITOR, Actor(alix.pk)),
        Scope(1, frozenset({Right.RUN_INSTANCE}), Actor(alix.pk)),
        of_role(SERVER, Role.ADMINISTRATOR, Actor(alix.pk)),
    ):
        with pytest.raises(ForbiddenError):
            choose(scope, {"invitations": 7}, {"invitations": 9})
    models.Membership.objects.all().delete()  # since the page was asked for
    with pytest.raises(ForbiddenError):
        mine = of_role(1, Role.ADMINISTRATOR, Actor(alix.pk))
        choose(mine, {"invitations": 7}, {"invitations": 9})


def test_an_account_that_nobody_uses_is_named_and_stays(alix: models.User) -> None:
    (period,) = [one for one in list_periods(1) if one.rule.key == "accounts"]
    assert count_due(period, 1) == 0
    models.User.objects.update(joined_at=NOW - timedelta(days=400))
    assert count_due(period, 1) == 1
    models.User.objects.update(last_login=NOW - timedelta(days=364))
    assert count_due(period, 1) == 0
    with clock.played_at(NOW + timedelta(days=99 * 365)):
        tidy_up()
        assert count_due(period, 1) == 1


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("kept") / "reprise.db") as running:
        yield running


def hidden(page: requests.Response) -> dict[str, str]:
    assert page.status_code == 200, page.text
    return dict(re.findall(r'name="(\w+)" value="(\d+)"', page.text))


@pytest.mark.whole
def test_two_steps_by_plain_forms(asked: Running) -> None:
    browser = administrator(asked)
    page = browser.get(f"{asked.url}/settings/retention?lang=en").text
    assert 'name="invitations" value="30" min="7" max="365"' in page
    assert "Never erased by this server" in page and "Signed reports, to the byte" in page
    wanted = {"invitations": "7", "codes": "365", "tokens": "365", "accounts": "365"}
    wrong = sent(browser, asked, "/settings/retention/change", data={**wanted, "codes": "29"})
    assert "“Enrolment codes that ended”: give 30 to 3650 days." in wrong.text
    shown = sent(browser, asked, "/settings/retention/change", data=wanted)
    assert "Nothing goes at the next tidying." in shown.text
    assert 'name="invitations" value="30"' in browser.get(f"{asked.url}/settings/retention").text
    done = sent(browser, asked, "/settings/retention/change", data=hidden(shown))
    assert done.status_code == 302, done.text
    assert 'name="invitations" value="7"' in browser.get(f"{asked.url}/settings/retention").text
    changed = browser.get(f"{asked.url}/audit?lang=en").text
    assert "periods of keeping changed" in changed and "30 → 7" in changed
    assert "invitations that ended (days)" in changed


@pytest.mark.whole
def test_both_pages_in_french(asked: Running) -> None:
    page = asked.get("/settings/retention?lang=fr").text
    assert "Jamais effacé par ce serveur" in page
    assert "Rapports signés" in page
