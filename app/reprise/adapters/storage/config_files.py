"""Reads the texts of settings: the shipped config folder, a store's reprise.toml, the kernel's
command line."""

from __future__ import annotations

from pathlib import Path

import reprise
from reprise.adapters.storage.files import read_within, too_large
from reprise.errors import InputError
from reprise.i18n import _
from reprise.system_words import os_reason

SHIPPED = Path("/usr/share/reprise/config")  # in the image; of the server's package a link to /etc
CHECKOUT = Path(reprise.__file__).resolve().parents[2] / "config"
# What is larger is not of ours, as a stick comes from anywhere: of each byte TOML's reader makes up
# to 500 in memory.
MOST = 64 << 10  # bytes of a settings file
KERNEL_COMMAND_LINE = Path("/proc/cmdline")


def config_dir(given: str | None) -> Path:
    """`given` (--config), else the image's folder, else the checkout's. Raises InputError."""
    if given is not None:
        folder = Path(given)
        if not folder.is_dir():
            raise InputError(
                _("the settings folder “{path}” does not exist.").format(path=folder),
                _("Give an existing folder to --config."),
            )
        return folder
    return SHIPPED.resolve() if SHIPPED.is_dir() else CHECKOUT


def read_config(path: Path) -> str:
    """The text of one settings file. Raises InputError where it is unreadable, too large or not
    UTF-8."""
    try:
        data = read_within(path, MOST)
    except OSError as error:
        raise _unread(str(path), error) from error
    return decode_config(data, str(path))


def _unread(file: str, error: OSError) -> InputError:
    return InputError(
        _("the settings file “{path}” cannot be read: {reason}.").format(
            path=file, reason=os_reason(error)
        )
    )


def decode_config(data: bytes, file: str) -> str:
    """UTF-8, with or without the mark that Windows editors put first. Raises InputError."""
    if len(data) > MOST:
        raise _unread(file, too_large())
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            _("{file}, line {line}: this is not text in UTF-8.").format(file=file, line=line),
            _("Save the file again as UTF-8."),
        ) from error


def kernel_command_line() -> str:
    """What the kernel was started with; empty where it cannot be read (no /proc)."""
    try:
        return KERNEL_COMMAND_LINE.read_text("utf-8", "replace")
    except OSError:
        return ""
