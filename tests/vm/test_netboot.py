"""A PC without a stick, from power-on to the station's first screen, over a network that has a
router of its own: “reprise netboot” only says where to start from (proxy DHCP)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from station_kit.netboot_network import Bench, Serving, add_tap, missing, netboot_network, serving
from station_kit.processes import until
from vm.media import digest
from vm.qemu import Disk, Pc, running
from vm.screen import Console, Fonts, Reader
from vm.surfaces import tempting_drive
from vm.technician import SLOW, START, Technician

SETTINGS = """[operator]
lot = "LOT-ECOLE"
"""


@pytest.fixture(scope="module")
def network(bench: Path) -> Iterator[Bench]:
    reason = missing()
    if not reason and not Path("/dev/net/tun").exists():
        reason = "needs /dev/net/tun for a guest on a switch"
    if reason:
        pytest.skip(reason)
    with netboot_network(bench) as made:
        add_tap(made)
        yield made


@pytest.fixture(scope="module")
def served(network: Bench, netboot: Path, bench: Path) -> Iterator[Serving]:
    own = bench / "own"
    own.mkdir()
    (own / "reprise.toml").write_text(SETTINGS)
    with serving(network, bench, netboot, "--settings", own) as there:
        there.hears("Ctrl+C ends it")
        yield there


def test_a_diskless_bios_pc_reaches_the_first_screen(
    served: Serving, network: Bench, fonts: Fonts, bench: Path
) -> None:
    drive = tempting_drive(bench / "netboot-hdd.img")
    before = digest(drive)
    pc = Pc(
        bench / "bios",
        [Disk(drive, "sata", "HDD-NET")],
        memory_mib=3072,
        link_up=True,
        tap=(network.inside(), network.tap),
    )
    with running(pc) as vm:
        technician = Technician(Console(vm, Reader(fonts)))
        technician.sees(START, 300 * SLOW)
        text = technician.console.wait_for("Démarré par le réseau, sans clé Reprise.", 60 * SLOW)
        technician.console.keep("first-screen")
        assert "ne sont qu'en mémoire" in text
        assert "clé peut être retirée" not in text
        assert "LOT-ECOLE" in text, "the organisation's settings came over the network"
        drives = technician.goes_to_drives()
        vm.cut_power()
    assert "HDD-NET" in drives
    assert "has the whole system" in served.said()
    assert digest(drive) == before, "the start from the network changed a drive of the PC"


def test_secure_boot_stays_on(served: Serving, network: Bench, bench: Path) -> None:
    """Firmware, Debian's signed shim and GRUB, the signed kernel: until that one fetches the
    station's file system."""
    heard = served.said().count("system: ")
    pc = Pc(
        bench / "secure-boot",
        [],
        memory_mib=3072,
        firmware="secure-boot",
        link_up=True,
        tap=(network.inside(), network.tap),
    )
    with running(pc):
        until(
            lambda: served.said().count("system: ") > heard,
            "the kernel's own download",
            120 * SLOW,
        )
