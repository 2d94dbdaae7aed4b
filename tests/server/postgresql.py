"""A PostgreSQL of the tests' own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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

    def own_database(self, folder: Path | None = None) -> str:
        """A new one of somebody who is no superuser: row security is nothing to those. `folder`:
        where its tables are, beside the cluster's own."""
        name = f"own_{uuid.uuid4().hex}"
        with psycopg.connect(self.address, autocommit=True) as raw:
            raw.execute(f"CREATE ROLE {name} LOGIN")
            where = ""
            if folder is not None:
                if os.geteuid() == 0:
                    shutil.chown(folder, "nobody")
                raw.execute(f"CREATE TABLESPACE {name} LOCATION '{folder}'")
                where = f" TABLESPACE {name}"
            raw.execute(f"CREATE DATABASE {name} OWNER {name}{where}")
        return f"postgresql://{name}@127.0.0.1:{self.port}/{name}"

    def run(self, program: str, *words: str) -> None:
        who: dict[str, Any] = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
        argv = [str(self.programs / program), "-D", f"{self.home}/data", *words]
        # a server that it starts keeps what it is given: a pipe would never end
        subprocess.run(argv, check=True, cwd=self.home, stdout=subprocess.DEVNULL, **who)

    def start(self) -> None:
        options = f"-p {self.port} -k {self.home} -c listen_addresses=127.0.0.1"
        self.run("pg_ctl", "-w", "-l", f"{self.home}/log", "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        self.run("pg_ctl", "-w", "-m", mode, "stop")

    def kill(self) -> None:
        """All of its processes, as the system does that has no memory left."""
        first = int(Path(self.home, "data", "postmaster.pid").read_text().split()[0])
        others = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for pid in (first, *map(int, others)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while any(Path(f"/proc/{pid}/exe").is_symlink() for pid in (first, *map(int, others))):
            time.sleep(0.02)


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
