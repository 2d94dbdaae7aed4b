"""What the files of a system must bring so that it can be installed and start on any PC.

Paths are those of Debian's packages and of what derives from them, without a leading slash, and
with the merged /usr resolved ("lib/…" counts as "usr/lib/…").
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

OS_RELEASE = ("etc/os-release", "usr/lib/os-release")
_MERGED = ("bin/", "sbin/", "lib/", "lib64/")

# Whose signed GRUB a system has decides where that looks for its settings: /EFI/<vendor>. The
# systems derived from them (Linux Mint, LMDE, Emmabuntüs, PrimTux) use their packages as they are.
_VENDORS = ("debian", "ubuntu")

# Ubuntu has several builds of its shim side by side, and an absolute link for the one in use.
_SHIMS: Mapping[str, tuple[str, ...]] = {
    "debian": ("usr/lib/shim/shimx64.efi.signed",),
    "ubuntu": (
        "usr/lib/shim/shimx64.efi.signed.latest",
        "usr/lib/shim/shimx64.efi.dualsigned",
        "usr/lib/shim/shimx64.efi.signed",
    ),
}
_MOK_MANAGERS = ("usr/lib/shim/mmx64.efi.signed", "usr/lib/shim/mmx64.efi")
_GRUBS = ("usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed",)

# Any of the paths, and the Debian package that brings it.
_PROGRAMS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("usr/sbin/update-grub",), "grub2-common"),
    (("usr/sbin/grub-install", "usr/bin/grub-install"), "grub2-common"),
    (("usr/lib/grub/i386-pc/boot.img",), "grub-pc-bin"),
    (("usr/sbin/useradd",), "passwd"),
)
# What asks for a passphrase at the start.
_UNLOCKERS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("usr/sbin/cryptsetup",), "cryptsetup-bin"),
    (("usr/share/initramfs-tools/hooks/cryptroot",), "cryptsetup-initramfs"),
    (("usr/sbin/update-initramfs",), "initramfs-tools"),
)
# What replaces the first key of an encrypted root by its owner's passphrase.
_HANDS_OVER: tuple[tuple[tuple[str, ...], str], ...] = (
    (("usr/lib/reprise-first-start/reprise_first_start/drive.py",), "Reprise's first start"),
)
_STARTS = (("boot/vmlinuz-", "linux-image"), ("boot/initrd.img-", "initramfs"))
# Where all of that is looked for.
FOLDERS = frozenset(
    path.rpartition("/")[0]
    for path in (
        *(path for paths, _package in (*_PROGRAMS, *_UNLOCKERS, *_HANDS_OVER) for path in paths),
        *(path for paths in _SHIMS.values() for path in paths),
        *_MOK_MANAGERS,
        *_GRUBS,
        *(start for start, _package in _STARTS),
    )
)
# What makes a system run from a stick instead of from a drive.
_LIVE = (
    ("usr/share/initramfs-tools/scripts/casper", "casper"),
    ("usr/share/initramfs-tools/scripts/live", "live-boot"),
)


@dataclass(frozen=True, slots=True)
class EfiSources:
    """Where a system keeps its signed EFI files; `vendor` names the folder under /EFI."""

    vendor: str
    shim: str
    grub: str
    mok: str


def merged(path: str) -> str:
    """The path as it is spelled here."""
    path = path.removeprefix("./").lstrip("/")
    return f"usr/{path}" if path.startswith(_MERGED) else path


def vendor_of(os_release: str) -> str:
    """ "debian" or "ubuntu" (os-release(5): ID, then the words of ID_LIKE, nearest first); ""
    where it is neither."""
    values = {}
    for line in os_release.splitlines():
        key, equals, value = line.partition("=")
        if equals:
            values[key.strip()] = value.strip().strip("\"'")
    words = (values.get("ID", ""), *values.get("ID_LIKE", "").split())
    return next((word for word in words if word in _VENDORS), "")


def efi_sources(paths: Collection[str], os_release: str) -> EfiSources | None:
    """None where the system lacks one of the three, or is of no vendor that we know."""
    vendor = vendor_of(os_release)
    shim = _first(paths, _SHIMS.get(vendor, ()))
    grub, mok = _first(paths, _GRUBS), _first(paths, _MOK_MANAGERS)
    return EfiSources(vendor, shim, grub, mok) if shim and grub and mok else None


def shortcomings(
    paths: Collection[str], os_release: str, *, encrypted: bool = False, for_owner: bool = False
) -> tuple[str, ...]:
    """What is missing, each with the Debian package that brings it; empty where nothing is.
    `encrypted`: its root shall be; `for_owner`: and its first start asks for the passphrase."""
    vendor = vendor_of(os_release)
    if not vendor:
        return ("/etc/os-release: ID=debian / ubuntu",)
    wanted_programs = [
        *_PROGRAMS,
        *(_UNLOCKERS if encrypted else ()),
        *(_HANDS_OVER if for_owner else ()),
    ]
    missing = [
        f"/{program[0]} ({package})"
        for program, package in wanted_programs
        if not _first(paths, program)
    ]
    for wanted, package in (
        (_SHIMS[vendor], "shim-signed"),
        (_MOK_MANAGERS, "shim-signed"),
        (_GRUBS, "grub-efi-amd64-signed"),
    ):
        if not _first(paths, wanted):
            missing.append(f"/{wanted[0]} ({package})")
    for start, package in _STARTS:
        if not any(path.startswith(start) for path in paths):
            missing.append(f"/{start}… ({package})")
    return tuple(missing)


def live_packages(paths: Collection[str]) -> tuple[str, ...]:
    """Packages by which this is a live system, taken from a stick instead of from a drive."""
    return tuple(package for path, package in _LIVE if path in paths)


def _first(paths: Collection[str], wanted: tuple[str, ...]) -> str:
    return next((path for path in wanted if path in paths), "")
