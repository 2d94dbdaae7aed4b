"""A made PC, and which medium the initramfs takes on it: its own script, run by busybox's shell
and programs."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from station_kit.places import TOP

_BOOT = TOP / "live-build/station/includes.chroot/usr/lib/live/boot"
# As live-boot reads them (/usr/bin/live-boot): all of them, one after the other.
SCRIPTS = tuple(sorted(_BOOT.glob("9991-*")))
AHCI = "pci0000:00/0000:00:1f.2/ata{n}/host{n}/target{n}:0:0/{n}:0:0:0"
NVME = "pci0000:00/0000:00:1d.0/0000:01:00.0/nvme/nvme0"
MMC = "pci0000:00/0000:00:1e.0/mmc_host/mmc{n}/mmc{n}:0001"
USB = "pci0000:00/0000:00:14.0/usb1/1-{n}/1-{n}:1.0/host{n}/target{n}:0:0/{n}:0:0:0"
BEHIND_HUB = "pci0000:00/0000:00:14.0/usb1/1-8/1-8.{n}/1-8.{n}:1.0/host{n}/target{n}:0:0/{n}:0:0:0"
LATE = 3600  # seconds since the search began


@dataclass
class Pc:
    """Every drive carries our image of this build; `builds` names those of another, `cut_off` those
    whose copy ended before the system was there. `types`: file systems that are not the image's
    own, and hold its files all the same."""

    root: Path
    busybox: Path
    builds: dict[str, str] = field(default_factory=dict)
    cut_off: tuple[str, ...] = ()
    types: dict[str, str] = field(default_factory=dict)
    count: int = 1
    line: str = "quiet"

    def drive(
        self, name: str, place: str, parts: int = 2, removable: Mapping[str, str] | None = None
    ) -> None:
        """`removable`: words of the firmware, port (“usb1_1-2” is usb1/1-2) -> word."""
        self.count += 1
        where = self.root / "sys/devices" / place.format(n=self.count) / "block" / name
        self._node(where, name, "disk")
        for number in range(1, parts + 1):
            self.partition(name, number)
        for port, word in (removable or {}).items():
            folder = next(one for one in where.parents if one.name == port.format(n=self.count))
            (folder / "removable").write_text(word + "\n")

    def partition(self, drive: str, number: int) -> None:
        where = (self.root / "sys/class/block" / drive).resolve()
        part = f"{drive}{'p' if drive[-1].isdigit() else ''}{number}"
        self._node(where / part, part, "partition")

    def _node(self, folder: Path, name: str, kind: str) -> None:
        folder.mkdir(parents=True)
        (folder / "uevent").write_text(f"DEVNAME={name}\nDEVTYPE={kind}\n")
        link = self.root / "sys/class/block" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(folder)
        (self.root / "dev").mkdir(exist_ok=True)
        (self.root / "dev" / name).touch()

    def card(self, name: str, kind: str) -> None:
        self.drive(name, MMC)
        where = (self.root / "sys/class/block" / name).resolve()
        (where.parents[1] / "type").write_text(kind + "\n")

    def starts_from(self, seconds: int = LATE) -> str:
        """The node's name that find_livefs keeps; "" where it keeps none yet."""
        shutil.rmtree(self.root / "run", ignore_errors=True)
        done = self.runs(f"find_livefs {seconds}")
        note = self.root / "run/medium"
        assert done.returncode == (0 if note.exists() else 1)
        first = note.read_text().splitlines()[0] if note.exists() else ""
        return first.rpartition("/")[2]

    def says_at_the_end(self) -> list[str]:
        """What is wrong and what to do, in French, once the search has come to nothing."""
        assert self.starts_from() == ""
        asked = 'reprise_stop() { echo "$1"; echo "$2"; exit; }\n'
        words = "Unable to find a medium containing a live file system"
        return self.runs(f"{asked}panic {words}").stdout.splitlines()

    def mounts(self) -> list[str]:
        """Since power-on: type, options, node."""
        path = self.root / "mounts"
        return path.read_text().splitlines() if path.exists() else []

    def runs(self, what: str) -> subprocess.CompletedProcess[str]:
        shutil.rmtree(self.root / "medium", ignore_errors=True)
        (self.root / "id").write_text("this build\n")
        (self.root / "cmdline").write_text(f"boot=live {self.line}\n")
        script = "".join(path.read_text() for path in SCRIPTS)
        for there, here in {
            "/proc/cmdline": "cmdline",
            "/run/reprise": "run",
            "/conf/reprise-image-id": "id",
            "/sys/class/block": "sys/class/block",
            "/dev/$": "dev/$",
            "/dev/mapper": "dev/mapper",
        }.items():
            script = script.replace(there, f"{self.root}/{here}")
        script = script.replace("> /dev/console", f">> {self.root}/console")
        script = script.replace("[ -b ", "[ -e ")  # the made nodes are files
        others = " ".join(self.builds) or "none"
        types = "".join(f"{node}) echo {kind} ;;\n" for node, kind in self.types.items())
        script += _STAND_INS.format(
            root=self.root, others=others, cut_off=" ".join(self.cut_off) or "none", types=types
        )
        script += what + "\n"
        done = subprocess.run(
            [self.busybox / "sh", "-c", script],
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": str(self.busybox)},
            timeout=60,
        )
        assert done.stderr == ""
        return done


_STAND_INS = """
mountpoint={root}/medium
kind() {{
    case "$1" in
{types}    esac
}}
blkid() {{
    if [ -n "$(kind "${{5##*/}}")" ]; then
        [ "$4" != TYPE ] || kind "${{5##*/}}"
        return
    fi
    case "$4 $5" in
        *sd?2 | *p2) ;;
        TYPE*) echo iso9660 ;;
        LABEL*) echo REPRISE_LIVE ;;
    esac
}}
mount() {{
    echo "$2 $4 ${{5##*/}}" >> {root}/mounts
    for last; do :; done
    mkdir -p "$last/live" "$last/reprise"
    touch "$last/live/filesystem.squashfs"
    echo "this build" > "$last/reprise/image-id"
    case " {others} " in *" ${{5##*/}} "*) echo "another build" > "$last/reprise/image-id" ;; esac
    case " {cut_off} " in *" ${{5##*/}} "*) rm "$last/live/filesystem.squashfs" ;; esac
}}
umount() {{ rm -rf "$1"; mkdir "$1"; }}
udevadm() {{ echo ID_FS_UUID=2026-11-24-16-05-00-00; }}
"""


@cache
def _applets(program: str) -> tempfile.TemporaryDirectory[str]:
    """Three hundred links, for all PCs of this process."""
    folder = tempfile.TemporaryDirectory(prefix="reprise-busybox-")
    listed = subprocess.run([program, "--list"], check=True, capture_output=True, text=True)
    for applet in listed.stdout.split():
        Path(folder.name, applet).symlink_to(program)
    return folder


def made_pc(folder: Path) -> Pc:
    """Skips the test where there is no busybox."""
    program = shutil.which("busybox")
    if program is None:
        pytest.skip("needs busybox")
    return Pc(folder, Path(_applets(program).name))
