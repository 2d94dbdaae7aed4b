"""reprise install: put a light system onto one drive, as the screen does, without it."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reprise import wording
from reprise.bootstrap import config, drives, storage
from reprise.bootstrap.images import os_installer
from reprise.cli import named_drive
from reprise.cli.command_session import begin
from reprise.cli.folders import existing_folder, given_by
from reprise.cli.secrets import first_line
from reprise.cli.stopping import stop_signals
from reprise.cli.ticker import Ticker
from reprise.domain.install.events import InstallFinished
from reprise.domain.install.handover import handover
from reprise.domain.install.images import InstallCheck, InstallFailure, split_detail
from reprise.domain.pc.hardware import Drive, Inventory
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.safety import refusals
from reprise.domain.report.events import InventoryTaken
from reprise.errors import (
    EXIT_FAILED,
    EXIT_OK,
    EXIT_REFUSED,
    EXIT_STOPPED,
    InputError,
    RefusedError,
)
from reprise.i18n import _
from reprise.ports import DriveProbe, InstallRequest, OsInstaller
from reprise.workflow.session.install import failure_text, run_install

if TYPE_CHECKING:
    from reprise.settings import Settings

_ASKED = ""  # a passphrase that is asked for: no file has this name
_EXIT_CODES = {
    InstallFailure.STOPPED: EXIT_STOPPED,
    InstallFailure.REFUSED: EXIT_REFUSED,
    InstallFailure.DIGEST_MISMATCH: EXIT_REFUSED,
    InstallFailure.SECTORS: EXIT_REFUSED,
    InstallFailure.DRIVE_TOO_SMALL: EXIT_REFUSED,
    InstallFailure.MEMORY_TOO_SMALL: EXIT_REFUSED,
}


def register(commands: Any) -> None:
    parser = commands.add_parser(
        "install",
        help=_("install a light system onto one drive (root)"),
        description=_(
            "Installs a light system onto one drive. Everything on it is lost, and nothing of it "
            "is erased as proof: use “reprise erase” first."
        ),
        epilog=_(
            "Exit codes: 0 installed, 2 wrong usage or input, 3 refused with nothing written, "
            "4 failed, 130 stopped by the operator."
        ),
    )
    named_drive.add_arguments(parser)
    parser.add_argument(
        "--image", metavar=_("NAME"), help=_("which system; the first one if absent")
    )
    parser.add_argument(
        "--images", metavar=_("DIR"), help=_("folder of images.toml and the systems")
    )
    parser.add_argument("--hostname", metavar=_("NAME"), help=_("the PC's name"))
    parser.add_argument("--user", metavar=_("NAME"), help=_("the first user's name"))
    parser.add_argument(
        "--password-file",
        metavar=_("FILE"),
        help=_("its first line is the first user's password, to be changed at the first log-in"),
    )
    encryption = parser.add_mutually_exclusive_group()
    encryption.add_argument(
        "--encrypt",
        nargs="?",
        const=_ASKED,
        metavar=_("FILE"),
        help=_(
            "encrypt the drive; every start asks for the passphrase, FILE's first line if given"
        ),
    )
    encryption.add_argument(
        "--encrypt-for-owner",
        action="store_true",
        help=_("encrypt the drive; the system's first start asks its owner for the passphrase"),
    )
    encryption.add_argument(
        "--no-encrypt", action="store_true", help=_("do not encrypt, whatever the settings say")
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if os.geteuid() != 0:
        raise RefusedError(_("Installing a system needs root."), _("Start it as root."))
    settings = config.settings(given_by(args))
    images = None if args.images is None else existing_folder(args.images, "--images")
    rules = config.policy(args.config)
    installer = os_installer(rules, images, named=True)
    probe = drives.drive_probe()
    inventory, drive = _confirmed_drive(args, rules, probe)
    own = probe.probe_capabilities(drive).own
    request = replace(_request(args, settings, installer, drive), own=own)
    misfit = installer.fits(request.options.image, drive, encrypted=request.encrypted)
    if misfit is not None:
        raise RefusedError(failure_text(misfit))
    finished = _install(args, settings, inventory, installer, request)
    if finished.ok:
        print(_installed(finished, installer, request))
        return EXIT_OK
    print(
        _("{node}: not installed. {reason}").format(
            node=drive.node, reason=failure_text(finished.detail)
        )
    )
    return _EXIT_CODES.get(split_detail(finished.detail)[0], EXIT_FAILED)


def _installed(finished: InstallFinished, installer: OsInstaller, request: InstallRequest) -> str:
    node = request.drive.node
    if finished.detail == InstallCheck.WHOLE_AS_IT_IS:
        said = _("{node}: installed.")
    elif installer.describe(request.options.image).first_start:
        said = _("{node}: installed. Its first start asks for a name and a password.")
    else:
        said = _("{node}: installed. First user: {user}. The first log-in asks for a new password.")
    seen = wording.code(finished.detail)
    return f"{said.format(node=node, user=request.options.user)} {seen[0].upper()}{seen[1:]}."


def _confirmed_drive(
    args: argparse.Namespace, rules: Policy, probe: DriveProbe
) -> tuple[Inventory, Drive]:
    """Raises RefusedError where it is not the drive that was meant, or must not be touched."""
    drive = named_drive.confirmed(args, probe)
    inventory = probe.probe_inventory()
    reasons = refusals(drive, rules, others=inventory.drives, named=True)
    if reasons:
        words = wording.series(wording.refusals(reasons))
        raise RefusedError(
            _("{node} is not touched: {reasons}.").format(node=args.drive, reasons=words)
        )
    return named_drive.with_drive(inventory, drive), drive


def _request(
    args: argparse.Namespace, settings: Settings, installer: OsInstaller, drive: Drive
) -> InstallRequest:
    wished = settings.install
    image = args.image or wished.image or next(iter(installer.images()), "")
    installer.describe(image)  # raises where there is none
    options = replace(
        wished,
        image=image,
        hostname=args.hostname or wished.hostname,
        user=args.user or wished.user,
        password=first_line(args.password_file) if args.password_file else wished.password,
        encrypt=_for_owner(args, wished.encrypt),
    )
    return InstallRequest(drive, options, passphrase=_passphrase(args.encrypt))


def _for_owner(args: argparse.Namespace, wished: bool) -> bool:
    """What the command line says, else what the settings say."""
    if args.encrypt is not None or args.no_encrypt:
        return False
    return bool(args.encrypt_for_owner) or wished


def _passphrase(given: str | None) -> str:
    """Empty only where the drive is not to be encrypted."""
    if given is None:
        return ""
    passphrase = _asked() if given == _ASKED else first_line(given)
    if not passphrase:
        raise InputError(_("The passphrase is empty."), _("Nothing was written. Start again."))
    return passphrase


def _asked() -> str:
    """Typed twice; "" for Ctrl+D. Raises InputError where the two differ or nobody can type."""
    if not sys.stdin.isatty():
        raise InputError(
            _("there is no terminal on which the passphrase could be asked for."),
            _("Give a file whose first line it is: --encrypt FILE."),
        )
    try:
        typed = getpass.getpass(_("Passphrase of the drive: "))
        again = getpass.getpass(_("The same once more: "))
    except EOFError:
        return ""
    if again != typed:
        raise InputError(_("The two passphrases differ."), _("Nothing was written. Start again."))
    return typed


def _install(
    args: argparse.Namespace,
    settings: Settings,
    inventory: Inventory,
    installer: OsInstaller,
    request: InstallRequest,
) -> InstallFinished:
    from reprise.adapters.pc.clock import today

    session = begin(args.data, settings)
    told = handover(
        inventory.machine,
        settings.operator.organisation,
        today(storage.clock()).day.isoformat(),
        session.report_id,
        settings.server.url,
    )
    request = replace(request, handover=told)
    session.journal.append(InventoryTaken(inventory))
    with stop_signals() as stop:
        try:
            with Ticker() as ticker:
                return run_install(installer, session.journal, request, stop, ticker.take)
        finally:
            session.seal()
