"""Drives as image files: full of somebody's planted data before, and looked at byte by byte
after, from outside the PC."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

MIB = 1024 * 1024
BLOCK = 4096
SECTOR = 512


@dataclass(frozen=True)
class Planted:
    """A drive image and its copy from before."""

    image: Path
    before: Path
    canary: bytes
    size: int


def _fill_random(image: Path, size: int) -> None:
    """Old "data" everywhere: a keystream, so that no two blocks are alike."""
    stream = Cipher(algorithms.AES(uuid.uuid4().bytes), modes.CTR(bytes(16))).encryptor()
    zeros = bytes(4 * MIB)
    with image.open("wb") as out:
        for _start in range(0, size, len(zeros)):
            out.write(stream.update(zeros))
        out.truncate(size)


def _format(kind: list[str], size: int, into: Path, offset: int) -> None:
    part = into.with_suffix(".part")
    with part.open("wb") as out:
        out.truncate(size)
    try:
        subprocess.run([*kind, str(part)], check=True, capture_output=True)
        argv = ["dd", f"if={part}", f"of={into}", "bs=1M", f"seek={offset // MIB}"]
        subprocess.run([*argv, "conv=notrunc,sparse"], check=True, capture_output=True)
    finally:
        part.unlink()


def plant(image: Path, size: int, *, full: bool) -> Planted:
    """Make a drive with a partition table, an ext4 and an NTFS file system, and a canary in its
    first sector, in its last one and in each MiB. `full`: every block holds old data."""
    if full:
        _fill_random(image, size)
    else:
        with image.open("wb") as out:
            out.truncate(size)
    half = size // 2 // MIB * MIB
    table = f"label: dos\nstart=1MiB, size={half // MIB - 1}MiB, type=83\n"
    table += f"start={half // MIB}MiB, type=7\n"
    argv = ["sfdisk", "--quiet", "--no-reread", str(image)]
    subprocess.run(argv, input=table.encode(), check=True, capture_output=True)
    _format(["mkfs.ext4", "-q", "-F", "-L", "OLD-LINUX"], half - MIB, image, MIB)
    _format(["mkntfs", "-F", "-Q", "-q", "-L", "VIEUX-WINDOWS"], size - half, image, half)
    canary = b"CANARY-" + uuid.uuid4().hex.encode()
    places = [0, size - SECTOR, *range(MIB // 2, size, MIB)]
    with image.open("r+b") as out:
        for place in places:
            out.seek(place)
            out.write(canary + b"@%d;" % place)
    before = image.with_suffix(".before")
    subprocess.run(["cp", "--sparse=always", str(image), str(before)], check=True)
    return Planted(image, before, canary, size)


@dataclass(frozen=True)
class Surface:
    """What a look at every block found. `kept`: blocks that are as they were and not empty."""

    canaries: int
    kept: int
    zero: int
    blocks: int


def look(planted: Planted) -> Surface:
    """Compare every 4 KiB block with what it was, and search for canaries anywhere."""
    canaries = kept = zero = blocks = 0
    empty, nothing = bytes(BLOCK), bytes(MIB)
    tail = b""
    with planted.image.open("rb") as now, planted.before.open("rb") as was:
        while chunk := now.read(MIB):
            old = was.read(MIB)
            joined = tail + chunk
            canaries += len(re.findall(re.escape(planted.canary), joined))
            tail = chunk[-(len(planted.canary) - 1) :]
            if chunk == nothing:
                zero += MIB // BLOCK
                blocks += MIB // BLOCK
                continue
            for start in range(0, len(chunk), BLOCK):
                block = chunk[start : start + BLOCK]
                blocks += 1
                if block == empty[: len(block)]:
                    zero += 1
                elif block == old[start : start + BLOCK]:
                    kept += 1
    return Surface(canaries, kept, zero, blocks)


def make_stick(iso: Path, image: Path, size: int) -> Path:
    """The ISO as a flashing program writes it, on a stick with room to spare."""
    shutil.copyfile(iso, image)
    with image.open("r+b") as out:
        out.truncate(size)
    return image


def files_of(iso: Path, folder: Path) -> Path:
    """All that the ISO holds, as files in a new folder."""
    argv = ["xorriso", "-osirrox", "on", "-indev", str(iso), "-extract", "/", str(folder)]
    subprocess.run(argv, check=True, capture_output=True)
    subprocess.run(["chmod", "-R", "u+rwX", str(folder)], check=True)
    return folder


# What Windows makes of a stick: one partition, from the first MiB on. In a GPT that is of the type
# “Microsoft basic data”.
_TABLES = {
    "dos": "label: dos\nstart=1MiB, type={kind}, bootable\n",
    "gpt": "label: gpt\nstart=1MiB, type=EBD0A0A2-B9E5-4433-87C0-68B6B72699C7\n",
}


def windows_stick(image: Path, size: int, table: str = "dos", kind: str = "c") -> int:
    """An empty stick. How large its one partition is at the most: a GPT ends with its copy."""
    with image.open("wb") as out:
        out.truncate(size)
    argv = ["sfdisk", "--quiet", "--no-reread", str(image)]
    words = _TABLES[table].format(kind=kind).encode()
    subprocess.run(argv, input=words, check=True, capture_output=True)
    return size - (2 if table == "gpt" else 1) * MIB


def make_fat_stick(
    iso: Path, image: Path, size: int, label: str = "REPRISE_LIV", table: str = "dos"
) -> DataPartition:
    """The ISO's files on FAT32, as Rufus's ISO mode lays them out and a copy by hand does. What
    Rufus adds for BIOS, its own GRUB in front of the partition, is not there: UEFI starts it."""
    files = files_of(iso, image.with_suffix(".files"))
    room = windows_stick(image, size, table)
    argv = ["mkfs.vfat", "-F", "32", "-n", label, "--offset", str(MIB // SECTOR), str(image)]
    subprocess.run([*argv, str(room // 1024)], check=True, capture_output=True)
    argv = ["mcopy", "-s", "-i", f"{image}@@{MIB}", *map(str, sorted(files.iterdir())), "::/"]
    subprocess.run(argv, check=True, capture_output=True)
    shutil.rmtree(files)
    return DataPartition(image, MIB)


def put_partition(image: Path, part: Path) -> None:
    """A file system, made in a file of its own, into a Windows stick; that file goes."""
    argv = ["dd", f"if={part}", f"of={image}", "bs=1M", "seek=1", "conv=notrunc,sparse"]
    subprocess.run(argv, check=True, capture_output=True)
    part.unlink()


@dataclass(frozen=True)
class DataPartition:
    """The stick's REPRISE partition, read and written from outside with mtools."""

    image: Path
    start: int

    def _at(self) -> str:
        return f"{self.image}@@{self.start}"

    def names(self, folder: str) -> list[str]:
        argv = ["mdir", "-b", "-i", self._at(), f"::/{folder}"]
        done = subprocess.run(argv, capture_output=True, check=False)
        return [line.rsplit("/", 1)[-1] for line in done.stdout.decode().split() if line[-1] != "/"]

    def read(self, path: str) -> bytes:
        argv = ["mtype", "-i", self._at(), f"::/{path}"]
        return subprocess.run(argv, capture_output=True, check=True).stdout

    def write(self, source: Path, path: str) -> None:
        argv = ["mcopy", "-o", "-i", self._at(), str(source), f"::/{path}"]
        subprocess.run(argv, capture_output=True, check=True)


def data_partition(image: Path) -> DataPartition | None:
    """Find the REPRISE partition in a stick's image; None where there is none yet."""
    argv = ["sfdisk", "--dump", str(image)]
    dump = subprocess.run(argv, capture_output=True, check=True).stdout.decode()
    with image.open("rb") as stick:
        for start in re.findall(r"start=\s*(\d+)", dump):
            stick.seek(int(start) * SECTOR)
            boot = stick.read(SECTOR)
            if boot[71:82].rstrip() == b"REPRISE":
                return DataPartition(image, int(start) * SECTOR)
    return None


def add_data_partition(stick: Path) -> DataPartition:
    """What the station does on first boot, done beforehand: for a stick prepared with settings."""
    argv = ["sfdisk", "--append", "--wipe", "never", "--no-reread", str(stick)]
    subprocess.run(argv, input=b"type=c\n", check=True, capture_output=True)
    argv = ["sfdisk", "--json", str(stick)]
    table = json.loads(subprocess.run(argv, check=True, capture_output=True).stdout)
    last = table["partitiontable"]["partitions"][-1]
    blocks = str(last["size"] * SECTOR // 1024)
    argv = ["mkfs.vfat", "-F", "32", "-n", "REPRISE", "--offset", str(last["start"]), str(stick)]
    subprocess.run([*argv, blocks], check=True, capture_output=True)
    partition = data_partition(stick)
    if partition is None:
        raise RuntimeError("the data partition was not made")
    return partition


def tempting_drive(image: Path) -> Path:
    """A drive that a careless live system would use: a swap area, and an ext4 that was not
    unmounted, so that even a read-only mount would replay its journal."""
    with image.open("wb") as out:
        out.truncate(256 * MIB)
    table = b"label: gpt\nsize=64MiB, type=swap\nsize=64MiB, type=linux\ntype=linux\n"
    subprocess.run(["sfdisk", "-q", str(image)], input=table, check=True, capture_output=True)
    swap, root = image.with_suffix(".swap"), image.with_suffix(".ext4")
    for path, make in ((swap, ["mkswap"]), (root, ["mkfs.ext4", "-q", "-F"])):
        with path.open("wb") as out:
            out.truncate(64 * MIB)
        subprocess.run([*make, str(path)], check=True, capture_output=True)
    argv = ["debugfs", "-w", "-R", "feature needs_recovery", str(root)]
    subprocess.run(argv, check=True, capture_output=True)
    for path, start in ((swap, 1), (root, 65)):
        argv = ["dd", f"if={path}", f"of={image}", "bs=1M", f"seek={start}", "conv=notrunc"]
        subprocess.run(argv, check=True, capture_output=True)
        path.unlink()
    return image
