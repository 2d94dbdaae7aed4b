"""The desktop on a drive of its own: put there by the real installer, and by plain unsquashfs for
comparison. Loop devices over files in build/vm/desktop/, which these functions own."""

from __future__ import annotations

import io
import os
import subprocess
import threading
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from disks.rig import mounted, tool
from disks.test_install import drive, installer_for, request_for
from reprise.domain.erasure.progress import Progress
from reprise.domain.install.events import InstallFinished
from station_kit.building import BUILD, BUILT

BENCH = BUILD / "vm" / "desktop"
IMAGE = "debian-desktop"
USER, PASSWORD = "camille", "lilas des champs 7"
_DRIVE_BYTES = 10 << 30
# A root shell on the serial port, for what the screen cannot tell; nothing else is changed.
_SHELL = "systemd.debug_shell=ttyS0"


def entry() -> dict[str, Any]:
    images = tomllib.loads((BUILT / "images.toml").read_text("utf-8"))["image"]
    return next(image for image in images if image["name"] == IMAGE)


def plain_seconds(folder: Path) -> float:
    """unsquashfs of the image into a new ext4, until all of it is on the drive."""
    path = folder / "plain.img"
    with drive(path, _DRIVE_BYTES) as node:
        tool("mkfs.ext4", "-q", "-F", node)
        with mounted(node, folder / "plain", "-o", "noatime,noinit_itable") as there:
            started = time.monotonic()
            tool("unsquashfs", "-force", "-quiet", "-no-progress", "-dest", str(there),
                 str(BUILT / entry()["file"]))  # fmt: skip
            tool("sync", "-f", str(there))
            took = time.monotonic() - started
    path.unlink()
    return took


def background(size: tuple[int, int]) -> Image.Image:
    """The picture behind log-in and desktop that the build drew, out of the image, in grey."""
    inside = "usr/share/backgrounds/reprise/calme.png"
    argv = ["unsquashfs", "-cat", str(BUILT / entry()["file"]), inside]
    drawn = subprocess.run(argv, check=True, capture_output=True).stdout
    with Image.open(io.BytesIO(drawn)) as picture:
        return picture.convert("L").resize(size)


@dataclass(frozen=True)
class Took:
    """Seconds. `written_s`: until the image was checked, the drive made ready and all files were
    unpacked and on the drive; `whole_s`: until all of it was read back and set up to start."""

    written_s: float
    whole_s: float


def installed(path: Path, data: Path, ready: Callable[[Path], None]) -> Took:
    """By the real installer. `path`: the drive, kept. `ready`: what is changed on its root
    afterwards, for the test."""
    data.mkdir(exist_ok=True)
    known = entry()
    read_back_from = known["size_bytes"] + known["unpacked_bytes"]
    written = 0.0
    with drive(path, _DRIVE_BYTES) as node:
        request = request_for(node, image=IMAGE, user=USER, password=PASSWORD)
        began = time.monotonic()
        for event in installer_for(BUILT, data).run(request, threading.Event()):
            if isinstance(event, Progress) and event.done_bytes <= read_back_from:
                written = time.monotonic() - began
        whole = time.monotonic() - began
        assert isinstance(event, InstallFinished)
        assert event.ok, event.detail
        with mounted(f"{node}p3", data / "root") as root:
            ready(root)
    return Took(written, whole)


def with_a_user(root: Path) -> None:
    """As after the first start, which is another test's subject. And the serial shell."""
    inside = ["chroot", str(root), "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"]
    (root / "var/lib/reprise/first-start.json").unlink(missing_ok=True)
    if f"\n{USER}:" not in (root / "etc/passwd").read_text():
        subprocess.run(
            [*inside, "useradd", "-m", "-s", "/bin/bash", "-G", "sudo", USER], check=True
        )
        subprocess.run([*inside, "chpasswd"], input=f"{USER}:{PASSWORD}\n", text=True, check=True)
    subprocess.run([*inside, "chage", "-d", time.strftime("%Y-%m-%d"), USER], check=True)
    with_a_shell(root)


def with_a_shell(root: Path) -> None:
    """A root shell on the serial port."""
    menu = root / "boot/grub/grub.cfg"
    text = menu.read_text()
    assert " console=tty0" in text
    menu.write_text(text.replace(" console=tty0", f" console=tty0 {_SHELL}"))


def hygiene(image: Path) -> list[str]:
    """What two PCs would share and must not: the paths of such files in the image, and which of its
    accounts have a password or are a person's."""
    argv = ["unsquashfs", "-ll", "-no-progress", str(image)]
    listing = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    bad = []
    for line in listing.splitlines():
        words = line.split()
        path = next((word for word in words if word.startswith("squashfs-root")), "")
        inside = path.removeprefix("squashfs-root/")
        folder, name = os.path.split(inside)
        if (
            (folder == "etc/ssh" and name.startswith("ssh_host_"))
            or (folder == "etc/ssl/private" and name.endswith(".key"))
            or inside in ("var/lib/systemd/random-seed", "var/lib/dbus/machine-id")
            or (folder == "home" and name)
            or (inside == "etc/machine-id" and words[2] != "0")
        ):
            bad.append(inside)
    argv = ["unsquashfs", "-cat", str(image), "etc/shadow"]
    shadow = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    accounts = (line.split(":") for line in shadow.splitlines())
    return [*bad, *(name for name, word, *_rest in accounts if word not in ("*", "!", "!*"))]
