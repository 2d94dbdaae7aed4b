"""The new system's root while it is being made: mounted at one place, with a /dev of its own that
holds no drive but the target, so that nothing run inside can reach another one."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from reprise.adapters.install.layout import Layout
from reprise.adapters.install.steps import InstallProblem, Tools
from reprise.domain.images import InstallFailure
from reprise.ports import CommandResult

# Name -> major, minor of the memory devices (Linux, Documentation/admin-guide/devices.txt).
_NODES = {
    "null": (1, 3),
    "zero": (1, 5),
    "full": (1, 7),
    "random": (1, 8),
    "urandom": (1, 9),
    "tty": (5, 0),
}
_INSIDE = (
    "/usr/bin/env",
    "-i",
    "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL=C.UTF-8",
    "DEBIAN_FRONTEND=noninteractive",
)
# unsquashfs keeps this much of packed data and of fragments in memory (MiB each; its default of
# 256 does not fit a PC with 1 GiB).
_QUEUE_MIB = "32"
_UNPACK_S = 2 * 3600.0


class Target:
    """`root` is where the new system's root is mounted."""

    def __init__(self, root: Path, layout: Layout, tools: Tools) -> None:
        self.root = root
        self.layout = layout
        self._tools = tools

    def mount(self) -> None:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        # ext4's background work would go on under the check that follows the install.
        options = "noatime,noinit_itable"
        self._tools.must(["mount", "-t", "ext4", "-o", options, self.layout.root, str(self.root)])
        self._tools.must(["mount", "--make-rprivate", str(self.root)])

    def unpack(self, image: Path) -> Iterator[int]:
        """Yields the bytes unpacked so far."""
        before = self._used_bytes()
        argv = ["unsquashfs", "-force", "-quiet", "-no-progress", "-strict-errors"]
        argv += ["-da", _QUEUE_MIB, "-fr", _QUEUE_MIB, "-dest", str(self.root), str(image)]
        for _tick in self._tools.must_watched(argv, timeout_s=_UNPACK_S):
            yield max(0, self._used_bytes() - before)

    def _used_bytes(self) -> int:
        facts = os.statvfs(self.root)
        return (facts.f_blocks - facts.f_bfree) * facts.f_frsize

    def open_inside(self) -> None:
        """Make `inside` possible: /proc, a read-only /sys, a private /dev and an empty /run."""
        root = self.root
        self._tools.must(["mount", "-t", "proc", "proc", str(root / "proc")])
        self._tools.must(["mount", "-t", "sysfs", "-o", "ro", "sysfs", str(root / "sys")])
        self._tools.must(["mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", str(root / "run")])
        self._tools.must(["mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", str(root / "dev")])
        for name, (major, minor) in _NODES.items():
            _make_node(root / "dev" / name, stat.S_IFCHR | 0o666, os.makedev(major, minor))
        (root / "dev/fd").symlink_to("/proc/self/fd")
        for node in self.layout.nodes:
            there = Path(node).stat().st_rdev
            _make_node(root / node.lstrip("/"), stat.S_IFBLK | 0o600, there)
        # The boot menu names its root by UUID only where this link says that the UUID is known.
        by_uuid = root / "dev/disk/by-uuid"
        by_uuid.mkdir(parents=True)
        (by_uuid / self.layout.root_uuid).symlink_to(self.layout.root)

    def inside(
        self, argv: Sequence[str], *, timeout_s: float = 300.0, stdin: bytes | None = None
    ) -> CommandResult:
        """Run one of the new system's own programs in it."""
        return self._tools.must(
            ["chroot", str(self.root), *_INSIDE, *argv], timeout_s=timeout_s, stdin=stdin
        )

    def unmount(self) -> None:
        """Also what an earlier crash left. Raises InstallProblem where something stays mounted."""
        for _attempt in range(20):
            if not self.mounted():
                return
            self._tools.attempt(["umount", "--recursive", str(self.root)], timeout_s=900)
            if self.mounted():
                time.sleep(0.5)  # a killed command may need a moment to let go
        raise InstallProblem(InstallFailure.DRIVE_BUSY, str(self.root))

    def mounted(self) -> bool:
        return self.root.is_mount()


def _make_node(path: Path, mode: int, device: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mknod(path, mode, device)
    path.chmod(stat.S_IMODE(mode))  # whatever our umask is
