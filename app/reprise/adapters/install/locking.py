"""The encrypted root of a new system: made, opened, told to the system, closed."""

from __future__ import annotations

import secrets
from pathlib import Path

from reprise.adapters.install.layout import Layout
from reprise.adapters.install.steps import InstallProblem, ToolRunner
from reprise.adapters.install.target import Target, write_file
from reprise.domain.install.images import InstallFailure
from reprise.ports import InstallRequest
from reprise_common import cryptsetup

_KEY_S = 300.0  # finding out how much work the passphrase shall be takes seconds, more on a busy PC
_INITRAMFS_S = 1800.0


def new_key(request: InstallRequest) -> str:
    """What opens the new volume: the passphrase that was given, or 256 bits of the kernel's for the
    time until the owner gives one."""
    return request.passphrase or secrets.token_hex(32)


def open_new(layout: Layout, key: str, tools: ToolRunner) -> None:
    """A new LUKS2 volume, open. Nothing where the layout has none."""
    if layout.locked is None:
        return
    secret = key.encode("ascii")
    volume = layout.locked.volume
    argv = cryptsetup.argv_format(volume, layout.locked.volume_uuid)
    tools.must(argv, timeout_s=_KEY_S, stdin=secret)
    tools.must(cryptsetup.argv_open(volume), timeout_s=_KEY_S, stdin=secret)


def close(tools: ToolRunner) -> None:
    """Also what an earlier crash left open; nothing where nothing is. Raises InstallProblem where
    it stays open."""
    if Path(cryptsetup.MAPPED).exists():
        tools.attempt(cryptsetup.argv_close())
    if Path(cryptsetup.MAPPED).exists():
        raise InstallProblem(InstallFailure.DRIVE_BUSY, cryptsetup.MAPPED)


def configure(target: Target, request: InstallRequest, key: str) -> None:
    """The system asks for the passphrase when it starts, on the keyboard that was configured; until
    it has its owner's, its initramfs has the first key."""
    locked = target.layout.locked
    if locked is None:
        return
    volume = f"UUID={locked.volume_uuid}"
    _write(target, "etc/initramfs-tools/conf.d/passphrase-keyboard", "KEYMAP=y\n")
    if request.options.encrypt:
        table = cryptsetup.crypttab(volume, cryptsetup.FIRST_KEY)
        _write(target, cryptsetup.FIRST_KEY.removeprefix("/"), key, mode=0o600)
        _write(target, cryptsetup.FIRST_CONF, cryptsetup.FIRST_CONF_TEXT)
        hook = target.root / cryptsetup.CONF_HOOK
        before = hook.read_text("utf-8") if hook.is_file() and not hook.is_symlink() else ""
        _write(target, cryptsetup.CONF_HOOK, before + cryptsetup.CONF_HOOK_LINE)
    else:
        table = cryptsetup.crypttab(volume)
        _write(target, cryptsetup.ASK, cryptsetup.ASK_TEXT, mode=0o755)
    _write(target, cryptsetup.CRYPTTAB, table)
    target.inside(["update-initramfs", "-u", "-k", "all"], timeout_s=_INITRAMFS_S)


def _write(target: Target, name: str, text: str, mode: int = 0o644) -> None:
    """Raises InstallProblem where a folder on the way is a link: it could lead out of the root."""
    path = target.root / name
    way = [parent for parent in reversed(path.parents) if parent.is_relative_to(target.root)]
    for folder in way[1:]:
        if folder.is_symlink():
            raise InstallProblem(InstallFailure.UNSUITABLE, f"/{folder.relative_to(target.root)}")
        folder.mkdir(mode=0o755, exist_ok=True)
    write_file(path, text, mode)
