"""The new system's root while it is being made: mounted at one place, with a /dev of its own that
holds no drive but the target, so that nothing run inside can reach another one."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from reprise.adapters.install.compare import compare_squashfs
from reprise.adapters.install.layout import Layout
from reprise.adapters.install.steps import InstallProblem, ToolRunner, reading_image, succeeded
from reprise.domain.install.images import ImageKind, InstallFailure
from reprise.ports import CommandResult
from reprise.tools.image_magic import Packing, argv_unpack, packing_of

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
_QUEUE = ("-da", "32", "-fr", "32")
_UNPACK_S = 2 * 3600.0
# GNU tar cuts a leading "/" off names, refuses those with "..", and makes links that lead out of
# its folder last of all, so that nothing is written through one. Owners are numbers: the names of
# the station's users are not the image's.
_TAR = ("tar", "--numeric-owner", "--xattrs", "--xattrs-include=*", "--acls")
_TAR_DIFFERS = 1  # tar(1), RETURN VALUE
_PLAIN_FOLDERS = ("etc", "etc/default", "boot", "usr", "usr/sbin")
_MOUNT_POINTS = ("dev", "proc", "run", "sys")  # a tar may have been made without them


class Target:
    """`root` is where the new system's root is mounted."""

    def __init__(self, root: Path, layout: Layout, tools: ToolRunner) -> None:
        self.root = root
        self.layout = layout
        self._tools = tools

    def mount(self) -> None:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        # ext4's background work would go on under the check that follows the install.
        # nodev: a device file of the image's own opens nothing.
        options = "noatime,noinit_itable,nodev"
        self._tools.must(["mount", "-t", "ext4", "-o", options, self.layout.root, str(self.root)])
        self._tools.must(["mount", "--make-rprivate", str(self.root)])
        if self.layout.locked is not None:
            boot = self.root / "boot"
            boot.mkdir(mode=0o755, exist_ok=True)
            argv = ["mount", "-t", "ext4", "-o", options, self.layout.locked.boot, str(boot)]
            self._tools.must(argv)

    def unpack(self, image: Path, kind: ImageKind) -> Iterator[int]:
        """Yields the bytes unpacked so far; all of them are on the drive when it ends."""
        before = self.used_bytes()
        argv = ["unsquashfs", "-force", "-quiet", "-no-progress", "-strict-errors"]
        argv += [*_QUEUE, "-dest", str(self.root), str(image)]
        if kind is ImageKind.TAR:
            argv = [*_TAR, "--extract", "--preserve-permissions", "--same-owner"]
            argv += self._archive(image)
        for _tick in self._tools.must_watched(argv, timeout_s=_UNPACK_S):
            yield max(0, self.used_bytes() - before)
        self._check_folders()
        self.sync()

    def _archive(self, image: Path) -> list[str]:
        with reading_image(), image.open("rb") as file:
            packing = packing_of(file.read(8))
        unpack = [] if packing is Packing.NONE else ["-I", " ".join(argv_unpack(packing))]
        return [*unpack, "--directory", str(self.root), "--file", str(image)]

    def _check_folders(self) -> None:
        """What we write goes into folders, never through a link that could lead elsewhere."""
        for name in _MOUNT_POINTS:
            if not os.path.lexists(self.root / name):
                (self.root / name).mkdir(mode=0o755)
        for name in (*_PLAIN_FOLDERS, *_MOUNT_POINTS):
            try:
                plain = stat.S_ISDIR((self.root / name).lstat().st_mode)
            except FileNotFoundError:
                plain = False
            if not plain:
                raise InstallProblem(InstallFailure.UNSUITABLE, f"/{name}")

    def compare(self, image: Path, kind: ImageKind) -> Iterator[int]:
        """What was unpacked, read from the drive and compared with the image; yields the bytes
        compared so far, for a tar 0. Raises InstallProblem."""
        self.unmount()  # drops what memory holds of its files
        self.mount()
        if kind is ImageKind.TAR:
            yield from self._compare_tar(image)
            return
        argv = ["unsquashfs", "-quiet", "-no-progress", *_QUEUE, "-pf", "-", str(image)]
        for done in compare_squashfs(argv, self.root, self._tools.runner):
            self._tools.check_stop()
            yield done

    def _compare_tar(self, image: Path) -> Iterator[int]:
        argv = [*_TAR, "--compare", *self._archive(image)]
        work = self._tools.watched(argv, timeout_s=_UNPACK_S)
        while True:
            try:
                next(work)
            except StopIteration as end:
                result: CommandResult = end.value
                break
            yield 0
        if result.exit_code == _TAR_DIFFERS:
            said = (result.text or result.stderr.decode("utf-8", "replace")).split("\n", 1)[0]
            raise InstallProblem(InstallFailure.NOT_AS_WRITTEN, said)
        succeeded(result)

    def used_bytes(self) -> int:
        facts = os.statvfs(self.root)
        return (facts.f_blocks - facts.f_bfree) * facts.f_frsize

    def make_swap(self, size_bytes: int) -> None:
        """/swapfile, readable by root alone. Raises InstallProblem, OSError."""
        path = self.root / "swapfile"
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(handle, 0, size_bytes)
        finally:
            os.close(handle)
        self._tools.must(["mkswap", "--quiet", str(path)])

    def free_bytes(self) -> int:
        facts = os.statvfs(self.root)
        return facts.f_bavail * facts.f_frsize

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
        # The boot menu names its root by UUID only where this link says that the UUID is known; and
        # the initramfs holds only what opens a volume that it finds by such a link.
        by_uuid = root / "dev/disk/by-uuid"
        by_uuid.mkdir(parents=True)
        for known_as, node in self.layout.by_uuid.items():
            (by_uuid / known_as).symlink_to(node)

    def inside(
        self, argv: Sequence[str], *, timeout_s: float = 300.0, stdin: bytes | None = None
    ) -> CommandResult:
        """Run one of the new system's own programs in it."""
        return self._tools.must(
            ["chroot", str(self.root), *_INSIDE, *argv], timeout_s=timeout_s, stdin=stdin
        )

    def sync(self) -> None:
        """All files are on the drive when this returns, though another mount namespace should
        keep the file system from being unmounted for good."""
        mounted = [self.root, *([self.root / "boot"] if self.layout.locked else [])]
        self._tools.must(["sync", "--file-system", *map(str, mounted)], timeout_s=_UNPACK_S)

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


def write_file(path: Path, text: str, mode: int = 0o644) -> None:
    """Replaces a file or a link: never follows one, it could lead out of the target."""
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def _make_node(path: Path, mode: int, device: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mknod(path, mode, device)
    path.chmod(stat.S_IMODE(mode))  # whatever our umask is
