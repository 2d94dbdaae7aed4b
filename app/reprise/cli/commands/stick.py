"""reprise stick write: make a Reprise stick and prove it, with an organisation's settings."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from reprise import wording
from reprise.bootstrap import drives
from reprise.bootstrap.sticks import stick_writing, whole_disk
from reprise.cli import named_drive
from reprise.cli.stopping import stop_signals
from reprise.cli.ticker import Ticker
from reprise.domain.drives.boot_medium import STICK_LABELS
from reprise.domain.drives.volumes import volumes_of
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.safety import stick_refusals
from reprise.domain.station.stick import needed_bytes, stick_misfits
from reprise.errors import EXIT_OK, InputError, RefusedError
from reprise.i18n import _
from reprise.line_interface.terminal import plain, typed_text
from reprise.ports import DriveProbe
from reprise.sentences.drives import content_words

if TYPE_CHECKING:
    from reprise.adapters.stick.writing.image import ImageDigests, StickImage


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("stick", help=_("make a Reprise stick and prove it (root)"))
    actions = parser.add_subparsers(dest="action", metavar=_("ACTION"), required=True)
    write = actions.add_parser(
        "write",
        help=_("write the image onto a stick and read it back (root)"),
        description=_(
            "Writes the image onto a stick, reads every byte back, and puts an organisation's "
            "settings on it. Everything on the stick is lost."
        ),
        epilog=_(
            "Exit codes: 0 written and verified, 2 wrong usage or input, 3 refused for safety with "
            "nothing written, 4 the stick failed, 130 stopped by the operator."
        ),
    )
    write.add_argument("iso", metavar=_("ISO"), help=_("the image, as “make image” builds it"))
    write.add_argument(
        "--device",
        dest="drive",
        metavar=_("PATH"),
        required=True,
        help=_("the stick's path: the whole device, on USB or removable"),
    )
    write.add_argument(
        "--confirm",
        metavar=_("SERIAL"),
        help=_("the stick's serial number; it is asked for where this is absent"),
    )
    write.add_argument(
        "--settings",
        metavar=_("PATH"),
        action="append",
        default=[],
        help=_(
            "reprise.toml, station.key.pem, station.pub.pem, a certificate, or the folder that "
            "“reprise enroll” made; may be given more than once"
        ),
    )
    write.set_defaults(run=run_write)


def run_write(args: argparse.Namespace) -> int:
    """All that can be wrong is found before the question, and nothing is written before it."""
    if os.geteuid() != 0:
        raise RefusedError(_("Writing a stick needs root."), _("Start it as root."))
    from reprise.adapters.stick.writing.files import read_files
    from reprise.adapters.stick.writing.image import find_image

    image = find_image(Path(args.iso))
    files = read_files([Path(path) for path in args.settings])
    probe = drives.drive_probe()
    drive = _fit_drive(args.drive, probe, image.size_bytes)
    if args.confirm is not None:
        named_drive.check_word(args.drive, drive, args.confirm)
    digests = _digests(image)
    _show(drive)
    if args.confirm is None:
        named_drive.check_word(args.drive, drive, _asked())
    with stop_signals() as stop, Ticker() as ticker:
        writing = stick_writing(drive, image, digests, files, probe=probe, stop=stop)
        for progress in writing:
            ticker.take(progress)
    print("\n".join(_done(drive, image, digests, list(files))))
    return EXIT_OK


def _fit_drive(path: str, probe: DriveProbe, image_bytes: int) -> Drive:
    """The drive at `path`, where it may be written. Raises RefusedError, InputError."""
    disk = whole_disk(path)
    if disk is not None:
        raise InputError(
            _("{node} is a partition of {drive}.").format(node=path, drive=disk),
            _("Name the whole drive."),
        )
    drive = probe.probe_drive(path)
    misfits = stick_misfits(drive, image_bytes)
    if misfits:
        words = wording.series(wording.word(misfit) for misfit in misfits)
        raise RefusedError(
            _("{node} is not touched: {reasons}.").format(node=path, reasons=words),
            _("Use a USB stick of {size} or more.").format(
                size=wording.size(needed_bytes(image_bytes))
            ),
        )
    refusals = stick_refusals(drive, others=probe.probe_inventory().drives)
    if refusals:
        words = wording.series(wording.refusals(refusals))
        raise RefusedError(
            _("{node} is not touched: {reasons}.").format(node=path, reasons=words),
            wording.advice_for_stick(refusals),
        )
    return drive


def _digests(image: StickImage) -> ImageDigests:
    from reprise.adapters.stick.writing.image import digest_image

    with Ticker() as ticker:
        return ticker.through(digest_image(image))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _show(drive: Drive) -> None:
    """What the stick is and holds. A stick's own words may hold anything: plain() tames them."""
    who = drive.identity
    named = wording.join((drive.vendor or "", who.model or "", wording.size(who.size_bytes)))
    serial = _("serial") + f" {who.confirm_word}"
    _say(plain(f"{drive.node}: {named}, {serial}"))
    for line in _contents(drive):
        _say("  " + plain(line))
    labels = {drive.label, *(part.label for part in drive.partitions)}
    if labels & STICK_LABELS:
        _say(
            _(
                "It is a Reprise stick: its reports and its key are lost, too. Reports that were "
                "not sent exist nowhere else."
            )
        )
    _say(_("Everything on it will be lost."))


def _contents(drive: Drive) -> Iterator[str]:
    if volumes_of(drive):
        yield from content_words(drive)
    else:
        yield _("no file system was found on it")


def _asked() -> str:
    if not sys.stdin.isatty():
        raise InputError(
            _("there is no terminal on which the serial number could be asked for."),
            _("Give it with --confirm."),
        )
    sys.stderr.write(_("Type its serial number to go on:") + " ")
    sys.stderr.flush()
    return typed_text(sys.stdin.readline())


def _done(drive: Drive, image: StickImage, digests: ImageDigests, files: list[str]) -> list[str]:
    lines = [
        _("{node} ({serial}): written and verified, SHA-256 {digest}.").format(
            node=drive.node, serial=drive.identity.confirm_word, digest=digests.sha256
        )
    ]
    if not image.stated_sha256:
        lines.append(_("No .sha256 lies beside the image: compare the digest with the published."))
    if files:
        lines.append(_("Settings on it: {names}.").format(names=", ".join(files)))
    else:
        lines.append(_("The station makes its data partition when it first starts from it."))
    return lines
