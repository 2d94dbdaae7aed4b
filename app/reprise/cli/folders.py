"""Folders that a person names: looked at before anything else is done, whether the command needs
them or not. A word that was mistyped must not pass for "there is nothing"."""

from __future__ import annotations

import argparse
from pathlib import Path

from reprise.errors import InputError
from reprise.i18n import _


def check_folders(args: argparse.Namespace) -> None:
    """--config and --data. Raises InputError; a --data that does not exist yet may be made."""
    if args.config is not None:
        existing_folder(args.config, "--config")
    if args.data is not None:
        _check_can_be(args.data, "--data")


def existing_folder(given: str, option: str) -> Path:
    """Raises InputError where `given`, the value of `option`, is no folder."""
    if not given or not Path(given).is_dir():
        there = bool(given) and Path(given).exists()
        what = _("“{path}” is not a folder.") if there else _("the folder “{path}” does not exist.")
        raise InputError(
            what.format(path=given),
            _("Give an existing folder to {option}.").format(option=option),
        )
    return Path(given)


def _check_can_be(given: str, option: str) -> None:
    path = Path(given)
    nearest = next((one for one in (path, *path.absolute().parents) if one.exists()), path)
    if not given or not nearest.is_dir():
        raise InputError(
            _("“{path}” is not a folder.").format(path=nearest if given else given),
            _("Give a folder to {option}.").format(option=option),
        )
