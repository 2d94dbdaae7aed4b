"""An emulated NVMe drive with a small host of our own at its socket: no kernel."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lab.nvme.config import NvmeConfig
from lab.nvme.host import Host
from lab.nvme.subsystem import Subsystem
from lab.nvme.tcp import Server

NEEDLE = b"PRIVATE-OLD-DATA"
OLD = NEEDLE.ljust(512, b".")


@dataclass
class Drive:
    subsystem: Subsystem
    server: Server
    admin: Host
    io: Host

    def reconnect(self) -> None:
        nqn = self.subsystem.config.subnqn
        self.admin, self.io = Host(self.server.port, nqn), Host(self.server.port, nqn, 1)

    def status(self) -> int:
        return self.admin.sanitize_log()[1]


@contextmanager
def drive(**words: object) -> Iterator[Drive]:
    config = NvmeConfig(sanitize_s=words.pop("sanitize_s", 0.2), **words)  # type: ignore[arg-type]
    subsystem = Subsystem(config)
    server = Server(subsystem)
    try:
        admin = Host(server.port, config.subnqn)
        made = Drive(subsystem, server, admin, Host(server.port, config.subnqn, 1))
        for one in subsystem.namespaces.values():
            one.media.write(8, OLD)
            one.media.write(8, OLD)  # an older copy in the spare area
        yield made
    finally:
        server.close()


def total(made: Drive) -> tuple[int, int]:
    found = [media.contains(NEEDLE) for media in made.subsystem.all_media()]
    return sum(one[0] for one in found), sum(one[1] for one in found)


def wait(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not done():
        assert time.monotonic() < end
        time.sleep(0.02)
