"""The addresses for programs: who may ask, what they tell, and that each has its wall."""

from __future__ import annotations

import inspect
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from jsonschema import Draft202012Validator

from reprise.adapters.signing.jws import Ed25519Signer
from reprise.domain.planning.techniques import Verdict
from reprise.server.api.endpoints import PUBLIC, Call, Subject
from reprise.server.api.routes import Addresses
from reprise.server.database import close_database
from reprise.server.front import body as front_body
from reprise.server.front import intake as front_intake
from reprise.server.front import writer as front_writer
from reprise.server.opening import open_database
from reprise.server.people.scope import Right, Role
from reprise.server.people.tokens import make_token
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.quarantine import services as quarantine
from reprise.server.reports import decoding
from reprise.server.reports import intake as reports_intake
from reprise.server.reports.signatures import Fault
from server.kit import Running, fresh, refused, session_of, signed
from server.pages import one_drive, stored
from server.taking import OURS

pytestmark = pytest.mark.whole


def token_of(database: Path | str, *rights: Right) -> str:
    open_database(str(database))
    try:
        return make_token(OURS, f"A program {uuid.uuid4()}", rights, 30)[1]
    finally:
        close_database()


@pytest.fixture(scope="module")
def token(server: Running) -> str:
    return token_of(server.database, Right.SEE_REPORTS, Right.SEE_STATIONS)


def ask(server: Running, path: str, token: str, **query: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    return requests.get(server.url + path, params=query, headers=headers, timeout=30)


def told(server: Running, path: str, token: str, **query: str) -> Any:
    answer = ask(server, path, token, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_pc_with_all_its_reports(server: Running, station: Ed25519Signer, token: str) -> None:
    first = fresh(one_drive(None), serial="API-PC", uuid="api-pc", chassis="Notebook")
    stored(server, station, first)
    last = fresh(one_drive(Verdict.VERIFIED), serial="API-PC", uuid="api-pc", chassis="Notebook")
    last = replace(last, operator=replace(last.operator, asset_tag="API-7"))
    stored(server, station, last)
    page = told(server, "/api/v1/pcs", token, q="api-7")
    assert {name: page[name] for name in ("page", "pages", "count", "more")} == {
        "page": 1, "pages": 1, "count": 1, "more": False,
    }  # fmt: skip
    (line,) = page["pcs"]
    assert (line["serial"], line["kind"], line["outcome"]) == ("API-PC", "laptop", "sanitized")
    assert [r["outcome"] for r in line["reports"]] == ["sanitized", "interrupted"]
    whole = told(server, f"/api/v1/pcs/{line['pc']}", token)
    assert [r["report_id"] for r in whole["reports"]] == [last.report_id, first.report_id]
    drive = whole["reports"][0]["drives"][0]
    assert drive["serial"] == last.drives[0].identity.serial
    assert (drive["state"], drive["achieved"]) == ("sanitized", "clear")
    assert told(server, f"/api/v1/reports/{last.report_id}/summary", token) == whole["reports"][0]
    assert ask(server, f"/api/v1/reports/{last.report_id}", token).content == signed(station, last)


def test_filters_and_order(server: Running, station: Ed25519Signer, token: str) -> None:
    def serials(**query: str) -> list[str]:
        found = told(server, "/api/v1/pcs", token, q="sieve", **query)
        return [pc["serial"] for pc in found["pcs"]]

    for serial, chassis, verdict in (
        ("SIEVE-B", "Notebook", Verdict.VERIFIED),
        ("SIEVE-C", "Desktop", None),
        ("SIEVE-A", "Blade", Verdict.VERIFIED),
    ):
        report = one_drive(verdict)
        stored(server, station, fresh(report, serial=serial, uuid=serial, chassis=chassis))
    assert serials() == ["SIEVE-A", "SIEVE-C", "SIEVE-B"]
    assert serials(sort="serial") == ["SIEVE-A", "SIEVE-B", "SIEVE-C"]
    assert serials(outcome="sanitized") == ["SIEVE-A", "SIEVE-B"]
    assert serials(kind="laptop") == ["SIEVE-B"]
    assert serials(kind="other") == ["SIEVE-A"]
    assert serials(kind="desktop", outcome="sanitized") == []
    assert serials(since="2001-01-01T00:00:00Z") == serials()
    assert serials(before="2001-01-01T00:00:00Z") == []
    assert serials(since="9999-12-31T23:59:59Z") == []
    second = told(server, "/api/v1/pcs", token, q="sieve", size="2", page="2")
    assert (second["pages"], [pc["serial"] for pc in second["pcs"]]) == (2, ["SIEVE-B"])


def test_a_mark_that_is_none_is_refused(server: Running, token: str) -> None:
    for odd in ("x", "1~../..", "~", "-1~", "1" * 17 + "~", "1~\n"):
        refused(ask(server, "/api/v1/reports", token, mark=odd), 400, "bad-request")


def test_who_may_ask(server: Running, station: Ed25519Signer, token: str) -> None:
    report_id = stored(server, station, fresh())
    closed = (
        "/api/v1/pcs", "/api/v1/pcs/1", "/api/v1/reports", f"/api/v1/reports/{report_id}",
        f"/api/v1/reports/{report_id}/summary",
    )  # fmt: skip
    stations_only = token_of(server.database, Right.SEE_STATIONS)
    cookies = {"reprise_session": session_of(server.database, "api@b.example", Role.BENEFICIARY)}
    for path in (*closed, "/api/v1/stations"):
        answer = server.asked_by_a_stranger(path)
        refused(answer, 401, "log-in")
        assert answer.headers["www-authenticate"] == "Bearer"
        refused(ask(server, path, "reprise_other"), 401, "log-in")
        answer = requests.get(server.url + path, cookies=cookies, timeout=30)
        refused(answer, 403, "forbidden")
        assert ask(server, path, token).status_code == 200
        assert server.get(path).status_code == 200  # a session
    for path in closed:
        refused(ask(server, path, stations_only), 403, "forbidden")
    (known,) = [
        s for s in told(server, "/api/v1/stations", stations_only) if s["kid"] == station.kid
    ]
    assert known["revoked_at"] is None
    key = server.asked_by_a_stranger(f"/api/v1/stations/{station.kid}/key.pem")
    assert key.content.startswith(b"-----BEGIN PUBLIC KEY")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v1/pcs?outcom=failed", "outcom"),
        ("/api/v1/pcs?outcome=great", "outcome"),
        ("/api/v1/pcs?page=0", "page"),
        ("/api/v1/pcs?page=1&page=2", "page"),
        ("/api/v1/pcs?since=2026-01-01", "since"),
        ("/api/v1/pcs?since=12", "since"),
        ("/api/v1/pcs?since=2026-01-01T00:00:00", "since"),
        ("/api/v1/pcs?before=0001-01-01T00:00:00%2B14:00", "before"),
        ("/api/v1/stations?kid=x", "kid"),
    ],
)
def test_a_parameter_that_is_not_understood_is_named(
    server: Running, token: str, path: str, name: str
) -> None:
    answer = ask(server, path, token)
    refused(answer, 400, "bad-request")
    assert f"“{name}”" in answer.json()["detail"]


def test_what_is_not_there(server: Running, token: str) -> None:
    for path in ("/api/v1/pcs/0", "/api/v1/pcs/99999999999999999999", "/api/v1/pcs/x"):
        refused(ask(server, path, token), 404, "not-found")
    for path in ("/api/v1/reports/x", "/api/v1/reports/x/summary"):
        refused(ask(server, path, token), 400, "bad-id")
    refused(server.asked_by_a_stranger("/api/v1/stations/x/key.pem"), 404, "not-found")


def test_other_methods(server: Running, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    for path in (
        "/api/v1/pcs",
        "/api/v1/reports",
        "/api/v1/stations",
        "/api/v1/stations/x/key.pem",
    ):
        head = requests.head(server.url + path, headers=headers, timeout=30)
        assert (head.status_code, head.content) == (404 if "/x/" in path else 200, b"")
        for method in ("POST", "PATCH", "DELETE"):
            answer = requests.request(method, server.url + path, headers=headers, timeout=30)
            refused(answer, 405, "method-not-allowed")
            assert answer.headers["allow"] == "GET, HEAD"


def test_the_document(server: Running) -> None:
    french = server.asked_by_a_stranger("/api/v1/openapi.json", **{"Accept-Language": "fr"}).json()
    english = server.asked_by_a_stranger("/api/v1/openapi.json?lang=en").json()
    assert french["paths"].keys() == english["paths"].keys()
    assert french["paths"]["/api/v1/pcs"]["get"]["summary"] == "Les PC, une page à la fois"
    assert english["paths"]["/api/v1/pcs"]["get"]["summary"] == "PCs, a page of them"
    for schema in english["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_handing_in_is_described_with_all_its_refusals(server: Running) -> None:
    """What its modules name, they may answer with."""
    paths = server.asked_by_a_stranger("/api/v1/openapi.json").json()["paths"]
    put = paths["/api/v1/reports/{report_id}"]["put"]
    refusals = [a for code, a in put["responses"].items() if code not in ("200", "201")]
    types = [a["content"]["application/problem+json"]["schema"]["properties"] for a in refusals]
    told = {kind.removeprefix("/problems/") for each in types for kind in each["type"]["enum"]}
    modules = (
        front_intake, front_body, front_writer, reports_intake, decoding, quarantine,
    )  # fmt: skip
    named = {word for module in modules for word in _kinds(inspect.getsource(module))}
    named |= {fault.value for fault in Fault} | {ProblemKind.INTERNAL.value}
    assert told == named
    assert len(told) >= 20


def _kinds(source: str) -> set[str]:
    return {ProblemKind[name].value for name in re.findall(r"ProblemKind\.([A-Z_]+)", source)}


def test_an_address_without_a_wall_does_not_start() -> None:
    subject = Subject("test")

    @subject.router.get("/open")
    def unwalled(request: HttpRequest) -> HttpResponse:
        raise NotImplementedError

    with pytest.raises((TypeError, KeyError)):
        Addresses((subject,), dict).views()


@contextmanager
def logged_in(tmp_path: Path) -> Iterator[tuple[Any, Any]]:
    """(user, token) of an administrator."""
    database = tmp_path / "reprise.db"
    session_of(database, "writer@example.org")
    said = token_of(database, Right.SEE_STATIONS)
    open_database(str(database))
    try:
        from reprise.server.people.accounts import find_user

        yield find_user("writer@example.org"), said
    finally:
        close_database()


def test_a_session_writes_by_its_own_pages_alone_and_a_token_from_anywhere(tmp_path: Path) -> None:
    subject, written = Subject("test"), []

    @subject.on("POST", "/thing", Right.SEE_STATIONS, "Write", answer=dict[str, str])
    def write(request: Call) -> dict[str, str]:
        written.append(request.scope.actor.text)
        return {}

    ((address, view),) = Addresses((subject,), dict).views()
    assert (address, view.wall) == ("api/v1/thing", Right.SEE_STATIONS)  # type: ignore[attr-defined]
    with logged_in(tmp_path) as (user, said):

        def post(**headers: str) -> int:
            request = RequestFactory(headers=headers).post("/api/v1/thing")
            request.user, request.session = user, {}  # type: ignore[assignment]
            return view(request).status_code

        with pytest.raises(ProblemError, match="forged"):
            post()
        assert written == []
        assert post(Authorization=f"Bearer {said}") == 200
        assert written == ["token:1"]


def test_a_public_address_of_a_subject_is_marked() -> None:
    subject = Subject("test")

    @subject.get("/open", PUBLIC, "Open", answer=dict[str, str])
    def open_to_all(request: Call) -> dict[str, str]:
        return {}

    ((_address, view),) = Addresses((subject,), dict).views()
    assert view.wall == PUBLIC  # type: ignore[attr-defined]
