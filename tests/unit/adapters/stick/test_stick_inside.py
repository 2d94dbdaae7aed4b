"""The station's partition for reports is made on a stick or a card only, whatever the system was
started from. The drives' names are none that a machine has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from disks.stick_image import UUID, make_stick
from reprise import i18n
from reprise.adapters.stick import disk, partition
from reprise.adapters.stick.disk import StickDisk, external_disks, read_disk
from reprise.adapters.stick.keeper import StickKeeper
from reprise.adapters.stick.partition import make_data_partition
from reprise.domain.station.stick import StickReason, StickState, StickStatus
from reprise.ports import CommandResult
from reprise.workflow.session.stick import stick_sentence
from unit.adapters.hardware.made_tree import ATA, MMC, NVME, USB, VIRTIO, MadeTree

PORT = "sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/removable"
SECTORS = str(200 * 2048)
OF_A_DISC = "2020-01-01-00-00-00-00"  # another image


class Pc:
    """Every disk carries the image, with room behind it for a data partition."""

    def __init__(self, tree: MadeTree, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
        self.tree, self.run_folder = tree, tree.root / "run/reprise"
        self.run_folder.mkdir(parents=True)
        self.calls: list[Sequence[str]] = []
        monkeypatch.setattr(disk, "_BLOCK", tree.root / "sys/class/block")
        for module in (disk, partition):
            monkeypatch.setattr(module, "read_at", lambda _node, at, size: data[at : at + size])

    def disk(self, name: str, place: str, **facts: str) -> StickDisk:
        self.tree.disk(name, place, size=SECTORS, **facts)
        found = read_disk(name)
        assert found is not None
        assert found.is_live
        return found

    def run(
        self, argv: Sequence[str], timeout_s: float = 30.0, stdin: bytes | None = None
    ) -> CommandResult:
        self.calls.append(argv)
        return CommandResult(tuple(argv), 1, b"", b"not here", 0.0, timed_out=False)

    def prepare(self, node: str, uuid: str = UUID) -> StickState:
        (self.run_folder / "medium").write_text(f"node={node}\nID_FS_UUID={uuid}\n")
        return StickKeeper(self, self.run_folder).prepare()


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A stick with the image, as far as it is read here."""
    path = tmp_path_factory.mktemp("stick") / "stick.img"
    make_stick(path, 200)
    with path.open("rb") as file:
        return file.read(1 << 20)


@pytest.fixture
def pc(tree: MadeTree, monkeypatch: pytest.MonkeyPatch, begun: bytes) -> Pc:
    return Pc(tree, monkeypatch, begun)


INSIDE: Mapping[str, tuple[str, dict[str, str]]] = {
    "sdzy": (ATA, {}),
    "sdzx": (ATA, {"removable": "1"}),  # a port for hot plugging, as boards call them by mistake
    "nvme7n1": (NVME, {}),
    "vdzy": (VIRTIO, {}),
    "mmcblk7": (MMC, {"device__type": "MMC"}),
}


@pytest.mark.parametrize("name", INSIDE)
def test_none_is_made_inside_though_the_system_was_started_from_there(pc: Pc, name: str) -> None:
    place, facts = INSIDE[name]
    disk = pc.disk(name, place, **facts)
    assert make_data_partition(disk, pc, pc.run_folder).reason is StickReason.INSIDE
    state = pc.prepare(f"/dev/{name}")
    assert state == StickState(StickStatus.MEMORY, StickReason.INSIDE)
    assert pc.calls == [], "neither made nor mounted"
    with i18n.using("fr"):
        assert "démarrez-le depuis la clé" in stick_sentence(state)


def test_a_data_partition_that_stands_inside_is_not_used(
    pc: Pc, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An earlier version made it: reports would go away with the PC."""
    pc.disk("sdzy", ATA)
    monkeypatch.setattr(disk, "_data_partition", lambda disk: f"/dev/{disk}3")
    assert pc.prepare("/dev/sdzy").reason is StickReason.INSIDE
    assert pc.calls == []


def test_a_module_on_a_fixed_port_is_inside(pc: Pc) -> None:
    disk = pc.disk("sdzy", USB, removable="0")
    assert external_disks() == ("sdzy",)
    pc.tree.write(PORT, "fixed\n")
    assert external_disks() == ()
    assert make_data_partition(disk, pc, pc.run_folder).reason is StickReason.INSIDE


@pytest.mark.parametrize(
    ("name", "place", "facts", "word"),
    [
        ("sdzy", USB, {"removable": "1"}, "removable"),
        ("sdzy", USB, {"removable": "0"}, "unknown"),
        ("sdzy", USB, {"removable": "1"}, "fixed"),  # a card, or a firmware that errs
        ("mmcblk7", MMC, {"device__type": "SD"}, ""),
    ],
)
def test_it_is_made_on_sticks_and_cards(
    pc: Pc, name: str, place: str, facts: dict[str, str], word: str
) -> None:
    disk = pc.disk(name, place, **facts)
    if word:
        pc.tree.write(PORT, word + "\n")
    assert make_data_partition(disk, pc, pc.run_folder).reason is StickReason.MAKE_FAILED
    assert [argv[0] for argv in pc.calls] == ["mkfs.vfat"]


def test_the_stick_beside_it_is_taken(pc: Pc) -> None:
    """Started from the drive inside; the stick carries the very same image."""
    pc.disk("sdzx", ATA)
    pc.disk("sdzy", USB, removable="1")
    state = pc.prepare("/dev/sdzx")
    assert (state.device, state.reason) == ("/dev/sdzy", StickReason.MAKE_FAILED)
    assert [argv[0] for argv in pc.calls] == ["mkfs.vfat"]


@pytest.fixture
def two_sticks(pc: Pc, monkeypatch: pytest.MonkeyPatch) -> Pc:
    """Each with a partition for reports."""
    for name in ("sdzx", "sdzy"):
        pc.disk(name, USB, removable="1")
    monkeypatch.setattr(disk, "_data_partition", lambda name: f"/dev/{name}3")
    return pc


@pytest.mark.parametrize("name", ["sdzx", "sdzy"])
def test_reports_go_to_the_stick_that_the_system_was_started_from(
    two_sticks: Pc, name: str
) -> None:
    """Not to a colleague's beside it, which leaves with the colleague."""
    assert two_sticks.prepare(f"/dev/{name}").device == f"/dev/{name}3"
    assert all(f"/dev/{name}3" in argv for argv in two_sticks.calls)
    repaired = [argv[0] for argv in two_sticks.calls]
    assert repaired == ["mount", "fsck.vfat", "mount"], "pulled while it was written, mostly"


@pytest.mark.parametrize("name", ["sdzx", "sdzy"])
def test_else_to_one_that_has_the_system_before_one_that_has_not(
    two_sticks: Pc, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    read = disk.read_at

    def bare(node: str, at: int, size: int) -> bytes:
        return read(node, at, size) if node == f"/dev/{name}" else b""

    monkeypatch.setattr(disk, "read_at", bare)
    assert two_sticks.prepare("/dev/sr0", OF_A_DISC).device == f"/dev/{name}3"
