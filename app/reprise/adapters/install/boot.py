"""Boot loaders: GRUB for BIOS PCs, and the system's own signed shim and GRUB for UEFI PCs.

The EFI files go to the removable-media path, so that a PC starts whatever its firmware remembers;
they are the signed ones, so that Secure Boot may stay on; beside them stands an unsigned GRUB for
32-bit firmware, where the station has one (nobody signs any). They are copied with mtools: no FAT
file system needs to be mounted, and they are the last thing that is written."""

from __future__ import annotations

import tempfile
from pathlib import Path

from reprise.adapters.drives.blockio import BlockFile
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
        shim, grub, mok = (
            target.inside(["cat", f"/{path}"]).stdout
            for path in (sources.shim, sources.grub, sources.mok)
        )
        folders = (_REMOVABLE, (sources.vendor, _SHIM))
        self._folders = [folder for folder, _loader in folders]
        self._files: dict[str, bytes] = {}  # where it goes -> what it is
        for folder, loader in folders:
            at = f"::/EFI/{folder}"
            self._files |= {
                f"{at}/grub.cfg": _config(self._layout),
                f"{at}/mmx64.efi": mok,
                f"{at}/grubx64.efi": grub,
                f"{at}/{loader}": shim,
            }
        if _IA32_LOADER.exists():
            self._files["::/EFI/BOOT/BOOTIA32.EFI"] = _IA32_LOADER.read_bytes()

    def write(self, tools: ToolRunner) -> None:
        volume = self._layout.efi
        tools.must(["mmd", "-i", volume, "::/EFI", *(f"::/EFI/{name}" for name in self._folders)])
        with tempfile.TemporaryDirectory(prefix="reprise-efi-") as name:
            for there, data in self._files.items():
                here = Path(name, "file")
                here.write_bytes(data)
                tools.must(["mcopy", "-o", "-i", volume, str(here), there])

    def check(self, tools: ToolRunner) -> None:
        """Raises InstallProblem where the drive does not give back what was written."""
        with BlockFile(self._layout.efi, writable=False, exclusive=False) as device:
            device.flush()
            device.drop_cache()
        for there, data in self._files.items():
            found = tools.attempt(["mcopy", "-n", "-i", self._layout.efi, there, "-"])
            if found.stdout != data:
                raise InstallProblem(InstallFailure.NOT_AS_WRITTEN, there.removeprefix("::"))


def _config(layout: Layout) -> bytes:
    known_as, folder = layout.root_uuid, "/boot/grub"
    if layout.locked is not None:
        known_as, folder = layout.locked.boot_uuid, "/grub"
    return (
        f"search.fs_uuid {known_as} root\nset prefix=($root){folder}\nconfigfile $prefix/grub.cfg\n"
    ).encode()
