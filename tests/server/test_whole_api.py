"""Every operation that the server's own document describes, asked by schemathesis with what fits it
and with what does not: nothing ends in an error of the server, and no answer is another than it
says. On both databases, by a program with a token and by a stranger; handing in is among them."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.engine import events, from_schema

from reprise import codec
from reprise.adapters.enrolment.messages import hello_bytes
from reprise.adapters.signing.jws import generate_signer
from reprise.domain.station.enrolment import Hello
from reprise.server.people.scope import Right
from reprise.server.reports.intake import JOSE
from server.enrolling import request_of
from server.kit import Running, enrolled, fresh, reprise, serving
from server.pages import stored
from server.test_api import token_of

pytestmark = pytest.mark.whole
_SIGNED = (
    "PUT /api/v1/reports/{report_id}",
    "POST /api/v1/enrolments",
    "POST /api/v1/stations/hello",
)
_PUT = _SIGNED[0]
_SIGNER = generate_signer()  # enrolled at each server
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=5,
)
_number_of: dict[bytes, str] = {}  # of the report in a body


@dataclass
class Seen:
    """`answers`: how often each operation answered with which status."""

    answers: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    faults: set[str] = field(default_factory=set)


@st.composite
def _reports(draw: st.DrawFn) -> bytes:
    """Signed as a station signs: a report, or one with something else in one place."""
    report_id, session_id = (str(draw(st.uuids(version=4))) for _ in range(2))
    report = replace(fresh(), report_id=report_id, session_id=session_id)
    plain = json.loads(codec.to_json(report))
    if draw(st.booleans()):
        where = draw(st.sampled_from(sorted(plain)))
        plain[where] = draw(_JSON)
    signer = draw(st.sampled_from([_SIGNER, _SIGNER, _SIGNER, generate_signer()]))
    body = bytes(signer.sign(json.dumps(plain).encode()))
    _number_of[body] = report_id
    return body


_MESSAGES = st.one_of(
    st.binary(max_size=200),
    st.binary(max_size=40).map(lambda data: b".".join([data.hex().encode()] * 3)),
    st.text(max_size=40).map(lambda text: bytes(_SIGNER.sign(text.encode("utf-8", "replace")))),
    _reports(),
    st.text(max_size=20).map(lambda code: request_of(_SIGNER, code)),
    st.integers(-5, 10**6).map(
        lambda waiting: hello_bytes(_SIGNER, Hello("2026-11-29T10:00:00Z", "0.2", "", waiting, 0))
    ),
)


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: dict[str, Any]) -> None:
    """A report is handed in under its own number, where the address is one of a report at all."""
    number = _number_of.get(case.body) if isinstance(case.body, bytes) else None
    if number is not None and case.operation.label == _PUT:
        given = str(case.path_parameters.get("report_id", ""))
        if len(given) == 36 and given == given.lower() and given.count("-") == 4:
            case.path_parameters["report_id"] = number


schemathesis.openapi.media_type(JOSE, _MESSAGES)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def whole(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Running, str]]:
    folder = tmp_path_factory.mktemp("whole")
    database = str(folder / "reprise.db")
    if request.param == "postgresql":
        database = request.getfixturevalue("cluster").own_database()
    station = enrolled(database, folder / "stick")
    _enrol(database, folder)
    token = token_of(database, Right.SEE_REPORTS, Right.SEE_STATIONS)
    with serving(database, log=folder / "log") as server:
        for number in range(3):
            stored(server, station, fresh(serial=f"WHOLE-{number}"))
        yield server, token


def _enrol(database: str, folder: Path) -> None:
    key = folder / "key.pem"
    key.write_bytes(_SIGNER.public_pem())
    done = reprise("enroll", "--name", "Signer", "--key", str(key), "--database", database)
    assert done.returncode == 0, done.stderr


def _ask_all(server: Running, token: str) -> Seen:
    headers = {"headers": {"Authorization": f"Bearer {token}"}} if token else {}
    # No generator finds a signature: what is well made may be refused, and what is signed taken.
    unsure = {
        check: {"enabled": False}
        for check in ("positive_data_acceptance", "negative_data_rejection")
    }
    config = SchemathesisConfig.from_dict(
        {
            "seed": 1,
            "base-url": server.url,
            "continue-on-failure": True,
            "workers": 1,
            "generation": {
                "max-examples": 40,
                "deterministic": True,
                "no-shrink": True,
                "database": "none",
            },
            "phases": {"stateful": {"enabled": False}},
            "operations": [{"include-name": name, "checks": unsure} for name in _SIGNED],
            **headers,
        }
    )
    schema = schemathesis.openapi.from_url(
        f"{server.url}/api/v1/openapi.json?lang=en", config=config
    )
    seen = Seen()
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            seen.faults.add(repr(event))
        if isinstance(event, events.ScenarioFinished):
            _note(event, seen)
    return seen


def _note(event: events.ScenarioFinished, seen: Seen) -> None:
    recorder = event.recorder
    for number, node in recorder.cases.items():
        interaction = recorder.interactions.get(number)
        if interaction is not None and interaction.response is not None:
            seen.answers[node.value.operation.label][interaction.response.status_code] += 1
    for number, checks in recorder.checks.items():
        for check in checks:
            failure = check.failure_info.failure if check.failure_info else None
            if isinstance(failure, Failure):
                asked = recorder.cases[number].value.as_curl_command()
                seen.faults.add(f"{recorder.label}: {failure.title}: {failure.message}\n{asked}")


def _described(server: Running) -> set[str]:
    paths = server.asked_by_a_stranger("/api/v1/openapi.json").json()["paths"]
    return {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}


def test_a_program_gets_what_the_document_says(whole: tuple[Running, str]) -> None:
    server, token = whole
    seen = _ask_all(server, token)
    assert sorted(seen.faults) == []
    assert seen.answers.keys() == _described(server)
    for name, answers in seen.answers.items():
        assert sum(answers.values()) >= 8, name
        if name.startswith("GET "):
            assert answers[200] >= 2, (name, answers)
    assert {201, 400, 405, 415, 422} <= seen.answers[_PUT].keys(), seen.answers[_PUT]
    assert seen.answers["POST /api/v1/stations/hello"][200] >= 1
    assert sum(sum(answers.values()) for answers in seen.answers.values()) >= 700
    assert "Traceback" not in server.log.read_text()


def test_a_stranger_gets_what_the_document_says(whole: tuple[Running, str]) -> None:
    server, _token = whole
    seen = _ask_all(server, "")
    assert sorted(seen.faults) == []
    assert seen.answers.keys() == _described(server)
    for path in ("/pcs", "/pcs/{pc}", "/reports", "/reports/{report_id}", "/stations"):
        assert 200 not in seen.answers[f"GET /api/v1{path}"]
        assert seen.answers[f"GET /api/v1{path}"][401] >= 8
    assert "Traceback" not in server.log.read_text()
