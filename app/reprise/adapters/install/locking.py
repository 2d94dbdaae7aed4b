"""The encrypted root of a new system: made, opened, told to the system, closed."""

from __future__ import annotations

from pathlib import Path

from reprise.adapters.install.layout import Layout
from reprise.adapters.install.steps import InstallProblem, Tools
from reprise.adapters.install.target import Target, write_file
from reprise.domain.images import InstallFailure
from reprise.tools import cryptsetup

_KEY_S = 300.0  # finding out how much work the passphrase shall be takes seconds, more on a busy PC
_INITRAMFS_S = 1800.0


def open_new(layout: Layout, passphrase: str, tools: Tools) -> None:
    """A new LUKS2 volume, open. Nothing where the layout has none."""
    if layout.locked is None:
        return
    secret = passphrase.encode("ascii")
    volume = layout.locked.volume
    argv = cryptsetup.argv_format(volume, layout.locked.volume_uuid)
    tools.must(argv, timeout_s=_KEY_S, stdin=secret)
    tools.must(cryptsetup.argv_open(volume), timeout_s=_KEY_S, stdin=secret)


def close(tools: Tools) -> None:
    """Also what an earlier crash left open; nothing where nothing is. Raises InstallProblem where
    it stays open."""
    if Path(cryptsetup.MAPPED).exists():
        tools.attempt(cryptsetup.argv_close())
    if Path(cryptsetup.MAPPED).exists():
        raise InstallProblem(InstallFailure.DRIVE_BUSY, cryptsetup.MAPPED)


def configure(target: Target) -> None:
    """The system asks for the passphrase when it starts, on the keyboard that was configured."""
    locked = target.layout.locked
    if locked is None:
        return
    etc = target.root / "etc"
    write_file(etc / "crypttab", cryptsetup.crypttab(locked.volume_uuid))
    folder = etc / "initramfs-tools/conf.d"
    for one in (folder.parent, folder):
        if one.is_symlink():
            raise InstallProblem(InstallFailure.UNSUITABLE, f"/{one.relative_to(target.root)}")
        one.mkdir(exist_ok=True)
    write_file(folder / "passphrase-keyboard", "KEYMAP=y\n")
    target.inside(["update-initramfs", "-u", "-k", "all"], timeout_s=_INITRAMFS_S)
