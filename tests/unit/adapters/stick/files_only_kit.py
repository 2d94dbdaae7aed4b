"""The PC of a stick of files, where its reports are put away: what lies on each node, the commands
that were run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from reprise.adapters.stick import disk, files_only
from reprise.adapters.stick.keeper import StickKeeper
from reprise.ports import CommandResult
from unit.adapters.hardware.made_tree import MadeTree

SERIAL = "5A3C-99F0"
OTHER = "0000-0001"
NO_SERIAL = "0000-0000"


def boot_sector(serial: str) -> bytes:
    data = bytearray(512)
    data[82:90], data[510:512] = b"FAT32   ", b"\x55\xaa"
    data[67:71] = int(serial.replace("-", ""), 16).to_bytes(4, "little")
    return bytes(data)


class Pc:
    """What lies on each node; the commands that were run."""

    def __init__(self, tree: MadeTree, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tree, self.run_folder = tree, tree.root / "run/reprise"
        self.run_folder.mkdir(parents=True)
        self.serials: dict[str, str] = {}
        self.live: Path | None = None
        self.refuses = ""  # a word of the command that fails
        self.calls: list[list[str]] = []
        monkeypatch.setattr(disk, "_BLOCK", tree.root / "sys/class/block")
        for module in (disk, files_only):
            monkeypatch.setattr(module, "read_at", self._read)
        monkeypatch.setattr(files_only, "mounted_at", lambda _node: self.live)

    def _read(self, node: str, _at: int, size: int) -> bytes:
        serial = self.serials.get(Path(node).name)
        return boot_sector(serial)[:size] if serial else bytes(size)

    def disk(self, name: str, place: str, serial: str, **facts: str) -> None:
        self.tree.disk(name, place, size="8388608", **facts)
        part = f"{name}{'p' if name[-1].isdigit() else ''}1"
        self.tree.part(name, part, 1)
        self.serials[part] = serial

    def noted(self, node: str, kind: str = "vfat") -> None:
        text = f"node={node}\nDEVPATH=/devices/x\nID_FS_TYPE={kind}\nID_FS_UUID={SERIAL}\n"
        (self.run_folder / "medium").write_text(text)

    def run(
        self, argv: Sequence[str], timeout_s: float = 30.0, stdin: bytes | None = None
    ) -> CommandResult:
        self.calls.append([word.replace(str(self.tree.root), "") for word in argv])
        code = 32 if self.refuses and self.refuses in argv else 0  # mount(8): mount failure
        return CommandResult(tuple(argv), code, b"", b"", 0.0, timed_out=False)

    def prepare(self) -> list[str]:
        """The commands, as lines."""
        self.calls.clear()
        self.state = StickKeeper(self, self.run_folder).prepare()
        return [" ".join(call) for call in self.calls]
