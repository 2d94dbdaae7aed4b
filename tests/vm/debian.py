"""A bare Debian 13 for a guest, as somebody has whose provider made it: systemd, Python, APT's
state, no network, and files that a test puts into /root. Made from the build host's mirror; its
kernel is the image's. Root only."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from station_kit.places import TOP
from vm.media import kernel_and_initrd
from vm.qemu import Disk, Pc
from vm.surfaces import MIB

_SIZE = 2048 * MIB  # sparse
_SOURCES = f'top={TOP}; . "$top/live-build/mirrors.sh"; host_sources trixie'
_WORDS = "root=/dev/sda rw quiet systemd.debug_shell=ttyS0 systemd.getty_auto=no"
_NOTHING = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*")


def system(folder: Path, packages: str, files: Mapping[str, Path]) -> Path:
    """A drive without a table: ext4 with Debian, `packages` (comma between), `files` in /root."""
    tree = folder / "debian"
    sources = subprocess.run(["sh", "-c", _SOURCES], check=True, capture_output=True).stdout
    argv = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include=systemd-sysv,{packages}"]
    argv += ['--aptopt=APT::Install-Recommends "false"']
    argv += [f"--dpkgopt=path-exclude={glob}" for glob in _NOTHING]
    subprocess.run([*argv, "trixie", str(tree), "-"], input=sources, check=True)
    for name, source in files.items():
        shutil.copyfile(source, tree / "root" / name)
    image = folder / "debian.img"
    with image.open("wb") as out:
        out.truncate(_SIZE)
    subprocess.run(["mkfs.ext4", "-q", "-d", str(tree), str(image)], check=True)
    shutil.rmtree(tree)
    return image


def pc(folder: Path, iso: Path, image: Path) -> Pc:
    """It starts with a root shell on its serial port."""
    kernel, initrd = kernel_and_initrd(iso, folder)
    disks = [Disk(image, "sata", "HDD-SERVER")]
    return Pc(folder / "pc", disks, memory_mib=1024, kernel=(kernel, initrd, _WORDS))
