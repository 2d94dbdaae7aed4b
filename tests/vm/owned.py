"""Systems that ask their owner at their first start, on a medium of their own that a station in a
VM installs them from: the small light OS with our first start in it (it has no Python; a test
brings the station's), and whatever the build made. Root only."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from station_kit.building import BUILT
from vm.lab import command_line
from vm.media import ROOT, digest, kernel_and_initrd
from vm.qemu import Disk, Pc, running
from vm.shell import Shell
from vm.surfaces import MIB
from vm.technician import SLOW

NAME = "debian-minimal"
LABEL = "OWNED"
SERIAL = "HDD-LOCKED"
# What no test of these systems needs, and what takes most of the time on an emulated processor: to
# write, to read back, and for each initramfs that is made there.
_LEFT_OUT = (
    *(f"drivers/{kind}" for kind in ("net", "media", "infiniband", "iio", "hwmon", "staging")),
    *(f"drivers/gpu/drm/{kind}" for kind in ("amd", "i915", "nouveau", "radeon", "xe")),
    *(f"drivers/scsi/{kind}" for kind in ("lpfc", "qla2xxx")),
    "sound",
    "net/netfilter",
)
INSTALL = ROOT / "app" / "reprise_first_start" / "system" / "install.sh"


def small(folder: Path) -> Path:
    """The medium with the small system."""
    tree, content = folder / "tree", folder / "content"
    content.mkdir(parents=True)
    packed = content / f"{NAME}.squashfs"
    _run("unsquashfs", "-quiet", "-no-progress", "-dest", tree, BUILT / packed.name)
    _without_drivers(tree)
    _run(INSTALL, tree)
    # It has no screen to ask on, and nobody logs in before it has.
    (tree / "etc/systemd/system/graphical.target.wants/reprise-first-start.service").unlink()
    _run("mksquashfs", tree, packed, "-comp", "zstd", "-Xcompression-level", "3", "-quiet",
         "-no-progress")  # fmt: skip
    shutil.rmtree(tree)
    catalogue = (BUILT / "images.toml").read_text("utf-8")
    (content / "images.toml").write_text(_entry(catalogue, packed), "utf-8")
    image = medium(content, folder / "owned.img")
    shutil.rmtree(content)
    return image


def _without_drivers(tree: Path) -> None:
    (modules,) = (tree / "usr/lib/modules").iterdir()
    for name in _LEFT_OUT:
        shutil.rmtree(modules / "kernel" / name)
    _run("depmod", "-b", tree / "usr", modules.name)


def medium(content: Path, image: Path) -> Path:
    """An ext4 image with the label OWNED that has the folder's files."""
    size = sum(path.stat().st_size for path in content.iterdir())
    with image.open("wb") as out:
        out.truncate(size + size // 20 + 64 * MIB)
    _run("mkfs.ext4", "-q", "-L", LABEL, "-d", content, image)
    return image


@dataclass(frozen=True)
class Drive:
    """What `reprise install` said and ended with, and the drive's bytes."""

    said: str
    code: int
    image: Path


def install(
    iso: Path, folder: Path, medium: Path, system: str, *, size_bytes: int, timeout_s: float
) -> Drive:
    """A system of that medium on a new drive, for its owner: by the station's own command, with
    nobody at the screens. The drive then starts with a root shell on its serial port."""
    kernel, initrd = kernel_and_initrd(iso, folder)
    image = folder / "hdd.img"
    with image.open("wb") as out:
        out.truncate(size_bytes)
    drives = [Disk(image, "sata", SERIAL), Disk(medium, "sata", "HDD-OWNED")]
    disks = [Disk(iso, "cdrom"), *drives]
    words = command_line(iso, folder)
    with running(Pc(folder / "station", disks, kernel=(kernel, initrd, words))) as vm:
        shell = Shell(vm)
        shell.wait_ready(120 * SLOW)
        shell.run("systemctl is-system-running --wait", 120 * SLOW)
        return Drive(*_installed(shell, system, timeout_s), image)


def _installed(shell: Shell, system: str, timeout_s: float) -> tuple[str, int]:
    mount = f"mkdir -p /run/owned && mount -o ro /dev/disk/by-label/{LABEL} /run/owned"
    assert shell.run(mount)[0] == 0
    node = f'"$(lsblk -dnpo NAME,SERIAL | grep {SERIAL} | cut -d " " -f 1)"'
    code, said = shell.run(
        f"reprise install --drive {node} --confirm {SERIAL} --hostname pc-serrure"
        f" --images /run/owned --image {system} --encrypt-for-owner 2>/run/progress",
        timeout_s,
    )
    said += shell.run("tail -3 /run/progress")[1]
    words = "systemd.debug_shell=ttyS0 systemd.getty_auto=no"  # no log-in beside it on that port
    # The kernel reads the table anew when the installer lets go of the drive: its partitions are
    # away for a moment.
    boot, config = "/dev/disk/by-partlabel/boot", "/mnt/grub/grub.cfg"
    for command in (
        f"for try in $(seq 60); do mount {boot} /mnt && break; sleep 1; done; mountpoint -q /mnt",
        f"sed -i '/^[[:space:]]*linux/s/$/ {words}/' {config} && grep -q '{words}' {config}",
        "umount /mnt && sync",
    ):
        changed, why = shell.run(command, 120)
        assert changed == 0, why
    return said, code


def _entry(catalogue: str, packed: Path) -> str:
    """What the build says of the image, with what has changed."""
    (entry,) = (part for part in catalogue.split("[[image]]") if f'name = "{NAME}"' in part)
    for key, value in (("sha256", f'"{digest(packed)}"'), ("size_bytes", packed.stat().st_size)):
        entry, count = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}", entry)
        assert count == 1, key
    unpacked = int(re.findall(r"(?m)^unpacked_bytes = (\d+)$", entry)[0]) + MIB
    entry = re.sub(r"(?m)^unpacked_bytes = .*$", f"unpacked_bytes = {unpacked}", entry)
    return f"[[image]]{entry.rstrip()}\nfirst_start = true\n"


def _run(*argv: str | Path) -> None:
    subprocess.run([*map(str, argv)], check=True, stdout=subprocess.DEVNULL)
