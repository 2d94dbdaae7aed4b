"""Two desktops measured side by side: size, start and idle memory on one virtual PC of 2 GiB.

    sudo .venv/bin/python tests/desktop/measure.py [--again] [NAME…]     (some minutes for each)

A candidate is tests/desktop/candidates/NAME.txt on top of common.txt. Each becomes a root file
system with one user who is logged in by himself, and is started by its own kernel in QEMU. The
table that is printed stands in docs/decisions/0180-desktop.md. Work: build/desktop/NAME/ with the
picture of each desktop; --again starts what an earlier run built. Needs root, mmdebstrap,
squashfs-tools, e2fsprogs, qemu-system-x86.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from desktop.look import IDLE_S, Drawn, Idle, idle_memory, keep, wait_drawn
from desktop.packages import unpack
from vm.qemu import Disk, Pc, acceleration, running
from vm.shell import Shell

TOP = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent / "candidates"
WORK = TOP / "build" / "desktop"
# Which program shows that the desktop's own part of the start is through.
PANEL = {"xfce": "xfce4-panel", "lxqt": "lxqt-panel"}
_MIB = 1 << 20


@dataclass(frozen=True)
class Figures:
    name: str
    unpacked_mib: int
    packed_mib: int
    drawn: Drawn
    idle: Idle


def packages(name: str) -> str:
    lines = [
        line for one in ("common", name) for line in (HERE / f"{one}.txt").read_text().split("\n")
    ]
    return ",".join(line for line in lines if line and not line.startswith("#"))


def build(name: str, folder: Path) -> Path:
    """The candidate's root folder: mmdebstrap, then a user whom the log-in screen lets in."""
    root = folder / "root"
    options = ["--variant=apt", f"--include={packages(name)}"]
    options += ['--aptopt=APT::Install-Recommends "false"']
    for tree in ("doc", "man", "info", "locale"):
        options += [f"--dpkgopt=path-exclude=/usr/share/{tree}/*"]
    options += [
        f"--dpkgopt=path-include=/usr/share/locale/{one}" for one in ("fr/*", "locale.alias")
    ]
    unpack(root, options)
    inside = ["chroot", str(root)]
    subprocess.run([*inside, "sh", "-c", "echo fr_FR.UTF-8 UTF-8 >/etc/locale.gen; locale-gen"],
                   check=True, stdout=subprocess.DEVNULL)  # fmt: skip
    (root / "etc/locale.conf").write_text("LANG=fr_FR.UTF-8\n")
    (root / "etc/default/locale").write_text("LANG=fr_FR.UTF-8\n")
    subprocess.run([*inside, "useradd", "-m", "-s", "/bin/bash", "camille"], check=True)
    (root / "etc/lightdm/lightdm.conf.d").mkdir(parents=True, exist_ok=True)
    (root / "etc/lightdm/lightdm.conf.d/90-measure.conf").write_text(
        f"[Seat:*]\nautologin-user=camille\nautologin-session={name}\n"
    )
    (root / "etc/systemd/zram-generator.conf").write_text("[zram0]\nzram-size = ram / 2\n")
    (root / "etc/fstab").write_text("/dev/sda / ext4 defaults 0 1\n")
    (root / "etc/machine-id").write_text("")
    return root


def prepare(name: str) -> None:
    """Leaves drive.img, vmlinuz, initrd and sizes.json in the candidate's folder."""
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    root = build(name, folder)
    unpacked = int(subprocess.check_output(["du", "-s", "-x", "-B1", root]).split()[0])
    packed = folder / "root.squashfs"
    subprocess.run(
        ["mksquashfs", root, packed, "-comp", "zstd", "-Xcompression-level", "15", "-b", "256K",
         "-noappend", "-no-progress", "-quiet"], check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    size = f"{unpacked // _MIB + 1024}M"
    subprocess.run(["mkfs.ext4", "-q", "-d", root, folder / "drive.img", size], check=True)
    for kind in ("vmlinuz", "initrd"):
        shutil.copy(next((root / "boot").glob(f"{kind}*-amd64")), folder / kind)
    sizes = {"unpacked": unpacked // _MIB, "packed": packed.stat().st_size // _MIB}
    (folder / "sizes.json").write_text(json.dumps(sizes))
    packed.unlink()
    shutil.rmtree(root)


def start(name: str) -> Figures:
    """The first start of the drive: a copy is written to."""
    folder = WORK / name
    drive = folder / "started.img"
    subprocess.run(["cp", "--sparse=always", folder / "drive.img", drive], check=True)
    line = "root=/dev/sda rw quiet console=tty0 systemd.debug_shell=ttyS0"
    kernel = (folder / "vmlinuz", folder / "initrd", line)
    with running(Pc(folder, [Disk(drive, "sata")], memory_mib=2048, kernel=kernel)) as vm:
        shell = Shell(vm)
        drawn = wait_drawn(vm, shell, PANEL[name])
        say(f"{name}: drawn after {drawn.seconds:.0f} s; idle for {IDLE_S:.0f} s")
        idle = idle_memory(shell)
        keep(vm, folder / "desktop.png")
    drive.unlink()
    sizes = json.loads((folder / "sizes.json").read_text())
    return Figures(name, sizes["unpacked"], sizes["packed"], drawn, idle)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def table(rows: list[Figures]) -> str:
    lines = [
        "| candidate | unpacked MiB | packed MiB | start to desktop: clock s | processor s |"
        " idle MiB | swapped MiB |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {r.name} | {r.unpacked_mib} | {r.packed_mib} | {r.drawn.seconds:.0f} |"
        f" {r.drawn.processor_s:.0f} | {r.idle.used_mib:.0f} | {r.idle.swapped_mib:.0f} |"
        for r in rows
    ]
    return "\n".join(lines)


def main() -> None:
    known = sorted(path.stem for path in HERE.glob("*.txt") if path.stem != "common")
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(known)}; all")
    parser.add_argument("--again", action="store_true", help="start what was built before")
    wished = parser.parse_args()
    names = wished.names or known
    unknown = sorted(set(names) - set(known))
    if unknown:
        parser.error(f"there is no candidate {', '.join(unknown)}; these are: {', '.join(known)}")
    if os.geteuid() != 0:
        parser.error("root is needed, to install packages into a folder")
    for name in names:
        if not (wished.again and (WORK / name / "sizes.json").exists()):
            say(f"{name}: installing its packages")
            prepare(name)
    rows = []
    for name in names:  # one after the other at the end, so that both meet the same host
        say(f"{name}: starting it")
        rows.append(start(name))
    print(f"One run, QEMU ({acceleration()}), 1 processor, 2048 MiB, kernel started directly.\n")
    print(table(rows))


if __name__ == "__main__":
    main()
