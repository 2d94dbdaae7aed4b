"""reprise images: an organisation's own systems to install, in a folder of its stick."""

from __future__ import annotations

import argparse
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reprise import wording
from reprise.bootstrap.images import images_folder
from reprise.cli.folders import existing_folder
from reprise.cli.stopping import stop_signals
from reprise.cli.ticker import Ticker
from reprise.domain.erasure.progress import Progress
from reprise.domain.install.images import ImageKind, OsImage
from reprise.errors import EXIT_FAILED, EXIT_OK, InputError
from reprise.i18n import LANGUAGES, _

if TYPE_CHECKING:
    from reprise.adapters.install.examine import Examined

_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,46}[a-z0-9])?")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+~_-]{0,31}")
_SIZE = re.compile(r"(\d{1,18}(?:[.,]\d{1,18})?) ?([kKMGT]?)(i?)[bBo]?")
_POWERS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}
_MOST_TEXT = 200
# Beside the files: the EFI partition, updates, the user's first files.
_ROOM_BYTES = 2 << 30


def register(commands: Any) -> None:
    parser = commands.add_parser(
        "images",
        help=_("keep an organisation's own systems to install"),
        description=_(
            "Keeps an organisation's own systems to install in a folder of its stick, where the "
            "station offers them beside its own. docs/images.md says how such a system is made."
        ),
        epilog=_(
            "Exit codes: 0 done, 2 wrong usage or input, 3 refused (no room), 4 a file is damaged "
            "or could not be stored, 130 stopped by the operator."
        ),
    )
    what = parser.add_subparsers(dest="what", metavar=_("COMMAND"), required=True)
    _register_add(what)
    for name, help_text, run in (
        ("list", _("say which systems there are"), run_list),
        ("check", _("read every system and compare it with its digest"), run_check),
        ("remove", _("remove a system"), run_remove),
    ):
        command = what.add_parser(name, help=help_text)
        if name == "remove":
            command.add_argument("name", metavar=_("NAME"), help=_("the system's name"))
        _add_folder(command, "--folder", "--to")
        command.set_defaults(run=run)


def _register_add(what: Any) -> None:
    parser = what.add_parser(
        "add",
        help=_("copy a system onto the stick and read it back"),
        description=_(
            "Copies a system onto the stick: a squashfs or a tar of a root file system, or a raw "
            "image of a whole drive. It is looked at first, read back and compared afterwards."
        ),
    )
    parser.add_argument("file", metavar=_("FILE"), help=_("squashfs, tar or raw image"))
    parser.add_argument(
        "--name", required=True, metavar=_("NAME"), help=_("small letters, digits, - and .")
    )
    parser.add_argument("--version", dest="image_version", metavar=_("TEXT"), help=_("its version"))
    for language in LANGUAGES:
        for field, text in (("title", _("its title")), ("summary", _("one sentence about it"))):
            parser.add_argument(
                f"--{field}-{language}", metavar=_("TEXT"), help=f"{text} ({language})"
            )
    parser.add_argument("--min-drive", metavar=_("SIZE"), help=_("smallest drive, such as 20G"))
    parser.add_argument(
        "--min-memory", metavar=_("SIZE"), required=True, help=_("smallest memory, such as 2Gi")
    )
    parser.add_argument(
        "--licence", metavar=_("TEXT"), required=True, help=_("under which it may be passed on")
    )
    parser.add_argument(
        "--replace", action="store_true", help=_("put it in the place of one of that name")
    )
    _add_folder(parser, "--to", "--folder")
    parser.set_defaults(run=run_add)


class _Folder(argparse.Action):
    """Keeps by which of its two names it was given."""

    def __call__(self, _parser: Any, namespace: Any, value: Any, option: str | None = None) -> None:
        namespace.folder, namespace.folder_option = value, option


def _add_folder(parser: Any, *names: str) -> None:
    parser.add_argument(
        *names,
        dest="folder",
        action=_Folder,
        metavar=_("DIR"),
        help=_("the folder; that of the stick where one is mounted"),
    )


def run_add(args: argparse.Namespace) -> int:
    from reprise.adapters.install.adding import add_image, check_room
    from reprise.adapters.install.examine import examine
    from reprise.adapters.pc.command import SystemCommandRunner

    wished, file = _wished(args), Path(args.file)
    folder = images_folder(args.folder)
    check_room(file, folder, wished.name)
    with stop_signals() as stop, Ticker() as ticker:
        examined = ticker.through(examine(file, SystemCommandRunner(), stop))
        wished = _sized(wished, examined, args.min_drive)
        adding = add_image(wished, examined, folder, stop, again=args.replace)
        entry = ticker.through(adding)
    print(
        _("{name}: copied to “{file}” and read back, {kind}, {size}, SHA-256 {digest}.").format(
            name=entry.name,
            file=folder / entry.file,
            kind=wording.word(entry.kind),
            size=wording.size(entry.size_bytes),
            digest=entry.sha256,
        )
    )
    if entry.kind is ImageKind.RAW:
        print(
            _(
                "A raw image is written as it is: the station gives it no name, no user and no "
                "language."
            )
        )
    return EXIT_OK


def _kept_in(args: argparse.Namespace) -> Path:
    """Where the systems lie. Raises InputError where the folder that was named does not exist: a
    medium whose folder “os” is missing has no system yet, a mistyped path is another matter."""
    if args.folder is not None:
        existing_folder(args.folder, args.folder_option)
    return images_folder(args.folder)


def run_list(args: argparse.Namespace) -> int:
    from reprise.adapters.install.catalogue import read_catalogue

    folder = _kept_in(args)
    images = read_catalogue(folder).image
    for image in images:
        words = (
            image.version,
            wording.word(image.kind),
            wording.size(image.size_bytes),
            _("drive from {size}").format(size=wording.size(image.min_drive_bytes)),
            _("memory from {size}").format(size=wording.size_binary(image.min_memory_bytes)),
            image.licence,
            image.file,
        )
        print(f"{image.name}: {wording.join(words)}")
    if not images:
        print(_("There is no system in “{folder}”.").format(folder=folder))
    return EXIT_OK


def run_check(args: argparse.Namespace) -> int:
    from reprise.adapters.install.adding import check_images

    folder = _kept_in(args)
    good = True
    with stop_signals() as stop, Ticker() as ticker:
        for item in check_images(folder, stop):
            if isinstance(item, Progress):
                ticker.take(item)
                continue
            ticker.clear()
            print(f"{item.name}: {item.problem or _('whole')}", flush=True)
            good = good and not item.problem
    return EXIT_OK if good else EXIT_FAILED


def run_remove(args: argparse.Namespace) -> int:
    from reprise.adapters.install.adding import remove_image

    folder = _kept_in(args)
    gone = remove_image(folder, args.name)
    print(
        _("{name}: removed, with its file “{file}”.").format(
            name=gone.name, file=folder / gone.file
        )
    )
    return EXIT_OK


def _wished(args: argparse.Namespace) -> OsImage:
    """All that a person says; what the file says comes later. Raises InputError."""
    if not _NAME.fullmatch(args.name):
        raise InputError(
            _("“{name}” cannot be the name of a system.").format(name=args.name),
            _("Use small letters, digits, hyphens and points, 48 at most."),
        )
    version = args.image_version or time.strftime("%Y%m%d")
    if not _VERSION.fullmatch(version):
        raise InputError(
            _("“{text}” cannot be a version.").format(text=version),
            _("Use letters, digits and . + ~ _ -, 32 at most."),
        )
    titles = {language: getattr(args, f"title_{language}") for language in LANGUAGES}
    summaries = {language: getattr(args, f"summary_{language}") for language in LANGUAGES}
    any_title = next((text for text in titles.values() if text), args.name)
    any_summary = next((text for text in summaries.values() if text), "")
    return OsImage(
        name=args.name,
        file="",
        version=version,
        sha256="",
        size_bytes=0,
        unpacked_bytes=0,
        min_drive_bytes=_size(args.min_drive) if args.min_drive else 0,
        min_memory_bytes=_size(args.min_memory),
        licence=_text(args.licence),
        title={language: _text(text or any_title) for language, text in titles.items()},
        summary={language: _text(text or any_summary) for language, text in summaries.items()},
    )


def _sized(wished: OsImage, examined: Examined, min_drive: str | None) -> OsImage:
    raw = examined.kind is ImageKind.RAW
    least = examined.unpacked_bytes + (0 if raw else _ROOM_BYTES)
    if min_drive and wished.min_drive_bytes < examined.unpacked_bytes:
        raise InputError(
            _("the system takes {size} unpacked: {given} is too little for a drive.").format(
                size=wording.size(examined.unpacked_bytes), given=min_drive
            ),
            _("Leave --min-drive out, or give {size} or more.").format(size=wording.size(least)),
        )
    return wished if min_drive else replace(wished, min_drive_bytes=least)


def _text(text: str) -> str:
    if not text.isprintable() or len(text) > _MOST_TEXT:
        raise InputError(
            _("“{text}” has characters that cannot be shown, or more than {count}.").format(
                text=text[:40], count=_MOST_TEXT
            )
        )
    return text


def _size(text: str) -> int:
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise InputError(
            _("“{text}” is not a size.").format(text=text),
            _("Examples: 20G (20 thousand million bytes), 2Gi (2 × 1024³ bytes)."),
        )
    base = 1024 if match[3] else 1000
    factor: int = base ** _POWERS[match[2].upper()]
    return round(float(match[1].replace(",", ".")) * factor)
