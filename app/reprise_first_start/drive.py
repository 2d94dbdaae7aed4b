"""An encrypted drive becomes its owner's: the first key, which lies on it so that the PC starts,
goes, and the owner's password opens it.

As long as the first key's file is there, that is not done. Nothing that opens the drive is taken
away before it is seen that the owner's password does."""

from __future__ import annotations

import os

from reprise_common import cryptsetup
from reprise_first_start.errors import FirstStartError
from reprise_first_start.files import Root, ToolFailed
from reprise_first_start.i18n import _

_KEY = cryptsetup.FIRST_KEY.removeprefix("/")
_UNLOCK_S = 300.0  # seconds of work on an old processor, more on a busy one
_INITRAMFS_S = 1800.0


def is_encrypted(root: Root) -> bool:
    return bool(_volume(root))


def awaits_owner(root: Root) -> bool:
    return root.at(_KEY).exists()


def give(root: Root, password: str) -> None:
    """The owner's password opens the drive, too; another one of an earlier try does not any more.
    Nothing where the drive is not encrypted, or by whoever installed the system. Raises
    FirstStartError, also where the drive is its owner's already and another password opens it."""
    if not is_encrypted(root):
        return
    try:
        _give(root, password)
    except (ToolFailed, OSError, ValueError) as error:
        raise FirstStartError(
            _("The drive could not be given your password."),
            _("Try again. If it happens again, ask whoever gave you the computer.") + f" ({error})",
        ) from error


def _give(root: Root, password: str) -> None:
    volume = _volume(root)
    known = _slots(root, volume)
    if known == {cryptsetup.OWNER_SLOT}:  # of an earlier try, which ended after that
        if not _opens(root, volume, password):
            raise FirstStartError(
                _("The drive has a password already: the one that you chose before."),
                _("Go back and write that one in both fields."),
            )
        return
    if not awaits_owner(root):
        return
    if cryptsetup.OWNER_SLOT in known:
        root.run(cryptsetup.argv_kill(volume, cryptsetup.OWNER_SLOT), timeout_s=_UNLOCK_S)
    root.run(cryptsetup.argv_add_owner(volume), stdin=password, timeout_s=_UNLOCK_S)
    if not _opens(root, volume, password):
        raise ToolFailed("the drive does not open with the password that it was given")


def hand_over(root: Root) -> None:
    """From the next start on the drive asks for its owner's password. Needs no password itself, so
    that it can go on after a power cut. Nothing where it is done. Raises ToolFailed, OSError."""
    if not awaits_owner(root):
        return
    volume = _volume(root)
    if cryptsetup.OWNER_SLOT not in _slots(root, volume):
        raise ToolFailed("the drive has no key of its owner")
    _ask_at_start(root, volume)
    root.run(["update-initramfs", "-u", "-k", "all"], timeout_s=_INITRAMFS_S)
    os.sync()
    if cryptsetup.FIRST_SLOT in _slots(root, volume):
        root.run(cryptsetup.argv_kill(volume, cryptsetup.FIRST_SLOT), timeout_s=_UNLOCK_S)
    left = _slots(root, volume)
    if left != {cryptsetup.OWNER_SLOT}:
        raise ToolFailed(f"the drive has the keys {sorted(left)}")
    root.remove(_KEY)


def _ask_at_start(root: Root, volume: str) -> None:
    root.write(cryptsetup.ASK, cryptsetup.ASK_TEXT, mode=0o755)
    root.write(cryptsetup.CRYPTTAB, cryptsetup.crypttab(volume))
    if root.at(cryptsetup.CONF_HOOK).exists():
        hook = root.read_text(cryptsetup.CONF_HOOK)
        root.write(cryptsetup.CONF_HOOK, hook.replace(cryptsetup.CONF_HOOK_LINE, ""))
    root.remove(cryptsetup.FIRST_CONF)


def _volume(root: Root) -> str:
    try:
        return cryptsetup.volume_of(root.read_text(cryptsetup.CRYPTTAB))
    except (OSError, ValueError):
        return ""


def _slots(root: Root, volume: str) -> frozenset[int]:
    return cryptsetup.slots(root.run(cryptsetup.argv_header(volume)))


def _opens(root: Root, volume: str, password: str) -> bool:
    argv = cryptsetup.argv_opens(volume, cryptsetup.OWNER_SLOT)
    try:
        root.run(argv, stdin=password, timeout_s=_UNLOCK_S)
    except ToolFailed:
        return False
    return True
