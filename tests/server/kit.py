"""A real server process on loopback, a station that signs, and hand-made bad signatures."""

from __future__ import annotations

import base64
import contextlib
import functools
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from reprise import codec, i18n
from reprise.__main__ import main
from reprise.adapters.signing.jws import Ed25519Signer, generate_signer, load_signer
from reprise.codec import sha256_hex
from reprise.domain.report.report import Report
from reprise.server.database import close_database
from reprise.server.opening import open_database
from reprise.server.people.accounts import add_member, find_user, make_user
from reprise.server.people.organisations import named_organisation
from reprise.server.people.scope import Role
from station_kit.facts import with_facts
from unit.domain.pc import samples

REPRISE = (sys.executable, "-m", "reprise", "--lang", "en")
ADMINISTRATOR = "alix@example.org"
PASSWORD = "correct horse battery staple"
JOSE = {"Content-Type": "application/jose"}


def reprise(*words: str) -> subprocess.CompletedProcess[str]:
    """One command to its end, in this process: starting Python thirty times is slow."""
    out, err = io.StringIO(), io.StringIO()
    language = i18n.language()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(["--lang", "en", *words])
    finally:
        i18n.set_language(language)
    return subprocess.CompletedProcess(list(words), code, out.getvalue(), err.getvalue())


@dataclass
class Running:
    process: subprocess.Popen[str]
    url: str
    database: Path | str
    log: Path
    _session: str = ""

    @property
    def front(self) -> int:
        """The process that listens: the first that was begun."""
        return children(self.process.pid)[0]

    @property
    def pages(self) -> list[int]:
        """The processes that make pages, with the one that keeps them."""
        keeper = children(self.process.pid)[1]
        return [keeper, *children(keeper)]

    @property
    def papers(self) -> int:
        """The process that makes papers: the last that was begun."""
        return children(self.process.pid)[2]

    def put(self, report_id: str, body: Any, **headers: str) -> requests.Response:
        return requests.put(
            f"{self.url}/api/v1/reports/{report_id}",
            data=body,
            headers={**JOSE, **headers},
            timeout=30,
        )

    def get(self, path: str, **headers: str) -> requests.Response:
        """As an administrator of its first organisation; its health, as anybody."""
        if path.startswith(("/healthz", "/readyz")):
            return self.asked_by_a_stranger(path, **headers)
        self._session = self._session or session_of(self.database, ADMINISTRATOR)
        names = ("reprise_session", "__Host-reprise_session")  # over HTTPS
        cookies = dict.fromkeys(names, self._session)
        return requests.get(self.url + path, headers=headers, cookies=cookies, timeout=30)

    def asked_by_a_stranger(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.url + path, headers=headers, timeout=30, allow_redirects=False)

    def kill(self) -> None:
        """As a power cut would: no handler of any of its processes runs."""
        for pid in (self.process.pid, *descendants(self.process.pid)):
            os.kill(pid, signal.SIGKILL)
        self.process.wait(20)


def session_of(database: Path | str, email: str, role: Role = Role.ADMINISTRATOR) -> str:
    """The cookie of a log-in; who is not there yet joins the first organisation in this role."""
    open_database(str(database))
    try:
        user = find_user(email)
        if user is None:
            user = make_user(email, email.partition("@")[0].title(), PASSWORD)
            add_member(user, named_organisation(None), role)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        return str(session.session_key)
    finally:
        close_database()


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def descendants(pid: int) -> list[int]:
    return [one for child in children(pid) for one in (child, *descendants(child))]


@functools.cache
def _new_database() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        open_database(f"{folder}/reprise.db")
        close_database()
        return Path(folder, "reprise.db").read_bytes()


def new_database(path: Path | str) -> None:
    """As open_database makes it, where none is there; once, as seventy migrations take time."""
    if isinstance(path, Path) and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_new_database())


def open_new(path: Path) -> None:
    """A new one is the database of this process."""
    new_database(path)
    open_database(str(path))


def own_data(folder: Path, database: Path | str) -> list[str]:
    """Options with a place for papers in this folder: beside an address there is none."""
    if "://" not in str(database):
        return []
    folder.mkdir(exist_ok=True)
    (folder / "server.toml").write_text(f'data = "{folder / "data"}"\n', "utf-8")
    return ["--config", str(folder)]


@contextlib.contextmanager
def serving(
    database: Path | str, *options: str, config: Path | None = None, log: Path | None = None
) -> Iterator[Running]:
    """`database`: a file, or an address with a `log` of its own."""
    log = log or Path(database).parent / "server.log"
    new_database(database)
    settings = ["--config", str(config)] if config else own_data(log.parent, database)
    argv = [*REPRISE, *settings, "serve", "--port", "0", "--database", str(database), *options]
    with log.open("a") as stderr:
        process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=stderr, text=True)
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert " http://" in line, log.read_text()
            yield Running(process, line.split()[-1], database, log)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(20)


def enrolled(database: Path | str, folder: Path, name: str = "Bench 1") -> Ed25519Signer:
    """A station with its key, by the commands a person uses."""
    new_database(database)
    done = reprise("enroll", "--name", name, "--out", str(folder), "--database", str(database))
    assert done.returncode == 0, done.stderr
    return load_signer((folder / "station.key.pem").read_bytes(), "station.key.pem")


def stranger() -> Ed25519Signer:
    return generate_signer()


def fresh(report: Report | None = None, **machine: str | None) -> Report:
    """A report of a new session under a new id, of a PC with these facts."""
    report = report or samples.good_report()
    pc = with_facts(report.inventory.machine, **machine)
    inventory = replace(report.inventory, machine=pc)
    number, session = str(uuid.uuid4()), str(uuid.uuid4())
    return replace(report, inventory=inventory, report_id=number, session_id=session)


def signed(signer: Ed25519Signer, report: Report) -> bytes:
    return signer.sign(codec.to_json(report))


def b64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def with_header(signer: Ed25519Signer, payload: bytes, header: dict[str, Any]) -> bytes:
    """A JWS with any header, truly signed over it by this key."""
    head = b64(json.dumps(header).encode())
    signing_input = head + b"." + b64(payload)
    signature = signer._key.sign(signing_input)
    return signing_input + b"." + b64(signature)


def refused(answer: requests.Response, status: int, kind: str) -> None:
    """A problem document (RFC 9457) of this kind, and what it says is the status it has."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"/problems/{kind}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]


def nothing_kept(server: Running, report_id: str, body: bytes = b"") -> None:
    assert server.get(f"/api/v1/reports/{report_id}").status_code == 404
    files = [Path(server.database), Path(f"{server.database}-wal"), server.log]
    payload = body.split(b".")[1] if body.count(b".") == 2 else body
    if len(payload) > 100:
        assert all(payload not in file.read_bytes() for file in files if file.exists())


def kept_aside(server: Running, body: bytes) -> bool:
    """Whether these very bytes are in quarantine."""
    answer = server.get(f"/quarantine/{sha256_hex(body)}")
    assert answer.status_code in (200, 404)
    return answer.status_code == 200 and answer.content == body
