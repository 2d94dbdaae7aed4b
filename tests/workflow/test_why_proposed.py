"""Why the first choice of a system names its drive."""

from __future__ import annotations

import pytest

from reprise.domain.pc.hardware import Drive
from station_kit.listener import station_by_ear, to_the_systems
from station_kit.machines import hdd, laptop, ssd
from station_kit.ports import Kit

ONLY = "le seul disque de ce PC où tient Debian minimal"
QUICKER = "le SSD, plus rapide qu'un disque dur"
LARGEST = "le disque le plus grand"


@pytest.mark.parametrize(
    ("drives", "why"),
    [
        ((hdd(),), ONLY),
        ((hdd(), ssd()), QUICKER),
        ((hdd(), hdd(serial="OTHER-1", node="/dev/sdb")), LARGEST),
    ],
)
def test_the_reason_fits_the_drives(drives: tuple[Drive, ...], why: str) -> None:
    with station_by_ear(Kit(laptop(*drives))) as ear:
        to_the_systems(ear)
        ear.hears(f"Proposé en premier : {why}")
