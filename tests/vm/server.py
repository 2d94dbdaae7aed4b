"""A real `reprise serve` on loopback, with a SQLite file, started and stopped by whoever asks."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import requests

from reprise.domain.station.enrolment import grouped
from reprise.server.database import close_database
from reprise.server.enrolments.services import offer
from reprise.server.opening import open_database
from reprise.server.people.organisations import Settings, change_settings
from reprise.server.people.scope import of_command
from server.kit import ADMINISTRATOR, session_of

REPRISE = (sys.executable, "-m", "reprise")
GUEST_VIEW_OF_HOST = "10.0.2.2"  # QEMU's user network: the host's loopback


@dataclass(frozen=True)
class Server:
    port: int
    database: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url_for_guest(self) -> str:
        return f"http://{GUEST_VIEW_OF_HOST}:{self.port}"

    def enroll(self, name: str, into: Path) -> Path:
        """A folder with a station's key and settings, ready to be copied onto its stick."""
        argv = [*REPRISE, "enroll", "--name", name, "--database", str(self.database)]
        argv += ["--url", self.url_for_guest, "--out", str(into)]
        subprocess.run(argv, check=True, capture_output=True)
        return into

    def code(self, name: str, organisation: str) -> str:
        """With which one station enrols under this name, in an organisation that is called so."""
        open_database(str(self.database))
        try:
            scope = of_command(1)
            change_settings(scope, Settings(organisation, False, "Europe/Paris"))
            return grouped(offer(scope, name, 24)[1])
        finally:
            close_database()

    def page(self, path: str) -> requests.Response:
        """As an administrator sees it, who is made where there is none."""
        cookies = {"reprise_session": session_of(self.database, ADMINISTRATOR)}
        return requests.get(self.url + path, cookies=cookies, timeout=10)

    def stored(self, report_id: str) -> bytes | None:
        """The exact bytes that the server keeps; None where it has no such report."""
        answer = self.page(f"/api/v1/reports/{report_id}")
        if answer.status_code == 404:
            return None
        answer.raise_for_status()
        return answer.content


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Server]:
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / "reprise.sqlite"
    argv = [*REPRISE, "serve", "--port", "0", "--database", str(database)]
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            port = int(line.rsplit(":", 1)[1].strip().rstrip("/"))
            yield Server(port, database)
        finally:
            process.terminate()
            process.wait(20)
