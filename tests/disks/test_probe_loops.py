"""The probe on real loop devices, and the command that shows what it found."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import reprise.schemas
from disks.rig import MIB, loop_device, mounted, tool
from disks.stick_image import looped
from reprise.adapters.hardware.probe import SystemProbe
from reprise.adapters.pc.command import SystemCommandRunner
from reprise.domain.pc.hardware import Health, MediaKind, Transport, UseKind
from reprise.errors import InputError


@pytest.fixture
def probe() -> SystemProbe:
    return SystemProbe(SystemCommandRunner())


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    path = tmp_path / "disk.img"
    with path.open("wb") as file:
        file.truncate(32 * MIB)
    return path


def test_a_loop_device_is_its_file(probe: SystemProbe, disk: Path) -> None:
    tool("mkfs.ext4", "-q", "-L", "donor data", str(disk))
    with loop_device(disk) as node:
        drive = probe.probe_drive(node)
    assert drive.node == node
    assert drive.identity.serial == str(disk)
    assert drive.identity.size_bytes == 32 * MIB
    assert (drive.transport, drive.media) == (Transport.LOOP, MediaKind.FILE)
    assert (drive.fs_type, drive.label) == ("ext4", "donor data")
    assert drive.smart.health is Health.UNKNOWN
    assert not drive.read_only
    assert not drive.boot.is_boot
    assert "boot" not in drive.unknown
    assert drive.uses == ()


def test_sector_size_and_read_only(probe: SystemProbe, disk: Path) -> None:
    with loop_device(disk, "--sector-size", "4096", "--read-only") as node:
        drive = probe.probe_drive(node)
    assert drive.logical_sector_bytes == 4096
    assert drive.read_only


def test_a_link_to_a_drive_is_followed(probe: SystemProbe, disk: Path, tmp_path: Path) -> None:
    with loop_device(disk) as node:
        (tmp_path / "by-id").symlink_to(node)
        assert probe.probe_drive(str(tmp_path / "by-id")).node == node


def test_a_mounted_drive_says_where(probe: SystemProbe, disk: Path, tmp_path: Path) -> None:
    tool("mkfs.ext4", "-q", str(disk))
    point = tmp_path / "mount point"
    with loop_device(disk) as node:
        with mounted(node, point):
            drive = probe.probe_drive(node)
        assert [(u.kind, u.node, u.detail) for u in drive.uses] == [
            (UseKind.MOUNT, node, str(point))
        ]
        assert probe.probe_drive(node).uses == ()


def test_a_loop_on_a_loop_holds_it(probe: SystemProbe, disk: Path) -> None:
    with loop_device(disk) as below, loop_device(Path(below)) as above:
        uses = probe.probe_drive(below).uses
    assert [(u.kind, u.detail) for u in uses] == [(UseKind.HOLDER, Path(above).name)]


@pytest.mark.parametrize(
    ("fs", "label", "sign"),
    [("vfat", "REPRISE", "data-partition"), ("ext4", "REPRISE_LIVE", "label-REPRISE_LIVE")],
)
def test_a_reprise_medium_is_known_by_its_label(
    probe: SystemProbe, disk: Path, fs: str, label: str, sign: str
) -> None:
    flag = "-n" if fs == "vfat" else "-L"
    tool(f"mkfs.{fs}", *(["-q"] if fs == "ext4" else []), flag, label, str(disk))
    with loop_device(disk) as node:
        boot = probe.probe_drive(node).boot
    assert (boot.is_boot, boot.how) == (True, sign)


def test_a_stick_of_plain_files_is_refused_by_the_command(disk: Path, tmp_path: Path) -> None:
    """As Windows writes it: in a partition, under any name. Nothing is written."""
    table = b"label: gpt\nstart=1MiB, size=20MiB\n,\n"
    subprocess.run(["sfdisk", "-q", "--no-reread", str(disk)], input=table, check=True)
    tool("mkfs.fat", "-F", "16", "-n", "ESD-USB", "--offset", "2048", str(disk), str(20 << 10))
    there = ("-i", f"{disk}@@{MIB}")
    tool("mmd", *there, "::reprise")
    (tmp_path / "image-id").write_text("another build\n")
    before = disk.read_bytes()
    for known in (False, True):
        if known:
            tool("mcopy", *there, str(tmp_path / "image-id"), "::reprise")
            before = disk.read_bytes()
        with looped(disk) as node:
            argv = (sys.executable, "-m", "reprise", "--lang", "fr", "plan", "--drive", node)
            done = subprocess.run(argv, capture_output=True, text=True, check=False)
        assert ("contient les fichiers de Reprise" in done.stdout) is known
        assert disk.read_bytes() == before


def test_what_is_no_drive_is_refused(probe: SystemProbe, disk: Path) -> None:
    for path in (str(disk), "/dev/null", "/dev/no-such-drive"):
        with pytest.raises(InputError):
            probe.probe_drive(path)
    with loop_device(disk) as node:
        pass
    with pytest.raises(InputError):
        probe.probe_drive(node)  # nothing is attached any more


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reprise", "--lang", "en", "inventory", *words],
        check=False,
        capture_output=True,
        text=True,
    )


def test_the_command_gives_a_document_of_the_schema() -> None:
    done = run("--json")
    assert (done.returncode, done.stderr) == (0, "")
    schema = json.loads((Path(reprise.schemas.__file__).parent / "inventory-1.json").read_bytes())
    document = json.loads(done.stdout)
    jsonschema.validate(document, schema)
    assert document["schema"] == "reprise-inventory/1"
    broken = {**document, "drives": [{"node": 1}]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema)


def test_the_command_answers_bad_input_in_one_line(disk: Path) -> None:
    done = run("--drive", "/dev/no-such-drive")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "reprise: there is no drive at /dev/no-such-drive. “reprise inventory” lists the drives.\n"
    )
    assert run("--drive", str(disk)).returncode == 2


def test_the_page_shows_the_word_to_confirm(disk: Path) -> None:
    with loop_device(disk) as node:
        done = run("--drive", node)
    assert done.returncode == 0
    assert str(disk) in done.stdout
