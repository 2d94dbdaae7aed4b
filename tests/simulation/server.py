"""The central server with its real intake on SQLite, at the other end of a network that loses
requests and answers."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self

from reprise import codec
from reprise.adapters.network.call import EndedError
from reprise.adapters.network.http import Answer, HttpRequest
from reprise.adapters.signing.jws import load_public_key, split_jws, thumbprint
from reprise.domain.report.plausibility import Doubt, plausibility
from reprise.domain.report.report import Report
from reprise.domain.station.connectivity import ConnectionStep, Reach, failed
from reprise.errors import StorageError
from reprise.server.database import close_database, connect_to
from reprise.server.opening import open_database
from reprise.server.problems import ProblemError, problem_body
from reprise.server.reports import models
from reprise.server.stations.services import enroll
from server.taking import OURS, take_report
from simulation.baton import baton

_SHM = Path("/dev/shm")
URL = "https://reprise.example.org"


def scratch() -> Path:
    """A folder in memory, where there is such a thing."""
    return Path(tempfile.mkdtemp(prefix="reprise-sim-", dir=_SHM if _SHM.is_dir() else None))


@cache
def _template(folder: Path) -> Path:
    """A database whose tables are there: made once, as that takes longer than a session."""
    path = folder / "template.sqlite"
    open_database(str(path))
    close_database()
    return path


@dataclass
class SimServer:
    """`plan`: what becomes of the next requests: "lost", "answer-lost", "503", "slow"."""

    folder: Path
    up: bool = True
    plan: list[str] = field(default_factory=list)
    taken: dict[str, list[bytes]] = field(default_factory=dict)  # every body that came in
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._file = Path(tempfile.mkdtemp(dir=self.folder)) / "reprise.sqlite"
        shutil.copy(_template(self.folder), self._file)

    @contextmanager
    def _database(self) -> Iterator[None]:
        """A task of the simulation is a thread: each has a connection of its own, and is told
        which database is this world's."""
        connect_to(str(self._file))
        try:
            yield
        finally:
            close_database()

    def close(self) -> None:
        shutil.rmtree(self._file.parent)

    def put(self, url: str, data: bytes) -> Answer:
        baton().sleep(0.2)
        what = self.plan.pop(0) if self.plan and self.up else ""
        if not self.up or what == "lost":
            raise EndedError(failed(ConnectionStep.CONNECT, Reach.NO_NETWORK))
        if what == "503":
            return Answer(503, b"")
        report_id = url.rpartition("/")[2]
        self.taken.setdefault(report_id, []).append(data)
        answer = self._take(report_id, data)
        baton().sleep(40.0 if what == "slow" else 0.1)
        if what == "answer-lost":
            raise EndedError(failed(ConnectionStep.ANSWER, Reach.NO_ANSWER))
        return answer

    def _take(self, report_id: str, data: bytes) -> Answer:
        try:
            with self._database():
                status, receipt = take_report(report_id, data)
        except ProblemError as error:
            self.told.append(f"{error.problem.status} {error.problem.kind}")
            return Answer(error.problem.status, problem_body(error.problem))
        except StorageError:
            return Answer(507, b"{}")
        return Answer(status, codec.to_json(receipt))

    def enroll(self, name: str, pem: bytes) -> None:
        """What whoever runs the server does with a station's public key."""
        with self._database():
            enroll(OURS, name, pem.decode(), thumbprint(load_public_key(pem, name)))

    def rows(self) -> dict[str, tuple[str, bytes]]:
        """Report id -> (outcome, exact bytes)."""
        with self._database():
            rows = models.Report.objects.values_list("report_id", "outcome", "jws")
            return {report_id: (outcome, bytes(jws)) for report_id, outcome, jws in rows}

    def doubts(self) -> dict[str, tuple[Doubt, ...]]:
        """Report id -> what its page says that cannot be true."""
        with self._database():
            rows = models.Report.objects.values_list("report_id", "received_at", "jws")
            return {
                report_id: plausibility(codec.from_json(split_jws(bytes(jws))[1], Report), at)
                for report_id, at, jws in rows
            }


class SimCall:
    """adapters.network.call.Call, to the one server there is."""

    def __init__(self, *_where: Any, **_how: Any) -> None:
        from simulation.pc import here

        self._server = here().world.server

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None: ...

    def look_up(self) -> None: ...

    def connect(self) -> None: ...

    def encrypt(self) -> None: ...

    def ask(self, question: HttpRequest) -> Answer:
        return self._server.put(question.path, question.body)
