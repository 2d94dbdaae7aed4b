"""The list of PCs narrowed and ordered, and one PC with its time line."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from reprise.adapters.signing.jws import Ed25519Signer
from reprise.domain.planning.techniques import Verdict
from reprise.domain.report.report import Report
from server.kit import Running, enrolled, fresh, refused, serving
from server.pages import Tags, one_drive, stored

pytestmark = pytest.mark.whole


def _pc(serial: str, chassis: str, verdict: Verdict | None) -> Report:
    return fresh(one_drive(verdict), serial=serial, uuid=serial, chassis=chassis)


def _serials(html: str) -> list[str]:
    return re.findall(r'<span class="code">(LINE-\d)</span>', html)


def test_the_list_is_narrowed_and_ordered(tmp_path: Path) -> None:
    (tmp_path / "server.toml").write_text("page_size = 2\n")
    database = tmp_path / "reprise.db"
    station = enrolled(database, tmp_path / "stick")
    with serving(database, config=tmp_path) as server:
        stored(server, station, _pc("LINE-2", "Notebook", Verdict.VERIFIED))
        stored(server, station, _pc("LINE-3", "Desktop", Verdict.VERIFIED))
        stored(server, station, _pc("LINE-1", "Notebook", None))
        for query, serials in (
            ("", ["LINE-1", "LINE-3"]),
            ("sort=serial", ["LINE-1", "LINE-2"]),
            ("sort=serial&page=2", ["LINE-3"]),
            ("kind=laptop", ["LINE-1", "LINE-2"]),
            ("kind=laptop&sort=serial", ["LINE-1", "LINE-2"]),
            ("outcome=interrupted", ["LINE-1"]),
            ("outcome=sanitized&kind=desktop", ["LINE-3"]),
            ("q=line-2&kind=laptop", ["LINE-2"]),
            ("until=2001-01-01", []),
            ("since=9999-12-31", []),
            # what is wrong is taken for not said
            ("outcome=nice&kind=x&sort=y&since=z&until=9999-12-31", ["LINE-1", "LINE-3"]),
            ("since=0001-01-01", ["LINE-1", "LINE-3"]),
        ):
            assert _serials(server.get(f"/?lang=en&{query}").text) == serials, query
        html = server.get("/?sort=serial&kind=laptop&outcome=sanitized&lang=en").text
        chosen = [a["value"] for a in Tags(html).named("option") if "selected" in a]
        assert chosen == ["sanitized", "laptop", "serial"]
        following = server.get("/?sort=serial&since=2001-02-03&lang=en").text
        (link,) = [a["href"] or "" for a in Tags(following).named("a") if a.get("rel") == "next"]
        assert {"since=2001-02-03", "sort=serial", "page=2"} < set(
            link.partition("?")[2].split("&")
        )
        assert "Choose fewer conditions" in server.get("/?until=2001-01-01&lang=en").text


def test_a_day_is_a_day_where_the_organisation_is(tmp_path: Path) -> None:
    database = tmp_path / "reprise.db"
    station = enrolled(database, tmp_path / "stick")
    with serving(database) as server:
        stored(server, station, _pc("LINE-1", "Notebook", None))
        with closing(sqlite3.connect(database)) as raw, raw:
            raw.execute("UPDATE reports_pc SET last_received_at = '2026-03-09 23:30:00'")
        found = {
            day: _serials(server.get(f"/?since=2026-03-{day}&until=2026-03-{day}").text)
            for day in ("09", "10", "11")
        }
    assert found == {"09": [], "10": ["LINE-1"], "11": []}  # in Paris


def test_the_time_line_of_a_pc(server: Running, station: Ed25519Signer) -> None:
    serial = "TIMELINE-1"
    broken = _pc(serial, "Notebook", None)
    stored(server, station, broken)
    done = _pc(serial, "Notebook", Verdict.VERIFIED)
    done = replace(done, operator=replace(done.operator, asset_tag="TL-TAG", donor="Ville"))
    stored(server, station, done)
    left = replace(fresh(done), session_id=done.session_id, left_of=done.report_id)
    stored(server, station, left)
    html = server.get(f"/?q={serial}&lang=en").text
    (link,) = {a["href"] or "" for a in Tags(html).named("a") if "/pcs/" in (a["href"] or "")}
    html = unescape(server.get(link).text)
    items = re.split(r'<li class="card(?: past)?">', html)[1:]
    assert [re.findall(r"/reports/([0-9a-f-]{36})", item)[0] for item in items] == [
        left.report_id, done.report_id, broken.report_id,
    ]  # fmt: skip
    assert "does not count" in items[0] and "does not count" not in items[1]
    assert 'class="badge' not in items[0]  # no green word on what does not count
    assert "Erased and verified" in items[1] and "TL-TAG" in items[1] and "Bench 1" in items[1]
    assert "Interrupted" in items[2]
    assert "24\u00a0November\u00a02026 at" in items[1] and "Received on" in items[1]
    assert all(done.drives[0].identity.serial or "-" in item for item in items)
    # as its newest report that counts says
    assert "Erased and verified" in html.partition('<ol class="timeline">')[0]
    page = server.get(f"/reports/{done.report_id}?lang=en").text
    assert link in [a["href"] for a in Tags(page).named("a")]
    assert "Effacé et vérifié" in server.get(link.replace("lang=en", "lang=fr")).text


def test_a_pc_that_is_not_there(server: Running) -> None:
    for path in ("/pcs/0", "/pcs/99999999999999999999"):
        refused(server.get(path), 404, "not-found")
    assert server.asked_by_a_stranger("/pcs/1").status_code == 302
