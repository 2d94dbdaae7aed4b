"""Folders that a person names: looked at before anything else is done, whether the command needs
them or not. A word that was mistyped must not pass for "there is nothing"."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path

from reprise.bootstrap.command_line import CommandLine
from reprise.errors import InputError
from reprise.i18n import _


def given_by(args: argparse.Namespace) -> CommandLine:
    """What every function below the command line gets of it."""
    known = {field.name for field in fields(CommandLine)}
    return CommandLine(**{name: value for name, value in vars(args).items() if name in known})


def check_folders(given: CommandLine) -> None:
    """--config and --data. Raises InputError; a --data that does not exist yet may be made."""
    if given.config is not None:
        existing_folder(given.config, "--config")
    if given.data is not None:
        _check_can_be(given.data, "--data")


def existing_folder(given: str, option: str) -> Path:
    """Raises InputError where `given`, the value of `option`, is no folder."""
    if not Path(given).is_dir():
        there = Path(given).exists()
        what = _("“{path}” is not a folder.") if there else _("the folder “{path}” does not exist.")
        raise InputError(
            what.format(path=given),
            _("Give an existing folder to {option}.").format(option=option),
        )
    return Path(given)


def _check_can_be(given: str, option: str) -> None:
    path = Path(given)
    nearest = next((folder for folder in (path, *path.absolute().parents) if folder.exists()), path)
    if not nearest.is_dir():
        raise InputError(
            _("“{path}” is not a folder.").format(path=nearest),
            _("Give a folder to {option}.").format(option=option),
        )
