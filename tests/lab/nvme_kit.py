"""Used NVMe drives for the lab, and the product set to work on them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from lab import product
from lab.kit import fill
from lab.nvme import (
    Admin,
    History,
    NamespaceConfig,
    NvmeConfig,
    NvmeDrive,
    NvmeFault,
    SanitizeStatus,
    nvme_drive,
)
from reprise.domain.planning.techniques import Technique

SMALL = NamespaceConfig(mib=1)  # every block bears a mark; each takes a round trip in the guest
OUR_BLOCK_ERASE = History(SanitizeStatus.SUCCEEDED, 0x0A)


@contextmanager
def used_drive(config: NvmeConfig) -> Iterator[NvmeDrive]:
    """A donor's drive: the needle in every sector of every namespace, and in the spare area."""
    with nvme_drive(config) as drive:
        for namespace in config.namespaces:
            fill(drive.media(namespace.nsid))
        yield drive


def ssd(serial: str, *faults: NvmeFault, **facts: object) -> NvmeConfig:
    facts.setdefault("namespaces", (SMALL,))
    return NvmeConfig(serial=serial, faults=set(faults), **facts)  # type: ignore[arg-type]


def erase(drive: NvmeDrive, technique: Technique | None, *, policy: str = "") -> product.Outcome:
    done = product.erase(drive.node, drive.config.serial, technique, policy=policy)
    print(done.code, done.stdout[-1500:], done.stderr[-1500:])
    return done


def sanitizes(drive: NvmeDrive) -> list[int]:
    """CDW10 of every Sanitize command that arrived."""
    return [one.cdw10 for one in drive.commands if one.opcode == Admin.SANITIZE]


def begin(
    drive: NvmeDrive, technique: Technique
) -> tuple[subprocess.Popen[bytes], AbstractContextManager[product.Bench]]:
    """The product as a process of its own, until the drive sanitizes itself."""
    bench = product.bench()
    stick = bench.__enter__()
    argv = stick.command("erase", "--drive", str(drive.node), "--confirm", drive.config.serial)
    argv += ["--technique", technique.value]
    code = "import sys; from reprise.__main__ import main; sys.exit(main(sys.argv[1:]))"
    process = subprocess.Popen([sys.executable, "-c", code, *argv], env=os.environ)
    end = time.monotonic() + 300
    while not drive.subsystem.sanitizing.running:
        assert time.monotonic() < end
        assert process.poll() is None
        time.sleep(0.2)
    time.sleep(3)  # the product has seen it, and said so in its journal

    @contextmanager
    def holding() -> Iterator[product.Bench]:
        try:
            yield stick
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            bench.__exit__(None, None, None)

    return process, holding()
