"""Looking at the server's pages as a browser would."""

from __future__ import annotations

from html.parser import HTMLParser

import requests

from reprise.adapters.signing.jws import Ed25519Signer
from reprise.domain.planning.techniques import Verdict
from reprise.domain.report.report import Report
from server.kit import Running, signed
from unit.domain.drives.drives import hdd
from unit.domain.pc import samples


class Tags(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.found if tag == name]


def stored(server: Running, station: Ed25519Signer, report: Report) -> str:
    assert server.put(report.report_id, signed(station, report)).status_code == 201
    return report.report_id


def paper(server: Running, path: str, **headers: str) -> requests.Response:
    """The answer once it is another than that the PDF is being made, as a browser or a program
    comes by it."""
    for _again in range(30):
        answer = server.get(path, **headers)
        if "retry-after" not in answer.headers or answer.headers["retry-after"] != "2":
            return answer
    raise AssertionError(f"never made: {path}")


def certificate(server: Running, report_id: str, lang: str = "en") -> bytes:
    answer = paper(server, f"/reports/{report_id}/certificate.pdf?lang={lang}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    return answer.content


def one_drive(verdict: Verdict | None) -> Report:
    """A PC with one drive and this verdict; None: the attempt never ended."""
    drive = hdd()
    return samples.report((drive,), (samples.drive_record(drive, samples.attempt(drive, verdict)),))
