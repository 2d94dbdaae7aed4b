"""Enrolling on a PostgreSQL, where rows are guarded and several processes write at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from threading import Barrier

import psycopg
import pytest
import requests

from reprise.adapters.enrolment.messages import read_answer
from reprise.adapters.signing.jws import generate_signer
from reprise.server.people.scope import Role
from server.enrolling import administrator, code_of, enrol, hello, look, request_of, sent, taken
from server.kit import PASSWORD, Running, fresh, refused, serving, session_of, signed
from server.postgresql import Cluster

pytestmark = pytest.mark.whole
KEYS, ROUNDS = 6, 5


@pytest.fixture(scope="module")
def desk(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Its user is no superuser: row security is nothing to those."""
    with psycopg.connect(cluster.address, autocommit=True) as connection:
        connection.execute("CREATE ROLE desk LOGIN")
        connection.execute("CREATE DATABASE desk OWNER desk")
    address = f"postgresql://desk@127.0.0.1:{cluster.port}/desk"
    with serving(address, log=tmp_path_factory.mktemp("desk") / "log") as running:
        yield running


def test_of_several_keys_with_one_code_one_enrols(desk: Running) -> None:
    browser = administrator(desk)
    for _round in range(ROUNDS):
        code, at_once = code_of(browser, desk), Barrier(KEYS)

        def race(number: int, code: str = code, at_once: Barrier = at_once) -> requests.Response:
            body = request_of(generate_signer(), code, f"Racer {number}")
            at_once.wait()
            return enrol(desk, body)

        with ThreadPoolExecutor(KEYS) as pool:
            answers = list(pool.map(race, range(KEYS)))
        assert sorted(answer.status_code for answer in answers) == [200] + [403] * (KEYS - 1)
        for answer in answers:
            if answer.status_code == 403:
                refused(answer, 403, "code-refused")
        _forget(desk)
    with psycopg.connect(str(desk.database)) as connection:
        connection.execute("SELECT set_config('reprise.organisation', 'every', false)")
        assert connection.execute("SELECT count(*) FROM stations_station").fetchone() == (ROUNDS,)


def _forget(desk: Running) -> None:
    with psycopg.connect(str(desk.database)) as connection:
        connection.execute("DELETE FROM enrolments_wrongcodes")


def test_one_key_asks_at_once_and_is_told_the_same(desk: Running) -> None:
    code, key = code_of(administrator(desk), desk), generate_signer()
    with ThreadPoolExecutor(KEYS) as pool:
        answers = list(pool.map(lambda _n: enrol(desk, request_of(key, code)), range(KEYS)))
    assert [answer.status_code for answer in answers] == [200] * KEYS
    assert len({read_answer(answer.content) for answer in answers}) == 1


def test_a_station_works_there(desk: Running) -> None:
    code, key = code_of(administrator(desk), desk, "Atelier"), generate_signer()
    assert look(desk, code).json()["name"] == "Atelier"
    assert enrol(desk, request_of(key, code)).status_code == 200
    report = fresh()
    assert desk.put(report.report_id, signed(key, report)).status_code == 201
    assert hello(desk, key).status_code == 200
    for image in ("a\x00b", "a\nb", "x" * 201):  # of the first PostgreSQL's driver says no
        refused(hello(desk, key, image=image), 400, "bad-message")
    key_file = desk.asked_by_a_stranger(f"/api/v1/stations/{key.kid}/key.pem")
    assert key_file.content == key.public_pem()


def test_a_station_of_another_organisation_is_not_taken_by_hand(desk: Running) -> None:
    """Its row is not seen here: it is there all the same."""
    browser, key = administrator(desk), generate_signer()
    assert enrol(desk, request_of(key, code_of(browser, desk))).status_code == 200
    with psycopg.connect(str(desk.database)) as raw:
        raw.execute("SELECT set_config('reprise.organisation', 'every', false)")
        raw.execute(
            "INSERT INTO people_organisation (id, name, needs_second_factor, time_zone, made_at)"
            " VALUES (77, 'Elsewhere', false, 'UTC', now())"
        )
        moved = "UPDATE stations_station SET organisation_id = 77 WHERE kid = %s"
        assert raw.execute(moved, (key.kid,)).rowcount == 1
    answer = taken(browser, desk, request_of(key))
    refused(answer, 422, "not-done")
    assert "belongs to another organisation" in answer.json()["detail"]


def test_codes_of_who_erases_the_account_end(desk: Running) -> None:
    """The page of one's own account is of no organisation: no row of theirs is seen unasked."""
    eve = administrator(desk, "eve@example.org")
    code, kept = code_of(eve, desk), code_of(administrator(desk), desk)
    asked = sent(eve, desk, "/me/erase", data={"email": "eve@example.org"})
    assert asked.headers["location"].startswith("/account/reauthenticate/")
    done = sent(eve, desk, asked.headers["location"], data={"password": PASSWORD})
    assert done.headers["location"] == "/account/login/"
    refused(enrol(desk, request_of(generate_signer(), code)), 403, "code-refused")
    assert look(desk, kept).status_code == 200
    _forget(desk)


def test_nobody_is_erased_unasked_while_another_organisation_lets_them_go(desk: Running) -> None:
    """What is asked of whoever erases is asked before anybody waits for a row."""
    ann, tom = administrator(desk), session_of(desk.database, "tom@example.org", Role.TECHNICIAN)
    assert tom
    with psycopg.connect(str(desk.database)) as there, ThreadPoolExecutor(1) as pool:
        there.execute("SELECT set_config('reprise.organisation', 'every', false)")
        new = "INSERT INTO people_organisation (name, made_at, needs_second_factor, time_zone)"
        there.execute(f"{new} VALUES ('Other', now(), false, 'UTC')")
        joined = "INSERT INTO people_membership (user_id, organisation_id, role)"
        whose = "FROM people_user u, people_organisation o WHERE u.email = 'tom@example.org'"
        there.execute(f"{joined} SELECT u.id, o.id, 'technician' {whose} AND o.name = 'Other'")
        there.commit()
        (number,) = there.execute(f"SELECT u.id {whose}").fetchone() or (0,)
        there.execute("SELECT id FROM people_organisation FOR UPDATE")
        let_go = (
            "DELETE FROM people_membership m USING people_organisation o WHERE o.name = 'Other'"
        )
        there.execute(f"{let_go} AND m.organisation_id = o.id AND m.user_id = %s", [number])
        asked = pool.submit(sent, ann, desk, f"/people/{number}/erase")
        wait([asked], timeout=2)
        there.commit()
        assert asked.result(20).status_code == 422
        there_still = "SELECT email, is_active FROM people_user WHERE id = %s"
        assert there.execute(there_still, [number]).fetchone() == ("tom@example.org", True)


def test_wrong_codes_are_counted_by_all_processes_together(desk: Running, tmp_path: Path) -> None:
    with serving(str(desk.database), log=tmp_path / "log") as second:
        try:
            for number in range(20):
                refused(look((desk, second)[number % 2], "nonsense"), 403, "code-refused")
            for server in (desk, second):
                refused(look(server, "nonsense"), 429, "too-many-codes")
        finally:
            _forget(desk)
