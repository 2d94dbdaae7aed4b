"""What an NVMe drive says that it can do, and what no answer leaves."""

from __future__ import annotations

import contextlib
import errno
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reprise.adapters.drives.capabilities.nvme import read_nvme
from reprise.adapters.drives.passthrough.nvme_admin import Answer
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.drives.capabilities import NvmeCapabilities, SanitizeState, Support
from reprise.domain.planning.techniques import Technique
from reprise.errors import ToolError
from reprise.wire.nvme import (
    AdminCommand,
    parse_namespace_list,
)
from reprise.wire.nvme_erase import (
    parse_lba_format,
    parse_sanitize_status,
)
from unit.adapters.drives.nvme_data import controller, log, logs
from unit.adapters.drives.procedures import Device
from unit.adapters.hardware.made_tree import MadeTree

BLOCK, OVERWRITE = Technique.NVME_SANITIZE_BLOCK, Technique.NVME_SANITIZE_OVERWRITE
CRYPTO = Technique.NVME_SANITIZE_CRYPTO
USER_DATA, FORMAT_CRYPTO = Technique.NVME_FORMAT_USER_DATA, Technique.NVME_FORMAT_CRYPTO


def namespaces(*found: int) -> bytes:
    return struct.pack(f"<{len(found)}I", *found).ljust(4096, b"\0")


# ---- answers ----


class Played:
    """passthrough.nvme_admin.NvmeAdmin: answers by opcode and CNS or log page; an int is a
    status."""

    def __init__(self, **said: bytes | int | OSError) -> None:
        self.said: dict[str, bytes | int | OSError] = {
            "ctrl": controller(),
            "active": namespaces(1),
            "allocated": namespaces(1),
            "log": log(),
            "logs": logs(0x00, 0x02, 0x81),
        } | said
        self.nsid: int | OSError = 1

    def namespace_id(self, device: object) -> int:
        if isinstance(self.nsid, OSError):
            raise self.nsid
        return self.nsid

    def send(self, device: object, command: AdminCommand, timeout_ms: int = 0) -> Answer:
        name = {
            (0x06, 0x01): "ctrl",
            (0x06, 0x02): "active",
            (0x06, 0x10): "allocated",
            (0x02, 0x81): "log",
            (0x02, 0x00): "logs",
        }[command.opcode, command.cdw10 & 0xFF]
        said = self.said[name]
        if isinstance(said, OSError):
            raise said
        if isinstance(said, int):
            return Answer(said, 0, bytes(command.data_bytes), 0.0)
        return Answer(0, 0, said, 0.0)


def _node(tree: MadeTree, nsid: int, **facts: str) -> None:
    base = f"sys/devices/nvme0/nvme0n{nsid}"
    for name, text in ({"dev": f"7:{nsid - 1}", "nsid": str(nsid)} | facts).items():
        tree.write(f"{base}/{name}", text + "\n")
    tree.link(f"sys/dev/block/7:{nsid - 1}", tree.root / base)


def test_namespaces_without_a_node_are_not_shown(tmp_path: Path) -> None:
    """Linux hides one that it cannot use (GENHD_FL_HIDDEN), and drops one with another's name."""
    tree = MadeTree(tmp_path)
    played = Played(active=namespaces(1, 2, 3, 4), allocated=namespaces(1, 2, 3, 4))
    assert read_nvme(Device(), tree.roots, {}, played).namespaces_shown == 1
    _node(tree, 1)
    _node(tree, 2)
    _node(tree, 3, hidden="1")
    _node(tree, 9)  # that is on its way out: not active any more
    found = read_nvme(Device(), tree.roots, {}, played)
    assert (found.namespaces, found.namespaces_shown) == (4, 2)
    played = Played(active=OSError(errno.EIO, "broken"))
    assert read_nvme(Device(), tree.roots, {}, played).namespaces_shown == 1
    played = Played(ctrl=controller(nn=1), active=OSError(errno.EIO, "broken"))
    assert read_nvme(Device(), tree.roots, {}, played).namespaces_shown == 1


def read(played: Played) -> tuple[NvmeCapabilities, dict[str, str]]:
    evidence: dict[str, str] = {}
    return read_nvme(Device(), Roots(), evidence, played), evidence


def test_what_qemus_controller_can_do() -> None:
    found, evidence = read(Played())
    assert found.format is Support.YES
    assert (found.format_crypto, found.sanitize_block) == (Support.NO, Support.NO)
    assert (found.namespace_id, found.namespaces, found.namespaces_allocated) == (1, 1, 1)
    assert found.sanitize_state is SanitizeState.UNKNOWN, "not asked: it cannot sanitize"
    assert (evidence["oacs"], evidence["fna"], evidence["sanicap"]) == ("0x12a", "0x0", "0x0")


def test_a_drive_that_sanitizes_tells_how_long_and_how_it_stands() -> None:
    found, evidence = read(
        Played(ctrl=controller(sanicap=0b111), log=log(0xFFFF, 0x101, 0x0A, 7200, 60, 2))
    )
    yes = (found.sanitize_block, found.sanitize_crypto, found.sanitize_overwrite)
    assert set(yes) == {Support.YES}
    assert found.sanitize_state is SanitizeState.SUCCEEDED
    assert found.sanitize_estimate_s == {BLOCK: 60, CRYPTO: 2, OVERWRITE: 7200}
    assert "scdw10=0xa" in evidence["sanitize"]


@pytest.mark.parametrize(
    ("bit", "fact"),
    [
        (0, "sanitize_crypto"),
        (1, "sanitize_block"),
        (2, "sanitize_overwrite"),
        (5, "sanitize_purge"),
    ],
)
def test_each_sanitize_has_its_own_bit(bit: int, fact: str) -> None:
    found, _evidence = read(Played(ctrl=controller(sanicap=1 << bit)))
    facts = {name: getattr(found, name) for name in dir(found) if name.startswith("sanitize_")}
    assert [name for name, value in facts.items() if value is Support.YES] == [fact]


@pytest.mark.parametrize(
    ("changes", "format_", "crypto", "erase_all", "format_all"),
    [
        ({"fna": 0b111}, "yes", "yes", "yes", "yes"),
        ({"fna": 0b010}, "yes", "no", "yes", "no"),
        ({"fna": 0b001}, "yes", "no", "no", "yes"),
        ({"oacs": 0}, "no", "no", "no", "no"),
    ],
)
def test_format_bits(
    changes: dict[str, object], format_: str, crypto: str, erase_all: str, format_all: str
) -> None:
    found, _evidence = read(Played(ctrl=controller(**changes)))
    assert (found.format, found.format_crypto) == (format_, crypto)
    assert (found.erase_all_namespaces, found.format_all_namespaces) == (erase_all, format_all)


def test_memory_and_partitions_that_not_even_a_sanitize_reaches() -> None:
    old, evidence = read(Played(logs=OSError(errno.EIO, "must not be asked")))
    assert (old.replay_protected, old.boot_partitions) == (Support.NO, Support.UNKNOWN)
    assert "supported-logs" not in evidence
    new = {"ver": 0x0002_0000, "rpmbs": 0x0301_0003}
    none, _evidence = read(Played(ctrl=controller(**new)))
    assert (none.replay_protected, none.boot_partitions) == (Support.YES, Support.NO)
    boots, _evidence = read(Played(ctrl=controller(**new), logs=logs(0x00, 0x02, 0x15)))
    assert boots.boot_partitions is Support.YES
    for trouble in (0x4109, OSError(errno.EIO, "broken"), b"", bytes(1024)):
        unknown, evidence = read(Played(ctrl=controller(**new), logs=trouble))
        assert unknown.boot_partitions is Support.UNKNOWN
        assert evidence["supported-logs"]


def test_what_lies_outside_the_one_namespace_is_counted() -> None:
    full = controller(oacs=0x12A, tnvmcap=1 << 40, unvmcap=1 << 39)
    found, _evidence = read(
        Played(ctrl=full, active=namespaces(2, 7), allocated=namespaces(1, 2, 7))
    )
    assert (found.namespaces, found.namespaces_allocated) == (2, 3)
    assert (found.total_bytes, found.unallocated_bytes) == (1 << 40, 1 << 39)


@pytest.mark.parametrize(
    "trouble", [0x2001, 0x4002, OSError(errno.EIO, "broken"), b"", b"\xff" * 4096]
)
def test_no_answer_is_unknown_and_says_why(trouble: bytes | int | OSError) -> None:
    nothing, evidence = read(Played(ctrl=trouble))
    assert nothing == NvmeCapabilities(namespace_id=1)
    assert evidence["id-ctrl"]
    uncounted, evidence = read(Played(active=trouble, allocated=trouble))
    assert (uncounted.namespaces, uncounted.namespaces_allocated) == (None, None)
    assert evidence["namespaces-active"]
    only, _evidence = read(Played(ctrl=controller(nn=1), active=trouble, allocated=trouble))
    assert (only.namespaces, only.namespaces_allocated) == (1, 1)
    can = controller(sanicap=0b111)
    found, evidence = read(Played(ctrl=can, log=trouble))
    assert (found.sanitize_block, found.sanitize_state) == (Support.YES, SanitizeState.UNKNOWN)
    assert evidence["sanitize"]


def test_a_node_without_a_namespace_id_has_none() -> None:
    played = Played()
    for nothing in (0, OSError(errno.ENOTTY, "no")):
        played.nsid = nothing
        assert read(played)[0].namespace_id is None


@pytest.mark.parametrize(
    "data",
    [
        namespaces(2, 1),
        namespaces(1, 1),
        namespaces(1, 0, 2),
        namespaces(0, 1),
        namespaces(0xFFFF_FFFF),
        b"\xff" * 4096,
        namespaces(1)[:-4],
    ],
)
def test_a_namespace_list_out_of_order_is_no_list(data: bytes) -> None:
    with pytest.raises(ToolError):
        parse_namespace_list(data)


@settings(max_examples=300)
@given(st.binary(max_size=64), st.integers(0, 4200))
def test_noise_is_never_a_yes_and_never_an_accident(noise: bytes, length: int) -> None:
    data = (noise * (length // max(len(noise), 1) + 1))[:length] if noise else b""
    for parse in (parse_lba_format, parse_namespace_list, parse_sanitize_status):
        with contextlib.suppress(ToolError):
            parse(data)
    found, _evidence = read(Played(ctrl=data, active=data, allocated=data, log=data))
    if not all(0x20 <= value <= 0x7E for value in data[4:64].replace(b"\0", b" ")):
        assert Support.YES not in (found.format, found.sanitize_block, found.sanitize_crypto)
