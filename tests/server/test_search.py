"""The list of PCs: what a search finds, in which order, and what counts as one PC."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from reprise.adapters.signing.jws import Ed25519Signer
from reprise.domain.planning.techniques import Verdict
from server.kit import Running, enrolled, fresh, serving
from server.pages import Tags, one_drive, stored

pytestmark = pytest.mark.whole


def found(server: Running, query: str) -> int:
    answer = server.get("/?" + query)
    assert answer.status_code == 200
    return answer.text.count('<th scope="row">')


def test_hostile_searches_stay_text(server: Running) -> None:
    answer = server.get("/?lang=en&q=" + "%3Cscript%3E%22%27%3E")
    assert answer.status_code == 200
    assert Tags(answer.text).named("script") == []
    assert [a.get("value") for a in Tags(answer.text).named("input") if a["name"] == "q"] == [
        "<script>\"'>"
    ]


def test_search(server: Running, station: Ed25519Signer) -> None:
    report = fresh(maker="Maker", model="Zephyr 9_9", serial="SN-ZEPHYR-1", uuid="zephyr-uuid")
    operator = replace(report.operator, asset_tag="TAG%77", lot="LOT-Q7", donor="Ville de Zut")
    drive = replace(report.drives[0].identity, serial="DRIVESERIAL-Q7", wwn="0xfeedbeef77")
    drives = (replace(report.drives[0], identity=drive), *report.drives[1:])
    report_id = stored(server, station, replace(report, operator=operator, drives=drives))
    for query in (
        "SN-ZEPHYR-1", "sn-zeph", "zephyr-uuid", "TAG%2577", "lot-q7", "DRIVESERIAL-Q7",
        "0xfeedbeef77", "Zut", report_id, "maker+driveserial-q7", "Zephyr+9_9",
    ):  # fmt: skip
        assert found(server, f"q={query}") == 1, query
    for query in ("zephyr+nothing-like-it", "9%259", "Zephyr+9__9"):
        assert found(server, f"q={query}") == 0, query


@pytest.mark.parametrize(
    "query",
    [
        "' OR '1'='1", "'; DROP TABLE reports; --", "%", "_", "\\", '"', "\x00", "%00",
        "x" * 5000, "a " * 500, "UNION SELECT jws FROM reports",
    ],
)  # fmt: skip
def test_searches_that_are_attacks_find_nothing_and_break_nothing(
    server: Running, station: Ed25519Signer, query: str
) -> None:
    from urllib.parse import quote

    report_id = stored(server, station, fresh(model="Plain", serial="PLAIN1"))
    before = found(server, "")
    hits = found(server, "q=" + quote(query))
    assert hits == (before if not query.replace("\x00", "").strip() else hits)
    assert found(server, "") == before
    assert server.get(f"/api/v1/reports/{report_id}").status_code == 200


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99999999999999999999", "1e3", "²"])
def test_odd_page_numbers(server: Running, page: str) -> None:
    assert server.get(f"/?page={page}").status_code == 200


def test_pages_and_order(tmp_path: Path) -> None:
    (tmp_path / "server.toml").write_text("page_size = 2\n")
    database = tmp_path / "reprise.db"
    station = enrolled(database, tmp_path / "stick")
    with serving(database, config=tmp_path) as server:
        for number in range(5):
            stored(server, station, fresh(serial=f"ORDER-{number}", uuid=f"u{number}"))
        stored(server, station, fresh(serial="ORDER-1", uuid="u1"))  # that PC is newest again
        seen = []
        path = "/?lang=en"
        while path:
            html = server.get(path).text
            seen.append(re.findall(r"ORDER-\d", html))
            following = [a for a in Tags(html).named("a") if a.get("rel") == "next"]
            path = (following[0]["href"] or "") if following else ""
    assert seen == [["ORDER-1", "ORDER-4"], ["ORDER-3", "ORDER-2"], ["ORDER-0"]]


def test_two_reports_of_one_pc_are_one_pc(server: Running, station: Ed25519Signer) -> None:
    for verdict in (None, Verdict.VERIFIED):
        stored(server, station, fresh(one_drive(verdict), serial="TWICE", uuid="twice"))
    html = server.get("/?q=TWICE&lang=en").text.partition("<tbody>")[2]
    assert html.count('<th scope="row">') == 1
    assert html.index("Erased and verified") < html.index("Interrupted")


def test_pcs_without_serial_are_not_taken_for_one(server: Running, station: Ed25519Signer) -> None:
    for _ in range(2):
        report = fresh(model="Nameless")
        machine = replace(report.inventory.machine, serial=None, uuid=None)
        inventory = replace(report.inventory, machine=machine)
        stored(server, station, replace(report, inventory=inventory))
    assert found(server, "q=Nameless") == 2


def test_a_pc_is_found_by_what_its_older_reports_told(
    server: Running, station: Ed25519Signer
) -> None:
    serial = "WORDS-OF-ALL"
    for tag in ("ÉTIQUETTE-OLD", "étiquette-new"):
        report = fresh(serial=serial, uuid="words-of-all")
        stored(server, station, replace(report, operator=replace(report.operator, asset_tag=tag)))
    for query in ("étiquette-old", "Étiquette-New", "wORDS-of", "ét words-of", "old new words-of"):
        assert found(server, f"q={query}") == 1, query
    assert found(server, "q=étiquette-older") == 0
