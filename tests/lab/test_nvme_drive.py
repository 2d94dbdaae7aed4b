"""The emulated NVMe drive as the kernel and nvme-cli see it: the emulation itself is on trial here,
with real reads (O_DIRECT) of the real node."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from lab.nvme import (
    Admin,
    Fna,
    NamespaceConfig,
    NvmeFault,
    nvme_drive,
)
from lab.nvme.hands import (
    BLOCK,
    NEEDLE,
    OLD,
    PLACES,
    config,
    direct,
    nvme,
    plant,
    seen,
    wait,
)


def test_identify(serial: str) -> None:
    spaces = (NamespaceConfig(1, 8), NamespaceConfig(2, 8, sector_bytes=4096))
    with nvme_drive(config(serial, namespaces=spaces, unallocated_mib=4)) as drive:
        about = seen("id-ctrl", drive.controller)
        assert about["sn"].strip() == serial
        assert (about["sanicap"], about["fna"], about["oacs"]) == (0b111, 0b100, 0b1010)
        assert int(about["unvmcap"]) == 4 * 2**20
        about = seen("id-ns", drive.controller, "-n", "2")
        assert (about["nsze"], about["flbas"]) == (2048, 1)
        width = subprocess.run(
            ["blockdev", "--getss", "--getsize64", str(drive.node_of(2))],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert width.stdout.split() == ["4096", str(8 * 2**20)]
        assert "temperature" in json.dumps(seen("smart-log", drive.controller))
        assert seen("effects-log", drive.controller)
        argv = ["smartctl", "-a", "-j", str(drive.controller)]
        said = subprocess.run(argv, capture_output=True, text=True, check=False).stdout
        assert json.loads(said)["serial_number"] == serial


def test_an_overwrite_by_the_host_leaves_the_spare_area(serial: str) -> None:
    with nvme_drive(config(serial)) as drive:
        plant(drive.node)
        assert direct(drive.node, 1024) == OLD
        for place in PLACES:
            direct(drive.node, place, bytes(BLOCK))
        # Of every place two stale copies: both of what was planted.
        assert drive.media().contains(NEEDLE) == (0, 6)


@pytest.mark.parametrize(
    ("secure", "faults", "left"),
    [
        ("1", set(), (0, 0)),
        ("2", set(), (0, 0)),
        ("0", set(), (0, 6)),
        ("1", {NvmeFault.FORMAT_LIES}, (3, 3)),
        ("1", {NvmeFault.FORMAT_HALF}, (2, 3)),
        ("1", {NvmeFault.FORMAT_UNMAPS_ONLY}, (0, 6)),
    ],
)
def test_format(serial: str, secure: str, faults: set[NvmeFault], left: tuple[int, int]) -> None:
    with nvme_drive(config(serial, faults=faults)) as drive:
        plant(drive.node)
        nvme("format", drive.node, "-s", secure, "--force")
        assert drive.media().contains(NEEDLE) == left
        assert (direct(drive.node, 2047) == OLD) is (left[0] > 0)


def test_format_changes_the_sector_size_of_the_node(serial: str) -> None:
    with nvme_drive(config(serial)) as drive:
        nvme("format", drive.node, "-l", "1", "-s", "1", "--force")
        block = Path("/sys/class/block") / drive.node.name / "queue" / "logical_block_size"
        wait(lambda: block.read_text().strip() == "4096")
        assert direct(drive.node, 2047) == bytes(BLOCK)


@pytest.mark.parametrize("status", [0x4286, 0x2001, 0x10A])
def test_a_refused_format_erases_nothing(serial: str, status: int) -> None:
    with nvme_drive(config(serial, refuse={Admin.FORMAT_NVM: status})) as drive:
        plant(drive.node)
        nvme("format", drive.node, "-s", "1", "--force", ok=False)
        assert drive.media().contains(NEEDLE) == (3, 3)


def test_a_detached_namespace_has_no_node_until_it_is_attached(serial: str) -> None:
    spaces = (NamespaceConfig(1, 8), NamespaceConfig(2, 8, attached=False, content=OLD))
    with nvme_drive(config(serial, namespaces=spaces)) as drive:
        listed = nvme("list-ns", drive.controller, "--all")
        assert "0x1" in listed
        assert "0x2" in listed
        with pytest.raises(LookupError):
            drive.node_of(2)
        nvme("attach-ns", drive.controller, "-n", "2", "-c", "1")
        wait(lambda: drive._node(2) is not None)
        assert direct(drive.node_of(2), 0) == OLD


def test_format_of_one_namespace_leaves_the_other_unless_fna_says_all(serial: str) -> None:
    spaces = (NamespaceConfig(1, 8, content=OLD), NamespaceConfig(2, 8, content=OLD))
    with nvme_drive(config(serial, namespaces=spaces, fna=Fna.CRYPTO)) as drive:
        nvme("format", drive.node_of(1), "-s", "1", "--force")
        assert drive.contains(NEEDLE) == (1, 0)
        assert direct(drive.node_of(2), 0) == OLD
    made = config(serial, namespaces=spaces, fna=Fna.CRYPTO | Fna.ERASE_ALL | Fna.FORMAT_ALL)
    with nvme_drive(made) as drive:
        nvme("format", drive.controller, "-n", "0xffffffff", "-s", "1", "--force")
        assert drive.contains(NEEDLE) == (0, 0)


def test_unreadable_sectors(serial: str) -> None:
    spaces = (NamespaceConfig(1, 8, unreadable={8192}),)
    with nvme_drive(config(serial, namespaces=spaces)) as drive:
        with pytest.raises(OSError):
            direct(drive.node, 1024)
        assert direct(drive.node, 1023) == bytes(BLOCK)


def test_another_serial_after_an_erase(serial: str) -> None:
    with nvme_drive(config(serial, faults={NvmeFault.CHANGES_SERIAL})) as drive:
        nvme("format", drive.node, "-s", "1", "--force")
        assert seen("id-ctrl", drive.controller)["sn"].strip() == serial[::-1]


def test_a_write_protected_namespace(serial: str) -> None:
    spaces = (NamespaceConfig(1, 8, write_protected=True, content=OLD),)
    with nvme_drive(config(serial, namespaces=spaces)) as drive:
        with pytest.raises(OSError):
            direct(drive.node, 0, bytes(BLOCK))
        assert direct(drive.node, 0) == OLD


def test_nothing_is_left_after_a_drive_is_gone(serial: str) -> None:
    with nvme_drive(config(serial)) as drive:
        node, controller = drive.node, drive.controller
    wait(lambda: not node.exists() and not controller.exists())
