"""`reprise stick write` as a person runs it: without a terminal, or on one of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from disks.rig import MIB, tool
from station_kit.processes import Terminal

SIZE = 128 * MIB
SETTINGS = b'[station]\nname = "atelier"\n\n[server]\nurl = "https://reprise.example.org"\n'
QUESTION = "Type its serial number"


def argv(*words: str, lang: str = "en") -> list[str]:
    return [sys.executable, "-m", "reprise", "--lang", lang, "stick", "write", *words]


def write(*words: str, lang: str = "en") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        argv(*words, lang=lang),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@dataclass
class Stick:
    """A used stick: a loop device over `file`, full of what must be gone, or must stay."""

    file: Path
    node: str
    iso: Path

    def write(self, *words: str) -> subprocess.CompletedProcess[str]:
        return write(str(self.iso), "--device", self.node, "--confirm", str(self.file), *words)

    def refused(self, *words: str, code: int = 3) -> str:
        """The reason; nothing was written."""
        done = self.write(*words)
        assert done.returncode == code, done.stderr
        assert done.stdout == ""
        assert self.untouched()
        return told(done)

    def untouched(self) -> bool:
        data = self.file.read_bytes()
        return data.count(b"SECRET") > 1000 and data[-10:] != bytes(10)

    def image_is_on_it(self) -> bool:
        wanted = self.iso.read_bytes()
        found = self.file.read_bytes()[: len(wanted)]
        entry = 446 + 2 * 16  # the one entry that the data partition adds
        return found[:entry] == wanted[:entry] and found[entry + 16 :] == wanted[entry + 16 :]


def told(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence of ours, the last line."""
    line = done.stderr.strip().splitlines()[-1]
    assert line.startswith("reprise: ")
    assert "Traceback" not in done.stderr
    return line


def partition(node: str, label: str) -> None:
    """One partition over all of it."""
    argv = ["sfdisk", "--quiet", "--label", label, "--wipe", "never", node]
    subprocess.run(argv, input=b"2048,\n", check=True, capture_output=True)
    tool("partx", "--update", node)


def first_sector(node: str) -> bytes:
    with Path(node).open("rb") as device:
        return device.read(512)


def partition_table(node: str) -> list[str]:
    lines = tool("sfdisk", "--dump", node).splitlines()
    return [line.partition(" : ")[2] for line in lines if " : " in line]


def copy_of(iso: Path, folder: Path, *, digest: bool) -> Path:
    copied = folder / "reprise.iso"
    copied.write_bytes(iso.read_bytes())
    if digest:
        beside = iso.with_name("reprise.iso.sha256")
        copied.with_name(beside.name).write_bytes(beside.read_bytes())
    return copied


Ask = Callable[..., Terminal]
