"""A server as a newcomer meets it: what it says of its papers' folder, of a report's day, of a form
that was opened at another address."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import requests

from server.kit import enrolled, fresh, refused, reprise, serving, signed
from server.small_disk import fill, small_disk
from server.test_processes import until

__all__ = ["small_disk"]  # a fixture
pytestmark = pytest.mark.whole


@pytest.mark.parametrize("data", ["/proc/docs", "{here}/docs"])
def test_a_folder_that_takes_no_paper_is_told_at_the_start_and_by_readiness(
    tmp_path: Path, data: str
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "papers").write_text("no folder")
    data = data.format(here=tmp_path)
    (tmp_path / "server.toml").write_text(f'data = "{data}"\n')
    with serving(tmp_path / "reprise.db", config=tmp_path) as server:
        log = server.log.read_text()
        assert "No certificate can be made." in log
        assert f"{data} cannot be used" in log
        assert until(lambda: "page" not in _missing(server.url).partition("papers")[0])
        assert "the folder of the papers cannot be written" in _missing(server.url)
        assert server.get("/healthz").status_code == 200
        answer = requests.get(f"{server.url}/readyz?lang=en", timeout=10)
        refused(answer, 503, "not-ready")


def test_a_disk_of_papers_that_is_full_is_told_by_readiness_and_by_a_check(
    tmp_path: Path, small_disk: Path
) -> None:
    """The folder stays one in which an empty file can be made."""
    config = ("--config", str(tmp_path / "config"))
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "server.toml").write_text(f'data = "{small_disk}"\n')
    check = (*config, "server", "check", "--quick", "--database", str(tmp_path / "reprise.db"))
    with serving(tmp_path / "reprise.db", config=tmp_path / "config") as server:
        assert until(lambda: _missing(server.url) == "")
        assert "Papers" not in reprise(*check).stdout
        fill(small_disk)
        assert until(lambda: "the folder of the papers cannot be written" in _missing(server.url))
        assert f"✗ Papers: {small_disk} cannot be written (" in reprise(*check).stdout


def _missing(url: str) -> str:
    told: str = requests.get(f"{url}/readyz?lang=en", timeout=10).json().get("detail", "")
    return told


def test_a_reports_page_names_the_day_that_the_pcs_page_names(tmp_path: Path) -> None:
    station = enrolled(tmp_path / "reprise.db", tmp_path / "stick")
    report = fresh()  # sealed on 24 November 2026
    path = f"/reports/{report.report_id}"
    with serving(tmp_path / "reprise.db") as server:
        assert server.put(report.report_id, signed(station, report)).status_code == 201
        page = server.get(f"{path}?lang=en").text
        (pc,) = re.findall(r'href="(/pcs/\d+)[^"]*">←', page)
        (there,) = re.findall(rf'href="{path}[^"]*">([^<]*)<', server.get(f"{pc}?lang=en").text)
    assert re.findall(r"Report of ([^<]*)<", page) == [there]
    assert "24\u00a0November" in there
    assert "Received on" in page


def test_no_column_of_lists_says_on_a_reports_page_when_it_was_done(tmp_path: Path) -> None:
    station = enrolled(tmp_path / "reprise.db", tmp_path / "stick")
    report = fresh()  # sealed on 24 November 2026
    with serving(tmp_path / "reprise.db") as server:
        assert server.put(report.report_id, signed(station, report)).status_code == 201
        with closing(sqlite3.connect(tmp_path / "reprise.db")) as raw, raw:
            raw.execute("UPDATE reports_report SET done_at = '2006-01-02 10:00:00'")
        page = server.get(f"/reports/{report.report_id}?lang=en").text
    (told,) = re.findall(r"Report of ([^<]*)<", page)
    assert "24\u00a0November" in told
    assert "Received on" in page


def test_a_form_of_another_address_leads_to_the_servers_own(tmp_path: Path) -> None:
    (tmp_path / "server.toml").write_text('public_url = "https://reprise.example.org"\n')
    with serving(tmp_path / "reprise.db", config=tmp_path) as server:
        there = f"{server.url}/account/login/"
        sent = {"Referer": there, "Accept": "text/html"}
        page = requests.post(f"{there}?lang=en", headers=sent, timeout=10).text
    assert re.findall(r'<a class="button[^>]*href="([^"]*)">([^<]*)', page) == [
        ("https://reprise.example.org/account/login/", "Open https://reprise.example.org")
    ]


def test_the_example_of_a_station_names_the_servers_address(tmp_path: Path) -> None:
    with serving(tmp_path / "reprise.db") as server:
        assert f"--url {server.url}</code>" in server.get("/stations?lang=en").text
