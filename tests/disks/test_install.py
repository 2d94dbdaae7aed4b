"""Installing for real: a loop device, the light OS that `make lightos` built, looked at from
outside. What happens before the first byte needs no image and runs without one."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from disks.rig import loop_device, mounted, tool
from reprise.__main__ import main
from reprise.adapters.install.installer import ImageInstaller
from reprise.bootstrap.drives import drive_probe
from reprise.domain.erasure.progress import Progress
from reprise.domain.install.events import InstallFinished, InstallStarted
from reprise.domain.install.images import InstallCheck, InstallFailure, split_detail
from reprise.domain.install.options import InstallOptions
from reprise.domain.planning.policy import Policy
from reprise.domain.report.events import Update
from reprise.errors import InputError
from reprise.ports import InstallRequest
from station_kit.building import BUILT

MIB = 1 << 20
needs_image = pytest.mark.usefixtures("light_system")


@contextmanager
def drive(path: Path, size: int = 3 << 30) -> Iterator[str]:
    with path.open("wb") as file:
        file.truncate(size)
    with loop_device(path, "--partscan") as node:
        try:
            yield node
        finally:
            subprocess.run(["partx", "--delete", node], check=False, capture_output=True)


def installer_for(images: Path, tmp_path: Path) -> ImageInstaller:
    from reprise.adapters.pc.command import SystemCommandRunner

    runner = SystemCommandRunner()
    probe = drive_probe(runner)
    mount_at = tmp_path / "target"
    return ImageInstaller([images], runner, probe, Policy(), named=True, mount_at=mount_at)


def request_for(node: str, **changes: Any) -> InstallRequest:
    of_request = {name: changes.pop(name) for name in ("handover", "passphrase") if name in changes}
    options = InstallOptions("debian-minimal", "pc-essai", "camille", "à changer 1")
    drive = drive_probe().probe_drive(node)
    return InstallRequest(drive, replace(options, **changes), **of_request)


def install(
    installer: ImageInstaller, request: InstallRequest, stop: threading.Event | None = None
) -> list[Update]:
    return list(installer.run(request, stop or threading.Event()))


def finished(events: Sequence[Update]) -> InstallFinished:
    last = events[-1]
    assert isinstance(last, InstallFinished)
    return last


def failure(events: Sequence[Update]) -> InstallFailure:
    last = finished(events)
    assert not last.ok
    return split_detail(last.detail)[0]


def root_of(node: str, at: Path) -> AbstractContextManager[Path]:
    return mounted(f"{node}p3", at, "-o", "ro")


def fake_images(folder: Path, **changes: object) -> Path:
    """A catalogue whose one image is not a file system at all: for what comes before writing."""
    data = b"no file system" * 1000
    folder.mkdir()
    (folder / "fake.squashfs").write_bytes(data)
    entry: dict[str, object] = {
        "name": "debian-minimal",
        "file": "fake.squashfs",
        "version": "1",
        "sha256": hashlib.sha256(data).hexdigest(),
        "size_bytes": len(data),
        "unpacked_bytes": MIB,
        "min_drive_bytes": 64 * MIB,
        "min_memory_bytes": MIB,
        "licence": "none",
        **changes,
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in entry.items()]
    texts = ['title = { fr = "Essai" }', 'summary = { fr = "Essai" }']
    (folder / "images.toml").write_text("\n".join(["[[image]]", *lines, *texts, ""]))
    return folder


def blank(path: Path) -> bool:
    """Nothing at the places that firmware and kernels look at first."""
    with path.open("rb") as file:
        head = file.read(MIB)
        file.seek(-MIB, 2)
        return not any(head) and not any(file.read())


@needs_image
def test_two_pcs_get_a_system_of_their_own_each(tmp_path: Path) -> None:
    seen = []
    for name in ("one", "two"):
        file = tmp_path / f"{name}.img"
        with drive(file) as node:
            events = install(installer_for(BUILT, tmp_path), request_for(node))
            assert isinstance(events[0], InstallStarted)
            end = finished(events)
            assert (end.drive, end.ok) == (events[0].drive, True)
            assert end.detail == InstallCheck.WHOLE
            ticks = [tick.done_bytes for tick in events if isinstance(tick, Progress)]
            assert ticks == sorted(ticks)
            assert not (tmp_path / "target").is_mount()

            table = json.loads(tool("sfdisk", "--json", node))["partitiontable"]
            assert table["label"] == "gpt"
            assert [part["name"] for part in table["partitions"]] == ["bios-boot", "efi", "root"]
            tool("e2fsck", "-f", "-n", f"{node}p3")
            tool("fsck.vfat", "-n", f"{node}p2")
            loaders = tool("mdir", "-b", "-/", "-i", f"{node}p2", "::")
            assert "::/EFI/BOOT/BOOTX64.EFI" in loaders
            assert "::/EFI/debian/grub.cfg" in loaders

            with root_of(node, tmp_path / "look") as root:
                seen.append(_own_facts(root))
        with file.open("rb") as raw:
            boot_sector = raw.read(512)
            assert boot_sector[510:] == b"\x55\xaa"
            assert b"GRUB" in boot_sector
            raw.seek(MIB)
            assert any(raw.read(4096)), "GRUB's core image"
    one, two = seen
    assert set(one) == set(two)
    same = [name for name in one if one[name] == two[name]]
    assert same == [], "two PCs must share nothing of these"


def _own_facts(root: Path) -> dict[str, str]:
    etc = root / "etc"
    machine_id = (etc / "machine-id").read_text()
    assert re.fullmatch(r"[0-9a-f]{32}\n", machine_id)
    keys = {path.name: path.read_text() for path in etc.glob("ssh/ssh_host_*_key.pub")}
    assert len(keys) >= 2
    shadow = dict(line.split(":")[:2] for line in (etc / "shadow").read_text().splitlines())
    assert [user for user, word in shadow.items() if word.startswith("$")] == ["camille"]
    camille = next(
        line for line in (etc / "shadow").read_text().splitlines() if line.startswith("camille:")
    )
    assert camille.split(":")[2] == "0", "the password must be changed at the first log-in"
    assert (etc / "hostname").read_text() == "pc-essai\n"
    assert "LANG=fr_FR.UTF-8" in (etc / "locale.conf").read_text()
    assert 'XKBLAYOUT="fr"' in (etc / "default/keyboard").read_text()
    sudo = next(x for x in (etc / "group").read_text().splitlines() if x.startswith("sudo:"))
    assert sudo.endswith(":camille")
    assert not list((etc / "systemd/system").rglob("ssh.service"))
    menu = (root / "boot/grub/grub.cfg").read_text()
    uuid = re.search(r"UUID=(\S+) / ext4", (etc / "fstab").read_text())
    assert uuid is not None
    assert f"root=UUID={uuid[1]}" in menu
    assert "/dev/loop" not in menu
    return {"machine-id": machine_id, "root": uuid[1], "password": shadow["camille"], **keys}


@needs_image
def test_stopped_half_way_nothing_looks_like_a_system(tmp_path: Path) -> None:
    file = tmp_path / "stopped.img"
    with drive(file) as node:
        stop = threading.Event()
        events = []
        for event in installer_for(BUILT, tmp_path).run(request_for(node), stop):
            events.append(event)
            if (tmp_path / "target" / "usr").exists():
                stop.set()
        assert failure(events) is InstallFailure.STOPPED
        assert not (tmp_path / "target").is_mount()
    assert blank(file)


def test_a_broken_image_is_found_before_the_first_byte(tmp_path: Path) -> None:
    images = fake_images(tmp_path / "images", min_drive_bytes=64 * MIB)
    file = tmp_path / "broken.img"
    with drive(file) as node:
        events = install(installer_for(images, tmp_path), request_for(node))
        assert failure(events) is InstallFailure.IMAGE_UNREADABLE
        assert not (tmp_path / "target").is_mount()
    assert blank(file)


def test_a_wrong_digest_is_found_before_the_first_byte(tmp_path: Path) -> None:
    images = fake_images(tmp_path / "images", sha256="0" * 64)
    file = tmp_path / "drive.img"
    with drive(file) as node:
        with file.open("r+b") as raw:
            raw.write(b"the donor's data")
        events = install(installer_for(images, tmp_path), request_for(node))
        assert failure(events) is InstallFailure.DIGEST_MISMATCH
    assert file.read_bytes()[:16] == b"the donor's data"


def test_a_small_drive_is_refused(tmp_path: Path) -> None:
    images = fake_images(tmp_path / "images")
    with drive(tmp_path / "small.img", 512 * MIB) as node:
        installer = installer_for(images, tmp_path)
        request = request_for(node)
        assert installer.fits("debian-minimal", request.drive) == InstallFailure.DRIVE_TOO_SMALL
        assert failure(install(installer, request)) is InstallFailure.DRIVE_TOO_SMALL


def test_a_drive_that_is_mounted_meanwhile_is_refused(tmp_path: Path) -> None:
    images = fake_images(tmp_path / "images")
    with drive(tmp_path / "busy.img") as node:
        request = request_for(node)
        tool("mkfs.ext4", "-q", node)
        with mounted(node, tmp_path / "busy"):
            assert failure(install(installer_for(images, tmp_path), request)) is (
                InstallFailure.REFUSED
            )


def test_another_drive_at_the_same_path_is_refused(tmp_path: Path) -> None:
    images = fake_images(tmp_path / "images")
    with drive(tmp_path / "first.img") as node:
        request = request_for(node)
    second = tmp_path / "second.img"
    with second.open("wb") as file:
        file.truncate(3 << 30)
    tool("losetup", node, str(second))
    try:
        events = install(installer_for(images, tmp_path), request)
    finally:
        tool("losetup", "--detach", node)
    assert failure(events) is InstallFailure.REFUSED
    assert "identity-changed" in finished(events).detail


@pytest.mark.parametrize(
    "changes",
    [{"hostname": "PC de Léa"}, {"user": "root"}, {"user": "a:b"}, {"password": "a\nroot:b"}],
)
def test_unusable_names_are_refused_at_once(tmp_path: Path, changes: dict[str, str]) -> None:
    images = fake_images(tmp_path / "images")
    with drive(tmp_path / "drive.img") as node, pytest.raises(InputError):
        installer_for(images, tmp_path).run(request_for(node, **changes), threading.Event())


@pytest.mark.parametrize(
    ("serial", "images", "code", "word"),
    [
        ("wrong", "images", 3, "wrong"),
        (None, "nowhere", 2, "nowhere"),
        (None, "garbled", 2, "images.toml"),
        (None, "fileless", 2, "missing"),
    ],
)
def test_command_line_says_what_is_wrong(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    serial: str | None,
    images: str,
    code: int,
    word: str,
) -> None:
    fake_images(tmp_path / "images")
    (fake_images(tmp_path / "garbled") / "images.toml").write_text("[[image]\n")
    (fake_images(tmp_path / "fileless") / "fake.squashfs").unlink()
    file = tmp_path / "drive.img"
    with drive(file) as node:
        argv = ["--lang", "en", "--data", str(tmp_path / "data"), "install", "--drive", node]
        argv += ["--confirm", serial or str(file), "--images", str(tmp_path / images)]
        assert main([*argv, "--image", "debian-minimal"]) == code
    said = capsys.readouterr().err.strip()
    assert said.startswith("reprise: ")
    assert word in said
    assert "\n" not in said
    assert blank(file)
