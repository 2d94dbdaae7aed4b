"""A PostgreSQL of the tests' own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest


def programs() -> Path | None:
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((f for f in reversed(folders) if (f / "pg_ctl").exists()), None)


@dataclass
class Cluster:
    """A throw-away one on a free port, run by a user who is not root."""

    home: str
    port: int
    programs: Path

    @property
    def address(self) -> str:
        return f"postgresql://reprise@127.0.0.1:{self.port}/postgres"

    def own_database(self) -> str:
        """A new one of somebody who is no superuser: row security is nothing to those."""
        name = f"own_{uuid.uuid4().hex}"
        with psycopg.connect(self.address, autocommit=True) as raw:
            raw.execute(f"CREATE ROLE {name} LOGIN")
            raw.execute(f"CREATE DATABASE {name} OWNER {name}")
        return f"postgresql://{name}@127.0.0.1:{self.port}/{name}"

    def run(self, program: str, *words: str) -> None:
        who: dict[str, Any] = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
        argv = [str(self.programs / program), "-D", f"{self.home}/data", *words]
        # a server that it starts keeps what it is given: a pipe would never end
        subprocess.run(argv, check=True, cwd=self.home, stdout=subprocess.DEVNULL, **who)

    def start(self) -> None:
        options = f"-p {self.port} -k {self.home} -c listen_addresses=127.0.0.1"
        self.run("pg_ctl", "-w", "-l", f"{self.home}/log", "-o", options, "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-w", "-m", "immediate", "stop")


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Skips where none is installed."""
    folder = programs()
    if folder is None:
        pytest.skip("PostgreSQL is not installed")
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="reprise-pg-") as home:
        if os.geteuid() == 0:
            shutil.chown(home, "nobody")
        made = Cluster(home, port, folder)
        made.run("initdb", "-U", "reprise", "-A", "trust", "-N")
        made.start()
        try:
            yield made
        finally:
            made.stop()
