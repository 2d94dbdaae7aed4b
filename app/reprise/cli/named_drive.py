"""A drive that a person names by its path and confirms by its serial number."""

from __future__ import annotations

import argparse
from dataclasses import replace

from reprise.domain.pc.hardware import Drive, Inventory
from reprise.errors import RefusedError
from reprise.i18n import _
from reprise.ports import DriveProbe


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--drive PATH and --confirm SERIAL, both required."""
    parser.add_argument("--drive", metavar=_("PATH"), required=True, help=_("the drive's path"))
    parser.add_argument(
        "--confirm",
        metavar=_("SERIAL"),
        required=True,
        help=_("its serial number as “reprise inventory” shows it; a loop device's is its file"),
    )


def confirmed(args: argparse.Namespace, probe: DriveProbe) -> Drive:
    """The drive at --drive. Raises RefusedError where its serial number is not --confirm's.

    A drive without a serial number passes: the safety rules refuse it, and say why.
    """
    drive = probe.probe_drive(args.drive)
    check_word(args.drive, drive, args.confirm)
    return drive


def check_word(path: str, drive: Drive, given: str) -> None:
    """Raises RefusedError where `given` is not what confirms the drive at `path`."""
    word = drive.identity.confirm_word
    if word is not None and word != given:
        raise RefusedError(
            _("{node} has the serial number “{serial}”, not “{given}”: it is not touched.").format(
                node=path, serial=word, given=given
            ),
            _("Compare with “reprise inventory”."),
        )


def with_drive(inventory: Inventory, drive: Drive) -> Inventory:
    """A loop device is no part of the PC, but it is part of this report."""
    known = [d for d in inventory.drives if d.identity.key != drive.identity.key]
    return replace(inventory, drives=(*known, drive))
