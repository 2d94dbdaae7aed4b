"""What makes an unpacked image one PC's own system: names, keys, language, its first user."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path

from reprise.adapters.install.layout import Layout
from reprise.adapters.install.steps import InstallProblem
from reprise.adapters.install.target import Target, write_file
from reprise.domain.install.handover import first_start_facts
from reprise.domain.install.images import ImageKind, InstallFailure, OsImage
from reprise.domain.install.options import InstallOptions
from reprise.domain.install.swap import swap_file_bytes
from reprise.errors import InputError
from reprise.i18n import _
from reprise.ports import InstallRequest
from reprise_common.keyboard_layouts import default_file
from reprise_common.passphrase import is_usable

_HOSTNAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")  # one label, RFC 1123, 2.1
_USER = re.compile(r"[a-z][a-z0-9_-]{0,31}")  # Debian's adduser, NAME_REGEX, within useradd's 32
_LOCALE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?(\.UTF-8)?(@[a-z]+)?")
_KEYBOARD = re.compile(r"[a-z]{2,8}(-[a-z0-9_]{2,12})?")  # see reprise_common.keyboard_layouts.xkb
_ZONES = Path("/usr/share/zoneinfo")  # the station's; every system's are the same
_TIMEZONE = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}")
# What a person at the keyboard needs; those that the image does not have are left out.
_GROUPS = (
    *("sudo", "audio", "video", "plugdev", "netdev", "cdrom", "dialout"),
    *("lpadmin", "scanner", "bluetooth"),
)
# base-passwd's users and groups (passwd.master, group.master): useradd makes no user of the name of
# a group either.
_TAKEN = frozenset(_GROUPS) | {
    *("root", "daemon", "bin", "sys", "sync", "games", "man", "lp", "mail", "news", "uucp"),
    *("proxy", "www-data", "backup", "list", "irc", "gnats", "nobody", "adm", "tty", "disk"),
    *("kmem", "fax", "voice", "floppy", "tape", "dip", "operator", "src", "shadow", "utmp"),
    *("sasl", "staff", "users", "nogroup"),
}
_OF_PEOPLE = range(1000, 65534)  # Debian Policy 9.2.2, less "nobody"


def check_request(request: InstallRequest) -> None:
    """Raises InputError on the first value that no system could take. Nothing is written yet."""
    wished = request.options
    if not _HOSTNAME.fullmatch(wished.hostname):
        raise InputError(
            _("“{name}” cannot be the name of a PC.").format(name=wished.hostname),
            _("Use small letters, digits and hyphens."),
        )
    if wished.user in _TAKEN:
        raise InputError(
            _("“{name}” cannot be the name of a user.").format(name=wished.user),
            _("The system itself has a user or a group of that name: choose another."),
        )
    if not _USER.fullmatch(wished.user):
        raise InputError(
            _("“{name}” cannot be the name of a user.").format(name=wished.user),
            _("Use small letters, digits and hyphens, a letter first."),
        )
    if not wished.password or not wished.password.isprintable():
        raise InputError(
            _("the first password is empty or has characters that cannot be typed."),
            _("Give another one: it is needed at the first log-in only."),
        )
    zone = wished.timezone
    for value, good in (
        (wished.locale, _LOCALE.fullmatch(wished.locale)),
        (wished.keyboard, _KEYBOARD.fullmatch(wished.keyboard)),
        (zone, _TIMEZONE.fullmatch(zone) and (_ZONES / zone).is_file()),
    ):
        if not good:
            raise InputError(
                _("“{value}” is not a language, a keyboard or a time zone.").format(value=value),
                _("Examples: fr_FR.UTF-8, fr, Europe/Paris."),
            )


def check_encryption(request: InstallRequest, image: OsImage) -> None:
    """Raises InputError where the drive cannot be encrypted as it is asked for."""
    if not request.encrypted:
        return
    if image.kind is ImageKind.RAW:
        raise InputError(
            _("“{image}” is written as it is: its drive cannot be encrypted.").format(
                image=image.name
            ),
            _("Install it without a passphrase, or choose another system."),
        )
    if request.options.encrypt and not image.asks_owner:
        raise InputError(
            _("“{image}” does not ask its owner for a passphrase at its first start.").format(
                image=image.name
            ),
            _("Choose another system, or give the passphrase yourself: reprise install --encrypt."),
        )
    if not request.options.encrypt and not is_usable(request.passphrase):
        raise InputError(
            _("the passphrase of the drive is too short, or has accents or signs of one keyboard."),
            _("Give 12 characters or more: letters without accents, digits, spaces and hyphens."),
        )


def configure(target: Target, request: InstallRequest, image: OsImage, memory_bytes: int) -> None:
    """After unpacking, with the target open inside. Raises InstallProblem, OSError."""
    try:
        _configure(target, request, image, memory_bytes)
    except (FileNotFoundError, NotADirectoryError) as error:
        lacking = str(error.filename).removeprefix(str(target.root))
        raise InstallProblem(InstallFailure.UNSUITABLE, lacking) from error


def _configure(target: Target, request: InstallRequest, image: OsImage, memory_bytes: int) -> None:
    etc, wished = target.root / "etc", request.options
    swap = swap_file_bytes(memory_bytes, target.free_bytes(), request.drive.transport)
    if swap:
        target.make_swap(swap)
    write_file(
        etc / "fstab", _fstab(target.layout) + ("/swapfile none swap sw 0 0\n" if swap else "")
    )
    write_file(etc / "hostname", f"{wished.hostname}\n")
    write_file(etc / "hosts", _hosts(wished.hostname))
    write_file(etc / "machine-id", f"{uuid.uuid4().hex}\n", mode=0o444)
    write_file(etc / "default/keyboard", default_file(wished.keyboard))
    write_file(etc / "timezone", f"{wished.timezone}\n")
    _link(etc / "localtime", f"/usr/share/zoneinfo/{wished.timezone}")
    if _has(target, "update-locale"):
        target.inside(["update-locale", f"LANG={wished.locale}"])
    else:
        write_file(etc / "locale.conf", f"LANG={wished.locale}\n")
    if _has(target, "setupcon"):
        target.inside(["setupcon", "--save-only", "--force"])
    (target.root / "boot/efi").mkdir(mode=0o700, exist_ok=True)
    _new_host_keys(target)
    if image.first_start:
        _first_start(target, request, image)
    else:
        _first_user(target, request.options)


def _has(target: Target, program: str) -> bool:
    """Systems of other houses may lack what Debian's own have."""
    return any((target.root / place / program).exists() for place in ("usr/bin", "usr/sbin"))


def _new_host_keys(target: Target) -> None:
    """Only where there is an SSH server; no image's own keys stay in any case."""
    folder = target.root / "etc/ssh"
    if folder.is_symlink():
        raise InstallProblem(InstallFailure.UNSUITABLE, "/etc/ssh")
    for key in folder.glob("ssh_host_*"):
        key.unlink()
    if (folder / "sshd_config").exists() and _has(target, "ssh-keygen"):
        target.inside(["ssh-keygen", "-A"])


def _first_start(target: Target, request: InstallRequest, image: OsImage) -> None:
    """No user, no password: whoever receives the PC is asked. The file is what starts that."""
    wished = request.options
    language = wished.locale.partition("_")[0]
    facts = first_start_facts(request.handover, image, language, wished.keyboard, wished.timezone)
    folder = target.root / "var/lib/reprise"
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    text = json.dumps(facts, ensure_ascii=False, indent=2)
    write_file(folder / "first-start.json", text + "\n", mode=0o600)


def _first_user(target: Target, wished: InstallOptions) -> None:
    """A person of that name who is in the image already becomes the first user, files and all. An
    account of the system's own has no shell and no home: nobody could log in."""
    known = _ids_in(target, "group")
    groups = ",".join(group for group in _GROUPS if group in known)
    users = _ids_in(target, "passwd")
    if wished.user in users:
        number = users[wished.user]
        if not number.isdecimal() or int(number) not in _OF_PEOPLE:
            raise InstallProblem(
                InstallFailure.UNSUITABLE, f"/etc/passwd: {wished.user}, uid {number}"
            )
        target.inside(["usermod", "--append", "--groups", groups, wished.user])
    else:
        target.inside(
            ["useradd", "--create-home", "--shell", "/bin/bash", "--groups", groups, wished.user]
        )
    target.inside(["chpasswd"], stdin=f"{wished.user}:{wished.password}\n".encode())
    target.inside(["passwd", "--quiet", "--expire", wished.user])


def _ids_in(target: Target, database: str) -> dict[str, str]:
    """Name -> number as it is written there, "" where a line has none."""
    text = (target.root / "etc" / database).read_text("utf-8", "replace")
    lines = (line.split(":") for line in text.splitlines())
    return {words[0]: words[2] if len(words) > 2 else "" for words in lines}


def _fstab(layout: Layout) -> str:
    boot = f"UUID={layout.locked.boot_uuid} /boot ext4 defaults 0 2\n" if layout.locked else ""
    return (
        "# <file system> <mount point> <type> <options> <dump> <pass>\n"
        f"UUID={layout.root_uuid} / ext4 errors=remount-ro 0 1\n{boot}"
        f"UUID={layout.efi_uuid} /boot/efi vfat umask=0077,nofail 0 2\n"
    )


def _hosts(hostname: str) -> str:
    return (
        f"127.0.0.1 localhost\n127.0.1.1 {hostname}\n"
        "::1 localhost ip6-localhost ip6-loopback\nff02::1 ip6-allnodes\nff02::2 ip6-allrouters\n"
    )


def _link(path: Path, to: str) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(to)
