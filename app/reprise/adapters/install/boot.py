"""Boot loaders: GRUB for BIOS PCs, and the system's own signed shim and GRUB for UEFI PCs.

The EFI files go to the removable-media path, so that a PC starts whatever its firmware remembers;
they are the signed ones, so that Secure Boot may stay on; beside them stands an unsigned GRUB for
32-bit firmware, where the station has one (nobody signs any). They are copied with mtools: no FAT
file system needs to be mounted, and they are the last thing that is written."""

from __future__ import annotations

import tempfile
from pathlib import Path

from reprise.adapters.install.contents import Contents
from reprise.adapters.install.layout import Layout
from reprise.adapters.install.steps import InstallProblem, ToolRunner
from reprise.adapters.install.target import Target
from reprise.domain.install.images import InstallFailure
from reprise.domain.install.os_needs import efi_sources, shortcomings

# Firmware looks for /EFI/BOOT/BOOTX64.EFI (UEFI Specification 2.10, 3.5.1.1), a vendor's signed
# GRUB for its settings in /EFI/<vendor>.
_REMOVABLE = ("BOOT", "BOOTX64.EFI")
_SHIM = "shimx64.efi"
# Debian's grub-efi-ia32-unsigned, put here when the station's image is made.
_IA32_LOADER = Path("/usr/lib/reprise/grubia32.efi")


def install_bios(target: Target) -> None:
    """Boot menu, boot code in the MBR, core image in the BIOS boot partition."""
    (target.root / "boot/grub").mkdir(exist_ok=True)
    target.inside(["update-grub"])
    target.inside(
        ["grub-install", "--target=i386-pc", "--no-floppy", target.layout.drive], timeout_s=900
    )


def check_system(found: Contents, *, encrypted: bool = False, for_owner: bool = False) -> None:
    """Raises InstallProblem, naming all that is missing, where this cannot be made to start."""
    missing = shortcomings(found.paths, found.os_release, encrypted=encrypted, for_owner=for_owner)
    if missing:
        raise InstallProblem(InstallFailure.UNSUITABLE, ", ".join(missing))


class EfiFiles:
    """The contents of the EFI partition, taken from the target while it is open inside: the
    system's own links are followed in it and nowhere else."""

    def __init__(self, target: Target, found: Contents) -> None:
        self._layout = target.layout
        sources = efi_sources(found.paths, found.os_release)
        if sources is None:
            raise InstallProblem(InstallFailure.UNSUITABLE, "EFI")
        self._vendor = sources.vendor
        files = {"shim": sources.shim, "grub": sources.grub, "mok": sources.mok}
        self._files = {kind: target.inside(["cat", f"/{p}"]).stdout for kind, p in files.items()}

    def write(self, tools: ToolRunner) -> None:
        volume = self._layout.efi
        folders = (_REMOVABLE, (self._vendor, _SHIM))
        tools.must(["mmd", "-i", volume, "::/EFI", *(f"::/EFI/{name}" for name, _ in folders)])
        with tempfile.TemporaryDirectory(prefix="reprise-efi-") as name:
            folder = Path(name)
            for kind, data in {**self._files, "config": _config(self._layout)}.items():
                (folder / kind).write_bytes(data)
            for place, loader in folders:
                for kind, file in (
                    ("config", "grub.cfg"),
                    ("mok", "mmx64.efi"),
                    ("grub", "grubx64.efi"),
                    ("shim", loader),
                ):
                    there = f"::/EFI/{place}/{file}"
                    tools.must(["mcopy", "-o", "-i", volume, str(folder / kind), there])
        if _IA32_LOADER.exists():
            there = "::/EFI/BOOT/BOOTIA32.EFI"
            tools.must(["mcopy", "-o", "-i", volume, str(_IA32_LOADER), there])


def _config(layout: Layout) -> bytes:
    known_as, folder = layout.root_uuid, "/boot/grub"
    if layout.locked is not None:
        known_as, folder = layout.locked.boot_uuid, "/grub"
    return (
        f"search.fs_uuid {known_as} root\nset prefix=($root){folder}\nconfigfile $prefix/grub.cfg\n"
    ).encode()
