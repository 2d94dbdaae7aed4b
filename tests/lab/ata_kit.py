"""Used ATA drives for the lab, and the product set to work on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lab import product
from lab.ata import AtaAttached, AtaConfig, ata_drive
from lab.kit import fill
from reprise.domain.planning.techniques import Technique

SECTORS = 1024  # 512 KiB: every block bears a mark; each takes a round trip in the guest


@contextmanager
def used_drive(config: AtaConfig) -> Iterator[AtaAttached]:
    """A donor's drive: the needle in every sector, hidden ones too, and in the spare area."""
    with ata_drive(config) as drive:
        fill(drive.media)
        if config.kind == "hdd":
            drive.media.retire(100)  # a reallocated sector
        yield drive


def ssd(serial: str, **facts: object) -> AtaConfig:
    return AtaConfig(serial=serial, kind="ssd", sectors=SECTORS, **facts)  # type: ignore[arg-type]


def hdd(serial: str, **facts: object) -> AtaConfig:
    return AtaConfig(serial=serial, kind="hdd", sectors=SECTORS, **facts)  # type: ignore[arg-type]


def erase(drive: AtaAttached, technique: Technique | None, *, policy: str = "") -> product.Outcome:
    done = product.erase(drive.node, drive.model.device.config.serial, technique, policy=policy)
    print(done.code, done.stdout[-1500:], done.stderr[-1500:])
    return done
