"""The data partition on real block devices: made only where it may be, never twice."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from disks.rig import has_vfat
from disks.stick_image import EFI_SECTORS, ISO_SECTORS, UUID, looped, make_stick
from reprise.adapters.pc.command import SystemCommandRunner
from reprise.adapters.stick import partition
from reprise.adapters.stick.keeper import StickKeeper, read_state
from reprise.adapters.stick.mounts import mounted_stick, readable_stick
from reprise.adapters.storage.store import MirroredStore
from reprise.domain.station.stick import StickReason, StickState, StickStatus
from reprise.ports import CommandResult, CommandRunner

MIB = 1024 * 1024
FREE_AT = (ISO_SECTORS + EFI_SECTORS) * 512


class Runner:
    """The real one; counts the calls. Where this kernel has no vfat, `mount` mounts the ext4
    stand-in of the same size class instead, so that all but the file system itself is real."""

    def __init__(self, stand_in: str = "") -> None:
        self.real: CommandRunner = SystemCommandRunner()
        self.calls: list[str] = []
        self.stand_in = stand_in

    def run(
        self, argv: Sequence[str], timeout_s: float = 30.0, stdin: bytes | None = None
    ) -> CommandResult:
        self.calls.append(argv[0])
        if argv[0] == "mount" and self.stand_in:
            argv = ["mount", "-o", "rw,nosuid,nodev,noexec", self.stand_in, argv[-1]]
        return self.real.run(argv, timeout_s, stdin)


class Rig:
    def __init__(self, base: Path, runner: Runner) -> None:
        self.run, self.runner = base / "run", runner
        self.run.mkdir()

    def booted_from(self, node: str, uuid: str = UUID) -> None:
        (self.run / "medium").write_text(f"node={node}\nID_FS_UUID={uuid}\n")

    def prepare(self, *disks: str) -> StickState:
        names = tuple(Path(node).name for node in disks)
        state = StickKeeper(self.runner, self.run, disks=names).prepare()
        assert read_state(self.run) == state
        return state


@contextmanager
def _stand_in(folder: Path) -> Iterator[str]:
    """ "" where vfat can be mounted, else the node of an empty ext4."""
    if has_vfat():
        yield ""
        return
    image = folder / "ext4.img"
    with image.open("wb") as file:
        file.truncate(16 * MIB)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
    with looped(image) as node:
        yield node


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with _stand_in(tmp_path) as stand_in:
        made = Rig(tmp_path, Runner(stand_in))
        try:
            yield made
        finally:
            while (
                subprocess.run(
                    ["umount", "--lazy", str(made.run / "stick")], check=False, capture_output=True
                ).returncode
                == 0
            ):
                pass


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    image = tmp_path / "stick.img"
    make_stick(image, 200)
    with looped(image) as node:
        yield image, node


def _head(image: Path) -> bytes:
    with image.open("rb") as file:
        return file.read(FREE_AT)


def test_made_once_and_nothing_else_is_touched(rig: Rig, stick: tuple[Path, str]) -> None:
    image, node = stick
    before = _head(image)
    rig.booted_from(f"{node}p1")
    state = rig.prepare()
    assert state == StickState(StickStatus.CREATED, device=f"{node}p3")
    assert mounted_stick(rig.run / "stick") is not None
    after = _head(image)
    entry = 446 + 2 * 16
    assert after[:entry] == before[:entry]
    assert after[entry + 16 :] == before[entry + 16 :]
    assert after[entry : entry + 16] != bytes(16)
    checked = subprocess.run(["fsck.vfat", "-n", f"{node}p3"], check=False, capture_output=True)
    assert checked.returncode == 0
    blkid = ["blkid", "-p", "-o", "export", f"{node}p3"]
    found = subprocess.run(blkid, check=True, capture_output=True, text=True).stdout.splitlines()
    assert {"LABEL=REPRISE", "TYPE=vfat", "VERSION=FAT32", "PART_ENTRY_TYPE=0xc"} <= set(found)
    size = next(line for line in found if line.startswith("PART_ENTRY_SIZE="))
    assert int(size.partition("=")[2]) * 512 == 200 * MIB - FREE_AT

    rig.runner.calls.clear()
    assert rig.prepare().state is StickStatus.READY
    assert rig.runner.calls == []  # mounted already: nothing to do
    subprocess.run(["umount", str(rig.run / "stick")], check=True)
    table = _head(image)
    assert rig.prepare().state is StickStatus.READY
    assert "mkfs.vfat" not in rig.runner.calls
    assert _head(image) == table


def test_a_ventoy_stick_is_left_alone(rig: Rig, stick: tuple[Path, str]) -> None:
    """Nor is anything made on a stick of ours beside it."""
    image, node = stick
    before = image.read_bytes()
    rig.booted_from("/dev/mapper/ventoy", uuid="")
    assert rig.prepare(node) == StickState(StickStatus.MEMORY, StickReason.VENTOY)
    assert image.read_bytes() == before


def test_written_through_the_store_and_read_after_it_was_pulled(
    rig: Rig, stick: tuple[Path, str]
) -> None:
    _image, node = stick
    rig.booted_from(f"{node}p1")
    root = rig.run / "stick"
    store = MirroredStore(rig.run / "memory", lambda: mounted_stick(root))
    store.append("journal/s.jsonl", b"1\n")
    assert store.where() == "memory"
    rig.prepare()
    assert store.sync() is True
    assert (root / "journal/s.jsonl").read_bytes() == b"1\n"
    subprocess.run(["umount", "--lazy", str(root)], check=True)
    store.append("journal/s.jsonl", b"2\n")
    assert store.where() == "memory"
    rig.prepare()
    assert store.sync() is True
    assert store.where() == "stick"
    assert (root / "journal/s.jsonl").read_bytes() == b"1\n2\n"


def test_a_mount_that_turned_read_only_counts_as_none(rig: Rig, stick: tuple[Path, str]) -> None:
    rig.booted_from(f"{stick[1]}p1")
    rig.prepare()
    root = rig.run / "stick"
    subprocess.run(["mount", "-o", "remount,ro", str(root)], check=True)
    assert mounted_stick(root) is None
    assert rig.prepare().state is StickStatus.READY  # mounted again, writable
    assert mounted_stick(root) is not None


def test_a_disk_that_was_not_booted_from_is_never_changed(
    rig: Rig, stick: tuple[Path, str]
) -> None:
    image, node = stick
    before = image.read_bytes()
    assert rig.prepare(node).reason is StickReason.NOT_LIVE
    rig.booted_from("/dev/sr0", "2020-01-01-00-00-00-00")
    assert rig.prepare(node).reason is StickReason.OPTICAL
    rig.booted_from(f"{node}p1", "2020-01-01-00-00-00-00")  # the name went to another stick
    assert rig.prepare(node).reason is StickReason.NO_STICK
    assert image.read_bytes() == before


def test_other_media_are_never_changed(rig: Rig, tmp_path: Path) -> None:
    image = tmp_path / "other.img"
    make_stick(image, 200, label=b"SOMETHING_ELSE")
    before = image.read_bytes()
    with looped(image) as node:
        rig.booted_from(f"{node}p1")
        assert rig.prepare().state is StickStatus.MEMORY
    assert image.read_bytes() == before


def test_no_free_space(rig: Rig, tmp_path: Path) -> None:
    image = tmp_path / "small.img"
    make_stick(image, FREE_AT // MIB + 40)
    before = image.read_bytes()
    with looped(image) as node:
        rig.booted_from(f"{node}p1")
        state = rig.prepare()
        assert (state.reason, state.detail) == (StickReason.NO_SPACE, "40 MiB")
    assert image.read_bytes() == before


def test_write_protected(rig: Rig, tmp_path: Path) -> None:
    image = tmp_path / "ro.img"
    make_stick(image, 200)
    with looped(image, read_only=True) as node:
        rig.booted_from(f"{node}p1")
        assert rig.prepare().reason is StickReason.WRITE_PROTECTED


def test_settings_of_a_write_protected_stick_are_read(rig: Rig, stick: tuple[Path, str]) -> None:
    rig.booted_from(f"{stick[1]}p1")
    rig.prepare()
    root = rig.run / "stick"
    (root / "reprise.toml").write_bytes(b"[station]")
    subprocess.run(["mount", "-o", "remount,ro", str(root)], check=True)
    store = MirroredStore(
        rig.run / "memory", lambda: mounted_stick(root), lambda: readable_stick(root)
    )
    store.write("reports/a.jws", b"a")
    store.remove("reprise.toml")
    assert store.read("reprise.toml") == b"[station]"
    assert (store.where(), store.problem()) == ("memory", "")


@pytest.mark.parametrize(
    ("at", "value", "reason"),
    [
        (446 + 32 + 4, b"\x83", StickReason.NO_SLOT),  # a third partition of somebody else
        (446 + 48 + 4, b"\x83", StickReason.NO_SLOT),
        (446 + 4, b"\xee", StickReason.TABLE_UNKNOWN),  # a GPT
        (510, b"\0\0", StickReason.TABLE_UNKNOWN),
    ],
)
def test_foreign_tables_are_left_alone(
    rig: Rig, tmp_path: Path, at: int, value: bytes, reason: StickReason
) -> None:
    image = tmp_path / "odd.img"
    make_stick(image, 200)
    with image.open("r+b") as file:
        file.seek(at)
        file.write(value)
    before = image.read_bytes()
    with looped(image) as node:
        rig.booted_from(node)
        assert rig.prepare().reason is reason
    assert image.read_bytes() == before


def test_power_cut_before_the_table_entry_leaves_a_stick_as_before(
    rig: Rig, stick: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    image, node = stick
    rig.booted_from(f"{node}p1")
    before = _head(image)

    def cut(*_args: object) -> None:
        raise OSError("power cut")

    monkeypatch.setattr(partition, "_write_entry", cut)
    assert rig.prepare().reason is StickReason.MAKE_FAILED
    assert _head(image) == before
    assert not list(rig.run.glob(".stick-*.img"))
    monkeypatch.undo()
    assert rig.prepare().state is StickStatus.CREATED


def test_another_stick_with_a_data_partition_is_taken(
    rig: Rig, stick: tuple[Path, str], tmp_path: Path
) -> None:
    _image, node = stick
    rig.booted_from(f"{node}p1")
    rig.prepare()
    subprocess.run(["umount", str(rig.run / "stick")], check=True)
    rig.booted_from("/dev/sr0", "2020-01-01-00-00-00-00")
    assert rig.prepare() == StickState(StickStatus.MEMORY, StickReason.OPTICAL)
    assert rig.prepare(node) == StickState(StickStatus.READY, device=f"{node}p3")
